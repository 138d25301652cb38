/**
 * CapUpdate: a client's dirty attributes, what it keeps, and what it wants. In two steps, since the first must be done
 * once and at once, while the second may have to wait for others.
 * @module
 */
import type { CapUpdateReply, CapUpdateRequest, DirtyInode } from '../../common/wire/gen/messages.ts';
import { allFilled, spaceWritten } from '../client/file-space.ts';
import { Cap, DirtyField, exclusiveCaps, type Caps } from '../client/caps.ts';
import { fileBytesMax } from '../client/limits.ts';
import { Blocked } from '../core/blocked.ts';
import { isLater } from '../client/timespec.ts';
import type { Inode } from '../core/inode.ts';
import { capOf, mayWrite } from '../core/locker.ts';
import type { Operation } from '../core/operation.ts';
import { endAlone, takeSize } from '../core/quota.ts';
import { endReach, isReachOver, raiseReach, trustSpace } from '../core/reach.ts';

const timeFields = ['mtime', 'atime'] as const;
const accessFields = ['atime'] as const;

/** Takes over dirty attributes and returned caps. Returns the journal position; 0 when nothing changed. */
export function takeCaps(op: Operation, request: CapUpdateRequest): number {
  const { repeated } = op;
  if (repeated !== undefined) {
    noteRepeated(op, request);
    return repeated.journalSeq;
  }
  // What others wait for passes what is lent to another rank.
  op.passes = true;
  const inode = request.appended ? op.extended(request.ino) : op.inode(request.ino);
  op.passes = false;
  const settles = isSettled(op, inode, request);
  // Noted even if it changes nothing: sent again, after a truncation, it must not change something.
  const journalSeq =
    (request.dirty === null ? 0 : takeDirty(op, inode, request.dirty, settles)) ||
    (settles ? settle(op, inode) : 0) ||
    (request.dirty === null ? 0 : op.commit([inode]));
  if (request.appended) op.core.locker.endTurn(inode, op.session.instance);
  const cap = capOf(inode, op.session);
  if (request.sizeTold) {
    takeSize(op.core, inode, cap, request);
    op.core.locker.told(op.session, inode, request.tid);
    return journalSeq;
  }
  // What it was promised alone ends before anybody, it too, is given the file anew.
  if (cap !== undefined && request.seq >= cap.seq && (cap.issued & ~request.caps & Cap.fileExclusive) !== 0)
    endAlone(op.core, inode, cap, request);
  op.core.locker.update(op.session, inode, request.caps, request.wanted, request.seq);
  op.core.locker.told(op.session, inode, request.tid);
  op.core.released(inode);
  return journalSeq;
}

/** What was carried out before: the client, not knowing that, may have told a new connection that it still has its turn, or waits to tell it. */
function noteRepeated({ core, session }: Operation, { ino, tid, appended }: CapUpdateRequest): void {
  const inode = core.cache.inodes.get(ino);
  if (inode === undefined) return;
  if (appended) core.locker.endTurn(inode, session.instance);
  core.locker.told(session, inode, tid);
}

/**
 * Whether after this nobody has sent data of the file that he has not told: the session says so, or gives back the right to write, before
 * which it tells everything.
 */
export function isSettled(
  { core, session, isReplay }: Operation,
  inode: Inode,
  { settled, caps, seq }: { readonly settled: boolean; readonly caps: Caps; readonly seq: number },
): boolean {
  // Told again, it may be about a time before it wrote on.
  if (isReplay || !isReachOver(core, session, inode)) return false;
  const cap = capOf(inode, session);
  if (cap === undefined || (cap.issued & Cap.fileWrite) === 0) return false;
  return settled || (seq >= cap.seq && (caps & Cap.fileWrite) === 0);
}

/** Journals that it is so. */
function settle(op: Operation, inode: Inode): number {
  endReach(inode);
  op.save(inode, 'unseen');
  return op.commit([inode]);
}

/**
 * Gives what the session wants and does not hold yet. Blocks on recalls of others when that is all it asks for: a client may wait for the answer
 * to what it tells with pages locked that its kernel cannot give back meanwhile, and others with it, who wait for the session.
 */
export function giveCaps(op: Operation, request: CapUpdateRequest, journalSeq: number): CapUpdateReply {
  if (request.replay) return { journalSeq, barrierEpoch: 0, grant: null };
  const inode = request.appended ? op.extended(request.ino) : op.inode(request.ino);
  const issued = capOf(inode, op.session)?.issued ?? 0;
  if ((request.wanted & ~issued) !== 0 && mayGive(op, inode, request))
    return { journalSeq, barrierEpoch: 0, grant: op.grant(inode, request.wanted) };
  return { journalSeq, barrierEpoch: 0, grant: request.wanted === 0 && issued === 0 ? null : op.grantBehind(inode) };
}

function mayGive(op: Operation, inode: Inode, { wanted, dirty }: CapUpdateRequest): boolean {
  try {
    op.settled(inode.ino);
    op.clear(inode, 'read', wanted);
    return true;
  } catch (error) {
    if (dirty === null || !(error instanceof Blocked)) throw error;
    return false;
  }
}

/**
 * Attributes that a client changed under its caps. What it may not change is left out; what is told again was allowed when it was
 * told first, and the client may have given the caps back since. `settles`: with that all is told. Returns the journal position; 0 when
 * nothing changed.
 */
export function takeDirty(op: Operation, inode: Inode, dirty: DirtyInode, settles = false): number {
  const cap = capOf(inode, op.session);
  const writes = op.isReplay || mayWrite(cap);
  const mayTime = writes || (cap !== undefined && (cap.issued & (exclusiveCaps | Cap.fileWrite)) !== 0);
  const has = (field: number): boolean => (dirty.fields & field) !== 0;
  const grows = has(DirtyField.size) && writes && dirty.size > inode.size && dirty.size <= fileBytesMax;
  const filled = has(DirtyField.space) && writes && inode.isRegular;
  // Whoever may know it may tell that he has read it.
  const reads = cap !== undefined && has(DirtyField.atime);
  if (!mayTime && !grows && !filled && !reads) return 0;
  // The cut begins at the size: it must not move before that is done.
  if (grows || filled) op.extended(inode.ino);
  const counter = grows ? op.counter(inode) : undefined;

  let changed = grows || filled;
  if (grows || filled) {
    const old = inode.size;
    const size = grows ? dirty.size : old;
    const { space } = inode;
    const told = filled ? dirty : allFilled(old, size);
    inode.space = spaceWritten(inode, size, told);
    inode.size = size;
    trustSpace(inode, space, cap, told);
    // By who is alone with it: beside others data is stored before it is told of.
    if (filled && dirty.reach > 0) raiseReach(inode, dirty.reach, false);
    if (counter !== undefined) op.count(counter, inode.size - old);
  }
  const newer = mayTime && dirty.timeWarpSeq > inode.timeWarpSeq;
  if ((mayTime || reads) && dirty.timeWarpSeq >= inode.timeWarpSeq) {
    if (newer) {
      inode.timeWarpSeq = dirty.timeWarpSeq;
      changed = true;
    }
    for (const field of mayTime ? timeFields : accessFields) {
      const time = dirty[field];
      if (!has(DirtyField[field]) || time === null || !(newer || isLater(time, inode[field]))) continue;
      inode[field] = time;
      changed = true;
    }
  }
  if (mayTime && has(DirtyField.ctime) && dirty.ctime !== null && isLater(dirty.ctime, inode.ctime)) {
    inode.ctime = dirty.ctime;
    changed = true;
  }
  if (!changed) return 0;
  if (settles) endReach(inode);
  inode.version++;
  // Whoever adds something behind it need not wait for it.
  op.save(inode, settles ? 'whole' : 'beside');
  return op.commit([inode]);
}
