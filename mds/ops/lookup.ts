/**
 * Lookup: the inode that a name leads to, or that there is none.
 * @module
 */
import type { LookupReply, LookupRequest } from '../../common/wire/gen/messages.ts';
import { Access, allow } from '../core/permissions.ts';
import { giverOf, isGivenRoot } from '../core/subtrees.ts';
import { checkedName, type Operation } from '../core/operation.ts';

const parentName = '..';
const here = { elsewhereIno: 0, elsewhereRank: 0 } as const;

export function lookup(op: Operation, request: LookupRequest): LookupReply {
  if (request.name.length === 0) {
    const inode = op.clearedToRead(request.parent);
    return {
      found: true,
      offset: 0,
      ...here,
      head: { journalSeq: 0, barrierEpoch: 0, rank: op.core.rank, grants: [op.grantBehind(inode)] },
    };
  }
  const directory = op.anyNamesOf(request.parent);
  allow(op, directory, Access.execute);
  if (request.name.length === 2 && Buffer.from(request.name).toString('latin1') === parentName) {
    // Of the root of a subtree the rank says that has its name.
    if (isGivenRoot(directory)) {
      const head = { journalSeq: 0, barrierEpoch: 0, rank: op.core.rank, grants: [op.grantBehind(directory)] };
      return { found: true, offset: 0, elsewhereIno: directory.parent, elsewhereRank: giverOf(directory), head };
    }
    const inode = op.clearedToRead(directory.above === 0 ? directory.ino : directory.above);
    return {
      found: true,
      offset: 0,
      ...here,
      head: { journalSeq: 0, barrierEpoch: 0, rank: op.core.rank, grants: [op.grantBehind(inode), op.grantBehind(directory)] },
    };
  }
  const dentry = op.findToRead(directory, checkedName(request.name));
  if (dentry === undefined)
    return {
      found: false,
      offset: 0,
      ...here,
      head: { journalSeq: 0, barrierEpoch: 0, rank: op.core.rank, grants: [op.grantBehind(directory)] },
    };
  const elsewhere = op.elsewhere(dentry);
  if (elsewhere !== undefined) {
    const head = { journalSeq: 0, barrierEpoch: 0, rank: op.core.rank, grants: [op.grantBehind(directory)] };
    return { found: true, offset: dentry.position, elsewhereIno: elsewhere.ino, elsewhereRank: elsewhere.rank, head };
  }
  const inode = op.shownTarget(dentry);
  op.clear(inode, 'read');
  return {
    found: true,
    offset: dentry.position,
    ...here,
    head: { journalSeq: 0, barrierEpoch: 0, rank: op.core.rank, grants: [op.grantBehind(inode), op.grantBehind(directory)] },
  };
}
