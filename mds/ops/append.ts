/**
 * Append: what is added to the end of a file that several sessions write to. Small records are sent here, and stored together with those of
 * others (background/shared-appends.ts); for what is larger a session asks for the turn to write at the end. While one has it nobody else
 * appends, so that what is appended from many hosts follows one after the other; what a session that dies in its turn has not told the
 * size of was never appended.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { AppendedRecord, AppendReply, AppendRequest } from '../../common/wire/gen/messages.ts';
import { allFilled, spaceWritten } from '../client/file-space.ts';
import { appendBytesMax } from '../client/limits.ts';
import { Blocked } from '../core/blocked.ts';
import { fixedGrant } from '../core/fixed-grant.ts';
import type { Inode } from '../core/inode.ts';
import { capOf, mayWrite } from '../core/locker.ts';
import { Operation } from '../core/operation.ts';
import { trustSpace } from '../core/reach.ts';
import { limitUnasked } from '../core/size-limit.ts';
import { isLater } from '../client/timespec.ts';

/** The turn. */
export function append(op: Operation, { ino }: AppendRequest): AppendReply {
  const { core, session } = op;
  const inode = core.cache.inode(ino);
  mustWrite(op, inode);
  if (inode.appenders.some((instance) => instance !== session.instance)) throw new Blocked({ kind: 'append', inode });
  // Taken before it is certain that it can be: a session that need not wait for something would always come first.
  core.locker.takeTurn(inode, session.instance);
  try {
    op.extended(ino);
    // Told of by nobody but those who sent them: what is written behind them would be there, and they be sent once more.
    const unsafeSeq = core.appended.unsafeSeq(inode, session.instance, core.safeSeq);
    if (unsafeSeq > 0) throw new Blocked({ kind: 'unsafe', inode, seq: unsafeSeq });
    op.clear(inode, 'read');
  } catch (error) {
    if (!(error instanceof Blocked)) core.locker.endTurn(inode, session.instance);
    throw error;
  }
  return {
    head: { journalSeq: 0, barrierEpoch: 0, rank: op.core.rank, grants: [op.grantBehind(inode)] },
    end: 0,
    byTurn: false,
    beneath: [],
  };
}

/** Whether a request brings what it is to append, or did so before. */
export function bringsRecord({ data, end }: AppendRequest): boolean {
  return data.length > 0 || end > 0;
}

/** The answer to one that is not to be stored: it was, or cannot be. Undefined: it is. */
export function appendAnswered(op: Operation, { ino, data, end, beneath }: AppendRequest): AppendReply | undefined {
  const { repeated } = op;
  if (repeated !== undefined) return { head: op.repeat(repeated), end: repeated.end ?? 0, byTurn: false, beneath: [] };
  const inode = op.core.cache.inode(ino);
  // Whoever has added behind it has told of it.
  if (op.isReplay) {
    for (const record of beneath) takeUnheard(op, inode, record);
    return takeRecord(op, inode, end);
  }
  mustWrite(op, inode);
  if (data.length > appendBytesMax) throw new FsError('EINVAL', `a record of ${data.length} bytes (at most ${appendBytesMax} are taken)`);
  return goesByTurn(op, inode)
    ? { head: op.repeat({ inos: [ino], flag: false, journalSeq: 0 }), end: 0, byTurn: true, beneath: [] }
    : undefined;
}

/** Its size is limited, as far as is known, or its bytes do not lie in one piece after the other. */
export function goesByTurn({ core }: Operation, inode: Inode): boolean {
  return limitUnasked(core.cache, inode) !== 0 || (inode.layout?.stripeCount ?? 1) > 1;
}

/** One that lies beneath, and whose session may not have heard so: it will send it again. */
function takeUnheard({ core }: Operation, inode: Inode, { instance, tid, end }: AppendedRecord): void {
  const session = core.sessions.get(instance);
  if (session === undefined || tid < session.oldestTid || session.completed.has(tid)) return;
  const head = { tid, uid: 0, gid: 0, groups: [], replay: true, oldestTid: session.oldestTid, time: null, ahead: false };
  takeRecord(new Operation(core, session, head), inode, end);
}

/** The file has bytes up to `end`, which are stored. Blocks before it has changed anything. */
export function takeRecord(op: Operation, inode: Inode, end: number): AppendReply {
  const counter = op.counter(inode);
  const size = Math.max(inode.size, end);
  if (counter !== undefined && size > inode.size) op.count(counter, size - inode.size);
  const { space } = inode;
  const told = allFilled(inode.size, size);
  inode.space = spaceWritten(inode, size, told);
  inode.size = size;
  trustSpace(inode, space, undefined, told);
  if (isLater(op.now, inode.mtime)) inode.mtime = op.now;
  if (isLater(op.now, inode.ctime)) inode.ctime = op.now;
  inode.version++;
  op.save(inode, 'beside');
  const journalSeq = op.commit([inode], false, end);
  const beneath = op.core.appended.add(inode, { instance: op.session.instance, tid: op.tid, end, journalSeq }, op.core.safeSeq);
  return {
    head: { journalSeq, barrierEpoch: 0, rank: op.core.rank, grants: [fixedGrant(op.grantBehind(inode))] },
    end,
    byTurn: false,
    beneath,
  };
}

function mustWrite({ session }: Operation, inode: Inode): void {
  if (!mayWrite(capOf(inode, session)))
    throw new FsError('EINVAL', `session ${session.name} appends to inode ${inode.ino.toString(16)} without having it open for writing`);
}
