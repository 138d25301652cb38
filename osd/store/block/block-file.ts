/**
 * The block file: bulk writes on their way to it, and what must wait for them.
 *
 * A block that is being written can be read only when the write has reached the page cache; a record that maps
 * it may be logged only when it is durable.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import type { DiskFile } from '../../../common/runtime/disk.ts';
import { blockBytes } from '../transaction-check.ts';

interface BulkWrite {
  readonly start: number;
  readonly end: number;
  readonly written: Promise<void>;
}

interface SyncWaiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class BlockFile {
  readonly #file: DiskFile;
  readonly #inFlight = new Set<BulkWrite>();
  #waiting: SyncWaiter[] = [];
  #syncing = false;
  /** Operations of the file that are under way. */
  #busy = 0;
  readonly #idle: (() => void)[] = [];

  constructor(file: DiskFile) {
    this.#file = file;
  }

  get sizeBytes(): number {
    return this.#file.sizeBytes;
  }

  /** Writes whole blocks from `start` on; resolves when they are durable. */
  async writeBulk(start: number, count: number, data: readonly Uint8Array[]): Promise<void> {
    const written = this.write(start, data);
    const write = { start, end: start + count, written };
    this.#inFlight.add(write);
    try {
      await written;
    } finally {
      this.#inFlight.delete(write);
    }
    await this.sync();
  }

  /** Writes whole blocks from `start` on, without waiting for them to be durable. */
  write(start: number, data: readonly Uint8Array[]): Promise<void> {
    return this.#track(this.#file.write(start * blockBytes, data));
  }

  /** What was written before is durable; calls meanwhile share the next sync. */
  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      if (!this.#syncing) void this.#runSyncs();
    });
  }

  /** `count` blocks from `start`; waits for bulk writes into them. FsError EILSEQ when the file ends before. */
  async read(start: number, count: number): Promise<Buffer> {
    for (const write of this.#inFlight) {
      if (write.start < start + count && start < write.end) await write.written.catch(() => undefined);
    }
    const length = count * blockBytes;
    const bytes = await this.#track(this.#file.read(start * blockBytes, length));
    if (bytes.length < length)
      throw new FsError('EILSEQ', `the block file ends within block ${start + Math.floor(bytes.length / blockBytes)}`);
    return bytes;
  }

  /** Waits for what is under way: its descriptor must not become another file's before that. */
  async close(): Promise<void> {
    while (this.#busy > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
    await this.#file.close();
  }

  async #track<T>(operation: Promise<T>): Promise<T> {
    this.#busy++;
    try {
      return await operation;
    } finally {
      this.#busy--;
      if (this.#busy === 0) for (const resolve of this.#idle.splice(0)) resolve();
    }
  }

  async #runSyncs(): Promise<void> {
    this.#syncing = true;
    while (this.#waiting.length > 0) {
      const waiters = this.#waiting;
      this.#waiting = [];
      try {
        await this.#track(this.#file.sync());
        for (const { resolve } of waiters) resolve();
      } catch (error) {
        for (const { reject } of waiters) reject(error);
      }
    }
    this.#syncing = false;
  }
}
