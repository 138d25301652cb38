/**
 * RemoveXattr, by removexattr(2).
 * @module
 */
import type { RemoveXattrReply, RemoveXattrRequest } from '../../common/wire/gen/messages.ts';
import type { Operation } from '../core/operation.ts';
import { checkedXattr, removeXattrNamed } from './set-xattr.ts';

export function removeXattr(op: Operation, request: RemoveXattrRequest): RemoveXattrReply {
  const { repeated } = op;
  if (repeated !== undefined) return { head: op.repeat(repeated) };
  const inode = op.inode(request.ino);
  return { head: removeXattrNamed(op, inode, checkedXattr(op, inode, request.name)) };
}
