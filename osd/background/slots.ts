/**
 * Places for work of different urgency: so many at a time; the most urgent of those that wait goes next, and when one
 * waits that is more urgent than somebody at work, the least urgent of those is asked to let it go first.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { onAbort } from '../../common/runtime/on-abort.ts';

interface Waiter {
  readonly rank: number;
  readonly onYield: () => void;
  readonly take: (slot: Slot) => void;
}

export class Slot {
  readonly rank: number;
  readonly onYield: () => void;
  readonly #release: (slot: Slot) => void;
  /** Its holder was asked to let something more urgent go first. */
  yields = false;

  constructor({ rank, onYield }: Waiter, release: (slot: Slot) => void) {
    this.rank = rank;
    this.onYield = onYield;
    this.#release = release;
  }

  /** Harmless when it was done. */
  release(): void {
    this.#release(this);
  }
}

export class Slots {
  readonly #count: number;
  readonly #held = new Set<Slot>();
  #waiting: Waiter[] = [];

  constructor(count: number) {
    this.#count = count;
  }

  /** `rank`: lower ones go first. `onYield` is called at most once, while it is held. Rejects with ECANCELED when the signal aborts first. */
  acquire(rank: number, signal: AbortSignal, onYield: () => void): Promise<Slot> {
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        reject(new FsError('ECANCELED', 'its turn is wanted no longer', { retry: 'safe' }));
      };
      const waiter: Waiter = {
        rank,
        onYield,
        take: (slot) => {
          forget();
          resolve(slot);
        },
      };
      if (signal.aborted) {
        cancel();
        return;
      }
      const forget = onAbort(signal, cancel);
      const at = this.#waiting.findIndex((other) => other.rank > rank);
      this.#waiting.splice(at < 0 ? this.#waiting.length : at, 0, waiter);
      this.#next();
    });
  }

  #next(): void {
    while (this.#held.size < this.#count) {
      const waiter = this.#waiting.shift();
      if (waiter === undefined) return;
      const slot = new Slot(waiter, (given) => {
        if (this.#held.delete(given)) this.#next();
      });
      this.#held.add(slot);
      waiter.take(slot);
    }
    const first = this.#waiting[0];
    if (first !== undefined) this.#makeWay(first.rank);
  }

  /** One of those less urgent, unless one of them has been asked already. */
  #makeWay(rank: number): void {
    let last: Slot | undefined;
    for (const slot of this.#held) {
      if (slot.rank <= rank) continue;
      if (slot.yields) return;
      if (last === undefined || slot.rank >= last.rank) last = slot;
    }
    if (last === undefined) return;
    last.yields = true;
    last.onYield();
  }
}
