/**
 * Writes to open files, and fsync: into memory where nobody else looks on, else to the OSDs before they return.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { Cap, DirtyField, fileBytesMax } from '../../mds/client/index.ts';
import type { Allowance } from './allowances.ts';
import { Appends } from './appends.ts';
import { losesOnWrite, type AttributeOps } from './attributes.ts';
import { blockBytes } from './block.ts';
import type { CapKeeper } from './cap-keeper.ts';
import { EarlyWrites, type EarlyWrite } from './early-writes.ts';
import type { Credentials, Handle, MaybePromise, WriteOptions } from './filesystem.ts';
import { bufferCaps, type Inode } from './inode.ts';
import type { KernelPages } from './kernel-pages.ts';
import { OpenFlag, synchronous, writable } from './open-flags.ts';
import { openFile, type OpenFile } from './open-file.ts';
import { Segment } from './segment.ts';
import { once, type Volume } from './volume.ts';

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

export class Writes {
  readonly #volume: Volume;
  readonly #keeper: CapKeeper;
  readonly #attributes: AttributeOps;
  readonly #appends: Appends;
  readonly #kernelPages: KernelPages;

  constructor(volume: Volume, keeper: CapKeeper, attributes: AttributeOps, kernelPages: KernelPages) {
    this.#volume = volume;
    this.#keeper = keeper;
    this.#attributes = attributes;
    this.#kernelPages = kernelPages;
    this.#appends = new Appends(volume, keeper, attributes, (inode, offset, bytes) => this.#buffer(inode, offset, bytes));
  }

  /** Resolves with the number of bytes that count as written. */
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
      this.#kernelPages.keepOut(file, at, at + bytes.length, pages);
      this.#kernelPages.keepOut(file, offset, offset + bytes.length, pages);
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
      return await inode.allowances.during((allowance) => this.#writeSlowly(early === undefined ? write : { ...write, early }, allowance));
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
    file.report();
    await this.#told(write);
    return bytes.length;
  }

  /** Others look on: the data goes to the OSDs, then its end to the MDS, before the write returns. */
  async #writeThrough({ file, offset, bytes, pages, appends, early }: Write): Promise<void> {
    const { inode } = file;
    if (appends) {
      const at = await this.#appends.append(inode, bytes);
      if (at === undefined) this.#kernelPages.keepOut(file, 0, 0, pages);
      else this.#kernelPages.keepOut(file, at, at + bytes.length, pages);
      if (at !== offset) this.#kernelPages.keepOut(file, offset, offset + bytes.length, pages);
      return;
    }
    const data = this.#volume.data(inode);
    const end = offset + bytes.length;
    if (inode.holds(bufferCaps)) {
      // Being recalled: what is buffered stays in order with this, and all of it goes out.
      this.#buffer(inode, offset, bytes);
      if (early !== undefined) inode.earlyWrites?.end(early);
      try {
        await this.#volume.writeBack.flush(data);
      } finally {
        // The kernel may have been emptied before it took this.
        this.#kernelPages.keepOut(file, offset, end, pages);
      }
      return;
    }
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
      this.#kernelPages.keepOut(file, offset, end, pages);
    }
  }

  /** Resolves when all that was written before, and how the file is, is durable; rejects with what was not, once for each handle. */
  async fsync(handle: Handle, dataOnly: boolean): Promise<void> {
    const file = openFile(handle);
    const { inode } = file;
    const { data } = inode;
    // Both at once: neither is promised before both are safe.
    const written = data === undefined || data.settled ? undefined : this.#volume.writeBack.flush(data);
    const skip = dataOnly && (inode.dirtyFields & (DirtyField.size | DirtyField.space)) === 0 && inode.lastChanges?.durable !== false;
    const told = skip ? undefined : this.#keeper.sendDirty(inode, true);
    const results = await Promise.allSettled([written, told]);
    this.#tellSpace(inode);
    file.report();
    for (const result of results) if (result.status === 'rejected') throw result.reason as Error;
  }

  /** What has been counted while data was on its way, or is to be counted anew. */
  #tellSpace(inode: Inode): void {
    if (inode.space.untold || inode.space.unsure) this.#keeper.changed(inode);
  }
}
