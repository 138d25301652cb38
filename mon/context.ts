import type { Env } from '../common/runtime/env.ts';
import type { EntityName, InstanceId } from '../common/maps/ids.ts';
import type { MonConfig } from './config.ts';
import type { MonCore } from './core/mon-core.ts';
import type { Now } from './core/state.ts';
import type { MapJournal } from './store/map-journal.ts';
import type { Subscribers } from './subscribers.ts';

/** What a running monitor offers to its operations and background duties. */
export interface MonContext {
  readonly env: Env;
  readonly config: MonConfig;
  readonly core: MonCore;
  /** The durable map and its history. */
  readonly journal: MapJournal;
  readonly subscribers: Subscribers;
  now(): Now;
  /**
   * Resolves when every change of the core's up to now is durable and published; undefined when it is so
   * already. Whatever a reply tells must have settled before it is sent.
   */
  settled(): Promise<void> | undefined;
  /**
   * As {@link settled}, for a reply that renews the lease of this life: resolves when also nothing that is stored counts on
   * its silence any more.
   */
  renewed(entity: EntityName, instance: InstanceId): Promise<void> | undefined;
  /** Someone lost, or could not make, a connection to this daemon. */
  suspect(entity: EntityName, instance: InstanceId): void;
}
