/**
 * Who may do what: POSIX.1-2017 permission bits, and ACLs in the kernel's xattr form (linux/posix_acl_xattr.h).
 * The client has checked already; the MDS does not take its word for it.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { KeyValue } from '../../common/wire/gen/messages.ts';
import { ModeBit } from '../client/file-mode.ts';
import type { Inode } from './inode.ts';

export interface Caller {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

export const Access = { read: 4, write: 2, execute: 1 } as const;

const aclVersion = 2;
const aclEntryBytes = 8;
const AclTag = { userObject: 0x01, user: 0x02, groupObject: 0x04, group: 0x08, mask: 0x10, other: 0x20 } as const;

/** FsError EACCES unless the caller has all rights of `mask` (bits of {@link Access}) on the inode. */
export function allow(caller: Caller, inode: Inode, mask: number): void {
  if (!mayAccess(caller, inode, mask))
    throw new FsError('EACCES', `permission denied on inode ${inode.ino.toString(16)} for uid ${caller.uid}`);
}

export function mayAccess(caller: Caller, inode: Inode, mask: number): boolean {
  const { mode } = inode;
  // CAP_DAC_OVERRIDE: everything, except executing what nobody may execute.
  if (caller.uid === 0) return (mask & Access.execute) === 0 || inode.isDirectory || (mode & 0o111) !== 0;
  if (caller.uid === inode.uid) return covers(mode >> 6, mask);
  const acl = inode.xattrs.length > 0 ? accessAcl(inode.xattrs) : undefined;
  if (acl !== undefined && (mode & 0o070) !== 0) return aclAllows(acl, caller, inode, mask);
  return covers(isMember(caller, inode.gid) ? mode >> 3 : mode, mask);
}

/** FsError EPERM unless the caller owns the inode or is root. */
export function allowOwner(caller: Caller, inode: Inode): void {
  if (caller.uid !== 0 && caller.uid !== inode.uid)
    throw new FsError('EPERM', `uid ${caller.uid} does not own inode ${inode.ino.toString(16)}`);
}

/** Write and search on the directory, and the sticky bit: only owners remove or rename there. */
export function allowRemoval(caller: Caller, directory: Inode, victim: Inode): void {
  allow(caller, directory, Access.write | Access.execute);
  if ((directory.mode & ModeBit.sticky) === 0 || caller.uid === 0 || caller.uid === directory.uid || caller.uid === victim.uid) return;
  throw new FsError('EPERM', `directory ${directory.ino.toString(16)} is sticky: uid ${caller.uid} owns neither it nor what is to go`);
}

export function isMember(caller: Caller, gid: number): boolean {
  return caller.gid === gid || caller.groups.includes(gid);
}

function covers(bits: number, mask: number): boolean {
  return (bits & mask) === mask;
}

function accessAcl(xattrs: readonly KeyValue[]): DataView | undefined {
  for (const { key, value } of xattrs) {
    if (key.length !== 23 || Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1') !== 'system.posix_acl_access') continue;
    const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
    if (value.length >= 4 && (value.length - 4) % aclEntryBytes === 0 && view.getUint32(0, true) === aclVersion) return view;
  }
  return undefined;
}

/** The access check of POSIX.1e draft 17, section 23.1.5, for a caller who is not the owner. */
function aclAllows(acl: DataView, caller: Caller, inode: Inode, wanted: number): boolean {
  let mask = 7;
  let other = 0;
  let user: number | undefined;
  let inGroup = false;
  let groupGrants = false;
  for (let at = 4; at < acl.byteLength; at += aclEntryBytes) {
    const tag = acl.getUint16(at, true);
    const permissions = acl.getUint16(at + 2, true);
    const id = acl.getUint32(at + 4, true);
    if (tag === AclTag.mask) mask = permissions;
    else if (tag === AclTag.other) other = permissions;
    else if (tag === AclTag.user && id === caller.uid) user = permissions;
    else if ((tag === AclTag.groupObject && isMember(caller, inode.gid)) || (tag === AclTag.group && isMember(caller, id))) {
      inGroup = true;
      if (covers(permissions, wanted)) groupGrants = true;
    }
  }
  if (user !== undefined) return covers(user & mask, wanted);
  if (inGroup) return groupGrants && covers(mask, wanted);
  return covers(other, wanted);
}
