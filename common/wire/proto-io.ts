/**
 * Reader and writer for the generated code, with 64-bit values as numbers.
 *
 * protobufjs gives Long objects when the package `long` is present; we want plain numbers, checked to be safe
 * integers, without an object per value. Both classes are reused for every message: encoding takes its bytes
 * from a slab, decoding makes views of the frame.
 * @module
 */
import protobuf from 'protobufjs/minimal.js';
import { FsError } from '../errors/fs-error.ts';

// Before the generated code is loaded: its defaults for 64-bit fields become 0.
(protobuf.util as { Long: unknown }).Long = undefined;
protobuf.configure();

const slabBytes = 16 * 1024;
/** A length of 32 bits as a varint. */
const lengthBytesMax = 5;
/** Nested messages, strings and byte fields in one envelope: bounds what a few bytes can make us allocate. */
const fieldsMax = 512 * 1024;

interface RawReader {
  buf: Uint8Array;
  pos: number;
  len: number;
}

interface RawWriter {
  buf: Buffer;
  pos: number;
  view: DataView | null;
  states: number[] | null;
}

function malformed(what: string): FsError {
  return new FsError('EPROTO', `malformed message: ${what}`);
}

/** Reads 64-bit fields as safe integers. */
export class SafeReader extends protobuf.BufferReader {
  #fields = 0;

  constructor() {
    super(Buffer.alloc(0));
  }

  /** Starts over on `bytes`. */
  rewind(bytes: Buffer): this {
    this.#fields = 0;
    this.buf = bytes;
    this.pos = 0;
    this.len = bytes.length;
    (this as unknown as { view: unknown }).view = null;
    return this;
  }

  override size(): number {
    if (++this.#fields > fieldsMax) throw malformed('too many fields');
    return super.size();
  }

  // The base class declares Long; without that package it returns numbers, and so do we.
  override uint64(): never {
    return readVarint(this) as never;
  }

  override int64(): never {
    throw malformed('int64 is not used by this protocol');
  }

  override sint64(): never {
    const value = readVarint(this);
    return (value % 2 === 0 ? value / 2 : -(value + 1) / 2) as never;
  }
}

function readVarint(reader: RawReader): number {
  const { buf, len } = reader;
  let pos = reader.pos;
  let value = 0;
  let scale = 1;
  for (let i = 0; i < 8; i += 1) {
    if (pos >= len) throw malformed('cut short');
    const byte = buf[pos++] as number;
    value += (byte & 127) * scale;
    if (byte < 128) {
      if (value > Number.MAX_SAFE_INTEGER) throw malformed('64-bit value above 2^53 - 1');
      reader.pos = pos;
      return value;
    }
    scale *= 128;
  }
  throw malformed('64-bit value above 2^53 - 1');
}

/** Writes messages one after another into slabs, each handed out as a view. */
export class SlabWriter extends protobuf.BufferWriter {
  #start = 0;

  constructor() {
    super();
    this.#raw.buf = Buffer.allocUnsafeSlow(slabBytes);
  }

  get #raw(): RawWriter {
    return this as unknown as RawWriter;
  }

  /** Begins a message; one that failed half-way is forgotten. */
  begin(): this {
    const raw = this.#raw;
    if (raw.states !== null) raw.states.length = 0;
    raw.pos = this.#start;
    return this;
  }

  /** The message's bytes; they are never written again. */
  take(): Buffer {
    const raw = this.#raw;
    const bytes = raw.buf.subarray(this.#start, raw.pos);
    this.#start = raw.pos;
    return bytes;
  }

  /** Room for `count` more bytes: a new slab when this one is full, with the message begun moved to it. */
  _reserve(count: number): void {
    const raw = this.#raw;
    if (raw.pos + count <= raw.buf.length) return;
    const begun = raw.pos - this.#start;
    const slab = Buffer.allocUnsafeSlow(Math.max(slabBytes, 2 * (begun + count)));
    raw.buf.copy(slab, 0, this.#start, raw.pos);
    if (raw.states !== null) for (let i = 0; i < raw.states.length; i += 1) raw.states[i] = (raw.states[i] as number) - this.#start;
    raw.buf = slab;
    raw.pos = begun;
    raw.view = null;
    this.#start = 0;
  }

  /** Room for the longest length first: the base class notes where the length goes before it asks for room, which may move the message. */
  override ldelim(): this {
    this._reserve(lengthBytesMax);
    super.ldelim();
    return this;
  }

  /** Also writes tags and lengths. The base class would cut larger values silently. */
  override uint32(value: number): this {
    if (value >>> 0 !== value) throw new FsError('EPROTO', `cannot send ${String(value)} as an unsigned 32-bit field`);
    this._reserve(5);
    const raw = this.#raw;
    if (value < 128) raw.buf[raw.pos++] = value;
    else writeVarint(raw, value);
    return this;
  }

  override uint64(value: unknown): this {
    if (!Number.isSafeInteger(value) || (value as number) < 0)
      throw new FsError('EPROTO', `cannot send ${String(value)} as an unsigned 64-bit field`);
    this._reserve(10);
    writeVarint(this.#raw, value as number);
    return this;
  }

  override sint64(value: unknown): this {
    const zigzag = (value as number) >= 0 ? 2 * (value as number) : -2 * (value as number) - 1;
    if (!Number.isSafeInteger(zigzag)) throw new FsError('EPROTO', `cannot send ${String(value)} as a signed 64-bit field`);
    this._reserve(10);
    writeVarint(this.#raw, zigzag);
    return this;
  }
}

function writeVarint(writer: RawWriter, value: number): void {
  const { buf } = writer;
  let pos = writer.pos;
  let rest = value;
  while (rest > 0x7fffffff) {
    buf[pos++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  while (rest > 127) {
    buf[pos++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  buf[pos++] = rest;
  writer.pos = pos;
}
