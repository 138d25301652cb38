/**
 * ACLs where they meet the mode: what a new inode inherits from its directory (acl(5), "OBJECT CREATION AND DEFAULT
 * ACLs"), and the mode that an ACL stands for. They are in the kernel's xattr form (linux/posix_acl_xattr.h): version 2,
 * then entries of tag, permissions, id, little-endian.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { KeyValue } from '../../common/wire/gen/messages.ts';
import { FileType } from '../client/file-mode.ts';
import { withoutUmask } from '../client/new-inode.ts';
import { AclName } from '../client/xattr-name.ts';
import type { Inode } from './inode.ts';

const defaultName = Buffer.from(AclName.default);
const accessName = Buffer.from(AclName.access);
const version = 2;
const headerBytes = 4;
const entryBytes = 8;
const noId = 0xffff_ffff;
const Tag = { userObject: 0x01, user: 0x02, groupObject: 0x04, group: 0x08, mask: 0x10, other: 0x20 } as const;
/** Tags in the order in which they follow each other. */
const order: readonly number[] = [Tag.userObject, Tag.user, Tag.groupObject, Tag.group, Tag.mask, Tag.other];

/**
 * Gives `inode`, made with `umask` in `directory`, its access ACL, mode and (a directory) default ACL. A default ACL of
 * the directory takes the umask's place.
 */
export function inheritAcl(directory: Inode, inode: Inode, umask: number): void {
  const inherited = inode.type === FileType.symlink ? undefined : directory.xattrs.find(({ key }) => defaultName.equals(key))?.value;
  if (inherited === undefined) {
    inode.mode = withoutUmask(inode.mode, umask);
    return;
  }
  const acl = Buffer.from(inherited);
  let mode = 0;
  let extended = false;
  let maskAt = -1;
  let groupAt = -1;
  for (let at = headerBytes; at < acl.length; at += entryBytes) {
    const tag = acl.readUInt16LE(at);
    if (tag === Tag.mask) maskAt = at;
    else if (tag === Tag.groupObject) groupAt = at;
    else if (tag === Tag.userObject) mode |= restrict(acl, at, inode.mode >> 6) << 6;
    else if (tag === Tag.other) mode |= restrict(acl, at, inode.mode);
    else extended = true;
  }
  const groupClass = maskAt >= 0 ? maskAt : groupAt;
  if (groupClass >= 0) mode |= restrict(acl, groupClass, inode.mode >> 3) << 3;
  inode.mode = (inode.mode & ~0o777) | mode;
  const xattrs: KeyValue[] = [];
  if (extended || maskAt >= 0) xattrs.push({ key: accessName, value: acl });
  if (inode.isDirectory) xattrs.push({ key: defaultName, value: inherited });
  inode.xattrs = xattrs;
}

/**
 * Checks an ACL that somebody sets: the three entries of the mode, each once, a mask when others are named, in order. Whether
 * it has any entries at all: without, it stands for none. FsError EINVAL.
 */
export function checkAcl(bytes: Uint8Array): boolean {
  if (bytes.length === 0) return false;
  const acl = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (acl.length < headerBytes || (acl.length - headerBytes) % entryBytes !== 0 || acl.readUInt32LE(0) !== version) throw invalid();
  if (acl.length === headerBytes) return false;
  const counts = new Map<number, number>();
  let last = 0;
  for (let at = headerBytes; at < acl.length; at += entryBytes) {
    const tag = acl.readUInt16LE(at);
    const place = order.indexOf(tag);
    const named = tag === Tag.user || tag === Tag.group;
    if (place < last || (acl.readUInt16LE(at + 2) & ~7) !== 0 || (named && acl.readUInt32LE(at + 4) === noId)) throw invalid();
    last = place;
    counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  const one = (tag: number): boolean => counts.get(tag) === 1;
  const named = counts.has(Tag.user) || counts.has(Tag.group);
  if (!one(Tag.userObject) || !one(Tag.groupObject) || !one(Tag.other) || (counts.has(Tag.mask) ? !one(Tag.mask) : named)) throw invalid();
  return true;
}

/** Whether a valid ACL says no more than the mode that it stands for. */
export function isOfMode(bytes: Uint8Array): boolean {
  return bytes.length === headerBytes + 3 * entryBytes;
}

/** `mode` with the permission bits that an access ACL gives owner, group class (its mask) and others. */
export function modeOfAcl(mode: number, bytes: Uint8Array): number {
  const acl = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const bits = new Map<number, number>();
  for (let at = headerBytes; at < acl.length; at += entryBytes) bits.set(acl.readUInt16LE(at), acl.readUInt16LE(at + 2) & 7);
  const group = bits.get(Tag.mask) ?? bits.get(Tag.groupObject) ?? 0;
  return (mode & ~0o777) | ((bits.get(Tag.userObject) ?? 0) << 6) | (group << 3) | (bits.get(Tag.other) ?? 0);
}

/** After chmod(2): the access ACL of `inode`, if it has one, says what the new mode says. Of the group class the mask is changed, if there is one. */
export function applyModeToAcl(inode: Inode): void {
  const index = inode.xattrs.findIndex(({ key }) => accessName.equals(key));
  const value = inode.xattrs[index]?.value;
  if (value === undefined) return;
  const acl = Buffer.from(value);
  const entries = new Map<number, number>();
  for (let at = headerBytes; at + entryBytes <= acl.length; at += entryBytes) entries.set(acl.readUInt16LE(at), at);
  const set = (at: number | undefined, bits: number): void => {
    if (at !== undefined) acl.writeUInt16LE(bits & 7, at + 2);
  };
  set(entries.get(Tag.userObject), inode.mode >> 6);
  set(entries.get(Tag.mask) ?? entries.get(Tag.groupObject), inode.mode >> 3);
  set(entries.get(Tag.other), inode.mode);
  inode.xattrs = inode.xattrs.with(index, { key: accessName, value: acl });
}

/** Takes from the entry at `at` what the mode of the call does not give; returns what is left. */
function restrict(acl: Buffer, at: number, bits: number): number {
  const left = acl.readUInt16LE(at + 2) & bits & 7;
  acl.writeUInt16LE(left, at + 2);
  return left;
}

function invalid(): FsError {
  return new FsError('EINVAL', 'not an ACL');
}
