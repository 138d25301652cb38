/**
 * Everything the store holds, as of the last accepted transaction: the database and the generations over it.
 * Changes go into the active generation. Both new transactions (mutate.ts) and the log at start (replay.ts)
 * change it through the same methods.
 * @module
 */
import { assert } from '../../../common/errors/assert.ts';
import { FsError } from '../../../common/errors/fs-error.ts';
import type { PgId } from '../../../common/maps/ids.ts';
import type { OmapEntry } from '../../client/object-client.ts';
import type { ObjectStat } from '../object-store.ts';
import { isWithin } from '../scope.ts';
import { bytesOfKey, type SortedMap, textOfKey } from '../sorted-map.ts';
import type { BlockRun } from './allocator.ts';
import { ByteReader } from './byte-codec.ts';
import {
  type Collection,
  decodeCollection,
  decodeDropped,
  encodeCollection,
  encodeDropped,
  newCollection,
  type ObjectView,
} from './collection-record.ts';
import { type DirtyBlock, SlabPool } from './dirty-blocks.ts';
import type { HeadFields } from './effects.ts';
import { Generation, layerOf, mergeLayers, type Range } from './generation.ts';
import {
  collectionKey,
  daemonMetaKey,
  droppedCollectionKey,
  endOf,
  headPrefix,
  idOfKey,
  metaPrefix,
  omapPrefix,
  shardKey,
} from './keys.ts';
import type { MetadataDb } from './metadata-db.ts';
import { OnodeCache } from './onode-cache.ts';
import { cloneOnode, damagedOnode, decodeHead, decodeShard, newOnode, type Onode, Shard, shardBlocks } from './onode.ts';

/** Objects of a generation that go into the cache when it is done: the last ones, not to stop the world for it. */
const thawedMax = 1024;

export interface StateCounts {
  objects: number;
  /** Blocks that objects map. */
  mappedBlocks: number;
}

export class StoreState {
  readonly counts: StateCounts = { objects: 0, mappedBlocks: 0 };
  readonly cache: OnodeCache;
  /** Collections that are being removed, by cid. */
  readonly dropped = new Map<number, ObjectView>();
  readonly pool = new SlabPool();
  active: Generation;
  /** Oldest first. */
  readonly frozen: Generation[] = [];
  /** Next id for a collection, node or omap. */
  nextId: number;
  /** Runs that the current transaction frees; whoever begins one replaces it. */
  freed: BlockRun[] = [];
  readonly #db: MetadataDb;
  readonly #pgs = new Map<PgId, Collection>();
  readonly #cids = new Map<number, Collection>();

  constructor(db: MetadataDb, options: { readonly nextId: number; readonly cacheWeight: number }) {
    this.#db = db;
    this.nextId = options.nextId;
    this.cache = new OnodeCache(options.cacheWeight);
    // The log is applied to this one: of what it has, any part may be in the database already.
    this.active = new Generation(Number.POSITIVE_INFINITY, this.pool);
    for (const { key, value } of db.range(collectionKey(0), endOf('C'), false)) this.#remember(decodeCollection(idOfKey(key, 1), value));
    for (const { key, value } of db.range(droppedCollectionKey(0), endOf('U'), false))
      this.dropped.set(idOfKey(key, 1), decodeDropped(idOfKey(key, 1), value));
  }

  // ---- generations

  /** The active generation takes no more; a new one does. */
  freeze(): Generation {
    const frozen = this.active;
    this.frozen.push(frozen);
    this.active = new Generation(this.nextId, this.pool);
    return frozen;
  }

  /** The oldest is in the database: what it had is clean now, unless it was changed again. */
  thaw(generation: Generation): void {
    assert(this.frozen[0] === generation, 'generations reach the database in order');
    this.frozen.shift();
    let skip = -thawedMax;
    for (const layer of generation.objects.values()) skip += layer.size;
    for (const [cid, layer] of generation.objects) {
      if (skip >= layer.size) {
        skip -= layer.size;
        continue;
      }
      for (const [name, onode] of layer.entries()) {
        if (skip-- > 0 || !onode || this.#inGenerations(cid, name) !== undefined) continue;
        for (const shard of onode.shards.values()) shard.owner = undefined;
        onode.dirtyShards.clear();
        this.cache.add(headPrefix(cid) + name, onode);
      }
    }
    generation.blocks.recycle();
  }

  allocateId(): number {
    return this.nextId++;
  }

  #sawId(id: number): void {
    if (id >= this.nextId) this.nextId = id + 1;
  }

  // ---- collections

  collection(pg: PgId): Collection | undefined {
    return this.#pgs.get(pg);
  }

  pgs(): PgId[] {
    return [...this.#pgs.keys()];
  }

  addCollection(cid: number, pg: PgId): Collection {
    this.#sawId(cid);
    return this.#change(newCollection(cid, pg));
  }

  /** The collection's objects are those of `objectsCid` that fall to its PG among `pgNum`. */
  shareObjects(cid: number, objectsCid: number, pgNum: number): void {
    const collection = this.#cids.get(cid);
    // In replay it may have been dropped from the database already.
    if (collection) this.#change(newCollection(cid, collection.pg, objectsCid, pgNum));
  }

  dropCollection(cid: number): void {
    const collection = this.#cids.get(cid);
    if (collection) this.#pgs.delete(collection.pg);
    this.#cids.delete(cid);
    // In replay the database may have dropped it already: then it knows what is still to go.
    const view = collection ?? this.dropped.get(cid) ?? decodeDropped(cid, Buffer.alloc(0));
    this.dropped.set(cid, view);
    this.active.collections.set(cid, { kind: 'dropped', record: encodeDropped(cid, view) });
    this.active.entries++;
  }

  purgeDone(cid: number): void {
    this.dropped.delete(cid);
    this.active.purged.push(cid);
    this.active.entries++;
  }

  #change(collection: Collection): Collection {
    this.active.collections.set(collection.cid, { kind: 'there', record: encodeCollection(collection) });
    this.active.entries++;
    return this.#remember(collection);
  }

  #remember(collection: Collection): Collection {
    this.#pgs.set(collection.pg, collection);
    this.#cids.set(collection.cid, collection);
    return collection;
  }

  // ---- meta

  setMeta(cid: number, key: string, value: Buffer | null): void {
    layerOf(this.active.meta, cid).set(key, value);
    this.active.entries++;
  }

  meta(collection: Collection, key: string): Buffer | undefined {
    for (const layer of this.#layers((g) => g.meta.get(collection.cid))) {
      const value = layer.get(key);
      if (value !== undefined) return value ?? undefined;
    }
    return this.#db.get(collection.metaPrefix + key);
  }

  metaRange(cid: number, range: Range): { key: string; value: Buffer }[] {
    return mergeLayers(
      this.#layers((g) => g.meta.get(cid)),
      this.#stored(metaPrefix(cid), range),
      range,
    );
  }

  setDaemonMeta(key: string, value: Buffer | null): void {
    this.active.daemonMeta.set(key, value);
    this.active.entries++;
  }

  daemonMeta(key: string): Buffer | undefined {
    for (const generation of this.#newestFirst()) {
      const value = generation.daemonMeta.get(key);
      if (value !== undefined) return value ?? undefined;
    }
    return this.#db.get(daemonMetaKey(key));
  }

  // ---- objects

  find(cid: number, name: string, prefix = headPrefix(cid)): Onode | undefined {
    const pending = this.#inGenerations(cid, name);
    if (pending !== undefined) return pending ?? undefined;
    const key = prefix + name;
    const cached = this.cache.get(key);
    if (cached) return cached;
    const onode = readable(cid, name, () => {
      const bytes = this.#db.view(key);
      return bytes && decodeHead(cid, name, bytes);
    });
    if (onode) this.cache.add(key, onode);
    return onode;
  }

  /** Reads what the database has of an object, past the cache; what is changed in memory will be written anew. */
  verify(cid: number, name: string): void {
    if (this.#inGenerations(cid, name) !== undefined) return;
    const key = headPrefix(cid) + name;
    const cached = this.cache.remove(key);
    const onode = this.find(cid, name);
    if (onode?.damaged !== false) return;
    for (let index = 1; index < onode.shardCount; index++) {
      const bytes = this.#db.view(shardKey(onode.nid, index));
      if (bytes) decodeShard(new ByteReader(bytes));
    }
    // As the database has it, and with more of its block map in memory.
    if (cached) this.cache.add(key, cached);
  }

  /** What the object is cannot be read: from now on nothing of it is, until it is removed. */
  markDamaged(cid: number, name: string): Onode {
    const onode = damagedOnode(cid, name);
    this.cache.remove(headPrefix(cid) + name);
    layerOf(this.active.objects, cid).set(name, onode);
    this.active.entries++;
    return onode;
  }

  /** Has shards [first, last] of an object in memory; one that cannot be read makes the object a damaged one. */
  loadShards(onode: Onode, first: number, last: number): void {
    const read = readable(onode.cid, onode.name, () => {
      for (let index = Math.max(0, first); index <= Math.min(last, onode.shardCount - 1); index++) this.shard(onode, index);
      return onode;
    });
    if (read.damaged) this.markDamaged(onode.cid, onode.name);
  }

  /** The object as the active generation may change it; undefined when it is absent. */
  own(cid: number, name: string, prefix?: string): Onode | undefined {
    const layer = layerOf(this.active.objects, cid);
    const own = layer.get(name);
    if (own !== undefined) return own ?? undefined;
    const found = this.find(cid, name, prefix);
    if (!found) return undefined;
    const taken = this.cache.remove((prefix ?? headPrefix(cid)) + name);
    const onode = taken ?? cloneOnode(found);
    layer.set(name, onode);
    this.active.entries++;
    return onode;
  }

  create(cid: number, name: string, nid: number): Onode {
    this.#sawId(nid);
    const onode = newOnode(cid, name, nid);
    layerOf(this.active.objects, cid).set(name, onode);
    this.active.entries++;
    this.counts.objects++;
    return onode;
  }

  setHead(onode: Onode, fields: Omit<HeadFields, 'nid'>): void {
    if (fields.omapId !== onode.omapId) {
      if (onode.omapId !== 0) this.active.droppedOmaps.add(onode.omapId);
      // In replay, over a head that was already newer, it may have been dropped too early.
      this.active.droppedOmaps.delete(fields.omapId);
      this.#sawId(fields.omapId);
    }
    onode.omapId = fields.omapId;
    onode.size = fields.size;
    onode.interval = fields.interval;
    onode.counter = fields.counter;
    onode.mtimeMs = fields.mtimeMs;
  }

  /** The object is one that {@link own} or {@link create} gave. */
  remove(onode: Onode): void {
    this.unmap(onode, 0, onode.shardCount * shardBlocks);
    if (onode.omapId !== 0) this.active.droppedOmaps.add(onode.omapId);
    this.release(onode);
  }

  /** As {@link remove}, but its blocks and its omap stay as they are: another object has them from now on. */
  release(onode: Onode): void {
    this.active.removedNodes.push({ nid: onode.nid, shardCount: onode.shardCount });
    layerOf(this.active.objects, onode.cid).set(onode.name, null);
    this.active.entries++;
    this.counts.objects--;
  }

  /** Shard `index` of an object that is released is that of another; undefined when there is none. */
  adoptShard(from: Onode, to: Onode, index: number): Shard | undefined {
    if (!this.shard(from, index)) return undefined;
    const shard = this.#ownShard(from, index);
    to.shards.set(index, shard);
    to.dirtyShards.add(index);
    to.shardCount = Math.max(to.shardCount, index + 1);
    return shard;
  }

  setXattr(onode: Onode, name: string, value: Buffer | null): void {
    const xattrs = new Map(onode.xattrs);
    if (value) xattrs.set(name, value);
    else xattrs.delete(name);
    onode.xattrs = xattrs;
  }

  objects({ objectsCid, headPrefix: prefix, scope }: ObjectView, range: Range): { key: string; value: Onode }[] {
    const { cache } = this;
    const accept = (key: string): boolean => isWithin(scope, key);
    const end = range.end === undefined ? endOf(prefix) : prefix + range.end;
    const stored = this.#db.rangeWithDamaged(prefix + range.from, end, range.exclusive);
    function* heads(): Generator<{ key: string; value: Onode }> {
      for (const { key: full, value } of stored) {
        const key = full.slice(prefix.length);
        const head = (): Onode => (value === undefined ? damagedOnode(objectsCid, key) : decodeHead(objectsCid, key, value));
        if (accept(key)) yield { key, value: cache.get(full) ?? readable(objectsCid, key, head) };
      }
    }
    return mergeLayers(
      this.#layers((g) => g.objects.get(objectsCid)),
      heads(),
      scope.pgNum === 0 ? range : { ...range, accept },
    );
  }

  // ---- block maps

  /** Shard `index` for reading. */
  shard(onode: Onode, index: number): Shard | undefined {
    const loaded = onode.shards.get(index);
    if (loaded || index >= onode.shardCount || index === 0) return loaded;
    const bytes = this.#db.view(shardKey(onode.nid, index));
    const shard = bytes && decodeShard(new ByteReader(bytes));
    if (!shard) return undefined;
    onode.shards.set(index, shard);
    this.cache.grown(headPrefix(onode.cid) + onode.name);
    return shard;
  }

  /** Where block `index` of the object is in the file; 0: nowhere. */
  blockAt(onode: Onode, index: number): number {
    return this.shard(onode, Math.floor(index / shardBlocks))?.block(index % shardBlocks) ?? 0;
  }

  /** Maps block `index` of an owned object to `start`; what was there before is freed. */
  setBlock(onode: Onode, index: number, start: number, crc: number): Shard {
    const shardIndex = Math.floor(index / shardBlocks);
    const shard = this.#ownShard(onode, shardIndex);
    const within = index % shardBlocks;
    const old = shard.block(within);
    if (old !== start) {
      if (old !== 0) this.#free(old);
      this.counts.mappedBlocks++;
    }
    shard.set(within, start, crc);
    return shard;
  }

  /** Makes holes of `count` blocks of an owned object from `index` on. */
  unmap(onode: Onode, index: number, count: number): void {
    const end = Math.min(index + count, onode.shardCount * shardBlocks);
    for (let at = index; at < end;) {
      const shardIndex = Math.floor(at / shardBlocks);
      const shardEnd = Math.min(end, (shardIndex + 1) * shardBlocks);
      const shard = this.shard(onode, shardIndex);
      if (shard) this.#unmapIn(onode, shardIndex, shard, at % shardBlocks, (at % shardBlocks) + shardEnd - at);
      at = shardEnd;
    }
  }

  #unmapIn(onode: Onode, shardIndex: number, shard: Shard, from: number, to: number): void {
    let own: Shard | undefined;
    for (let i = from; i < Math.min(to, shard.length); i++) {
      const start = shard.block(i);
      if (start === 0) continue;
      own ??= this.#ownShard(onode, shardIndex);
      own.set(i, 0, 0);
      this.#free(start);
    }
  }

  #ownShard(onode: Onode, index: number): Shard {
    const { active } = this;
    let shard = this.shard(onode, index);
    if (!shard) shard = Shard.empty(active);
    else if (shard.owner === undefined) shard.owner = active;
    else if (shard.owner !== active) shard = shard.clone(active);
    onode.shards.set(index, shard);
    onode.dirtyShards.add(index);
    if (index >= onode.shardCount) onode.shardCount = index + 1;
    return shard;
  }

  #free(start: number): void {
    this.active.blocks.drop(start);
    this.counts.mappedBlocks--;
    const last = this.freed.at(-1);
    if (last && last.start + last.count === start) this.freed[this.freed.length - 1] = { start: last.start, count: last.count + 1 };
    else this.freed.push({ start, count: 1 });
  }

  /** The newest bytes of a block that are not in their place yet. */
  dirtyBlock(start: number): DirtyBlock | undefined {
    const own = this.active.blocks.get(start);
    if (own) return own;
    for (let i = this.frozen.length - 1; i >= 0; i--) {
      const found = (this.frozen[i] as Generation).blocks.get(start);
      if (found) return found;
    }
    return undefined;
  }

  // ---- omap

  setOmap(omapId: number, key: string, value: Buffer | null): void {
    layerOf(this.active.omap, omapId).set(key, value);
    this.active.entries++;
  }

  /** In replay: an omap of which nothing can be known yet. */
  beginOmap(omapId: number): void {
    this.active.omap.delete(omapId);
  }

  omapValue(omapId: number, key: string): Buffer | undefined {
    for (const layer of this.#layers((g) => g.omap.get(omapId))) {
      const value = layer.get(key);
      if (value !== undefined) return value ?? undefined;
    }
    return this.#db.get(omapPrefix(omapId) + key);
  }

  omapRange(omapId: number, range: Range): OmapEntry[] {
    const layers = this.#layers((g) => g.omap.get(omapId));
    return mergeLayers(layers, this.#stored(omapPrefix(omapId), range), range).map(({ key, value }) => ({ key: bytesOfKey(key), value }));
  }

  // ---- helpers

  /** Undefined: no generation says anything of it; null: removed. */
  #inGenerations(cid: number, name: string): Onode | null | undefined {
    const own = this.active.objects.get(cid)?.get(name);
    if (own !== undefined || this.frozen.length === 0) return own;
    for (let i = this.frozen.length - 1; i >= 0; i--) {
      const found = (this.frozen[i] as Generation).objects.get(cid)?.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #newestFirst(): Generation[] {
    return this.frozen.length === 0 ? [this.active] : [this.active, ...this.frozen.slice().reverse()];
  }

  #layers<V>(pick: (generation: Generation) => SortedMap<V> | undefined): SortedMap<V>[] {
    const layers: SortedMap<V>[] = [];
    for (const generation of this.#newestFirst()) {
      const layer = pick(generation);
      if (layer) layers.push(layer);
    }
    return layers;
  }

  /** What the database has in a range of keys below `prefix`, with the prefix taken off. */
  *#stored(prefix: string, range: Range): Generator<{ key: string; value: Buffer | FsError }> {
    const end = range.end === undefined ? endOf(prefix) : prefix + range.end;
    // A key is never empty, so everything with the prefix is above the prefix itself.
    for (const { key, value } of this.#db.rangeWithDamaged(prefix + range.from, end, range.exclusive)) {
      yield { key: key.slice(prefix.length), value: value ?? this.#db.damagedRecord(key) };
    }
  }
}

/** What `read` gives; a damaged object when it meets damage. */
function readable<T extends Onode | undefined>(cid: number, name: string, read: () => T): T | Onode {
  try {
    return read();
  } catch (error) {
    if (error instanceof FsError && error.code === 'EILSEQ') return damagedOnode(cid, name);
    throw error;
  }
}

export function statOf(onode: Onode): ObjectStat {
  return { size: onode.size, version: { interval: onode.interval, counter: onode.counter }, mtimeMs: onode.mtimeMs };
}

export function nameOf(onode: Onode): string {
  return textOfKey(onode.name);
}
