/**
 * Checks that copies of a PG are identical: objects, data, xattrs, omap, versions, and their logs as far as both
 * reach back (each member trims its own).
 * @module
 */
import type { PgId } from '../../common/maps/ids.ts';
import type { ObjectStore } from '../../osd/store/object-store.ts';

export interface Copy {
  readonly name: string;
  readonly store: ObjectStore;
}

/** What differs between the copies, in words; empty when nothing does. */
export async function compareCopies(pg: PgId, copies: readonly Copy[]): Promise<string[]> {
  const described = await Promise.all(copies.map(async ({ name, store }) => ({ name, records: await describe(store, pg) })));
  const [first, ...others] = described;
  if (first === undefined) return [`${pg}: no copy`];
  const found: string[] = [];
  for (const other of others) {
    for (const key of new Set([...first.records.keys(), ...other.records.keys()])) {
      const a = first.records.get(key);
      const b = other.records.get(key);
      if (a === undefined && isTrimmed(first.records, key)) continue;
      if (b === undefined && isTrimmed(other.records, key)) continue;
      if (a !== b) found.push(`${pg} ${key}: ${first.name} has ${a ?? 'nothing'}, ${other.name} has ${b ?? 'nothing'}`);
    }
  }
  return found;
}

async function describe(store: ObjectStore, pg: PgId): Promise<Map<string, string>> {
  const records = new Map<string, string>();
  for (const { name, stat } of store.objects(pg, '', 1_000_000)) {
    const data = Buffer.concat(await store.read(pg, name, 0, stat.size));
    records.set(`object ${name}`, `v${stat.version.interval}'${stat.version.counter} mtime ${stat.mtimeMs} ${stat.size}:${hash(data)}`);
    for (const [key, value] of store.xattrs(pg, name)) records.set(`xattr ${name} ${key}`, hash(value));
    for (const { key, value } of store.omapRange(pg, name, Buffer.alloc(0), 1_000_000))
      records.set(`omap ${name} ${Buffer.from(key).toString('hex')}`, hash(value));
  }
  for (const { key, value } of store.metaRange(pg, 'l', 'm')) records.set(`log ${key}`, hash(value));
  return records;
}

/** Whether `key` is a log record older than all that the copy has, of a copy that has some. */
function isTrimmed(records: ReadonlyMap<string, string>, key: string): boolean {
  if (!key.startsWith('log ')) return false;
  for (const other of records.keys()) if (other.startsWith('log ')) return key < other;
  return false;
}

/** FNV-1a with the length: enough to tell copies apart in a test. */
function hash(bytes: Uint8Array): string {
  let value = 0x811c9dc5;
  for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return `${bytes.length}/${value.toString(16)}`;
}
