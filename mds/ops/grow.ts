/**
 * Grow: a file below a quota of bytes may become longer than its client may make it without asking.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { GrowReply, GrowRequest } from '../../common/wire/gen/messages.ts';
import { Cap } from '../client/caps.ts';
import { fileBytesMax } from '../client/limits.ts';
import { capOf } from '../core/locker.ts';
import type { Operation } from '../core/operation.ts';
import { allowSize } from '../core/quota.ts';

export function grow(op: Operation, { ino, size }: GrowRequest): GrowReply {
  const inode = op.inode(ino);
  if (!inode.isRegular) throw new FsError('EINVAL', `inode ${ino.toString(16)} is not a regular file`);
  if (size > fileBytesMax) throw new FsError('EFBIG', `a size of ${size} (at most ${fileBytesMax})`);
  const cap = capOf(inode, op.session);
  // What is asked for while a recall is unanswered is not for the time after.
  allowSize(op, inode, size, cap !== undefined && cap.recall === undefined && (cap.issued & Cap.fileExclusive) !== 0);
  return { head: { journalSeq: 0, barrierEpoch: 0, rank: op.core.rank, grants: [op.grant(inode)] } };
}
