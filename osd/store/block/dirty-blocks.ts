/**
 * Blocks whose newest bytes are in the log and not yet in their place in the block file.
 *
 * Each generation has its own; changing a block that an older generation still has to write makes a copy. A
 * change of part of a block needs the rest of it: while that is being read, the block is loading, and the
 * changes wait in order.
 * @module
 */
import { assert } from '../../../common/errors/assert.ts';
import { blockBytes } from '../transaction-check.ts';
import { crc32c } from './crc.ts';

/** Memory is taken for this many blocks at a time, and used again. */
const slabBlocks = 64;
const slabsKept = 32;

/** Recycled memory for blocks. */
export class SlabPool {
  readonly #spare: Buffer[] = [];

  take(): Buffer {
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(slabBlocks * blockBytes);
  }

  giveBack(slabs: readonly Buffer[]): void {
    for (const slab of slabs) if (this.#spare.length < slabsKept) this.#spare.push(slab);
  }
}

export class DirtyBlock {
  /** Number of the block in the file. */
  readonly start: number;
  readonly bytes: Buffer;
  /** What it was changed upon did not match its checksum: nothing may be read of it until all of it is written. */
  damaged = false;
  /** In replay: what the crc must be at the end. */
  expectedCrc: number | undefined;
  #waiters: (() => void)[] | undefined;

  constructor(start: number, bytes: Buffer) {
    this.start = start;
    this.bytes = bytes;
  }

  get loading(): boolean {
    return this.#waiters !== undefined;
  }

  /** From now on changes wait for {@link loaded}. */
  beginLoading(): void {
    assert(this.#waiters === undefined, 'a block is loaded twice');
    this.#waiters = [];
  }

  /** The rest of it is in `bytes`; what waited is done in order. */
  loaded(): void {
    const waiters = this.#waiters;
    assert(waiters !== undefined, 'a block was not loading');
    for (let i = 0; i < waiters.length; i++) (waiters[i] as () => void)();
    this.#waiters = undefined;
  }

  /** Calls `fn` now, or when it is loaded and all earlier callers have been called. */
  whenReady(fn: () => void): void {
    if (this.#waiters) this.#waiters.push(fn);
    else fn();
  }

  /** The crc to record for the bytes as they are: one that never matches while it is damaged. */
  crc(): number {
    const crc = crc32c(this.bytes);
    return this.damaged ? ~crc >>> 0 : crc;
  }
}

/** Those of one generation. */
export class DirtyBlocks {
  readonly #blocks = new Map<number, DirtyBlock>();
  readonly #slabs: Buffer[] = [];
  readonly #pool: SlabPool;
  #used = slabBlocks;

  constructor(pool: SlabPool) {
    this.#pool = pool;
  }

  get size(): number {
    return this.#blocks.size;
  }

  get(start: number): DirtyBlock | undefined {
    return this.#blocks.get(start);
  }

  /** A new one; its bytes hold anything. */
  add(start: number): DirtyBlock {
    if (this.#used === slabBlocks) {
      this.#slabs.push(this.#pool.take());
      this.#used = 0;
    }
    const slab = this.#slabs.at(-1) as Buffer;
    const at = this.#used++ * blockBytes;
    const block = new DirtyBlock(start, slab.subarray(at, at + blockBytes));
    this.#blocks.set(start, block);
    return block;
  }

  /** The block is free: its bytes need not be written. */
  drop(start: number): void {
    this.#blocks.delete(start);
  }

  values(): IterableIterator<DirtyBlock> {
    return this.#blocks.values();
  }

  /** Everything is in its place; the memory is used again. */
  recycle(): void {
    this.#blocks.clear();
    this.#pool.giveBack(this.#slabs.splice(0));
    this.#used = slabBlocks;
  }
}
