import type { Clock } from './clock.ts';
import type { Disk } from './disk.ts';
import type { Log } from './log.ts';
import type { Network } from './network.ts';
import type { Random } from './random.ts';

/**
 * Everything outside the process, as one value. Services get it in their constructor and touch neither
 * timers, sockets, files, the wall clock nor random numbers by any other way; that is what lets the
 * simulator run a whole cluster in one process from a seed.
 */
export interface Env {
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  readonly disk: Disk;
  readonly log: Log;
  /**
   * Runs `fn` in the background. A rejection is a broken invariant: it is logged under `name` and ends the
   * process (the simulation fails).
   */
  spawn(name: string, fn: () => Promise<void>): void;
}
