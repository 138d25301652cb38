/**
 * Pins directories that others work in to one rank and then to another, at random: nobody who works there may notice.
 * @module
 */
import type { Prng } from '../../common/runtime/sim/prng.ts';
import type { SimCluster } from './cluster.ts';
import type { Paths } from './paths.ts';

const pauseMs = 1_500;

export class Pinner {
  readonly #cluster: SimCluster;
  readonly #paths: Paths;
  readonly #homes: readonly string[];
  readonly #ranks: number;
  readonly #random: Prng;

  constructor(cluster: SimCluster, paths: Paths, homes: readonly string[], ranks: number, random: Prng) {
    this.#cluster = cluster;
    this.#paths = paths;
    this.#homes = homes;
    this.#ranks = ranks;
    this.#random = random;
  }

  async run(untilMs: number): Promise<void> {
    const { world } = this.#cluster;
    while (world.nowMs < untilMs) {
      await world.sleep(this.#random.below(pauseMs));
      const home = this.#homes[this.#random.below(this.#homes.length)] as string;
      // One above the last: there is no such rank, which changes nothing.
      const rank = this.#random.below(this.#ranks + 2) - 1;
      await this.#paths.setXattr([home], 'ceph.dir.pin', `${rank}`);
    }
  }
}
