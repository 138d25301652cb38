/**
 * Lock: a lock of a file is set, removed, or asked about. Nothing of it is journaled.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { LockCancelReply, LockCancelRequest, LockReply, LockRequest, LockState, ReplyHead } from '../../common/wire/gen/messages.ts';
import { LockType } from '../client/lock-table.ts';
import { encodeLock, decodeLock, LockOutcome } from '../client/lock-wire.ts';
import type { Operation } from '../core/operation.ts';

export function lock(op: Operation, { lock: asked, wait, test, state }: LockRequest): LockReply {
  const { core, session } = op;
  if (asked === null) throw new FsError('EINVAL', 'a lock request without a lock');
  const wish = { ...decodeLock(asked), instance: session.instance };
  // Who is alone with the file decides about its locks without us: first it tells what it has, and stops.
  if (wish.type !== LockType.none || test) op.clear(core.cache.inode(wish.ino), 'read');
  if (state !== null) takeLocks(op, [state]);
  if (!test) {
    const outcome = core.fileLocks.request(wish, wait === 0 ? undefined : wait);
    return { head: headOf(op), outcome: LockOutcome[outcome], blocker: null, blockerIsOwn: false };
  }
  const found = core.fileLocks.test(wish);
  const outcome = found === undefined ? LockOutcome.granted : LockOutcome.busy;
  const blocker = found === undefined ? null : encodeLock({ ...wish, ...found, owner: '' });
  return { head: headOf(op), outcome, blocker, blockerIsOwn: found?.instance === session.instance };
}

/** What the session holds of files that it was alone with. FsError EINVAL when others hold some of it. */
export function takeLocks({ core, session }: Pick<Operation, 'core' | 'session'>, states: readonly LockState[]): void {
  const { instance } = session;
  for (const { ino, flock, locks } of states) {
    const held = locks.map((each) => ({ ...decodeLock(each), instance }));
    const refused = core.fileLocks.replace(instance, ino, flock, held);
    if (refused.length > 0) throw new FsError('EINVAL', `session ${session.name} holds file locks of others on inode ${ino.toString(16)}`);
  }
}

/** A wait ends without the lock: its process was interrupted. */
export function lockCancel(op: Operation, { wait }: LockCancelRequest): LockCancelReply {
  return { head: headOf(op), cancelled: op.core.fileLocks.cancel(op.session.instance, wait) };
}

function headOf({ core }: Operation): ReplyHead {
  return { journalSeq: 0, barrierEpoch: 0, rank: core.rank, grants: [] };
}
