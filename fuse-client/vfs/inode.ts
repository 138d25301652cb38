import { FsError } from '../../common/errors/fs-error.ts';
import type { ByteString, Ino } from '../../common/maps/ids.ts';
import { byteString } from '../../common/maps/ids.ts';
import type { Timespec } from '../../common/runtime/clock.ts';
import type { DirtyInode, Init, InodeRecord, Layout } from '../../common/wire/gen/messages.ts';
import {
  Cap,
  DirtyField,
  exclusiveCaps,
  FileType,
  isLater,
  laterOf,
  ModeBit,
  nothingFilled,
  spaceBlockBytes,
  type Caps,
  type Change,
  type Filled,
  type Home,
  type HeldByRank,
} from '../../mds/client/index.ts';
import { Allowances } from './allowances.ts';
import { Directory, NameTally } from './directory.ts';
import type { EarlyWrites } from './early-writes.ts';
import { FileSpace } from './file-space.ts';
import type { FileData } from './file-data.ts';
import type { Attributes } from './filesystem.ts';
import { LastChanges } from './last-changes.ts';
import type { ShownName } from './shown-names.ts';

const epochStart: Timespec = { sec: 0, nsec: 0 };
const noXattrs: ReadonlyMap<ByteString, Uint8Array> = new Map();
/** st_blksize. */
const blockSize = 4 << 20;

/** Caps under which a write may stay in memory. */
export const bufferCaps: Caps = Cap.fileWrite | Cap.fileBuffer | Cap.fileExclusive;
/** Under any of these nobody else cuts the file. */
const sizeCaps: Caps = Cap.fileExclusive | Cap.attrShared | Cap.fileCache;
/** What a reader's handle and a writer's handle want. */
export const readerWants: Caps = Cap.fileRead | Cap.fileCache;
export const writerWants: Caps = Cap.fileWrite | Cap.fileBuffer;

/** A reach that has been asked for. */
export interface Announcement {
  /** Has the journal written at once: data waits. */
  readonly hurry: () => void;
  /** The reach counts, or has ended meanwhile. */
  readonly done: Promise<void>;
  /** Of the reach that it is for: `Inode.reachLife`. */
  readonly life: number;
}

/** Resolves as `answer` does, the MDS's to a change that was asked of `inodes`: until then none of their names is changed ahead. */
export async function asked<T>(inodes: readonly Inode[], answer: Promise<T>): Promise<T> {
  for (const inode of inodes) inode.asking++;
  try {
    return await answer;
  } finally {
    for (const inode of inodes) inode.asking--;
  }
}

const nowhere: readonly ShownName[] = [];
/** What an inode is asked to give back, until that is answered. */
export interface CapRecall {
  keep: Caps;
  seq: number;
  /** The MDS has been told how long the file is. */
  sizeTold: boolean;
  readonly done: Promise<void>;
}

/** An inode as this client knows it: its record, the caps that make the record trustworthy, and what is cached of it. */
export class Inode implements HeldByRank {
  readonly ino: Ino;
  /** The MDS rank that decides about it, as far as is known. */
  rank: number;
  mode = 0;
  uid = 0;
  gid = 0;
  nlink = 0;
  rdev = 0;
  size = 0;
  atime = epochStart;
  mtime = epochStart;
  ctime = epochStart;
  btime = epochStart;
  version = -1;
  timeWarpSeq = 0;
  /** Of a directory: the one it is in. */
  parent = 0;
  /** A name that it had, as far as is known: what its data are to say of it (see Lineage). */
  home: Home | undefined;
  symlink: ByteString | undefined;
  xattrs: ReadonlyMap<ByteString, Uint8Array> = noXattrs;
  layout: Layout | null = null;
  /** As in InodeRecord: 0, or one more than the size up to which the file may grow without the MDS being asked. */
  sizeLimit = 0;
  /** Sizes that calls under way have asked for and may reach, beyond `sizeLimit` too. */
  readonly allowances = new Allowances();
  /** So far data may go to the OSDs before the MDS is told of it (see Reach), and how often that has ended. */
  reach = 0;
  reachLife = 0;
  /** More has been asked for. */
  announcement: Announcement | undefined;
  /** Until the MDS has answered that there is nothing left to tell. */
  settling: Promise<void> | undefined;

  caps: Caps = 0;
  /** Of the last grant, or of the last recall that was answered. */
  seq = 0;
  /** Being answered. */
  recall: CapRecall | undefined;
  /** References that the kernel (or the mountless client) holds. */
  references = 0;
  /** Names by which the kernel may have it: none without references. */
  shown = nowhere;
  readers = 0;
  writers = 0;
  /** Opens on their way: whatever is told to the MDS meanwhile must not take back what they ask for. */
  readersComing = 0;
  writersComing = 0;
  /** What the MDS was last told that its handles want. */
  wantedTold: Caps = 0;
  /** Operations under way that must find the inode in the table afterwards. */
  pins = 0;

  /** Made here without a name: it may still get its first one. */
  unnamed = false;

  /** Bits of DirtyField: changed here, not sent yet. */
  dirtyFields = 0;
  /** The access time is so old that the next read moves it in any case. */
  accessAged = false;
  /** Until the MDS has answered the last update that carried attributes changed here. */
  telling: Promise<void> | undefined;
  /** What has to be in the MDS's journal before all is that it was told of. */
  lastChanges: LastChanges | undefined;
  /** What told the MDS last how far the file is written: until it is in the journal that may be forgotten. */
  sizeToldBy: Change | undefined;
  /** Changes of mode and owner that count here already, and that the MDS has not answered. */
  ahead = 0;
  /** Until it has answered them. */
  aheadAnswered: Promise<void> | undefined;
  /**
   * Changes of names that count here already, and that the MDS has not answered: of names in this directory, or of what leads to this
   * inode. What the MDS sends meanwhile does not know all of them.
   */
  unanswered = 0;
  /** Changes of it under way whose answers say what they came to. Until then none of its names is changed ahead. */
  asking = 0;
  /** Of a directory: a change made ahead that the MDS has refused since, to be reported by fsync. */
  lateError: FsError | undefined;
  directory: Directory | undefined;
  data: FileData | undefined;
  /** Of a file: how much of it is data. */
  readonly space = new FileSpace();
  /** This client has the turn to append to it, beside others on other hosts. */
  appending = false;
  /** Until the MDS has stored what it was sent to append: meanwhile nothing is changed here alone. */
  carrying: Promise<void> | undefined;
  /** Owners of file locks that were lost with a session: until they let go, {@link checkLocks} fails. */
  locksLost: Set<string> | undefined;
  /** Set while it is being cut: writers wait. */
  cutting: Promise<void> | undefined;
  /** Reads that took part in filling the kernel's cache; counted to know whether an invalidation came too early. */
  readsServed = 0;
  /**
   * Until the kernel has dropped the ranges that it was told to, all of them. Of a page at the end of the file it keeps zeros behind the end; so
   * whoever is told that the file is longer is told it then.
   */
  dropped: Promise<void> | undefined;
  /** The end of the file as it was when the kernel last kept a page from there, with zeros behind it; undefined: it has none. */
  endInKernel: number | undefined;
  readsActive = 0;
  /** Undefined: there have been none. */
  earlyWrites: EarlyWrites | undefined;
  readonly #tally: NameTally;
  #attributes: Attributes | undefined;
  #capWaiters: (() => void)[] = [];
  #answerWaiters: (() => void)[] = [];

  /** `names`: counts what directories remember; its own unless it is in a table. */
  constructor(ino: Ino, names = new NameTally(), rank = 0) {
    this.ino = ino;
    this.rank = rank;
    this.#tally = names;
  }

  /** The one that decided before has taken back all that was held. */
  movedTo(rank: number): void {
    this.rank = rank;
    this.endReach();
    this.allowances.end();
    this.caps = 0;
    this.seq = 0;
    this.wantedTold = 0;
    this.recall = undefined;
    this.wakeCapWaiters();
  }

  get type(): number {
    return this.mode & FileType.mask;
  }

  get isDirectory(): boolean {
    return (this.mode & FileType.mask) === FileType.directory;
  }

  get isFile(): boolean {
    return (this.mode & FileType.mask) === FileType.regular;
  }

  /** What its handles want, those too that are being opened. */
  get wanted(): Caps {
    return (this.readers + this.readersComing > 0 ? readerWants : 0) | (this.writers + this.writersComing > 0 ? writerWants : 0);
  }

  get opened(): boolean {
    return this.readers > 0 || this.writers > 0;
  }

  /** Something changed here that the MDS must hear of; an access time alone may wait for an occasion. */
  get untold(): boolean {
    return (this.dirtyFields & ~DirtyField.atime) !== 0 || this.space.untold;
  }

  /** Nothing would be lost with it. */
  get clean(): boolean {
    return !this.untold && (this.data === undefined || this.data.settled);
  }

  /** All that was written here is on the OSDs and told, or about to be told, and nobody is here who writes on. */
  get reachIsOver(): boolean {
    if (this.reach === 0 || this.announcement !== undefined || this.cutting !== undefined || this.recall !== undefined) return false;
    if (this.untold || this.space.unsure) return false;
    return this.writers + this.writersComing === 0 && (this.data === undefined || this.data.settled);
  }

  /** The MDS is being told that nothing is left to tell, until `answered`. */
  settles(answered: Promise<unknown>): void {
    this.endReach();
    const settling = answered.then(nothing, nothing).then(() => {
      if (this.settling === settling) this.settling = undefined;
    });
    this.settling = settling;
  }

  /** Nothing that is not told goes to the OSDs before that has been asked for again. */
  endReach(): void {
    this.reach = 0;
    this.reachLife++;
  }

  holds(caps: Caps): boolean {
    return (this.caps & caps) === caps;
  }

  /**
   * Of `caps`, those that may be held: with the file open for writing here, no cached data without the right to
   * write. A write that has to wait for that right keeps pages of the kernel locked, and whoever then recalled
   * the cached data would wait for those pages, for ever.
   */
  tenable(caps: Caps): Caps {
    return this.writers > 0 && (caps & Cap.fileWrite) === 0 ? caps & ~Cap.fileCache : caps;
  }

  /** An open with `wants` is on its way, until {@link came}. */
  coming(wants: Caps): void {
    if ((wants & Cap.fileRead) !== 0) this.readersComing++;
    if ((wants & Cap.fileWrite) !== 0) this.writersComing++;
  }

  came(wants: Caps): void {
    if ((wants & Cap.fileRead) !== 0) this.readersComing--;
    if ((wants & Cap.fileWrite) !== 0) this.writersComing--;
  }

  /** Holds `caps` and has not been asked to give any of them back. */
  keeps(caps: Caps): boolean {
    return (this.caps & caps) === caps && (this.recall === undefined || (this.recall.keep & caps) === caps);
  }

  /** The kernel is dropping some of its data. */
  dropping(drop: Promise<unknown>): void {
    const dropped = Promise.allSettled([this.dropped, drop]).then(() => {
      if (this.dropped === dropped) this.dropped = undefined;
    });
    this.dropped = dropped;
  }

  get attributes(): Attributes {
    const blocks = this.#blocks();
    if (this.#attributes?.blocks === blocks) return this.#attributes;
    return (this.#attributes = {
      ino: this.ino,
      mode: this.mode,
      nlink: this.nlink,
      uid: this.uid,
      gid: this.gid,
      rdev: this.rdev,
      size: this.size,
      blocks,
      blockSize,
      atime: this.atime,
      mtime: this.mtime,
      ctime: this.ctime,
      btime: this.btime,
    });
  }

  /**
   * Takes over a record. `own`: the DirtyField bits that it answers, which it sets whatever we have. What we may have
   * changed and it may not know of yet is merged as the MDS will merge it: the record may have been sent before a size that
   * is on its way arrived, or answer that very update.
   */
  take(record: InodeRecord, own: number): void {
    if (record.version < this.version) return;
    const known = this.version >= 0;
    const exclusive = known && this.holds(Cap.fileExclusive);
    this.version = record.version;
    // What was sent before the MDS had heard of a change does not take it back.
    if (this.ahead === 0) {
      this.mode = record.mode;
      this.uid = record.uid;
      this.gid = record.gid;
    }
    const knowsAll = this.unanswered === 0;
    if (knowsAll) this.nlink = record.nlink;
    this.rdev = record.rdev;
    this.btime = record.btime ?? epochStart;
    this.parent = record.parent;
    this.#takeLayout(record.layout);
    if (record.symlink.length > 0) this.symlink ??= byteString(record.symlink);
    this.xattrs = record.xattrs.length === 0 ? noXattrs : new Map(record.xattrs.map(({ key, value }) => [byteString(key), value]));
    const mine = exclusive ? ~own : 0;
    const kept = known && (own & DirtyField.size) === 0;
    if (this.isFile) {
      if (own & DirtyField.size) this.space.set(record.size, record.space);
      else this.space.take(record.size, record.space, kept && exclusive ? 'alone' : kept && this.holds(Cap.attrShared) ? 'shared' : 'no');
    }
    if (this.isDirectory) this.size = knowsAll ? record.entries : this.size;
    else if (this.symlink !== undefined) this.size = this.symlink.length;
    else if (kept && (this.caps & sizeCaps) !== 0) this.size = Math.max(this.size, record.size);
    else this.size = record.size;
    const warp = record.timeWarpSeq - this.timeWarpSeq;
    if (knowsAll || !this.isDirectory) this.mtime = merged(this.mtime, record.mtime, (mine & DirtyField.mtime) !== 0, warp);
    // Also what was told of it since: the record may be from before.
    const accessed = warp < 0 || ((mine | (this.dirtyFields & ~own)) & DirtyField.atime) !== 0;
    this.atime = merged(this.atime, record.atime, accessed, warp);
    if (knowsAll || !this.isDirectory) this.ctime = merged(this.ctime, record.ctime, (mine & DirtyField.ctime) !== 0, 0);
    this.timeWarpSeq = Math.max(this.timeWarpSeq, record.timeWarpSeq);
    if (this.isDirectory) this.directory ??= new Directory(this.ino, this.#tally);
    this.#attributes = undefined;
  }

  #takeLayout(layout: Layout | null): void {
    if (layout === this.layout) return;
    // It changes while the file is empty.
    if (this.data?.settled === true && JSON.stringify(layout) !== JSON.stringify(this.layout)) this.data = undefined;
    this.layout = layout;
  }

  /**
   * The bytes [from, to) were written past the cache. Where others may cut the file, the size that is known here may be its past: only the end
   * of this write is certain.
   */
  wroteThrough(from: number, to: number, now: Timespec): void {
    this.space.wroteThrough(from, to);
    this.wrotePast(from, to, now);
  }

  /** As {@link wroteThrough}, of what is counted already. */
  wrotePast(from: number, to: number, now: Timespec): void {
    this.data?.cut(from, to);
    if ((this.caps & sizeCaps) === 0) this.setSize(to);
    this.dirtyFields |= DirtyField.space;
    this.wrote(to, now);
  }

  /** The size up to which the file may grow without the MDS being asked: what a quota leaves it. */
  get sizeBound(): number {
    return this.sizeLimit === 0 ? Infinity : this.sizeLimit - 1;
  }

  /** As in InodeRecord, what counts as promised to this client: by the limit, or by what calls under way have been allowed. */
  get promisedLimit(): number {
    const allowedSize = this.allowances.to;
    return Math.max(this.holds(Cap.fileExclusive) ? this.sizeLimit : 0, allowedSize === 0 ? 0 : 1 + allowedSize);
  }

  /** Takes over a limit, as far as what the MDS promises counts: while the file is this client's alone. */
  takeLimit(limit: number): void {
    const alone = this.holds(Cap.fileExclusive) && this.recall === undefined;
    this.sizeLimit = limit === 0 || alone ? limit : Math.min(limit, 1 + this.size);
  }

  /** Before data is read or changed. FsError EIO: a process believes to have it locked, and has not; what it does would harm others. */
  checkLocks(): void {
    if (this.locksLost === undefined) return;
    const number = this.ino.toString(16);
    throw new FsError('EIO', `file locks of inode ${number} were lost when this client was evicted: let go of them, or close the file`);
  }

  /** Data was written up to `end`. */
  wrote(end: number, now: Timespec): void {
    if (end > this.size) {
      this.size = end;
      this.dirtyFields |= DirtyField.size;
    }
    // Not `now`: the clock may have been set back. A time set ahead by utimensat(2) ends here, which the MDS must see.
    this.ctime = laterOf(now, this.ctime);
    if (isLater(this.mtime, this.ctime)) this.timeWarpSeq++;
    this.mtime = this.ctime;
    this.dirtyFields |= DirtyField.mtime | DirtyField.ctime;
    this.#attributes = undefined;
  }

  setSize(size: number): void {
    this.size = size;
    this.dirtyFields |= DirtyField.size;
    this.#attributes = undefined;
  }

  /** It was read at `now`. False when somebody has set a later access time, which only who has it alone may set back. */
  accessed(now: Timespec): boolean {
    if (!isLater(now, this.atime)) {
      if ((this.caps & exclusiveCaps) === 0) return false;
      if (isLater(this.atime, now)) this.timeWarpSeq++;
    }
    this.accessAged = false;
    this.atime = now;
    this.dirtyFields |= DirtyField.atime;
    this.#attributes = undefined;
    return true;
  }

  /** utimensat(2), answered here. */
  setTimes(times: { readonly atime?: Timespec | undefined; readonly mtime?: Timespec | undefined; readonly ctime: Timespec }): void {
    if (times.atime !== undefined) {
      this.atime = times.atime;
      this.dirtyFields |= DirtyField.atime;
    }
    if (times.mtime !== undefined) {
      this.mtime = times.mtime;
      this.dirtyFields |= DirtyField.mtime;
    }
    this.ctime = laterOf(times.ctime, this.ctime);
    this.dirtyFields |= DirtyField.ctime;
    this.timeWarpSeq++;
    this.#attributes = undefined;
  }

  /** chmod(2), chown(2), ahead of the MDS's answer. */
  setOwner(owner: { readonly mode?: number; readonly uid?: number; readonly gid?: number }, ctime: Timespec): void {
    if (owner.mode !== undefined) this.mode = this.type | (owner.mode & ModeBit.permissions);
    if (owner.uid !== undefined) this.uid = owner.uid;
    if (owner.gid !== undefined) this.gid = owner.gid;
    this.ctime = laterOf(ctime, this.ctime);
    this.#attributes = undefined;
  }

  /** `names` names of a directory, `subdirectories` of them directories, came (below zero: went) at `now`, as the MDS will have it. */
  namesChanged(now: Timespec, names: number, subdirectories: number): void {
    this.size += names;
    this.nlink += subdirectories;
    this.ctime = laterOf(now, this.ctime);
    this.mtime = this.ctime;
    this.#attributes = undefined;
  }

  /** It got or lost a name at `now`, and has `nlink` now, as the MDS will have it. */
  named(now: Timespec, nlink: number): void {
    this.nlink = nlink;
    this.ctime = laterOf(now, this.ctime);
    this.#attributes = undefined;
  }

  /** The MDS is told of a change of names that counts here from now on; until {@link answered}. */
  told(): void {
    this.unanswered++;
    this.pins++;
  }

  /** The MDS has answered one. */
  answered(): void {
    this.pins--;
    if (--this.unanswered > 0) return;
    const waiters = this.#answerWaiters;
    this.#answerWaiters = [];
    for (const wake of waiters) wake();
  }

  /** Resolves when it has answered all of them; undefined: it has. */
  allAnswered(): Promise<void> | undefined {
    return this.unanswered === 0 ? undefined : new Promise((resolve) => this.#answerWaiters.push(resolve));
  }

  /** The MDS was told of `change`, or has answered it. */
  changedBy(change: Change): void {
    this.lastChanges ??= new LastChanges();
    this.lastChanges.note(change);
  }

  /** Of the dirty fields, those of which the MDS hears by the cut that is under way, or after it. */
  get keptByCut(): number {
    return this.cutting === undefined ? 0 : this.dirtyFields & (DirtyField.size | DirtyField.space);
  }

  /** What is to be sent, and no longer ours to remember. */
  takeDirty(): Init<DirtyInode> | undefined {
    // A size must not follow the one that is being cut to, and how much of it is data means nothing without it: that goes with the cut.
    if (this.space.untold) this.dirtyFields |= DirtyField.space;
    const kept = this.keptByCut;
    let fields = this.dirtyFields & ~kept;
    if (fields === 0) return undefined;
    this.dirtyFields = kept;
    // A size without it would be taken for that of a file made longer without being written.
    if ((fields & DirtyField.size) !== 0) fields |= DirtyField.space;
    const filled = (fields & DirtyField.space) === 0 ? nothingFilled : this.takeFilled();
    const { size, mtime, atime, ctime, timeWarpSeq } = this;
    return { fields, size, mtime, atime, ctime, timeWarpSeq, ...filled, reach: this.#aheadOfData(filled.dataEnd) };
  }

  /** How far data goes that may be told of, up to `end`, before it is stored, while no reach that has been asked for says so; 0: there is none. */
  #aheadOfData(end: number): number {
    const stored = this.data === undefined || this.data.settled || !this.holds(Cap.fileExclusive);
    return stored || this.reach >= end ? 0 : end;
  }

  /** Nobody will hear of what was changed here. */
  forgetDirty(): void {
    this.dirtyFields = 0;
    this.space.forget(this.size);
  }

  /** What of its space is to be told, and counts as told. */
  takeFilled(): Filled {
    const { data } = this;
    return this.space.takeUntold(this.size, data === undefined || data.settled);
  }

  /** st_blocks. Of what is no file it stands for its size. */
  #blocks(): number {
    if (!this.isFile) return Math.ceil(this.size / 512);
    const unsafe = this.space.uncounted ? (this.data?.unsafeBlocks ?? 0) : 0;
    return this.space.blocks(this.size, unsafe) * (spaceBlockBytes / 512);
  }

  /** Resolves at the next change of its caps. */
  capChange(): Promise<void> {
    return new Promise((resolve) => this.#capWaiters.push(resolve));
  }

  wakeCapWaiters(): void {
    if (this.#capWaiters.length === 0) return;
    const waiters = this.#capWaiters;
    this.#capWaiters = [];
    for (const wake of waiters) wake();
  }
}

/** A time of ours and the record's: the later one, except where `warp` tells that somebody has set one back. */
function merged(ours: Timespec, theirs: Timespec | null, mine: boolean, warp: number): Timespec {
  if (!mine || warp > 0) return theirs ?? epochStart;
  return warp < 0 ? ours : laterOf(ours, theirs ?? epochStart);
}

function nothing(): void {
  // However it was answered: what is asked for next counts after it.
}
