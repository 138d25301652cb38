/**
 * How fast a PG's copies are made: what was copied in the last seconds.
 * @module
 */

/** The rate is that of so long. */
const windowMs = 5_000;
/** Sums are remembered at most so often. */
const stepMs = 500;

interface Mark {
  readonly ms: number;
  readonly objects: number;
  readonly bytes: number;
}

export interface RecoveryRate {
  readonly objectsPerSecond: number;
  readonly bytesPerSecond: number;
}

export class RecoveryMeter {
  #objects = 0;
  #bytes = 0;
  /** Sums as they were, oldest first; the first is the newest that is older than the window, if there is one. */
  #marks: Mark[] = [];

  add(objects: number, bytes: number): void {
    this.#objects += objects;
    this.#bytes += bytes;
  }

  /** To be asked again and again, for it remembers when it was asked. */
  rate(nowMs: number): RecoveryRate {
    const newest = this.#marks[this.#marks.length - 1];
    if (newest === undefined || nowMs - newest.ms >= stepMs) this.#marks.push({ ms: nowMs, objects: this.#objects, bytes: this.#bytes });
    while (this.#marks.length > 1 && (this.#marks[1] as Mark).ms <= nowMs - windowMs) this.#marks.shift();
    const first = this.#marks[0] as Mark;
    const seconds = Math.max(stepMs, nowMs - first.ms) / 1_000;
    return {
      objectsPerSecond: Math.round((this.#objects - first.objects) / seconds),
      bytesPerSecond: Math.round((this.#bytes - first.bytes) / seconds),
    };
  }
}
