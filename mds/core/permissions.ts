/**
 * What the MDS allows whom, by POSIX.1-2017. The client has checked already; the MDS does not take its word for it.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { KeyValue } from '../../common/wire/gen/messages.ts';
import { Access, isMember, mayAccess, mayUnstick, type Caller } from '../client/access.ts';
import { ModeBit } from '../client/file-mode.ts';
import { AclName } from '../client/xattr-name.ts';
import type { Inode } from './inode.ts';

export { Access, type Caller };

const aclNameBytes = Buffer.from(AclName.access);

/** FsError EACCES unless the caller has all rights of `mask` (bits of {@link Access}) on the inode. */
export function allow(caller: Caller, inode: Inode, mask: number): void {
  if (!mayAccess(caller, inode, () => accessAcl(inode.xattrs), mask))
    throw new FsError('EACCES', `permission denied on inode ${inode.ino.toString(16)} for uid ${caller.uid}`);
}

/** FsError EPERM unless the caller owns the inode or is root. */
export function allowOwner(caller: Caller, inode: Inode): void {
  if (caller.uid !== 0 && caller.uid !== inode.uid)
    throw new FsError('EPERM', `uid ${caller.uid} does not own inode ${inode.ino.toString(16)}`);
}

/** Write and search on the directory, and the sticky bit: only owners remove or rename there. */
export function allowRemoval(caller: Caller, directory: Inode, victim: Inode): void {
  allow(caller, directory, Access.write | Access.execute);
  if (mayUnstick(caller, directory, victim)) return;
  throw new FsError('EPERM', `directory ${directory.ino.toString(16)} is sticky: uid ${caller.uid} owns neither it nor what is to go`);
}

/**
 * FsError EPERM unless the caller may give the inode this owner and group; undefined: not asked for. Only root gives files away; an
 * owner gives them to groups of his own.
 */
export function allowChown(caller: Caller, inode: Inode, uid: number | undefined, gid: number | undefined): void {
  if (caller.uid === 0) return;
  const owns = caller.uid === inode.uid;
  if (uid !== undefined && !(owns && uid === inode.uid))
    throw new FsError('EPERM', `uid ${caller.uid} may not give away inode ${inode.ino.toString(16)}`);
  if (gid !== undefined && !(owns && (gid === inode.gid || isMember(caller, gid))))
    throw new FsError('EPERM', `uid ${caller.uid} may not give inode ${inode.ino.toString(16)} to group ${gid}`);
}

/** Whether the caller may set the setgid bit on what belongs to `gid`. */
export function maySetGid(caller: Caller, gid: number): boolean {
  return caller.uid === 0 || isMember(caller, gid);
}

/** A file's mode without what it may not keep when `caller` changes its data or owner: setuid, and setgid where it is more than a lock mark. */
export function withoutSetId(caller: Caller, inode: Inode): number {
  const { mode } = inode;
  if (inode.isDirectory) return mode;
  const losesGroup = (mode & ModeBit.groupExecute) !== 0 || !maySetGid(caller, inode.gid);
  return mode & ~ModeBit.setUid & (losesGroup ? ~ModeBit.setGid : ~0);
}

/** The value of an access ACL. */
export function accessAcl(xattrs: readonly KeyValue[]): Uint8Array | undefined {
  for (const { key, value } of xattrs) if (key.length === aclNameBytes.length && aclNameBytes.equals(key)) return value;
  return undefined;
}
