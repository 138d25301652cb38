/**
 * Grow: a file may become longer. Below a quota of bytes: than its client may make it without asking. And data of it may be sent to the
 * OSDs of which nobody has been told, when the journal says so: reach.ts.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { GrowReply, GrowRequest } from '../../common/wire/gen/messages.ts';
import { Cap } from '../client/caps.ts';
import { fileBytesMax } from '../client/limits.ts';
import { capOf } from '../core/locker.ts';
import type { Inode } from '../core/inode.ts';
import type { Operation } from '../core/operation.ts';
import { allowSize } from '../core/quota.ts';
import { raiseReach } from '../core/reach.ts';

export function grow(op: Operation, { ino, size, reach }: GrowRequest): GrowReply {
  const { repeated } = op;
  if (repeated !== undefined) return { head: op.repeat(repeated) };
  const inode = op.inode(ino);
  if (!inode.isRegular) throw new FsError('EINVAL', `inode ${ino.toString(16)} is not a regular file`);
  if (Math.max(size, reach) > fileBytesMax) throw new FsError('EFBIG', `a size of ${Math.max(size, reach)} (at most ${fileBytesMax})`);
  const cap = capOf(inode, op.session);
  // What is asked for while a recall is unanswered is not for the time after.
  if (size > 0) allowSize(op, inode, size, cap !== undefined && cap.recall === undefined && (cap.issued & Cap.fileExclusive) !== 0);
  if (cap !== undefined) cap.allowed = Math.max(cap.allowed, size);
  const journalSeq = reach > 0 ? allowReach(op, inode, reach) : 0;
  return { head: { journalSeq, barrierEpoch: 0, rank: op.core.rank, grants: [op.grant(inode)] } };
}

/** Returns the journal position that makes it count. */
function allowReach(op: Operation, inode: Inode, reach: number): number {
  const issued = capOf(inode, op.session)?.issued ?? 0;
  if ((issued & Cap.fileWrite) === 0 && !op.isReplay)
    throw new FsError('EINVAL', `session ${op.session.name} writes to inode ${inode.ino.toString(16)} without the right to`);
  const beside = issued !== 0 && (issued & Cap.fileExclusive) === 0;
  // It may be in the journal, and not safe yet: what others have done is (see Operation).
  if (!raiseReach(inode, reach, beside)) return inode.changedSeq > op.core.safeSeq ? inode.changedSeq : 0;
  op.save(inode);
  return op.commit([inode]);
}
