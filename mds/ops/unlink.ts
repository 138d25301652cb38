/**
 * Unlink and rmdir. An inode that loses its last name becomes a stray until nobody uses it.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { quoted } from '../../common/maps/ids.ts';
import type { UnlinkReply, UnlinkRequest } from '../../common/wire/gen/messages.ts';
import { touch, touchNames, type Dentry, type Inode } from '../core/inode.ts';
import { checkedName, type Operation } from '../core/operation.ts';
import { Access, allow, allowRemoval } from '../core/permissions.ts';
import { limitIn } from '../core/quota.ts';

export function unlink(op: Operation, request: UnlinkRequest): UnlinkReply {
  const { repeated } = op;
  if (repeated !== undefined) return { head: op.repeat(repeated) };
  const name = checkedName(request.name);
  const directory = op.namesOf(request.parent);
  allow(op, directory, Access.execute);
  const dentry = op.find(directory, name);
  if (dentry === undefined) throw new FsError('ENOENT', `${quoted(name)} is not in directory ${directory.ino.toString(16)}`);
  if (op.isRoot(dentry) && !request.directory) throw new FsError('EISDIR', `${quoted(name)} is a directory`);
  op.requireHere(dentry);
  const inode = op.target(dentry);
  requireExpected(request.expected, inode.ino);
  allowRemoval(op, directory, inode);
  if (request.directory) {
    if (!inode.isDirectory) throw new FsError('ENOTDIR', `${quoted(name)} is not a directory`);
    if (inode.entries > 0) throw new FsError('ENOTEMPTY', `${quoted(name)} has ${inode.entries} entries`);
  } else if (inode.isDirectory) throw new FsError('EISDIR', `${quoted(name)} is a directory`);
  allowUnname(op, dentry, inode);
  op.clear(inode, 'change');
  op.clear(directory, 'change');

  removeName(op, directory, dentry, inode);
  touchNames(directory, op.now);
  op.save(directory, 'beside');
  const journalSeq = op.commit([inode, directory]);
  if (inode.nlink === 0 && inode.caps.length === 0) op.core.effects.purge(inode);
  return { head: { journalSeq, barrierEpoch: 0, rank: op.core.rank, grants: [op.grant(inode), op.grantBehind(directory)] } };
}

/**
 * That a directory is what the caller takes it for: its kernel would believe the wrong one to be gone. FsError ESTALE: another host has changed the
 * name since the kernel looked, which looks again then.
 */
export function requireExpected(expected: number, found: number | undefined): void {
  if (expected > 0 && expected !== found)
    throw new FsError(
      'ESTALE',
      `directory ${expected.toString(16)} has been replaced by ${found?.toString(16) ?? 'nothing'} since it was looked up`,
    );
}

/** Before a name is taken away: what that needs is in memory, and who writes to the file abides by the quotas that bind it then. Blocks. */
export function allowUnname(op: Operation, dentry: Dentry, inode: Inode): void {
  const heir = op.heir(dentry);
  if (heir !== undefined) limitIn(op.core, inode, heir);
}

/** Takes away one name of `inode`; with the last it becomes a stray. The caller has checked and cleared everything. */
export function removeName(op: Operation, directory: Inode, dentry: Dentry, inode: Inode): void {
  op.unname(directory, dentry);
  touch(inode, op.now);
  inode.nlink = inode.isDirectory ? 0 : inode.nlink - 1;
  if (inode.nlink > 0) {
    op.save(inode);
    return;
  }
  if (dentry.inode === undefined) op.unshelve(inode);
  op.shelve(op.core.inos.strays, inode);
  op.core.locker.unnamed(op.session, inode);
}
