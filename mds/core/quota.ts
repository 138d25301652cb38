/**
 * Quotas: how many bytes and names there may be below a directory.
 *
 * Counts rise lazily from directory to directory; what a quota counts is the sum of what has risen and of what is on its way.
 * A file's size is known to the client that writes it before it is to us: below a quota of bytes clients let no file grow beyond
 * its `sizeLimit`, which they ask to be raised (ops/grow.ts). What has been promised in this way counts as used, so that the sum
 * never exceeds the quota, whoever writes; when it does not suffice, promises are called back, by recalling exclusive caps.
 *
 * Which quotas bind a file never changes while it has a name: renames out of a quota or into one are refused (EXDEV), as Ceph does.
 * Of a file with several names each counts; its bytes count once, where the first known of them is (`homeOf`). That all its names
 * lie below the same quotas is seen to when they are made, so it does not matter which that is; but for quotas that were set since.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { CapUpdateRequest, UntoldSize } from '../../common/wire/gen/messages.ts';
import { Cap, type Caps } from '../client/caps.ts';
import { fileBytesMax } from '../client/limits.ts';
import { Blocked } from './blocked.ts';
import { homeOf, noCounts, type Inode, type RecursiveCounts } from './inode.ts';
import type { Cap as HeldCap } from './cap.ts';
import { capOf, mayWrite } from './locker.ts';
import type { MdsCore } from './mds-core.ts';
import type { Operation } from './operation.ts';

/** Promised beyond what was asked for: as much as the file has, within these bounds, and no more than a share of the room. */
const aheadBytesMin = 1 << 20;
const aheadBytesMax = 64 << 20;
const aheadShare = 1 / 8;

const none: readonly Inode[] = [];

/** Directories whose quotas bind what is in `directory`, the nearest first. Blocks while one above is not in memory. */
export function quotasAbove({ cache }: MdsCore, directory: Inode): readonly Inode[] {
  let found: Inode[] | undefined;
  for (let at = directory; ; at = cache.directory(at.above)) {
    if (at.quota !== null) (found ??= []).push(at);
    if (at.above === 0) return found ?? none;
  }
}

/** What there is below a directory now. Blocks like {@link quotasAbove}. */
export function countBelow(core: MdsCore, root: Inode): RecursiveCounts {
  let { bytes, files, subdirs } = root.recursive ?? noCounts;
  for (const directory of core.uncounted) {
    const { recursive, counted } = directory;
    if (directory === root || recursive === null || !isIn(core, directory) || !isBelow(core, directory, root)) continue;
    bytes += recursive.bytes - counted.bytes;
    files += recursive.files - counted.files;
    subdirs += recursive.subdirs - counted.subdirs;
  }
  return { bytes, files, subdirs };
}

/** What there is in bytes, with what the session's client has written and not told yet. Blocks like {@link quotasAbove}. */
export function bytesBelow(op: Operation, root: Inode, untold: readonly UntoldSize[]): number {
  const { core, session } = op;
  let { bytes } = countBelow(core, root);
  for (const { ino, size } of untold) {
    const inode = core.cache.inodes.get(ino);
    if (inode === undefined || !inode.isRegular || size <= inode.size || !mayWrite(capOf(inode, session))) continue;
    const directory = op.counter(inode);
    if (directory !== undefined && isBelow(core, directory, root)) bytes += Math.min(size, fileBytesMax) - inode.size;
  }
  return bytes;
}

/** Whether what files below the directory hold is limited: then none is without a name, since it would be counted nowhere. */
export function limitsBytes(core: MdsCore, directory: Inode): boolean {
  return quotasAbove(core, directory).some(({ quota }) => (quota?.maxBytes ?? 0) > 0);
}

/** Throws EDQUOT unless `count` more names may be made in the directory. */
export function allowNames(core: MdsCore, directory: Inode, count: number): void {
  for (const root of quotasAbove(core, directory)) {
    const { maxFiles } = root.quota ?? { maxFiles: 0 };
    if (maxFiles === 0) continue;
    const { files, subdirs } = countBelow(core, root);
    if (files + subdirs + count > maxFiles)
      throw new FsError('EDQUOT', `directory ${root.ino.toString(16)} may have ${maxFiles} files and directories below it`);
  }
}

/** Throws EXDEV unless the same quotas bind what is in both directories. */
export function requireSameQuotas(core: MdsCore, from: Inode, to: Inode): void {
  const above = quotasAbove(core, from);
  const there = quotasAbove(core, to);
  if (above.length === there.length && above.every((root, n) => root === there[n])) return;
  throw new FsError('EXDEV', `a quota binds only one of the directories ${from.ino.toString(16)} and ${to.ino.toString(16)}: copy instead`);
}

/**
 * Throws EDQUOT unless the file may have `size` bytes; raises its limit so that it may, and by some more if it is `exclusive`ly one
 * client's. Blocks while others' promises are called back.
 */
export function allowSize(op: Operation, inode: Inode, size: number, exclusive: boolean): void {
  const { core } = op;
  const directory = op.counter(inode);
  const roots = directory === undefined ? none : quotasAbove(core, directory).filter(({ quota }) => (quota?.maxBytes ?? 0) > 0);
  if (roots.length === 0) {
    inode.sizeLimit = 0;
    core.promised.delete(inode);
    return;
  }
  if (size < inode.sizeLimit) return;
  const needed = Math.max(0, size - inode.size);
  let room = Infinity;
  for (const root of roots) room = Math.min(room, roomBelow(core, root, inode));
  if (needed > room) {
    callBack(core, roots, inode);
    throw new FsError(
      'EDQUOT',
      `inode ${inode.ino.toString(16)}: ${needed} bytes more are beyond the quota, which has room for ${Math.max(0, room)}`,
    );
  }
  const ahead = exclusive ? Math.min(Math.max(aheadBytesMin, size), aheadBytesMax, Math.floor((room - needed) * aheadShare)) : 0;
  inode.sizeLimit = 1 + Math.max(size, inode.size) + (size > inode.size ? ahead : 0);
  core.promised.add(inode);
}

/**
 * What was promised is over: the client has given back what it held alone, or a size has been set, whose answer says so. Up to `allowed` calls
 * under way may make it, which have yet to tell.
 */
export function endPromise(core: MdsCore, inode: Inode, allowed = 0): void {
  if (inode.sizeLimit > 0) inode.sizeLimit = 1 + Math.max(inode.size, Math.min(allowed, inode.sizeLimit - 1));
  if (inode.sizeLimit <= 1 + inode.size) core.promised.delete(inode);
}

/**
 * Of a request that set a size and was carried out before. Not having heard so, the client may have told with a new connection what it was promised
 * before that; what it holds alone it does not use until it is answered. One that was answered may have been promised more since.
 */
export function endOwnPromise({ core, session, isReplay }: Operation, ino: number): void {
  const inode = core.cache.inodes.get(ino);
  if (isReplay || inode === undefined) return;
  if (((capOf(inode, session)?.issued ?? 0) & Cap.fileExclusive) !== 0) endPromise(core, inode);
}

/** What a CapUpdate says of sizes that it does not tell. */
type UntoldSizes = Pick<CapUpdateRequest, 'askedSize' | 'untoldSize'>;

/** Up to where a promise goes on that ends otherwise: calls under way have been allowed so much, or the size of before a cut counts until that is done. */
function stillPromised(cap: HeldCap, { askedSize, untoldSize }: UntoldSizes): number {
  return Math.max(untoldSize, Math.min(askedSize, cap.allowed));
}

/**
 * What the client was promised who had the file alone is over, but for what it still says. After a restart more than one may come back who had it alone
 * when it told what it wrote: what the others say counts until they give it back too.
 */
export function endAlone(core: MdsCore, inode: Inode, cap: HeldCap, told: UntoldSizes): void {
  cap.claimed = 0;
  const claimed = inode.caps.reduce((size, other) => Math.max(size, other.claimed), 0);
  endPromise(core, inode, Math.max(stillPromised(cap, told), claimed));
}

/**
 * A client that is about to give back a file which it has alone has told its size. What was promised ends already: so whoever waits for
 * room waits for no more than data on its way to the OSDs, and may itself be what the client waits for.
 */
export function takeSize(core: MdsCore, inode: Inode, cap: HeldCap | undefined, told: UntoldSizes): void {
  if (cap?.recall === undefined) return;
  cap.recall.sizeTold = true;
  endAlone(core, inode, cap, told);
  core.effects.sizeTold(inode);
}

/**
 * Has all files below the directory that clients may write to without asking asked for; `lowers`: also those that were promised room under a
 * higher limit. Blocks until they do.
 */
export function limitAllBelow(core: MdsCore, root: Inode, lowers: boolean): void {
  let blocked: Blocked | undefined;
  for (const inode of core.cache.inodes.values()) {
    const home = homeOf(inode);
    const isLimited = inode.sizeLimit > 0;
    if (!inode.isRegular || home === undefined || !mayBeWritten(inode) || (isLimited && !(lowers && core.promised.has(inode)))) continue;
    // What was promised counts until it has been given back.
    if (isBelow(core, core.cache.inode(home), root)) blocked = (isLimited ? takeExclusive(core, inode) : limit(core, inode)) ?? blocked;
  }
  if (blocked !== undefined) throw blocked;
}

/** Has everybody ask for each name in the directory and below it, where clients make some unasked. Blocks until they do. */
export function limitNamesBelow(core: MdsCore, root: Inode): void {
  let blocked: Blocked | undefined;
  for (const inode of core.cache.inodes.values()) {
    const isAhead = inode.caps.some(({ issued }) => (issued & Cap.dirExclusive) !== 0);
    if (isAhead && isIn(core, inode) && isBelow(core, inode, root)) blocked = recalled(core, inode) ?? blocked;
  }
  if (blocked !== undefined) throw blocked;
}

/** The bytes of a file with several names are about to count in `heir`. Blocks until its clients ask, if a quota of bytes binds it there. */
export function limitIn(core: MdsCore, inode: Inode, heir: Inode): void {
  if (!inode.isRegular || inode.sizeLimit > 0 || !mayBeWritten(inode) || !limitsBytes(core, heir)) return;
  const blocked = limit(core, inode);
  if (blocked !== undefined) throw blocked;
}

/** Those who may write to the file without asking are to ask from now on. Returns what is to be waited for. */
function limit(core: MdsCore, inode: Inode): Blocked | undefined {
  inode.sizeLimit = 1 + inode.size;
  const blocked = takeExclusive(core, inode);
  if (blocked === undefined) tell(core, inode);
  return blocked;
}

/** Those who write through hear of the limit now: they need not ask for anything else before their next write. */
function tell(core: MdsCore, inode: Inode): void {
  for (const { instance } of inode.caps) {
    const session = core.sessions.get(instance);
    if (session !== undefined) core.effects.grant(instance, core.locker.held(session, inode));
  }
}

/** The bytes that a file may grow by before the quota of `root` stands against it. Blocks while that depends on what a dead client left. */
function roomBelow(core: MdsCore, root: Inode, inode: Inode): number {
  for (const other of core.doubtful) {
    const home = homeOf(other);
    if (home !== undefined && isBelow(core, core.cache.inode(home), root)) throw new Blocked({ kind: 'recovery', inode: other });
  }
  let room = (root.quota?.maxBytes ?? 0) - countBelow(core, root).bytes;
  for (const other of core.promised) if (other !== inode && isPromised(core, other, root)) room -= other.sizeLimit - 1 - other.size;
  return room;
}

/** Recalls what is held alone of files below the roots, so that their promises end. Throws Blocked when one may end. */
function callBack(core: MdsCore, roots: readonly Inode[], inode: Inode): void {
  let blocked: Blocked | undefined;
  for (const other of core.promised) {
    if (other === inode || !roots.some((root) => isPromised(core, other, root))) continue;
    const isRecalled = takeExclusive(core, other) !== undefined;
    // Who does not hold it alone, or has told its size, asks for each write: that one is about to be told.
    if (isRecalled && !other.caps.some(({ recall }) => recall?.sizeTold === true)) blocked ??= new Blocked({ kind: 'size', inode: other });
  }
  if (blocked !== undefined) throw blocked;
}

/** Recalls what one client holds alone of the file. Returns what is to be waited for; undefined when nobody does. */
function takeExclusive(core: MdsCore, inode: Inode): Blocked | undefined {
  if (!inode.caps.some(({ issued }) => (issued & Cap.fileExclusive) !== 0)) return undefined;
  return recalled(core, inode, Cap.fileRead | Cap.fileWrite);
}

/** Recalls what contradicts that anybody reads what the inode is. Returns what is to be waited for. */
function recalled(core: MdsCore, inode: Inode, wants?: Caps): Blocked | undefined {
  try {
    core.locker.clear(undefined, inode, 'read', wants);
    return undefined;
  } catch (error) {
    if (error instanceof Blocked) return error;
    throw error;
  }
}

function isPromised(core: MdsCore, inode: Inode, root: Inode): boolean {
  if (inode.sizeLimit - 1 <= inode.size || !mayBeWritten(inode) || core.cache.inodes.get(inode.ino) !== inode) {
    endPromise(core, inode);
    return false;
  }
  const home = homeOf(inode);
  return home !== undefined && isBelow(core, core.cache.inode(home), root);
}

function mayBeWritten({ caps }: Inode): boolean {
  return caps.some(({ issued, wanted }) => ((issued | wanted) & Cap.fileWrite) !== 0);
}

/** It is a directory in memory that has a name. */
function isIn({ cache }: MdsCore, directory: Inode): boolean {
  return directory.nlink > 0 && cache.inodes.get(directory.ino) === directory;
}

/** Whether `directory` is `root` or lies below it. */
function isBelow({ cache }: MdsCore, directory: Inode, root: Inode): boolean {
  for (let at = directory; ; at = cache.directory(at.above)) {
    if (at === root) return true;
    if (at.above === 0) return false;
  }
}
