/**
 * Whether there is room: blocks within the configured size, and bytes on the volume, some of which are kept
 * for the database and for what is in the log only, so that what was accepted can always be written down.
 * Half of that is for the records of what is in the block file, the rest for changes under way.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import type { Env } from '../../../common/runtime/env.ts';
import { blockBytes } from '../transaction-check.ts';
import type { Allocator } from './allocator.ts';
import type { BlockFile } from './block-file.ts';
import type { MetadataDb } from './metadata-db.ts';

/** The volume is looked at again when the file may have grown by so much since. */
const refreshBlocks = (32 << 20) / blockBytes;
/** Default reserve: a tenth of the volume, within these. */
const reserveBytesMin = 64 << 20;
const reserveBytesMax = 256 << 20;
/** What metadata takes in the database beyond its own bytes: pages are half full at worst. */
const metaOverhead = 2;
/** Bytes of data for which there is surely room where there is room for one byte of metadata. */
const dataPerMeta = 16;

export interface SpaceParts {
  readonly env: Env;
  readonly allocator: Allocator;
  readonly file: BlockFile;
  readonly db: MetadataDb;
  readonly path: string;
  readonly reserveBytes: number | undefined;
  /** Metadata that was accepted and is not in the database yet. */
  readonly pendingMetaBytes: () => number;
}

export class Space {
  readonly #parts: SpaceParts;
  /** How far the file reached when the volume was looked at. */
  #highWater = 0;
  /** By how much the database may grow, or be filled again, by that look. */
  #metaRoomBytes = 0;
  #dbBytes = 0;
  #refreshing = false;

  constructor(parts: SpaceParts) {
    this.#parts = parts;
  }

  async refresh(): Promise<void> {
    const { env, allocator, file, db, path } = this.#parts;
    const { highWater } = allocator;
    const { totalBytes, freeBytes } = await env.disk.usage(path);
    const reserveBytes = this.#parts.reserveBytes ?? Math.max(reserveBytesMin, Math.min(reserveBytesMax, totalBytes / 10));
    // Blocks that wait to be written to their places have taken nothing from the volume yet.
    const unwrittenBytes = Math.max(0, highWater * blockBytes - file.sizeBytes);
    this.#highWater = highWater;
    allocator.limitGrowth(highWater + Math.floor((freeBytes - reserveBytes - unwrittenBytes) / blockBytes));
    const dbFreeBytes = db.freeBytes();
    this.#dbBytes = db.sizeBytes() - dbFreeBytes;
    this.#metaRoomBytes = freeBytes - unwrittenBytes - reserveBytes / 2 + dbFreeBytes / 2;
  }

  /** FsError ENOSPC when `blocks` more, or so many bytes of metadata, might not fit. */
  require(blocks: number, metaBytes: number): void {
    const { allocator, path } = this.#parts;
    const { available, highWater } = allocator;
    const metaFits = metaBytes * metaOverhead <= this.#metaLeftBytes();
    if (blocks > available || !metaFits || highWater - this.#highWater > refreshBlocks) this.#startRefresh();
    if (blocks > available) {
      throw new FsError('ENOSPC', `no space left in ${path}: ${blocks} blocks may be needed, ${available} are free`, { retry: 'safe' });
    }
    if (!metaFits) throw new FsError('ENOSPC', `no space left in ${path} for ${metaBytes} bytes of metadata`, { retry: 'safe' });
  }

  /** The database counts as taken; what is free ends with the room for blocks or that for the metadata of such blocks. */
  usage(): { readonly totalBytes: number; readonly usedBytes: number } {
    const { allocator } = this.#parts;
    const usedBytes = (allocator.blocksMax - allocator.freeBlocks) * blockBytes + this.#dbBytes;
    const freeBytes = Math.min(allocator.available * blockBytes, this.#metaLeftBytes() * dataPerMeta);
    return { totalBytes: usedBytes + freeBytes, usedBytes };
  }

  #metaLeftBytes(): number {
    return Math.max(0, this.#metaRoomBytes - this.#parts.pendingMetaBytes() * metaOverhead);
  }

  #startRefresh(): void {
    if (this.#refreshing) return;
    this.#refreshing = true;
    this.#parts.env.spawn('object store usage', async () => {
      await this.refresh().catch((error: unknown) => {
        this.#parts.env.log.warn({ err: error }, 'the free space of the volume is unknown');
      });
      this.#refreshing = false;
    });
  }
}
