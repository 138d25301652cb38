/**
 * Branded identifiers, made here and nowhere else, so that one kind is never passed for another.
 * @module
 */
import { assert } from '../errors/assert.ts';

declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

/** Version of the cluster map, from 1; 0 means "none yet". */
export type Epoch = Branded<number, 'Epoch'>;
/** Number of an OSD, from 0. */
export type OsdId = Branded<number, 'OsdId'>;
/** Number of a pool, from 1. */
export type PoolId = Branded<number, 'PoolId'>;
/** `<pool>.<seq hex>`, for example `2.1f`. */
export type PgId = Branded<string, 'PgId'>;
/** `mon.a`, `osd.0`, `mds.a`, `client.<name>`. */
export type EntityName = Branded<string, 'EntityName'>;
/** One life of a process: random in [1, 2^53). With a {@link Tid} it names a request for ever. */
export type InstanceId = Branded<number, 'InstanceId'>;
/** Number of a request within one instance, from 1, rising. */
export type Tid = Branded<number, 'Tid'>;
/** Inode number, 1 (the root) up to 2^53 - 1; never reused. */
export type Ino = Branded<number, 'Ino'>;
/** A file name or symlink target: each character is one byte (latin1), so any bytes survive. */
export type ByteString = Branded<string, 'ByteString'>;

function natural(value: number, what: string): number {
  assert(Number.isSafeInteger(value) && value >= 0, `${what} ${value} is not a natural number`);
  return value;
}

export const epoch = (value: number): Epoch => natural(value, 'epoch') as Epoch;
export const osdId = (value: number): OsdId => natural(value, 'OSD id') as OsdId;
export const poolId = (value: number): PoolId => natural(value, 'pool id') as PoolId;
export const instanceId = (value: number): InstanceId => natural(value, 'instance id') as InstanceId;
export const tid = (value: number): Tid => natural(value, 'tid') as Tid;
export const ino = (value: number): Ino => natural(value, 'inode number') as Ino;
export const entityName = (type: EntityType, id: string | number): EntityName => `${type}.${id}` as EntityName;

export type EntityType = 'mon' | 'osd' | 'mds' | 'client';

/** Splits and checks `type.id`; undefined when it is not an entity's name. */
export function parseEntityName(text: string): { readonly type: EntityType; readonly id: string } | undefined {
  const match = /^(mon|osd|mds|client)\.([A-Za-z0-9._-]{1,128})$/.exec(text);
  return match ? { type: match[1] as EntityType, id: match[2] as string } : undefined;
}

/** The PG `seq` (below the pool's pg_num) of `pool`. */
export function pgId(pool: PoolId, seq: number): PgId {
  return `${pool}.${natural(seq, 'PG number').toString(16)}` as PgId;
}

/** Splits and checks a PG's name; undefined when it is not one. */
export function parsePgId(text: string): { readonly pool: PoolId; readonly seq: number } | undefined {
  const match = /^([0-9]{1,10})\.([0-9a-f]{1,8})$/.exec(text);
  return match ? { pool: Number(match[1]) as PoolId, seq: Number.parseInt(match[2] as string, 16) } : undefined;
}

/** Bytes as a {@link ByteString}. */
export function byteString(bytes: Uint8Array): ByteString {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1') as ByteString;
}

/** UTF-8 text (a person's path) as a {@link ByteString}. */
export function byteStringOf(text: string): ByteString {
  return Buffer.from(text, 'utf8').toString('latin1') as ByteString;
}

/** The bytes of a {@link ByteString}. */
export function bytesOf(name: ByteString): Buffer {
  return Buffer.from(name, 'latin1');
}

/** A {@link ByteString} for people, its bytes read as UTF-8. */
export function printable(name: ByteString): string {
  return bytesOf(name).toString('utf8');
}

/** The same as part of a sentence. */
export function quoted(name: ByteString): string {
  return JSON.stringify(printable(name));
}
