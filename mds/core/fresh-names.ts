/**
 * Names that sessions have made or taken away of late. Until that is durable it does not count for other sessions, who wait; what they do to
 * other names of the same directory waits for nothing.
 * @module
 */
import { placeKey, type Place } from './inode.ts';

interface Fresh {
  /** Position of the change in the journal. */
  readonly seq: number;
  /** Of the session that made it. */
  readonly instance: number;
}

export class FreshNames {
  /** The last change of each, in the order of the journal. */
  readonly #names = new Map<string, Fresh>();

  /** Notes a change. Those up to `safeSeq` are durable, and forgotten. */
  add(place: Place, fresh: Fresh, safeSeq: number): void {
    for (const [key, { seq }] of this.#names) {
      if (seq > safeSeq) break;
      this.#names.delete(key);
    }
    const key = placeKey(place);
    this.#names.delete(key);
    this.#names.set(key, fresh);
  }

  /** Position of what another session than `instance` was the last to do to the name; 0: that is long since. */
  changedSeq(place: Place, instance: number): number {
    if (this.#names.size === 0) return 0;
    const fresh = this.#names.get(placeKey(place));
    return fresh === undefined || fresh.instance === instance ? 0 : fresh.seq;
  }
}
