/**
 * Scrubs that this OSD takes part in, as primary or as another member: few at a time, so that its disk stays
 * free for clients. A place that its primary has forgotten (it died, the interval ended) is free again.
 * @module
 */
import type { Pg } from './core/pg.ts';

interface Taken {
  readonly pg: Pg;
  readonly interval: number;
  usedMs: number;
}

export class ScrubSlots {
  readonly #count: number;
  /** A place that was not used for so long is free. */
  readonly #idleMs: number;
  readonly #taken = new Set<Taken>();

  constructor(count: number, idleMs: number) {
    this.#count = count;
    this.#idleMs = idleMs;
  }

  /** False: all are taken. */
  take(pg: Pg, nowMs: number): boolean {
    for (const taken of this.#taken) {
      const stale = taken.pg.interval !== taken.interval || nowMs - taken.usedMs > this.#idleMs;
      if (stale || taken.pg === pg) this.#taken.delete(taken);
    }
    if (this.#taken.size >= this.#count) return false;
    this.#taken.add({ pg, interval: pg.interval, usedMs: nowMs });
    return true;
  }

  /** The PG's scrub goes on. */
  touch(pg: Pg, nowMs: number): void {
    for (const taken of this.#taken) if (taken.pg === pg) taken.usedMs = nowMs;
  }

  release(pg: Pg): void {
    for (const taken of this.#taken) if (taken.pg === pg) this.#taken.delete(taken);
  }
}
