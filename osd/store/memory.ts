/**
 * The object store of the simulator: everything in memory, durable after a while of virtual time.
 *
 * What outlives a crash is a {@link MemoryImage}, the "disk": it holds the transactions whose commit was reached, in
 * order, and as many of those being committed as the crash is told to leave. A daemon that starts again gets a new `MemoryStore` over the same image.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { PgId } from '../../common/maps/ids.ts';
import type { Timer } from '../../common/runtime/clock.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { OmapEntry } from '../client/object-client.ts';
import { applyTransaction, cloneState, emptyState, type MemoryObject, type MemoryState } from './memory-state.ts';
import { noStat, type ListedObject, type Mutation, type ObjectStat, type ObjectStore, type StoreUsage } from './object-store.ts';
import { nameOnShelf, shelfPrefix } from './shelf.ts';
import { bytesOfKey, keyOf, keyOfText, lowerBound, type SortedMap, textOfKey } from './sorted-map.ts';
import { blockBytes, checkTransaction, recordBytesMax } from './transaction-check.ts';

export interface MemoryStoreOptions {
  /** What earlier lives left. Default: a new, empty one. */
  readonly image?: MemoryImage;
  /** Cluster this store must belong to; a new image takes it on. */
  readonly fsid?: string;
  /** Virtual milliseconds that making a group of transactions durable takes. Default 0.3. */
  readonly commitDelayMs?: number;
  /** Largest transaction, as the log of a disk would take it. Default 16 MiB. */
  readonly recordBytesMax?: number;
  /** Size of the "disk". Default 16 GiB. */
  readonly sizeBytesMax?: number;
}

/** What is wrong with a "disk" at present. */
export interface MemoryDiskFaults {
  /** Added to the time of each commit. */
  readonly slowCommitMs: number;
  /** Added to the time of each read of data. */
  readonly slowReadMs: number;
  /** Share of the reads of data that fail with EIO. */
  readonly readErrors: number;
  /** The next group of transactions fails with EIO, and with it the store for the rest of its life. */
  readonly failsCommits: boolean;
  /** Taken by others: so much less of it is left. */
  readonly takenBytes: number;
}

const healthyDisk: MemoryDiskFaults = { slowCommitMs: 0, slowReadMs: 0, readErrors: 0, failsCommits: false, takenBytes: 0 };

/** The durable part of a memory store: what a crash leaves. */
export class MemoryImage {
  readonly state: MemoryState = emptyState();
  /** May be changed at any time. */
  faults: MemoryDiskFaults = healthyDisk;
  fsid: string | undefined;
  /** The store that has it open. */
  owner: object | undefined;

  /** Nothing is wrong with the disk any more; what is damaged stays damaged. */
  heal(): void {
    this.faults = healthyDisk;
  }

  /** Damages the block that holds `offset`, as a decaying disk would; false when there is none. */
  corrupt(pg: PgId, object: string, offset: number): boolean {
    return damage(this.state, pg, object, offset);
  }

  /** Damages the record of an omap entry, or, without a key, that of the object itself; false when there is none. */
  corruptRecord(pg: PgId, object: string, key?: Uint8Array): boolean {
    return damageRecord(this.state, pg, object, key);
  }
}

/** Writes of at least so many bytes would not go through the log of a disk. */
const bulkBytesMin = 64 * 1024;

interface PendingCommit {
  readonly transaction: readonly Mutation[];
  readonly resolve: () => void;
  readonly reject: (error: FsError) => void;
}

export class MemoryStore implements ObjectStore {
  readonly image: MemoryImage;
  readonly #env: Env;
  readonly #commitDelayMs: number;
  readonly #sizeBytesMax: number;
  readonly #recordBytesMax: number;
  readonly #fsid: string | undefined;
  #state = emptyState();
  #open = false;
  #failure: FsError | undefined;
  /** Accepted, waiting for the group in flight. */
  #queue: PendingCommit[] = [];
  #inFlight: PendingCommit[] = [];
  #timer: Timer | undefined;
  #idle: (() => void)[] = [];

  constructor(env: Env, options: MemoryStoreOptions = {}) {
    this.#env = env;
    this.image = options.image ?? new MemoryImage();
    this.#fsid = options.fsid;
    this.#commitDelayMs = options.commitDelayMs ?? 0.3;
    this.#recordBytesMax = options.recordBytesMax ?? 16 * 2 ** 20;
    this.#sizeBytesMax = options.sizeBytesMax ?? 16 * 2 ** 30;
  }

  start(): Promise<void> {
    if (this.#open) return Promise.resolve();
    if (this.image.owner) return Promise.reject(new FsError('EBUSY', 'the memory image is open in another store'));
    if (this.#fsid !== undefined && this.image.fsid !== undefined && this.#fsid !== this.image.fsid) {
      return Promise.reject(new FsError('EINVAL', `the store belongs to cluster ${this.image.fsid}, not to ${this.#fsid}`));
    }
    this.image.fsid ??= this.#fsid;
    this.image.owner = this;
    this.#state = cloneState(this.image.state);
    this.#open = true;
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    if (!this.#open) return;
    if (this.#timer) await new Promise<void>((resolve) => this.#idle.push(resolve));
    this.#close();
  }

  /**
   * The process is gone: what was not durable is lost, and nobody hears of it. Of the group that was being written, the first
   * `written` transactions had reached the disk all the same, as the head of a log that was never synced may.
   */
  crash(written = 0): void {
    for (const { transaction } of this.#inFlight.slice(0, written)) applyTransaction(this.image.state, transaction);
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#queue = [];
    this.#inFlight = [];
    this.#close();
  }

  /** Transactions being written now. */
  get beingWritten(): number {
    return this.#inFlight.length;
  }

  /** From now on every commit fails with EIO, as on a dying disk. */
  failWrites(): void {
    this.#failure = new FsError('EIO', 'the simulated disk refuses writes', { retry: 'maybe-applied' });
  }

  /** Damages what is stored, as a decaying disk would, seen by this store and the next on the image. */
  corrupt(pg: PgId, object: string, offset: number): boolean {
    this.image.corrupt(pg, object, offset);
    return damage(this.#state, pg, object, offset);
  }

  /** As {@link MemoryImage.corruptRecord}, likewise. */
  corruptRecord(pg: PgId, object: string, key?: Uint8Array): boolean {
    this.image.corruptRecord(pg, object, key);
    return damageRecord(this.#state, pg, object, key);
  }

  commit(transaction: readonly Mutation[]): Promise<void> {
    try {
      this.#accept(transaction);
    } catch (error) {
      return Promise.reject(toFsError(error));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ transaction: transaction.map(ownMutation), resolve, reject });
      applyTransaction(this.#state, (this.#queue.at(-1) as PendingCommit).transaction);
      if (!this.#timer) this.#startGroup();
    });
  }

  verify(pg: PgId, object: string): void {
    this.#object(pg, object);
  }

  stat(pg: PgId, object: string): ObjectStat | undefined {
    const found = this.#object(pg, object);
    return found && statOf(found);
  }

  read(pg: PgId, object: string, offset: number, length: number): Promise<readonly Buffer[]> {
    const { slowReadMs, readErrors } = this.image.faults;
    if (readErrors > 0 && this.#env.random.float() < readErrors)
      return Promise.reject(new FsError('EIO', `the simulated disk cannot read object ${object} in ${pg}`));
    const result = this.#read(pg, object, offset, length);
    if (slowReadMs === 0) return result;
    return new Promise((resolve, reject) => {
      this.#env.clock.setTimer(slowReadMs, () => void result.then(resolve, reject));
      result.catch(() => undefined); // it is heard of when the time has passed
    });
  }

  async #read(pg: PgId, object: string, offset: number, length: number): Promise<readonly Buffer[]> {
    const found = this.#object(pg, object);
    if (!found) throw new FsError('ENOENT', `no object ${object} in ${pg}`);
    const end = Math.min(offset + length, found.size);
    const pieces: Buffer[] = [];
    for (let position = offset; position < end;) {
      const index = Math.floor(position / blockBytes);
      const within = position - index * blockBytes;
      const take = Math.min(blockBytes - within, end - position);
      if (found.damaged.has(index)) {
        throw new FsError('EILSEQ', `block ${index} of object ${object} in ${pg} is damaged`);
      }
      pieces.push((found.blocks.get(index) ?? zeroBlock).subarray(within, within + take));
      position += take;
    }
    return await Promise.resolve(pieces);
  }

  extents(pg: PgId, object: string, offset: number, length: number): { offset: number; length: number }[] {
    const found = this.#object(pg, object);
    const ranges: { offset: number; length: number }[] = [];
    if (!found) return ranges;
    const end = Math.min(offset + length, found.size);
    for (const index of [...found.blocks.keys()].sort((a, b) => a - b)) {
      const from = Math.max(offset, index * blockBytes);
      const to = Math.min(end, (index + 1) * blockBytes);
      const last = ranges.at(-1);
      if (from >= to) continue;
      if (last && last.offset + last.length === from) last.length += to - from;
      else ranges.push({ offset: from, length: to - from });
    }
    return ranges;
  }

  xattr(pg: PgId, object: string, name: string): Buffer | undefined {
    return this.#object(pg, object)?.xattrs.get(name);
  }

  xattrs(pg: PgId, object: string): ReadonlyMap<string, Buffer> {
    return this.#object(pg, object)?.xattrs ?? new Map<string, Buffer>();
  }

  omapGet(pg: PgId, object: string, keys: readonly Uint8Array[]): OmapEntry[] {
    const found = this.#object(pg, object);
    const entries: OmapEntry[] = [];
    for (const key of keys) {
      const value = found?.omap.get(keyOf(key));
      if (found?.damagedOmap.has(keyOf(key)) === true) throw damagedEntry(object, pg);
      if (value) entries.push({ key, value });
    }
    return entries;
  }

  omapRange(pg: PgId, object: string, after: Uint8Array, maxEntries: number): OmapEntry[] {
    const found = this.#object(pg, object);
    if (!found) return [];
    return walk(found.omap, keyOf(after), true, maxEntries).map(([key, value]) => {
      if (found.damagedOmap.has(key)) throw damagedEntry(object, pg);
      return { key: bytesOfKey(key), value };
    });
  }

  objects(pg: PgId, after: string, maxEntries: number): ListedObject[] {
    const objects = this.#state.collections.get(pg)?.objects;
    if (!objects) return [];
    return walk(objects, keyOfText(after), true, maxEntries, shelfPrefix).map(([key, object]) => ({
      name: textOfKey(key),
      stat: object.damagedHead ? noStat : statOf(object),
      damaged: object.damagedHead,
    }));
  }

  shelved(pg: PgId, maxEntries: number): string[] {
    const objects = this.#state.collections.get(pg)?.objects;
    return objects ? walk(objects, shelfPrefix, false, maxEntries).map(([key]) => nameOnShelf(key)) : [];
  }

  collections(): PgId[] {
    return [...this.#state.collections.keys()];
  }

  meta(pg: PgId, key: string): Buffer | undefined {
    return this.#state.collections.get(pg)?.meta.get(keyOfText(key));
  }

  metaRange(pg: PgId, from: string, to: string): { key: string; value: Buffer }[] {
    const meta = this.#state.collections.get(pg)?.meta;
    if (!meta) return [];
    const end = keyOfText(to);
    const entries: { key: string; value: Buffer }[] = [];
    const keys = meta.sortedKeys();
    for (let i = lowerBound(keys, keyOfText(from), false); i < keys.length && (keys[i] as string) < end; i++) {
      const key = keys[i] as string;
      entries.push({ key: textOfKey(key), value: meta.get(key) as Buffer });
    }
    return entries;
  }

  daemonMeta(key: string): Buffer | undefined {
    return this.#state.daemon.get(key);
  }

  usage(): StoreUsage {
    const storedBytes = this.#state.blocks * blockBytes;
    return {
      totalBytes: this.#sizeBytesMax,
      usedBytes: Math.min(this.#sizeBytesMax, storedBytes + this.image.faults.takenBytes),
      storedBytes,
      objects: this.#state.objects,
    };
  }

  #accept(transaction: readonly Mutation[]): void {
    if (!this.#open) throw new FsError('ESHUTDOWN', 'the object store is not open', { retry: 'safe' });
    if (this.#failure) throw this.#failure;
    const cost = checkTransaction(transaction, (pg) => this.#state.collections.get(pg)?.scope);
    const recordBytes = recordBytesMax(transaction, cost, bulkBytesMin);
    if (recordBytes > this.#recordBytesMax)
      throw new FsError('EFBIG', `a transaction of up to ${recordBytes} bytes does not fit the log (${this.#recordBytesMax}); split it`);
    const used = this.#state.blocks * blockBytes;
    // Every write may take one block more than its bytes at each end.
    const needed = cost.dataBytes + cost.metaBytes + transaction.length * 2 * blockBytes;
    if (!cost.shrinking && used + needed + this.image.faults.takenBytes > this.#sizeBytesMax) {
      throw new FsError('ENOSPC', `${needed} bytes are too many for what the store has left`, { retry: 'safe' });
    }
  }

  #startGroup(): void {
    this.#inFlight = this.#queue;
    this.#queue = [];
    this.#timer = this.#env.clock.setTimer(this.#commitDelayMs + this.image.faults.slowCommitMs, () => {
      this.#finishGroup();
    });
  }

  #finishGroup(): void {
    const group = this.#inFlight;
    this.#inFlight = [];
    this.#timer = undefined;
    if (this.image.faults.failsCommits) this.failWrites();
    for (const commit of group) {
      if (this.#failure) {
        commit.reject(this.#failure);
      } else {
        applyTransaction(this.image.state, commit.transaction);
        commit.resolve();
      }
    }
    if (this.#queue.length > 0) {
      this.#startGroup();
      return;
    }
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #close(): void {
    this.#open = false;
    this.#state = emptyState();
    if (this.image.owner === this) this.image.owner = undefined;
  }

  #object(pg: PgId, object: string): MemoryObject | undefined {
    const found = this.#state.collections.get(pg)?.objects.get(keyOfText(object));
    if (found?.damagedHead === true) throw new FsError('EILSEQ', `the record of object ${object} in ${pg} is damaged`);
    return found;
  }
}

const zeroBlock = Buffer.alloc(blockBytes);

function statOf(object: MemoryObject): ObjectStat {
  return { size: object.size, version: object.version, mtimeMs: object.mtimeMs };
}

function damage(state: MemoryState, pg: PgId, name: string, offset: number): boolean {
  const object = state.collections.get(pg)?.objects.get(keyOfText(name));
  const index = Math.floor(offset / blockBytes);
  if (!object?.blocks.has(index)) return false;
  object.damaged.add(index);
  return true;
}

function damageRecord(state: MemoryState, pg: PgId, name: string, key?: Uint8Array): boolean {
  const object = state.collections.get(pg)?.objects.get(keyOfText(name));
  if (object === undefined) return false;
  if (key === undefined) object.damagedHead = true;
  else if (!object.omap.has(keyOf(key))) return false;
  else object.damagedOmap.add(keyOf(key));
  return true;
}

function damagedEntry(object: string, pg: PgId): FsError {
  return new FsError('EILSEQ', `the record of an omap entry of object ${object} in ${pg} is damaged`);
}

function walk<V>(map: SortedMap<V>, from: string, exclusive: boolean, max: number, end?: string): [string, V][] {
  const keys = map.sortedKeys();
  const start = lowerBound(keys, from, exclusive && from !== '');
  const stop = end === undefined ? keys.length : lowerBound(keys, end, false);
  return keys.slice(start, Math.min(start + max, stop)).map((key) => [key, map.get(key) as V]);
}

/** The mutation with its own copy of the caller's bytes. */
function ownMutation(mutation: Mutation): Mutation {
  switch (mutation.kind) {
    case 'write':
      return { ...mutation, data: mutation.data.map((piece) => Buffer.from(piece)) };
    case 'set-xattr':
    case 'set-meta':
    case 'set-daemon-meta':
      return { ...mutation, value: Buffer.from(mutation.value) };
    case 'omap-set':
      return {
        ...mutation,
        entries: mutation.entries.map(({ key, value }) => ({ key: Buffer.from(key), value: Buffer.from(value) })),
      };
    case 'omap-remove':
      return { ...mutation, keys: mutation.keys.map((key) => Buffer.from(key)) };
    default:
      return mutation;
  }
}
