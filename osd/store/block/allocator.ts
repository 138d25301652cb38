/**
 * Which blocks of the block file are free: a bitmap, searched onwards from where the last search ended, with
 * a count of free blocks per group so that full groups are skipped.
 *
 * Not stored: it is rebuilt from the block maps when the store opens, so that it can never disagree with them.
 * @module
 */
import { assert } from '../../../common/errors/assert.ts';

/** `count` blocks from `start`. */
export interface BlockRun {
  readonly start: number;
  readonly count: number;
}

const groupBlocks = 32_768;
const wordsPerGroup = groupBlocks / 32;

export class Allocator {
  readonly blocksMax: number;
  /** A set bit is a block in use; groups come into being as the file grows into them. */
  readonly #groups: (Uint32Array | undefined)[] = [];
  readonly #freeIn: number[] = [];
  #cursor = 0;
  #free: number;
  #highest = 0;

  constructor(blocksMax: number) {
    this.blocksMax = blocksMax;
    this.#free = blocksMax;
    const groups = Math.ceil(blocksMax / groupBlocks);
    for (let i = 0; i < groups; i++) this.#freeIn.push(Math.min(groupBlocks, blocksMax - i * groupBlocks));
  }

  get freeBlocks(): number {
    return this.#free;
  }

  /** One more than the highest block ever in use: how far the file reaches. */
  get highWater(): number {
    return this.#highest;
  }

  /** Takes blocks that are known to be in use; false when one of them already was. */
  take(start: number, count: number): boolean {
    if (start < 0 || start + count > this.blocksMax) return false;
    for (let block = start; block < start + count; block++) if (!this.#set(block)) return false;
    return true;
  }

  /**
   * Finds `count` blocks in as few runs as the search comes across, the first at `near` if that is free.
   * The caller has made sure that there are enough.
   */
  allocate(count: number, near = 0): BlockRun[] {
    assert(count <= this.#free, `${count} blocks wanted, ${this.#free} free`);
    const runs: BlockRun[] = [];
    let left = count;
    if (near > 0) left -= this.#extend(runs, near, left);
    // In one piece if there is one; else in ever smaller ones.
    for (let atLeast = Math.min(left, groupBlocks); left > 0; atLeast >>>= 3) {
      left = this.#search(runs, left, Math.max(1, atLeast));
      assert(left === 0 || atLeast > 1, 'free blocks were counted that the bitmap does not have');
    }
    return runs;
  }

  /** Gives blocks back. */
  free(start: number, count: number): void {
    for (let block = start; block < start + count; block++) {
      const group = Math.floor(block / groupBlocks);
      const words = this.#groups[group];
      const word = (block % groupBlocks) >>> 5;
      const bit = 1 << (block & 31);
      assert(words && ((words[word] as number) & bit) !== 0, `block ${block} is freed twice`);
      words[word] = (words[word] as number) & ~bit;
      this.#freeIn[group] = (this.#freeIn[group] as number) + 1;
      this.#free++;
    }
  }

  isFree(block: number): boolean {
    if (block >= this.blocksMax) return false;
    const words = this.#groups[Math.floor(block / groupBlocks)];
    return !words || ((words[(block % groupBlocks) >>> 5] as number) & (1 << (block & 31))) === 0;
  }

  /** One round from the cursor, taking runs of at least `atLeast` blocks; returns how many are still missing. */
  #search(runs: BlockRun[], wanted: number, atLeast: number): number {
    let left = wanted;
    let block = this.#cursor;
    let wrapped = false;
    while (left > 0) {
      if (block >= this.blocksMax) {
        if (wrapped) break;
        wrapped = true;
        block = 0;
      }
      if (wrapped && block >= this.#cursor) break;
      const group = Math.floor(block / groupBlocks);
      if (this.#freeIn[group] === 0) {
        block = (group + 1) * groupBlocks;
        continue;
      }
      if (!this.isFree(block)) {
        block = this.#nextFree(block + 1);
        continue;
      }
      const length = this.#freeLength(block, Math.min(left, this.blocksMax - block));
      if (length >= Math.min(atLeast, left)) left -= this.#extend(runs, block, length);
      block += length;
    }
    this.#cursor = block >= this.blocksMax ? 0 : block;
    return left;
  }

  /** Next free block at or after `from`, skipping full words; may be the end. */
  #nextFree(from: number): number {
    let block = from;
    while (block < this.blocksMax) {
      const words = this.#groups[Math.floor(block / groupBlocks)];
      if (!words) return block;
      if ((block & 31) === 0 && words[(block % groupBlocks) >>> 5] === 0xffffffff) block += 32;
      else if (this.isFree(block)) return block;
      else block++;
    }
    return this.blocksMax;
  }

  #freeLength(from: number, max: number): number {
    let length = 0;
    while (length < max) {
      const block = from + length;
      const words = this.#groups[Math.floor(block / groupBlocks)];
      if (!words) {
        length += groupBlocks - (block % groupBlocks);
      } else if ((block & 31) === 0 && words[(block % groupBlocks) >>> 5] === 0) {
        length += 32;
      } else if (this.isFree(block)) {
        length++;
      } else {
        break;
      }
    }
    return Math.min(length, max);
  }

  /** Takes up to `max` free blocks from `start` on, joining the last run where they follow it. */
  #extend(runs: BlockRun[], start: number, max: number): number {
    let count = 0;
    while (count < max && start + count < this.blocksMax && this.isFree(start + count)) {
      this.#set(start + count);
      count++;
    }
    const last = runs.at(-1);
    if (count > 0) {
      if (last && last.start + last.count === start) runs[runs.length - 1] = { start: last.start, count: last.count + count };
      else runs.push({ start, count });
    }
    return count;
  }

  #set(block: number): boolean {
    const group = Math.floor(block / groupBlocks);
    const words = (this.#groups[group] ??= new Uint32Array(wordsPerGroup));
    const word = (block % groupBlocks) >>> 5;
    const bit = 1 << (block & 31);
    if (((words[word] as number) & bit) !== 0) return false;
    words[word] = (words[word] as number) | bit;
    this.#freeIn[group] = (this.#freeIn[group] as number) - 1;
    this.#free--;
    if (block >= this.#highest) this.#highest = block + 1;
    return true;
  }
}
