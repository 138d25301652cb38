/**
 * GetXattr: the value of a virtual attribute. All others come with the inode's record.
 * @module
 */
import { byteString } from '../../common/maps/ids.ts';
import type { GetXattrReply, GetXattrRequest } from '../../common/wire/gen/messages.ts';
import type { Operation } from '../core/operation.ts';
import { readVirtual } from '../core/virtual-xattrs.ts';

export function getXattr(op: Operation, request: GetXattrRequest): GetXattrReply {
  const inode = op.inode(request.ino);
  op.clear(inode, 'read');
  const value = readVirtual(op, inode, byteString(request.name), request.untold);
  return { head: { journalSeq: 0, barrierEpoch: 0, rank: op.core.rank, grants: [] }, value: Buffer.from(value, 'latin1') };
}
