/**
 * Whether there is room: blocks within the configured size, and bytes on the volume, some of which are kept
 * for the database so that it can always write down a removal.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import type { Env } from '../../../common/runtime/env.ts';
import { blockBytes } from '../transaction-check.ts';
import type { Allocator } from './allocator.ts';

/** The volume is looked at again when the file may have grown by so much since. */
const refreshBytes = 32 << 20;

export class Space {
  readonly #env: Env;
  readonly #allocator: Allocator;
  readonly #path: string;
  readonly #reserveBytes: number;
  /** Free on the volume when it was looked at, and how far the file reached. */
  #freeBytes = 0;
  #highWater = 0;
  #refreshing = false;

  constructor(env: Env, allocator: Allocator, path: string, reserveBytes: number) {
    this.#env = env;
    this.#allocator = allocator;
    this.#path = path;
    this.#reserveBytes = reserveBytes;
  }

  async refresh(): Promise<void> {
    const highWater = this.#allocator.highWater;
    const { freeBytes } = await this.#env.disk.usage(this.#path);
    this.#freeBytes = freeBytes;
    this.#highWater = highWater;
  }

  /** FsError ENOSPC when `blocks` more might not fit. */
  require(blocks: number): void {
    const volumeBytes = this.#volumeBytes();
    // Blocks below the high water have their place on the volume already, mostly.
    const fits = blocks <= this.#allocator.freeBlocks && blocks * blockBytes <= volumeBytes;
    if (!fits || (this.#allocator.highWater - this.#highWater) * blockBytes > refreshBytes) this.#startRefresh();
    if (!fits)
      throw new FsError('ENOSPC', `no space left in ${this.#path}: ${blocks} blocks needed, ${this.#freeBlocks()} free`, { retry: 'safe' });
  }

  usage(): { readonly totalBytes: number; readonly usedBytes: number } {
    const usedBytes = (this.#allocator.blocksMax - this.#allocator.freeBlocks) * blockBytes;
    return { totalBytes: usedBytes + this.#freeBlocks() * blockBytes, usedBytes };
  }

  #freeBlocks(): number {
    const { freeBlocks, highWater, blocksMax } = this.#allocator;
    // Free blocks that the file reaches already, and as many more as the volume takes.
    const within = freeBlocks - (blocksMax - highWater);
    return Math.min(freeBlocks, within + Math.floor(Math.max(0, this.#volumeBytes()) / blockBytes));
  }

  /** What may still be taken from the volume. */
  #volumeBytes(): number {
    return this.#freeBytes - (this.#allocator.highWater - this.#highWater) * blockBytes - this.#reserveBytes;
  }

  #startRefresh(): void {
    if (this.#refreshing) return;
    this.#refreshing = true;
    this.#env.spawn('object store usage', async () => {
      await this.refresh().catch((error: unknown) => this.#env.log.warn({ err: error }, 'the free space of the volume is unknown'));
      this.#refreshing = false;
    });
  }
}
