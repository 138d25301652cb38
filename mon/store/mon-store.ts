/**
 * Where a monitor keeps the cluster map: the newest one whole from time to time, and every increment of late; and its
 * record of leases.
 * @module
 */

/** What a store holds. */
export interface StoredMap {
  /** Cluster that the store belongs to. */
  readonly fsid: string;
  /** Newest whole map, in the codec of common/maps. */
  readonly full: Buffer;
  readonly fullEpoch: number;
  /** Increments that are kept, oldest first, without gaps; those above `fullEpoch` lead to the newest map. */
  readonly increments: readonly StoredIncrement[];
}

export interface StoredIncrement {
  readonly epoch: number;
  readonly bytes: Buffer;
}

/** One epoch to be stored. */
export interface MapCommit {
  readonly fsid: string;
  readonly epoch: number;
  /** Absent in a cluster's first epoch. */
  readonly increment: Buffer | undefined;
  /** The map after it; given in the first epoch and from time to time. */
  readonly full: Buffer | undefined;
  /** Increments up to this epoch are no longer needed; never above the newest whole map's. */
  readonly trimTo: number;
}

export interface MonStore {
  /** Takes the store for this process. Throws EBUSY when another has it, EILSEQ when it cannot be read. */
  open(): Promise<void>;
  /** Undefined: the store is empty. */
  load(): Promise<StoredMap | undefined>;
  /** Durable when it resolves; all of it or nothing is there after a crash. One at a time, epochs in order. */
  commit(commit: MapCommit): Promise<void>;
  /** The record of leases that was saved last. Undefined: none was. */
  loadLeases(): Promise<Buffer | undefined>;
  /** Replaces it; durable when it resolves, the old one or the new is there after a crash. One at a time, beside commits. */
  saveLeases(bytes: Buffer): Promise<void>;
  close(): Promise<void>;
}
