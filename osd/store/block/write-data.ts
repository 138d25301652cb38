/**
 * Writes of object data, in memory and in the record of the transaction at hand (mutate.ts).
 *
 * Data goes one of two ways. Large writes go to free blocks of the block file at once, and the record only
 * maps them. Small writes travel in the record and go to their blocks later, many together.
 *
 * Hot path: one pass, no intermediate objects for the steps.
 * @module
 */
import { assert } from '../../../common/errors/assert.ts';
import { blockBytes, totalLength } from '../transaction-check.ts';
import type { Allocator, BlockRun } from './allocator.ts';
import type { BlockFile } from './block-file.ts';
import { crc32c } from './crc.ts';
import type { DirtyBlock } from './dirty-blocks.ts';
import { opcode } from './effects.ts';
import type { RecordWriter } from './log-record.ts';
import { type Onode, shardBlocks } from './onode.ts';
import type { Pending } from './pending.ts';
import { PieceCursor } from './pieces.ts';
import type { StoreState } from './state.ts';

export interface DataWriterOptions {
  /** Writes of at least so many bytes go straight to the block file. */
  readonly bulkBytesMin: number;
  /** A pending transaction has nothing to wait for any more. */
  readonly onReady: (pending: Pending) => void;
  /** A bulk write failed. */
  readonly onFailure: (error: unknown) => void;
}

const zeros = Buffer.alloc(blockBytes);

export class DataWriter {
  readonly #state: StoreState;
  readonly #allocator: Allocator;
  readonly #file: BlockFile;
  readonly #writer: RecordWriter;
  readonly #options: DataWriterOptions;
  /** Of the transaction at hand. */
  #pending: Pending | undefined;

  constructor(state: StoreState, allocator: Allocator, file: BlockFile, writer: RecordWriter, options: DataWriterOptions) {
    this.#state = state;
    this.#allocator = allocator;
    this.#file = file;
    this.#writer = writer;
    this.#options = options;
  }

  /** What follows belongs to `pending`; undefined between transactions. */
  begin(pending: Pending | undefined): void {
    this.#pending = pending;
  }

  /** Returns whether the object's size has changed. */
  write(onode: Onode, offset: number, data: readonly Uint8Array[]): boolean {
    const length = totalLength(data);
    if (length === 0) return false;
    const end = offset + length;
    const firstBlock = Math.ceil(offset / blockBytes);
    // Beyond the object's end there are only zeros: its last block can be written whole.
    const whole = end >= onode.size;
    const endBlock = whole ? Math.ceil(end / blockBytes) : Math.floor(end / blockBytes);
    if (length >= this.#options.bulkBytesMin && endBlock > firstBlock) {
      const padding = Math.max(0, endBlock * blockBytes - end);
      const cursor = new PieceCursor(padding > 0 ? [...data, zeros.subarray(0, padding)] : data);
      this.#writeSmall(onode, offset, firstBlock * blockBytes - offset, cursor);
      this.#writeBulk(onode, firstBlock, endBlock - firstBlock, cursor);
      this.#writeSmall(onode, endBlock * blockBytes, end - endBlock * blockBytes, cursor);
    } else {
      this.#writeSmall(onode, offset, length, new PieceCursor(data));
    }
    if (end <= onode.size) return false;
    onode.size = end;
    return true;
  }

  #writeBulk(onode: Onode, firstBlock: number, count: number, cursor: PieceCursor): void {
    let index = firstBlock;
    for (const run of this.#allocator.allocate(count, this.#near(onode, firstBlock))) {
      const pieces = cursor.take(run.count * blockBytes);
      const crcs = new PieceCursor(pieces);
      this.#writer.u8(opcode.map);
      this.#writer.varint(index);
      this.#writer.varint(run.count);
      this.#writer.varint(run.start);
      for (let i = 0; i < run.count; i++) {
        const crc = crcs.blockCrc();
        this.#writer.u32(crc);
        this.#state.setBlock(onode, index++, run.start + i, crc);
      }
      this.#startBulk(run, pieces);
    }
  }

  #startBulk(run: BlockRun, pieces: readonly Uint8Array[]): void {
    const pending = this.#pending as Pending;
    pending.waits++;
    this.#file.writeBulk(run.start, run.count, pieces).then(() => this.waited(pending), this.#options.onFailure);
  }

  /** One of the things is done that the transaction waits for. */
  waited(pending: Pending): void {
    pending.waits--;
    if (pending.waits === 0) this.#options.onReady(pending);
  }

  #writeSmall(onode: Onode, offset: number, length: number, cursor: PieceCursor): void {
    if (length <= 0) return;
    const firstBlock = Math.floor(offset / blockBytes);
    const endBlock = Math.ceil((offset + length) / blockBytes);
    const fresh = this.#allocateHoles(onode, firstBlock, endBlock);
    let position = offset;
    for (let index = firstBlock; index < endBlock; index++) {
      const within = position - index * blockBytes;
      const take = Math.min(blockBytes - within, offset + length - position);
      const mapped = this.#state.blockAt(onode, index);
      this.#patch(onode, index, mapped === 0 ? (fresh?.next() as number) : mapped, mapped === 0, within, take, cursor);
      position += take;
    }
  }

  /** Blocks for the holes in [firstBlock, endBlock), side by side where possible. */
  #allocateHoles(onode: Onode, firstBlock: number, endBlock: number): { next(): number } | undefined {
    let holes = 0;
    for (let index = firstBlock; index < endBlock; index++) if (this.#state.blockAt(onode, index) === 0) holes++;
    if (holes === 0) return undefined;
    const runs = this.#allocator.allocate(holes, this.#near(onode, firstBlock));
    let run = 0;
    let used = 0;
    return {
      next: () => {
        if (used === (runs[run] as BlockRun).count) {
          run++;
          used = 0;
        }
        return (runs[run] as BlockRun).start + used++;
      },
    };
  }

  /** The place in the file after the block before `index`. */
  #near(onode: Onode, index: number): number {
    const before = index > 0 ? this.#state.blockAt(onode, index - 1) : 0;
    return before === 0 ? 0 : before + 1;
  }

  /** Changes `length` bytes of a block, from the cursor or, without one, to zeros. */
  #patch(
    onode: Onode,
    index: number,
    start: number,
    fresh: boolean,
    within: number,
    length: number,
    cursor: PieceCursor | undefined,
  ): void {
    const writer = this.#writer;
    const pending = this.#pending as Pending;
    const whole = length === blockBytes;
    const shardIndex = index % shardBlocks;
    const oldCrc = this.#state.shard(onode, Math.floor(index / shardBlocks))?.crc(shardIndex) ?? 0;
    const block = this.#open(start, fresh, whole, oldCrc);
    const shard = this.#state.setBlock(onode, index, start, oldCrc);
    writer.u8(opcode.patch);
    writer.varint(index);
    writer.varint(start);
    writer.u8(fresh ? 1 : 0);
    writer.varint(within);
    writer.ensure(4);
    const slotBuffer = writer.buffer;
    const slot = writer.position;
    writer.position += 4;
    writer.varint(length);
    writer.ensure(length);
    const at = writer.position;
    writer.position += length;
    if (cursor) cursor.copyTo(writer.buffer, at, length);
    else writer.buffer.fill(0, at, at + length);
    const bytes = writer.buffer.subarray(at, at + length);
    const change = (): void => {
      block.bytes.set(bytes, within);
      if (whole) block.damaged = false;
      const crc = block.crc();
      slotBuffer.writeUInt32LE(crc, slot);
      shard.settleCrc(shardIndex, start, crc);
    };
    if (!block.loading) {
      change();
      return;
    }
    pending.waits++;
    block.whenReady(() => {
      change();
      this.waited(pending);
    });
  }

  /** The block as the active generation may change it. */
  #open(start: number, fresh: boolean, whole: boolean, crc: number): DirtyBlock {
    const { active } = this.#state;
    const own = active.blocks.get(start);
    if (own) return own;
    const older = this.#state.dirtyBlock(start);
    const block = active.blocks.add(start);
    if (fresh) {
      assert(!older, `block ${start} was used again while it was being written`);
      block.bytes.fill(0);
    } else if (older) {
      const copy = (): void => {
        older.bytes.copy(block.bytes);
        block.damaged = older.damaged;
      };
      if (older.loading) {
        block.beginLoading();
        older.whenReady(() => {
          copy();
          block.loaded();
        });
      } else {
        copy();
      }
    } else if (!whole) {
      block.beginLoading();
      void this.#load(block, crc);
    }
    return block;
  }

  async #load(block: DirtyBlock, crc: number): Promise<void> {
    try {
      const bytes = await this.#file.read(block.start, 1);
      bytes.copy(block.bytes);
      block.damaged = crc32c(bytes) !== crc;
    } catch {
      // What cannot be read is as good as damaged: reads of it say so until all of it is written.
      block.damaged = true;
    }
    block.loaded();
  }

  /** Makes whole blocks in [from, to) holes, and zeros of the rest of it that is not a hole. */
  zero(onode: Onode, from: number, to: number): void {
    if (to <= from) return;
    const firstBlock = Math.ceil(from / blockBytes);
    const endBlock = Math.floor(to / blockBytes);
    if (endBlock > firstBlock) this.#unmap(onode, firstBlock, endBlock - firstBlock);
    if (firstBlock > endBlock) {
      this.#zeroWithin(onode, from, to - from);
    } else {
      this.#zeroWithin(onode, from, firstBlock * blockBytes - from);
      this.#zeroWithin(onode, endBlock * blockBytes, to - endBlock * blockBytes);
    }
  }

  #zeroWithin(onode: Onode, offset: number, length: number): void {
    const index = Math.floor(offset / blockBytes);
    const start = length > 0 ? this.#state.blockAt(onode, index) : 0;
    if (start !== 0) this.#patch(onode, index, start, false, offset - index * blockBytes, length, undefined);
  }

  #unmap(onode: Onode, index: number, count: number): void {
    const length = Math.min(count, onode.shardCount * shardBlocks - index);
    if (length <= 0) return;
    this.#writer.u8(opcode.unmap);
    this.#writer.varint(index);
    this.#writer.varint(length);
    this.#state.unmap(onode, index, length);
  }

  /** Returns whether the object's size has changed. */
  truncate(onode: Onode, size: number): boolean {
    if (size === onode.size) return false;
    if (size < onode.size) {
      const edge = Math.ceil(size / blockBytes);
      this.zero(onode, size, Math.min(edge * blockBytes, onode.size));
      this.#unmap(onode, edge, onode.shardCount * shardBlocks - edge);
    }
    onode.size = size;
    return true;
  }
}
