/**
 * Ranges of a file, and the blocks of 4 KiB that they lie in.
 * @module
 */
import { blocksOf, spaceBlockBytes } from '../../mds/client/index.ts';

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A part of a block makes all of it data, as on a disk: what a block is does not change by being written back. */
export function wholeBlocks({ from, to }: Range): Range {
  return { from: Math.floor(from / spaceBlockBytes) * spaceBlockBytes, to: blocksOf(to) * spaceBlockBytes };
}

/** Blocks that have something in `ranges`. */
export function blocksOfAll(ranges: readonly Range[]): number {
  return blocksIn(joined(ranges.map(wholeBlocks)));
}

/** Blocks of ranges that are {@link joined} and begin and end between blocks. */
export function blocksIn(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { from, to }) => sum + (to - from) / spaceBlockBytes, 0);
}

/** What of `ranges` lies behind `from`. */
export function behind(from: number, ranges: readonly Range[]): Range[] {
  return ranges.flatMap((range) => (range.to > from ? [{ from: Math.max(from, range.from), to: range.to }] : []));
}

/** What is in both, each of them {@link joined}. */
export function overlap(a: readonly Range[], b: readonly Range[]): Range[] {
  const both: Range[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [one, other] = [a[i] as Range, b[j] as Range];
    const from = Math.max(one.from, other.from);
    const to = Math.min(one.to, other.to);
    if (from < to) both.push({ from, to });
    if (one.to < other.to) i++;
    else j++;
  }
  return both;
}

/** Ascending, with what touches or overlaps put together. */
export function joined(ranges: readonly Range[]): Range[] {
  const sorted = [...ranges].sort((a, b) => a.from - b.from || a.to - b.to);
  const out: Range[] = [];
  for (const range of sorted) {
    const last = out.at(-1);
    if (last === undefined || range.from > last.to) out.push(range);
    else if (range.to > last.to) out[out.length - 1] = { from: last.from, to: range.to };
  }
  return out;
}
