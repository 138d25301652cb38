/**
 * What the store knows of an object besides its omap, and how that is written down.
 *
 * The block map is cut into shards of 128 blocks (512 KiB), so that changing a block of a large object does
 * not rewrite all of its map. Shard 0 lives in the head, the others under keys of their own.
 *
 *     head    u8 format (1; 2: the object is damaged, nothing follows), varints: nid, omapId, size, interval, counter, f64 mtimeMs, varint shardCount,
 *             varint n, n * (name, value), shard 0 as bytes
 *     shard   varint n, n * (varint gap, varint count, varint start), then u32 crc32c of each block in order
 *
 * A block number 0 in a map is a hole (block 0 of the file is its superblock). Bytes of an object's last block
 * beyond its size are zeros.
 * @module
 */
import { keyOfText, textOfKey } from '../sorted-map.ts';
import { ByteReader, type ByteWriter, damagedEncoding } from './byte-codec.ts';

/** Blocks per shard of a block map. */
export const shardBlocks = 128;

const headFormat = 1;
const damagedFormat = 2;

/** Block map of 512 KiB of an object. */
export class Shard {
  /** Pairs of block number and crc32c; what is beyond its length is a hole. */
  #pairs: Uint32Array;
  /** The generation that may change it in place; undefined: it is as the database has it. */
  owner: object | undefined;
  /** The copy that a newer generation changes. */
  #next: Shard | undefined;

  constructor(pairs: Uint32Array, owner: object | undefined) {
    this.#pairs = pairs;
    this.owner = owner;
  }

  static empty(owner: object | undefined): Shard {
    return new Shard(new Uint32Array(2), owner);
  }

  /** Where block `index` is in the file; 0 is a hole. */
  block(index: number): number {
    return this.#pairs[index * 2] ?? 0;
  }

  crc(index: number): number {
    return this.#pairs[index * 2 + 1] ?? 0;
  }

  set(index: number, block: number, crc: number): void {
    if (index * 2 >= this.#pairs.length) {
      if (block === 0) return;
      let blocks = Math.max(1, this.#pairs.length);
      while (blocks <= index) blocks *= 2;
      const grown = new Uint32Array(Math.min(blocks, shardBlocks) * 2);
      grown.set(this.#pairs);
      this.#pairs = grown;
    }
    this.#pairs[index * 2] = block;
    this.#pairs[index * 2 + 1] = crc;
  }

  clone(owner: object | undefined): Shard {
    this.#next = new Shard(this.#pairs.slice(), owner);
    return this.#next;
  }

  /** The crc of a block that was still loading when it was mapped, here and in the copies made since. */
  settleCrc(index: number, block: number, crc: number): void {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- walks a list that begins here
    for (let shard: Shard | undefined = this; shard; shard = shard.#next) {
      if (shard.block(index) === block) shard.set(index, block, crc);
    }
  }

  /** Blocks worth looking at: all at and beyond are holes. */
  get length(): number {
    return this.#pairs.length / 2;
  }

  isEmpty(): boolean {
    for (let i = 0; i < this.length; i++) if (this.#pairs[i * 2] !== 0) return false;
    return true;
  }
}

export interface Onode {
  /** Its collection, and its name as a key; see sorted-map.ts. */
  readonly cid: number;
  readonly name: string;
  /** Number under which its shards are stored; never used again. */
  readonly nid: number;
  /** Number under which its omap is stored; 0: it has none. */
  omapId: number;
  size: number;
  interval: number;
  counter: number;
  mtimeMs: number;
  /** Replaced, never changed in place: generations share it. */
  xattrs: ReadonlyMap<string, Buffer>;
  /** Shards at and above this have never been stored. */
  shardCount: number;
  /** Those in memory; others are loaded when asked for. */
  readonly shards: Map<number, Shard>;
  /** Changed in the generation that owns this. */
  readonly dirtyShards: Set<number>;
  /** What it is could not be read: no other field counts. */
  readonly damaged: boolean;
}

export const noXattrs: ReadonlyMap<string, Buffer> = new Map();

export function newOnode(cid: number, name: string, nid: number): Onode {
  return {
    cid,
    name,
    nid,
    omapId: 0,
    size: 0,
    interval: 0,
    counter: 0,
    mtimeMs: 0,
    xattrs: noXattrs,
    shardCount: 0,
    shards: new Map(),
    dirtyShards: new Set(),
    damaged: false,
  };
}

/** In place of an object whose records cannot be read. */
export function damagedOnode(cid: number, name: string): Onode {
  return { ...newOnode(cid, name, 0), damaged: true };
}

/** Owner of shards that two generations hold and neither may change in place. */
const shared = {};

/** For the next generation: shares what can be shared until it changes. */
export function cloneOnode(onode: Onode): Onode {
  for (const shard of onode.shards.values()) shard.owner ??= shared;
  return { ...onode, shards: new Map(onode.shards), dirtyShards: new Set() };
}

export function encodeHead(writer: ByteWriter, onode: Onode): void {
  if (onode.damaged) {
    writer.u8(damagedFormat);
    return;
  }
  writer.u8(headFormat);
  writer.varint(onode.nid);
  writer.varint(onode.omapId);
  writer.varint(onode.size);
  writer.varint(onode.interval);
  writer.varint(onode.counter);
  writer.f64(onode.mtimeMs);
  writer.varint(onode.shardCount);
  writer.varint(onode.xattrs.size);
  for (const [name, value] of onode.xattrs) {
    writer.key(keyOfText(name));
    writer.bytes(value);
  }
  const first = onode.shards.get(0);
  if (first) encodeShard(writer, first);
  else writer.varint(0);
}

/** The bytes need not outlive the call. */
export function decodeHead(cid: number, name: string, bytes: Buffer): Onode {
  const reader = new ByteReader(bytes);
  const format = reader.u8();
  if (format === damagedFormat) return damagedOnode(cid, name);
  if (format !== headFormat) throw damagedEncoding('an object head has an unknown format');
  const onode = newOnode(cid, name, reader.varint());
  onode.omapId = reader.varint();
  onode.size = reader.varint();
  onode.interval = reader.varint();
  onode.counter = reader.varint();
  onode.mtimeMs = reader.f64();
  onode.shardCount = reader.varint();
  const count = reader.varint();
  if (count > 0) {
    const xattrs = new Map<string, Buffer>();
    for (let i = 0; i < count; i++) xattrs.set(textOfKey(reader.key()), Buffer.from(reader.bytes()));
    onode.xattrs = xattrs;
  }
  const first = decodeShard(reader);
  if (first) onode.shards.set(0, first);
  return onode;
}

export function encodeShard(writer: ByteWriter, shard: Shard): void {
  const runs: number[] = [];
  const { length } = shard;
  let end = 0;
  for (let i = 0; i < length;) {
    const start = shard.block(i);
    if (start === 0) {
      i++;
      continue;
    }
    let count = 1;
    while (i + count < length && shard.block(i + count) === start + count) count++;
    runs.push(i - end, count, start);
    i += count;
    end = i;
  }
  writer.varint(runs.length / 3);
  for (const value of runs) writer.varint(value);
  for (let i = 0; i < length; i++) if (shard.block(i) !== 0) writer.u32(shard.crc(i));
}

/** Undefined when it maps nothing. */
export function decodeShard(reader: ByteReader): Shard | undefined {
  const runCount = reader.varint();
  if (runCount === 0) return undefined;
  const blocks: number[] = [];
  const indexes: number[] = [];
  let index = 0;
  for (let run = 0; run < runCount; run++) {
    index += reader.varint();
    const count = reader.varint();
    const start = reader.varint();
    if (count === 0 || index + count > shardBlocks || start === 0 || start + count > 0xffffffff) {
      throw damagedEncoding('a block map leaves its shard or its file');
    }
    for (let i = 0; i < count; i++) {
      indexes.push(index++);
      blocks.push(start + i);
    }
  }
  const pairs = new Uint32Array(index * 2);
  for (let i = 0; i < blocks.length; i++) {
    const at = (indexes[i] as number) * 2;
    pairs[at] = blocks[i] as number;
    pairs[at + 1] = reader.u32();
  }
  return new Shard(pairs, undefined);
}
