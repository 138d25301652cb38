/**
 * Records of the write-ahead log. One record is one transaction.
 *
 *     0  u32 magic 'NLR1'
 *     4  u32 length of the payload, without the padding
 *     8  u64 seq           of the transaction: one more than that of the record before
 *    16  u64 durableSeq    every record up to this was durable when this one was written
 *    24  u32 incarnation   of the store: how often it has been opened
 *    28  u32 crc32c        of bytes 4..28 and the payload, continued from the crc of the store's uuid
 *    32  payload (effects.ts), then zeros up to a multiple of 8
 *
 * The seq that must come next, the incarnation and the uuid tell a record from what earlier use of the same
 * place left; the crc tells it from one that was written only in part.
 * @module
 */
import { ByteWriter } from './byte-codec.ts';
import { crc32c, crcOfPieces } from './crc.ts';

export const recordHeaderBytes = 32;
export const recordAlignment = 8;
export const recordMagic = 0x31524c4e;

const highUnit = 2 ** 32;
/** Memory is taken in pieces of this size. */
const arenaBytes = 256 * 1024;
const arenasKept = 8;

export interface RecordHeader {
  readonly payloadBytes: number;
  readonly seq: number;
  readonly durableSeq: number;
  readonly incarnation: number;
  readonly crc: number;
}

/** A record that has been put together: where its bytes are. */
export interface EncodedRecord {
  /** With header and padding; the header is in the first. */
  readonly pieces: readonly Buffer[];
  readonly payloadBytes: number;
  readonly totalBytes: number;
  /** To be given back when the record is durable. */
  readonly arenas: readonly Arena[];
}

export interface Arena {
  readonly buffer: Buffer;
  users: number;
}

/** Puts records together in recycled memory. */
export class RecordWriter extends ByteWriter {
  #arena: Arena;
  readonly #spare: Arena[] = [];
  #arenas: Arena[] = [];
  #pieces: Buffer[] = [];
  #start = 0;
  #length = 0;

  constructor() {
    const arena = newArena(arenaBytes);
    super(arena.buffer);
    this.#arena = arena;
  }

  begin(): void {
    this.#arenas = [];
    this.#pieces = [];
    this.#length = 0;
    if (this.#arena.users === 0) this.position = 0;
    if (this.position + recordHeaderBytes + 256 > this.buffer.length) this.#nextArena(recordHeaderBytes);
    this.#use();
    this.#start = this.position;
    this.position += recordHeaderBytes;
  }

  override ensure(bytes: number): void {
    if (this.position + bytes <= this.buffer.length) return;
    this.#closePiece();
    this.#nextArena(bytes);
    this.#use();
    this.#start = this.position;
  }

  finish(): EncodedRecord {
    const unpadded = this.#length + this.position - this.#start;
    const padding = (recordAlignment - (unpadded % recordAlignment)) % recordAlignment;
    this.ensure(padding);
    this.buffer.fill(0, this.position, this.position + padding);
    this.position += padding;
    this.#closePiece();
    return { pieces: this.#pieces, payloadBytes: unpadded - recordHeaderBytes, totalBytes: unpadded + padding, arenas: this.#arenas };
  }

  /** The record's bytes are needed no longer. */
  release(record: EncodedRecord): void {
    for (const arena of record.arenas) {
      arena.users--;
      if (arena.users > 0 || arena === this.#arena || arena.buffer.length !== arenaBytes) continue;
      if (this.#spare.length < arenasKept) this.#spare.push(arena);
    }
  }

  #closePiece(): void {
    if (this.position === this.#start) return;
    this.#pieces.push(this.buffer.subarray(this.#start, this.position));
    this.#length += this.position - this.#start;
  }

  #use(): void {
    this.#arena.users++;
    this.#arenas.push(this.#arena);
  }

  #nextArena(bytes: number): void {
    const previous = this.#arena;
    this.#arena = bytes > arenaBytes ? newArena(bytes) : (this.#spare.pop() ?? newArena(arenaBytes));
    if (previous.users === 0 && previous.buffer.length === arenaBytes) this.#spare.push(previous);
    this.buffer = this.#arena.buffer;
    this.position = 0;
  }
}

/** Fills in the header, when everything that it says is known. */
export function sealRecord(record: EncodedRecord, seq: number, durableSeq: number, incarnation: number, salt: number): void {
  const header = record.pieces[0] as Buffer;
  header.writeUInt32LE(recordMagic, 0);
  header.writeUInt32LE(record.payloadBytes, 4);
  writeU64(header, seq, 8);
  writeU64(header, durableSeq, 16);
  header.writeUInt32LE(incarnation, 24);
  header.writeUInt32LE(crcOfRecord(record.pieces, record.payloadBytes, salt), 28);
}

/** Undefined when the bytes at `at` do not begin a record that could fit. */
export function readRecordHeader(buffer: Buffer, at: number): RecordHeader | undefined {
  if (at + recordHeaderBytes > buffer.length || buffer.readUInt32LE(at) !== recordMagic) return undefined;
  const payloadBytes = buffer.readUInt32LE(at + 4);
  if (payloadBytes > buffer.length - at - recordHeaderBytes) return undefined;
  return {
    payloadBytes,
    seq: readU64(buffer, at + 8),
    durableSeq: readU64(buffer, at + 16),
    incarnation: buffer.readUInt32LE(at + 24),
    crc: buffer.readUInt32LE(at + 28),
  };
}

/** Whether the record at `at` is whole. */
export function recordIsWhole(buffer: Buffer, at: number, header: RecordHeader, salt: number): boolean {
  return crcOfRecord([buffer.subarray(at, at + recordHeaderBytes + header.payloadBytes)], header.payloadBytes, salt) === header.crc;
}

export function paddedRecordBytes(payloadBytes: number): number {
  return Math.ceil((recordHeaderBytes + payloadBytes) / recordAlignment) * recordAlignment;
}

function crcOfRecord(pieces: readonly Buffer[], payloadBytes: number, salt: number): number {
  const first = pieces[0] as Buffer;
  let crc = crc32c(first.subarray(4, 28), salt);
  let left = payloadBytes;
  for (let i = 0; i < pieces.length && left > 0; i++) {
    const piece = i === 0 ? first.subarray(recordHeaderBytes) : (pieces[i] as Buffer);
    const take = Math.min(left, piece.length);
    crc = crcOfPieces([piece.subarray(0, take)], crc);
    left -= take;
  }
  return crc;
}

function newArena(bytes: number): Arena {
  return { buffer: Buffer.allocUnsafeSlow(bytes), users: 0 };
}

function writeU64(buffer: Buffer, value: number, at: number): void {
  buffer.writeUInt32LE(value % highUnit, at);
  buffer.writeUInt32LE(Math.floor(value / highUnit), at + 4);
}

function readU64(buffer: Buffer, at: number): number {
  return buffer.readUInt32LE(at) + buffer.readUInt32LE(at + 4) * highUnit;
}
