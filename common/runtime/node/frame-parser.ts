/**
 * Data frames of a WebSocket (RFC 6455 §5.2) out of a stream of bytes, each copied once, into memory of its own.
 *
 *   byte 0: FIN, opcode   byte 1: MASK, length 0..125 | 126: 16 bits follow | 127: 64 bits follow   [4 bytes of mask]
 *
 * Takes whole binary frames only, which is all that our own side ever sends between the handshake and the close.
 * Anything else (control frames, text, fragments, frames that are too long or masked the wrong way) it leaves to
 * the library.
 * @module
 */

import type { FramePool } from './frame-pool.ts';

const finBinary = 0x82;
const maskBit = 0x80;
const headerBytesMax = 14;

export interface FrameParserOptions {
  readonly frameBytesMax: number;
  /** Whether the peer has to mask its frames: a client has to, a server must not. */
  readonly masked: boolean;
  readonly pool: FramePool;
}

export class FrameParser {
  readonly #frameBytesMax: number;
  readonly #masked: boolean;
  readonly #pool: FramePool;
  readonly #onFrame: (frame: Buffer) => boolean;
  /** A header that has come in part. */
  readonly #header = Buffer.alloc(headerBytesMax);
  #headerBytes = 0;
  /** The frame whose payload is coming. */
  #frame: Buffer | undefined;
  #filled = 0;
  #mask = 0;
  #refused = false;

  /** `onFrame` returns false to get no more for now. */
  constructor({ frameBytesMax, masked, pool }: FrameParserOptions, onFrame: (frame: Buffer) => boolean) {
    this.#frameBytesMax = frameBytesMax;
    this.#masked = masked;
    this.#pool = pool;
    this.#onFrame = onFrame;
  }

  /** A frame has begun that is the library's: its bytes are `leftover`, then the chunk's from where `take` stopped. */
  get refused(): boolean {
    return this.#refused;
  }

  /** What earlier chunks held of the refused frame's header. */
  get leftover(): Buffer {
    return Buffer.from(this.#header.subarray(0, this.#headerBytes));
  }

  /**
   * Takes the bytes [at, end) of `chunk`, which may be reused afterwards. Returns how far it came: less than `end`
   * when `onFrame` wants no more or a frame was {@link refused}.
   */
  take(chunk: Buffer, at: number, end: number): number {
    while (at < end) {
      let frame = this.#frame;
      if (frame === undefined) {
        at += this.#takeHeader(chunk, at, end);
        if (this.#refused) return at;
        frame = this.#begun();
        if (frame === undefined) continue;
      }
      const piece = Math.min(frame.length - this.#filled, end - at);
      chunk.copy(frame, this.#filled, at, at + piece);
      this.#filled += piece;
      at += piece;
      if (this.#filled < frame.length) return at;
      this.#frame = undefined;
      if (this.#mask !== 0) unmask(frame, this.#mask);
      if (!this.#onFrame(frame)) return at;
    }
    return at;
  }

  /** The frame that a header has set up. */
  #begun(): Buffer | undefined {
    return this.#frame;
  }

  /** Bytes of a header taken from the chunk; when it is whole, the frame is set up. None of a refused one. */
  #takeHeader(chunk: Buffer, at: number, end: number): number {
    const before = this.#headerBytes;
    const header = this.#header;
    const available = Math.min(headerBytesMax - before, end - at);
    chunk.copy(header, before, at, at + available);
    const have = before + available;
    if (header[0] !== finBinary) return this.#refuse();
    const second = header[1] as number;
    const short = second & 0x7f;
    const masked = this.#masked;
    if (have >= 2 && masked !== ((second & maskBit) !== 0)) return this.#refuse();
    const size = have < 2 ? 2 : 2 + (short < 126 ? 0 : short === 126 ? 2 : 8) + (masked ? 4 : 0);
    if (have < size) {
      this.#headerBytes = have;
      return available;
    }
    let length = short;
    if (short === 126) length = header.readUInt16BE(2);
    else if (short === 127) length = header.readUInt32BE(2) > 0 ? Infinity : header.readUInt32BE(6);
    if (length > this.#frameBytesMax) return this.#refuse();
    this.#mask = masked ? header.readInt32BE(size - 4) : 0;
    this.#headerBytes = 0;
    this.#filled = 0;
    this.#frame = this.#pool.take(length);
    return size - before;
  }

  #refuse(): number {
    this.#refused = true;
    return 0;
  }
}

function unmask(frame: Buffer, mask: number): void {
  const key = [mask >>> 24, (mask >>> 16) & 0xff, (mask >>> 8) & 0xff, mask & 0xff] as const;
  for (let index = 0; index < frame.length; index++) frame[index] = (frame[index] as number) ^ (key[index & 3] as number);
}
