/**
 * SetXattr, by setxattr(2). Setting an ACL of the file's own sets the mode it stands for.
 * @module
 */
import { unreachable } from '../../common/errors/assert.ts';
import { FsError } from '../../common/errors/fs-error.ts';
import { byteString } from '../../common/maps/ids.ts';
import type { KeyValue, ReplyHead, SetXattrReply, SetXattrRequest } from '../../common/wire/gen/messages.ts';
import { FileType, ModeBit } from '../client/file-mode.ts';
import { AclName, capabilityName, xattrNamespace } from '../client/xattr-name.ts';
import { checkAcl, isOfMode, modeOfAcl } from '../core/acl.ts';
import { touch, type Inode } from '../core/inode.ts';
import { capOf, mayWrite } from '../core/locker.ts';
import type { Operation } from '../core/operation.ts';
import { Access, allow, allowOwner, maySetGid } from '../core/permissions.ts';
import { setVirtual } from '../core/virtual-xattrs.ts';

const noBytes = new Uint8Array(0);
const flagCreate = 1;
const flagReplace = 2;
const nameBytesMax = 255;
/** Of all names and values of one inode: they are stored in its dentry. */
const xattrBytesMax = 64 * 1024;

export function setXattr(op: Operation, request: SetXattrRequest): SetXattrReply {
  const { repeated } = op;
  if (repeated !== undefined) return { head: op.repeat(repeated) };
  const inode = op.inode(request.ino);
  const name = checkedXattr(op, inode, request.name);
  if (xattrNamespace(name) === 'virtual') return { head: setVirtualXattr(op, inode, name, byteString(request.value)) };
  const isAccess = name === AclName.access;
  if (isAccess || name === AclName.default) {
    if (!checkAcl(request.value)) return { head: removeXattrNamed(op, inode, name) };
    if (!isAccess && !inode.isDirectory) throw new FsError('EACCES', 'only a directory has a default ACL');
  }
  const at = inode.xattrs.findIndex(({ key }) => byteString(key) === name);
  if ((request.flags & flagCreate) !== 0 && at >= 0) throw new FsError('EEXIST', `xattr ${name} exists`);
  if ((request.flags & flagReplace) !== 0 && at < 0) throw new FsError('ENODATA', `xattr ${name} does not exist`);
  let mode = isAccess ? modeOfAcl(inode.mode, request.value) : inode.mode;
  if (isAccess && !maySetGid(op, inode.gid)) mode &= ~ModeBit.setGid;
  const kept = !(isAccess && isOfMode(request.value));
  const same = at < 0 ? !kept : kept && Buffer.compare(request.value, inode.xattrs[at]?.value ?? noBytes) === 0;
  // Set to what it is: nothing changes, ctime neither.
  if (same && mode === inode.mode) {
    op.clear(inode, 'read');
    return { head: { journalSeq: 0, barrierEpoch: 0, rank: op.core.rank, grants: [op.grant(inode)] } };
  }
  const added: KeyValue = { key: Uint8Array.from(request.name), value: Uint8Array.from(request.value) };
  let xattrs = at < 0 ? [...inode.xattrs, added] : inode.xattrs.with(at, added);
  if (!kept) xattrs = xattrs.filter((each) => each !== added);
  if (xattrs.reduce((sum, { key, value }) => sum + key.length + value.length, 0) > xattrBytesMax) {
    throw new FsError('ENOSPC', `xattrs of more than ${xattrBytesMax} bytes`);
  }
  op.clear(inode, 'change');
  inode.xattrs = xattrs;
  inode.mode = mode;
  touch(inode, op.now);
  op.save(inode);
  const journalSeq = op.commit([inode]);
  return { head: { journalSeq, barrierEpoch: 0, rank: op.core.rank, grants: [op.grant(inode)] } };
}

/** Changes what a virtual attribute stands for. */
export function setVirtualXattr(op: Operation, inode: Inode, name: string, value: string): ReplyHead {
  setVirtual(op, inode, name, value);
  touch(inode, op.now);
  op.save(inode);
  const journalSeq = op.commit([inode]);
  return { journalSeq, barrierEpoch: 0, rank: op.core.rank, grants: [op.grant(inode)] };
}

/** Removes an xattr that may be removed. An ACL need not be there: then nothing happens. */
export function removeXattrNamed(op: Operation, inode: Inode, name: string): ReplyHead {
  const at = inode.xattrs.findIndex(({ key }) => byteString(key) === name);
  if (at < 0) {
    if (xattrNamespace(name) !== 'acl') throw new FsError('ENODATA', `xattr ${name} does not exist`);
    op.clear(inode, 'read');
    return { journalSeq: 0, barrierEpoch: 0, rank: op.core.rank, grants: [op.grant(inode)] };
  }
  op.clear(inode, 'change');
  inode.xattrs = inode.xattrs.toSpliced(at, 1);
  touch(inode, op.now);
  op.save(inode);
  const journalSeq = op.commit([inode]);
  return { journalSeq, barrierEpoch: 0, rank: op.core.rank, grants: [op.grant(inode)] };
}

/** The name, when the caller may change that xattr. FsError EPERM, EACCES, EOPNOTSUPP, EINVAL, ERANGE. */
export function checkedXattr(op: Operation, inode: Inode, bytes: Uint8Array, removes = false): string {
  const name = byteString(bytes);
  if (name.length === 0 || name.length > nameBytesMax)
    throw new FsError('ERANGE', `an xattr name of ${name.length} bytes (1 to ${nameBytesMax})`);
  const namespace = xattrNamespace(name);
  switch (namespace) {
    case 'user':
      if (!inode.isRegular && !inode.isDirectory) throw new FsError('EPERM', `user xattrs belong to files and directories only`);
      if (inode.isDirectory && (inode.mode & ModeBit.sticky) !== 0) allowOwner(op, inode);
      allow(op, inode, Access.write);
      return name;
    case 'security':
      // Whoever writes to the file, or opened it for that, takes its capabilities away.
      if (removes && name === capabilityName) {
        if (!mayWrite(capOf(inode, op.session))) allow(op, inode, Access.write);
        return name;
      }
      if (op.uid !== 0) throw new FsError('EPERM', `xattr ${name} is root's`);
      return name;
    case 'trusted':
      if (op.uid !== 0) throw new FsError('EPERM', `xattr ${name} is root's`);
      return name;
    case 'acl':
      if (inode.type === FileType.symlink) throw new FsError('EOPNOTSUPP', 'a symbolic link has no ACL');
      allowOwner(op, inode);
      return name;
    case 'virtual':
      allowOwner(op, inode);
      return name;
    default:
      return unreachable(namespace);
  }
}
