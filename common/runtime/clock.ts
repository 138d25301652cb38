/** A running timer. */
export interface Timer {
  /** Stops it; harmless when it has fired. */
  cancel(): void;
}

/** The only source of time. */
export interface Clock {
  /** Wall-clock milliseconds since 1970 (may jump). For timestamps that people or files see. */
  nowMs(): number;
  /** Wall-clock as POSIX timespec. */
  nowTimespec(): Timespec;
  /** Milliseconds, with fraction, from an arbitrary start; never goes back. For leases and durations. */
  monotonicMs(): number;
  /** Calls `fn` once after `delayMs`. */
  setTimer(delayMs: number, fn: () => void): Timer;
  /** Calls `fn` after the I/O that is already due, before any timer (setImmediate's place). */
  defer(fn: () => void): void;
}

/** Seconds since 1970 (may be negative) and nanoseconds 0..999,999,999. */
export interface Timespec {
  readonly sec: number;
  readonly nsec: number;
}
