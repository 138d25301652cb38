/**
 * The simplest thing that behaves as an object store should: flat buffers, no blocks, no delays.
 * @module
 */
import { createHash } from 'node:crypto';
import type { PgId } from '../../../common/maps/ids.ts';
import { objectHash, stableMod } from '../../../common/maps/object-hash.ts';
import type { Mutation, ObjectStore } from '../../../osd/store/object-store.ts';

interface ModelObject {
  data: Uint8Array;
  version: string;
  mtimeMs: number;
  xattrs: Map<string, string>;
  omap: Map<string, string>;
}

interface ModelCollection {
  objects: Map<string, ModelObject>;
  shelf: Map<string, ModelObject>;
  meta: Map<string, string>;
}

export type Model = { collections: Map<PgId, ModelCollection>; daemon: Map<string, string> };

export function emptyModel(): Model {
  return { collections: new Map(), daemon: new Map() };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function collectionOf(model: Model, pg: PgId): ModelCollection {
  let collection = model.collections.get(pg);
  if (!collection) model.collections.set(pg, (collection = { objects: new Map(), shelf: new Map(), meta: new Map() }));
  return collection;
}

interface Target {
  readonly pg: PgId;
  readonly object: string;
  readonly shelf?: true;
}

function objectOf(model: Model, target: Target): ModelObject {
  const collection = collectionOf(model, target.pg);
  const objects = target.shelf ? collection.shelf : collection.objects;
  const name = target.object;
  let object = objects.get(name);
  if (!object) {
    object = { data: Buffer.alloc(0), version: '0/0', mtimeMs: 0, xattrs: new Map(), omap: new Map() };
    objects.set(name, object);
  }
  return object;
}

function resize(object: ModelObject, size: number): void {
  const data = Buffer.alloc(size);
  data.set(object.data.subarray(0, size));
  object.data = data;
}

export function applyToModel(model: Model, transaction: readonly Mutation[]): void {
  for (const m of transaction) {
    switch (m.kind) {
      case 'touch':
        objectOf(model, m);
        break;
      case 'write': {
        const object = objectOf(model, m);
        const bytes = Buffer.concat(m.data);
        if (bytes.length === 0) break;
        resize(object, Math.max(object.data.length, m.offset + bytes.length));
        object.data.set(bytes, m.offset);
        break;
      }
      case 'truncate':
        resize(objectOf(model, m), m.size);
        break;
      case 'set-xattr':
        objectOf(model, m).xattrs.set(m.name, hex(m.value));
        break;
      case 'omap-set':
        objectOf(model, m);
        for (const { key, value } of m.entries) objectOf(model, m).omap.set(hex(key), hex(value));
        break;
      case 'set-meta':
        if (m.value.length > 0) collectionOf(model, m.pg).meta.set(m.key, hex(m.value));
        else model.collections.get(m.pg)?.meta.delete(m.key);
        break;
      case 'set-daemon-meta':
        if (m.value.length > 0) model.daemon.set(m.key, hex(m.value));
        else model.daemon.delete(m.key);
        break;
      case 'unshelve': {
        const collection = model.collections.get(m.pg);
        const object = collection?.shelf.get(m.object);
        if (object) collection?.objects.set(m.object, object);
        collection?.shelf.delete(m.object);
        break;
      }
      case 'remove-collection':
        model.collections.delete(m.pg);
        break;
      case 'split-collection':
        splitInModel(model, m.pg, m.pgNumBefore, m.pgNumAfter);
        break;
      default: {
        const collection = model.collections.get(m.pg);
        const objects = m.shelf ? collection?.shelf : collection?.objects;
        const object = objects?.get(m.object);
        if (!object) break;
        if (m.kind === 'zero') {
          resize(object, object.data.length);
          object.data.fill(0, Math.min(m.offset, object.data.length), Math.min(m.offset + m.length, object.data.length));
        } else if (m.kind === 'remove') objects?.delete(m.object);
        else if (m.kind === 'set-version') {
          object.version = `${m.version.interval}/${m.version.counter}`;
          object.mtimeMs = m.mtimeMs;
        } else if (m.kind === 'remove-xattr') object.xattrs.delete(m.name);
        else if (m.kind === 'omap-remove') for (const key of m.keys) object.omap.delete(hex(key));
        else object.omap.clear();
      }
    }
  }
}

function splitInModel(model: Model, pg: PgId, pgNumBefore: number, pgNumAfter: number): void {
  const parent = model.collections.get(pg);
  if (!parent) return;
  const [pool, seq] = pg.split('.');
  const nameOf = (number: number): PgId => `${pool ?? ''}.${number.toString(16)}` as PgId;
  for (let child = pgNumBefore; child < pgNumAfter; child++)
    if (stableMod(child, pgNumBefore) === Number.parseInt(seq ?? '', 16)) collectionOf(model, nameOf(child));
  for (const place of ['objects', 'shelf'] as const) {
    for (const [name, object] of [...parent[place]]) {
      parent[place].delete(name);
      collectionOf(model, nameOf(stableMod(objectHash(name), pgNumAfter)))[place].set(name, object);
    }
  }
}

const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const sorted = (map: ReadonlyMap<string, string>): [string, string][] => [...map].sort(([a], [b]) => compare(a, b));

/** Everything there is, in order, with the bytes as hex or by length and content. */
export type Dump = Record<string, unknown>;

export function dumpModel(model: Model): Dump {
  const dump: Dump = {};
  for (const [pg, collection] of [...model.collections].sort(([a], [b]) => compare(a, b))) {
    dump[pg] = {
      meta: sorted(collection.meta),
      shelf: [...collection.shelf.keys()].sort(compare),
      objects: [...collection.objects]
        .sort(([a], [b]) => compare(a, b))
        .map(([name, o]) => ({
          name,
          size: o.data.length,
          version: o.version,
          mtimeMs: o.mtimeMs,
          data: fingerprint([o.data]),
          xattrs: sorted(o.xattrs),
          omap: sorted(o.omap),
        })),
    };
  }
  dump['daemon'] = sorted(model.daemon);
  return dump;
}

/** The same of a store, by way of its listings (in pages of an odd size) and reads. */
export async function dumpStore(store: ObjectStore, daemonKeys: readonly string[]): Promise<Dump> {
  const dump: Dump = {};
  for (const pg of store.collections().sort(compare)) {
    const objects: unknown[] = [];
    for (let after = ''; ;) {
      const page = store.objects(pg, after, 3);
      for (const { name, stat } of page) {
        const omap: [string, string][] = [];
        for (let key: Uint8Array = Buffer.alloc(0); ;) {
          const entries = store.omapRange(pg, name, key, 5);
          for (const entry of entries) omap.push([hex(entry.key), hex(entry.value)]);
          if (entries.length < 5) break;
          key = (entries.at(-1) as { key: Uint8Array }).key;
        }
        objects.push({
          name,
          size: stat.size,
          version: `${stat.version.interval}/${stat.version.counter}`,
          mtimeMs: stat.mtimeMs,
          data: fingerprint(await store.read(pg, name, 0, stat.size)),
          xattrs: sorted(new Map([...store.xattrs(pg, name)].map(([key, value]) => [key, hex(value)]))),
          omap,
        });
      }
      if (page.length < 3) break;
      after = (page.at(-1) as { name: string }).name;
    }
    dump[pg] = {
      meta: store.metaRange(pg, '\0', '\u{10ffff}').map(({ key, value }) => [key, hex(value)]),
      shelf: store.shelved(pg, 99),
      objects,
    };
  }
  const daemon = new Map<string, string>();
  for (const key of daemonKeys) {
    const value = store.daemonMeta(key);
    if (value) daemon.set(key, hex(value));
  }
  dump['daemon'] = sorted(daemon);
  return dump;
}

/** Small contents whole, large ones as a hash of every 64 KiB, so that a difference tells where it is. */
function fingerprint(pieces: readonly Uint8Array[]): string {
  const bytes = Buffer.concat(pieces);
  if (bytes.length <= 64) return bytes.toString('hex');
  const parts: string[] = [];
  for (let from = 0; from < bytes.length; from += 65_536)
    parts.push(
      createHash('sha1')
        .update(bytes.subarray(from, from + 65_536))
        .digest('hex')
        .slice(0, 12),
    );
  return parts.join(' ');
}

export function cloneModel(model: Model): Model {
  return structuredClone(model);
}
