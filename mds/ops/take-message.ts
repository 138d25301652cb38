/**
 * A message from another rank: taken in the entry that says that it was. What has been taken is not taken again.
 * @module
 */
import { unreachable } from '../../common/errors/assert.ts';
import { FsError } from '../../common/errors/fs-error.ts';
import type { RequestHead, Timespec } from '../../common/wire/gen/messages.ts';
import type { Change } from '../core/change.ts';
import { type Dentry, type Inode, type RecursiveCounts, zeroTime } from '../core/inode.ts';
import type { Edit } from '../core/edit.ts';
import { lenderOf, loanKey } from '../core/loans.ts';
import type { MdsCore } from '../core/mds-core.ts';
import { Operation } from '../core/operation.ts';
import { MdsSession } from '../core/session.ts';
import { markKey, nowhere, rootName, type Given, type RankMessage } from '../core/subtrees.ts';
import { applyEdits, prepareEdits } from './apply-edits.ts';
import { closeTo, takeEstate, takeHeir } from './take-estate.ts';

/** Blocks. FsError EAGAIN when one before it has not come. */
export function takeMessage(core: MdsCore, from: number, seq: number, message: RankMessage): void {
  const key = markKey.received(from);
  const last = core.marks.get(key) ?? 0;
  if (seq <= last) return;
  if (seq > last + 1) throw new FsError('EAGAIN', `message ${seq} of rank ${from} comes before ${last + 1}`, { retry: 'safe' });
  const taken: Change = { kind: 'mark', key, value: seq };
  switch (message.kind) {
    case 'move': {
      const { inode } = message.root;
      const seq = core.commit([taken, ...takeRoot(core, from, message.root)]);
      if (inode !== undefined) {
        core.told(inode, seq);
        core.arrivals.add(inode, seq);
      }
      break;
    }
    case 'counts':
      core.commit([taken, ...takeCounts(core, message.ino, message.counts)]);
      break;
    case 'lend':
      takeLoan(core, taken, message.loan);
      break;
    case 'return':
      takeBack(core, taken, message);
      break;
    case 'close':
      closeTo(core, from, taken);
      break;
    case 'open':
      core.commit([taken, { kind: 'mark', key: markKey.closed(from), value: undefined }]);
      break;
    case 'estate':
      takeEstate(core, from, taken, message);
      break;
    case 'heir':
      takeHeir(core, from, taken, message);
      break;
    default:
      unreachable(message);
  }
  core.effects.between();
}

/** What nobody here waits for any more goes back as it is. */
function takeLoan(core: MdsCore, taken: Change, loan: string): void {
  core.commit([taken, { kind: 'mark', key: loanKey.borrowed(loan), value: 1 }]);
  if (!core.awaited.has(loan)) giveBack(core, [loan]);
}

/** Gives loans back, as they are. */
export function giveBack(core: MdsCore, loans: readonly string[]): void {
  const held = loans.filter((loan) => core.loans.borrowed.has(loan));
  if (held.length === 0) return;
  core.commit(returned(core, held, new Map(), zeroTime));
  core.effects.posted();
}

/** The changes that give loans back to those that they are of, with what is to be done there. */
export function returned(core: MdsCore, loans: readonly string[], edits: ReadonlyMap<number, readonly Edit[]>, now: Timespec): Change[] {
  const changes: Change[] = loans.map((loan) => ({ kind: 'mark', key: loanKey.borrowed(loan), value: undefined }));
  for (const rank of new Set(loans.map(lenderOf))) {
    const own = loans.filter((loan) => lenderOf(loan) === rank);
    const message: RankMessage = { kind: 'return', loans: own, now, edits: edits.get(rank) ?? [] };
    changes.push(...core.post(rank, message));
  }
  return changes;
}

/** What was lent is back. Blocks. */
function takeBack(core: MdsCore, taken: Change, { loans, now, edits }: Extract<RankMessage, { readonly kind: 'return' }>): void {
  const head: RequestHead = { tid: 0, uid: 0, gid: 0, groups: [], replay: false, oldestTid: 0, time: now, ahead: false };
  const op = new Operation(core, new MdsSession(0, 'mds', ''), head);
  op.passes = true;
  prepareEdits(op, edits);
  const gone = applyEdits(op, edits);
  const inos = loans.flatMap((loan) => core.loans.lent.get(loan) ?? []);
  op.note(taken);
  for (const loan of loans) op.note({ kind: 'mark', key: loanKey.lent(loan), value: undefined });
  const seq = op.commit([]);
  for (const edit of edits) {
    const inode = core.cache.inodes.get(edit.kind === 'inode' ? edit.ino : edit.directory);
    if (inode !== undefined) core.told(inode, seq);
  }
  for (const ino of inos) {
    const inode = core.cache.inodes.get(ino);
    if (inode === undefined) continue;
    core.locker.settle(inode);
    if (inode.nlink === 0) gone.push(inode);
  }
  for (const inode of new Set(gone)) if (inode.caps.length === 0) core.effects.purge(inode);
}

/** The root of a subtree: where its name is, when that is here; else among the roots. */
function takeRoot(core: MdsCore, from: number, root: Dentry): Change[] {
  const { inode } = root;
  if (inode === undefined) throw new FsError('EILSEQ', 'a subtree without its root');
  const given = core.given.get(inode.ino);
  const dentry = given === undefined ? amongRoots(core, from, inode) : inPlace(core, given, inode);
  core.cache.put(dentry);
  core.adopt(inode);
  core.arrivals.lastMs = core.effects.nowMs();
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
  // None of the names that are remembered is left.
  if (given.place.directory === nowhere.directory) return [];
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
