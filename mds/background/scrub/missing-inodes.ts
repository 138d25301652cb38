/**
 * Which inodes there are not, by number: they are neither in memory nor in the table of locations, or not where that says.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import { SystemIno } from '../../core/inode.ts';
import { locationBlock } from '../../core/location-table.ts';
import type { ScrubRun } from './scrub-run.ts';

/** Places asked for at once. */
const placesMax = 256;

/**
 * Of `inos`, rising. One that cannot be read counts as one that there is, and so does a number that a client has been given and may not
 * have used yet. Those that there are come into memory.
 */
export async function missingInodes(run: ScrubRun, inos: readonly number[]): Promise<ReadonlySet<number>> {
  const { store } = run.parts;
  const sought = inos.filter((ino) => !isInMemory(run, ino));
  const missing = new Set<number>();
  for (let at = 0; at < sought.length;) {
    const block = Math.floor((sought[at] as number) / locationBlock);
    let end = at + 1;
    while (end < sought.length && end - at < placesMax && Math.floor((sought[end] as number) / locationBlock) === block) end++;
    const some = sought.slice(at, end);
    const stored = await store.readLocations(some);
    for (const ino of some) {
      if (isInMemory(run, ino)) continue;
      if (stored.has(ino) ? await isMisplaced(run, ino) : !isGiven(run, ino)) missing.add(ino);
    }
    at = end;
    await run.pace();
  }
  return missing;
}

function isGiven(run: ScrubRun, ino: number): boolean {
  return [...run.parts.core.sessions.values()].some(({ ranges }) => ranges.some(({ first, count }) => ino >= first && ino < first + count));
}

function isInMemory(run: ScrubRun, ino: number): boolean {
  const { cache, locations } = run.parts.core;
  const recent = locations.recent(ino);
  return ino < SystemIno.firstFree || cache.inodes.has(ino) || (recent !== undefined && recent !== 'gone');
}

/** The table has a place for it, and it is not there. */
async function isMisplaced(run: ScrubRun, ino: number): Promise<boolean> {
  try {
    await run.parts.loader.inode(ino);
    return false;
  } catch (error) {
    if (!(error instanceof FsError) || (error.code !== 'ESTALE' && error.code !== 'EIO')) throw error;
    return error.code === 'ESTALE';
  }
}
