/** Time after an answer during which we look for the next request without sleeping. */
const awakeMs = 0.05;
/** Of the requests after a run of useless waits, every this many-th tries again. */
const probeInterval = 16;
const confidenceMax = 32;
const missPenalty = 4;

/**
 * Keeps the event loop turning for a moment after a request that was answered at once, because the next one
 * usually follows within microseconds, and waking a processor that has gone to sleep takes tens of them. Goes
 * on only while it pays: when waits end without a request, it mostly stops trying.
 */
export class BusyPoll {
  #armed = false;
  #untilMs = 0;
  #confidence = confidenceMax;
  #sinceProbe = 0;

  /** A request has come. */
  hit(): void {
    if (this.#armed && this.#confidence < confidenceMax) this.#confidence += 1;
  }

  /** Stay awake for a moment from now. */
  extend(): void {
    if (this.#confidence <= 0 && ++this.#sinceProbe < probeInterval) return;
    this.#sinceProbe = 0;
    this.#untilMs = performance.now() + awakeMs;
    if (this.#armed) return;
    this.#armed = true;
    setImmediate(this.#turn);
  }

  /** Sleep at the next turn: others need the processor to answer what is under way. */
  end(): void {
    this.#untilMs = 0;
  }

  readonly #turn = (): void => {
    if (performance.now() < this.#untilMs) {
      setImmediate(this.#turn);
      return;
    }
    this.#armed = false;
    if (this.#untilMs !== 0) this.#confidence = Math.max(0, this.#confidence - missPenalty);
  };
}
