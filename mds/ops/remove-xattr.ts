/**
 * RemoveXattr, by removexattr(2).
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { byteString } from '../../common/maps/ids.ts';
import type { RemoveXattrReply, RemoveXattrRequest } from '../../common/wire/gen/messages.ts';
import { touch } from '../core/inode.ts';
import type { Operation } from '../core/operation.ts';
import { checkedXattr } from './set-xattr.ts';

export function removeXattr(op: Operation, request: RemoveXattrRequest): RemoveXattrReply {
  const { repeated } = op;
  if (repeated !== undefined) return { head: op.repeat(repeated) };
  const inode = op.inode(request.ino);
  const name = checkedXattr(op, inode, request.name);
  const at = inode.xattrs.findIndex(({ key }) => byteString(key) === name);
  if (at < 0) throw new FsError('ENODATA', `xattr ${name} does not exist`);
  op.clear(inode, 'change');
  inode.xattrs = inode.xattrs.toSpliced(at, 1);
  touch(inode, op.now);
  op.save(inode);
  const journalSeq = op.commit([inode]);
  return { head: { journalSeq, barrierEpoch: 0, grants: [op.grant(inode)] } };
}
