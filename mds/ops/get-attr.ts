/**
 * GetAttr: an inode's record as every client's completed changes have made it.
 * @module
 */
import type { GetAttrReply, GetAttrRequest } from '../../common/wire/gen/messages.ts';
import type { Operation } from '../core/operation.ts';

export function getAttr(op: Operation, request: GetAttrRequest): GetAttrReply {
  const inode = op.clearedToRead(request.ino);
  return { head: { journalSeq: 0, barrierEpoch: 0, rank: op.core.rank, grants: [op.grantBehind(inode)] } };
}
