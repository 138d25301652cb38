/**
 * What is cached of one file's bytes, over its blocks. Synchronous; fetching and writing back are done by
 * {@link Fetcher} and {@link WriteBack}, which meet here.
 * @module
 */
import type { FsError } from '../../common/errors/fs-error.ts';
import type { Ino } from '../../common/maps/ids.ts';
import { blocksOf, spaceBlockBytes } from '../../mds/client/index.ts';
import { Block, blockBytes } from './block.ts';
import type { BlockCache } from './block-cache.ts';
import { FileSpace } from './file-space.ts';
import type { Range } from './range.ts';
import type { FileLayout } from './striper.ts';

/** A read from the OSDs on its way. */
export interface Fetch {
  readonly from: number;
  readonly to: number;
  /** Parts that were changed meanwhile: what arrives for them is old. */
  readonly overtaken: { from: number; to: number }[];
  readonly done: Promise<void>;
}

/** A write to the OSDs on its way. */
export interface Carrier {
  readonly done: Promise<void>;
}

export class FileData {
  readonly ino: Ino;
  readonly layout: FileLayout;
  readonly space: FileSpace;
  readonly #cache: BlockCache;
  readonly #blocks = new Map<number, Block>();
  #cachedBytes = 0;
  #unsafeBytes = 0;
  readonly fetches = new Set<Fetch>();
  readonly carriers = new Set<Carrier>();
  /** Something was sent to the OSDs: there may be objects. */
  everSent = false;
  /** Its first object has been told, from here, of which file it is. */
  traced = false;
  /** The last write error and how many there were: a handle reports those that it has not seen. */
  error: FsError | undefined;
  errorCount = 0;

  constructor(ino: Ino, layout: FileLayout, cache: BlockCache, space = new FileSpace()) {
    this.ino = ino;
    this.layout = layout;
    this.#cache = cache;
    this.space = space;
  }

  get cachedBytes(): number {
    return this.#cachedBytes;
  }

  /** Dirty or on their way. */
  get unsafeBytes(): number {
    return this.#unsafeBytes;
  }

  /** Nothing dirty, nothing on its way. */
  get settled(): boolean {
    return this.#unsafeBytes === 0 && this.carriers.size === 0;
  }

  get blocks(): ReadonlyMap<number, Block> {
    return this.#blocks;
  }

  /**
   * Counts `work`, which writes to the OSDs past the cache, as on its way until it is done: a flush waits for it, and so does whoever
   * recalls the right to write. What the file's size has to follow belongs into `work`.
   */
  async carry<T>(work: Promise<T>): Promise<T> {
    const carrier: Carrier = { done: work.then(ignored, ignored) };
    this.carriers.add(carrier);
    this.everSent = true;
    try {
      return await work;
    } finally {
      this.carriers.delete(carrier);
    }
  }

  changed(_block: Block, cached: number, unsafe: number): void {
    this.#cachedBytes += cached;
    this.#unsafeBytes += unsafe;
    this.#cache.changed(cached, unsafe);
  }

  takeMemory(): Uint8Array {
    return this.#cache.takeMemory();
  }

  giveMemory(bytes: Uint8Array): void {
    this.#cache.giveMemory(bytes);
  }

  release(block: Block): void {
    if (this.#blocks.get(block.index) === block) this.#blocks.delete(block.index);
  }

  /** Puts `data`, which lies within one block, at `offset`. Returns the block. */
  write(offset: number, data: Uint8Array): Block {
    if (this.fetches.size > 0) this.#overtake(offset, offset + data.length);
    const block = this.#block(Math.floor(offset / blockBytes));
    block.write(offset, data);
    this.#cache.touch(block, this);
    return block;
  }

  /** Views of [from, to) if all of it is cached. */
  read(from: number, to: number): Uint8Array[] | undefined {
    const out: Uint8Array[] = [];
    for (let position = from; position < to;) {
      const block = this.#blocks.get(Math.floor(position / blockBytes));
      if (block === undefined) return undefined;
      const stop = Math.min(to, block.end);
      if (!block.read(position, stop, out)) return undefined;
      this.#cache.touch(block, this);
      position = stop;
    }
    return out;
  }

  /** The parts of [from, to) that are not cached, adjacent ones together. */
  missing(from: number, to: number): Range[] {
    const ranges: { from: number; to: number }[] = [];
    const miss = (begin: number, stop: number): void => {
      const last = ranges.at(-1);
      if (last?.to === begin) last.to = stop;
      else ranges.push({ from: begin, to: stop });
    };
    for (let position = from; position < to;) {
      const index = Math.floor(position / blockBytes);
      const stop = Math.min(to, (index + 1) * blockBytes);
      const block = this.#blocks.get(index);
      if (block === undefined) miss(position, stop);
      else block.scan(position, stop, ignore, miss);
      position = stop;
    }
    return ranges;
  }

  /** Lays what is cached of [from, from + target.length) over `target`. */
  overlay(from: number, target: Uint8Array): void {
    const to = from + target.length;
    for (let position = from; position < to;) {
      const index = Math.floor(position / blockBytes);
      const stop = Math.min(to, (index + 1) * blockBytes);
      this.#blocks.get(index)?.scan(position, stop, (segment, begin, end) => target.set(segment.view(begin, end), begin - from), ignore);
      position = stop;
    }
  }

  /** What a fetch brought for `offset`: fills what is still missing and was not changed since it was asked for. */
  fill(fetch: Fetch, offset: number, data: Uint8Array, writable: boolean): void {
    let pieces: Range[] = [{ from: offset, to: offset + data.length }];
    for (const hole of fetch.overtaken) pieces = pieces.flatMap((piece) => subtract(piece, hole));
    for (const piece of pieces) {
      for (let position = piece.from; position < piece.to;) {
        const block = this.#block(Math.floor(position / blockBytes));
        const stop = Math.min(piece.to, block.end);
        block.fill(position, data.subarray(position - offset, stop - offset), writable);
        this.#cache.touch(block, this);
        position = stop;
      }
    }
  }

  /** Forgets [from, to), dirty or not. */
  cut(from: number, to: number): void {
    this.#overtake(from, to);
    for (const block of [...this.#blocks.values()]) {
      if (block.end <= from || block.start >= to) continue;
      block.cut(from, to);
      if (block.cachedBytes > 0) continue;
      this.#cache.remove(block);
      this.#blocks.delete(block.index);
    }
  }

  /** Forgets what is clean. */
  dropClean(): void {
    for (const fetch of this.fetches) fetch.overtaken.push({ from: fetch.from, to: fetch.to });
    for (const block of [...this.#blocks.values()]) {
      block.dropClean();
      if (block.cachedBytes > 0) continue;
      this.#cache.remove(block);
      this.#blocks.delete(block.index);
    }
  }

  /** Blocks of {@link FileSpace} behind its head with something that is dirty or on its way. */
  get unsafeBlocks(): number {
    if (this.#unsafeBytes === 0) return 0;
    let count = 0;
    for (const { segments } of this.#blocks.values()) {
      let { head } = this.space;
      for (const { state, start, end } of segments) {
        if (state === 'clean' || blocksOf(end) <= head) continue;
        count += blocksOf(end) - Math.max(head, Math.floor(start / spaceBlockBytes));
        head = blocksOf(end);
      }
    }
    return count;
  }

  /** Ranges that are dirty or on their way, for a report of what is lost. */
  unsafeRanges(): Range[] {
    const ranges: { from: number; to: number }[] = [];
    for (const block of [...this.#blocks.values()].sort((a, b) => a.index - b.index)) {
      for (const segment of block.segments) {
        if (segment.state === 'clean') continue;
        const last = ranges.at(-1);
        if (last?.to === segment.start) last.to = segment.end;
        else ranges.push({ from: segment.start, to: segment.end });
      }
    }
    return ranges;
  }

  fail(error: FsError): void {
    this.error = error;
    this.errorCount++;
  }

  #block(index: number): Block {
    let block = this.#blocks.get(index);
    if (block === undefined) {
      block = new Block(index, this);
      this.#blocks.set(index, block);
    }
    return block;
  }

  #overtake(from: number, to: number): void {
    for (const fetch of this.fetches) if (fetch.from < to && from < fetch.to) fetch.overtaken.push({ from, to });
  }
}

function ignore(): void {
  // The other half of a scan.
}

function subtract(piece: Range, hole: Range): Range[] {
  if (hole.to <= piece.from || hole.from >= piece.to) return [piece];
  const rest: Range[] = [];
  if (hole.from > piece.from) rest.push({ from: piece.from, to: hole.from });
  if (hole.to < piece.to) rest.push({ from: hole.to, to: piece.to });
  return rest;
}

/** Whoever carries the work hears how it ended; those who wait for its end need not. */
function ignored(): void {}
