/**
 * What a random history of a monitor's core happens to: the core, its clock and what it has stored, the OSDs, and every map that there was. The
 * rules are checked here.
 * @module
 */
import type { ClusterMap } from '../../../../common/maps/cluster-map.ts';
import { type InstanceId, type OsdId, type PgId, entityName, instanceId, osdId } from '../../../../common/maps/ids.ts';
import { firstMap } from '../../../../mon/core/first-map.ts';
import { MonCore } from '../../../../mon/core/mon-core.ts';
import { type LeaseRecord, isNews } from '../../../../mon/core/silences.ts';
import type { Now } from '../../../../mon/core/state.ts';
import { testSettings } from '../settings.ts';
import { checkStep } from './check-step.ts';
import { pgBefore, pgNumOf, setOf, splitSets } from './split-pool.ts';

export interface WorldOptions {
  readonly seed: number;
  readonly osds: number;
  readonly size: number;
  readonly pgNum: number;
}

/** One OSD's disk and, while it runs, its process. */
export interface TestOsd {
  readonly id: OsdId;
  alive: boolean;
  /** Its disk was part of the cluster. */
  joined: boolean;
  /** Names its disk, which may be replaced by an empty one; a removed OSD's number goes on with another. */
  uuid: string;
  /** Its messages to the mon are lost. */
  cutOff: boolean;
  /** It gets no maps from the mon, only from its peers. */
  deaf: boolean;
  instance: InstanceId;
  /** The newest map it knows. */
  map: ClusterMap;
  leaseUntilMs: number;
  /** Writes on its disk, by the PGs of the map it knows. */
  has: Map<PgId, Set<number>>;
  /** As primary: the interval in which it has peered, and those it certified in it, by PG. */
  readonly active: Map<PgId, number>;
  readonly certified: Map<PgId, Set<OsdId>>;
}

type Command = Parameters<MonCore['command']>[0];

export class Ground {
  readonly options: WorldOptions;
  readonly osds: readonly TestOsd[];
  /** By the PGs of the newest map. */
  readonly acked = new Map<PgId, Set<number>>();
  readonly maps: ClusterMap[];
  core: MonCore;
  monotonicMs = 1_000;
  /** What the mon has stored of its leases. */
  stored: LeaseRecord = { leaseMs: testSettings.leaseMs, silences: new Map() };
  /** What happened, for a failure's report. */
  readonly trace: string[] = [];
  /** How often each kind of event had an effect: shows that a history exercised it. */
  readonly counts: Record<string, number> = {};
  /** The mon's own clock is so much ahead. */
  #monClockMs = 0;
  readonly #random: () => number;

  constructor(options: WorldOptions) {
    this.options = options;
    this.#random = mulberry32(options.seed);
    const map = firstMap('f', { name: entityName('mon', 'a'), address: 'mon' }, this.now());
    this.core = new MonCore(map, testSettings, this.now());
    this.maps = [map];
    this.osds = Array.from({ length: options.osds }, (_, id) => ({
      id: osdId(id),
      alive: true,
      joined: false,
      uuid: `u${id}.0`,
      cutOff: false,
      deaf: false,
      instance: instanceId(1_000 * (id + 1)),
      map,
      leaseUntilMs: 0,
      has: new Map(),
      active: new Map(),
      certified: new Map(),
    }));
  }

  command(command: Command): unknown {
    return this.core.command(command, this.now());
  }

  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  get map(): ClusterMap {
    return this.core.map;
  }

  seal(): void {
    const before = this.map;
    const sealed = this.core.seal(this.now());
    if (!sealed) return;
    checkStep(before, sealed.map);
    this.#checkDown(before, sealed.map);
    splitSets(this.acked, before, sealed.map);
    this.maps.push(sealed.map);
    // An OSD notes an epoch in its store only when a map shows it.
    for (const osd of this.osds) osd.joined ||= sealed.map.osds.get(osd.id)?.uuid === osd.uuid;
    this.trace.push(
      `${this.monotonicMs} epoch ${sealed.map.epoch}: ${[...sealed.map.pgs].map(([id, { acting, interval }]) => `${id}=[${acting.join()}]@${interval}`).join(' ')}`,
    );
  }

  /** R4: nobody is taken for down while it lives and its lease runs. */
  #checkDown(before: ClusterMap, after: ClusterMap): void {
    for (const { id, instance, alive, leaseUntilMs } of this.osds) {
      const past = before.osds.get(id);
      const isDown = past?.up === true && past.instance === instance && after.osds.get(id)?.up === false;
      if (isDown && alive && leaseUntilMs > this.monotonicMs)
        throw new Error(`osd.${id} is down ${leaseUntilMs - this.monotonicMs} ms before its lease ends`);
    }
  }

  /** R1 and R2 together: whoever is in an acting set holds every acknowledged write. */
  check(): void {
    for (const [pg, { acting }] of this.map.pgs) {
      for (const id of acting) {
        const osd = this.osd(id);
        const has = setOf(osd.has, pgBefore(pg, pgNumOf(osd.map)));
        for (const write of setOf(this.acked, pg)) {
          if (!has.has(write)) throw new Error(`osd.${id} acts for PG ${pg} without acknowledged write ${write}`);
        }
      }
    }
  }

  isUp({ id, instance, map }: TestOsd): boolean {
    const info = map.osds.get(id);
    return info?.up === true && info.instance === instance;
  }

  osd(id: OsdId): TestOsd {
    return this.osds[id] as TestOsd;
  }

  /** The mon's tick comes with it, mostly. */
  pass(ms: number): void {
    this.monotonicMs += ms;
    if (this.below(8) > 0) this.tick();
  }

  /** The mon stores who has fallen silent; that may take a while. */
  tick(): void {
    this.core.tick(this.now());
    const next = this.core.leaseRecord(this.now());
    if (isNews(this.stored, next) && this.below(4) > 0) this.stored = next;
  }

  /** It is away for a while, and its clock is another one after that. */
  restartMon(): true {
    if (this.below(2) === 0) this.monotonicMs += this.below(testSettings.leaseMs);
    this.#monClockMs = this.below(3_600_000);
    if (this.stored.silences.size > 0) this.count('silent at restart');
    this.core = new MonCore(this.map, testSettings, this.now(), this.stored);
    return true;
  }

  now(): Now {
    return { wallMs: 1_700_000_000_000 + this.monotonicMs, monotonicMs: this.monotonicMs + this.#monClockMs };
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

function mulberry32(seed: number): () => number {
  let a = seed | 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
