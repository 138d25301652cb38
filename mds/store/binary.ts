/**
 * Bytes of the MDS's records: little-endian fixed fields, LEB128 varints for numbers up to 2^53 - 1, length-prefixed
 * byte strings. A reader checks every bound: FsError EILSEQ on bytes that no writer made.
 * @module
 */
import { crc32c } from '@node-rs/crc32';
import { FsError } from '../../common/errors/fs-error.ts';

const firstBytes = 16 * 1024;
const high = 2 ** 32;

/** CRC-32C of `bytes`. */
export function checksum(bytes: Uint8Array): number {
  return crc32c(bytes);
}

export class BinaryWriter {
  #buffer = Buffer.allocUnsafe(firstBytes);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  fixed32(value: number): void {
    this.#reserve(4);
    this.#length = this.#buffer.writeUInt32LE(value >>> 0, this.#length);
  }

  /** A number below 2^53 in 8 bytes. */
  fixed64(value: number): void {
    this.fixed32(value % high);
    this.fixed32(Math.floor(value / high));
  }

  varint(value: number): void {
    this.#reserve(8);
    const buffer = this.#buffer;
    let rest = value;
    let at = this.#length;
    while (rest >= high) {
      buffer[at++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    let low = rest >>> 0;
    while (low > 127) {
      buffer[at++] = (low & 127) | 128;
      low >>>= 7;
    }
    buffer[at++] = low;
    this.#length = at;
  }

  /** A signed number, small magnitudes in few bytes. */
  signed(value: number): void {
    this.byte(value < 0 ? 1 : 0);
    this.varint(value < 0 ? -value : value);
  }

  bytes(value: Uint8Array): void {
    this.varint(value.length);
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  /** Characters are bytes. */
  latin1(value: string): void {
    this.varint(value.length);
    this.#reserve(value.length);
    this.#length += this.#buffer.write(value, this.#length, 'latin1');
  }

  /** Leaves room for a `fixed32` that is known later. Returns its place for {@link patch32}. */
  hole32(): number {
    this.#reserve(4);
    this.#length += 4;
    return this.#length - 4;
  }

  patch32(at: number, value: number): void {
    this.#buffer.writeUInt32LE(value >>> 0, at);
  }

  checksumFrom(at: number): number {
    return checksum(this.#buffer.subarray(at, this.#length));
  }

  /** A copy of what was written; the writer is empty afterwards. */
  take(): Buffer {
    const out = Buffer.from(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
    return out;
  }

  /** What was written, without a copy: the writer starts a new buffer, as large as this one was filled. */
  detach(): Buffer {
    const out = this.#buffer.subarray(0, this.#length);
    this.#buffer = Buffer.allocUnsafe(Math.max(firstBytes, this.#length));
    this.#length = 0;
    return out;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + more));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

export class BinaryReader {
  readonly #buffer: Buffer;
  readonly #what: string;
  #at = 0;

  /** `what` names the record in errors. */
  constructor(bytes: Uint8Array, what: string) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#what = what;
  }

  get left(): number {
    return this.#buffer.length - this.#at;
  }

  byte(): number {
    this.#need(1);
    return this.#buffer[this.#at++] as number;
  }

  fixed32(): number {
    this.#need(4);
    this.#at += 4;
    return this.#buffer.readUInt32LE(this.#at - 4);
  }

  fixed64(): number {
    const low = this.fixed32();
    return this.#safe(low + this.fixed32() * high);
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 8; i++) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return this.#safe(value);
      scale *= 128;
    }
    throw this.damaged('a number has no end');
  }

  signed(): number {
    return this.byte() === 0 ? this.varint() : -this.varint();
  }

  /** A copy. */
  bytes(): Uint8Array {
    const length = this.varint();
    this.#need(length);
    this.#at += length;
    return Uint8Array.prototype.slice.call(this.#buffer, this.#at - length, this.#at);
  }

  latin1(): string {
    const length = this.varint();
    this.#need(length);
    this.#at += length;
    return this.#buffer.toString('latin1', this.#at - length, this.#at);
  }

  /** A count of items of at least one byte each. */
  count(): number {
    const count = this.varint();
    this.#need(count);
    return count;
  }

  end(): void {
    if (this.left !== 0) throw this.damaged(`${this.left} bytes too many`);
  }

  damaged(why: string): FsError {
    return new FsError('EILSEQ', `${this.#what} is damaged: ${why}`);
  }

  #need(bytes: number): void {
    if (this.#at + bytes > this.#buffer.length) throw this.damaged('it is cut short');
  }

  #safe(value: number): number {
    if (!Number.isSafeInteger(value)) throw this.damaged('a number is too large');
    return value;
  }
}
