/**
 * The contents of a store, in memory: what {@link applyTransaction} makes of transactions. The memory store
 * keeps two of these, one for what was accepted and one for what is durable.
 *
 * Blocks of data are never changed in place, so that both can hold the same ones.
 * @module
 */
import { assert, unreachable } from '../../common/errors/assert.ts';
import type { PgId } from '../../common/maps/ids.ts';
import type { Version } from '../client/object-client.ts';
import type { Mutation } from './object-store.ts';
import { everything, isWithin, type Scope, scopeOf, splitTargets } from './scope.ts';
import { keyOfTarget, shelfKey } from './shelf.ts';
import { keyOf, keyOfText, SortedMap } from './sorted-map.ts';
import { blockBytes } from './transaction-check.ts';

export interface MemoryObject {
  size: number;
  version: Version;
  mtimeMs: number;
  /** By index of the 4 KiB block; what is missing is a hole. Bytes beyond `size` are zero. */
  readonly blocks: Map<number, Buffer>;
  readonly xattrs: Map<string, Buffer>;
  readonly omap: SortedMap<Buffer>;
  /** Blocks that were damaged on purpose: reading them fails until they are written again. */
  readonly damaged: Set<number>;
  /** Likewise omap entries, by key. */
  readonly damagedOmap: Set<string>;
  /** Nothing can be read of it any more, until it is removed. */
  damagedHead: boolean;
}

export interface MemoryCollection {
  scope: Scope;
  readonly objects: SortedMap<MemoryObject>;
  readonly meta: SortedMap<Buffer>;
}

export interface MemoryState {
  readonly collections: Map<PgId, MemoryCollection>;
  readonly daemon: Map<string, Buffer>;
  /** Of data, in blocks. */
  blocks: number;
  objects: number;
}

export function emptyState(): MemoryState {
  return { collections: new Map(), daemon: new Map(), blocks: 0, objects: 0 };
}

/** Independent of the original, sharing its blocks. */
export function cloneState(state: MemoryState): MemoryState {
  const clone = emptyState();
  clone.blocks = state.blocks;
  clone.objects = state.objects;
  for (const [pg, collection] of state.collections) {
    const copy = collectionOf(clone, pg);
    copy.scope = collection.scope;
    for (const [name, object] of collection.objects.entries()) {
      const omap = new SortedMap<Buffer>();
      for (const [key, value] of object.omap.entries()) omap.set(key, value);
      copy.objects.set(name, {
        ...object,
        blocks: new Map(object.blocks),
        xattrs: new Map(object.xattrs),
        omap,
        damaged: new Set(object.damaged),
        damagedOmap: new Set(object.damagedOmap),
      });
    }
    for (const [key, value] of collection.meta.entries()) copy.meta.set(key, value);
  }
  for (const [key, value] of state.daemon) clone.daemon.set(key, value);
  return clone;
}

/** Applies a checked transaction. Keeps views of its bytes: they must not change any more. */
export function applyTransaction(state: MemoryState, transaction: readonly Mutation[]): void {
  for (const mutation of transaction) applyMutation(state, mutation);
}

function applyMutation(state: MemoryState, mutation: Mutation): void {
  switch (mutation.kind) {
    case 'touch':
    case 'write':
    case 'truncate':
    case 'set-xattr':
    case 'omap-set':
      applyToObject(state, objectOf(state, mutation.pg, keyOfTarget(mutation)), mutation);
      return;
    case 'mark-damaged':
      objectOf(state, mutation.pg, keyOfTarget(mutation)).damagedHead = true;
      return;
    case 'set-meta':
      if (mutation.value.byteLength > 0) {
        collectionOf(state, mutation.pg).meta.set(keyOfText(mutation.key), asBuffer(mutation.value));
      } else {
        state.collections.get(mutation.pg)?.meta.delete(keyOfText(mutation.key));
      }
      return;
    case 'set-daemon-meta':
      if (mutation.value.byteLength > 0) state.daemon.set(mutation.key, asBuffer(mutation.value));
      else state.daemon.delete(mutation.key);
      return;
    case 'unshelve':
      unshelve(state, mutation.pg, mutation.object);
      return;
    case 'remove-collection':
      removeCollection(state, mutation.pg);
      return;
    case 'split-collection':
      splitCollection(state, mutation.pg, mutation.pgNumBefore, mutation.pgNumAfter);
      return;
    case 'zero':
    case 'remove':
    case 'set-version':
    case 'remove-xattr':
    case 'omap-remove':
    case 'omap-clear':
      applyToExisting(state, mutation);
      return;
    default:
      unreachable(mutation);
  }
}

type MutationOfAny = Extract<Mutation, { kind: 'touch' | 'write' | 'truncate' | 'set-xattr' | 'omap-set' }>;

function applyToObject(state: MemoryState, object: MemoryObject, mutation: MutationOfAny): void {
  if (object.damagedHead) return;
  switch (mutation.kind) {
    case 'touch':
      return;
    case 'write':
      write(state, object, mutation.offset, mutation.data);
      return;
    case 'truncate':
      truncate(state, object, mutation.size);
      return;
    case 'set-xattr':
      object.xattrs.set(mutation.name, asBuffer(mutation.value));
      return;
    case 'omap-set':
      for (const { key, value } of mutation.entries) {
        object.omap.set(keyOf(key), asBuffer(value));
        object.damagedOmap.delete(keyOf(key));
      }
      return;
    default:
      unreachable(mutation);
  }
}

type MutationOfExisting = Extract<Mutation, { kind: 'zero' | 'remove' | 'set-version' | 'remove-xattr' | 'omap-remove' | 'omap-clear' }>;

/** These do nothing to an object that isn't there. */
function applyToExisting(state: MemoryState, mutation: MutationOfExisting): void {
  const object = state.collections.get(mutation.pg)?.objects.get(keyOfTarget(mutation));
  if (!object || (object.damagedHead && mutation.kind !== 'remove')) return;
  switch (mutation.kind) {
    case 'zero':
      zero(state, object, mutation.offset, Math.min(mutation.offset + mutation.length, object.size));
      return;
    case 'remove':
      removeObject(state, mutation.pg, keyOfTarget(mutation));
      return;
    case 'set-version':
      object.version = { interval: mutation.version.interval, counter: mutation.version.counter };
      object.mtimeMs = mutation.mtimeMs;
      return;
    case 'remove-xattr':
      object.xattrs.delete(mutation.name);
      return;
    case 'omap-remove':
      for (const key of mutation.keys) {
        object.omap.delete(keyOf(key));
        object.damagedOmap.delete(keyOf(key));
      }
      return;
    case 'omap-clear':
      object.omap.clear();
      object.damagedOmap.clear();
      return;
    default:
      unreachable(mutation);
  }
}

function removeObject(state: MemoryState, pg: PgId, key: string): void {
  const objects = state.collections.get(pg)?.objects;
  const object = objects?.get(key);
  if (!object) return;
  state.blocks -= object.blocks.size;
  state.objects--;
  objects?.delete(key);
}

function unshelve(state: MemoryState, pg: PgId, name: string): void {
  const objects = state.collections.get(pg)?.objects;
  const object = objects?.get(shelfKey(name));
  if (!object) return;
  removeObject(state, pg, keyOfText(name));
  objects?.delete(shelfKey(name));
  objects?.set(keyOfText(name), object);
}

function collectionOf(state: MemoryState, pg: PgId): MemoryCollection {
  let collection = state.collections.get(pg);
  if (!collection) {
    collection = { scope: everything, objects: new SortedMap(), meta: new SortedMap() };
    state.collections.set(pg, collection);
  }
  return collection;
}

function objectOf(state: MemoryState, pg: PgId, key: string): MemoryObject {
  const { objects } = collectionOf(state, pg);
  let object = objects.get(key);
  if (!object) {
    object = {
      size: 0,
      version: { interval: 0, counter: 0 },
      mtimeMs: 0,
      blocks: new Map(),
      xattrs: new Map(),
      omap: new SortedMap(),
      damaged: new Set(),
      damagedOmap: new Set(),
      damagedHead: false,
    };
    objects.set(key, object);
    state.objects++;
  }
  return object;
}

function write(state: MemoryState, object: MemoryObject, offset: number, data: readonly Uint8Array[]): void {
  let position = offset;
  for (const piece of data) {
    const bytes = asBuffer(piece);
    let done = 0;
    while (done < bytes.length) {
      const index = Math.floor(position / blockBytes);
      const within = position - index * blockBytes;
      const length = Math.min(blockBytes - within, bytes.length - done);
      if (length === blockBytes) {
        setBlock(state, object, index, bytes.subarray(done, done + length));
      } else {
        const block = changedBlock(object, index);
        bytes.copy(block, within, done, done + length);
        changeBlock(state, object, index, block);
      }
      done += length;
      position += length;
    }
  }
  if (position > offset && position > object.size) object.size = position;
}

/** Releases whole blocks, clears the edges. */
function zero(state: MemoryState, object: MemoryObject, from: number, to: number): void {
  let position = from;
  while (position < to) {
    const index = Math.floor(position / blockBytes);
    const within = position - index * blockBytes;
    const length = Math.min(blockBytes - within, to - position);
    if (length === blockBytes) {
      dropBlock(state, object, index);
    } else if (object.blocks.has(index)) {
      changeBlock(state, object, index, changedBlock(object, index).fill(0, within, within + length));
    }
    position += length;
  }
}

function truncate(state: MemoryState, object: MemoryObject, size: number): void {
  if (size < object.size) {
    const edge = Math.ceil(size / blockBytes);
    zero(state, object, size, Math.min(edge * blockBytes, object.size));
    for (const index of [...object.blocks.keys()]) if (index >= edge) dropBlock(state, object, index);
  }
  object.size = size;
}

function changedBlock(object: MemoryObject, index: number): Buffer {
  const old = object.blocks.get(index);
  return old ? Buffer.from(old) : Buffer.alloc(blockBytes);
}

function setBlock(state: MemoryState, object: MemoryObject, index: number, block: Buffer): void {
  changeBlock(state, object, index, block);
  object.damaged.delete(index);
}

/** Part of it is new: that does not mend the rest. */
function changeBlock(state: MemoryState, object: MemoryObject, index: number, block: Buffer): void {
  if (!object.blocks.has(index)) state.blocks++;
  object.blocks.set(index, block);
}

function dropBlock(state: MemoryState, object: MemoryObject, index: number): void {
  if (object.blocks.delete(index)) state.blocks--;
  object.damaged.delete(index);
}

function removeCollection(state: MemoryState, pg: PgId): void {
  const collection = state.collections.get(pg);
  if (!collection) return;
  for (const [, object] of collection.objects.entries()) {
    state.blocks -= object.blocks.size;
    state.objects--;
  }
  state.collections.delete(pg);
}

function splitCollection(state: MemoryState, pg: PgId, pgNumBefore: number, pgNumAfter: number): void {
  const parent = state.collections.get(pg);
  if (!parent) return;
  const children = splitTargets(pg, pgNumBefore, pgNumAfter).map((child) => {
    const collection = collectionOf(state, child);
    assert(collection.objects.size === 0, `pg ${child} has objects before it is split off`);
    collection.scope = scopeOf(child, pgNumAfter);
    return collection;
  });
  parent.scope = scopeOf(pg, pgNumAfter);
  for (const [key, object] of parent.objects.entries()) {
    if (isWithin(parent.scope, key)) continue;
    const child = children.find(({ scope }) => isWithin(scope, key));
    assert(child, `an object of pg ${pg} belongs to a PG that does not come from it`);
    child.objects.set(key, object);
    parent.objects.delete(key);
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
