/**
 * Stores who has fallen silent (core/silences.ts), and holds back the answer to whoever is heard again until nothing that is
 * stored counts on its silence. Whoever renews in time is not named, waits for nothing, and costs no write.
 *
 *   tick ──somebody silent for longer──▶ writing ──durable──▶ idle
 *   renewal of one that is named ──────────┘ └── again, if that came after the record was taken
 * @module
 */
import type { EntityName, InstanceId } from '../common/maps/ids.ts';
import type { Env } from '../common/runtime/env.ts';
import type { MonCore } from './core/mon-core.ts';
import { type LeaseRecord, isNews, silenceOf } from './core/silences.ts';
import type { Now } from './core/state.ts';
import { encodeLeaseRecord } from './store/lease-codec.ts';
import type { MonStore } from './store/mon-store.ts';

export interface LeaseKeeperOptions {
  readonly core: MonCore;
  readonly store: MonStore;
  /** What is durable. */
  readonly stored: LeaseRecord;
  readonly now: () => Now;
}

export class LeaseKeeper {
  readonly #env: Env;
  readonly #options: LeaseKeeperOptions;
  #durable: LeaseRecord;
  #writing: LeaseRecord | undefined;
  /** Waiting for the next record that is taken. */
  #next: (() => void)[] = [];
  #stopped = false;
  #onIdle: (() => void) | undefined;

  constructor(env: Env, options: LeaseKeeperOptions) {
    this.#env = env;
    this.#options = options;
    this.#durable = options.stored;
  }

  /** Time has passed: stores who has fallen silent. */
  tick(): void {
    const { core, now } = this.#options;
    if (this.#writing === undefined && isNews(this.#durable, core.leaseRecord(now()))) this.#write();
  }

  /**
   * The core has renewed the lease of this life. Resolves when it may be told, and that is at once (undefined) when
   * neither the durable record nor one under way names it.
   */
  renewed(name: EntityName, instance: InstanceId): Promise<void> | undefined {
    const names = (record: LeaseRecord | undefined): boolean => record !== undefined && silenceOf(record, name, instance) !== undefined;
    if (!names(this.#durable) && !names(this.#writing)) return undefined;
    return new Promise((resolve) => {
      this.#next.push(resolve);
      if (this.#writing === undefined) this.#write();
    });
  }

  /** Begins no further write; resolves when the one under way is durable. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#writing !== undefined) await new Promise<void>((resolve) => (this.#onIdle = resolve));
  }

  #write(): void {
    if (this.#stopped) return;
    const { core, store, now } = this.#options;
    const record = core.leaseRecord(now());
    const waiting = this.#next;
    this.#next = [];
    this.#writing = record;
    // A failure ends the process, as one to store an epoch does: the record may be the old one or the new.
    this.#env.spawn('storing who is silent', async () => {
      await store.saveLeases(encodeLeaseRecord(record));
      this.#durable = record;
      this.#writing = undefined;
      this.#onIdle?.();
      for (const resolve of waiting) resolve();
      if (this.#next.length > 0) this.#write();
    });
  }
}
