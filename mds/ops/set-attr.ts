/**
 * SetAttr: mode, owner, times and size, by the rules of chmod(2), chown(2), utimensat(2) and truncate(2).
 * A smaller size is answered when the data beyond it is gone: the shell waits for `truncation` of the inode.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { SetAttrReply, SetAttrRequest } from '../../common/wire/gen/messages.ts';
import { allFilled, dataBlocks, spaceResized, spaceWritten, type Filled } from '../client/file-space.ts';
import { SetAttrField as Field } from '../client/caps.ts';
import { FileType, ModeBit } from '../client/file-mode.ts';
import { fileBytesMax } from '../client/limits.ts';
import { capabilityName } from '../client/xattr-name.ts';
import { applyModeToAcl } from '../core/acl.ts';
import { touch, type Inode } from '../core/inode.ts';
import { capOf, mayWrite } from '../core/locker.ts';
import type { Operation } from '../core/operation.ts';
import { Access, allow, allowChown, allowOwner, withoutSetId, maySetGid } from '../core/permissions.ts';
import { allowSize, endOwnPromise, endPromise } from '../core/quota.ts';
import { trustSpace } from '../core/reach.ts';

const capability = Buffer.from(capabilityName);
const chownFields = Field.uid | Field.gid | Field.sameOwner;
const touchFields = Field.atimeNow | Field.mtimeNow;

export function setAttr(op: Operation, request: SetAttrRequest): SetAttrReply {
  const { repeated } = op;
  const { fields } = request;
  const resizes = (fields & Field.size) !== 0;
  if (repeated !== undefined) {
    if (resizes) endOwnPromise(op, request.ino);
    return { head: op.repeat(repeated) };
  }
  const inode = resizes ? op.settled(request.ino) : op.inode(request.ino);
  check(op, inode, request);
  const counter = resizes ? op.counter(inode) : undefined;
  if (resizes && request.size > inode.size) allowSize(op, inode, request.size, false);
  op.clear(inode, resizes ? sizing(inode, request.size, request.knownSize) : 'change');

  if ((fields & (Field.killSetId | chownFields)) !== 0) inode.mode = withoutSetId(op, inode);
  if ((fields & (Field.killSetId | Field.dropCapability | chownFields | Field.size)) !== 0) dropCapability(inode);
  if ((fields & Field.uid) !== 0) inode.uid = request.uid;
  if ((fields & Field.gid) !== 0) inode.gid = request.gid;
  if ((fields & Field.mode) !== 0) {
    let mode = request.mode & ModeBit.permissions;
    // chmod(2): setgid goes when the caller is not of the inode's group.
    if (!maySetGid(op, inode.gid)) mode &= ~ModeBit.setGid;
    inode.mode = (inode.mode & FileType.mask) | mode;
    applyModeToAcl(inode);
  }
  if (resizes) {
    const old = inode.size;
    resize(op, inode, request.size, request.knownSize, (fields & Field.space) !== 0 ? request : undefined);
    if (counter !== undefined) op.count(counter, inode.size - old);
  }
  setTimes(op, inode, request);
  touch(inode, (fields & Field.ctime) !== 0 ? (request.ctime ?? op.now) : op.now);
  op.save(inode);
  const journalSeq = op.commit([inode]);
  return { head: { journalSeq, barrierEpoch: 0, rank: op.core.rank, grants: [op.grant(inode)] } };
}

/** What giving the file `size` means for others. */
export function sizing(inode: Inode, size: number, knownSize: number): 'size' | 'cut' {
  return size < Math.max(inode.size, knownSize) ? 'cut' : 'size';
}

/** Sets a new size; what lies beyond is cut in the background, `truncateFrom` tells from where down. */
export function resize(op: Operation, inode: Inode, size: number, knownSize: number, known?: Filled): void {
  const end = Math.min(Math.max(inode.size, knownSize), fileBytesMax);
  const told = known ?? allFilled(inode.size, end);
  const before = { size: end, space: spaceWritten(inode, end, told) };
  const { space } = before;
  trustSpace(inode, space, capOf(inode, op.session), told);
  inode.space = spaceResized(before, size);
  inode.size = size;
  // What was counted as data may never have been sent: it was cut before, and left a block with nothing in it. Of a file without data that is known.
  if (size > 0) inode.recorded = undefined;
  endPromise(op.core, inode);
  inode.mtime = op.now;
  // Beyond that there may be millions of objects that never were.
  const dataEnd = space?.dataEnd ?? end;
  if (size >= dataEnd) return;
  inode.truncateFrom = dataEnd;
  inode.blocksBeforeCut = inode.unsure || space === null ? undefined : dataBlocks(end, space);
  if (space !== null) inode.unsure = true;
  op.core.effects.truncate(inode);
}

/** File capabilities are of the data and the owner that they were given to. */
export function dropCapability(inode: Inode): void {
  const at = inode.xattrs.findIndex(({ key }) => capability.equals(key));
  if (at >= 0) inode.xattrs = inode.xattrs.toSpliced(at, 1);
}

function check(op: Operation, inode: Inode, request: SetAttrRequest): void {
  const { fields } = request;
  if ((fields & Field.mode) !== 0) {
    allowOwner(op, inode);
    if (inode.type === FileType.symlink) throw new FsError('EOPNOTSUPP', 'a symbolic link has no mode of its own');
  }
  allowChown(op, inode, (fields & Field.uid) === 0 ? undefined : request.uid, (fields & Field.gid) === 0 ? undefined : request.gid);
  if ((fields & Field.sameOwner) !== 0 && op.uid !== inode.uid) allow(op, inode, Access.write);
  const times = fields & (Field.atime | Field.mtime | Field.atimeNow | Field.mtimeNow);
  // Who may write may touch a file, both times at once (utimensat(2)); all else is the owner's.
  if (times === touchFields && op.uid !== inode.uid) allow(op, inode, Access.write);
  else if (times !== 0) allowOwner(op, inode);
  if ((fields & Field.size) === 0) return;
  if (inode.isDirectory) throw new FsError('EISDIR', `inode ${inode.ino.toString(16)} is a directory`);
  if (!inode.isRegular) throw new FsError('EINVAL', `inode ${inode.ino.toString(16)} is not a regular file`);
  if (request.size > fileBytesMax) throw new FsError('EFBIG', `a size of ${request.size} (at most ${fileBytesMax})`);
  if ((fields & Field.byHandle) === 0 || !mayWrite(capOf(inode, op.session))) allow(op, inode, Access.write);
}

function setTimes(op: Operation, inode: Inode, { fields, atime, mtime }: SetAttrRequest): void {
  if ((fields & Field.atimeNow) !== 0) inode.atime = op.now;
  else if ((fields & Field.atime) !== 0 && atime !== null) inode.atime = atime;
  if ((fields & Field.mtimeNow) !== 0) inode.mtime = op.now;
  else if ((fields & Field.mtime) !== 0 && mtime !== null) inode.mtime = mtime;
  if ((fields & (Field.atime | Field.mtime)) !== 0) inode.timeWarpSeq++;
}
