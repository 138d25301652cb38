/**
 * OSDs and their data around a monitor's core, as far as DESIGN §4 speaks of them: lives, leases, maps that lag,
 * writes that need every member's word, peering, certificates that arrive late. Everything happens in an order
 * drawn from a seed; after every step the rules are checked.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import type { ClusterMap } from '../../../common/maps/cluster-map.ts';
import { type InstanceId, type OsdId, type PgId, entityName, instanceId, osdId } from '../../../common/maps/ids.ts';
import { allPgs, pgMapping, type PgMapping } from '../../../common/maps/placement.ts';
import type { UnreachablePeer } from '../../../common/wire/gen/messages.ts';
import { pairOf } from '../../../mon/core/apart.ts';
import { firstMap } from '../../../mon/core/first-map.ts';
import { MonCore } from '../../../mon/core/mon-core.ts';
import { type LeaseRecord, isNews, silenceOf } from '../../../mon/core/silences.ts';
import type { Now } from '../../../mon/core/state.ts';
import { checkStep } from './check-step.ts';
import { testSettings } from './settings.ts';
import { pgBefore, pgNow, pgNumOf, setOf, splitSets } from './split-pool.ts';

export interface WorldOptions {
  readonly seed: number;
  readonly osds: number;
  readonly size: number;
  readonly pgNum: number;
}

/** One OSD's disk and, while it runs, its process. */
interface TestOsd {
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

interface Certificate {
  readonly from: OsdId;
  readonly instance: InstanceId;
  readonly pg: PgId;
  readonly interval: number;
  readonly osd: OsdId;
}

/** The pool is not split beyond it. */
const pgNumMax = 8;
export class World {
  readonly #options: WorldOptions;
  readonly #random: () => number;
  readonly #osds: TestOsd[];
  /** By the PGs of the newest map. */
  readonly #acked = new Map<PgId, Set<number>>();
  readonly #maps: ClusterMap[];
  #core: MonCore;
  #certificates: Certificate[] = [];
  /** Pairs of OSDs that cannot reach each other, and since when. */
  readonly #severed = new Map<string, number>();
  readonly #poolIds = new Set<number>([1]);
  #monotonicMs = 1_000;
  /** The mon's own clock is so much ahead. */
  #monClockMs = 0;
  /** What the mon has stored of its leases. */
  #stored: LeaseRecord = { leaseMs: testSettings.leaseMs, silences: new Map() };
  #writes = 0;
  /** What happened, for a failure's report. */
  readonly trace: string[] = [];
  /** How often each kind of event had an effect: shows that a history exercised it. */
  readonly counts: Record<string, number> = {};

  constructor(options: WorldOptions) {
    this.#options = options;
    this.#random = mulberry32(options.seed);
    const map = firstMap('f', { name: entityName('mon', 'a'), address: 'mon' }, this.#now());
    this.#core = new MonCore(map, testSettings, this.#now());
    this.#maps = [map];
    this.#osds = Array.from({ length: options.osds }, (_, id) => ({
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
    for (const osd of this.#osds.slice(1)) this.#boot(osd);
    this.#seal();
    const { size, pgNum } = options;
    this.#core.command({ prefix: 'pool create', name: 'p', size, minSize: 1, pgNum, failureDomain: 'osd' }, this.#now());
    this.#seal();
    this.#boot(this.#osds[0] as TestOsd);
    this.#seal();
  }

  get map(): ClusterMap {
    return this.#core.map;
  }

  /** One random event, and the checks. Throws what rule was broken. */
  step(): void {
    const osd = this.#pick(this.#osds);
    const kind = this.#pick(eventKinds);
    if (this.#below(8) === 0) this.#pass(this.#below(200));
    if (this.#event(kind, osd)) {
      this.counts[kind] = (this.counts[kind] ?? 0) + 1;
      this.trace.push(`${this.#monotonicMs} ${kind} osd.${osd.id}`);
    }
    if (this.#below(3) === 0) this.#seal();
    this.#check();
  }

  /** Heals everything and lets the cluster settle; then every PG must be whole again. */
  recover(): void {
    for (const flag of flags) this.#core.command({ prefix: 'flag unset', flag }, this.#now());
    this.#core.command({ prefix: 'flag set', flag: 'noout' }, this.#now());
    for (const osd of this.#osds) {
      osd.cutOff = false;
      osd.deaf = false;
      if (!osd.alive) this.#event('start', osd);
      if (!this.map.osds.has(osd.id)) continue;
      this.#core.command({ prefix: 'osd in', osd: osd.id }, this.#now());
      this.#core.command({ prefix: 'osd reweight', osd: osd.id, reweight: 1 }, this.#now());
    }
    this.#severed.clear();
    this.#deletePool();
    this.#resize(this.#options.size);
    this.#core.command({ prefix: 'pool set', name: 'p', rule: 'replicated_osd', minSize: 1 }, this.#now());
    for (let round = 0; round < 400 && !this.#isWhole(); round++) {
      this.#monotonicMs += 100;
      for (const kind of ['learn', 'boot', 'beacon', 'peer', 'write', 'certify', 'deliver', 'tick', 'read'] as const) {
        for (const osd of this.#osds) {
          for (let i = 0; i < 4; i++) this.#event(kind, osd);
          if (kind === 'learn') this.#learn(osd, this.map.epoch);
        }
        this.#seal();
        this.#check();
      }
    }
    if (!this.#isWhole())
      throw new Error(
        `not whole again: ${[...allPgs(this.map)].map(({ pgId, up, acting }) => `${pgId} acts on ${acting.join()}, up is ${up.join()}`).join('; ')}`,
      );
  }

  #isWhole(): boolean {
    return [...allPgs(this.map)].every(({ up, acting }) => acting.join() === up.join() && acting.length === this.#options.size);
  }

  #event(kind: (typeof eventKinds)[number], osd: TestOsd): boolean {
    switch (kind) {
      case 'boot':
        return osd.alive && !osd.cutOff && !this.#isUp(osd) && this.#tryBoot(osd);
      case 'beacon':
        return this.#beacon(osd);
      case 'crash':
        if (!osd.alive || this.#below(6) > 0) return false;
        osd.alive = false;
        return true;
      case 'start':
        if (osd.alive) return false;
        Object.assign(osd, { alive: true, instance: instanceId(osd.instance + 1), leaseUntilMs: 0 });
        osd.active.clear();
        osd.certified.clear();
        return true;
      case 'replace':
        return !osd.alive && this.#below(4) === 0 && this.#replace(osd);
      case 'lose':
        return !osd.alive && this.#below(12) === 0 && this.#lose(osd);
      case 'refused':
        if (osd.alive) return false;
        this.#core.osdGone(osd.id, osd.instance, this.#now());
        return true;
      case 'cut':
        if (this.#below(osd.cutOff ? 3 : 12) > 0) return false;
        osd.cutOff = !osd.cutOff;
        return true;
      case 'deafen':
        if (this.#below(osd.deaf ? 4 : 8) > 0) return false;
        osd.deaf = !osd.deaf;
        return true;
      case 'learn':
        return osd.alive && !osd.deaf && this.#learn(osd, osd.map.epoch + 1 + this.#below(this.map.epoch - osd.map.epoch));
      case 'peer':
        return this.#asPrimary(osd, (mapping) => this.#peer(osd, mapping));
      case 'write':
        return this.#asPrimary(osd, (mapping) => this.#write(osd, mapping));
      case 'read':
        return this.#asPrimary(osd, (mapping) => this.#read(osd, mapping));
      case 'certify':
        return this.#asPrimary(osd, (mapping) => this.#certify(osd, mapping));
      case 'deliver':
        return this.#deliver();
      case 'tick':
        this.#tick();
        return true;
      case 'in-out':
        if (this.#below(12) > 0 || !this.map.osds.has(osd.id)) return false;
        this.#core.command({ prefix: this.#below(2) === 0 ? 'osd in' : 'osd out', osd: osd.id }, this.#now());
        return true;
      case 'reweight':
        if (this.#below(12) > 0 || !this.map.osds.has(osd.id)) return false;
        this.#core.command({ prefix: 'osd reweight', osd: osd.id, reweight: (1 + this.#below(4)) / 4 }, this.#now());
        return true;
      case 'split': {
        const pgNum = pgNumOf(this.map);
        if (this.#below(30) > 0 || pgNum >= pgNumMax || this.#core.changed) return false;
        this.#core.command({ prefix: 'pool set', name: 'p', pgNum: pgNum * (this.#below(3) === 0 ? 4 : 2) }, this.#now());
        return true;
      }
      case 'resize':
        if (this.#below(12) > 0) return false;
        this.#resize(1 + this.#below(Math.min(this.#options.size + 1, this.#options.osds)));
        return true;
      case 'order-down':
        if (this.#below(20) > 0 || !this.map.osds.has(osd.id)) return false;
        this.#core.command({ prefix: 'osd down', osd: osd.id }, this.#now());
        return true;
      case 'sever':
        return this.#sever(osd, this.#pick(this.#osds));
      case 'remove':
        return !osd.alive && this.map.osds.has(osd.id) && this.#remove(osd);
      case 'flag':
        if (this.#below(12) > 0) return false;
        this.#core.command({ prefix: this.#below(3) === 0 ? 'flag set' : 'flag unset', flag: this.#pick(flags) }, this.#now());
        return true;
      case 'place':
        return this.#below(12) === 0 && this.map.osds.has(osd.id) && this.#place(osd);
      case 'other-pool':
        if (this.#below(12) > 0) return false;
        if (!this.#deletePool()) this.#createPool();
        return true;
      case 'restart-mon':
        if (this.#below(20) > 0) return false;
        return this.#restartMon();
    }
  }

  /** The connection between two OSDs is cut, or all of one's; or it comes back. */
  #sever(a: TestOsd, b: TestOsd): boolean {
    if (a === b) return false;
    const pair = pairOf(a.id, b.id);
    if (this.#below(this.#severed.has(pair) ? 2 : 12) > 0) return false;
    if (this.#severed.delete(pair)) return true;
    const others = this.#below(2) === 0 ? this.#osds.filter((osd) => osd !== a) : [b];
    for (const other of others) this.#severed.set(pairOf(a.id, other.id), this.#monotonicMs);
    return true;
  }

  #unreachableFrom({ id, map }: TestOsd): readonly UnreachablePeer[] {
    return this.#osds.flatMap((other) => {
      const since = this.#severed.get(pairOf(id, other.id));
      const info = map.osds.get(other.id);
      return since === undefined || info?.up !== true ? [] : [{ osd: other.id, instance: info.instance, forMs: this.#monotonicMs - since }];
    });
  }

  /** Takes an OSD out of the cluster for good, if that is allowed; an empty disk comes in its place. */
  #remove(osd: TestOsd): boolean {
    try {
      // A disk that was given up has no name any more.
      this.#core.command({ prefix: 'osd rm', osd: osd.id, ...(osd.joined ? { uuid: osd.uuid } : {}) }, this.#now());
    } catch (error) {
      if (error instanceof FsError && error.code === 'EBUSY') return false;
      throw error;
    }
    this.#seal();
    this.#check();
    if (!osd.joined) return true;
    try {
      this.#boot(osd);
    } catch (error) {
      if (!(error instanceof FsError) || error.code !== 'EEXIST') throw error;
      Object.assign(osd, { uuid: nextUuid(osd.uuid), joined: false, map: this.#maps[0] });
      osd.has.clear();
      osd.active.clear();
      osd.certified.clear();
      return true;
    }
    throw new Error(`osd.${osd.id} is back after it was removed`);
  }

  /** Hosts and racks change, or the rule that looks at them. */
  #place(osd: TestOsd): boolean {
    if (this.#below(3) === 0) {
      const rule = this.#pick(['replicated_osd', 'replicated_host', 'replicated_rack']);
      this.#core.command({ prefix: 'pool set', name: 'p', rule }, this.#now());
      return true;
    }
    if (!this.map.crush.buckets.some(({ name }) => name === `h${osd.id}`)) return false;
    const rack = this.#pick([undefined, 'r0', 'r1', 'r2']);
    this.#core.command({ prefix: 'crush move', host: `h${osd.id}`, ...(rack === undefined ? {} : { rack }) }, this.#now());
    return true;
  }

  #createPool(): void {
    const { id } = this.#core.command(
      { prefix: 'pool create', name: 'q', size: 2, minSize: 1, pgNum: 2, failureDomain: 'osd' },
      this.#now(),
    ) as {
      id: number;
    };
    if (this.#poolIds.has(id)) throw new Error(`pool ${id} for the second time`);
    this.#poolIds.add(id);
    this.#seal();
  }

  #deletePool(): boolean {
    const exists = [...this.map.pools.values()].some(({ name }) => name === 'q');
    if (exists)
      this.#core.command({ prefix: 'pool delete', name: 'q', again: 'q', sure: 'every object in it is lost for good' }, this.#now());
    this.#seal();
    return exists;
  }

  #resize(size: number): void {
    this.#core.command({ prefix: 'pool set', name: 'p', size }, this.#now());
  }

  /** The mon's tick comes with it, mostly. */
  #pass(ms: number): void {
    this.#monotonicMs += ms;
    if (this.#below(8) > 0) this.#tick();
  }

  /** The mon stores who has fallen silent; that may take a while. */
  #tick(): void {
    this.#core.tick(this.#now());
    const next = this.#core.leaseRecord(this.#now());
    if (isNews(this.#stored, next) && this.#below(4) > 0) this.#stored = next;
  }

  /** It is away for a while, and its clock is another one after that. */
  #restartMon(): true {
    if (this.#below(2) === 0) this.#monotonicMs += this.#below(testSettings.leaseMs);
    this.#monClockMs = this.#below(3_600_000);
    if (this.#stored.silences.size > 0) this.counts['silent at restart'] = (this.counts['silent at restart'] ?? 0) + 1;
    this.#core = new MonCore(this.map, testSettings, this.#now(), this.#stored);
    return true;
  }

  /** A boot that is refused while the OSD is flapping is tried again. */
  #tryBoot(osd: TestOsd): boolean {
    try {
      return this.#boot(osd);
    } catch (error) {
      if (!(error instanceof FsError) || error.code !== 'EAGAIN') throw error;
      this.counts['damped'] = (this.counts['damped'] ?? 0) + 1;
      return false;
    }
  }

  /** It starts with an empty disk; when that is refused, the old one is put back. */
  #replace(osd: TestOsd): boolean {
    const { has, uuid, joined } = osd;
    this.#event('start', osd);
    Object.assign(osd, { has: new Map(), uuid: nextUuid(uuid), joined: false });
    try {
      this.#boot(osd);
      // Until that is in the map the old disk counts, and it is gone.
      this.#seal();
      return true;
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      this.counts[`replace: ${error.code}`] = (this.counts[`replace: ${error.code}`] ?? 0) + 1;
      Object.assign(osd, { alive: false, has, uuid, joined });
      return false;
    }
  }

  /** Its disk is gone for good, and an administrator says so; an empty one comes in its place. */
  #lose(osd: TestOsd): boolean {
    this.#seal();
    try {
      const sure = 'what only it has is lost for good';
      this.#core.command({ prefix: 'osd lost', osd: osd.id, again: osd.id, sure }, this.#now());
    } catch (error) {
      // Not known to be down yet, or never up, or removed.
      if (error instanceof FsError && (error.code === 'EBUSY' || error.code === 'ENOENT')) return false;
      throw error;
    }
    Object.assign(osd, { uuid: nextUuid(osd.uuid), joined: false, has: new Map() });
    this.#seal();
    this.#forgetLost();
    return true;
  }

  /** Of PGs that were given up, what the one that goes on has not is no longer expected of anybody. */
  #forgetLost(): void {
    for (const [pg, { acting, lostAt }] of this.map.pgs) {
      if (lostAt !== this.map.epoch) continue;
      this.counts['given up'] = (this.counts['given up'] ?? 0) + 1;
      const [next] = acting.map((id) => this.#osd(id));
      const has = next === undefined ? new Set() : setOf(next.has, pgBefore(pg, pgNumOf(next.map)));
      const acked = setOf(this.#acked, pg);
      for (const write of acked) if (!has.has(write)) acked.delete(write);
    }
  }

  #boot(osd: TestOsd): true {
    const { id, instance, map, uuid } = osd;
    this.#core.bootOsd(
      {
        osd: id,
        uuid,
        instance,
        address: `h:${id}`,
        host: `h${id}`,
        totalBytes: 2 ** 40,
        newestEpoch: osd.joined ? map.epoch : 0,
        rack: '',
        weight: 0,
      },
      this.#now(),
    );
    return true;
  }

  /** The reply (or the request) may be lost; the lease counts from before the mon heard of it. */
  #beacon(osd: TestOsd): boolean {
    if (!osd.alive || osd.cutOff) return false;
    const sentMs = this.#monotonicMs;
    this.#monotonicMs += this.#below(50);
    const { id, instance, map } = osd;
    const beacon = {
      osd: id,
      instance,
      epoch: map.epoch,
      usedBytes: 0,
      totalBytes: 1,
      storedBytes: 0,
      objects: 0,
      pgs: [],
      unreachable: this.#unreachableFrom(osd),
    };
    const { leaseMs } = this.#core.osdBeacon(beacon, this.#now());
    this.#seal();
    // As the keeper of leases has it: nobody is told of a renewal while a durable record names him.
    if (leaseMs > 0 && silenceOf(this.#stored, entityName('osd', id), instance) !== undefined)
      this.#stored = this.#core.leaseRecord(this.#now());
    if (this.#below(5) > 0 && leaseMs > 0) osd.leaseUntilMs = sentMs + leaseMs;
    return leaseMs > 0;
  }

  #learn(osd: TestOsd, epoch: number): boolean {
    const map = this.#maps.find((candidate) => candidate.epoch === Math.min(epoch, this.map.epoch));
    if (!map || map.epoch <= osd.map.epoch) return false;
    for (const pg of [...osd.active.keys()]) {
      if (pgMapping(map, pg)?.interval !== pgMapping(osd.map, pg)?.interval) {
        osd.active.delete(pg);
        osd.certified.delete(pg);
      }
    }
    splitSets(osd.has, osd.map, map);
    osd.map = map;
    return true;
  }

  /** Does `fn` for a PG whose primary `osd` believes to be, under a lease. */
  #asPrimary(osd: TestOsd, fn: (mapping: PgMapping) => boolean): boolean {
    if (!this.#mayServe(osd)) return false;
    const own = [...allPgs(osd.map)].filter(({ primary }) => primary === osd.id);
    return own.length > 0 && fn(this.#pick(own));
  }

  /** Whether a replica takes a sub-operation: it lives, and is in that interval once it knows the sender's map. */
  #accepts(osd: TestOsd, sender: TestOsd, { pgId, interval }: PgMapping): boolean {
    if (!osd.alive || this.#severed.has(pairOf(osd.id, sender.id))) return false;
    this.#learn(osd, sender.map.epoch);
    return this.#isUp(osd) && pgMapping(osd.map, pgId)?.interval === interval;
  }

  /** The primary's log becomes everyone's. */
  #peer(osd: TestOsd, mapping: PgMapping): boolean {
    const { pgId, acting, interval } = mapping;
    if (osd.active.get(pgId) === interval) return false;
    const members = acting.map((id) => this.#osd(id));
    if (!members.every((member) => this.#accepts(member, osd, mapping))) return false;
    const truth = setOf(osd.has, pgId);
    for (const member of members) member.has.set(pgId, new Set(truth));
    osd.active.set(pgId, interval);
    osd.certified.set(pgId, new Set());
    return true;
  }

  /** Reaches some members or all; acknowledged only when all of acting and all that were certified have it. */
  #write(osd: TestOsd, mapping: PgMapping): boolean {
    const { pgId, acting, interval } = mapping;
    if (osd.active.get(pgId) !== interval) return false;
    const write = this.#nextWrite(osd.map, pgId);
    const members = [...acting, ...(osd.certified.get(pgId) ?? [])].map((id) => this.#osd(id));
    const interrupted = this.#below(10) === 0;
    const reached = members.filter((member) => this.#accepts(member, osd, mapping) && !(interrupted && this.#below(2) === 0));
    for (const member of reached) setOf(member.has, pgId).add(write);
    if (reached.length < members.length) return false;
    // The PG may have been split since; its primary does not know yet.
    setOf(this.#acked, pgNow(this.map, pgId, write)).add(write);
    // Whoever would answer a read in this moment must know of it (R4).
    for (const other of this.#osds)
      if (this.#mayServe(other)) for (const believed of allPgs(other.map)) if (believed.primary === other.id) this.#read(other, believed);
    return true;
  }

  /** Alive, under a lease, and up as far as it knows. */
  #mayServe(osd: TestOsd): boolean {
    return osd.alive && osd.leaseUntilMs > this.#monotonicMs && this.#isUp(osd);
  }

  #read(osd: TestOsd, { pgId, interval }: PgMapping): boolean {
    if (osd.active.get(pgId) !== interval) return false;
    const has = setOf(osd.has, pgId);
    for (const [pg, writes] of this.#acked) {
      // It may have been split since.
      if (pgBefore(pg, pgNumOf(osd.map)) !== pgId) continue;
      for (const write of writes)
        if (!has.has(write)) throw new Error(`stale read: osd.${osd.id} serves PG ${pgId} in interval ${interval} without write ${write}`);
    }
    return true;
  }

  /** The number of a new write, which says in which PG it is. */
  #nextWrite(map: ClusterMap, pg: PgId): number {
    let write = this.#writes + 1;
    while (pgNow(map, pg, write) !== pg) write++;
    this.#writes = write;
    return write;
  }

  /** Copies the PG to a member that `up` wants, and sends the certificate on its way. */
  #certify(osd: TestOsd, mapping: PgMapping): boolean {
    const { pgId, up, acting, interval } = mapping;
    const target = up.find((id) => !acting.includes(id));
    if (osd.active.get(pgId) !== interval || target === undefined) return false;
    const member = this.#osd(target);
    if (!this.#accepts(member, osd, mapping)) return false;
    member.has.set(pgId, new Set(setOf(osd.has, pgId)));
    osd.certified.get(pgId)?.add(target);
    this.#certificates.push({ from: osd.id, instance: osd.instance, pg: pgId, interval, osd: target });
    return true;
  }

  #deliver(): boolean {
    const certificate = this.#certificates.length > 0 ? this.#pick(this.#certificates) : undefined;
    if (!certificate) return false;
    if (this.#below(4) > 0) this.#certificates = this.#certificates.filter((other) => other !== certificate);
    const { from, instance, pg, interval, osd } = certificate;
    const sender = this.map.osds.get(from);
    if (sender?.up !== true || sender.instance !== instance) return false;
    try {
      this.#core.certify({ pg, interval, osds: [osd] }, from, this.#now());
      return true;
    } catch (error) {
      // Its interval, or its pool, is over.
      if (error instanceof FsError && (error.code === 'ESTALE' || error.code === 'ENOENT')) return false;
      throw error;
    }
  }

  #seal(): void {
    const before = this.map;
    const sealed = this.#core.seal(this.#now());
    if (!sealed) return;
    checkStep(before, sealed.map);
    this.#checkDown(before, sealed.map);
    splitSets(this.#acked, before, sealed.map);
    this.#maps.push(sealed.map);
    // An OSD notes an epoch in its store only when a map shows it.
    for (const osd of this.#osds) osd.joined ||= sealed.map.osds.get(osd.id)?.uuid === osd.uuid;
    this.trace.push(
      `${this.#monotonicMs} epoch ${sealed.map.epoch}: ${[...sealed.map.pgs].map(([id, { acting, interval }]) => `${id}=[${acting.join()}]@${interval}`).join(' ')}`,
    );
  }

  /** R4: nobody is taken for down while it lives and its lease runs. */
  #checkDown(before: ClusterMap, after: ClusterMap): void {
    for (const { id, instance, alive, leaseUntilMs } of this.#osds) {
      const past = before.osds.get(id);
      const isDown = past?.up === true && past.instance === instance && after.osds.get(id)?.up === false;
      if (isDown && alive && leaseUntilMs > this.#monotonicMs)
        throw new Error(`osd.${id} is down ${leaseUntilMs - this.#monotonicMs} ms before its lease ends`);
    }
  }

  /** R1 and R2 together: whoever is in an acting set holds every acknowledged write. */
  #check(): void {
    for (const [pg, { acting }] of this.map.pgs) {
      for (const id of acting) {
        const osd = this.#osd(id);
        const has = setOf(osd.has, pgBefore(pg, pgNumOf(osd.map)));
        for (const write of setOf(this.#acked, pg)) {
          if (!has.has(write)) throw new Error(`osd.${id} acts for PG ${pg} without acknowledged write ${write}`);
        }
      }
    }
  }

  #isUp({ id, instance, map }: TestOsd): boolean {
    const info = map.osds.get(id);
    return info?.up === true && info.instance === instance;
  }

  #osd(id: OsdId): TestOsd {
    return this.#osds[id] as TestOsd;
  }

  #now(): Now {
    return { wallMs: 1_700_000_000_000 + this.#monotonicMs, monotonicMs: this.#monotonicMs + this.#monClockMs };
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#below(items.length)] as T;
  }
}

export const eventKinds = [
  'boot',
  'beacon',
  'beacon',
  'beacon',
  'crash',
  'start',
  'replace',
  'lose',
  'refused',
  'cut',
  'deafen',
  'learn',
  'learn',
  'learn',
  'peer',
  'peer',
  'peer',
  'peer',
  'write',
  'write',
  'write',
  'read',
  'certify',
  'certify',
  'certify',
  'deliver',
  'deliver',
  'deliver',
  'tick',
  'in-out',
  'reweight',
  'resize',
  'split',
  'order-down',
  'sever',
  'remove',
  'remove',
  'flag',
  'place',
  'other-pool',
  'restart-mon',
] as const;

const flags = ['noout', 'noin', 'nodown', 'norecover', 'nobackfill', 'pause'] as const;

/** `u3.1` after `u3.0`. */
function nextUuid(uuid: string): string {
  const [osd, disk] = uuid.split('.') as [string, string];
  return `${osd}.${Number(disk) + 1}`;
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
