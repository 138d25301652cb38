/**
 * The object store's interface: atomic, durable transactions over objects of collections (one per PG).
 * Implementations: `memory.ts` (simulation; loses what was not committed when it crashes) and `block.ts`
 * (LMDB for metadata, one block file for bulk data). One conformance suite runs on both.
 * @module
 */
import type { PgId } from '../../common/maps/ids.ts';
import type { Extent, OmapEntry, Version } from '../client/object-client.ts';

export interface ObjectStat {
  /** Bytes. */
  readonly size: number;
  readonly version: Version;
  readonly mtimeMs: number;
}

/** The object that a change is about. */
interface Target {
  readonly pg: PgId;
  readonly object: string;
  /** Not the object, but what is being put together on the collection's shelf to take its place: hidden from all reads. */
  readonly shelf?: true;
}

/** One change. Objects come into being by `touch`, `write`, `truncate`, `set-xattr` or `omap-set`. */
export type Mutation =
  | (Target & { readonly kind: 'touch' })
  /** As if its record had been found damaged: in place of what cannot be read anywhere. */
  | (Target & { readonly kind: 'mark-damaged' })
  | (Target & { readonly kind: 'write'; readonly offset: number; readonly data: readonly Uint8Array[] })
  /** Reads as zeros afterwards, space given back where whole blocks allow; never grows the object. */
  | (Target & { readonly kind: 'zero'; readonly offset: number; readonly length: number })
  | (Target & { readonly kind: 'truncate'; readonly size: number })
  /** With xattrs and omap; harmless when absent. */
  | (Target & { readonly kind: 'remove' })
  /** Version and mtime of an existing object. */
  | (Target & { readonly kind: 'set-version'; readonly version: Version; readonly mtimeMs: number })
  | (Target & { readonly kind: 'set-xattr'; readonly name: string; readonly value: Uint8Array })
  | (Target & { readonly kind: 'remove-xattr'; readonly name: string })
  | (Target & { readonly kind: 'omap-set'; readonly entries: readonly OmapEntry[] })
  | (Target & { readonly kind: 'omap-remove'; readonly keys: readonly Uint8Array[] })
  | (Target & { readonly kind: 'omap-clear' })
  /** What is on the shelf takes the place of the object, which goes; what is on the shelf is then gone from there. Harmless when nothing is. */
  | { readonly kind: 'unshelve'; readonly pg: PgId; readonly object: string }
  /** Small records that belong to the PG (its log, its info), by key; an empty value removes. */
  | { readonly kind: 'set-meta'; readonly pg: PgId; readonly key: string; readonly value: Uint8Array }
  /** Removes the collection: its objects and its meta. May be done in pieces after the commit. */
  | { readonly kind: 'remove-collection'; readonly pg: PgId }
  /**
   * Some of the collection's objects become other collections', without being copied: those whose hash falls to
   * another PG, as the number of PGs of the pool grows. The others are made if need be; they must have no objects yet.
   * Meta stays where it is. From now on each of them refuses (EINVAL) objects that are not its own.
   */
  | { readonly kind: 'split-collection'; readonly pg: PgId; readonly pgNumBefore: number; readonly pgNumAfter: number }
  /** Records of the daemon itself (superblock, maps), outside any collection; an empty value removes. */
  | { readonly kind: 'set-daemon-meta'; readonly key: string; readonly value: Uint8Array };

export interface StoreUsage {
  readonly totalBytes: number;
  /** Of `totalBytes`, what is taken, allocated and reserved. */
  readonly usedBytes: number;
  /** Bytes of object data, holes not counted. */
  readonly storedBytes: number;
  /** Those on shelves too. */
  readonly objects: number;
}

/** In place of what cannot be read. */
export const noStat: ObjectStat = { size: 0, version: { interval: 0, counter: 0 }, mtimeMs: 0 };

export interface ListedObject {
  readonly name: string;
  /** Zeros, also for the version, when `damaged`. */
  readonly stat: ObjectStat;
  /** The record that says what it is cannot be read. */
  readonly damaged: boolean;
}

/**
 * Damage: what a checksum shows to be wrong throws EILSEQ when it is read, and is the object's alone. Where it is
 * its data or its omap, the rest of the object is read as ever, and writing the damaged part anew mends it. Where
 * it is the record that says what the object is (its size, version, xattrs, block map), every read of it throws,
 * and changes are accepted and leave it damaged, until it is removed.
 *
 * Reads see every transaction handed to `commit` before the call, durable or not: whoever must not act on
 * what may still be lost waits for its `commit`. Reads of names, attributes and omap are synchronous
 * (memory-mapped); only bulk data may take a promise.
 */
export interface ObjectStore {
  /** Opens or makes the store. FsError EILSEQ (damaged: says what and what to do), EINVAL (another format or cluster), EBUSY (in use). */
  start(): Promise<void>;
  /** Commits what was accepted and closes. */
  stop(): Promise<void>;
  /**
   * Applies all mutations atomically; resolves when durable. Transactions become durable in the order of the
   * calls; many share one commit. Rejects with ENOSPC before anything is applied when space could run out, EFBIG
   * when it is larger than the log takes (what is not bulk data: about 16 MiB),
   * EIO when the disk fails (the store then refuses all further writes).
   * The bytes in `data` must not change until it resolves.
   */
  commit(transaction: readonly Mutation[]): Promise<void>;

  /** Reads again, past any cache, the records that say what and where the object is. Throws EILSEQ when one is damaged. */
  verify(pg: PgId, object: string): void;
  /** Undefined when absent. */
  stat(pg: PgId, object: string): ObjectStat | undefined;
  /** Bytes in [offset, offset + length), cut at the object's size; holes are zeros. ENOENT; EILSEQ when a checksum fails. */
  read(pg: PgId, object: string, offset: number, length: number): Promise<readonly Buffer[]>;
  /** Allocated (non-hole) ranges overlapping [offset, offset + length), ascending, merged. */
  extents(pg: PgId, object: string, offset: number, length: number): readonly Extent[];
  xattr(pg: PgId, object: string, name: string): Buffer | undefined;
  xattrs(pg: PgId, object: string): ReadonlyMap<string, Buffer>;
  /** Those of `keys` that exist. */
  omapGet(pg: PgId, object: string, keys: readonly Uint8Array[]): OmapEntry[];
  /** Up to `maxEntries` entries with keys above `after` (empty: from the first), in byte order. */
  omapRange(pg: PgId, object: string, after: Uint8Array, maxEntries: number): OmapEntry[];
  /** Up to `maxEntries` objects with names above `after`, in order of UTF-8 bytes. */
  objects(pg: PgId, after: string, maxEntries: number): ListedObject[];
  /** Up to `maxEntries` names of what is on the collection's shelf, in that order. */
  shelved(pg: PgId, maxEntries: number): string[];
  collections(): PgId[];
  meta(pg: PgId, key: string): Buffer | undefined;
  /** Meta records with keys in [from, to), in order. */
  metaRange(pg: PgId, from: string, to: string): { readonly key: string; readonly value: Buffer }[];
  daemonMeta(key: string): Buffer | undefined;
  usage(): StoreUsage;
}
