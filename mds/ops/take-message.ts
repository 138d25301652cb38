/**
 * A message from another rank: taken in the entry that says that it was. What has been taken is not taken again.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { Change } from '../core/change.ts';
import { type Dentry, type Inode, type RecursiveCounts, zeroTime } from '../core/inode.ts';
import type { MdsCore } from '../core/mds-core.ts';
import { markKey, rootName, type Given, type RankMessage } from '../core/subtrees.ts';

/** Blocks. FsError EAGAIN when one before it has not come. */
export function takeMessage(core: MdsCore, from: number, seq: number, message: RankMessage): void {
  const key = markKey.received(from);
  const last = core.marks.get(key) ?? 0;
  if (seq <= last) return;
  if (seq > last + 1) throw new FsError('EAGAIN', `message ${seq} of rank ${from} comes before ${last + 1}`, { retry: 'safe' });
  const changes = message.kind === 'move' ? takeRoot(core, from, message.root) : takeCounts(core, message.ino, message.counts);
  core.commit([{ kind: 'mark', key, value: seq }, ...changes]);
}

/** The root of a subtree: where its name is, when that is here; else among the roots. */
function takeRoot(core: MdsCore, from: number, root: Dentry): Change[] {
  const { inode } = root;
  if (inode === undefined) throw new FsError('EILSEQ', 'a subtree without its root');
  const given = core.given.get(inode.ino);
  const dentry = given === undefined ? amongRoots(core, from, inode) : inPlace(core, given, inode);
  core.cache.put(dentry);
  core.adopt(inode);
  const changes: Change[] = [{ kind: 'set', dentry }];
  if (given !== undefined) changes.push({ kind: 'given', ino: inode.ino, given: undefined });
  return changes;
}

function amongRoots({ inos }: MdsCore, from: number, inode: Inode): Dentry {
  const name = rootName(inode.ino, from);
  return { directory: inos.base, name, position: inode.ino, inode, remoteIno: 0, remoteType: 0, stored: false, removed: false };
}

function inPlace(core: MdsCore, { place, counted }: Given, inode: Inode): Dentry {
  core.cache.directory(place.directory);
  const name = core.cache.find(place.directory, place.name);
  if (name?.remoteIno !== inode.ino)
    throw new FsError('EILSEQ', `the name of directory ${inode.ino.toString(16)}, which was given to another rank, is gone`);
  inode.parent = place.directory;
  inode.counted = counted;
  return { ...name, inode, remoteIno: 0, remoteType: 0 };
}

/** What there is below a root that was given away. */
function takeCounts(core: MdsCore, ino: number, counts: RecursiveCounts): Change[] {
  const given = core.given.get(ino);
  // It has come back since: its own record says it.
  if (given === undefined) return [];
  const directory = core.cache.directory(given.place.directory);
  const { dentry, recursive } = directory;
  if (dentry === undefined) throw new FsError('EILSEQ', `directory ${directory.ino.toString(16)} has no place`);
  const { counted } = given;
  directory.recursive = {
    bytes: Math.max(0, (recursive?.bytes ?? 0) + counts.bytes - counted.bytes),
    files: Math.max(0, (recursive?.files ?? 0) + counts.files - counted.files),
    subdirs: Math.max(0, (recursive?.subdirs ?? 0) + counts.subdirs - counted.subdirs),
    ctime: recursive?.ctime ?? zeroTime,
  };
  core.uncounted.add(directory);
  return [
    { kind: 'set', dentry },
    { kind: 'given', ino, given: { ...given, counted: counts } },
  ];
}
