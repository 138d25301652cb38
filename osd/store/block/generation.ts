/**
 * Changes that the log has and the database does not have yet. There is one active generation, which takes
 * the changes of new transactions, and older ones, frozen, that are on their way into the database. Reading
 * looks through them from the newest to the oldest, then into the database.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import type { BlockRun } from './allocator.ts';
import { lowerBound, SortedMap } from '../sorted-map.ts';
import { DirtyBlocks, type SlabPool } from './dirty-blocks.ts';
import type { Onode } from './onode.ts';

/** What became of a collection, as the database has it (collection-record.ts). */
export type CollectionChange = { readonly kind: 'there'; readonly record: Buffer } | { readonly kind: 'dropped'; readonly record: Buffer };

export class Generation {
  /** Which part of the log has its records; undefined while none is free. */
  segment: number | undefined;
  /** Bytes of the records, written or not. */
  logBytes = 0;
  /** Of names, xattrs, omap and meta, at most: what the database has to take. */
  metaBytes = 0;
  /** Seq of its last transaction; 0: it has none. */
  lastSeq = 0;
  /** Ids from here on were first used in it: the database has nothing under them. */
  readonly firstId: number;

  /** By cid and name; null: removed. */
  readonly objects = new Map<number, SortedMap<Onode | null>>();
  /** By cid and key. */
  readonly meta = new Map<number, SortedMap<Buffer | null>>();
  /** By omapId and key. */
  readonly omap = new Map<number, SortedMap<Buffer | null>>();
  readonly daemonMeta = new Map<string, Buffer | null>();
  /** By cid. */
  readonly collections = new Map<number, CollectionChange>();
  /** Collections of which nothing is left. */
  readonly purged: number[] = [];
  /** Nodes whose shards must go. */
  readonly removedNodes: { readonly nid: number; readonly shardCount: number }[] = [];
  readonly droppedOmaps = new Set<number>();
  readonly blocks: DirtyBlocks;
  /** Freed blocks that this may still be writing to: free when it is done. */
  readonly heldFrees: BlockRun[] = [];
  /** Records changed, roughly: what the database will have to write. */
  entries = 0;

  constructor(firstId: number, pool: SlabPool) {
    this.firstId = firstId;
    this.blocks = new DirtyBlocks(pool);
  }

  get isEmpty(): boolean {
    return this.lastSeq === 0;
  }
}

/** The layer for `id`, made if need be. */
export function layerOf<V>(layers: Map<number, SortedMap<V>>, id: number): SortedMap<V> {
  let layer = layers.get(id);
  if (!layer) layers.set(id, (layer = new SortedMap<V>()));
  return layer;
}

export interface Range {
  readonly from: string;
  /** Begin above `from` instead of at it. */
  readonly exclusive: boolean;
  /** Only keys for which this holds. */
  readonly accept?: (key: string) => boolean;
  /** Only keys below this. */
  readonly end?: string;
  readonly maxEntries: number;
}

/**
 * Entries of `base` (in order, from the range's start) as the layers, newest first, have changed them. What is damaged
 * in `base` (an error in place of its value) is thrown when it would be part of the result.
 */
export function mergeLayers<V>(
  layers: readonly SortedMap<V | null>[],
  base: Iterator<{ key: string; value: V | FsError }>,
  range: Range,
): { key: string; value: V }[] {
  const keys = layers.map((layer) => layer.sortedKeys());
  const positions = keys.map((list) => lowerBound(list, range.from, range.exclusive));
  const merged: { key: string; value: V }[] = [];
  let stored = base.next();
  let damage: FsError | undefined;
  while (merged.length < range.maxEntries) {
    let key = stored.done === true ? undefined : stored.value.key;
    for (let i = 0; i < keys.length; i++) {
      const candidate = keys[i]?.[positions[i] as number];
      if (candidate !== undefined && (key === undefined || candidate < key)) key = candidate;
    }
    if (key === undefined || (range.end !== undefined && key >= range.end)) break;
    let value: V | null | undefined;
    for (let i = 0; i < keys.length; i++) {
      if (keys[i]?.[positions[i] as number] !== key) continue;
      positions[i] = (positions[i] as number) + 1;
      if (value === undefined) value = layers[i]?.get(key);
    }
    if (stored.done !== true && stored.value.key === key) {
      const { value: found } = stored.value;
      if (value === undefined && found instanceof FsError) {
        if (range.accept?.(key) !== false) damage = found;
      } else if (value === undefined) value = found as V;
      if (damage !== undefined) break;
      stored = base.next();
    }
    if (value !== undefined && value !== null && range.accept?.(key) !== false) merged.push({ key, value });
  }
  base.return?.();
  if (damage !== undefined) throw damage;
  return merged;
}
