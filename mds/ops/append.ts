/**
 * Append: the turn to write at a file's end. While a session has it no other appends, so that what is appended from many
 * hosts follows one after the other; what a session that dies in its turn has not told the size of was never appended.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { AppendReply, AppendRequest } from '../../common/wire/gen/messages.ts';
import { Blocked } from '../core/blocked.ts';
import { capOf, mayWrite } from '../core/locker.ts';
import type { Operation } from '../core/operation.ts';

export function append(op: Operation, { ino }: AppendRequest): AppendReply {
  const { core, session } = op;
  const inode = core.cache.inode(ino);
  if (!mayWrite(capOf(inode, session)))
    throw new FsError('EINVAL', `session ${session.name} appends to inode ${ino.toString(16)} without having it open for writing`);
  if (inode.appenders.some((instance) => instance !== session.instance)) throw new Blocked({ kind: 'append', inode });
  // Taken before it is certain that it can be: a session that need not wait for something would always come first.
  core.locker.takeTurn(inode, session.instance);
  try {
    op.extended(ino);
    op.clear(inode, 'read');
  } catch (error) {
    if (!(error instanceof Blocked)) core.locker.endTurn(inode, session.instance);
    throw error;
  }
  return { head: { journalSeq: 0, barrierEpoch: 0, rank: op.core.rank, grants: [op.grantBehind(inode)] } };
}
