/**
 * SetAttr: mode, owner, times and size, by the rules of chmod(2), chown(2), utimensat(2) and truncate(2).
 * A smaller size is answered when the data beyond it is gone: the shell waits for `truncation` of the inode.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { SetAttrReply, SetAttrRequest } from '../../common/wire/gen/messages.ts';
import { SetAttrField as Field } from '../client/caps.ts';
import { FileType, ModeBit } from '../client/file-mode.ts';
import { applyModeToAcl } from '../core/acl.ts';
import { touch, type Inode } from '../core/inode.ts';
import { fileBytesMax, type Operation } from '../core/operation.ts';
import { Access, allow, allowOwner, isMember } from '../core/permissions.ts';

export function setAttr(op: Operation, request: SetAttrRequest): SetAttrReply {
  const { repeated } = op;
  if (repeated !== undefined) return { head: op.repeat(repeated) };
  const { fields } = request;
  const resizes = (fields & Field.size) !== 0;
  const inode = resizes ? op.settled(request.ino) : op.inode(request.ino);
  check(op, inode, request);
  const counter = resizes ? op.counter(inode) : undefined;
  op.clear(inode, resizes ? sizing(inode, request.size, request.knownSize) : 'change');

  if ((fields & Field.killSetId) !== 0) clearSetId(inode);
  if ((fields & Field.uid) !== 0) inode.uid = request.uid;
  if ((fields & Field.gid) !== 0) inode.gid = request.gid;
  if ((fields & (Field.uid | Field.gid)) !== 0 && !inode.isDirectory) clearSetId(inode);
  if ((fields & Field.mode) !== 0) {
    let mode = request.mode & 0o7777;
    // chmod(2): setgid goes when the caller is not of the file's group.
    if (op.uid !== 0 && !inode.isDirectory && !isMember(op, inode.gid)) mode &= ~ModeBit.setGid;
    inode.mode = (inode.mode & FileType.mask) | mode;
    applyModeToAcl(inode);
  }
  if (resizes) {
    const old = inode.size;
    resize(op, inode, request.size, request.knownSize);
    if (counter !== undefined) op.count(counter, inode.size - old);
  }
  setTimes(op, inode, request);
  touch(inode, (fields & Field.ctime) !== 0 ? (request.ctime ?? op.now) : op.now);
  op.save(inode);
  const journalSeq = op.commit([inode]);
  return { head: { journalSeq, barrierEpoch: 0, grants: [op.grant(inode)] } };
}

/** What giving the file `size` means for others. */
export function sizing(inode: Inode, size: number, knownSize: number): 'size' | 'cut' {
  return size < Math.max(inode.size, knownSize) ? 'cut' : 'size';
}

/** Sets a new size; what lies beyond is cut in the background, `truncateFrom` tells from where down. */
export function resize(op: Operation, inode: Inode, size: number, knownSize: number): void {
  const end = Math.min(Math.max(inode.size, knownSize), fileBytesMax);
  inode.size = size;
  inode.mtime = op.now;
  if (size >= end) return;
  inode.truncateFrom = end;
  op.core.effects.truncate(inode);
}

/** Writing, cutting and giving away clear setuid, and setgid where it is more than a lock mark. */
export function clearSetId(inode: Inode): void {
  inode.mode &= ~ModeBit.setUid;
  if ((inode.mode & ModeBit.groupExecute) !== 0) inode.mode &= ~ModeBit.setGid;
}

function check(op: Operation, inode: Inode, request: SetAttrRequest): void {
  const { fields } = request;
  if ((fields & Field.mode) !== 0) {
    allowOwner(op, inode);
    if (inode.type === FileType.symlink) throw new FsError('EOPNOTSUPP', 'a symbolic link has no mode of its own');
  }
  if ((fields & Field.uid) !== 0 && request.uid !== inode.uid && op.uid !== 0) throw new FsError('EPERM', 'only root gives files away');
  if ((fields & Field.gid) !== 0 && request.gid !== inode.gid && op.uid !== 0) {
    allowOwner(op, inode);
    if (!isMember(op, request.gid)) throw new FsError('EPERM', `uid ${op.uid} is not in group ${request.gid}`);
  }
  if ((fields & (Field.atime | Field.mtime)) !== 0) allowOwner(op, inode);
  else if ((fields & (Field.atimeNow | Field.mtimeNow)) !== 0 && op.uid !== inode.uid) allow(op, inode, Access.write);
  if ((fields & Field.size) === 0) return;
  if (inode.isDirectory) throw new FsError('EISDIR', `inode ${inode.ino.toString(16)} is a directory`);
  if (!inode.isRegular) throw new FsError('EINVAL', `inode ${inode.ino.toString(16)} is not a regular file`);
  if (request.size > fileBytesMax) throw new FsError('EFBIG', `a size of ${request.size} (at most ${fileBytesMax})`);
}

function setTimes(op: Operation, inode: Inode, { fields, atime, mtime }: SetAttrRequest): void {
  if ((fields & Field.atimeNow) !== 0) inode.atime = op.now;
  else if ((fields & Field.atime) !== 0 && atime !== null) inode.atime = atime;
  if ((fields & Field.mtimeNow) !== 0) inode.mtime = op.now;
  else if ((fields & Field.mtime) !== 0 && mtime !== null) inode.mtime = mtime;
  if ((fields & (Field.atime | Field.mtime)) !== 0) inode.timeWarpSeq++;
}
