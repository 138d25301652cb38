/**
 * Which blocks of the block file are free: a bitmap, searched onwards from where the last search ended, with
 * a count of free blocks per group so that full groups are skipped. The file grows only while little of what it
 * has is free.
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

/** The file is searched before it is made longer when at least one in so many of its blocks is free. */
const reuseShare = 8;
/** A run of so many blocks is good enough to be preferred to growing the file. */
const goodRunBlocks = 64;

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
  /** How far the file may grow for now. */
  #limit: number;

  constructor(blocksMax: number) {
    this.blocksMax = blocksMax;
    this.#limit = blocksMax;
    this.#free = blocksMax;
    const groups = Math.ceil(blocksMax / groupBlocks);
    for (let i = 0; i < groups; i++) this.#freeIn.push(Math.min(groupBlocks, blocksMax - i * groupBlocks));
  }

  get freeBlocks(): number {
    return this.#free;
  }

  /** Of the free ones, those that may be taken now. */
  get available(): number {
    return this.#free - (this.blocksMax - this.#limit);
  }

  /** The file may grow to `blocks` (at least as far as it reaches). */
  limitGrowth(blocks: number): void {
    this.#limit = Math.max(this.#highest, Math.min(blocks, this.blocksMax));
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
   * Finds `count` blocks in few runs, the first at `near` if that is free. The caller has made sure that so many
   * are {@link available}.
   */
  allocate(count: number, near = 0): BlockRun[] {
    assert(count <= this.available, `${count} blocks wanted, ${this.available} available`);
    const runs: BlockRun[] = [];
    let left = count;
    if (near > 0 && near < this.#limit) left -= this.#extend(runs, near, Math.min(left, this.#limit - near));
    const within = this.#free - (this.blocksMax - this.#highest);
    if (left > 0 && within >= left && within * reuseShare >= this.#highest)
      left = this.#search(runs, left, Math.min(left, goodRunBlocks), this.#highest);
    if (left > 0) left -= this.#extend(runs, this.#highest, Math.min(left, this.#limit - this.#highest));
    // Neither room that is good enough nor room to grow: whatever there is.
    for (let atLeast = Math.min(left, groupBlocks); left > 0; atLeast >>>= 3) {
      left = this.#search(runs, left, Math.max(1, atLeast), this.#limit);
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

  /** One round below `end` from the cursor, for runs of at least `atLeast`; returns how many are still missing. */
  #search(runs: BlockRun[], wanted: number, atLeast: number, end: number): number {
    const first = this.#cursor < end ? this.#cursor : 0;
    let left = this.#searchRange(runs, wanted, atLeast, first, end);
    if (left > 0) left = this.#searchRange(runs, left, atLeast, 0, first);
    return left;
  }

  #searchRange(runs: BlockRun[], wanted: number, atLeast: number, from: number, end: number): number {
    let left = wanted;
    let block = from;
    while (left > 0) {
      block = this.#nextFree(block, end);
      if (block >= end) break;
      const length = this.#freeLength(block, Math.min(left, end - block));
      if (length >= Math.min(atLeast, left)) left -= this.#extend(runs, block, length);
      block += length;
    }
    this.#cursor = block;
    return left;
  }

  /** Next free block at or after `from`, skipping full groups and words; `end` or more when there is none. */
  #nextFree(from: number, end: number): number {
    let block = from;
    while (block < end) {
      const group = Math.floor(block / groupBlocks);
      const words = this.#groups[group];
      if (!words) return block;
      if (this.#freeIn[group] === 0) block = (group + 1) * groupBlocks;
      else if ((block & 31) === 0 && words[(block % groupBlocks) >>> 5] === 0xffffffff) block += 32;
      else if (this.isFree(block)) return block;
      else block++;
    }
    return end;
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
