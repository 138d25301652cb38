/**
 * Hands what has changed below a directory to its parent, level by level: counts rise lazily, and a crash loses none,
 * since every directory records how much of it the parent has counted.
 * @module
 */
import { isLater } from '../client/timespec.ts';
import { Blocked } from '../core/blocked.ts';
import type { Change } from '../core/change.ts';
import { foreignHome, isUncounted, noCounts, type Inode } from '../core/inode.ts';
import type { MdsCore } from '../core/mds-core.ts';
import { giverOf, isGivenRoot } from '../core/subtrees.ts';

/** Directories in one journal entry: also with as many xattrs as each may have (64 KiB) it stays well below what one may hold (4 MiB). */
const batchMax = 32;

/** One level for every directory that has something to hand up, and all that other ranks count. Returns how many could be done. */
export function propagateCounts(core: MdsCore): number {
  let done = tellSizes(core);
  let changed = new Set<Inode>();
  for (const directory of [...core.uncounted]) {
    if (core.cache.inodes.get(directory.ino) !== directory || directory.nlink === 0 || !isUncounted(directory)) {
      core.uncounted.delete(directory);
      continue;
    }
    if (core.departures.isFrozen(directory) || core.isTelling(directory.ino)) continue;
    if (directory.above === 0) {
      // That is told when the giver has another rank in its place.
      if (isGivenRoot(directory) && !core.mayTell(giverOf(directory))) continue;
      core.uncounted.delete(directory);
      // Above the root is nobody.
      if (isGivenRoot(directory)) handOver(core, directory);
      continue;
    }
    const parent = core.cache.inodes.get(directory.above);
    if (parent === undefined || directory.recursive === null || parent.recursive === null) continue;
    const { recursive, counted } = directory;
    const up = parent.recursive;
    parent.recursive = {
      bytes: Math.max(0, up.bytes + recursive.bytes - counted.bytes),
      files: Math.max(0, up.files + recursive.files - counted.files),
      subdirs: Math.max(0, up.subdirs + recursive.subdirs - counted.subdirs),
      ctime: recursive.ctime !== null && (up.ctime === null || isLater(recursive.ctime, up.ctime)) ? recursive.ctime : up.ctime,
    };
    directory.counted = { bytes: recursive.bytes, files: recursive.files, subdirs: recursive.subdirs };
    core.uncounted.delete(directory);
    core.uncounted.add(parent);
    changed.add(directory).add(parent);
    done++;
    if (changed.size >= batchMax) {
      record(core, changed);
      changed = new Set();
    }
  }
  record(core, changed);
  return done;
}

/**
 * Hands up all that there is to hand up, as far as it goes here: who gets directories finds them in their objects, and knows of none that there is something
 * left. Blocks while what lies above them is not in memory.
 */
export function raiseCounts(core: MdsCore): void {
  const { cache, uncounted } = core;
  for (const directory of uncounted) {
    if (directory.nlink === 0 || cache.inodes.get(directory.ino) !== directory) continue;
    for (let at = directory; at.above !== 0;) {
      const above = cache.inodes.get(at.above);
      if (above === undefined) throw new Blocked({ kind: 'inode', ino: at.above });
      at = above;
    }
  }
  while (propagateCounts(core) > 0) {
    // Level by level.
  }
}

/** Tells the rank that has its name what there is below a subtree's root: that message will be counted, once. */
function handOver(core: MdsCore, directory: Inode): void {
  const { dentry, recursive } = directory;
  if (dentry === undefined || recursive === null) return;
  const { bytes, files, subdirs } = recursive;
  directory.counted = { bytes, files, subdirs };
  const message = { kind: 'counts', ino: directory.ino, counts: directory.counted } as const;
  core.commit([{ kind: 'set', dentry }, ...core.post(giverOf(directory), message)]);
  core.effects.posted();
}

/** Tells how large files are to the ranks that count them. */
function tellSizes(core: MdsCore): number {
  let done = 0;
  for (const inode of [...core.untold]) {
    const isHere = core.cache.inodes.get(inode.ino) === inode;
    if (isHere && core.isTelling(inode.ino)) continue;
    const rank = isHere ? foreignHome(inode) : undefined;
    if (rank !== undefined && !core.mayTell(rank)) continue;
    core.untold.delete(inode);
    inode.untold = false;
    if (rank === undefined) continue;
    core.commit(core.post(rank, { kind: 'counts', ino: inode.ino, counts: { ...noCounts, bytes: inode.size } }));
    core.effects.posted();
    done++;
  }
  return done;
}

function record(core: MdsCore, inodes: ReadonlySet<Inode>): void {
  const changes: Change[] = [];
  for (const { dentry } of inodes) if (dentry !== undefined) changes.push({ kind: 'set', dentry });
  if (changes.length > 0) core.commit(changes);
}
