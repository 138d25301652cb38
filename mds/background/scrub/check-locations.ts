/**
 * Compares the table of locations, by which inodes are found by number alone, with where the names are.
 * @module
 */
import { quoted } from '../../../common/maps/ids.ts';
import type { Fragment } from '../../core/directory.ts';
import { isAt, type Inode, type Place } from '../../core/inode.ts';
import { blockOf } from '../../core/block-table.ts';
import { locationObject } from '../../core/location-table.ts';
import type { ScrubRun } from './scrub-run.ts';

/** Places asked for at once. */
const placesMax = 256;

/** Of the inodes that lie in the fragment. */
export async function checkLocations(run: ScrubRun, fragment: Fragment): Promise<void> {
  const blocks = new Map<number, Inode[]>();
  for (const { inode } of fragment.dentries.values()) {
    if (inode === undefined) continue;
    const number = blockOf(inode.ino);
    const block = blocks.get(number);
    if (block === undefined) blocks.set(number, [inode]);
    else block.push(inode);
  }
  for (const inodes of blocks.values())
    for (let at = 0; at < inodes.length; at += placesMax) await check(run, inodes.slice(at, at + placesMax));
}

async function check(run: ScrubRun, inodes: readonly Inode[]): Promise<void> {
  const { core, store, damage } = run.parts;
  const [first] = inodes;
  if (first === undefined) return;
  const block = core.unwritten.locations.block(first.ino);
  const { writes } = block;
  const stored = await store.readLocations(inodes.map(({ ino }) => ino));
  // What is written while it is read may have been read before or after.
  const steady = block.writing === undefined && block.writes === writes;
  for (const inode of inodes) {
    const { ino, dentry } = inode;
    // Moved, gone, or out of memory meanwhile.
    if (!steady || dentry === undefined || core.cache.inodes.get(ino) !== inode || core.unwritten.locations.recent(ino) !== undefined)
      continue;
    const place = stored.get(ino);
    const key = `location ${ino.toString(16)}`;
    if (isPlace(place) && isAt(place, dentry)) {
      damage.mended(key);
      continue;
    }
    const what = describe(place);
    if (run.repair) {
      inode.location = undefined;
      core.commit([{ kind: 'set', dentry }]);
      run.repaired({ key, ino, object: locationObject(ino), what });
    } else run.found({ key, ino, object: locationObject(ino), what });
  }
  if (!block.isDirty && block.writing === undefined) core.unwritten.locations.drop(block);
}

function isPlace(found: Place | string | undefined): found is Place {
  return typeof found === 'object';
}

function describe(found: Place | string | undefined): string {
  if (found === undefined) return 'the table of locations does not have it';
  if (typeof found === 'string') return found;
  return `the table of locations has it as ${quoted(found.name)} in directory ${found.directory.toString(16)}`;
}
