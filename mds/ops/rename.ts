/**
 * Rename, by rename(2): one journal entry, whatever it spans.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { quoted } from '../../common/maps/ids.ts';
import type { RenameReply, RenameRequest } from '../../common/wire/gen/messages.ts';
import { linksMax } from '../client/limits.ts';
import { touch, touchNames, type Dentry, type Inode } from '../core/inode.ts';
import { checkedName, takesPart, type Operation } from '../core/operation.ts';
import { Access, allow, allowRemoval } from '../core/permissions.ts';
import { requireSameQuotas } from '../core/quota.ts';
import { allowUnname, removeName, requireExpected } from './unlink.ts';

export const RenameFlag = { noReplace: 1, exchange: 2 } as const;

export function rename(op: Operation, request: RenameRequest): RenameReply {
  const { repeated } = op;
  if (repeated !== undefined) return { replaced: repeated.flag, offset: 0, otherOffset: 0, head: op.repeat(repeated) };
  const { flags } = request;
  if ((flags & ~(RenameFlag.noReplace | RenameFlag.exchange)) !== 0 || flags === (RenameFlag.noReplace | RenameFlag.exchange)) {
    throw new FsError('EINVAL', `rename flags ${flags}`);
  }
  const name = checkedName(request.name);
  const newName = checkedName(request.newName);
  const from = op.namesOf(request.parent);
  op.requireOf(request.newParent, request.newParentRank);
  const to = op.namesOf(request.newParent);
  allow(op, from, Access.execute);
  allow(op, to, Access.execute);
  const source = op.find(from, name);
  if (source === undefined) throw new FsError('ENOENT', `${quoted(name)} is not in directory ${from.ino.toString(16)}`);
  const target = op.find(to, newName);
  if (target !== undefined && flags === RenameFlag.noReplace)
    throw new FsError('EEXIST', `${quoted(newName)} exists in directory ${to.ino.toString(16)}`);
  op.requireHere(source);
  if (target !== undefined) op.requireHere(target);
  const inode = op.target(source);
  const victim = target === undefined ? undefined : op.target(target);
  if (from !== to) {
    requireSameQuotas(op.core, from, to);
    // What is above a directory changes by turns, so that none comes to lie below itself by two changes at once.
    const moved = [inode, ...(flags === RenameFlag.exchange && victim !== undefined ? [victim] : [])].find((each) => each.isDirectory);
    if (moved !== undefined && op.core.isShared) throw takesPart({ ino: moved.ino, rank: op.core.rank });
  }
  if (flags === RenameFlag.exchange) {
    if (target === undefined || victim === undefined)
      throw new FsError('ENOENT', `${quoted(newName)} is not in directory ${to.ino.toString(16)}`);
    return exchange(op, from, source, inode, to, target, victim);
  }
  requireExpected(request.expectedTarget, victim?.ino);
  allowMove(op, from, inode, to);
  if (victim === inode) {
    // Two names of one file, or a name onto itself: nothing happens.
    op.clear(inode, 'read');
    return {
      replaced: false,
      offset: 0,
      otherOffset: 0,
      head: {
        journalSeq: 0,
        barrierEpoch: 0,
        rank: op.core.rank,
        grants: [op.grantBehind(inode), op.grantBehind(from), ...(from === to ? [] : [op.grantBehind(to)])],
      },
    };
  }
  if (victim !== undefined) checkVictim(op, inode, to, victim);
  allowNewParent(op, from, inode, to);
  if (victim?.isDirectory === true && victim.entries > 0)
    throw new FsError('ENOTEMPTY', `directory ${victim.ino.toString(16)} has ${victim.entries} entries`);
  if (inode.isDirectory && from !== to && victim === undefined && to.nlink >= linksMax)
    throw new FsError('EMLINK', `directory ${to.ino.toString(16)} has ${to.subdirs} subdirectories`);
  allowUnname(op, source, inode);
  if (target !== undefined && victim !== undefined) allowUnname(op, target, victim);
  op.clear(inode, 'change');
  if (victim !== undefined) op.clear(victim, 'change');
  op.clear(from, 'change');
  if (from !== to) op.clear(to, 'change');

  if (target !== undefined && victim !== undefined) removeName(op, to, target, victim);
  op.unname(from, source);
  putName(op, to, newName, source, inode, target?.position ?? op.toldPosition(to, newName, request.offset));
  const touched = finish(op, victim === undefined ? [inode] : [inode, victim], from, to);
  const journalSeq = op.commit(touched, victim !== undefined);
  if (victim?.nlink === 0 && victim.caps.length === 0) op.core.effects.purge(victim);
  return {
    replaced: victim !== undefined,
    offset: op.core.cache.positionOf(to.ino, newName),
    otherOffset: 0,
    head: { journalSeq, barrierEpoch: 0, rank: op.core.rank, grants: touched.map((each) => op.grantBehind(each)) },
  };
}

/** RENAME_EXCHANGE: both names stay, what they lead to changes places. */
function exchange(op: Operation, from: Inode, source: Dentry, inode: Inode, to: Inode, target: Dentry, other: Inode): RenameReply {
  const places = { offset: target.position, otherOffset: source.position };
  if (inode === other)
    return {
      replaced: false,
      ...places,
      head: { journalSeq: 0, barrierEpoch: 0, rank: op.core.rank, grants: [op.grantBehind(inode), op.grantBehind(from)] },
    };
  allowMove(op, from, inode, to);
  allowMove(op, to, other, from);
  allowNewParent(op, from, inode, to);
  allowNewParent(op, to, other, from);
  allowUnname(op, source, inode);
  allowUnname(op, target, other);
  for (const each of [inode, other, from, to]) op.clear(each, 'change');
  // The bytes of a file may count on in the directory that it changes places with: that keeps its name until then.
  if (inode.isDirectory) op.unname(to, target);
  op.unname(from, source);
  if (!inode.isDirectory) op.unname(to, target);
  putName(op, to, target.name, source, inode, target.position);
  putName(op, from, source.name, target, other, source.position);
  touch(other, op.now);
  const touched = finish(op, [inode, other], from, to);
  const journalSeq = op.commit(touched, true);
  return {
    replaced: true,
    ...places,
    head: { journalSeq, barrierEpoch: 0, rank: op.core.rank, grants: touched.map((each) => op.grantBehind(each)) },
  };
}

/** Gives `inode` the name in the way it had its old one, `was`: embedded or linked. A name that was there before keeps its `position`. */
function putName(op: Operation, directory: Inode, name: Dentry['name'], was: Dentry, inode: Inode, position: number | undefined): void {
  if (was.inode === undefined) op.nameLinked(directory, name, inode, position);
  else op.name(directory, name, inode, position);
}

/** Times and versions of all that took part. Returns the answer's inodes: `inodes`, then the directories. */
function finish(op: Operation, inodes: readonly Inode[], from: Inode, to: Inode): Inode[] {
  const [moved] = inodes;
  if (moved !== undefined) touch(moved, op.now);
  touchNames(from, op.now);
  if (from !== to) touchNames(to, op.now);
  const directories = from === to ? [from] : [from, to];
  for (const each of inodes) op.save(each);
  for (const each of directories) op.save(each, 'beside');
  return [...inodes, ...directories];
}

/** The right to take `inode` out of `from` and put it into `to`, and that it does not go below itself. */
function allowMove(op: Operation, from: Inode, inode: Inode, to: Inode): void {
  allowRemoval(op, from, inode);
  allow(op, to, Access.write | Access.execute);
  if (!inode.isDirectory) return;
  for (let above = to; ; above = op.inode(above.above)) {
    if (above === inode) throw new FsError('EINVAL', `directory ${inode.ino.toString(16)} cannot go below itself`);
    if (above.above === 0) return;
  }
}

/** A directory's entry `..` changes when it goes elsewhere. */
function allowNewParent(op: Operation, from: Inode, inode: Inode, to: Inode): void {
  if (inode.isDirectory && from !== to) allow(op, inode, Access.write);
}

function checkVictim(op: Operation, inode: Inode, to: Inode, victim: Inode): void {
  allowRemoval(op, to, victim);
  if (inode.isDirectory && !victim.isDirectory) throw new FsError('ENOTDIR', `inode ${victim.ino.toString(16)} is not a directory`);
  if (!inode.isDirectory && victim.isDirectory) throw new FsError('EISDIR', `inode ${victim.ino.toString(16)} is a directory`);
}
