/**
 * Which blocks of all files stay in memory. Least recently used go first, except that a stream longer than
 * the cache does not push out what it will want next time round: while the oldest blocks are still younger
 * than a turn of the whole cache, the blocks that the stream has just left behind go instead.
 * @module
 */
import { blockBytes, type Block } from './block.ts';

export interface BlockHolder {
  /** The block has nothing cached any more and may be forgotten. */
  release(block: Block): void;
}

interface Residence {
  readonly holder: BlockHolder;
  /** Value of the cache's clock at its last use. */
  usedAt: number;
}

/** Left-behind blocks remembered at most. */
const passedMax = 256;
/** Blocks of memory kept for the next writes. */
const spareMax = 16;

export class BlockCache {
  readonly maxBytes: number;
  /** Oldest first. */
  readonly #blocks = new Map<Block, Residence>();
  #latest: Block | undefined;
  #bytes = 0;
  #unsafeBytes = 0;
  /** Bytes that ever came in. */
  #clock = 0;
  #passed: Block[] = [];
  readonly #spare: Uint8Array[] = [];

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Dirty or on their way. */
  get unsafeBytes(): number {
    return this.#unsafeBytes;
  }

  changed(cached: number, unsafe: number): void {
    this.#bytes += cached;
    this.#unsafeBytes += unsafe;
    if (cached > 0) this.#clock += cached;
  }

  takeMemory(): Uint8Array {
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(blockBytes);
  }

  giveMemory(bytes: Uint8Array): void {
    if (this.#spare.length < spareMax) this.#spare.push(bytes);
  }

  /** The block is used now. */
  touch(block: Block, holder: BlockHolder): void {
    if (this.#latest === block) return;
    this.#latest = block;
    const residence = this.#blocks.get(block) ?? { holder, usedAt: 0 };
    residence.usedAt = this.#clock;
    this.#blocks.delete(block);
    this.#blocks.set(block, residence);
  }

  /** The block is gone. */
  remove(block: Block): void {
    this.#blocks.delete(block);
    if (this.#latest === block) this.#latest = undefined;
  }

  /** A stream longer than the cache has left the block behind. */
  passed(block: Block): void {
    this.#passed.push(block);
    if (this.#passed.length > passedMax) this.#passed.shift();
  }

  /** Whether a stream over so many bytes would turn the cache over. */
  overflowedBy(streamBytes: number): boolean {
    return streamBytes > this.maxBytes / 2;
  }

  /** Evicts clean bytes until the limit holds, or none are left. */
  trim(): void {
    if (this.#bytes <= this.maxBytes) return;
    const turns = this.#blocks.size;
    for (let turn = 0; turn < turns && this.#bytes > this.maxBytes; turn++) {
      const [oldest] = this.#blocks as Iterable<[Block, Residence]>;
      if (oldest === undefined) return;
      const [block, residence] = oldest;
      if (this.#clock - residence.usedAt < 2 * this.maxBytes && this.#evictPassed()) continue;
      if (block.cachedBytes === block.dirtyBytes + block.writingBytes) {
        this.#blocks.delete(block);
        this.#blocks.set(block, residence);
        continue;
      }
      this.#evict(block, residence);
    }
  }

  /** Drops everything clean. */
  clear(): void {
    for (const [block, residence] of [...this.#blocks]) this.#evict(block, residence);
  }

  #evictPassed(): boolean {
    for (;;) {
      const block = this.#passed.pop();
      if (block === undefined) return false;
      const residence = this.#blocks.get(block);
      if (residence === undefined || block.cachedBytes === block.dirtyBytes + block.writingBytes) continue;
      this.#evict(block, residence);
      return true;
    }
  }

  #evict(block: Block, residence: Residence): void {
    block.dropClean();
    if (block.cachedBytes > 0) return;
    this.remove(block);
    residence.holder.release(block);
  }
}
