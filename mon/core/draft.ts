/**
 * The next epoch while it is being made: changes collect here until the batch is sealed.
 * @module
 */
import type { CrushMap } from '../../common/crush/crush-map.ts';
import type {
  ClusterFlag,
  ClusterMap,
  FilesystemInfo,
  FullRatios,
  MdsInfo,
  MonInfo,
  OsdInfo,
  PoolInfo,
} from '../../common/maps/cluster-map.ts';
import { type EntityName, type Epoch, type InstanceId, type OsdId, type PgId, type PoolId, epoch, poolId } from '../../common/maps/ids.ts';
import { type PgFacts, settlePgs } from './settle-pgs.ts';

export class MapDraft {
  /** The map that the changes start from. */
  readonly base: ClusterMap;
  /** Of the map that is being made. */
  readonly epoch: Epoch;
  readonly #osds: Copied<ClusterMap['osds']>;
  readonly #pools: Copied<ClusterMap['pools']>;
  readonly #mdss: Copied<ClusterMap['mdss']>;
  readonly #blocklist: Copied<ClusterMap['blocklist']>;
  readonly #certified = new Map<PgId, Set<OsdId>>();
  #parts: Partial<Pick<ClusterMap, 'crush' | 'filesystems' | 'flags' | 'fullRatios' | 'mons' | 'fsid'>> = {};
  #lastPoolId: number;
  #changed = false;
  #reconsider = false;

  constructor(base: ClusterMap) {
    this.base = base;
    this.epoch = epoch(base.epoch + 1);
    // Maps of before the number was kept have none.
    this.#lastPoolId = Math.max(base.lastPoolId, ...base.pools.keys());
    this.#osds = { entries: base.osds };
    this.#pools = { entries: base.pools };
    this.#mdss = { entries: base.mdss };
    this.#blocklist = { entries: base.blocklist };
  }

  /** Whether sealing it may give a new map. */
  get changed(): boolean {
    return this.#changed;
  }

  get osds(): ClusterMap['osds'] {
    return this.#osds.entries;
  }

  get pools(): ClusterMap['pools'] {
    return this.#pools.entries;
  }

  get mdss(): ClusterMap['mdss'] {
    return this.#mdss.entries;
  }

  get blocklist(): ClusterMap['blocklist'] {
    return this.#blocklist.entries;
  }

  get crush(): CrushMap {
    return this.#parts.crush ?? this.base.crush;
  }

  get filesystems(): ClusterMap['filesystems'] {
    return this.#parts.filesystems ?? this.base.filesystems;
  }

  get flags(): ClusterMap['flags'] {
    return this.#parts.flags ?? this.base.flags;
  }

  get fullRatios(): FullRatios {
    return this.#parts.fullRatios ?? this.base.fullRatios;
  }

  /** A number that no pool ever had. */
  get freePoolId(): PoolId {
    return poolId(this.#lastPoolId + 1);
  }

  setOsd(osd: OsdInfo): void {
    this.#set(this.#osds, osd.id, osd);
  }

  removeOsd(id: OsdId): void {
    this.#remove(this.#osds, id);
  }

  setPool(pool: PoolInfo): void {
    this.#lastPoolId = Math.max(this.#lastPoolId, pool.id);
    this.#set(this.#pools, pool.id, pool);
  }

  removePool(id: PoolId): void {
    this.#remove(this.#pools, id);
  }

  setMds(mds: MdsInfo): void {
    this.#set(this.#mdss, mds.name, mds);
  }

  removeMds(name: EntityName): void {
    this.#remove(this.#mdss, name);
  }

  setBlocklisted(instance: InstanceId, untilMs: number): void {
    this.#set(this.#blocklist, instance, { untilMs });
  }

  removeBlocklisted(instance: InstanceId): void {
    this.#remove(this.#blocklist, instance);
  }

  setCrush(crush: CrushMap): void {
    this.#replace({ crush });
  }

  setFilesystems(filesystems: readonly FilesystemInfo[]): void {
    this.#replace({ filesystems });
  }

  setFlags(flags: ReadonlySet<ClusterFlag>): void {
    this.#replace({ flags });
  }

  setFullRatios(fullRatios: FullRatios): void {
    this.#replace({ fullRatios });
  }

  setMons(mons: readonly MonInfo[]): void {
    this.#replace({ mons });
  }

  /** The caller has checked that the certificate is of the PG's interval in `base` and by its primary. */
  certify(pg: PgId, osds: Iterable<OsdId>): void {
    const known = this.#certified.get(pg) ?? new Set();
    for (const osd of osds) known.add(osd);
    this.#certified.set(pg, known);
    this.#changed = true;
  }

  /** Time has passed that may change a PG: looks at them although nothing else changed. */
  reconsider(): void {
    this.#changed = true;
    this.#reconsider = true;
  }

  /** The map of the next epoch; undefined when the changes come to nothing. */
  seal(nowMs: number, facts: Omit<PgFacts, 'certified'>): ClusterMap | undefined {
    if (!this.#changed) return undefined;
    const { base } = this;
    const after: ClusterMap = {
      ...base,
      ...this.#parts,
      epoch: this.epoch,
      modifiedMs: nowMs,
      osds: this.osds,
      pools: this.pools,
      lastPoolId: this.#lastPoolId,
      mdss: this.mdss,
      blocklist: this.blocklist,
    };
    const moved =
      this.#reconsider || this.#certified.size > 0 || (['osds', 'pools', 'crush'] as const).some((part) => after[part] !== base[part]);
    const pgs = moved ? settlePgs(base, after, { ...facts, certified: this.#certified }) : base.pgs;
    const parts = ['osds', 'pools', 'mdss', 'blocklist', 'crush', 'filesystems', 'flags', 'fullRatios', 'mons'] as const;
    if (pgs === base.pgs && parts.every((part) => after[part] === base[part])) return undefined;
    return { ...after, pgs };
  }

  #set<K, V>(part: Copied<ReadonlyMap<K, V>>, key: K, value: V): void {
    this.#own(part).set(key, value);
  }

  #remove<K, V>(part: Copied<ReadonlyMap<K, V>>, key: K): void {
    if (part.entries.has(key)) this.#own(part).delete(key);
  }

  /** The part as a map of ours, copied from the base at its first change. */
  #own<K, V>(part: Copied<ReadonlyMap<K, V>>): Map<K, V> {
    this.#changed = true;
    part.own ??= new Map(part.entries);
    part.entries = part.own;
    return part.own as Map<K, V>;
  }

  #replace(parts: Partial<Pick<ClusterMap, 'crush' | 'filesystems' | 'flags' | 'fullRatios' | 'mons'>>): void {
    this.#parts = { ...this.#parts, ...parts };
    this.#changed = true;
  }
}

interface Copied<M> {
  entries: M;
  own?: M;
}
