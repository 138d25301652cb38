/**
 * Whether there is room: blocks within the configured size, and bytes on the volume, some of which are kept
 * for the database and for what is in the log only, so that what was accepted can always be written down.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import type { Env } from '../../../common/runtime/env.ts';
import { blockBytes } from '../transaction-check.ts';
import type { Allocator } from './allocator.ts';
import type { BlockFile } from './block-file.ts';

/** The volume is looked at again when the file may have grown by so much since. */
const refreshBlocks = (32 << 20) / blockBytes;
/** Default reserve: a tenth of the volume, within these. */
const reserveBytesMin = 64 << 20;
const reserveBytesMax = 256 << 20;

export class Space {
  readonly #env: Env;
  readonly #allocator: Allocator;
  readonly #path: string;
  readonly #reserveBytes: number | undefined;
  /** How far the file reached when the volume was looked at. */
  #highWater = 0;
  #refreshing = false;

  readonly #file: BlockFile;

  constructor(env: Env, allocator: Allocator, file: BlockFile, path: string, reserveBytes: number | undefined) {
    this.#file = file;
    this.#env = env;
    this.#allocator = allocator;
    this.#path = path;
    this.#reserveBytes = reserveBytes;
  }

  async refresh(): Promise<void> {
    const { highWater } = this.#allocator;
    const { totalBytes, freeBytes } = await this.#env.disk.usage(this.#path);
    const reserveBytes = this.#reserveBytes ?? Math.max(reserveBytesMin, Math.min(reserveBytesMax, totalBytes / 10));
    // Blocks that wait to be written to their places have taken nothing from the volume yet.
    const unwrittenBytes = Math.max(0, highWater * blockBytes - this.#file.sizeBytes);
    this.#highWater = highWater;
    this.#allocator.limitGrowth(highWater + Math.floor((freeBytes - reserveBytes - unwrittenBytes) / blockBytes));
  }

  /** FsError ENOSPC when `blocks` more might not fit. */
  require(blocks: number): void {
    const { available, highWater } = this.#allocator;
    if (blocks > available || highWater - this.#highWater > refreshBlocks) this.#startRefresh();
    if (blocks > available) {
      throw new FsError('ENOSPC', `no space left in ${this.#path}: ${blocks} blocks may be needed, ${available} are free`, {
        retry: 'safe',
      });
    }
  }

  usage(): { readonly totalBytes: number; readonly usedBytes: number } {
    const usedBytes = (this.#allocator.blocksMax - this.#allocator.freeBlocks) * blockBytes;
    return { totalBytes: usedBytes + this.#allocator.available * blockBytes, usedBytes };
  }

  #startRefresh(): void {
    if (this.#refreshing) return;
    this.#refreshing = true;
    this.#env.spawn('object store usage', async () => {
      await this.refresh().catch((error: unknown) => {
        this.#env.log.warn({ err: error }, 'the free space of the volume is unknown');
      });
      this.#refreshing = false;
    });
  }
}
