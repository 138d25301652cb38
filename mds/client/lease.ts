import type { Clock, Timer } from '../../common/runtime/clock.ts';

/** How long a client may trust its caps: counted from the moment at which the request that earned it was sent. */
export class Lease {
  readonly #clock: Clock;
  readonly #onEnded: () => void;
  #endsMs = -Infinity;
  #lengthMs = 60_000;
  #timer: Timer | undefined;

  /** `onEnded` is called when it runs out without having been extended. */
  constructor(clock: Clock, onEnded: () => void) {
    this.#clock = clock;
    this.#onEnded = onEnded;
  }

  get valid(): boolean {
    return this.#clock.monotonicMs() < this.#endsMs;
  }

  /** As the MDS last gave it. */
  get lengthMs(): number {
    return this.#lengthMs;
  }

  extend(sentMs: number, lengthMs: number): void {
    if (lengthMs > 0) this.#lengthMs = lengthMs;
    this.#endsMs = sentMs + this.#lengthMs;
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimer(Math.max(0, this.#endsMs - this.#clock.monotonicMs()), this.#onEnded);
  }

  /** Nothing may be trusted any more. */
  end(): void {
    this.#endsMs = -Infinity;
    this.#timer?.cancel();
  }
}
