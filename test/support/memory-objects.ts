/**
 * An ObjectClient on a map in memory: atomic compound operations, omap in byte order, and a count of changes at which it can be
 * made to die, as a client whose process is killed. For fast tests of what is built on objects.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { PoolId } from '../../common/maps/ids.ts';
import type { Clock } from '../../common/runtime/clock.ts';
import { emptyResult, onlyReads } from '../../osd/client/encode-operations.ts';
import type {
  Extent,
  NamesPage,
  ObjectClient,
  ObjectOperation,
  ObjectReply,
  OmapEntry,
  OperationResult,
} from '../../osd/client/object-client.ts';

interface StoredObject {
  data: Buffer;
  readonly xattrs: Map<string, Buffer>;
  /** Keys as latin1: their order is that of the bytes. */
  readonly omap: Map<string, Buffer>;
  counter: number;
}

/** What outlives clients. */
export class MemoryObjects {
  readonly objects = new Map<string, StoredObject>();
  /** Compound operations that changed something. */
  changes = 0;

  /** An independent copy. */
  clone(): MemoryObjects {
    const copy = new MemoryObjects();
    for (const [name, object] of this.objects) copy.objects.set(name, copyOf(object));
    return copy;
  }

  names(pool: PoolId): string[] {
    return [...this.objects.keys()]
      .filter((key) => key.startsWith(`${pool}/`))
      .map((key) => key.slice(`${pool}/`.length))
      .sort();
  }

  object(pool: PoolId, name: string): StoredObject | undefined {
    return this.objects.get(`${pool}/${name}`);
  }
}

export interface MemoryClientOptions {
  readonly clock: Clock;
  /** What a listing is said to take. */
  readonly listingRequests?: number;
  /** Until an operation is done, and answered. */
  readonly latencyMs?: number;
  /** Likewise, of some objects; undefined: the same for them. */
  readonly slowMs?: (object: string) => number | undefined;
  /** After so many changes nothing is applied or answered any more. */
  readonly changesMax?: number;
  /** Called before a change is applied; may throw to refuse it. */
  readonly before?: (object: string, operations: readonly ObjectOperation[]) => void;
}

export class MemoryObjectClient implements ObjectClient {
  readonly #store: MemoryObjects;
  readonly #options: MemoryClientOptions;
  /** Operations by kind, for tests that count. */
  readonly log: { readonly object: string; readonly kinds: readonly string[] }[] = [];
  /** Entries of ordered maps that were given out. */
  entriesRead = 0;
  #left: number;
  #inFlight = 0;
  #idle: (() => void)[] = [];

  constructor(store: MemoryObjects, options: MemoryClientOptions) {
    this.#store = store;
    this.#options = options;
    this.#left = options.changesMax ?? Number.POSITIVE_INFINITY;
  }

  get dead(): boolean {
    return this.#left <= 0;
  }

  operate(pool: PoolId, object: string, operations: readonly ObjectOperation[]): Promise<ObjectReply> {
    this.#inFlight++;
    return new Promise((resolve, reject) => {
      this.#options.clock.setTimer(this.#options.slowMs?.(object) ?? this.#options.latencyMs ?? 0, () => {
        if (this.#left <= 0) return;
        try {
          resolve(this.#apply(pool, object, operations));
        } catch (error) {
          reject(error);
        } finally {
          this.#inFlight--;
          if (this.#inFlight === 0) for (const wake of this.#idle.splice(0)) wake();
        }
      });
    });
  }

  names(pool: PoolId, prefix: string, after: string, perPg: number): Promise<NamesPage> {
    return new Promise((resolve) => {
      this.#options.clock.setTimer(this.#options.latencyMs ?? 0, () => {
        if (this.#left <= 0) return;
        this.log.push({ object: prefix, kinds: ['names'] });
        const names = this.#store.names(pool).filter((name) => name.startsWith(prefix) && name > after);
        const page = names.slice(0, perPg);
        resolve({ names: page, through: names.length > page.length ? page.at(-1) : undefined });
      });
    });
  }

  listingRequests(): number {
    return this.#options.listingRequests ?? 1024;
  }

  drain(): Promise<void> {
    return this.#inFlight === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  stop(): Promise<void> {
    this.#left = 0;
    return Promise.resolve();
  }

  #apply(pool: PoolId, name: string, operations: readonly ObjectOperation[]): ObjectReply {
    const key = `${pool}/${name}`;
    const changes = !onlyReads(operations);
    if (changes) this.#options.before?.(name, operations);
    this.log.push({ object: name, kinds: operations.map(({ kind }) => kind) });
    const old = this.#store.objects.get(key);
    const work: { object: StoredObject | undefined } = { object: old === undefined || !changes ? old : copyOf(old) };
    const results = operations.map((operation) => step(work, operation, name));
    for (const { entries } of results) this.entriesRead += entries.length;
    if (changes) {
      this.#store.changes++;
      this.#left--;
      if (work.object === undefined) this.#store.objects.delete(key);
      else {
        work.object.counter++;
        this.#store.objects.set(key, work.object);
      }
    }
    return { version: { interval: 1, counter: work.object?.counter ?? 0 }, results };
  }
}

function step(work: { object: StoredObject | undefined }, operation: ObjectOperation, name: string): OperationResult {
  const made = (): StoredObject => (work.object ??= { data: Buffer.alloc(0), xattrs: new Map(), omap: new Map(), counter: 0 });
  const present = (): StoredObject => {
    if (work.object === undefined) throw new FsError('ENOENT', `no object ${name}`);
    return work.object;
  };
  switch (operation.kind) {
    case 'read': {
      const { data } = present();
      return {
        ...emptyResult,
        data: [Buffer.from(data.subarray(operation.offset, operation.length === 0 ? data.length : operation.offset + operation.length))],
      };
    }
    case 'stat':
      return { ...emptyResult, size: present().data.length };
    case 'extents': {
      const { data } = present();
      const end = operation.length === 0 ? data.length : Math.min(data.length, operation.offset + operation.length);
      return { ...emptyResult, extents: extentsOf(data, operation.offset, end) };
    }
    case 'write':
      write(made(), operation.offset, Buffer.concat(operation.data));
      return emptyResult;
    case 'write-full':
      made().data = Buffer.concat(operation.data);
      return emptyResult;
    case 'append': {
      const object = made();
      const offset = object.data.length;
      write(object, offset, Buffer.concat(operation.data));
      return { ...emptyResult, offset };
    }
    case 'zero':
      work.object?.data.fill(0, operation.offset, Math.min(operation.offset + operation.length, work.object.data.length));
      return emptyResult;
    case 'copy-range':
      throw new FsError('EOPNOTSUPP', 'copies between objects');
    case 'truncate': {
      const object = made();
      const data = Buffer.alloc(operation.size);
      object.data.copy(data);
      object.data = data;
      return emptyResult;
    }
    case 'create':
      if (operation.exclusive && work.object !== undefined) throw new FsError('EEXIST', `object ${name} exists`);
      made();
      return emptyResult;
    case 'remove':
      present();
      work.object = undefined;
      return emptyResult;
    case 'get-xattr': {
      const value = present().xattrs.get(operation.name);
      if (value === undefined) throw new FsError('ENODATA', `no xattr ${operation.name}`);
      return { ...emptyResult, value };
    }
    case 'get-xattrs':
      return { ...emptyResult, entries: [...present().xattrs].map(([key, value]) => ({ key: Buffer.from(key), value })) };
    case 'set-xattr':
      made().xattrs.set(operation.name, Buffer.from(operation.value));
      return emptyResult;
    case 'remove-xattr':
      present().xattrs.delete(operation.name);
      return emptyResult;
    case 'compare-xattr':
      if (work.object?.xattrs.get(operation.name)?.equals(operation.value) !== true)
        throw new FsError('ECANCELED', `xattr ${operation.name} differs`);
      return emptyResult;
    case 'omap-get': {
      const { omap } = present();
      return { ...emptyResult, entries: operation.keys.flatMap((key) => entryOf(omap, Buffer.from(key).toString('latin1'))) };
    }
    case 'omap-get-range': {
      const { omap } = present();
      const after = Buffer.from(operation.after).toString('latin1');
      const keys = [...omap.keys()].filter((key) => key > after).sort();
      const page = keys.slice(0, operation.maxEntries);
      return { ...emptyResult, entries: page.flatMap((key) => entryOf(omap, key)), more: keys.length > page.length };
    }
    case 'omap-set':
      for (const { key, value } of operation.entries) made().omap.set(Buffer.from(key).toString('latin1'), Buffer.from(value));
      return emptyResult;
    case 'omap-remove':
      for (const key of operation.keys) present().omap.delete(Buffer.from(key).toString('latin1'));
      return emptyResult;
    case 'omap-clear':
      present().omap.clear();
      return emptyResult;
    case 'assert-exists':
      present();
      return emptyResult;
    case 'names':
      throw new FsError('EOPNOTSUPP', 'names of one PG');
    case 'assert-version':
      if (present().counter !== operation.version.counter) throw new FsError('ERANGE', `object ${name} has another version`);
      return emptyResult;
  }
}

function entryOf(omap: ReadonlyMap<string, Buffer>, key: string): OmapEntry[] {
  const value = omap.get(key);
  return value === undefined ? [] : [{ key: Buffer.from(key, 'latin1'), value: Buffer.from(value) }];
}

const blockBytes = 4096;

/** A block is data when it has a byte that is not zero: as far as can be told from the bytes alone. */
export function extentsOf(data: Buffer, offset: number, end: number): Extent[] {
  const extents: Extent[] = [];
  for (let from = offset; from < end;) {
    const to = Math.min(end, (Math.floor(from / blockBytes) + 1) * blockBytes);
    const last = extents.at(-1);
    if (data.subarray(from, to).some((byte) => byte !== 0)) {
      if (last !== undefined && last.offset + last.length === from)
        extents[extents.length - 1] = { offset: last.offset, length: to - last.offset };
      else extents.push({ offset: from, length: to - from });
    }
    from = to;
  }
  return extents;
}

function write(object: StoredObject, offset: number, data: Buffer): void {
  if (object.data.length < offset + data.length) {
    const grown = Buffer.alloc(offset + data.length);
    object.data.copy(grown);
    object.data = grown;
  }
  data.copy(object.data, offset);
}

function copyOf({ data, xattrs, omap, counter }: StoredObject): StoredObject {
  return { data: Buffer.from(data), xattrs: new Map(xattrs), omap: new Map(omap), counter };
}
