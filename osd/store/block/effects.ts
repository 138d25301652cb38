/**
 * What a transaction does to the store, step by step: the contents of a log record. Every step says what is
 * afterwards (which block, which bytes, which number), never "one more" or "the next free", so that applying
 * a log again over a state that has part of it already ends in the same state.
 *
 *     opcode u8, then                                             (k: key, b: bytes, numbers: varints)
 *      1 daemon-meta    k, optional b                  9 xattr         k, optional b
 *      2 add-collection cid, k (pg)                   10 map           block, count, start, count * u32 crc
 *      3 drop-collection cid                          11 unmap         block, count
 *      4 purge-done     cid                           12 patch         block, start, u8 fresh, offset, u32 crc, b
 *      5 meta           cid, k, optional b            13 omap-set      k, b
 *      6 select         cid, k (object's name)        14 omap-remove   k
 *      7 head           nid, omapId, size, interval, counter, f64 mtimeMs
 *      8 remove                                   15 release
 *                                                 16 adopt         block, count, start, count * u32 crc
 *     18 damaged                                  17 share-objects cid, cid of the objects, pgNum
 *
 * 7 to 16 and 18 are about the object selected last; `head` makes it when it is absent. `release` removes it, but not
 * its blocks nor its omap: `head` and `adopt` of another object, in the same record, say that they are that one's.
 * `damaged` says that what it is could not be read, and that nothing of it may be until it is removed.
 * @module
 */
import { type ByteReader, type ByteWriter, damagedEncoding } from './byte-codec.ts';

export interface HeadFields {
  readonly nid: number;
  readonly omapId: number;
  readonly size: number;
  readonly interval: number;
  readonly counter: number;
  readonly mtimeMs: number;
}

/** Who carries the steps out, in the order of the log. Bytes are views that the next step may overwrite. */
export interface EffectHandler {
  /** Null removes. */
  daemonMeta(key: string, value: Buffer | null): void;
  addCollection(cid: number, pg: string): void;
  /** Its objects are those of `objectsCid` that fall to its PG among `pgNum`. */
  shareObjects(cid: number, objectsCid: number, pgNum: number): void;
  /** The PG has it no longer; its objects and meta go piece by piece. */
  dropCollection(cid: number): void;
  /** Nothing of it is left. */
  purgeDone(cid: number): void;
  meta(cid: number, key: string, value: Buffer | null): void;
  select(cid: number, name: string): void;
  head(fields: HeadFields): void;
  remove(): void;
  xattr(name: string, value: Buffer | null): void;
  /** Data that is in the block file already. */
  map(block: number, start: number, crcs: readonly number[]): void;
  unmap(block: number, count: number): void;
  /** As remove, but the blocks and the omap are those of another object from now on. */
  release(): void;
  /** Blocks that were a released object's: their bytes may be in the block file, or still on their way. */
  adopt(block: number, start: number, crcs: readonly number[]): void;
  /**
   * Bytes for within a block, which is at `start` in the file. `fresh`: the rest of it is zeros, else what is
   * there. `crc` is that of the whole block with them.
   */
  patch(block: number, start: number, fresh: boolean, offset: number, crc: number, bytes: Buffer): void;
  omap(key: string, value: Buffer | null): void;
  damaged(): void;
}

export const opcode = {
  daemonMeta: 1,
  addCollection: 2,
  dropCollection: 3,
  purgeDone: 4,
  meta: 5,
  select: 6,
  head: 7,
  remove: 8,
  xattr: 9,
  map: 10,
  unmap: 11,
  patch: 12,
  omapSet: 13,
  omapRemove: 14,
  release: 15,
  adopt: 16,
  shareObjects: 17,
  damaged: 18,
} as const;

export function encodeHeadEffect(writer: ByteWriter, fields: HeadFields): void {
  writer.u8(opcode.head);
  writer.varint(fields.nid);
  writer.varint(fields.omapId);
  writer.varint(fields.size);
  writer.varint(fields.interval);
  writer.varint(fields.counter);
  writer.f64(fields.mtimeMs);
}

/** Feeds a record's steps to `handler`. FsError EILSEQ when they cannot be read. */
export function decodeEffects(reader: ByteReader, handler: EffectHandler): void {
  while (reader.left > 0) decodeEffect(reader, handler);
}

function decodeEffect(reader: ByteReader, handler: EffectHandler): void {
  const code = reader.u8();
  switch (code) {
    case opcode.daemonMeta:
      handler.daemonMeta(reader.key(), reader.optionalBytes());
      return;
    case opcode.addCollection:
      handler.addCollection(reader.varint(), reader.key());
      return;
    case opcode.shareObjects:
      handler.shareObjects(reader.varint(), reader.varint(), reader.varint());
      return;
    case opcode.dropCollection:
      handler.dropCollection(reader.varint());
      return;
    case opcode.purgeDone:
      handler.purgeDone(reader.varint());
      return;
    case opcode.meta:
      handler.meta(reader.varint(), reader.key(), reader.optionalBytes());
      return;
    case opcode.select:
      handler.select(reader.varint(), reader.key());
      return;
    case opcode.head:
      handler.head({
        nid: reader.varint(),
        omapId: reader.varint(),
        size: reader.varint(),
        interval: reader.varint(),
        counter: reader.varint(),
        mtimeMs: reader.f64(),
      });
      return;
    case opcode.remove:
      handler.remove();
      return;
    case opcode.xattr:
      handler.xattr(reader.key(), reader.optionalBytes());
      return;
    case opcode.map:
      handler.map(...readBlocks(reader));
      return;
    case opcode.unmap:
      handler.unmap(reader.varint(), reader.varint());
      return;
    case opcode.patch:
      handler.patch(reader.varint(), reader.varint(), reader.u8() === 1, reader.varint(), reader.u32(), reader.bytes());
      return;
    case opcode.omapSet:
      handler.omap(reader.key(), reader.bytes());
      return;
    case opcode.omapRemove:
      handler.omap(reader.key(), null);
      return;
    case opcode.release:
      handler.release();
      return;
    case opcode.adopt:
      handler.adopt(...readBlocks(reader));
      return;
    case opcode.damaged:
      handler.damaged();
      return;
    default:
      throw damagedEncoding(`step ${code} is unknown`);
  }
}

function readBlocks(reader: ByteReader): [block: number, start: number, crcs: number[]] {
  const block = reader.varint();
  const count = reader.varint();
  const start = reader.varint();
  if (count * 4 > reader.left) throw damagedEncoding('a map has more blocks than bytes');
  return [block, start, Array.from({ length: count }, () => reader.u32())];
}
