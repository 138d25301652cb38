/**
 * A monitor's core with a clock to turn, and short ways to say what happens to it.
 * @module
 */
import type { ClusterMap } from '../../../common/maps/cluster-map.ts';
import { type PgId, entityName, instanceId, osdId } from '../../../common/maps/ids.ts';
import type { MdsBeaconReply, MdsBeaconRequest, OsdBeaconReply, PgStat, UnreachablePeer } from '../../../common/wire/gen/messages.ts';
import { firstMap } from '../../../mon/core/first-map.ts';
import { MonCore } from '../../../mon/core/mon-core.ts';
import type { LeaseRecord } from '../../../mon/core/silences.ts';
import type { Now } from '../../../mon/core/state.ts';
import type { ClusterStatus } from '../../../mon/core/status.ts';
import { testSettings } from './settings.ts';

/** Of an MDS that has nothing to tell. */
export const plainBeacon: MdsBeaconRequest = {
  name: 'mds.a',
  instance: 1,
  address: 'a:1',
  state: 'standby',
  epoch: 0,
  replayedBytes: 0,
  journalBytes: 0,
  trouble: '',
  damageCount: 0,
  damage: [],
  scrub: null,
  clientWarnings: [],
};

export class Harness {
  core: MonCore;
  nowMs = 10_000;
  #settings: typeof testSettings;

  constructor(settings: Partial<typeof testSettings> = {}) {
    this.#settings = { ...testSettings, ...settings };
    this.core = new MonCore(firstMap('f', { name: entityName('mon', 'a'), address: 'm:1' }, this.now), this.#settings, this.now);
  }

  get now(): Now {
    return { wallMs: 1_700_000_000_000 + this.nowMs, monotonicMs: this.nowMs };
  }

  get map(): ClusterMap {
    return this.core.map;
  }

  /** Ends the batch and returns the newest map. */
  seal(): ClusterMap {
    this.core.seal(this.now);
    return this.map;
  }

  /** Time passes, with a tick every 100 ms and at its end; one epoch for all that this changes. */
  pass(ms: number): ClusterMap {
    const untilMs = this.nowMs + ms;
    while (this.nowMs < untilMs) {
      this.nowMs = Math.min(untilMs, this.nowMs + 100);
      this.core.tick(this.now);
    }
    return this.seal();
  }

  /** The monitor's process stands still. */
  stall(ms: number): ClusterMap {
    this.nowMs += ms;
    this.core.tick(this.now);
    return this.seal();
  }

  /** What the monitor would store of its leases. */
  get leases(): LeaseRecord {
    return this.core.leaseRecord(this.now);
  }

  /** A monitor that starts again on the same map, and on what was stored of leases. */
  restart(stored?: LeaseRecord, settings: Partial<typeof testSettings> = {}): void {
    this.#settings = { ...this.#settings, ...settings };
    this.core = new MonCore(this.map, this.#settings, this.now, stored);
  }

  boot(
    id: number,
    changes: {
      readonly uuid?: string;
      readonly life?: number;
      readonly host?: string;
      readonly newestEpoch?: number;
      readonly rack?: string;
      readonly weight?: number;
    } = {},
  ): ClusterMap {
    const { uuid = `u${id}`, life = 1, host = `h${id}`, newestEpoch = 0, rack = '', weight = 0 } = changes;
    this.core.bootOsd(
      { osd: id, uuid, instance: lifeOf(id, life), address: `h:${id}`, host, totalBytes: 2 ** 40, newestEpoch, rack, weight },
      this.now,
    );
    return this.seal();
  }

  beacon(
    id: number,
    changes: {
      readonly life?: number;
      readonly epoch?: number;
      readonly pgs?: readonly PgStat[];
      readonly usedBytes?: number;
      readonly unreachable?: readonly UnreachablePeer[];
    } = {},
  ): OsdBeaconReply {
    const { life = 1, epoch = this.map.epoch, pgs = [], usedBytes = 10, unreachable = [] } = changes;
    return this.core.osdBeacon(
      { osd: id, instance: lifeOf(id, life), epoch, usedBytes, totalBytes: 1_000, storedBytes: 7, objects: 3, pgs, unreachable },
      this.now,
    );
  }

  /** The processes of these OSDs end, and that is noticed. */
  gone(id: number, life = 1): ClusterMap {
    return this.goneTogether([id], life);
  }

  goneTogether(ids: readonly number[], life = 1): ClusterMap {
    for (const id of ids) this.core.osdGone(osdId(id), instanceId(lifeOf(id, life)), this.now);
    return this.pass(100);
  }

  command(prefix: string, args: Readonly<Record<string, unknown>> = {}): unknown {
    const result = this.core.command({ prefix, ...args }, this.now);
    this.seal();
    return result;
  }

  status(): ClusterStatus {
    return this.command('status') as ClusterStatus;
  }

  mds(name: string, state: string, life = 1, news: Partial<MdsBeaconRequest> = {}): MdsBeaconReply {
    const instance = 90_000 + life * 100 + name.charCodeAt(0);
    const reply = this.core.mdsBeacon(
      { ...plainBeacon, name: `mds.${name}`, instance, address: `${name}:1`, state, epoch: this.map.epoch, ...news },
      this.now,
    );
    this.seal();
    return reply;
  }

  /** `mds.a: active 0`, and so on. */
  mdss(): string[] {
    return [...this.map.mdss.values()].map(({ name, state, rank }) => `${name}: ${state} ${rank}`).sort();
  }

  acting(pg: string): readonly number[] {
    return this.map.pgs.get(pg as PgId)?.acting ?? [];
  }

  interval(pg: string): number {
    return this.map.pgs.get(pg as PgId)?.interval ?? 0;
  }

  /** OSDs 0..count-1 are up and there is a pool. */
  static withPool(
    count: number,
    pool: { readonly size?: number; readonly pgNum?: number } = {},
    settings: Partial<typeof testSettings> = {},
  ): Harness {
    const harness = new Harness(settings);
    for (let id = 0; id < count; id++) harness.boot(id);
    harness.command('pool create', { name: 'p', pgNum: 4, ...pool });
    return harness;
  }

  /** {@link withPool}, and a filesystem. */
  static withFilesystem(): Harness {
    const harness = Harness.withPool(3);
    harness.command('pool create', { name: 'm', pgNum: 4 });
    harness.command('fs new', { name: 'fs', metadataPool: 'm', dataPool: 'p' });
    return harness;
  }

  /** The process of `mds.<name>` has ended. */
  mdsGone(name: string): void {
    const mds = [...this.map.mdss.values()].find((each) => each.name === `mds.${name}`);
    if (!mds) throw new Error(`no mds.${name}`);
    this.core.mdsGone(mds.name, mds.instance, this.now);
    this.seal();
  }
}

export function lifeOf(id: number, life: number): number {
  return 1_000 * (id + 1) + life;
}
