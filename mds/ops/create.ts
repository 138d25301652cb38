/**
 * Create: mknod(2), mkdir(2), symlink(2) and open(2) with O_CREAT, by the type in `mode`. The client has chosen the
 * inode number from its session's ranges, so that the same request makes the same inode when it is sent again.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { quoted } from '../../common/maps/ids.ts';
import type { CreateReply, CreateRequest } from '../../common/wire/gen/messages.ts';
import { Cap } from '../client/caps.ts';
import { FileType, ModeBit } from '../client/file-mode.ts';
import { linksMax } from '../client/limits.ts';
import { groupAndMode, mayMakeNode } from '../client/new-inode.ts';
import { inheritAcl } from '../core/acl.ts';
import { firstPosition } from '../core/directory.ts';
import { Inode, noCounts, touchNames, zeroTime } from '../core/inode.ts';
import { checkedName, type Operation } from '../core/operation.ts';
import { Access, allow } from '../core/permissions.ts';
import { allowNames, limitsBytes } from '../core/quota.ts';
import { raiseReach } from '../core/reach.ts';

/** Bytes of a symbolic link's target, as Linux has it. */
const targetBytesMax = 4095;
const types: ReadonlySet<number> = new Set([
  FileType.fifo,
  FileType.character,
  FileType.directory,
  FileType.block,
  FileType.regular,
  FileType.symlink,
  FileType.socket,
]);

export function create(op: Operation, request: CreateRequest): CreateReply {
  const { repeated } = op;
  if (request.name.length === 0) return createUnnamed(op, request);
  const name = checkedName(request.name);
  const { cache } = op.core;
  if (repeated !== undefined) return { created: repeated.flag, offset: cache.positionOf(request.parent, name), head: op.repeat(repeated) };
  const directory = op.namesOf(request.parent);
  allow(op, directory, Access.execute);
  const existing = op.find(directory, name);
  if (existing !== undefined) {
    if (request.exclusive || request.wanted === 0)
      throw new FsError('EEXIST', `${quoted(name)} exists in directory ${directory.ino.toString(16)}`);
    if (op.isRoot(existing)) throw new FsError('EISDIR', `${quoted(name)} is a directory`);
    op.requireHere(existing);
    const inode = op.settled(op.target(existing).ino);
    if (inode.isRegular)
      allow(op, inode, (request.wanted & Cap.fileRead ? Access.read : 0) | (request.wanted & Cap.fileWrite ? Access.write : 0));
    op.clear(inode, 'read', request.wanted);
    return {
      created: false,
      offset: existing.position,
      head: { journalSeq: 0, barrierEpoch: 0, rank: op.core.rank, grants: [op.grant(inode, request.wanted), op.grantBehind(directory)] },
    };
  }
  allow(op, directory, Access.write | Access.execute);
  check(op, request, directory);
  allowNames(op.core, directory, 1);
  op.clear(directory, 'change');

  const inode = makeInode(op, request, directory);
  op.use(inode.ino);
  if (inode.isDirectory) cache.names(inode.ino, true);
  op.name(directory, name, inode, op.toldPosition(directory, name, request.offset));
  touchNames(directory, op.now);
  op.save(directory, 'beside');
  const journalSeq = op.commit([inode, directory], true);
  return {
    created: true,
    offset: cache.positionOf(directory.ino, name),
    head: {
      journalSeq,
      barrierEpoch: 0,
      rank: op.core.rank,
      grants: [op.grant(inode, request.wanted === 0 ? undefined : request.wanted), op.grantBehind(directory)],
    },
  };
}

/** O_TMPFILE: a file that lies with those that have lost their names, until it gets one or nobody has it open any more. */
function createUnnamed(op: Operation, request: CreateRequest): CreateReply {
  const { repeated } = op;
  if (repeated !== undefined) return { created: true, offset: 0, head: op.repeat(repeated) };
  const directory = op.directory(request.parent);
  allow(op, directory, Access.write | Access.execute);
  check(op, request, directory);
  if ((request.mode & FileType.mask) !== FileType.regular || request.wanted === 0)
    throw new FsError('EINVAL', 'only a file that is opened is made without a name');
  if (limitsBytes(op.core, directory)) throw new FsError('EOPNOTSUPP', 'a file without a name would not count to the quota');
  const inode = makeInode(op, request, directory);
  inode.nlink = 0;
  op.use(inode.ino);
  op.shelve(op.core.inos.strays, inode);
  const journalSeq = op.commit([inode], true);
  return { created: true, offset: 0, head: { journalSeq, barrierEpoch: 0, rank: op.core.rank, grants: [op.grant(inode, request.wanted)] } };
}

function check(op: Operation, request: CreateRequest, directory: Inode): void {
  const type = request.mode & FileType.mask;
  if (!types.has(type)) throw new FsError('EINVAL', `mode ${request.mode.toString(8)} has no known type`);
  if (!mayMakeNode(op, type, request.rdev)) throw new FsError('EPERM', 'only root makes devices');
  if (type === FileType.symlink && request.symlink.length === 0) throw new FsError('ENOENT', 'a symbolic link needs a target');
  if (request.symlink.length > targetBytesMax)
    throw new FsError('ENAMETOOLONG', `a link target of ${request.symlink.length} bytes (at most ${targetBytesMax})`);
  if (type === FileType.directory && directory.nlink >= linksMax)
    throw new FsError('EMLINK', `directory ${directory.ino.toString(16)} has ${directory.subdirs} subdirectories`);
  op.session.checkNumber(request.ino);
}

function makeInode(op: Operation, request: CreateRequest, directory: Inode): Inode {
  const { gid, mode } = groupAndMode(op, directory, request.mode & (FileType.mask | ModeBit.permissions));
  const inode = new Inode(request.ino, mode);
  inode.uid = op.uid;
  inode.gid = gid;
  inode.rdev = inode.isDirectory ? 0 : request.rdev;
  inode.atime = inode.mtime = inode.ctime = inode.btime = op.now;
  inode.symlink = request.symlink.length > 0 ? Uint8Array.from(request.symlink) : inode.symlink;
  inheritAcl(directory, inode, request.umask);
  if (inode.isDirectory) {
    inode.nlink = 2;
    inode.nextPosition = firstPosition;
    inode.recursive = { ...noCounts, ctime: zeroTime };
    inode.layout = directory.layout;
  } else if (inode.isRegular) {
    inode.layout = directory.layout;
    raiseReach(inode, request.reach, false);
  }
  return inode;
}
