/**
 * Which inodes there are not, by number: they are neither in memory nor in the table of locations.
 * @module
 */
import { SystemIno } from '../../core/inode.ts';
import { locationBlock } from '../../core/location-table.ts';
import type { ScrubRun } from './scrub-run.ts';

/** Places asked for at once. */
const placesMax = 256;

/** Of `inos`, rising. A number that a client has been given and may not have used yet counts as one that there is. */
export async function unknownInodes(run: ScrubRun, inos: readonly number[]): Promise<ReadonlySet<number>> {
  const { core, store } = run.parts;
  const sought = inos.filter((ino) => !isInMemory(run, ino));
  const unknown = new Set<number>();
  for (let at = 0; at < sought.length;) {
    const block = Math.floor((sought[at] as number) / locationBlock);
    let end = at + 1;
    while (end < sought.length && end - at < placesMax && Math.floor((sought[end] as number) / locationBlock) === block) end++;
    const some = sought.slice(at, end);
    const stored = await store.readLocations(some);
    for (const ino of some) if (!stored.has(ino) && !isInMemory(run, ino)) unknown.add(ino);
    at = end;
  }
  for (const { ranges } of core.sessions.values())
    for (const ino of unknown) if (ranges.some(({ first, count }) => ino >= first && ino < first + count)) unknown.delete(ino);
  return unknown;
}

function isInMemory(run: ScrubRun, ino: number): boolean {
  const { cache, locations } = run.parts.core;
  if (ino < SystemIno.firstFree) return true;
  const recent = locations.recent(ino);
  return cache.inodes.has(ino) || (recent !== undefined && recent !== 'gone');
}
