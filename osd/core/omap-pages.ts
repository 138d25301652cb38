/**
 * Omap entries in batches that hold a bounded number of bytes, more or less, whatever the size of the values.
 * @module
 */
import type { OmapEntry } from '../client/object-client.ts';

const firstBatch = 64;
const batchMax = 2_048;
const batchBytes = 512 * 1024;

/** Batches of the entries above `after`, in order, as `range` gives them; about `wanted` of them. */
export function* omapPages(
  range: (after: Uint8Array, maxEntries: number) => readonly OmapEntry[],
  after: Uint8Array,
  wanted = Infinity,
): Generator<readonly OmapEntry[]> {
  let from = after;
  let left = wanted;
  let size = Math.min(firstBatch, left);
  while (true) {
    const page = range(from, size);
    if (page.length > 0) yield page;
    const last = page[page.length - 1];
    left -= page.length;
    if (last === undefined || page.length < size || left <= 0) return;
    from = last.key;
    size = Math.min(nextSize(page), left);
  }
}

/** The entries of `keys` that `get` finds, in batches. */
export function* omapBatches(
  get: (keys: readonly Uint8Array[]) => readonly OmapEntry[],
  keys: readonly Uint8Array[],
): Generator<readonly OmapEntry[]> {
  let size = firstBatch;
  for (let at = 0; at < keys.length;) {
    const found = get(keys.length <= size ? keys : keys.slice(at, at + size));
    at += size;
    yield found;
    size = nextSize(found);
  }
}

function nextSize(page: readonly OmapEntry[]): number {
  let bytes = 0;
  for (const { key, value } of page) bytes += key.length + value.length;
  const average = Math.max(1, bytes / Math.max(1, page.length));
  return Math.max(1, Math.min(batchMax, Math.floor(batchBytes / average)));
}
