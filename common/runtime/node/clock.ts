import type { Clock, Timer, Timespec } from '../clock.ts';

/** The machine's clocks. */
export class NodeClock implements Clock {
  /** Wall-clock milliseconds at monotonic 0, renewed when the wall clock has moved against it. */
  #offsetMs = wallOffsetMs();

  nowMs(): number {
    return Date.now();
  }

  /** Steps of less than a microsecond between two looks at the wall clock, which itself only tells milliseconds. */
  nowTimespec(): Timespec {
    let ms = this.#offsetMs + performance.now();
    const drift = ms - Date.now();
    if (drift > 2 || drift < -2) {
      this.#offsetMs = wallOffsetMs();
      ms = this.#offsetMs + performance.now();
    }
    const sec = Math.floor(ms / 1_000);
    return { sec, nsec: Math.floor((ms - sec * 1_000) * 1e6) };
  }

  monotonicMs(): number {
    return performance.now();
  }

  setTimer(delayMs: number, fn: () => void): Timer {
    const handle = setTimeout(fn, Math.min(delayMs, 0x7fffffff));
    return { cancel: () => clearTimeout(handle) };
  }

  defer(fn: () => void): void {
    setImmediate(fn);
  }
}

function wallOffsetMs(): number {
  return Date.now() - performance.now();
}
