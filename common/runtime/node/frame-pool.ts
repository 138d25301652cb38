/**
 * Memory for large frames, used again when it is given back. Fresh memory costs a page fault for every 4 KiB that comes, and makes V8 collect
 * after every few frames: together more than a quarter of an OSD's processor time in sequential writes (docs/PERFORMANCE.md).
 * @module
 */

/** Smaller frames share pages, and cost little. */
const bytesMin = 64 * 1024;
/** What is kept for frames to come. */
const spareBytesMax = 16 * 1024 * 1024;

export class FramePool {
  /** Given back last: last. */
  readonly #spare: ArrayBufferLike[] = [];
  #spareBytes = 0;
  /** Something has been given back. Who never does that (clients keep what they read) pays for nothing. */
  #isUsed = false;
  /** What frames have that were not given back. */
  readonly #lent = new WeakSet<ArrayBufferLike>();

  /** Bytes that are kept for frames to come. */
  get spareBytes(): number {
    return this.#spareBytes;
  }

  /** Memory for a frame of that length, with whatever is in it. */
  take(length: number): Buffer {
    if (length < bytesMin || !this.#isUsed) return Buffer.allocUnsafe(length);
    const memory = this.#takeSpare(length) ?? Buffer.allocUnsafeSlow(length).buffer;
    this.#lent.add(memory);
    return Buffer.from(memory, 0, length);
  }

  /** Of frames that are not looked at any more. Others than those of {@link take}, and any frame's second time, are passed over. */
  giveBack(frames: readonly Uint8Array[]): void {
    this.#isUsed = true;
    for (const { buffer } of frames) {
      if (!this.#lent.delete(buffer)) continue;
      this.#spare.push(buffer);
      this.#spareBytes += buffer.byteLength;
      while (this.#spareBytes > spareBytesMax) this.#spareBytes -= (this.#spare.shift() as ArrayBufferLike).byteLength;
    }
  }

  /** The one given back last that is large enough, and not larger by more than it holds. */
  #takeSpare(length: number): ArrayBufferLike | undefined {
    const index = this.#spare.findLastIndex(({ byteLength }) => byteLength >= length && byteLength <= 2 * length);
    if (index === -1) return undefined;
    const [memory] = this.#spare.splice(index, 1);
    this.#spareBytes -= (memory as ArrayBufferLike).byteLength;
    return memory;
  }
}
