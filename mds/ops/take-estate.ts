/**
 * What a rank leaves that is stopping: rank 0 takes all that it had, the others hear of it. A name that leads from one of the two to the
 * other leads within rank 0 from then on: the root of a subtree goes back to its name, and a file remembers its names where there was only
 * the rank that had some.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { RequestHead } from '../../common/wire/gen/messages.ts';
import type { Change } from '../core/change.ts';
import {
  foreignHome,
  foreignName,
  isAt,
  isForeign,
  isSystem,
  isUncounted,
  namesKnownMax,
  type Dentry,
  type Inode,
  type Place,
} from '../core/inode.ts';
import type { MdsCore } from '../core/mds-core.ts';
import { Operation } from '../core/operation.ts';
import { MdsSession } from '../core/session.ts';
import { Closed, giverOf, giverOfName, isGivenRoot, markKey, nowhere, rootName, type Given, type RankMessage } from '../core/subtrees.ts';

type Estate = Extract<RankMessage, { readonly kind: 'estate' }>;
type Heir = Extract<RankMessage, { readonly kind: 'heir' }>;

/** Rank `from` is sent nothing from now on. FsError EAGAIN while something is on its way to it. */
export function closeTo(core: MdsCore, from: number, taken: Change): void {
  if (core.posted.next(from) !== undefined)
    throw new FsError('EAGAIN', `not everything that was sent to rank ${from} has come`, { retry: 'safe' });
  core.commit([taken, { kind: 'mark', key: markKey.closed(from), value: Closed.stopping }]);
}

/** Blocks. */
export function takeEstate(core: MdsCore, from: number, taken: Change, { dentries, given }: Estate): void {
  const op = operation(core);
  const acts = [
    ...dentries.map((dentry) => takeDentry(op, dentry)),
    ...given.map(([ino, other]) => (other.rank === core.rank ? takeNames(op, from, ino, other) : takeForeign(op, ino, other))),
  ];
  // Nothing blocks any more.
  op.note(taken);
  for (const act of acts) act();
  core.arrivals.lastMs = core.effects.nowMs();
  const seq = op.commit([]);
  for (const { inode } of dentries) {
    if (inode === undefined) continue;
    core.told(inode, seq);
    if (inode.isDirectory) core.arrivals.add(inode, seq);
    core.adopt(inode);
    if (foreignHome(inode) !== undefined) core.owe(inode);
    if (inode.nlink === 0 && inode.caps.length === 0) core.effects.purge(inode);
  }
}

/** Of inodes that are ours: rank 0 has the names that `from` had. Blocks. */
export function takeHeir(core: MdsCore, from: number, taken: Change, { inos, last }: Heir): void {
  const op = operation(core);
  const inodes = inos.map((ino) => core.cache.inode(ino));
  op.note(taken);
  for (const inode of inodes) {
    if (isGivenRoot(inode)) {
      if (giverOf(inode) !== from) continue;
      op.unshelve(inode);
      op.shelve(core.inos.base, inode, rootName(inode.ino, 0));
    } else {
      inode.names = replaced(inode, from, [foreignName(0)]);
      op.save(inode);
    }
  }
  if (last) {
    // Where it is rank 0 itself all that it had given has come back.
    for (const [ino, given] of [...core.given])
      if (given.rank === from) op.note({ kind: 'given', ino, given: core.rank === 0 ? undefined : { ...given, rank: 0 } });
    op.note({ kind: 'mark', key: markKey.closed(from), value: Closed.gone });
  }
  op.commit([]);
  for (const inode of inodes) if (!isGivenRoot(inode) && foreignHome(inode) !== undefined) core.owe(inode);
}

function operation(core: MdsCore): Operation {
  const head: RequestHead = { tid: 0, uid: 0, gid: 0, groups: [], replay: false, oldestTid: 0, time: null, ahead: false };
  const op = new Operation(core, new MdsSession(0, 'mds', ''), head);
  op.passes = true;
  return op;
}

/** Blocks. What is returned puts it where it belongs here. */
function takeDentry(op: Operation, { directory, name, inode }: Dentry): () => void {
  if (inode === undefined) throw new FsError('EILSEQ', 'a name without an inode was left');
  const { inos, given } = op.core;
  if (isSystem(directory, 'base')) {
    const own = given.get(inode.ino);
    if (own === undefined) return () => op.shelve(inos.base, inode, rootName(inode.ino, giverOfName(name)));
    return inPlace(op, own, inode);
  }
  if (isSystem(directory, 'strays')) return () => op.shelve(inos.strays, inode);
  const own = given.get(inode.ino);
  if (own === undefined) return () => op.shelve(inos.linked, inode);
  const home = homeAfter(op, inode, op.core.rank, own);
  return () => {
    give(op, inode.ino, undefined);
    inode.names = replaced(inode, op.core.rank, placesOf(own));
    op.shelve(inos.linked, inode);
    home();
  };
}

/** Names, with rank `from`, of an inode that is ours. Blocks. */
function takeNames(op: Operation, from: number, ino: number, given: Given): () => void {
  const inode = op.core.cache.inode(ino);
  if (inode.isDirectory) {
    const put = inPlace(op, given, inode);
    return () => {
      op.unshelve(inode);
      put();
    };
  }
  const home = homeAfter(op, inode, from, given);
  return () => {
    inode.names = replaced(inode, from, placesOf(given));
    op.save(inode);
    home();
  };
}

/** Names of what a third rank decides about: here may be others of it. Blocks. */
function takeForeign(op: Operation, ino: number, given: Given): () => void {
  const own = op.core.given.get(ino);
  if (own === undefined) return () => give(op, ino, given);
  // What it holds is counted at one name.
  const [first, second] =
    own.place.directory === nowhere.directory || given.counted.bytes > own.counted.bytes ? [given, own] : [own, given];
  const surplus = second.counted.bytes;
  const directory = surplus > 0 ? op.core.cache.directory(second.place.directory) : undefined;
  const others = [...first.others, ...placesOf(second)].slice(0, namesKnownMax);
  return () => {
    give(op, ino, { ...first, names: own.names + given.names, others });
    if (directory !== undefined) op.count(directory, -surplus);
  };
}

/** The root of a subtree goes to its name. Blocks. */
function inPlace(op: Operation, { place, counted }: Given, inode: Inode): () => void {
  const { core } = op;
  core.cache.directory(place.directory);
  const name = core.cache.find(place.directory, place.name);
  if (name?.remoteIno !== inode.ino)
    throw new FsError('EILSEQ', `the name of directory ${inode.ino.toString(16)}, which was given to another rank, is gone`);
  return () => {
    const dentry: Dentry = { ...name, inode, remoteIno: 0, remoteType: 0, removed: false };
    inode.parent = place.directory;
    inode.counted = counted;
    core.cache.put(dentry);
    op.note({ kind: 'set', dentry });
    give(op, inode.ino, undefined);
    core.misplaced.delete(inode);
    core.checkPin(inode);
    if (isUncounted(inode)) core.uncounted.add(inode);
  };
}

/** What is returned has a file's bytes counted where they belong when the names of `rank` have become those of `given`. Blocks. */
function homeAfter(op: Operation, inode: Inode, rank: number, { place, others, counted }: Given): () => void {
  const { cache } = op.core;
  const [first] = inode.names;
  const wasHome = first !== undefined && isAt(first, foreignName(rank));
  const [home] = replaced(inode, rank, placesOf({ place, others }));
  const before = place.directory === nowhere.directory || counted.bytes === 0 ? undefined : cache.directory(place.directory);
  const after = !wasHome || home === undefined || isForeign(home) ? undefined : cache.directory(home.directory);
  return () => {
    const isSame = before !== undefined && before === after;
    if (before !== undefined && !isSame) op.count(before, -counted.bytes);
    const more = inode.size - (isSame ? counted.bytes : 0);
    if (after !== undefined && more !== 0) op.count(after, more);
  };
}

/** What it remembers of its names, with `places` instead of "some at that rank". */
function replaced({ names }: Inode, rank: number, places: readonly Place[]): Place[] {
  const foreign = foreignName(rank);
  const after: Place[] = [];
  for (const place of names.flatMap((each) => (isAt(each, foreign) ? places : [each])))
    if (!after.some((each) => isAt(each, place))) after.push(place);
  return after.slice(0, namesKnownMax);
}

function placesOf({ place, others }: Pick<Given, 'place' | 'others'>): Place[] {
  return place.directory === nowhere.directory ? [...others] : [place, ...others];
}

/** At once, for what follows in the same entry. */
function give(op: Operation, ino: number, given: Given | undefined): void {
  if (given === undefined) op.core.given.delete(ino);
  else op.core.given.set(ino, given);
  op.note({ kind: 'given', ino, given });
}
