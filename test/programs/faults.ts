/**
 * Kills OSDs and the MDS one after another with -9 and starts them again.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RealCluster } from '../support/real-cluster.ts';

/** How long a daemon stays away: others notice, and writes go on without it. */
const awayMs = 1_500;
/** Between two deaths, for the program to get on. */
const calmMs = 1_000;
/** Each OSD, and the MDS between them, as without it nobody gets on. */
const victims = ['osd.0', 'mds.a', 'osd.1', 'mds.a', 'osd.2', 'mds.a'];

export class Faults {
  readonly #cluster: RealCluster;
  /** Daemons killed so far. */
  count = 0;

  constructor(cluster: RealCluster) {
    this.#cluster = cluster;
  }

  /** Goes on until the signal; everything runs then. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const name = victims[this.count % victims.length] as string;
      this.#cluster.kill(name);
      this.count++;
      await sleep(awayMs);
      await this.#cluster.ok('start', name);
      await this.healthy(`recovery from the death of ${name}`);
      await sleep(calmMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Until all data is on all copies again: the next OSD may die. */
  async healthy(what: string): Promise<void> {
    await this.#cluster.until(
      what,
      ({ pgs, osds, mds }) =>
        Object.keys(pgs.byState).join() === 'active+clean' && osds.every(({ up }) => up) && mds.some(({ state }) => state === 'active'),
      120_000,
    );
  }
}
