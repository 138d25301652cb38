/**
 * Calls that change attributes, as the kernel tells a filesystem of them.
 * @module
 */
import type { ByteString } from '../../../../common/maps/ids.ts';
import type { Timespec } from '../../../../common/runtime/clock.ts';
import type { AttributeChanges, Attributes, Credentials, Filesystem, Handle } from '../../../../fuse-client/vfs/filesystem.ts';
import { utimeNow, utimeOmit } from '../constants.ts';
import { refuse } from './errno.ts';
import { isDirectory, isRegular } from './walk.ts';

const setIdBits = 0o6000;
const capability = 'security.capability' as ByteString;
const privileged: Credentials = { uid: 0, gid: 0, groups: [], pid: 1 };

/** What a call changes, and who calls. */
export interface Changing {
  readonly filesystem: Filesystem;
  readonly who: Credentials;
  readonly attributes: Attributes;
  /** Through a descriptor. */
  readonly handle?: Handle | undefined;
}

export async function change({ filesystem, who, attributes, handle }: Changing, changes: AttributeChanges): Promise<void> {
  await filesystem.setAttributes(who, attributes.ino, changes, handle);
}

export function chmod(changing: Changing, mode: number): Promise<void> {
  return change(changing, { mode: mode & 0o7777 });
}

/** -1 leaves one as it is. */
export async function chown(changing: Changing, uid: number, gid: number): Promise<void> {
  await dropCapability(changing);
  if (uid === -1 && gid === -1) {
    await change(changing, { sameOwner: true });
    return;
  }
  await change(changing, {
    ...(uid === -1 ? {} : { uid }),
    ...(gid === -1 ? {} : { gid }),
    ...(isDirectory(changing.attributes) ? {} : { killSetId: true }),
  });
}

export function truncate(changing: Changing, size: number): Promise<void> {
  if (isDirectory(changing.attributes)) refuse('EISDIR');
  if (!isRegular(changing.attributes)) refuse('EINVAL');
  return change(changing, { size, ...(changing.who.uid === 0 ? {} : { killSetId: true }) });
}

/** Before fallocate(2): FUSE has no order for it, so the kernel sends one that changes nothing. */
export async function dropPrivileges(changing: Changing): Promise<void> {
  await dropCapability(changing);
  const { who, attributes } = changing;
  if (who.uid !== 0 && (attributes.mode & setIdBits) !== 0) await change(changing, { sameOwner: true });
}

async function dropCapability({ filesystem, attributes }: Changing): Promise<void> {
  const names = await filesystem.listXattrs(privileged, attributes.ino);
  if (names.includes(capability)) await filesystem.removeXattr(privileged, attributes.ino, capability);
}

/** utimensat(2): `times` as struct timespec, or 0. Undefined: nothing is to be done, not even to look at the path. */
export function timesOf(times: Uint8Array | 0): AttributeChanges | undefined {
  if (times === 0) return { atime: 'now', mtime: 'now' };
  const view = new DataView(times.buffer, times.byteOffset, times.byteLength);
  const [atime, mtime] = [0, 16].map((at): Timespec | 'now' | undefined => {
    const sec = Number(view.getBigInt64(at, true));
    const nsec = Number(view.getBigInt64(at + 8, true));
    if (nsec === utimeNow) return 'now';
    if (nsec === utimeOmit) return undefined;
    if (nsec < 0 || nsec > 999_999_999) refuse('EINVAL');
    return { sec, nsec };
  });
  if (atime === undefined && mtime === undefined) return undefined;
  return { ...(atime === undefined ? {} : { atime }), ...(mtime === undefined ? {} : { mtime }) };
}
