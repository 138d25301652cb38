/**
 * Who may read, write and execute: POSIX.1-2017 permission bits, and ACLs in the kernel's xattr form
 * (linux/posix_acl_xattr.h). The MDS checks by this, and so does a client without a kernel that does.
 * @module
 */
import { FileType, ModeBit } from './file-mode.ts';

export interface Caller {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

/** What an inode says of its permissions. */
export interface Permissions {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export const Access = { read: 4, write: 2, execute: 1 } as const;

const aclVersion = 2;
const aclHeaderBytes = 4;
const aclEntryBytes = 8;
const AclTag = { userObject: 0x01, user: 0x02, groupObject: 0x04, group: 0x08, mask: 0x10, other: 0x20 } as const;

/** Whether the caller has all rights of `mask` (bits of {@link Access}). `acl`: looked for only where it matters. */
export function mayAccess(caller: Caller, inode: Permissions, acl: () => Uint8Array | undefined, mask: number): boolean {
  const { mode } = inode;
  // CAP_DAC_OVERRIDE: everything, except executing what nobody may execute.
  if (caller.uid === 0) return (mask & Access.execute) === 0 || (mode & FileType.mask) === FileType.directory || (mode & 0o111) !== 0;
  if (caller.uid === inode.uid) return covers(mode >> 6, mask);
  if ((mode & 0o070) !== 0) {
    const bytes = acl();
    if (bytes !== undefined) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (isAcl(view)) return aclAllows(view, caller, inode, mask);
    }
  }
  return covers(isMember(caller, inode.gid) ? mode >> 3 : mode, mask);
}

/** Whether the sticky bit lets the caller take `victim` out of the directory: only owners remove or rename there. */
export function mayUnstick(caller: Caller, directory: Pick<Permissions, 'mode' | 'uid'>, victim: Pick<Permissions, 'uid'>): boolean {
  return (directory.mode & ModeBit.sticky) === 0 || caller.uid === 0 || caller.uid === directory.uid || caller.uid === victim.uid;
}

export function isMember(caller: Caller, gid: number): boolean {
  return caller.gid === gid || caller.groups.includes(gid);
}

function isAcl(view: DataView): boolean {
  const { byteLength } = view;
  return byteLength >= aclHeaderBytes && (byteLength - aclHeaderBytes) % aclEntryBytes === 0 && view.getUint32(0, true) === aclVersion;
}

/** The access check of POSIX.1e draft 17, section 23.1.5, for a caller who is not the owner. */
function aclAllows(acl: DataView, caller: Caller, inode: Permissions, wanted: number): boolean {
  let mask = 7;
  let other = 0;
  let user: number | undefined;
  let inGroup = false;
  let groupGrants = false;
  for (let at = aclHeaderBytes; at < acl.byteLength; at += aclEntryBytes) {
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

function covers(bits: number, mask: number): boolean {
  return (bits & mask) === mask;
}
