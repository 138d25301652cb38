/**
 * Watches a cluster's OSDs while they run and fails the run when a rule of replication is broken (DESIGN §4):
 *
 *  R1, R2  every member of an acting set has, on its disk, every write that was ever acknowledged: looked at when a
 *          write is acknowledged, and whenever an acting set changes
 *  R3      an acting set never loses its last member; no write is acknowledged with fewer members than the pool's minSize
 *  R4      no two OSDs ever serve a PG at once; no primary is left out of an acting set while it may still serve; nobody
 *          is taken for down while it has a lease
 *  R5      a copy that has taken part in an interval takes no write of an older one
 *
 * A PG that is split goes on as its parts: whoever has not split its copy yet is asked about the PG that it was.
 * The map meant is the mon's newest durable one: what it says holds whether or not anybody has heard of it.
 * @module
 */
import type { ClusterMap, PgRecord } from '../../../common/maps/cluster-map.ts';
import { parsePgId, pgId, type OsdId, type PgId, type PoolId } from '../../../common/maps/ids.ts';
import { splitChildren, splitParent } from '../../../common/maps/pg-split.ts';
import { pgMappingAt, pgOfObject, type PgMapping } from '../../../common/maps/placement.ts';
import type { OsdContext } from '../../../osd/context.ts';
import type { Pg } from '../../../osd/core/pg.ts';
import { logKey } from '../../../osd/ops/transaction.ts';
import type { Version } from '../../../osd/client/object-client.ts';
import type { MemoryStore } from '../../../osd/store/memory.ts';
import type { SortedMap } from '../../../osd/store/sorted-map.ts';
import type { Mutation } from '../../../osd/store/object-store.ts';
import type { OsdCluster } from '../../support/osd-cluster.ts';

/** An acknowledged write. */
interface Acknowledged {
  readonly object: string;
  readonly version: Version;
}

/** Of each PG so many of the newest acknowledged writes are remembered. */
const rememberedMax = 2_000;
const isLogKey = /^l([0-9a-z]{11})\.([0-9a-z]+)$/;

export class Rules {
  readonly #cluster: OsdCluster;
  #map: ClusterMap | undefined;
  readonly #acknowledged = new Map<PgId, Acknowledged[]>();
  /** By PG and interval: its members, and the smallest minSize that its pool has had since it began. */
  readonly #intervals = new Map<string, { readonly members: number; minSize: number }>();
  /** Checks done, for showing that there were some. */
  checks = 0;

  constructor(cluster: OsdCluster) {
    this.#cluster = cluster;
    cluster.world.afterEachStep((label) => this.#afterStep(label));
  }

  /** A client was told that its write is done. */
  acknowledged(pg: PgId, object: string, version: Version): void {
    let writes = this.#acknowledged.get(pg);
    if (writes === undefined) this.#acknowledged.set(pg, (writes = []));
    const write = { object, version };
    writes.push(write);
    if (writes.length > 2 * rememberedMax) writes.splice(0, rememberedMax);
    const map = this.#lookAtMap();
    const record = map.pgs.get(pg);
    if (record === undefined) return;
    for (const osd of record.acting) this.#checkHas(pg, osd, [write], 'R1');
    const interval = this.#intervals.get(`${pg} ${version.interval}`);
    if (interval !== undefined && interval.members < interval.minSize)
      this.#broken(
        'R3',
        `pg ${pg}: a write of ${object} was acknowledged by ${interval.members} members in interval ${version.interval}, minSize was ${interval.minSize}`,
      );
  }

  /** To be called with every transaction before it is applied. */
  committing(osd: number, store: MemoryStore, transaction: readonly Mutation[]): void {
    if (transaction[0]?.kind === 'remove') return; // a copied object brings its own past
    for (const mutation of transaction) {
      // What is on the shelf is a copy under way.
      if (mutation.kind !== 'set-version' || mutation.shelf === true) continue;
      const info = store.meta(mutation.pg, 'info');
      if (info === undefined) continue;
      const { interval } = JSON.parse(info.toString('utf8')) as { interval: number };
      this.checks += 1;
      if (mutation.version.interval < interval)
        this.#broken(
          'R5',
          `osd.${osd} took a write of ${mutation.object} of interval ${mutation.version.interval} in pg ${mutation.pg}, and has been in interval ${interval}`,
        );
    }
  }

  #afterStep(label: string): void {
    if (label.startsWith('osd.')) {
      const osd = this.#cluster.osd(Number.parseInt(label.slice(4), 10));
      if (osd?.context !== undefined) this.#checkServing(osd.context);
    } else if (label.startsWith('mon.')) this.#lookAtMap();
  }

  /** R4: whoever serves is alone. Only what an OSD does itself can make it serve. */
  #checkServing(ctx: OsdContext): void {
    if (!ctx.leaseValid()) return;
    for (const pg of ctx.allPgs()) {
      if (pg.state.kind !== 'active') continue;
      this.checks += 1;
      for (const other of this.#cluster.osdIds) {
        if (other === ctx.id) continue;
        const rival = this.#servingPg(other, pg.pool, pg.seq, ctx.map.pools.get(pg.pool)?.pgNum);
        if (rival !== undefined)
          this.#broken(
            'R4',
            `osd.${ctx.id} in interval ${pg.interval} and osd.${other} in interval ${rival.interval} both serve pg ${pg.id}`,
          );
      }
    }
  }

  /** What the OSD serves of PG `seq` of `pgNum`; it may not know yet that it was split, or know it first. */
  #servingPg(osd: number, pool: PoolId, seq: number, pgNum = 0): Pg | undefined {
    const ctx = this.#cluster.osd(osd)?.context;
    if (ctx?.leaseValid() !== true) return undefined;
    const its = ctx.map.pools.get(pool)?.pgNum ?? 0;
    if (its === pgNum || its === 0 || pgNum === 0) return active(ctx.pg(pool, seq));
    if (its < pgNum) return active(ctx.pg(pool, splitParent(seq, its)));
    return [seq, ...splitChildren(seq, pgNum, its)].map((part) => active(ctx.pg(pool, part))).find((pg) => pg !== undefined);
  }

  #lookAtMap(): ClusterMap {
    const map = this.#cluster.monMap as ClusterMap;
    const before = this.#map;
    if (before === map) return map;
    this.#map = map;
    if (before !== undefined && before.osds !== map.osds) this.#checkDown(before, map);
    for (const pool of map.pools.values()) {
      for (let seq = 0; seq < pool.pgNum; seq += 1) {
        const { pgId, interval, acting } = pgMappingAt(map, pool.id, seq) as PgMapping;
        const known = this.#intervals.get(`${pgId} ${interval}`);
        if (known === undefined) this.#intervals.set(`${pgId} ${interval}`, { members: acting.length, minSize: pool.minSize });
        else known.minSize = Math.min(known.minSize, pool.minSize);
      }
    }
    if (before === undefined || before.pgs === map.pgs) return map;
    this.#splitAcknowledged(before, map);
    for (const [pg, record] of map.pgs) {
      const old = before.pgs.get(sourceOf(pg, before));
      if (old !== undefined && old !== record) this.#checkChange(pg, old, record);
    }
    return map;
  }

  #checkDown(before: ClusterMap, map: ClusterMap): void {
    for (const { id, up, instance } of before.osds.values()) {
      if (!up || map.osds.get(id)?.up !== false) continue;
      this.checks += 1;
      const ctx = this.#cluster.osd(id)?.context;
      if (ctx?.messenger.instance === instance && ctx.leaseValid())
        this.#broken('R4', `osd.${id} is down in epoch ${map.epoch} while its lease runs`);
    }
  }

  /** They are remembered by the PGs of the newest map. */
  #splitAcknowledged(before: ClusterMap, map: ClusterMap): void {
    for (const pool of map.pools.values()) {
      const pgNum = before.pools.get(pool.id)?.pgNum ?? pool.pgNum;
      for (let seq = 0; pgNum < pool.pgNum && seq < pgNum; seq++) {
        const writes = this.#acknowledged.get(pgId(pool.id, seq)) ?? [];
        this.#acknowledged.delete(pgId(pool.id, seq));
        for (const write of writes) {
          const pg = pgId(pool.id, pgOfObject(pool, write.object));
          const own = this.#acknowledged.get(pg);
          if (own === undefined) this.#acknowledged.set(pg, [write]);
          else own.push(write);
        }
      }
    }
  }

  #checkChange(pg: PgId, old: PgRecord, now: PgRecord): void {
    this.checks += 1;
    if (old.acting.length > 0 && now.acting.length === 0) this.#broken('R3', `pg ${pg} has lost all of ${old.acting.join(',')}`);
    for (const osd of now.acting) if (!old.acting.includes(osd)) this.#checkHas(pg, osd, this.#acknowledged.get(pg) ?? [], 'R2');
    const parsed = parsePgId(pg);
    for (const osd of old.acting) {
      if (now.acting.includes(osd) || parsed === undefined) continue;
      const serving = this.#servingPg(osd, parsed.pool, parsed.seq, this.#map?.pools.get(parsed.pool)?.pgNum);
      if (serving !== undefined) this.#broken('R4', `pg ${pg}: osd.${osd} was left out while it serves in interval ${serving.interval}`);
    }
  }

  #checkHas(pg: PgId, osd: OsdId, writes: readonly Acknowledged[], rule: string): void {
    if (this.#cluster.isLost(osd) || writes.length === 0) return;
    const { collections } = this.#cluster.image(osd).state;
    const meta = ancestry(pg, this.#map as ClusterMap)
      .map((id) => collections.get(id)?.meta)
      .find((found) => found !== undefined);
    this.checks += 1;
    for (const { object, version } of writes) {
      if (meta?.has(logKey(version)) === true) continue;
      // What has left the log by its bound was there once.
      if (meta !== undefined && version.counter < reachOf(meta)) continue;
      this.#broken(
        rule,
        `pg ${pg}: osd.${osd} is in the acting set and has not the acknowledged write ${version.interval}'${version.counter} of ${object}`,
      );
    }
  }

  #broken(rule: string, what: string): never {
    throw new Error(`${rule} is broken: ${what}`);
  }
}

function active(pg: Pg | undefined): Pg | undefined {
  return pg?.state.kind === 'active' ? pg : undefined;
}

/** The PG that `pg` was in an older map. */
function sourceOf(pg: PgId, before: ClusterMap): PgId {
  const { pool, seq } = parsePgId(pg) as { pool: PoolId; seq: number };
  const pgNum = before.pools.get(pool)?.pgNum ?? 0;
  return seq < pgNum || pgNum === 0 ? pg : pgId(pool, splitParent(seq, pgNum));
}

/** The PG, and those that it was before: a disk that has not split its copy yet has it under the name of one of these. */
function ancestry(pg: PgId, map: ClusterMap): PgId[] {
  const { pool, seq } = parsePgId(pg) as { pool: PoolId; seq: number };
  const line = [pg];
  for (let pgNum = (map.pools.get(pool)?.pgNum ?? 1) / 2; Number.isInteger(pgNum) && pgNum > 0; pgNum /= 2) {
    const id = pgId(pool, splitParent(seq, pgNum));
    if (id !== line.at(-1)) line.push(id);
  }
  return line;
}

/** The lowest counter from which on the log shows every acknowledged write; what was split off it counts too. */
function reachOf(meta: SortedMap<Buffer>): number {
  const info = meta.get('info');
  const { past = [], trimmed } = JSON.parse(info?.toString('utf8') ?? '{}') as { past?: readonly { first: number }[]; trimmed?: boolean };
  const oldest = oldestCounter(meta.sortedKeys());
  if (trimmed !== true) return 0;
  return Math.min(oldest ?? Infinity, past[0]?.first ?? Infinity);
}

/** Counter of the first log entry among a PG's records. */
function oldestCounter(keys: readonly string[]): number | undefined {
  for (const key of keys) {
    const counter = isLogKey.exec(key)?.[1];
    if (counter !== undefined) return Number.parseInt(counter, 36);
  }
  return undefined;
}
