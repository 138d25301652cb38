/**
 * Calls on extended attributes and access control lists, as the kernel tells a filesystem of them.
 * @module
 */
import type { ByteString } from '../../../../common/maps/ids.ts';
import type { Attributes, Credentials } from '../../../../fuse-client/vfs/filesystem.ts';
import { chmod, type Changing } from './attributes.ts';
import { errnoOf, refuse } from './errno.ts';
import { isDirectory, isLink, isRegular } from './walk.ts';

const nameMax = 255;
const bytesMax = 65_536;
const flagsKnown = 3;
const accessAcl = 'system.posix_acl_access';
const defaultAcl = 'system.posix_acl_default';
const aclNames: readonly string[] = [accessAcl, defaultAcl];
const aclHeaderBytes = 4;
const aclEntryBytes = 8;
const aclVersion = 2;
const setGid = 0o2000;
const sticky = 0o1000;
const [read, write] = [4, 2];

/** What every call on extended attributes looks at first. */
export function checkXattr(name: string, size = 0, flags = 0): void {
  if ((flags & ~flagsKnown) !== 0) refuse('EINVAL');
  if (name === '' || name.length > nameMax) refuse('ERANGE');
  if (size > bytesMax) refuse('E2BIG');
}

/** An access control list is set whole, whatever the flags; that for access takes the setgid bit when set by who is not of the group. */
export async function setXattr(changing: Changing, name: string, value: Uint8Array, flags: number): Promise<void> {
  const { filesystem, who, attributes } = changing;
  const isAcl = aclNames.includes(name);
  if (isAcl && value.length >= aclHeaderBytes && value[0] !== aclVersion) refuse('EOPNOTSUPP');
  if (name === defaultAcl && isEmpty(value) && cannotBeThere(attributes)) return;
  const set = async (): Promise<void> => {
    await filesystem.setXattr(who, attributes.ino, name as ByteString, value, isAcl ? 0 : flags);
  };
  await afterKernel(changing, name, write, set, isAcl && isMalformed(value) ? 'EINVAL' : undefined);
  if (name !== accessAcl || who.uid === 0 || who.gid === attributes.gid || who.groups.includes(attributes.gid)) return;
  const { mode } = (await filesystem.getAttributes(who, attributes.ino)).attributes;
  if ((mode & setGid) !== 0) await chmod(changing, mode & ~setGid);
}

export async function removeXattr(changing: Changing, name: string): Promise<void> {
  const { filesystem, who, attributes } = changing;
  if (name === defaultAcl && cannotBeThere(attributes)) return;
  await afterKernel(changing, name, write, async () => {
    await filesystem.removeXattr(who, attributes.ino, name as ByteString);
  });
}

export async function getXattr(changing: Changing, name: string, room: number): Promise<Uint8Array> {
  const { filesystem, who, attributes } = changing;
  return await afterKernel(changing, name, read, async () =>
    fitting(await filesystem.getXattr(who, attributes.ino, name as ByteString), room),
  );
}

export async function listXattrs({ filesystem, who, attributes }: Changing, room: number): Promise<Uint8Array> {
  const names = await filesystem.listXattrs(who, attributes.ino);
  return fitting(Buffer.from(names.map((name) => `${name}\0`).join(''), 'latin1'), room);
}

/**
 * What the filesystem says; where it refuses, and the kernel would have refused before it was asked, what that would have said.
 * So what only the kernel refuses shows as a difference: the filesystem must not rely on one. `first`: what it says before it looks at
 * who asks.
 */
async function afterKernel<T>(changing: Changing, name: string, mask: number, call: () => Promise<T>, first?: 'EINVAL'): Promise<T> {
  try {
    return await call();
  } catch (error) {
    errnoOf(error);
    if (first !== undefined) refuse(first);
    await checkPermission(changing, name, mask);
    throw error;
  }
}

/** To set a list without entries is to remove it. */
function isEmpty({ length }: Uint8Array): boolean {
  return length === 0 || length === aclHeaderBytes;
}

/** A default list: that it is gone is so whoever asks. */
function cannotBeThere(attributes: Attributes): boolean {
  return !isDirectory(attributes) && !isLink(attributes);
}

/** By its length, which is looked at before anything else. Without any it is none. */
function isMalformed({ length }: Uint8Array): boolean {
  return length > 0 && (length < aclHeaderBytes || (length - aclHeaderBytes) % aclEntryBytes !== 0);
}

/** As xattr_permission() of Linux, and set_posix_acl(). */
async function checkPermission({ filesystem, who, attributes }: Changing, name: string, mask: number): Promise<void> {
  const writes = mask === write;
  if (name.startsWith('trusted.') && who.uid !== 0) refuse(writes ? 'EPERM' : 'ENODATA');
  if (aclNames.includes(name) && isLink(attributes)) refuse('EOPNOTSUPP');
  if (name === defaultAcl && writes && !isDirectory(attributes)) refuse('EACCES');
  if (/^(?:trusted|system|security)\./.test(name)) return;
  if (name.startsWith('user.')) {
    if (!isRegular(attributes) && !isDirectory(attributes)) refuse(writes ? 'EPERM' : 'ENODATA');
    if (writes && isDirectory(attributes) && (attributes.mode & sticky) !== 0 && !owns(who, attributes)) refuse('EPERM');
  }
  await filesystem.access(who, attributes.ino, mask);
}

function owns({ uid }: Credentials, attributes: Attributes): boolean {
  return uid === 0 || uid === attributes.uid;
}

/** Room 0 asks how much there is. */
function fitting(value: Uint8Array, room: number): Uint8Array {
  if (room > 0 && value.length > room) refuse('ERANGE');
  return value;
}
