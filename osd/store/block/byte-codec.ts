/**
 * Reading and writing of the store's binary formats: little-endian, lengths and counts as varints
 * (seven bits a byte, lowest first, up to 2^53 - 1).
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';

export class ByteWriter {
  buffer: Buffer;
  position = 0;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
  }

  /** Makes sure that `bytes` more fit at `position`. */
  ensure(bytes: number): void {
    if (this.position + bytes <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.position + bytes));
    this.buffer.copy(grown, 0, 0, this.position);
    this.buffer = grown;
  }

  /** A view of what was written. */
  written(): Buffer {
    return this.buffer.subarray(0, this.position);
  }

  u8(value: number): void {
    this.ensure(1);
    this.buffer[this.position++] = value;
  }

  u32(value: number): void {
    this.ensure(4);
    this.position = this.buffer.writeUInt32LE(value, this.position);
  }

  f64(value: number): void {
    this.ensure(8);
    this.position = this.buffer.writeDoubleLE(value, this.position);
  }

  varint(value: number): void {
    this.ensure(8);
    let rest = value;
    while (rest >= 0x80) {
      this.buffer[this.position++] = (rest % 0x80) | 0x80;
      rest = rest < 0x7fffffff ? rest >>> 7 : Math.floor(rest / 0x80);
    }
    this.buffer[this.position++] = rest;
  }

  raw(bytes: Uint8Array): void {
    this.ensure(bytes.length);
    this.buffer.set(bytes, this.position);
    this.position += bytes.length;
  }

  /** With its length in front. */
  bytes(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.raw(bytes);
  }

  /** One byte per character, with the length in front. */
  key(key: string): void {
    this.varint(key.length);
    this.ensure(key.length);
    this.position += this.buffer.write(key, this.position, 'latin1');
  }

  /** Like {@link bytes}, or that there are none: the length plus one, or 0. */
  optionalBytes(bytes: Uint8Array | null): void {
    this.varint(bytes ? bytes.length + 1 : 0);
    if (bytes) this.raw(bytes);
  }
}

/** Throws FsError EILSEQ when the bytes end too early or hold what no writer writes. */
export class ByteReader {
  readonly #buffer: Buffer;
  readonly #end: number;
  position: number;

  constructor(buffer: Buffer, position = 0, end = buffer.length) {
    this.#buffer = buffer;
    this.position = position;
    this.#end = end;
  }

  get left(): number {
    return this.#end - this.position;
  }

  u8(): number {
    return this.#buffer[this.#take(1)] as number;
  }

  u32(): number {
    return this.#buffer.readUInt32LE(this.#take(4));
  }

  f64(): number {
    return this.#buffer.readDoubleLE(this.#take(8));
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
      scale *= 0x80;
      if (scale > 2 ** 49) throw damagedEncoding('a number has too many digits');
    }
    if (!Number.isSafeInteger(value)) throw damagedEncoding('a number is too large');
    return value;
  }

  /** A view: valid as long as the buffer is. */
  raw(length: number): Buffer {
    const start = this.#take(length);
    return this.#buffer.subarray(start, start + length);
  }

  bytes(): Buffer {
    return this.raw(this.varint());
  }

  key(): string {
    const length = this.varint();
    const start = this.#take(length);
    return this.#buffer.toString('latin1', start, start + length);
  }

  optionalBytes(): Buffer | null {
    const length = this.varint();
    return length === 0 ? null : this.raw(length - 1);
  }

  #take(bytes: number): number {
    const start = this.position;
    if (bytes > this.#end - start) throw damagedEncoding('it ends too early');
    this.position = start + bytes;
    return start;
  }
}

export function damagedEncoding(why: string): FsError {
  return new FsError('EILSEQ', `a record cannot be decoded: ${why}`);
}
