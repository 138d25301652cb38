/**
 * Lookup: the inode that a name leads to, or that there is none.
 * @module
 */
import type { LookupReply, LookupRequest } from '../../common/wire/gen/messages.ts';
import { Access, allow } from '../core/permissions.ts';
import { checkedName, type Operation } from '../core/operation.ts';

const parentName = '..';
const here = { elsewhereIno: 0, elsewhereRank: 0 } as const;

export function lookup(op: Operation, request: LookupRequest): LookupReply {
  if (request.name.length === 0) {
    const inode = op.inode(request.parent);
    op.clear(inode, 'read');
    return { found: true, offset: 0, ...here, head: { journalSeq: 0, barrierEpoch: 0, rank: op.core.rank, grants: [op.grant(inode)] } };
  }
  const directory = op.anyDirectory(request.parent);
  allow(op, directory, Access.execute);
  if (request.name.length === 2 && Buffer.from(request.name).toString('latin1') === parentName) {
    const inode = op.inode(directory.parent === 0 ? directory.ino : directory.parent);
    op.clear(inode, 'read');
    return {
      found: true,
      offset: 0,
      ...here,
      head: { journalSeq: 0, barrierEpoch: 0, rank: op.core.rank, grants: [op.grant(inode), op.grant(directory)] },
    };
  }
  const dentry = op.find(directory, checkedName(request.name));
  if (dentry === undefined)
    return {
      found: false,
      offset: 0,
      ...here,
      head: { journalSeq: 0, barrierEpoch: 0, rank: op.core.rank, grants: [op.grant(directory)] },
    };
  const inode = op.target(dentry);
  op.clear(inode, 'read');
  return {
    found: true,
    offset: dentry.position,
    ...here,
    head: { journalSeq: 0, barrierEpoch: 0, rank: op.core.rank, grants: [op.grant(inode), op.grant(directory)] },
  };
}
