/**
 * Reads of open files: from memory where that is allowed, else from the OSDs, with what is likely to be read next.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { Cap } from '../../mds/client/index.ts';
import type { AccessTimes } from './access-times.ts';
import type { AttributeOps } from './attributes.ts';
import { blockBytes } from './block.ts';
import type { CapKeeper } from './cap-keeper.ts';
import { EarlyWrites } from './early-writes.ts';
import type { FileData } from './file-data.ts';
import { itself, type Handle, type MaybePromise } from './filesystem.ts';
import type { Inode } from './inode.ts';
import { passesKernel, type KernelPages } from './kernel-pages.ts';
import { pieceViews } from './object-io.ts';
import { readable } from './open-flags.ts';
import { openFile, type OpenFile } from './open-file.ts';
import type { Volume } from './volume.ts';

/** Caps under which a read may be answered from memory. */
const cacheCaps = Cap.fileRead | Cap.fileCache;
/** Times that a read waits for what was fetched for it before it reads past the cache. */
const fetchTriesMax = 3;
const nothing: readonly Uint8Array[] = [];

export class Reads {
  readonly #volume: Volume;
  readonly #keeper: CapKeeper;
  readonly #attributes: AttributeOps;
  readonly #accessTimes: AccessTimes;
  readonly #kernelPages: KernelPages;

  constructor(volume: Volume, keeper: CapKeeper, attributes: AttributeOps, accessTimes: AccessTimes, kernelPages: KernelPages) {
    this.#volume = volume;
    this.#keeper = keeper;
    this.#attributes = attributes;
    this.#accessTimes = accessTimes;
    this.#kernelPages = kernelPages;
  }

  read(handle: Handle, offset: number, length: number, forPages = false): MaybePromise<readonly Uint8Array[]> {
    const file = openFile(handle);
    if (!readable(file.flags)) throw new FsError('EBADF', 'the file is not open for reading');
    const shown = passesKernel(file, forPages) ? undefined : file.inode.earlyWrites?.done(offset, offset + length);
    return shown === undefined
      ? this.#readNow(file, offset, length, forPages)
      : shown.then(() => this.#readNow(file, offset, length, forPages));
  }

  #readNow(file: OpenFile, offset: number, length: number, forPages: boolean): MaybePromise<readonly Uint8Array[]> {
    const { inode } = file;
    inode.checkLocks();
    if ((inode.caps & cacheCaps) === cacheCaps && this.#volume.leased(inode)) {
      const end = Math.min(offset + length, inode.size);
      if (end < offset + length) this.#kernelPages.endsHere(file, forPages);
      if (end <= offset) return nothing;
      const views = inode.data?.read(offset, end);
      if (views !== undefined) {
        inode.readsServed++;
        this.#kernelPages.keepOutOfRecall(file, offset, end, forPages);
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
        if (end < offset + length) this.#kernelPages.endsHere(file, forPages);
        if (end <= offset) return nothing;
        const data = this.#volume.data(inode);
        const views = data.read(offset, end) ?? (attempt >= fetchTriesMax ? await this.#readPast(data, offset, end) : undefined);
        if (views !== undefined) {
          this.#kernelPages.keepOutOfRecall(file, offset, end, forPages);
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
      if (views.length > 0) this.#kernelPages.keepOut(file, offset, offset + lengthOf(views), forPages);
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
}

/** What was read from the cache, as the kernel is to show it. */
function withEarly(file: OpenFile, views: readonly Uint8Array[], from: number, forPages: boolean): readonly Uint8Array[] {
  const { earlyWrites } = file.inode;
  return earlyWrites === undefined || !passesKernel(file, forPages) ? views : earlyWrites.over(views, from);
}

function lengthOf(views: readonly Uint8Array[]): number {
  return views.reduce((sum, { length }) => sum + length, 0);
}
