/**
 * What an administrator does with pools and with the tree that they are placed by.
 * @module
 */
import type { Ground, TestOsd } from './ground.ts';

export class Pools {
  readonly #ground: Ground;
  readonly #poolIds = new Set<number>([1]);

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  /** Hosts and racks change, or the rule that looks at them. */
  place(osd: TestOsd): boolean {
    if (this.#ground.below(3) === 0) {
      const rule = this.#ground.pick(['replicated_osd', 'replicated_host', 'replicated_rack']);
      this.#ground.command({ prefix: 'pool set', name: 'p', rule });
      return true;
    }
    if (!this.#ground.map.crush.buckets.some(({ name }) => name === `h${osd.id}`)) return false;
    const rack = this.#ground.pick([undefined, 'r0', 'r1', 'r2']);
    this.#ground.command({ prefix: 'crush move', host: `h${osd.id}`, ...(rack === undefined ? {} : { rack }) });
    return true;
  }

  createPool(): void {
    const { id } = this.#ground.command({ prefix: 'pool create', name: 'q', size: 2, minSize: 1, pgNum: 2, failureDomain: 'osd' }) as {
      id: number;
    };
    if (this.#poolIds.has(id)) throw new Error(`pool ${id} for the second time`);
    this.#poolIds.add(id);
    this.#ground.seal();
  }

  deletePool(): boolean {
    const exists = [...this.#ground.map.pools.values()].some(({ name }) => name === 'q');
    if (exists) this.#ground.command({ prefix: 'pool delete', name: 'q', again: 'q', sure: 'every object in it is lost for good' });
    this.#ground.seal();
    return exists;
  }

  resize(size: number): void {
    this.#ground.command({ prefix: 'pool set', name: 'p', size });
  }
}
