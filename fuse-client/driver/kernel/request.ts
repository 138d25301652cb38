import type { ByteString, Ino } from '../../../common/maps/ids.ts';
import type { Credentials } from '../../vfs/filesystem.ts';
import { joinI64, joinU64 } from './abi.ts';

/** A buffer that one request is read into, seen as bytes and as 32-bit words. */
export class RequestBuffer {
  readonly bytes: Buffer;
  readonly words: Uint32Array;

  constructor(sizeBytes: number) {
    // Zeroed lazily by the kernel: pages that no request reaches cost no memory.
    const memory = new ArrayBuffer(sizeBytes);
    this.bytes = Buffer.from(memory);
    this.words = new Uint32Array(memory);
  }
}

/**
 * The request being handled: fields are read from the buffer at the offsets of linux/fuse.h, counted from its
 * start. Valid until the handler returns: what is needed later is taken out before.
 */
export class Request {
  opcode = 0;
  /** The two halves of the id that the reply must carry. */
  uniqueLow = 0;
  uniqueHigh = 0;
  node = 0 as Ino;
  who: Credentials;
  lengthBytes = 0;
  #buffer: RequestBuffer;

  constructor(buffer: RequestBuffer, who: Credentials) {
    this.#buffer = buffer;
    this.who = who;
  }

  /** Takes the header of the request in `buffer`. The caller sets `who`. */
  load(buffer: RequestBuffer): void {
    const words = buffer.words;
    this.#buffer = buffer;
    this.lengthBytes = words[0] as number;
    this.opcode = words[1] as number;
    this.uniqueLow = words[2] as number;
    this.uniqueHigh = words[3] as number;
    this.node = joinU64(words[4] as number, words[5] as number) as Ino;
  }

  u32(offset: number): number {
    return this.#buffer.words[offset >> 2] as number;
  }

  /** Exact below 2^53; larger values keep their magnitude. */
  u64(offset: number): number {
    const words = this.#buffer.words;
    const at = offset >> 2;
    return joinU64(words[at] as number, words[at + 1] as number);
  }

  i64(offset: number): number {
    const words = this.#buffer.words;
    const at = offset >> 2;
    return joinI64(words[at] as number, words[at + 1] as number);
  }

  /** The name at `offset`, without the NUL that ends it. */
  name(offset: number): ByteString {
    const bytes = this.#buffer.bytes;
    const end = bytes.indexOf(0, offset);
    return bytes.toString('latin1', offset, end === -1 ? this.lengthBytes : Math.min(end, this.lengthBytes)) as ByteString;
  }

  /** A view: reused when the handler has returned and its promise has settled. */
  bytes(offset: number, length: number): Uint8Array {
    return this.#buffer.bytes.subarray(offset, Math.min(offset + length, this.lengthBytes));
  }
}
