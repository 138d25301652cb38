/**
 * Carries out a transaction in memory and writes down, as its log record, what that took (effects.ts).
 * How data is written is in write-data.ts.
 *
 * Hot path: one pass, no intermediate objects for the steps.
 * @module
 */
import { assert, unreachable } from '../../../common/errors/assert.ts';
import type { Mutation } from '../object-store.ts';
import { keyOfTarget, shelfKey } from '../shelf.ts';
import { keyOf, keyOfText } from '../sorted-map.ts';
import { adoptBlocks } from './adopt-blocks.ts';
import type { Allocator } from './allocator.ts';
import type { BlockFile } from './block-file.ts';
import { encodeHeadEffect, opcode } from './effects.ts';
import type { RecordWriter } from './log-record.ts';
import type { Onode } from './onode.ts';
import type { Pending } from './pending.ts';
import { splitTargets } from '../scope.ts';
import type { Collection } from './collection-record.ts';
import type { StoreState } from './state.ts';
import { DataWriter, type DataWriterOptions } from './write-data.ts';

export class Mutator {
  readonly #state: StoreState;
  readonly #writer: RecordWriter;
  readonly #data: DataWriter;
  /** Of the transaction at hand. */
  #pending: Pending | undefined;
  /** The object selected last, and whether its head has changed since it was recorded. */
  #onode: Onode | undefined;
  #headChanged = false;

  constructor(state: StoreState, allocator: Allocator, file: BlockFile, writer: RecordWriter, options: DataWriterOptions) {
    this.#state = state;
    this.#writer = writer;
    this.#data = new DataWriter(state, allocator, file, writer, options);
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
    this.#data.begin(pending);
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
    this.#data.begin(undefined);
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
        if (this.#data.write(onode, mutation.offset, mutation.data)) this.#headChanged = true;
        return;
      case 'truncate':
        if (this.#data.truncate(onode, mutation.size)) this.#headChanged = true;
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
        this.#data.zero(onode, mutation.offset, Math.min(mutation.offset + mutation.length, onode.size));
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
      settle(() => this.#data.waited(pending));
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
}
