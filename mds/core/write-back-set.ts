/**
 * What has changed in one omap object since it was last written back: a directory fragment, a block of the location
 * table, the session table. The journal covers the changes until they are written; `dirtySince` says from which
 * journal segment on, and so which segments may be trimmed.
 * @module
 */

/** Segment number of something that has no unwritten change. */
export const clean = -1;

/** What kind of object it is: how its keys and values are written. */
export type WriteBackKind = 'fragment' | 'location' | 'session' | 'value' | 'message' | 'given' | 'record';

export class WriteBackSet<V> {
  readonly kind: WriteBackKind;
  /** Name of the object in the metadata pool; of records in the data pool. */
  readonly object: string;
  /** Changed keys; undefined: removed. */
  dirty = new Map<string, V | undefined>();
  /** What is being written just now; it is still the journal's until that is done. */
  writing: Map<string, V | undefined> | undefined = undefined;
  /** Oldest journal segment with a change that is not written back, `writing` included. */
  dirtySince: number = clean;
  /** Oldest segment with a change in `dirty`. */
  #nextSince: number = clean;

  /** Resolves with the end of what is being written. */
  written: Promise<void> | undefined = undefined;
  /** Above 0 while it is read or deleted: what is on disk must not change meanwhile. */
  frozen = 0;
  /** Times that writing has begun: whoever reads without freezing knows by it that what it read may be old. */
  writes = 0;

  constructor(kind: WriteBackKind, object: string) {
    this.kind = kind;
    this.object = object;
  }

  get isDirty(): boolean {
    return this.dirtySince !== clean;
  }

  set(key: string, value: V | undefined, segment: number): void {
    this.dirty.set(key, value);
    this.mark(segment);
  }

  /** Something of it is to be written, and is in the journal from `segment` on. */
  mark(segment: number): void {
    if (this.#nextSince === clean || segment < this.#nextSince) this.#nextSince = segment;
    if (this.dirtySince === clean || segment < this.dirtySince) this.dirtySince = segment;
  }

  /** There is more to be written than `dirty` says. */
  get owing(): boolean {
    return false;
  }

  /** What the journal had before `segment`, and has not since, is written. Returns whether anything is left. */
  trimmed(segment: number): boolean {
    const left = this.dirty.size > 0 || this.owing;
    this.dirtySince = this.#nextSince = left ? Math.max(this.#nextSince, segment) : clean;
    return left;
  }

  /** Drops a change of something that need not be written (any more): it was never written and is gone again, or another has written it. */
  forget(key: string): void {
    this.dirty.delete(key);
  }

  /** Starts writing: what changes from now on is for the next time. */
  begin(): Map<string, V | undefined> {
    const taken = this.dirty;
    this.writes++;
    this.writing = taken;
    this.dirty = new Map();
    this.#nextSince = clean;
    return taken;
  }

  /** What `begin` gave is durable. Returns whether something has changed since. */
  end(): boolean {
    this.writing = undefined;
    this.dirtySince = this.#nextSince;
    return this.isDirty;
  }
}
