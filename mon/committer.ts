/**
 * Seals what the core has changed into epochs, stores them, and says when they are durable. Changes that come
 * while an epoch is being written, or within `batchMs`, share the next one.
 *
 *   idle ──a change──▶ gathering ──batchMs──▶ writing ──durable, published──▶ idle, or gathering again
 * @module
 */
import type { ClusterMap } from '../common/maps/cluster-map.ts';
import type { Env } from '../common/runtime/env.ts';
import type { Timer } from '../common/runtime/clock.ts';
import type { MonCore } from './core/mon-core.ts';
import type { Now } from './core/state.ts';
import type { MapJournal } from './store/map-journal.ts';

export interface CommitterOptions {
  readonly core: MonCore;
  readonly journal: MapJournal;
  readonly batchMs: number;
  readonly now: () => Now;
  /** The map is durable. */
  readonly onCommitted: (map: ClusterMap) => void;
}

type State = { readonly kind: 'idle' } | { readonly kind: 'gathering'; readonly timer: Timer } | { readonly kind: 'writing' };

export class Committer {
  readonly #env: Env;
  readonly #options: CommitterOptions;
  #state: State = { kind: 'idle' };
  /** Waiting for the epoch that is being written, and for the one after it. */
  #current: (() => void)[] = [];
  #next: (() => void)[] = [];
  #stopped = false;
  #onIdle: (() => void) | undefined;

  constructor(env: Env, options: CommitterOptions) {
    this.#env = env;
    this.#options = options;
  }

  /** Resolves when every change made up to now is durable and published; undefined when it is so already. */
  settled(): Promise<void> | undefined {
    if (this.#options.core.changed) {
      this.#gather();
      return new Promise((resolve) => this.#next.push(resolve));
    }
    if (this.#state.kind !== 'writing') return undefined;
    return new Promise((resolve) => this.#current.push(resolve));
  }

  /** Begins no further epoch; resolves when the one being written is durable. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#state.kind === 'gathering') {
      this.#state.timer.cancel();
      this.#state = { kind: 'idle' };
    }
    if (this.#state.kind === 'writing') await new Promise<void>((resolve) => (this.#onIdle = resolve));
  }

  #gather(): void {
    if (this.#state.kind !== 'idle' || this.#stopped) return;
    const timer = this.#env.clock.setTimer(this.#options.batchMs, () => this.#write());
    this.#state = { kind: 'gathering', timer };
  }

  #write(): void {
    const { core, journal, now } = this.#options;
    const sealed = core.seal(now());
    this.#current = this.#next;
    this.#next = [];
    if (!sealed) {
      this.#state = { kind: 'idle' };
      this.#resolveCurrent();
      return;
    }
    this.#state = { kind: 'writing' };
    // A failure ends the process: an epoch that may or may not be stored must not be followed by another.
    this.#env.spawn('storing the cluster map', async () => {
      await journal.append(sealed.map, sealed.increment);
      this.#becomeDurable(sealed.map);
    });
  }

  #becomeDurable(map: ClusterMap): void {
    this.#state = { kind: 'idle' };
    this.#onIdle?.();
    if (this.#stopped) return;
    this.#options.onCommitted(map);
    this.#resolveCurrent();
    if (this.#options.core.changed) this.#gather();
  }

  #resolveCurrent(): void {
    const waiting = this.#current;
    this.#current = [];
    for (const resolve of waiting) resolve();
  }
}
