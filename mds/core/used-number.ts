import type { MdsCore } from './mds-core.ts';

/** Whether an inode of that number is in memory, or may come to be without having a place in the table of locations: a client has been given it. */
export function isUsedNumber({ cache, unwritten, sessions }: MdsCore, ino: number): boolean {
  const recent = unwritten.locations.recent(ino);
  if (cache.inodes.has(ino) || (recent !== undefined && recent !== 'gone')) return true;
  return [...sessions.values()].some(({ ranges }) => ranges.some(({ first, count }) => ino >= first && ino < first + count));
}
