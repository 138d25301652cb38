/**
 * Cluster maps and increments to bytes and back (layout: common/wire/proto/maps.proto). Decoding checks
 * everything that the rest of the program takes for granted and throws FsError EPROTO.
 * @module
 */
import { checkCrush } from '../crush/check-crush.ts';
import { type BucketType, type CrushMap, bucketTypes } from '../crush/crush-map.ts';
import { FsError } from '../errors/fs-error.ts';
import type { CrushRecord, FullRatiosRecord, IncrementRecord, Init, MapRecord, OsdRecord } from '../wire/gen/messages.ts';
import { SafeReader, SlabWriter } from '../wire/proto-io.ts';
import { nacre } from '../wire/gen/protocol.js';
import {
  type ClusterFlag,
  type ClusterMap,
  type FullRatios,
  type MdsState,
  type OsdInfo,
  clusterFlags,
  defaultFullRatios,
  fullnesses,
  mdsStates,
} from './cluster-map.ts';
import { type EntityName, type PgId, epoch, instanceId, osdId, parseEntityName, parsePgId, pgId, poolId } from './ids.ts';
import type { Changes, MapIncrement } from './increment.ts';

const writer = new SlabWriter();
/** Steps of a ratio in a record. */
const ratioUnits = 10_000;

export function encodeMap(map: ClusterMap): Buffer {
  return encode('MapRecord', mapRecord(map));
}

export function decodeMap(bytes: Uint8Array): ClusterMap {
  const record = decode('MapRecord', bytes) as MapRecord;
  return checked('cluster map', () => {
    if (!record.crush) throw malformed('no CRUSH map');
    return {
      epoch: epoch(record.epoch),
      fsid: record.fsid,
      modifiedMs: record.modifiedMs,
      mons: monsOf(record),
      osds: new Map(entriesOf.osds(record)),
      crush: crushOf(record.crush),
      pools: new Map(entriesOf.pools(record)),
      lastPoolId: record.lastPoolId,
      pgs: new Map(entriesOf.pgs(record)),
      filesystems: filesystemsOf(record),
      mdss: new Map(entriesOf.mdss(record)),
      blocklist: new Map(entriesOf.blocklist(record)),
      flags: flagsOf(record),
      // A map from before there were any.
      fullRatios: record.fullRatios ? ratiosOf(record.fullRatios) : defaultFullRatios,
    };
  });
}

export function encodeIncrement(increment: MapIncrement): Buffer {
  const { epoch, fsid, modifiedMs, lastPoolId, mons, filesystems, flags, fullRatios, crush, osds, pools, pgs, mdss, blocklist } = increment;
  const set = <K, V>(changes: Changes<K, V> | undefined): ReadonlyMap<K, V> => changes?.set ?? new Map<K, V>();
  const record: Init<IncrementRecord> = {
    changed: mapRecord({
      epoch,
      fsid,
      modifiedMs,
      mons: mons ?? [],
      filesystems: filesystems ?? [],
      flags: flags ?? new Set(),
      fullRatios,
      crush,
      osds: set(osds),
      pools: set(pools),
      lastPoolId,
      pgs: set(pgs),
      mdss: set(mdss),
      blocklist: set(blocklist),
    }),
    mons: mons !== undefined,
    filesystems: filesystems !== undefined,
    flags: flags !== undefined,
    removedOsds: osds?.removed,
    removedPools: pools?.removed,
    removedPgs: pgs?.removed,
    removedMdss: mdss?.removed,
    removedBlocklist: blocklist?.removed,
  };
  return encode('IncrementRecord', record);
}

export function decodeIncrement(bytes: Uint8Array): MapIncrement {
  const record = decode('IncrementRecord', bytes) as IncrementRecord;
  return checked('map increment', () => {
    const { changed } = record;
    if (!changed) throw malformed('nothing changed');
    const changes = <K, V>(entries: [K, V][], removed: K[]): Changes<K, V> | undefined =>
      entries.length + removed.length > 0 ? { set: new Map(entries), removed } : undefined;
    return defined({
      epoch: epoch(changed.epoch),
      fsid: changed.fsid,
      modifiedMs: changed.modifiedMs,
      lastPoolId: changed.lastPoolId,
      mons: record.mons ? monsOf(changed) : undefined,
      crush: changed.crush ? crushOf(changed.crush) : undefined,
      filesystems: record.filesystems ? filesystemsOf(changed) : undefined,
      flags: record.flags ? flagsOf(changed) : undefined,
      fullRatios: changed.fullRatios ? ratiosOf(changed.fullRatios) : undefined,
      osds: changes(entriesOf.osds(changed), record.removedOsds.map(osdId)),
      pools: changes(entriesOf.pools(changed), record.removedPools.map(poolId)),
      pgs: changes(entriesOf.pgs(changed), record.removedPgs.map(pgName)),
      mdss: changes(entriesOf.mdss(changed), record.removedMdss.map(entity)),
      blocklist: changes(entriesOf.blocklist(changed), record.removedBlocklist.map(instanceId)),
    });
  });
}

/** What an increment may leave out is undefined then. */
type PartialMap = Omit<ClusterMap, 'crush' | 'fullRatios'> & {
  readonly crush: CrushMap | undefined;
  readonly fullRatios: FullRatios | undefined;
};

function mapRecord(map: PartialMap): Init<MapRecord> {
  return {
    epoch: map.epoch,
    fsid: map.fsid,
    modifiedMs: map.modifiedMs,
    mons: map.mons,
    osds: Array.from(map.osds.values(), (osd) => ({ ...osd, fullness: fullnesses.indexOf(osd.fullness) })),
    crush: map.crush && crushRecord(map.crush),
    pools: [...map.pools.values()],
    lastPoolId: map.lastPoolId,
    pgs: Array.from(map.pgs, ([id, record]) => ({ ...parsedPg(id), ...record })),
    filesystems: map.filesystems.map((filesystem) => ({ ...filesystem, standbyWanted: filesystem.standbyCountWanted + 1 })),
    mdss: [...map.mdss.values()],
    blocklist: Array.from(map.blocklist, ([instance, { untilMs }]) => ({ instance, untilMs })),
    flags: [...map.flags],
    fullRatios: map.fullRatios && ratiosRecord(map.fullRatios),
  };
}

function ratiosRecord({ nearfull, backfillfull, full }: FullRatios): Init<FullRatiosRecord> {
  const stored = (ratio: number): number => Math.round(ratio * ratioUnits);
  return { nearfull: stored(nearfull), backfillfull: stored(backfillfull), full: stored(full) };
}

function ratiosOf({ nearfull, backfillfull, full }: FullRatiosRecord): FullRatios {
  if (!(nearfull > 0 && nearfull <= backfillfull && backfillfull <= full && full <= ratioUnits)) throw malformed('full ratios');
  return { nearfull: nearfull / ratioUnits, backfillfull: backfillfull / ratioUnits, full: full / ratioUnits };
}

function crushRecord({ buckets, rules, tunables }: CrushMap): Init<CrushRecord> {
  const { chooseLocalTries, chooseLocalFallbackTries, chooseTotalTries, chooseleafDescendOnce, chooseleafVaryR, chooseleafStable } =
    tunables;
  return {
    buckets: buckets.map(({ id, name, type, items }) => ({
      id,
      name,
      type,
      items: items.map((item) => item.id),
      weights: items.map((item) => item.weight),
    })),
    rules,
    tunables: [chooseLocalTries, chooseLocalFallbackTries, chooseTotalTries, chooseleafDescendOnce, chooseleafVaryR, chooseleafStable],
  };
}

function crushOf(record: CrushRecord): CrushMap {
  const buckets = record.buckets.map(({ id, name, type, items, weights }) => {
    if (items.length !== weights.length) throw malformed(`bucket ${name} has ${items.length} items and ${weights.length} weights`);
    return {
      id,
      name,
      type: oneOf<BucketType>(bucketTypes, type),
      items: items.map((item, i) => ({ id: item, weight: weights[i] as number })),
    };
  });
  const rules = record.rules.map(({ name, root, failureDomain }) => ({
    name,
    root,
    failureDomain: oneOf<BucketType>(bucketTypes, failureDomain),
  }));
  const [chooseLocalTries, chooseLocalFallbackTries, chooseTotalTries, chooseleafDescendOnce, chooseleafVaryR, chooseleafStable] =
    record.tunables as [number, number, number, number, number, number];
  if (record.tunables.length !== 6) throw malformed('CRUSH tunables');
  const crush: CrushMap = {
    buckets,
    rules,
    tunables: { chooseLocalTries, chooseLocalFallbackTries, chooseTotalTries, chooseleafDescendOnce, chooseleafVaryR, chooseleafStable },
  };
  checkCrush(crush);
  return crush;
}

type EntriesOf<P extends 'osds' | 'pools' | 'pgs' | 'mdss' | 'blocklist'> =
  ClusterMap[P] extends ReadonlyMap<infer K, infer V> ? [K, V][] : never;

/** The keyed parts of a record. */
const entriesOf = {
  osds: ({ osds }: MapRecord): EntriesOf<'osds'> => osds.map((osd) => [osdId(osd.id), osdOf(osd)]),
  pools: ({ pools }: MapRecord): EntriesOf<'pools'> =>
    pools.map(({ id, name, size, minSize, pgNum, rule }) => [poolId(id), { id: poolId(id), name, size, minSize, pgNum, rule }]),
  pgs: ({ pgs }: MapRecord): EntriesOf<'pgs'> =>
    pgs.map(({ pool, seq, acting, interval, former, lostAt }) => [
      pgId(poolId(pool), seq),
      {
        acting: acting.map(osdId),
        interval: epoch(interval),
        former: former.map(({ osd, leftAt, current }) => ({ osd: osdId(osd), leftAt: epoch(leftAt), current })),
        lostAt: epoch(lostAt),
      },
    ]),
  mdss: ({ mdss }: MapRecord): EntriesOf<'mdss'> =>
    mdss.map(({ name, address, instance, state, rank }) => [
      entity(name),
      { name: entity(name), address, instance: instanceId(instance), state: oneOf<MdsState>(mdsStates, state), rank },
    ]),
  blocklist: ({ blocklist }: MapRecord): EntriesOf<'blocklist'> =>
    blocklist.map(({ instance, untilMs }) => [instanceId(instance), { untilMs }]),
};

function osdOf(record: OsdRecord): OsdInfo {
  const { id, uuid, address, host, up, in: isIn, autoOut, fullness, reweight, instance, upFrom, downAt } = record;
  const level = fullnesses[fullness];
  if (level === undefined) throw malformed(`fullness ${fullness}`);
  return {
    id: osdId(id),
    uuid,
    address,
    host,
    up,
    in: isIn,
    autoOut,
    fullness: level,
    reweight,
    instance: instanceId(instance),
    upFrom: epoch(upFrom),
    downAt: epoch(downAt),
  };
}

function monsOf({ mons }: MapRecord): ClusterMap['mons'] {
  return mons.map(({ name, address }) => ({ name: entity(name), address }));
}

function filesystemsOf({ filesystems }: MapRecord): ClusterMap['filesystems'] {
  return filesystems.map(({ name, metadataPool, dataPool, maxMds, ranks, stopping, standbyWanted }) => ({
    name,
    metadataPool: poolId(metadataPool),
    dataPool: poolId(dataPool),
    maxMds,
    // A map from before it said so.
    ranks: ranks === 0 ? maxMds : ranks,
    stopping,
    standbyCountWanted: standbyWanted - 1,
  }));
}

function flagsOf({ flags }: MapRecord): ClusterMap['flags'] {
  return new Set(flags.map((flag) => oneOf<ClusterFlag>(clusterFlags, flag)));
}

function entity(name: string): EntityName {
  if (!parseEntityName(name)) throw malformed(`"${name}" names no daemon`);
  return name as EntityName;
}

function pgName(name: string): PgId {
  if (!parsePgId(name)) throw malformed(`"${name}" names no PG`);
  return name as PgId;
}

function parsedPg(id: PgId): { readonly pool: number; readonly seq: number } {
  const parsed = parsePgId(id);
  if (!parsed) throw malformed(`"${id}" names no PG`);
  return parsed;
}

function oneOf<T extends string>(known: readonly T[], text: string): T {
  const found = known.find((candidate) => candidate === text);
  if (found === undefined) throw malformed(`"${text}" is none of ${known.join(', ')}`);
  return found;
}

/** The same without the fields that are undefined. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

function encode(type: string, record: object): Buffer {
  codecOf(type).encode(record, writer.begin());
  return writer.take();
}

function decode(type: string, bytes: Uint8Array): object {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return checked(type, () => codecOf(type).decode(new SafeReader().rewind(buffer) as never));
}

function codecOf(type: string): NonNullable<(typeof nacre)[string]> {
  const codec = nacre[type];
  if (!codec) throw malformed(`${type} is not generated`);
  return codec;
}

function checked<T>(what: string, fn: () => T): T {
  try {
    return fn();
  } catch (error) {
    if (error instanceof FsError) throw error;
    throw new FsError('EPROTO', `malformed ${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function malformed(what: string): FsError {
  return new FsError('EPROTO', `malformed cluster map: ${what}`);
}
