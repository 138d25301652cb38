/**
 * RemoveXattr, by removexattr(2).
 * @module
 */
import type { RemoveXattrReply, RemoveXattrRequest } from '../../common/wire/gen/messages.ts';
import type { Operation } from '../core/operation.ts';
import { xattrNamespace } from '../client/xattr-name.ts';
import { readVirtual } from '../core/virtual-xattrs.ts';
import { checkedXattr, removeXattrNamed, setVirtualXattr } from './set-xattr.ts';

export function removeXattr(op: Operation, request: RemoveXattrRequest): RemoveXattrReply {
  const { repeated } = op;
  if (repeated !== undefined) return { head: op.repeat(repeated) };
  const inode = op.inode(request.ino);
  const name = checkedXattr(op, inode, request.name, true);
  if (xattrNamespace(name) === 'virtual') {
    readVirtual(op, inode, name, []);
    return { head: setVirtualXattr(op, inode, name, '') };
  }
  return { head: removeXattrNamed(op, inode, name) };
}
