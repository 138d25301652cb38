/**
 * Attributes of an inode as a test compares them.
 * @module
 */
import type { Outcome } from './syscalls.ts';

export interface Stat {
  readonly ino: string;
  readonly type: number;
  /** Permission bits. */
  readonly mode: number;
  readonly nlink: number;
  readonly uid: number;
  readonly gid: number;
  /** `major:minor` */
  readonly rdev: string;
  readonly size: number;
  readonly atime: string;
  readonly mtime: string;
  readonly ctime: string;
}

/** What the worker's `look` has answered: attributes, or an errno. */
export function statOf({ errno, rooms }: Outcome): Stat | number {
  if (errno !== 0) return errno;
  const [ino, bits, nlink, uid, gid, rdev, size, atime, mtime, ctime] = (rooms[0] as Buffer).toString('latin1').split(' ') as [
    ...[string, string, string, string, string],
    ...[string, string, string, string, string],
  ];
  const mode = Number(bits);
  return {
    ino,
    type: mode & 0o170000,
    mode: mode & 0o7777,
    nlink: Number(nlink),
    uid: Number(uid),
    gid: Number(gid),
    rdev,
    size: Number(size),
    atime,
    mtime,
    ctime,
  };
}

/** What must be equal of two inodes, but times. */
export function printStat({ type, mode, nlink, uid, gid, rdev, size }: Stat): string {
  const sized = type === 0o040000 ? '' : ` ${size} bytes`;
  return `${type.toString(8)} ${mode.toString(8).padStart(4, '0')} nlink ${nlink} ${uid}:${gid}${rdev === '0:0' ? '' : ` rdev ${rdev}`}${sized}`;
}

/** A time that somebody has set, or that it is about now. */
export function printTime(time: string): string {
  return Math.abs(Number(time) - Date.now() / 1000) < 86_400 ? 'now' : time;
}

/** Whether `a` is later than `b`. */
export function isLater(a: string, b: string): boolean {
  const [seconds, others] = [Number(a.split('.')[0]), Number(b.split('.')[0])];
  return seconds > others || (seconds === others && (a.split('.')[1] ?? '') > (b.split('.')[1] ?? ''));
}
