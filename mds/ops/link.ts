/**
 * Link: one more name for a file. With its second name the inode moves to the table of linked inodes.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { quoted } from '../../common/maps/ids.ts';
import type { LinkReply, LinkRequest } from '../../common/wire/gen/messages.ts';
import { linksMax } from '../client/limits.ts';
import { touch, touchNames } from '../core/inode.ts';
import { capOf } from '../core/locker.ts';
import { checkedName, type Operation } from '../core/operation.ts';
import { Access, allow } from '../core/permissions.ts';
import { allowNames, limitsBytes, requireSameQuotas } from '../core/quota.ts';

export function link(op: Operation, request: LinkRequest): LinkReply {
  const { repeated } = op;
  const name = checkedName(request.name);
  const { cache } = op.core;
  if (repeated !== undefined) return { offset: cache.positionOf(request.parent, name), head: op.repeat(repeated) };
  const directory = op.namesOf(request.parent);
  allow(op, directory, Access.write | Access.execute);
  op.requireOf(request.ino, request.rank);
  const inode = op.inode(request.ino);
  if (inode.isDirectory) throw new FsError('EPERM', 'a directory has one name only');
  const unnamed = inode.nlink === 0;
  // Only whoever has it open: what has lost its names stays without. A client that links it again for us may have closed it since.
  if (unnamed && !(request.unnamed && (op.isReplay || capOf(inode, op.session) !== undefined)))
    throw new FsError('ENOENT', `inode ${inode.ino.toString(16)} has been removed`);
  if (op.find(directory, name) !== undefined)
    throw new FsError('EEXIST', `${quoted(name)} exists in directory ${directory.ino.toString(16)}`);
  if (inode.nlink >= linksMax) throw new FsError('EMLINK', `inode ${inode.ino.toString(16)} has ${inode.nlink} names`);
  allowNames(op.core, directory, 1);
  const home = op.counter(inode);
  if (home !== undefined) requireSameQuotas(op.core, home, directory);
  else if (limitsBytes(op.core, directory)) throw new FsError('EXDEV', 'what the file holds was not counted to the quota');
  const { dentry } = inode;
  op.clear(inode, 'change');
  op.clear(directory, 'change');

  if (dentry !== undefined && !unnamed && dentry.directory !== op.core.inos.linked) {
    op.redirect(dentry, inode);
    op.shelve(op.core.inos.linked, inode);
  }
  if (unnamed) op.unshelve(inode);
  inode.nlink++;
  touch(inode, op.now);
  const position = op.toldPosition(directory, name, request.offset);
  if (unnamed) op.name(directory, name, inode, position);
  else {
    op.save(inode);
    op.nameLinked(directory, name, inode, position);
  }
  touchNames(directory, op.now);
  op.save(directory, 'beside');
  const journalSeq = op.commit([inode, directory]);
  return {
    offset: cache.positionOf(directory.ino, name),
    head: { journalSeq, barrierEpoch: 0, rank: op.core.rank, grants: [op.grant(inode), op.grantBehind(directory)] },
  };
}
