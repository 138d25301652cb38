/**
 * What the parts of a simulated world need of one another, so that none has to know the whole.
 * @module
 */
import type { Prng } from './prng.ts';

/** The world, as its parts see it: virtual time and chance. */
export interface SimTime {
  /** Virtual milliseconds since the start. */
  readonly nowMs: number;
  /** A generator of its own for `purpose`. */
  fork(purpose: string): Prng;
  /** Runs `fn` at a time, outside any node, unless `run` is taken out of the event before. */
  schedule(delayMs: number, label: string, fn: () => void): { run: (() => void) | undefined };
  /** Fails the run. */
  fail(error: Error): void;
}

/** A node, as its disk and the network see it. */
export interface SimPlace {
  readonly name: string;
  /** Nothing answers at all, not even its kernel. */
  readonly machineDown: boolean;
  isLife(life: number): boolean;
  /** Runs `fn` in that life (default: the present one), never if it is over. */
  schedule(delayMs: number, label: string, fn: () => void, life?: number): { cancel(): void };
}

/** The network, as one connection sees it. */
export interface SimMedium {
  readonly world: SimTime;
  readonly random: Prng;
  readonly faults: { readonly windowBytes: number; readonly resetProbability: number };
  /** Whether bytes from `from` reach `to` now. */
  passes(from: SimPlace, to: SimPlace): boolean;
  delayMs(bytes: number): number;
  /** The frame is its receiver's from now on. */
  delivered(frame: Buffer): void;
}
