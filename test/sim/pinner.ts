/**
 * Pins directories that others work in, and some in these, to one rank and then to another, at random: nobody who works there may notice, also
 * where a rename or a link goes from one rank to another.
 * @module
 */
import { toFsError } from '../../common/errors/fs-error.ts';
import type { Prng } from '../../common/runtime/sim/prng.ts';
import type { SimCluster } from './cluster.ts';
import type { Paths } from './paths.ts';

const pauseMs = 1_500;
/** Names that there may be in a home. */
const below = ['a', 'b', 'c'] as const;

export class Pinner {
  readonly #cluster: SimCluster;
  readonly #paths: Paths;
  /** Paths. */
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
      const path = home.split('/');
      if (this.#random.chance(0.5)) await this.#paths.setXattr(path, 'ceph.dir.pin', `${rank}`);
      else await this.#pinBelow([...path, this.#random.pick(below)], `${rank}`);
    }
  }

  /** What is no directory, or not there, or has just gone stays as it is. */
  async #pinBelow(path: readonly string[], rank: string): Promise<void> {
    try {
      await this.#paths.setXattr(path, 'ceph.dir.pin', rank);
    } catch (error) {
      if (!['ENOENT', 'ENOTDIR', 'EINVAL', 'ESTALE'].includes(toFsError(error).code)) throw error;
    }
  }
}
