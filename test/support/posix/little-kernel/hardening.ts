/**
 * What Linux refuses beyond POSIX, as set on this machine (proc(5), fs.protected_*): the ext4 that everything is compared with is
 * called through a kernel that does.
 * @module
 */
import { readFileSync } from 'node:fs';
import type { Attributes, Credentials } from '../../../../fuse-client/vfs/filesystem.ts';
import { fileType, typeMask } from '../constants.ts';

const sticky = 0o1000;
const [othersMayWrite, groupMayWrite] = [0o002, 0o020];
const setUid = 0o4000;
const setGidForGroup = 0o2010;

const [links, names, files, fifos] = [settingOf('symlinks'), settingOf('hardlinks'), settingOf('regular'), settingOf('fifos')];

/** Whether a link in last place is followed, in a directory where others may put one. */
export function mayFollow({ uid }: Credentials, directory: Attributes, link: Attributes): boolean {
  const open = sticky | othersMayWrite;
  return links === 0 || uid === link.uid || (directory.mode & open) !== open || directory.uid === link.uid;
}

/** Whether open(2) with O_CREAT takes what is there already, in a directory where others may put it. */
export function mayTake({ uid }: Credentials, directory: Attributes, found: Attributes): boolean {
  const type = found.mode & typeMask;
  // Of what is neither a file nor a FIFO it is always so.
  const level = type === fileType.regular ? files : type === fileType.fifo ? fifos : 1;
  if (level === 0 || (directory.mode & sticky) === 0 || found.uid === directory.uid || found.uid === uid) return true;
  return (directory.mode & (level >= 2 ? othersMayWrite | groupMayWrite : othersMayWrite)) === 0;
}

/** Whether another's file may be given a new name. `mayUse`: it may be read and written. */
export function mayLink({ uid }: Credentials, { mode, uid: owner }: Attributes, mayUse: boolean): boolean {
  if (names === 0 || uid === 0 || uid === owner) return true;
  return (mode & typeMask) === fileType.regular && (mode & setUid) === 0 && (mode & setGidForGroup) !== setGidForGroup && mayUse;
}

function settingOf(name: string): number {
  return Number(readFileSync(`/proc/sys/fs/protected_${name}`, 'latin1'));
}
