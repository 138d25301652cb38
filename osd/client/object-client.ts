/**
 * What librados is to Ceph: compound operations on named objects of a pool, sent to the right OSD by the
 * map, retried exactly once in effect. Implemented by `objecter.ts`.
 * @module
 */
import type { PoolId } from '../../common/maps/ids.ts';

/** Position in a PG's log; an object's version is that of its last write. Ordered by interval, then counter. */
export interface Version {
  readonly interval: number;
  readonly counter: number;
}

/** A range of an object's data. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
}

export interface OmapEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** One step of a compound operation; see osd.proto for the errors of each. Limits are in `limits.ts`. */
export type ObjectOperation =
  /** `length` 0 reads to the end. Result: data. */
  | { readonly kind: 'read'; readonly offset: number; readonly length: number }
  | { readonly kind: 'stat' }
  /** Where [offset, offset + length) has data (`length` 0: to the end), not together with changes. Result: extents, more. */
  | { readonly kind: 'extents'; readonly offset: number; readonly length: number }
  | { readonly kind: 'write'; readonly offset: number; readonly data: readonly Uint8Array[] }
  | { readonly kind: 'write-full'; readonly data: readonly Uint8Array[] }
  /** Result: offset. */
  | { readonly kind: 'append'; readonly data: readonly Uint8Array[] }
  | { readonly kind: 'zero'; readonly offset: number; readonly length: number }
  /**
   * Becomes what `length` bytes of another object (or of this one) are, holes included, without passing through the client. What is
   * copied is at least what was acknowledged before the call; where the other object has nothing, there is nothing here either
   * (and it is not made longer for that). Not in the order of the calls: what is called later on the object may come before.
   */
  | {
      readonly kind: 'copy-range';
      readonly offset: number;
      readonly length: number;
      readonly source: { readonly pool: PoolId; readonly object: string; readonly offset: number };
    }
  | { readonly kind: 'truncate'; readonly size: number }
  | { readonly kind: 'create'; readonly exclusive: boolean }
  | { readonly kind: 'remove' }
  | { readonly kind: 'get-xattr'; readonly name: string }
  | { readonly kind: 'get-xattrs' }
  | { readonly kind: 'set-xattr'; readonly name: string; readonly value: Uint8Array }
  | { readonly kind: 'remove-xattr'; readonly name: string }
  | { readonly kind: 'compare-xattr'; readonly name: string; readonly value: Uint8Array }
  | { readonly kind: 'omap-get'; readonly keys: readonly Uint8Array[] }
  | { readonly kind: 'omap-get-range'; readonly after: Uint8Array; readonly maxEntries: number }
  | { readonly kind: 'omap-set'; readonly entries: readonly OmapEntry[] }
  | { readonly kind: 'omap-remove'; readonly keys: readonly Uint8Array[] }
  | { readonly kind: 'omap-clear' }
  | { readonly kind: 'assert-exists' }
  | { readonly kind: 'assert-version'; readonly version: Version }
  /**
   * Not of the object, but of the PG that it is in, or would be: the objects there whose names begin with `prefix`, are longer, and are
   * above `after`. Not together with changes. Result: entries (keys), more. See {@link listNames}, which asks all PGs.
   */
  | { readonly kind: 'names'; readonly prefix: string; readonly after: string; readonly maxEntries: number };

/** Result of the operation at the same place in the list; which fields count depends on its kind. */
export interface OperationResult {
  /** stat: bytes. */
  readonly size: number;
  /** append: where it went. */
  readonly offset: number;
  /** stat. */
  readonly version: Version;
  readonly mtimeMs: number;
  /** get-xattr. */
  readonly value: Uint8Array;
  /** get-xattrs, omap-get, omap-get-range, names. */
  readonly entries: readonly OmapEntry[];
  /** omap-get-range, extents, names: there is more after the last. */
  readonly more: boolean;
  /** extents: ascending and apart, in blocks of the store (4 KiB); what is between them reads as zeros. */
  readonly extents: readonly Extent[];
  /** read: the bytes, short at the object's end; possibly in several pieces. */
  readonly data: readonly Buffer[];
}

export interface ObjectReply {
  /** Of the object after the operation. */
  readonly version: Version;
  readonly results: readonly OperationResult[];
}

export interface OperateOptions {
  readonly signal?: AbortSignal;
  /** Gives up with ETIMEDOUT ('maybe-applied'). Default: never; it waits out failovers and retries. */
  readonly timeoutMs?: number;
  /**
   * `any`: operations that only read may be answered by any member that holds the object, just as truly as by the
   * primary. They come after what this client sent before on the object; not before what it sends after them without waiting
   * for them. Default: the primary, which keeps that order too.
   */
  readonly readFrom?: 'primary' | 'any';
}

/** Some of the names that were asked for. */
export interface NamesPage {
  readonly names: readonly string[];
  /** The last of them, to go on from; undefined: there are no more. */
  readonly through: string | undefined;
}

export interface ObjectClient {
  /**
   * Applies all of `operations` to one object atomically, or none. Resolves when durable on every acting OSD.
   * Writes to one object sent by one client apply in the order of the calls, and its reads find all that it called
   * before. An operation that changes nothing (a read, one whose guard fails) leaves no trace: when it must be sent again,
   * it is done anew, and may find what was called after it while it was under way.
   * Rejects with what the OSD said (ENOENT, EEXIST, ECANCELED, ERANGE, ENOSPC, ...); ESHUTDOWN when blocklisted.
   */
  operate(pool: PoolId, object: string, operations: readonly ObjectOperation[], options?: OperateOptions): Promise<ObjectReply>;
  /**
   * Names of a pool's objects that begin with `prefix`, are longer, and are above `after`, in byte order. Every object is among them that was there by
   * what was acknowledged before the call, and is not removed meanwhile. A page
   * at a time, for which every PG is asked once ({@link listingRequests}), for up to `perPg` names.
   */
  names(pool: PoolId, prefix: string, after: string, perPg: number): Promise<NamesPage>;
  /** So many requests one page of {@link names} takes. */
  listingRequests(pool: PoolId): number;
  /** Resolves when nothing sent before is in flight. */
  drain(): Promise<void>;
  stop(): Promise<void>;
}
