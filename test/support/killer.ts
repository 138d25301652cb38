/**
 * Kills the OSDs and the MDS of a cluster of real processes, one at random every few seconds, and starts it again.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Prng } from '../../common/runtime/sim/prng.ts';
import { monSchema } from '../../mon/config.ts';
import type { RealCluster } from './real-cluster.ts';

const osds = ['osd.0', 'osd.1', 'osd.2'] as const;
const mds = 'mds.a';
/** An OSD that goes down more often than that within the window is kept down by the mon, for longer each time: it is spared until then. */
const downsMax = monSchema.flapDownsMax.default;
const windowMs = monSchema.flapWindowMs.default;
const calmMs = { min: 2_000, spread: 3_000 } as const;
const awayMs = { min: 500, spread: 2_000 } as const;

export class Killer {
  readonly #cluster: RealCluster;
  readonly #random: Prng;
  readonly #ending = new AbortController();
  readonly #ended: Promise<void>;
  /** Of each OSD, when it was killed within the window. */
  readonly #downs = new Map<string, readonly number[]>();
  /** Daemons killed so far. */
  deaths = 0;

  /** Begins. The seed settles who dies when. A daemon that does not start again ends the process: without it nobody else may get on. */
  constructor(cluster: RealCluster, seed: number) {
    this.#cluster = cluster;
    this.#random = new Prng(seed);
    this.#ended = this.#work();
  }

  /** Resolves when nobody is killed any more and all are started. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#ended;
  }

  async #work(): Promise<void> {
    const { signal } = this.#ending;
    for (;;) {
      await sleep(calmMs.min + this.#random.below(calmMs.spread), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const name = this.#random.pick([mds, ...osds.filter((osd) => this.#recentDowns(osd).length < downsMax)]);
      this.#cluster.kill(name);
      this.deaths++;
      this.#downs.set(name, [...this.#recentDowns(name), performance.now()]);
      await sleep(awayMs.min + this.#random.below(awayMs.spread));
      await this.#cluster.ok('start', name);
    }
  }

  #recentDowns(name: string): readonly number[] {
    return (this.#downs.get(name) ?? []).filter((at) => at > performance.now() - windowMs);
  }
}
