/**
 * What OSDs that live do with one another and with the mon: beacons and leases, maps that lag, peering, writes that need every member's word,
 * reads, certificates that arrive late.
 * @module
 */
import { FsError } from '../../../../common/errors/fs-error.ts';
import type { ClusterMap } from '../../../../common/maps/cluster-map.ts';
import { type InstanceId, type OsdId, type PgId, entityName } from '../../../../common/maps/ids.ts';
import { allPgs, pgMapping, type PgMapping } from '../../../../common/maps/placement.ts';
import type { UnreachablePeer } from '../../../../common/wire/gen/messages.ts';
import { pairOf } from '../../../../mon/core/apart.ts';
import { silenceOf } from '../../../../mon/core/silences.ts';
import type { Ground, TestOsd } from './ground.ts';
import { pgBefore, pgNow, pgNumOf, setOf, splitSets } from './split-pool.ts';

interface Certificate {
  readonly from: OsdId;
  readonly instance: InstanceId;
  readonly pg: PgId;
  readonly interval: number;
  readonly osd: OsdId;
}

export class Traffic {
  readonly #ground: Ground;
  #certificates: Certificate[] = [];
  /** Pairs of OSDs that cannot reach each other, and since when. */
  readonly #severed = new Map<string, number>();
  #writes = 0;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  /** All reach one another again. */
  join(): void {
    this.#severed.clear();
  }

  /** The connection between two OSDs is cut, or all of one's; or it comes back. */
  sever(a: TestOsd, b: TestOsd): boolean {
    if (a === b) return false;
    const pair = pairOf(a.id, b.id);
    if (this.#ground.below(this.#severed.has(pair) ? 2 : 12) > 0) return false;
    if (this.#severed.delete(pair)) return true;
    const others = this.#ground.below(2) === 0 ? this.#ground.osds.filter((osd) => osd !== a) : [b];
    for (const other of others) this.#severed.set(pairOf(a.id, other.id), this.#ground.monotonicMs);
    return true;
  }

  #unreachableFrom({ id, map }: TestOsd): readonly UnreachablePeer[] {
    return this.#ground.osds.flatMap((other) => {
      const since = this.#severed.get(pairOf(id, other.id));
      const info = map.osds.get(other.id);
      return since === undefined || info?.up !== true
        ? []
        : [{ osd: other.id, instance: info.instance, forMs: this.#ground.monotonicMs - since }];
    });
  }

  /** The reply (or the request) may be lost; the lease counts from before the mon heard of it. */
  beacon(osd: TestOsd): boolean {
    if (!osd.alive || osd.cutOff) return false;
    const sentMs = this.#ground.monotonicMs;
    this.#ground.monotonicMs += this.#ground.below(50);
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
    const { leaseMs } = this.#ground.core.osdBeacon(beacon, this.#ground.now());
    this.#ground.seal();
    // As the keeper of leases has it: nobody is told of a renewal while a durable record names him.
    if (leaseMs > 0 && silenceOf(this.#ground.stored, entityName('osd', id), instance) !== undefined)
      this.#ground.stored = this.#ground.core.leaseRecord(this.#ground.now());
    if (this.#ground.below(5) > 0 && leaseMs > 0) osd.leaseUntilMs = sentMs + leaseMs;
    return leaseMs > 0;
  }

  learn(osd: TestOsd, epoch: number): boolean {
    const map = this.#ground.maps.find((candidate) => candidate.epoch === Math.min(epoch, this.#ground.map.epoch));
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
  asPrimary(osd: TestOsd, fn: (mapping: PgMapping) => boolean): boolean {
    if (!this.#mayServe(osd)) return false;
    const own = [...allPgs(osd.map)].filter(({ primary }) => primary === osd.id);
    return own.length > 0 && fn(this.#ground.pick(own));
  }

  /** Whether a replica takes a sub-operation: it lives, and is in that interval once it knows the sender's map. */
  #accepts(osd: TestOsd, sender: TestOsd, { pgId, interval }: PgMapping): boolean {
    if (!osd.alive || this.#severed.has(pairOf(osd.id, sender.id))) return false;
    this.learn(osd, sender.map.epoch);
    return this.#ground.isUp(osd) && pgMapping(osd.map, pgId)?.interval === interval;
  }

  /** The primary's log becomes everyone's. */
  peer(osd: TestOsd, mapping: PgMapping): boolean {
    const { pgId, acting, interval } = mapping;
    if (osd.active.get(pgId) === interval) return false;
    const members = acting.map((id) => this.#ground.osd(id));
    if (!members.every((member) => this.#accepts(member, osd, mapping))) return false;
    const truth = setOf(osd.has, pgId);
    for (const member of members) member.has.set(pgId, new Set(truth));
    osd.active.set(pgId, interval);
    osd.certified.set(pgId, new Set());
    return true;
  }

  /** Reaches some members or all; acknowledged only when all of acting and all that were certified have it. */
  write(osd: TestOsd, mapping: PgMapping): boolean {
    const { pgId, acting, interval } = mapping;
    if (osd.active.get(pgId) !== interval) return false;
    const write = this.#nextWrite(osd.map, pgId);
    const members = [...acting, ...(osd.certified.get(pgId) ?? [])].map((id) => this.#ground.osd(id));
    const interrupted = this.#ground.below(10) === 0;
    const reached = members.filter((member) => this.#accepts(member, osd, mapping) && !(interrupted && this.#ground.below(2) === 0));
    for (const member of reached) setOf(member.has, pgId).add(write);
    if (reached.length < members.length) return false;
    // The PG may have been split since; its primary does not know yet.
    setOf(this.#ground.acked, pgNow(this.#ground.map, pgId, write)).add(write);
    // Whoever would answer a read in this moment must know of it (R4).
    for (const other of this.#ground.osds)
      if (this.#mayServe(other)) for (const believed of allPgs(other.map)) if (believed.primary === other.id) this.read(other, believed);
    return true;
  }

  /** Alive, under a lease, and up as far as it knows. */
  #mayServe(osd: TestOsd): boolean {
    return osd.alive && osd.leaseUntilMs > this.#ground.monotonicMs && this.#ground.isUp(osd);
  }

  read(osd: TestOsd, { pgId, interval }: PgMapping): boolean {
    if (osd.active.get(pgId) !== interval) return false;
    const has = setOf(osd.has, pgId);
    for (const [pg, writes] of this.#ground.acked) {
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
  certify(osd: TestOsd, mapping: PgMapping): boolean {
    const { pgId, up, acting, interval } = mapping;
    const target = up.find((id) => !acting.includes(id));
    if (osd.active.get(pgId) !== interval || target === undefined) return false;
    const member = this.#ground.osd(target);
    if (!this.#accepts(member, osd, mapping)) return false;
    member.has.set(pgId, new Set(setOf(osd.has, pgId)));
    osd.certified.get(pgId)?.add(target);
    this.#certificates.push({ from: osd.id, instance: osd.instance, pg: pgId, interval, osd: target });
    return true;
  }

  deliver(): boolean {
    const certificate = this.#certificates.length > 0 ? this.#ground.pick(this.#certificates) : undefined;
    if (!certificate) return false;
    if (this.#ground.below(4) > 0) this.#certificates = this.#certificates.filter((other) => other !== certificate);
    const { from, instance, pg, interval, osd } = certificate;
    const sender = this.#ground.map.osds.get(from);
    if (sender?.up !== true || sender.instance !== instance) return false;
    try {
      this.#ground.core.certify({ pg, interval, osds: [osd] }, from, this.#ground.now());
      return true;
    } catch (error) {
      // Its interval, or its pool, is over.
      if (error instanceof FsError && (error.code === 'ESTALE' || error.code === 'ENOENT')) return false;
      throw error;
    }
  }
}
