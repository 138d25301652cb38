/**
 * Which inodes there are not, by number: they are neither in memory nor in the table of locations, or not where that says. And which are
 * other ranks' affair. Of what is not in the table only the rank knows that has given out the number; rank 0 asks it, and takes what
 * there is not.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import { rankOfNumber, SystemIno } from '../../core/inode.ts';
import { blockOf } from '../../core/block-table.ts';
import { LoanKind } from '../../core/loans.ts';
import { isUsedNumber } from '../../core/used-number.ts';
import type { ScrubRun } from './scrub-run.ts';

/** Places asked for at once. */
const placesMax = 256;

export interface Whereabouts {
  readonly missing: ReadonlySet<number>;
  readonly elsewhere: ReadonlySet<number>;
}

type Whereabout = 'here' | 'missing' | 'elsewhere';

/**
 * Of `inos`, rising. One that cannot be read counts as one that there is, and so does a number that a client has been given and may not
 * have used yet. Those that there are here come into memory.
 */
export async function whereabouts(run: ScrubRun, inos: readonly number[]): Promise<Whereabouts> {
  const { store, core } = run.parts;
  /** Also where nobody has made it yet. */
  const isHere = (ino: number): boolean => ino < SystemIno.firstFree || isUsedNumber(core, ino);
  const sought = inos.filter((ino) => !isHere(ino));
  const found = { here: new Set<number>(), missing: new Set<number>(), elsewhere: new Set<number>() };
  for (let at = 0; at < sought.length;) {
    const block = blockOf(sought[at] as number);
    let end = at + 1;
    while (end < sought.length && end - at < placesMax && blockOf(sought[end] as number) === block) end++;
    const some = sought.slice(at, end);
    const stored = await store.readLocations(some);
    for (const ino of some) {
      if (isHere(ino)) continue;
      const place = stored.get(ino);
      if (place === undefined) found[await unplaced(run, ino)].add(ino);
      else found[await placed(run, ino, typeof place === 'string' ? undefined : place.directory)].add(ino);
    }
    at = end;
    await run.pace();
  }
  return found;
}

/** The table has a place for it. */
async function placed(run: ScrubRun, ino: number, directory: number | undefined): Promise<Whereabout> {
  if (directory !== undefined && run.isElsewhere(directory)) return 'elsewhere';
  try {
    await run.parts.loader.inode(ino);
    return 'here';
  } catch (error) {
    if (!(error instanceof FsError) || !['ESTALE', 'EREMOTE', 'EIO'].includes(error.code)) throw error;
    if (error.code !== 'EREMOTE') return error.code === 'ESTALE' ? 'missing' : 'here';
    if (directory !== undefined) run.noteElsewhere(directory);
    return 'elsewhere';
  }
}

/** The table has none. */
async function unplaced(run: ScrubRun, ino: number): Promise<Whereabout> {
  const { rank } = run.parts.core;
  if (rank > 0) return 'elsewhere';
  const maker = rankOfNumber(ino);
  if (maker === 0 || maker >= run.ranks) return 'missing';
  const { share } = await run.ask(maker, LoanKind.used, ino);
  return share?.known === true ? 'elsewhere' : 'missing';
}
