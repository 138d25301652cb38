import type { SimWorld } from '../../common/runtime/sim/world.ts';

/** Those who do something again and again, until the harm is over: each thinks at random in between. */
export class Workers {
  readonly #world: SimWorld;
  /** What each has been waiting for, and since when. */
  readonly #busy = new Map<string, number>();
  calls = 0;

  constructor(world: SimWorld) {
    this.#world = world;
  }

  async repeat(worker: string, untilMs: number, step: () => Promise<void>, thinkMs: number): Promise<void> {
    const random = this.#world.fork(`think/${worker}`);
    while (this.#world.nowMs < untilMs) {
      this.#busy.set(worker, this.#world.nowMs);
      await step();
      this.#busy.delete(worker);
      this.calls += 1;
      await this.#world.sleep(random.below(thinkMs));
    }
  }

  /** Who waits, and since when, for a failure's report. */
  get waiting(): string[] {
    return [...this.#busy].map(([worker, sinceMs]) => `${worker} since ${sinceMs.toFixed(3)} ms`);
  }
}
