/**
 * Large writes past the page cache (O_DIRECT). The kernel wants memory, offset and length aligned, so the bytes
 * are copied into a few aligned buffers that are used again and again: less processor time than the page cache
 * takes for pages that it has to find first, and no memory of the machine filled with what nobody reads soon.
 * @module
 */
import fs from 'node:fs';
import { FsError, toFsError } from '../../errors/fs-error.ts';

const alignment = 4096;
/** Below this the page cache is as cheap. */
const bytesMin = 128 * 1024;
const bufferBytes = 1 << 20;
/** So many are at the disk at a time: fewer than libuv has threads, so that small writes need not wait. */
const buffersMax = 2;

export class DirectWriter {
  readonly #fd: number;
  readonly #path: string;
  readonly #spare: Buffer[] = [];
  readonly #waiting: ((buffer: Buffer) => void)[] = [];
  #buffers = 0;
  /** The filesystem turned out not to take it after all. */
  #refused = false;

  private constructor(fd: number, path: string) {
    this.#fd = fd;
    this.#path = path;
  }

  /** Undefined where the filesystem has no direct I/O. */
  static open(path: string): Promise<DirectWriter | undefined> {
    return new Promise((resolve) => {
      fs.open(path, fs.constants.O_RDWR | fs.constants.O_DIRECT, (error, fd) => {
        resolve(error ? undefined : new DirectWriter(fd, path));
      });
    });
  }

  takes(offset: number, data: readonly Uint8Array[]): boolean {
    if (this.#refused || offset % alignment !== 0) return false;
    let length = 0;
    for (const piece of data) length += piece.length;
    return length >= bytesMin && length % alignment === 0 && this.#ready();
  }

  /** Returns the offset after the last byte. */
  async write(offset: number, data: readonly Uint8Array[]): Promise<number> {
    const writes: Promise<void>[] = [];
    let position = offset;
    let piece = 0;
    let within = 0;
    while (piece < data.length) {
      const buffer = this.#spare.pop() ?? (await new Promise<Buffer>((resolve) => this.#waiting.push(resolve)));
      let filled = 0;
      while (piece < data.length && filled < bufferBytes) {
        const bytes = data[piece] as Uint8Array;
        const take = Math.min(bytes.length - within, bufferBytes - filled);
        buffer.set(take === bytes.length ? bytes : bytes.subarray(within, within + take), filled);
        filled += take;
        within += take;
        if (within === bytes.length) {
          piece++;
          within = 0;
        }
      }
      writes.push(this.#put(buffer, filled, position));
      position += filled;
    }
    const failed = (await Promise.allSettled(writes)).find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    return position;
  }

  close(): Promise<void> {
    return new Promise((resolve) => fs.close(this.#fd, () => resolve()));
  }

  #put(buffer: Buffer, length: number, position: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let done = 0;
      const next = (): void => {
        fs.write(this.#fd, buffer, done, length - done, position + done, (error, written) => {
          done += written;
          if (!error && done < length && written > 0) return next();
          this.#giveBack(buffer);
          if (error) reject(new FsError(toFsError(error).code, `write ${this.#path}: ${error.message}`, { cause: error }));
          else if (done < length) reject(new FsError('EIO', `write ${this.#path}: nothing was written`));
          else resolve();
        });
      };
      next();
    });
  }

  #giveBack(buffer: Buffer): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(buffer);
    else this.#spare.push(buffer);
  }

  /** Makes sure that there are buffers, one more each time until there are all. */
  #ready(): boolean {
    if (this.#spare.length === 0 && this.#buffers < buffersMax) {
      const buffer = this.#alignedBuffer();
      if (buffer) {
        this.#buffers++;
        this.#spare.push(buffer);
      }
    }
    return this.#buffers > 0;
  }

  /**
   * JavaScript cannot see addresses, but the kernel can: a direct read into memory that is not aligned is
   * refused. It reads the file's first block, which must be there.
   */
  #alignedBuffer(): Buffer | undefined {
    const memory = Buffer.allocUnsafeSlow(bufferBytes + alignment);
    for (let at = 0; at < alignment; at += 8) {
      try {
        if (fs.readSync(this.#fd, memory, at, alignment, 0) < alignment) return undefined;
        return memory.subarray(at, at + bufferBytes);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EINVAL') break;
      }
    }
    this.#refused = this.#buffers === 0;
    return undefined;
  }
}
