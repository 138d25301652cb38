/**
 * Has more and fewer MDS ranks, one time after another, while others work in what they hold; and kills whoever is stopping: nobody may notice.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { stoppingRank } from '../../common/maps/cluster-map.ts';
import type { Prng } from '../../common/runtime/sim/prng.ts';
import type { SimCluster } from './cluster.ts';

const pauseMs = 4_000;
/** A rank is dead for so long at most. */
const downMs = 1_000;
const lookMs = 50;

export class Resizer {
  /** Ranks that have stopped, and holders that were killed as they did. */
  stopped = 0;
  killed = 0;
  readonly #cluster: SimCluster;
  readonly #ranks: number;
  readonly #random: Prng;
  readonly #calm: boolean;

  /** `ranks`: never more than that. */
  constructor(cluster: SimCluster, ranks: number, random: Prng, calm: boolean) {
    this.#cluster = cluster;
    this.#ranks = ranks;
    this.#random = random;
    this.#calm = calm;
    let there = 0;
    cluster.world.afterEachStep((label) => {
      if (!label.startsWith('mon.')) return;
      const now = this.#there;
      if (now < 0) return;
      for (const { name, rank } of cluster.newestMap?.mdss.values() ?? [])
        if (rank >= now) throw new Error(`${name} has rank ${rank}, and there are ${now}`);
      this.stopped += Math.max(0, there - now);
      there = now;
    });
  }

  async run(untilMs: number): Promise<void> {
    const { world } = this.#cluster;
    for (let count = this.#ranks; world.nowMs < untilMs;) {
      await world.sleep(this.#random.below(pauseMs));
      // Mostly as it was not before.
      const wanted = 1 + this.#random.below(this.#ranks);
      count = wanted === count ? 1 + (count % this.#ranks) : wanted;
      if (!(await this.#set(count))) continue;
      if (this.#random.chance(0.4)) await this.#kill();
      const givesUpMs = world.nowMs + this.#random.below(2 * pauseMs);
      while (this.#there !== count && world.nowMs < Math.min(untilMs, givesUpMs)) await world.sleep(lookMs);
    }
  }

  /** Nothing is broken any more: so many there are in the end. */
  async end(count: number): Promise<void> {
    const { world } = this.#cluster;
    while (!(await this.#set(count))) await world.sleep(lookMs);
    while (this.#there !== count) await world.sleep(lookMs);
  }

  /** Ranks that there are, by the mon's newest map; -1: there is no mon. */
  get #there(): number {
    return this.#cluster.newestMap?.filesystems[0]?.ranks ?? -1;
  }

  /** False: not now. */
  async #set(maxMds: number): Promise<boolean> {
    try {
      await this.#cluster.command({ prefix: 'fs set', maxMds });
      return true;
    } catch (error) {
      // A scrub runs, or the mon is away.
      if (!(error instanceof FsError) || !['EBUSY', 'EAGAIN', 'ETIMEDOUT', 'ECONNRESET'].includes(error.code)) throw error;
      return false;
    }
  }

  /** Whoever is stopping just now, at any point of it. */
  async #kill(): Promise<void> {
    const { world, newestMap } = this.#cluster;
    const rank = newestMap === undefined ? undefined : stoppingRank(newestMap);
    if (rank === undefined || this.#calm) return;
    await world.sleep(this.#random.below(this.#random.chance(0.5) ? 100 : 1_000));
    const holder = [...(this.#cluster.newestMap?.mdss.values() ?? [])].find((mds) => mds.rank === rank && mds.state === 'active');
    if (holder === undefined || !this.#cluster.isUp(holder.name)) return;
    this.killed++;
    this.#cluster.crash(holder.name);
    world.schedule(this.#random.below(downMs), 'resizer', () => {
      if (!this.#cluster.isUp(holder.name)) this.#cluster.restart(holder.name);
    });
  }
}
