/**
 * Carries out a transaction in memory and writes down, as its log record, what that took (effects.ts).
 *
 * Data goes one of two ways. Large writes go to free blocks of the block file at once, and the record only
 * maps them. Small writes travel in the record and go to their blocks later, many together.
 *
 * Hot path: one pass, no intermediate objects for the steps.
 * @module
 */
import { assert, unreachable } from '../../../common/errors/assert.ts';
import type { Mutation } from '../object-store.ts';
import { keyOfTarget, shelfKey } from '../shelf.ts';
import { keyOf, keyOfText } from '../sorted-map.ts';
import { blockBytes, totalLength } from '../transaction-check.ts';
import { adoptBlocks } from './adopt-blocks.ts';
import type { Allocator, BlockRun } from './allocator.ts';
import type { BlockFile } from './block-file.ts';
import { crc32c } from './crc.ts';
import type { DirtyBlock } from './dirty-blocks.ts';
import { encodeHeadEffect, opcode } from './effects.ts';
import type { RecordWriter } from './log-record.ts';
import { type Onode, shardBlocks } from './onode.ts';
import type { Pending } from './pending.ts';
import { PieceCursor } from './pieces.ts';
import { splitTargets } from '../scope.ts';
import type { Collection } from './collection-record.ts';
import type { StoreState } from './state.ts';

export interface MutatorOptions {
  /** Writes of at least so many bytes go straight to the block file. */
  readonly bulkBytesMin: number;
  /** A pending transaction has nothing to wait for any more. */
  readonly onReady: (pending: Pending) => void;
  /** A bulk write failed. */
  readonly onFailure: (error: unknown) => void;
}

const zeros = Buffer.alloc(blockBytes);

export class Mutator {
  readonly #state: StoreState;
  readonly #allocator: Allocator;
  readonly #file: BlockFile;
  readonly #writer: RecordWriter;
  readonly #options: MutatorOptions;
  /** Of the transaction at hand. */
  #pending: Pending | undefined;
  /** The object selected last, and whether its head has changed since it was recorded. */
  #onode: Onode | undefined;
  #headChanged = false;

  constructor(state: StoreState, allocator: Allocator, file: BlockFile, writer: RecordWriter, options: MutatorOptions) {
    this.#state = state;
    this.#allocator = allocator;
    this.#file = file;
    this.#writer = writer;
    this.#options = options;
  }

  /** Sets the record of `pending`, and starts what it must wait for. */
  apply(pending: Pending, transaction: readonly Mutation[]): void {
    this.#begin(pending);
    for (const mutation of transaction) this.#mutate(mutation);
    this.#finish(pending);
  }

  /** The transaction that removes some of a dropped collection, or the last of it. */
  applyPurge(pending: Pending, cid: number, objects: readonly Onode[], metaKeys: readonly string[]): void {
    this.#begin(pending);
    for (const { cid: objectsCid, name } of objects) {
      this.#select(objectsCid, name);
      this.#remove();
    }
    for (const key of metaKeys) this.#setMeta(cid, key, null);
    if (objects.length === 0 && metaKeys.length === 0) {
      this.#writer.u8(opcode.purgeDone);
      this.#writer.varint(cid);
      this.#state.purgeDone(cid);
    }
    this.#finish(pending);
  }

  #begin(pending: Pending): void {
    this.#pending = pending;
    this.#onode = undefined;
    this.#headChanged = false;
    this.#state.freed = [];
    this.#writer.begin();
  }

  #finish(pending: Pending): void {
    this.#recordHead();
    pending.freed = this.#state.freed;
    pending.record = this.#writer.finish();
    this.#pending = undefined;
    this.#onode = undefined;
  }

  #mutate(mutation: Mutation): void {
    switch (mutation.kind) {
      case 'touch':
      case 'write':
      case 'truncate':
      case 'set-xattr':
      case 'omap-set': {
        const onode = this.#make(mutation);
        if (!onode.damaged) this.#change(onode, mutation);
        return;
      }
      case 'mark-damaged':
        this.#markDamaged(this.#make(mutation));
        return;
      case 'set-meta': {
        const value = mutation.value.byteLength > 0 ? Buffer.from(mutation.value) : null;
        const collection = this.#state.collection(mutation.pg) ?? (value ? this.#addCollection(mutation.pg) : undefined);
        if (collection) this.#setMeta(collection.cid, keyOfText(mutation.key), value);
        return;
      }
      case 'set-daemon-meta': {
        const key = keyOfText(mutation.key);
        const value = mutation.value.byteLength > 0 ? Buffer.from(mutation.value) : null;
        this.#writer.u8(opcode.daemonMeta);
        this.#writer.key(key);
        this.#writer.optionalBytes(value);
        this.#state.setDaemonMeta(key, value);
        return;
      }
      case 'unshelve':
        this.#unshelve(mutation);
        return;
      case 'remove-collection':
        this.#dropCollection(mutation.pg);
        return;
      case 'split-collection':
        this.#splitCollection(mutation);
        return;
      case 'zero':
      case 'remove':
      case 'set-version':
      case 'remove-xattr':
      case 'omap-remove':
      case 'omap-clear':
        this.#mutateExisting(mutation);
        return;
      default:
        unreachable(mutation);
    }
  }

  #markDamaged(onode: Onode): void {
    this.#recordHead();
    this.#writer.u8(opcode.damaged);
    this.#onode = this.#state.markDamaged(onode.cid, onode.name);
  }

  #change(onode: Onode, mutation: Extract<Mutation, { kind: 'touch' | 'write' | 'truncate' | 'set-xattr' | 'omap-set' }>): void {
    switch (mutation.kind) {
      case 'touch':
        return;
      case 'write':
        this.#write(onode, mutation.offset, mutation.data);
        return;
      case 'truncate':
        this.#truncate(onode, mutation.size);
        return;
      case 'set-xattr':
        this.#setXattr(mutation.name, Buffer.from(mutation.value));
        return;
      case 'omap-set':
        this.#omapSet(onode, mutation.entries);
        return;
      default:
        unreachable(mutation);
    }
  }

  /** These do nothing to an object that isn't there. */
  #mutateExisting(
    mutation: Extract<Mutation, { kind: 'zero' | 'remove' | 'set-version' | 'remove-xattr' | 'omap-remove' | 'omap-clear' }>,
  ): void {
    const collection = this.#state.collection(mutation.pg);
    const onode = collection && this.#select(collection.objectsCid, keyOfTarget(mutation), collection);
    if (!onode || (onode.damaged && mutation.kind !== 'remove')) return;
    switch (mutation.kind) {
      case 'zero':
        this.#zero(onode, mutation.offset, Math.min(mutation.offset + mutation.length, onode.size));
        return;
      case 'remove':
        this.#remove();
        return;
      case 'set-version':
        onode.interval = mutation.version.interval;
        onode.counter = mutation.version.counter;
        onode.mtimeMs = mutation.mtimeMs;
        this.#headChanged = true;
        return;
      case 'remove-xattr':
        if (onode.xattrs.has(mutation.name)) this.#setXattr(mutation.name, null);
        return;
      case 'omap-remove':
        if (onode.omapId !== 0) for (const key of mutation.keys) this.#omapRemove(onode.omapId, keyOf(key));
        return;
      case 'omap-clear':
        if (onode.omapId !== 0) this.#setOmapId(onode, 0);
        return;
      default:
        unreachable(mutation);
    }
  }

  // ---- collections, selection, heads

  #addCollection(pg: Collection['pg']): Collection {
    const cid = this.#state.allocateId();
    this.#writer.u8(opcode.addCollection);
    this.#writer.varint(cid);
    this.#writer.key(pg);
    return this.#state.addCollection(cid, pg);
  }

  #dropCollection(pg: Collection['pg']): void {
    const collection = this.#state.collection(pg);
    if (!collection) return;
    this.#recordHead();
    this.#onode = undefined;
    this.#writer.u8(opcode.dropCollection);
    this.#writer.varint(collection.cid);
    this.#state.dropCollection(collection.cid);
  }

  #splitCollection({ pg, pgNumBefore, pgNumAfter }: Extract<Mutation, { kind: 'split-collection' }>): void {
    const parent = this.#state.collection(pg);
    if (!parent) return;
    this.#recordHead();
    this.#onode = undefined;
    for (const child of splitTargets(pg, pgNumBefore, pgNumAfter)) {
      const collection = this.#state.collection(child) ?? this.#addCollection(child);
      const own = this.#state.objects(collection, { from: '', exclusive: true, maxEntries: 1 });
      assert(own.length === 0, `pg ${child} has objects before it is split off`);
      this.#shareObjects(collection.cid, parent.objectsCid, pgNumAfter);
    }
    this.#shareObjects(parent.cid, parent.objectsCid, pgNumAfter);
  }

  #shareObjects(cid: number, objectsCid: number, pgNum: number): void {
    this.#writer.u8(opcode.shareObjects);
    this.#writer.varint(cid);
    this.#writer.varint(objectsCid);
    this.#writer.varint(pgNum);
    this.#state.shareObjects(cid, objectsCid, pgNum);
  }

  #setMeta(cid: number, key: string, value: Buffer | null): void {
    this.#writer.u8(opcode.meta);
    this.#writer.varint(cid);
    this.#writer.key(key);
    this.#writer.optionalBytes(value);
    this.#state.setMeta(cid, key, value);
  }

  /** The mutation's object, made if it is absent. */
  #make(mutation: { readonly pg: Collection['pg']; readonly object: string; readonly shelf?: true }): Onode {
    const collection = this.#state.collection(mutation.pg) ?? this.#addCollection(mutation.pg);
    const name = keyOfTarget(mutation);
    const found = this.#select(collection.objectsCid, name, collection);
    if (found) return found;
    this.#writer.u8(opcode.select);
    this.#writer.varint(collection.objectsCid);
    this.#writer.key(name);
    const onode = this.#state.create(collection.objectsCid, name, this.#state.allocateId());
    this.#onode = onode;
    this.#headChanged = true;
    this.#recordHead();
    return onode;
  }

  /** Selects an object that exists. */
  #select(cid: number, name: string, collection?: Collection): Onode | undefined {
    const current = this.#onode;
    if (current && current.cid === cid && current.name === name) return current;
    this.#recordHead();
    this.#onode = this.#state.own(cid, name, collection?.headPrefix);
    if (!this.#onode) return undefined;
    this.#writer.u8(opcode.select);
    this.#writer.varint(cid);
    this.#writer.key(name);
    if (this.#onode.damaged) this.#writer.u8(opcode.damaged);
    return this.#onode;
  }

  #recordHead(): void {
    if (this.#onode && this.#headChanged) encodeHeadEffect(this.#writer, this.#onode);
    this.#headChanged = false;
  }

  #remove(): void {
    assert(this.#onode, 'an object was selected');
    this.#writer.u8(opcode.remove);
    this.#state.remove(this.#onode);
    this.#onode = undefined;
    this.#headChanged = false;
  }

  /** The record says all that the object then is, so that nothing depends on whether the shelf still has it when it is applied. */
  #unshelve(target: { readonly pg: Collection['pg']; readonly object: string }): void {
    const collection = this.#state.collection(target.pg);
    const from = collection && this.#select(collection.objectsCid, shelfKey(target.object), collection);
    if (!from) return;
    this.#writer.u8(opcode.release);
    this.#state.release(from);
    this.#onode = undefined;
    this.#headChanged = false;
    if (this.#select(collection.objectsCid, keyOfText(target.object), collection)) this.#remove();
    const onode = this.#make(target);
    if (from.damaged) {
      this.#markDamaged(onode);
      return;
    }
    this.#state.setHead(onode, from);
    this.#headChanged = true;
    this.#recordHead();
    for (const [name, value] of from.xattrs) this.#setXattr(name, value);
    const pending = this.#pending as Pending;
    adoptBlocks(this.#state, this.#writer, from, onode, (settle) => {
      pending.waits++;
      settle(() => this.#waited(pending));
    });
  }

  #setXattr(name: string, value: Buffer | null): void {
    assert(this.#onode, 'an object was selected');
    this.#writer.u8(opcode.xattr);
    this.#writer.key(keyOfText(name));
    this.#writer.optionalBytes(value);
    this.#state.setXattr(this.#onode, name, value);
  }

  // ---- omap

  #setOmapId(onode: Onode, omapId: number): void {
    this.#state.setHead(onode, { ...onode, omapId });
    this.#headChanged = true;
    // The steps that follow are about the new number.
    this.#recordHead();
  }

  #omapSet(onode: Onode, entries: readonly { readonly key: Uint8Array; readonly value: Uint8Array }[]): void {
    if (entries.length > 0 && onode.omapId === 0) this.#setOmapId(onode, this.#state.allocateId());
    for (const entry of entries) {
      const key = keyOf(entry.key);
      this.#writer.u8(opcode.omapSet);
      this.#writer.key(key);
      this.#writer.bytes(entry.value);
      this.#state.setOmap(onode.omapId, key, Buffer.from(entry.value));
    }
  }

  #omapRemove(omapId: number, key: string): void {
    this.#writer.u8(opcode.omapRemove);
    this.#writer.key(key);
    this.#state.setOmap(omapId, key, null);
  }

  // ---- data

  #write(onode: Onode, offset: number, data: readonly Uint8Array[]): void {
    const length = totalLength(data);
    if (length === 0) return;
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
    if (end > onode.size) {
      onode.size = end;
      this.#headChanged = true;
    }
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
    this.#file.writeBulk(run.start, run.count, pieces).then(() => this.#waited(pending), this.#options.onFailure);
  }

  #waited(pending: Pending): void {
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
      this.#waited(pending);
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
  #zero(onode: Onode, from: number, to: number): void {
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

  #truncate(onode: Onode, size: number): void {
    if (size === onode.size) return;
    if (size < onode.size) {
      const edge = Math.ceil(size / blockBytes);
      this.#zero(onode, size, Math.min(edge * blockBytes, onode.size));
      this.#unmap(onode, edge, onode.shardCount * shardBlocks - edge);
    }
    onode.size = size;
    this.#headChanged = true;
  }
}
