/**
 * How much of a file is data: what st_blocks says. Counted in blocks of 4 KiB, as the OSDs store data.
 *
 * A file that was written from its start on has no holes, and nothing is kept of it. Of one with holes the MDS keeps how
 * many blocks are holes, and the end of the last byte that was ever written. Both err to one side only: never fewer
 * blocks of data than there are, never an end before the last data. Clients tell what they have filled with the size.
 * @module
 */
import type { FileSpace } from '../../common/wire/gen/messages.ts';

export const spaceBlockBytes = 4096;

/** What a client tells of what it wrote since it told before. */
export interface Filled {
  /** Blocks that became data; below zero: that became holes. */
  readonly filled: number;
  /** The end of the last byte written, 0 when that is no news. */
  readonly dataEnd: number;
  /** `filled` need not be so. */
  readonly unsure: boolean;
}

export const nothingFilled: Filled = { filled: 0, dataEnd: 0, unsure: false };

/** Of a file that grew from `size` to `end` bytes, by one who says nothing of holes. */
export function allFilled(size: number, end: number): Filled {
  return { filled: blocksOf(end) - blocksOf(size), dataEnd: end, unsure: false };
}

/** Blocks that a file of `size` bytes without holes has. */
export function blocksOf(size: number): number {
  return Math.ceil(size / spaceBlockBytes);
}

/** Blocks of data of a file of `size` bytes. */
export function dataBlocks(size: number, space: FileSpace | null): number {
  return blocksOf(size) - (space?.holes ?? 0);
}

/** Of a file of `size` bytes with so many blocks of data, rounded to what is possible; null: it has no holes. */
export function spaceOf(size: number, blocks: number, dataEnd: number): FileSpace | null {
  const holes = Math.min(blocksOf(size), Math.max(0, blocksOf(size) - blocks));
  return holes === 0 ? null : { holes, dataEnd: Math.min(size, dataEnd) };
}

/** Of a file that has been written to, and is `size` bytes long now. */
export function spaceWritten(
  before: { readonly size: number; readonly space: FileSpace | null },
  size: number,
  told: Filled,
): FileSpace | null {
  const blocks = Math.max(0, dataBlocks(before.size, before.space) + told.filled);
  return spaceOf(size, blocks, Math.max(before.space?.dataEnd ?? before.size, told.dataEnd));
}

/** Of a file that is made `size` bytes long without being written to. Of what is cut as much as possible counts as holes. */
export function spaceResized(before: { readonly size: number; readonly space: FileSpace | null }, size: number): FileSpace | null {
  return spaceOf(size, dataBlocks(before.size, before.space), before.space?.dataEnd ?? before.size);
}
