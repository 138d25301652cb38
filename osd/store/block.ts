/**
 * The durable object store: LMDB for metadata, one file of blocks for data, and a write-ahead log in front of
 * both. README.md tells how they work together and why; docs/ON-DISK.md draws the formats.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { PgId } from '../../common/maps/ids.ts';
import type { Timer } from '../../common/runtime/clock.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { OmapEntry } from '../client/object-client.ts';
import { checkpoint, type CheckpointOptions, purgeOmaps } from './block/checkpoint.ts';
import { Committer } from './block/committer.ts';
import type { Generation } from './block/generation.ts';
import { stateKey } from './block/keys.ts';
import type { MetadataDb } from './block/metadata-db.ts';
import { RecordWriter } from './block/log-record.ts';
import { Mutator } from './block/mutate.ts';
import { noXattrs, type Onode, shardBlocks } from './block/onode.ts';
import { openStore, type OpenedStore } from './block/open-store.ts';
import { purgeBytesMax, Purger } from './block/purge-collections.ts';
import { damagedObject, readObject } from './block/read-object.ts';
import { Space } from './block/space.ts';
import { nameOf, statOf } from './block/state.ts';
import { encodeState } from './block/superblock.ts';
import { noStat, type ListedObject, type Mutation, type ObjectStat, type ObjectStore, type StoreUsage } from './object-store.ts';
import { isWithin } from './scope.ts';
import { keyOfTarget, nameOnShelf, shelfKey, shelfPrefix } from './shelf.ts';
import { keyOf, keyOfText, textOfKey } from './sorted-map.ts';
import { blockBytes, checkTransaction, recordBytesMax, totalLength } from './transaction-check.ts';
import type { Pending } from './block/pending.ts';

export interface BlockStoreOptions {
  /** Folder of its files, made if it is missing. */
  readonly dataDir: string;
  /** Cluster this store must belong to; a new store takes it on. */
  readonly fsid?: string;
  /** How far the block file may grow. Default: as far as its volume allows. */
  readonly sizeBytesMax?: number;
  /** Room that is left on the volume, for the database and the log. Default: a tenth of it, 64 to 256 MiB. */
  readonly reserveBytes?: number;
  /** Writes of at least so many bytes go to the block file at once, smaller ones by way of the log. Default 64 KiB. */
  readonly bulkBytesMin?: number;
  /** Of each of the two segments of the log of a new store. Default 16 MiB. */
  readonly logSegmentBytes?: number;
  /** How long changes may stay out of the database at most. Default 10 s. */
  readonly flushIntervalMs?: number;
  /** Memory for objects recently used, in KiB, roughly. Default 8192. */
  readonly cacheKib?: number;
  /** Records per database transaction when changes go into the database. Default 512. */
  readonly sliceEntries?: number;
}

/** Most records that one generation may change: what one checkpoint writes. */
const generationEntriesMax = 8192;
/** What the record of an adoption says of one block, at most. */
const adoptedBlockBytesMax = 29;
/** Limit of the memory map of the database; only address space. */
const mapBytes = 64 * 2 ** 30;

/** Everything that exists while the store is open. */
interface Open extends OpenedStore {
  readonly committer: Committer;
  readonly mutator: Mutator;
  readonly space: Space;
  readonly purger: Purger;
}

export class BlockStore implements ObjectStore {
  readonly #env: Env;
  readonly #options: BlockStoreOptions;
  #open: Open | undefined;
  #stopping: Promise<void> | undefined;
  /** Stopping: nothing is accepted any more. */
  #closing = false;
  #crashed = false;
  /** Never rejects. */
  #omapPurge: Promise<void> = Promise.resolve();
  readonly #checkpointOptions: CheckpointOptions;
  #flushTimer: Timer | undefined;

  constructor(env: Env, options: BlockStoreOptions) {
    this.#env = env;
    this.#options = options;
    this.#checkpointOptions = { sliceEntries: options.sliceEntries ?? 512, goOn: () => !this.#crashed };
  }

  async start(): Promise<void> {
    if (this.#open) return;
    const { dataDir, fsid, sizeBytesMax = 2 ** 40, logSegmentBytes = 16 << 20, cacheKib = 8192 } = this.#options;
    const { sliceEntries } = this.#checkpointOptions;
    const opened = await openStore(this.#env, {
      dataDir,
      fsid: fsid === '' ? undefined : fsid,
      sizeBytesMax,
      logSegmentBytes,
      cacheWeight: cacheKib,
      mapBytes,
      sliceEntries,
    });
    const { state, allocator, file, log, db } = opened;
    const writer = new RecordWriter();
    const space = new Space({
      env: this.#env,
      allocator,
      file,
      db,
      path: dataDir,
      reserveBytes: this.#options.reserveBytes,
      pendingMetaBytes: () => state.frozen.reduce((sum, { metaBytes }) => sum + metaBytes, state.active.metaBytes),
    });
    await space.refresh();
    const committer = new Committer(this.#env, log, state, writer, {
      identity: opened.identity,
      appliedSeq: opened.appliedSeq,
      onDurable: (pending) => this.#free(pending),
      checkpoint: (generation) => this.#checkpoint(generation),
      onFailure: (error) =>
        this.#env.log.error({ err: error, dataDir }, 'the object store can no longer write: its disk failed or is full'),
    });
    const mutator = new Mutator(state, allocator, file, writer, {
      bulkBytesMin: this.#options.bulkBytesMin ?? 64 << 10,
      onReady: () => committer.schedule(),
      onFailure: (error) => committer.fail(error),
    });
    const purger = new Purger(this.#env, state, (cid, objects, metaKeys) => {
      for (const onode of objects) state.loadShards(onode, 0, onode.shardCount - 1);
      this.#makeRoom(purgeBytesMax);
      return this.#accept((pending) => mutator.applyPurge(pending, cid, objects, metaKeys));
    });
    this.#closing = false;
    this.#open = { ...opened, committer, mutator, space, purger };
    this.#env.log.info({ dataDir, objects: state.counts.objects, databaseBytes: db.sizeBytes() }, 'object store open');
    purger.wake();
    this.#startOmapPurge(db);
  }

  stop(): Promise<void> {
    if (!this.#open) return Promise.resolve();
    this.#stopping ??= this.#stop(this.#open).finally(() => {
      this.#stopping = undefined;
    });
    return this.#stopping;
  }

  /** For tests: ends as a killed process does. What was under way still reaches the files, or half of it. */
  async crash(): Promise<void> {
    const open = this.#open;
    if (!open) return;
    this.#closing = true;
    this.#crashed = true;
    this.#open = undefined;
    this.#flushTimer?.cancel();
    open.committer.abandon();
    await open.committer.settled();
    await this.#close(open);
  }

  commit(transaction: readonly Mutation[]): Promise<void> {
    try {
      this.#check(transaction);
    } catch (error) {
      return Promise.reject(toFsError(error));
    }
    const committed = this.#accept((pending) => this.#opened.mutator.apply(pending, transaction));
    if (this.#opened.state.dropped.size > 0) this.#opened.purger.wake();
    return committed;
  }

  verify(pg: PgId, object: string): void {
    const { state } = this.#opened;
    const collection = state.collection(pg);
    if (collection) state.verify(collection.cid, keyOfText(object));
    this.#find(pg, object);
  }

  stat(pg: PgId, object: string): ObjectStat | undefined {
    const onode = this.#find(pg, object);
    return onode && statOf(onode);
  }

  async read(pg: PgId, object: string, offset: number, length: number): Promise<readonly Buffer[]> {
    const { state, file } = this.#opened;
    return readObject(state, file, state.collection(pg), keyOfText(object), offset, length);
  }

  extents(pg: PgId, object: string, offset: number, length: number): { offset: number; length: number }[] {
    const ranges: { offset: number; length: number }[] = [];
    const onode = this.#find(pg, object);
    if (!onode) return ranges;
    const { state } = this.#opened;
    const end = Math.min(offset + length, onode.size);
    const endBlock = Math.min(Math.ceil(end / blockBytes), onode.shardCount * shardBlocks);
    for (let index = Math.floor(offset / blockBytes); index < endBlock; index++) {
      if (state.blockAt(onode, index) === 0) continue;
      const from = Math.max(offset, index * blockBytes);
      const to = Math.min(end, (index + 1) * blockBytes);
      const last = ranges.at(-1);
      if (last && last.offset + last.length === from) last.length += to - from;
      else ranges.push({ offset: from, length: to - from });
    }
    return ranges;
  }

  xattr(pg: PgId, object: string, name: string): Buffer | undefined {
    return this.#find(pg, object)?.xattrs.get(name);
  }

  xattrs(pg: PgId, object: string): ReadonlyMap<string, Buffer> {
    return this.#find(pg, object)?.xattrs ?? noXattrs;
  }

  omapGet(pg: PgId, object: string, keys: readonly Uint8Array[]): OmapEntry[] {
    const entries: OmapEntry[] = [];
    const omapId = this.#find(pg, object)?.omapId ?? 0;
    if (omapId === 0) return entries;
    for (const key of keys) {
      const value = this.#opened.state.omapValue(omapId, keyOf(key));
      if (value) entries.push({ key, value });
    }
    return entries;
  }

  omapRange(pg: PgId, object: string, after: Uint8Array, maxEntries: number): OmapEntry[] {
    const omapId = this.#find(pg, object)?.omapId ?? 0;
    return omapId === 0 ? [] : this.#opened.state.omapRange(omapId, { from: keyOf(after), exclusive: true, maxEntries });
  }

  objects(pg: PgId, after: string, maxEntries: number): ListedObject[] {
    const { state } = this.#opened;
    const collection = state.collection(pg);
    if (!collection) return [];
    return state
      .objects(collection, { from: keyOfText(after), exclusive: true, end: shelfPrefix, maxEntries })
      .map(({ value }) => ({ name: nameOf(value), stat: value.damaged ? noStat : statOf(value), damaged: value.damaged }));
  }

  shelved(pg: PgId, maxEntries: number): string[] {
    const { state } = this.#opened;
    const collection = state.collection(pg);
    if (!collection) return [];
    return state.objects(collection, { from: shelfPrefix, exclusive: false, maxEntries }).map(({ value }) => nameOnShelf(value.name));
  }

  collections(): PgId[] {
    return this.#opened.state.pgs();
  }

  meta(pg: PgId, key: string): Buffer | undefined {
    const { state } = this.#opened;
    const collection = state.collection(pg);
    return collection && state.meta(collection, keyOfText(key));
  }

  metaRange(pg: PgId, from: string, to: string): { key: string; value: Buffer }[] {
    const { state } = this.#opened;
    const collection = state.collection(pg);
    if (!collection) return [];
    const range = { from: keyOfText(from), exclusive: false, end: keyOfText(to), maxEntries: Number.MAX_SAFE_INTEGER };
    return state.metaRange(collection.cid, range).map(({ key, value }) => ({ key: textOfKey(key), value }));
  }

  daemonMeta(key: string): Buffer | undefined {
    return this.#opened.state.daemonMeta(keyOfText(key));
  }

  usage(): StoreUsage {
    const { state, space } = this.#opened;
    return { ...space.usage(), storedBytes: state.counts.mappedBlocks * blockBytes, objects: state.counts.objects };
  }

  get #opened(): Open {
    if (!this.#open) throw new FsError('ESHUTDOWN', 'the object store is not open', { retry: 'safe' });
    return this.#open;
  }

  /** EILSEQ when what it is cannot be read. */
  #find(pg: PgId, object: string): Onode | undefined {
    const onode = this.#findKey(pg, keyOfText(object));
    if (onode?.damaged === true) throw damagedObject(onode);
    return onode;
  }

  #findKey(pg: PgId, key: string): Onode | undefined {
    const { state } = this.#opened;
    const collection = state.collection(pg);
    if (!collection || !isWithin(collection.scope, key)) return undefined;
    return state.find(collection.objectsCid, key, collection.headPrefix);
  }

  /** Refuses what could not be carried out to the end. */
  #check(transaction: readonly Mutation[]): void {
    const { state, committer, space } = this.#opened;
    if (this.#closing) throw new FsError('ESHUTDOWN', 'the object store is stopping', { retry: 'safe' });
    if (committer.failure) throw committer.failure;
    const cost = checkTransaction(transaction, (pg) => state.collection(pg)?.scope);
    const bulkBytesMin = this.#options.bulkBytesMin ?? 64 << 10;
    let bytes = recordBytesMax(transaction, cost, bulkBytesMin);
    for (const mutation of transaction) if (mutation.kind === 'unshelve') bytes += this.#adoptionBytesMax(mutation);
    const { segmentBytes } = this.#opened.log;
    if (bytes > segmentBytes)
      throw new FsError('EFBIG', `a transaction of up to ${bytes} bytes does not fit the log (${segmentBytes}); split it`);
    if (!cost.shrinking) space.require(cost.blocksMax, cost.metaBytes);
    for (const mutation of transaction) if ('object' in mutation) this.#probe(mutation);
    this.#makeRoom(bytes);
    state.active.metaBytes += cost.metaBytes;
  }

  /** Of what is on the shelf, all but its omap goes into the record that takes it from there: xattrs, and where each block is. */
  #adoptionBytesMax({ pg, object }: { readonly pg: PgId; readonly object: string }): number {
    const onode = this.#findKey(pg, shelfKey(object));
    let bytes = (onode?.shardCount ?? 0) * shardBlocks * adoptedBlockBytesMax;
    for (const [name, value] of onode?.xattrs ?? noXattrs) bytes += name.length * 3 + value.length + 32;
    return bytes;
  }

  /** Reads what the mutation will need of the database: if that is damaged, the object is from here on. */
  #probe(mutation: Extract<Mutation, { readonly object: string }>): void {
    if (mutation.kind === 'unshelve') {
      const { pg, object } = mutation;
      this.#probe({ kind: 'remove', pg, object });
      this.#probe({ kind: 'remove', pg, object, shelf: true });
      return;
    }
    const { state } = this.#opened;
    const onode = this.#findKey(mutation.pg, keyOfTarget(mutation));
    if (!onode || onode.shardCount < 2) return;
    const { kind } = mutation;
    if (kind !== 'write' && kind !== 'zero' && kind !== 'truncate' && kind !== 'remove') return;
    const from = kind === 'remove' ? 0 : kind === 'truncate' ? mutation.size : mutation.offset;
    const end = kind === 'write' ? from + totalLength(mutation.data) : kind === 'zero' ? from + mutation.length : Infinity;
    const shardBytes = shardBlocks * blockBytes;
    const first = Math.max(0, Math.floor(from / shardBytes) - 1);
    const last = Math.min(onode.shardCount - 1, Math.floor(end / shardBytes));
    state.loadShards(onode, first, last);
  }

  /** Begins a new generation when a record of up to `bytes` may not fit the active one. */
  #makeRoom(bytes: number): void {
    const { state, log } = this.#opened;
    const { active } = state;
    if (!active.isEmpty && (active.logBytes + bytes > log.segmentBytes || active.entries > generationEntriesMax)) this.#freeze();
  }

  #accept(carryOut: (pending: Pending) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const { committer, state } = this.#opened;
      if (state.active.isEmpty) this.#startFlushTimer();
      const pending = committer.next(resolve, reject);
      try {
        carryOut(pending);
      } catch (error) {
        // Half of it is in memory: nothing more may become durable.
        committer.fail(error);
        throw error;
      }
      committer.accepted(pending);
    });
  }

  #startFlushTimer(): void {
    this.#flushTimer?.cancel();
    this.#flushTimer = this.#env.clock.setTimer(this.#options.flushIntervalMs ?? 10_000, () => {
      if (this.#open && !this.#closing && !this.#open.state.active.isEmpty) this.#freeze();
    });
  }

  /** What changed until now goes into the database, in the background. */
  #freeze(): void {
    const { state, committer } = this.#opened;
    this.#flushTimer?.cancel();
    state.freeze();
    committer.assignSegments();
    committer.startCheckpoints();
  }

  /** A durable transaction's blocks may be used again, unless an older generation may still write to them. */
  #free(pending: Pending): void {
    const { state, allocator } = this.#opened;
    for (const run of pending.freed) {
      if (state.frozen.length === 0) {
        allocator.free(run.start, run.count);
        continue;
      }
      for (let start = run.start; start < run.start + run.count; start++) {
        const writer = state.frozen.find((generation) => generation.blocks.get(start));
        if (writer) writer.heldFrees.push({ start, count: 1 });
        else allocator.free(start, 1);
      }
    }
  }

  async #checkpoint(generation: Generation): Promise<void> {
    const { state, file, db, identity, allocator, space } = this.#opened;
    const now = { appliedSeq: generation.lastSeq, incarnation: identity.incarnation, clean: false, nextId: state.nextId };
    await checkpoint(generation, file, db, now, this.#checkpointOptions);
    state.thaw(generation);
    for (const { start, count } of generation.heldFrees) allocator.free(start, count);
    if (generation.droppedOmaps.size > 0) this.#startOmapPurge(db);
    await space.refresh();
  }

  /** Removes the entries of dropped omaps; what is left at the end, after the next start. */
  #startOmapPurge(db: MetadataDb): void {
    const { sliceEntries } = this.#checkpointOptions;
    const before = this.#omapPurge;
    const purge = async (): Promise<void> => {
      await before;
      await purgeOmaps(db, { sliceEntries, goOn: () => !this.#closing && !this.#crashed });
      // What it gave back counts at once.
      if (!this.#closing && !this.#crashed) await this.#open?.space.refresh();
    };
    this.#omapPurge = purge().catch((error: unknown) =>
      this.#env.log.warn({ err: error }, 'removal of dropped omaps stopped until the next start'),
    );
    this.#env.spawn('object store omap purge', () => this.#omapPurge);
  }

  async #stop(open: Open): Promise<void> {
    const { committer, purger, state, db, identity } = open;
    await purger.stop();
    this.#closing = true;
    this.#flushTimer?.cancel();
    if (!state.active.isEmpty) this.#freeze();
    await committer.settled();
    await this.#omapPurge;
    if (!committer.failure) {
      await db.write([
        {
          key: stateKey,
          value: encodeState({ appliedSeq: committer.durableSeq, incarnation: identity.incarnation, clean: true, nextId: state.nextId }),
        },
      ]);
    }
    this.#open = undefined;
    await this.#close(open);
  }

  async #close({ db, file, log, lock }: Open): Promise<void> {
    await this.#omapPurge;
    await Promise.all([db.close(), file.close(), log.close()]);
    await lock.release();
  }
}
