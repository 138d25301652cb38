/**
 * Open files: what is cached is read and written here, at once; what is not is fetched, written through, or
 * waited for. Which of it depends on the caps held on the inode (DESIGN §7).
 * @module
 */
import { assert } from '../../common/errors/assert.ts';
import { FsError } from '../../common/errors/fs-error.ts';
import { ino, type ByteString, type Ino } from '../../common/maps/ids.ts';
import { Cap, DirtyField, fileBytesMax, FileType, type Caps } from '../../mds/client/index.ts';
import type { AccessTimes } from './access-times.ts';
import { Appends } from './appends.ts';
import type { AttributeOps } from './attributes.ts';
import { hasCapability, losesOnWrite } from './attributes.ts';
import { blockBytes } from './block.ts';
import type { CapKeeper } from './cap-keeper.ts';
import type { ClusterSpace } from './cluster-space.ts';
import { EarlyWrites, type EarlyWrite } from './early-writes.ts';
import type { FileData } from './file-data.ts';
import { itself, type Credentials, type Entry, type Handle, type MaybePromise, type OpenReply, type WriteOptions } from './filesystem.ts';
import { Holes } from './holes.ts';
import type { Allowance, Inode } from './inode.ts';
import { bufferCaps, readerWants, writerWants } from './inode.ts';
import type { Names } from './names.ts';
import { OpenFlag, readable, synchronous, writable } from './open-flags.ts';
import { pieceViews } from './object-io.ts';
import { OpenFile } from './open-file.ts';
import { Ranges } from './ranges.ts';
import { Segment } from './segment.ts';
import { once, type Volume } from './volume.ts';

/** Caps under which a read may be answered from memory. */
const cacheCaps = Cap.fileRead | Cap.fileCache;
/** Times that a read waits for what was fetched for it before it reads past the cache. */
const fetchTriesMax = 3;
const nothing: readonly Uint8Array[] = [];

const seekData = 3;
const seekHole = 4;

interface Write {
  readonly file: OpenFile;
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** They are the kernel's pages: see WriteOptions. */
  readonly pages: boolean;
  /** At the end of the file, wherever `offset` is. */
  readonly appends: boolean;
  /** What the kernel shows of it. */
  readonly early?: EarlyWrite;
}

export class Files {
  readonly #volume: Volume;
  readonly #keeper: CapKeeper;
  readonly #names: Names;
  readonly #attributes: AttributeOps;
  readonly #accessTimes: AccessTimes;
  readonly #appends: Appends;
  readonly #holes: Holes;
  readonly #ranges: Ranges;
  /** Odd; directories' are even. */
  #nextId = 1;

  constructor(
    volume: Volume,
    keeper: CapKeeper,
    names: Names,
    attributes: AttributeOps,
    accessTimes: AccessTimes,
    clusterSpace: ClusterSpace,
  ) {
    this.#volume = volume;
    this.#keeper = keeper;
    this.#names = names;
    this.#attributes = attributes;
    this.#accessTimes = accessTimes;
    this.#holes = new Holes(volume, attributes);
    this.#ranges = new Ranges(volume, keeper, attributes, accessTimes, clusterSpace);
    this.#appends = new Appends(volume, keeper, attributes, (inode, offset, bytes) => this.#buffer(inode, offset, bytes));
  }

  // --- open and close ---

  create(who: Credentials, parent: Ino, name: ByteString, mode: number, flags: number, umask: number): MaybePromise<Entry & OpenReply> {
    const opens = wantsOf(flags);
    const made = this.#names.makeAhead(who, parent, name, { mode: regular(mode), umask, opens });
    if (made !== undefined) {
      const opened = this.#opened(made.inode, flags);
      made.inode.came(opens);
      return { ...made.entry, ...opened };
    }
    return this.#create(who, parent, name, mode, flags, umask);
  }

  async #create(who: Credentials, parent: Ino, name: ByteString, mode: number, flags: number, umask: number): Promise<Entry & OpenReply> {
    const exclusive = (flags & OpenFlag.exclusive) !== 0;
    const wants = wantsOf(flags);
    const { inode, created, dentry } = await this.#names.make(who, parent, name, {
      mode: regular(mode),
      umask,
      // A file that is certainly new is ours alone: the MDS need not hear of the handle.
      wanted: exclusive ? 0 : wants,
      opens: wants,
      exclusive,
    });
    const entry = this.#names.entry(this.#volume.inode(parent), name, dentry, inode);
    try {
      if (inode.isDirectory) throw new FsError('EISDIR', 'a directory of that name exists');
      if (!created) return { ...entry, ...(await this.open(who, inode, flags)), attributes: inode.attributes };
      return { ...entry, ...this.#opened(inode, flags) };
    } catch (error) {
      this.#volume.inodes.dereference(inode, 1);
      throw error;
    } finally {
      this.#came(inode, wants);
    }
  }

  async createUnnamed(who: Credentials, parent: Ino, mode: number, flags: number, umask: number): Promise<Entry & OpenReply> {
    const wants = wantsOf(flags);
    const inode = await this.#names.makeUnnamed(who, parent, {
      mode: regular(mode),
      umask,
      wanted: wants,
      opens: wants,
    });
    inode.unnamed = (flags & OpenFlag.exclusive) === 0;
    const entry = this.#names.entry(this.#volume.inode(parent), '.' as ByteString, undefined, inode);
    const opened = this.#opened(inode, flags);
    this.#came(inode, wants);
    return { ...entry, ...opened };
  }

  open(who: Credentials, inode: Inode, flags: number): MaybePromise<OpenReply> {
    if (inode.isDirectory && writable(flags)) throw new FsError('EISDIR', 'a directory cannot be opened for writing');
    const wants = wantsOf(flags);
    const truncates = (flags & OpenFlag.truncate) !== 0;
    if (inode.keeps(wants) && this.#volume.leased(inode) && inode.cutting === undefined) {
      if (!truncates) return this.#opened(inode, flags);
      if (inode.size === 0 && inode.keeps(bufferCaps | Cap.attrExclusive) && !hasCapability(inode)) {
        inode.wrote(0, this.#volume.env.clock.nowTimespec());
        this.#keeper.changed(inode);
        return this.#opened(inode, flags);
      }
    }
    return this.#open(who, inode, flags, wants, truncates);
  }

  async #open(who: Credentials, inode: Inode, flags: number, wants: Caps, truncates: boolean): Promise<OpenReply> {
    const { mds, inodes } = this.#volume;
    inode.pins++;
    inode.coming(wants);
    try {
      this.#keeper.releases.sendNow();
      const { wanted } = inode;
      inode.wantedTold = wanted;
      const message = { ino: inode.ino, wanted, access: (readable(flags) ? 4 : 0) | (writable(flags) ? 2 : 0), truncate: truncates };
      if (truncates) {
        const reach = writable(flags) ? this.#volume.reach.first(inode) : 0;
        await this.#attributes.cut(who, inode, 0, () =>
          mds.ask(inode, (rank) =>
            rank.change('open', who, { ...message, knownSize: Math.min(inode.size, inode.space.dataEnd), reach }, (reply, change) => {
              const own = DirtyField.size | DirtyField.space | DirtyField.mtime;
              inodes.applyAll(reply.head, own);
              inode.dirtyFields &= ~own;
              inode.changedBy(change);
              if (reach > 0) this.#volume.reach.told(inode, change, reach);
            }),
          ),
        );
      } else {
        await mds.ask(inode, (rank) => rank.query('open', who, message, (reply) => inodes.applyAll(reply.head)));
      }
      // See `tenable`: the cached data goes now, or the right to write comes, while no page is locked for a write.
      // Should the session end here: the file is not cut a second time.
      while (writable(flags) && inode.holds(Cap.fileCache) && !inode.holds(Cap.fileWrite))
        await this.#volume.again(() => this.#keeper.acquire(inode, Cap.fileWrite));
      return this.#opened(inode, flags);
    } finally {
      inode.pins--;
      this.#came(inode, wants);
    }
  }

  /** An open has succeeded or failed. */
  #came(inode: Inode, wants: Caps): void {
    inode.came(wants);
    if (inode.opened) return;
    if (inode.nlink === 0) this.#keeper.unlinked(inode);
    else if (inode.wantedTold !== inode.wanted) this.#keeper.changed(inode);
  }

  #opened(inode: Inode, flags: number): OpenReply {
    // What the kernel appends it would keep where it takes the end of the file to be.
    const appends = (flags & OpenFlag.append) !== 0 && !readable(flags);
    const cached = inode.keeps(Cap.fileCache) && !appends;
    const unseen = readable(flags) && this.#accessTimes.opened(inode, flags);
    const handle = new OpenFile(this.#nextId, inode, flags, !cached);
    this.#nextId += 2;
    if (readable(flags)) inode.readers++;
    if (writable(flags)) inode.writers++;
    return { handle, keepCache: cached && inode.dropped === undefined && !unseen, directIo: !cached };
  }

  release(handle: Handle): void {
    const file = openFile(handle);
    if (file.released) return;
    file.released = true;
    const { inode } = file;
    if (readable(file.flags)) inode.readers--;
    if (writable(file.flags)) inode.writers--;
    if (inode.opened) return;
    if (inode.nlink === 0) {
      this.#keeper.unlinked(inode);
    } else {
      if (inode.data !== undefined && inode.data.unsafeBytes > 0) this.#volume.writeBack.closed(inode.data);
      if (inode.untold || inode.wantedTold !== 0 || inode.reach > 0) this.#keeper.changed(inode);
    }
    this.#volume.inodes.rest(inode);
  }

  /**
   * close(2) of one descriptor. It tells of a write error and leaves it to be reported: it may be the copy of another process, which an exec
   * closes and where nobody looks.
   */
  flush(handle: Handle): void {
    const file = openFile(handle);
    const { data } = file.inode;
    const error = data === undefined ? undefined : file.unreported(data);
    if (error !== undefined) throw error;
  }

  async fsync(handle: Handle, dataOnly: boolean): Promise<void> {
    const file = openFile(handle);
    const { inode } = file;
    const { data } = inode;
    // Both at once: neither is promised before both are safe.
    const written = data === undefined || data.settled ? undefined : this.#volume.writeBack.flush(data);
    const skip =
      dataOnly &&
      (inode.dirtyFields & (DirtyField.size | DirtyField.space)) === 0 &&
      (inode.lastChange === undefined || inode.lastChange.durable);
    const told = skip ? undefined : this.#keeper.sendDirty(inode, true);
    const results = await Promise.allSettled([written, told]);
    this.#tellSpace(inode);
    this.#report(file);
    for (const result of results) if (result.status === 'rejected') throw result.reason as Error;
  }

  /** What has been counted while data was on its way, or is to be counted anew. */
  #tellSpace(inode: Inode): void {
    if (inode.space.untold || inode.space.unsure) this.#keeper.changed(inode);
  }

  /** Throws what is to be reported through the handle, once. */
  #report(file: OpenFile): void {
    const { data } = file.inode;
    const error = data === undefined ? undefined : file.unreported(data);
    if (data === undefined || error === undefined) return;
    file.reported(data);
    throw error;
  }

  // --- reading ---

  read(handle: Handle, offset: number, length: number, forPages = false): MaybePromise<readonly Uint8Array[]> {
    const file = openFile(handle);
    if (!readable(file.flags)) throw new FsError('EBADF', 'the file is not open for reading');
    const { inode } = file;
    inode.checkLocks();
    if ((inode.caps & cacheCaps) === cacheCaps && this.#volume.leased(inode)) {
      const end = Math.min(offset + length, inode.size);
      if (end < offset + length) this.#endsHere(file, forPages);
      if (end <= offset) return nothing;
      const views = inode.data?.read(offset, end);
      if (views !== undefined) {
        inode.readsServed++;
        this.#keepFromRecall(file, offset, end, forPages);
        this.#accessTimes.read(inode, file.flags);
        this.#readAhead(file, inode.data as FileData, offset, end);
        return withEarly(file, views, offset, forPages);
      }
    }
    return this.#read(file, offset, length, forPages);
  }

  async #read(file: OpenFile, offset: number, length: number, forPages: boolean): Promise<readonly Uint8Array[]> {
    const { inode } = file;
    inode.readsActive++;
    try {
      for (let attempt = 0; ; attempt++) {
        if (!inode.holds(Cap.fileRead) || !this.#volume.leased(inode)) await this.#keeper.acquire(inode, Cap.fileRead);
        if (!inode.holds(Cap.fileCache)) return await this.#readThrough(file, offset, length, forPages);
        const end = Math.min(offset + length, inode.size);
        if (end < offset + length) this.#endsHere(file, forPages);
        if (end <= offset) return nothing;
        const data = this.#volume.data(inode);
        const views = data.read(offset, end) ?? (attempt >= fetchTriesMax ? await this.#readPast(data, offset, end) : undefined);
        if (views !== undefined) {
          this.#keepFromRecall(file, offset, end, forPages);
          return withEarly(file, views, offset, forPages);
        }
        const span = file.span(offset, end, inode.size, this.#volume.config.prefetchFileBytesMax);
        // First the stream's whole units, then what this read itself waits for: it finds it on its way.
        if (attempt === 0) this.#readAhead(file, data, offset, end);
        const fetch = this.#volume.fetcher.fetch(data, Math.min(span.from, offset), Math.max(span.to, end));
        if (fetch !== undefined) await fetch;
      }
    } finally {
      inode.readsActive--;
      inode.readsServed++;
      this.#accessTimes.read(inode, file.flags);
    }
  }

  /** The kernel is about to keep a page in which the file ends: behind that it has zeros. */
  #endsHere({ inode, directIo }: OpenFile, forPages: boolean): void {
    if (!directIo || forPages) inode.endInKernel = Math.min(inode.endInKernel ?? Infinity, inode.size);
  }

  #readAhead(file: OpenFile, data: FileData, from: number, to: number): void {
    const { inode } = file;
    const { config, cache, fetcher } = this.#volume;
    const ahead = file.advance(from, to, inode.size, config.readaheadBytesMax);
    if (file.streaming && cache.overflowedBy(inode.size)) {
      const index = Math.floor(to / blockBytes);
      const passed = Math.floor(from / blockBytes) < index ? data.blocks.get(index - 1) : undefined;
      if (passed !== undefined) cache.passed(passed);
    }
    if (ahead === undefined) return;
    // Whoever needs it and misses it will ask again and hear of the error.
    fetcher
      .fetch(data, ahead.from, ahead.to)
      ?.catch((error: unknown) => this.#volume.env.log.debug({ ino: inode.ino, err: error }, 'readahead failed'));
  }

  /** The cache is too small for what is asked of it: OSDs and what is dirty, put together. */
  async #readPast(data: FileData, from: number, to: number): Promise<readonly Uint8Array[]> {
    // What is dirty now might be written and evicted while the read is on its way, and be in neither.
    await this.#volume.writeBack.flush(data);
    const pieces = await this.#volume.io.read(data, from, to);
    const bytes = Buffer.concat(pieceViews(pieces, { from, to }), to - from);
    data.overlay(from, bytes);
    return [bytes];
  }

  /** Others write: the size is the MDS's, the data the OSDs', at this moment. */
  async #readThrough(file: OpenFile, offset: number, length: number, forPages: boolean): Promise<readonly Uint8Array[]> {
    const { inode } = file;
    if (!inode.holds(Cap.fileExclusive)) await this.#attributes.refresh(itself, inode);
    if (!passesKernel(file, forPages)) return await this.#readFromOsds(inode, offset, length);
    const early = (inode.earlyWrites ??= new EarlyWrites());
    const look = early.beginLook();
    try {
      const views = await this.#readFromOsds(inode, offset, length);
      if (views.length > 0) this.#keepFromKernel(file, offset, offset + lengthOf(views), forPages);
      return early.over(views, offset, look);
    } finally {
      early.endLook(look);
    }
  }

  /** As far as the kernel may have been told meanwhile that the file goes: what is behind the end of a page it takes for zeros. */
  async #readFromOsds(inode: Inode, offset: number, length: number): Promise<readonly Uint8Array[]> {
    const views: Uint8Array[] = [];
    let end = offset;
    for (let to = this.#readable(inode, offset, length); to > end; to = this.#readable(inode, offset, length)) {
      const pieces = await this.#volume.io.read(this.#volume.data(inode), end, to);
      views.push(...pieceViews(pieces, { from: end, to }));
      end = to;
    }
    return views;
  }

  #readable(inode: Inode, offset: number, length: number): number {
    return Math.min(offset + length, inode.size);
  }

  /**
   * A handle that was opened when caching was allowed makes the kernel keep what passes through it, as a mapping does (`pages`): it must
   * not, now. It is told before it has the answer, whose pages are locked until then, so that it drops them when they are not any more; whoever
   * opens the file until then starts without what it has kept, and nobody is told a size until then (see `Inode.dropped`).
   */
  #keepFromKernel(file: OpenFile, from: number, to: number, pages: boolean): void {
    const { inode } = file;
    const { env, invalidator } = this.#volume;
    if (!passesKernel(file, pages) || invalidator === undefined) return;
    const dropping = this.#volume.invalidate(inode.ino, from, to - from);
    env.spawn('keep data from the kernel', () => dropping);
    this.#volume.dropping(inode, dropping);
  }

  /** While cached data is being given back, the kernel drops all of it; what it is given meanwhile may come after that. */
  #keepFromRecall(file: OpenFile, from: number, to: number, pages: boolean): void {
    if (!file.inode.keeps(Cap.fileCache)) this.#keepFromKernel(file, from, to, pages);
  }

  // --- writing ---

  write(who: Credentials, handle: Handle, offset: number, bytes: Uint8Array, options: WriteOptions): MaybePromise<number> {
    const file = openFile(handle);
    const writing = this.#volume.again(() => this.#writeAnyhow(who, file, offset, bytes, options));
    const wanted = synchronous(file.flags | (options.flags ?? 0));
    // Where the kernel keeps data, it asks for fsync itself after a write that is to be durable.
    if (wanted === undefined || options.fromPages === true || (!file.directIo && this.#volume.invalidator !== undefined)) return writing;
    return this.#durably(file, writing, wanted === 'data');
  }

  async #durably(file: OpenFile, writing: MaybePromise<number>, dataOnly: boolean): Promise<number> {
    const written = await writing;
    await this.#volume.again(() => this.fsync(file, dataOnly));
    return written;
  }

  #writeAnyhow(who: Credentials, file: OpenFile, offset: number, bytes: Uint8Array, options: WriteOptions): MaybePromise<number> {
    if (!writable(file.flags)) throw new FsError('EBADF', 'the file is not open for writing');
    const { inode } = file;
    inode.checkLocks();
    const pages = options.fromPages === true;
    const write: Write = { file, offset, bytes, pages, appends: (file.flags & OpenFlag.append) !== 0 && !pages };
    const start = write.appends ? Math.max(offset, inode.size) : offset;
    if (start + bytes.length > fileBytesMax) {
      if (start >= fileBytesMax) throw new FsError('EFBIG', `a write at ${start} (a file has at most ${fileBytesMax} bytes)`);
      return this.#writeAnyhow(who, file, offset, bytes.subarray(0, fileBytesMax - start), options);
    }
    if (this.#mayBuffer(write) && start + bytes.length <= inode.sizeBound && !losesOnWrite(who, inode, options.killSetId)) {
      const room = this.#volume.writeBack.room(bytes.length);
      if (room === undefined) {
        const written = this.#bufferFrom(write);
        const told = this.#told(write);
        return told === undefined ? written : told.then(() => written);
      }
    }
    return this.#write(who, write, options.killSetId);
  }

  #mayBuffer({ file: { inode }, appends }: Write): boolean {
    return (
      (inode.caps & bufferCaps) === bufferCaps &&
      inode.cutting === undefined &&
      !(inode.appending && appends) &&
      inode.carrying === undefined &&
      (inode.recall === undefined || inode.keeps(bufferCaps)) &&
      this.#volume.leased(inode)
    );
  }

  /** The kernel takes the end of a write past its pages for that of the file. One that goes through its pages has them locked, and waits for nothing. */
  #told({ file: { inode, directIo }, pages }: Write): Promise<void> | undefined {
    if (!directIo || pages) return undefined;
    this.#volume.dropEnd(inode, inode.size);
    return inode.dropped;
  }

  /** A write into the cache. The kernel keeps what it appends where it takes the end of the file to be: it must drop what is elsewhere. */
  #bufferFrom({ file, offset, bytes, pages, appends }: Write): number {
    const { inode } = file;
    const at = appends ? inode.size : offset;
    this.#buffer(inode, at, bytes);
    // Of what goes through its pages the kernel has all, up to here.
    if (!file.directIo && at === offset && inode.endInKernel !== undefined && at <= inode.endInKernel)
      inode.endInKernel = Math.max(inode.endInKernel, at + bytes.length);
    if (at !== offset) {
      this.#keepFromKernel(file, at, at + bytes.length, pages);
      this.#keepFromKernel(file, offset, offset + bytes.length, pages);
    }
    return bytes.length;
  }

  #buffer(inode: Inode, offset: number, bytes: Uint8Array): void {
    const end = offset + bytes.length;
    const data = this.#volume.data(inode);
    const { writeBack, cache } = this.#volume;
    // Before any of it goes out: whole blocks do at once.
    if (inode.space.wrote(offset, end)) inode.dirtyFields |= DirtyField.space;
    for (let position = offset; position < end;) {
      const stop = Math.min(end, (Math.floor(position / blockBytes) + 1) * blockBytes);
      writeBack.wrote(data, data.write(position, bytes.subarray(position - offset, stop - offset)));
      position = stop;
    }
    this.#volume.reach.wrote(inode, end);
    inode.wrote(end, this.#volume.env.clock.nowTimespec());
    this.#keeper.changed(inode);
    cache.trim();
  }

  async #write(who: Credentials, write: Write, killSetId: boolean): Promise<number> {
    const { file, offset, bytes, pages, appends } = write;
    const { inode } = file;
    // Pages being written back the kernel keeps; what is appended it shows where it takes the end of the file to be.
    const isEarly = !file.directIo && !pages && !appends && this.#volume.invalidator !== undefined;
    const early = isEarly ? (inode.earlyWrites ??= new EarlyWrites()).begin(offset, bytes) : undefined;
    try {
      if (losesOnWrite(who, inode, killSetId)) await this.#attributes.set(who, inode, { killSetId, dropCapability: true });
      return await inode.whileAllowed((allowance) => this.#writeSlowly(early === undefined ? write : { ...write, early }, allowance));
    } finally {
      if (early !== undefined) inode.earlyWrites?.end(early);
    }
  }

  async #writeSlowly(write: Write, allowance: Allowance): Promise<number> {
    const { file, offset, bytes, appends } = write;
    const { inode } = file;
    for (;;) {
      if (inode.cutting !== undefined) {
        await inode.cutting;
        continue;
      }
      // It may lie over what is being appended, and must not get below it.
      if (!appends && inode.carrying !== undefined) {
        await inode.carrying;
        continue;
      }
      const end = (appends ? inode.size : offset) + bytes.length;
      if (end > Math.max(allowance.to, inode.sizeBound) && !(appends && !this.#mayBuffer(write))) {
        await this.#attributes.grow(inode, end, allowance);
        continue;
      }
      if (this.#mayBuffer(write)) {
        const room = this.#volume.writeBack.room(bytes.length);
        if (room === undefined) {
          const written = this.#bufferFrom(write);
          await this.#told(write);
          return written;
        }
        await room;
        continue;
      }
      if (inode.holds(Cap.fileWrite) && this.#volume.leased(inode)) break;
      await this.#keeper.acquire(inode, Cap.fileWrite);
    }
    await once(this.#writeThrough(write));
    this.#report(file);
    await this.#told(write);
    return bytes.length;
  }

  /** Others look on: the data goes to the OSDs, then its end to the MDS, before the write returns. */
  async #writeThrough({ file, offset, bytes, pages, appends, early }: Write): Promise<void> {
    const { inode } = file;
    if (appends) {
      const at = await this.#appends.append(inode, bytes);
      if (at === undefined) this.#keepFromKernel(file, 0, 0, pages);
      else this.#keepFromKernel(file, at, at + bytes.length, pages);
      if (at !== offset) this.#keepFromKernel(file, offset, offset + bytes.length, pages);
      return;
    }
    const data = this.#volume.data(inode);
    if (inode.holds(bufferCaps)) {
      // Being recalled: what is buffered stays in order with this, and all of it goes out.
      this.#buffer(inode, offset, bytes);
      if (early !== undefined) inode.earlyWrites?.end(early);
      await this.#volume.writeBack.flush(data);
      return;
    }
    const end = offset + bytes.length;
    const slab = { bytes, used: bytes.length, writable: false, shown: true };
    const { io, env } = this.#volume;
    inode.space.writesThrough(offset, inode.size);
    const sent = io.write(data, [new Segment(offset, end, slab, 0, 'writing')], () => {
      if (early !== undefined) early.isSent = true;
    });
    await data.carry(sent.then(() => inode.wroteThrough(offset, end, env.clock.nowTimespec())));
    if (early !== undefined) inode.earlyWrites?.end(early);
    try {
      await this.#keeper.sendDirty(inode, false);
    } finally {
      this.#keepFromKernel(file, offset, end, pages);
    }
  }

  // --- space ---

  async allocate(who: Credentials, handle: Handle, mode: number, offset: number, length: number): Promise<void> {
    const file = openFile(handle);
    await this.#ranges.allocate(who, file, mode, offset, length);
    this.#volume.dropEnd(file.inode, file.inode.size);
    await file.inode.dropped;
  }

  async copyRange(who: Credentials, from: Handle, offset: number, to: Handle, at: number, length: number): Promise<number> {
    const target = openFile(to);
    const copied = await this.#ranges.copy(who, openFile(from), offset, target, at, length);
    this.#volume.dropEnd(target.inode, target.inode.size);
    await target.inode.dropped;
    return copied;
  }

  async seek(handle: Handle, offset: number, whence: number): Promise<number> {
    const { inode } = openFile(handle);
    if (whence !== seekData && whence !== seekHole) throw new FsError('EINVAL', `seek by ${whence}`);
    return await this.#holes.seek(inode, offset, whence === seekData ? 'data' : 'hole');
  }
}

function wantsOf(flags: number): Caps {
  return (readable(flags) ? readerWants : 0) | (writable(flags) ? writerWants : 0);
}

/** Whether the kernel keeps what it reads or writes so, for as long as it has not been told to drop it. */
function passesKernel(file: OpenFile, forPages: boolean): boolean {
  return !file.directIo || forPages;
}

/** What was read from the cache, as the kernel is to show it. */
function withEarly(file: OpenFile, views: readonly Uint8Array[], from: number, forPages: boolean): readonly Uint8Array[] {
  const { earlyWrites } = file.inode;
  return earlyWrites === undefined || !passesKernel(file, forPages) ? views : earlyWrites.over(views, from);
}

function lengthOf(views: readonly Uint8Array[]): number {
  return views.reduce((sum, { length }) => sum + length, 0);
}

function openFile(handle: Handle): OpenFile {
  assert(handle instanceof OpenFile, 'a file handle that is not ours');
  if (handle.released) throw new FsError('EBADF', `inode ${ino(handle.ino).toString(16)}: the handle is closed`);
  return handle;
}

function regular(mode: number): number {
  return (mode & ~FileType.mask) | FileType.regular;
}
