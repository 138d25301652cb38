/**
 * Calls that took long, by the clock of the wall, so that several processes' stalls can be laid beside what was done to
 * the cluster meanwhile.
 * @module
 */

/** Shorter ones are not kept. */
const longMs = 500;
const keptMax = 5_000;

export interface Stall {
  readonly what: string;
  /** Milliseconds of the Unix epoch. */
  readonly fromMs: number;
  readonly ms: number;
}

export function wallMs(): number {
  return performance.timeOrigin + performance.now();
}

export class Stalls {
  readonly #kept: Stall[] = [];
  /** The longest, in milliseconds, kept or not. */
  longestMs = 0;

  get kept(): readonly Stall[] {
    return this.#kept;
  }

  async timed<T>(what: string, call: () => Promise<T>): Promise<T> {
    const fromMs = wallMs();
    try {
      return await call();
    } finally {
      this.#note(what, fromMs);
    }
  }

  timedSync<T>(what: string, call: () => T): T {
    const fromMs = wallMs();
    try {
      return call();
    } finally {
      this.#note(what, fromMs);
    }
  }

  #note(what: string, fromMs: number): void {
    const ms = wallMs() - fromMs;
    this.longestMs = Math.max(this.longestMs, ms);
    if (ms >= longMs && this.#kept.length < keptMax) this.#kept.push({ what, fromMs, ms });
  }
}
