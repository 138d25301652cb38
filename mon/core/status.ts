/**
 * The whole truth on one screen, as JSON.
 * @module
 */
import { weightOfOsd } from '../../common/crush/crush-edit.ts';
import { holdsRank, type FilesystemInfo, type MdsInfo } from '../../common/maps/cluster-map.ts';
import type { FsScrubStatus } from '../../common/wire/gen/messages.ts';
import { fsScrubStatus } from './fs-scrub.ts';
import { type Health, healthOf } from './health.ts';
import { type PgSummary, summarizePgs } from './pg-states.ts';
import type { MonState } from './state.ts';
import { type PoolUsage, type Usage, clusterUsage, poolUsages } from './usage.ts';

export interface ClusterStatus {
  readonly fsid: string;
  readonly epoch: number;
  readonly health: Health;
  readonly flags: readonly string[];
  readonly mons: readonly { readonly name: string; readonly address: string }[];
  readonly osds: readonly OsdStatus[];
  readonly pools: readonly ({
    readonly id: number;
    readonly name: string;
    readonly size: number;
    readonly minSize: number;
    readonly pgNum: number;
  } & PoolUsage)[];
  readonly pgs: Pick<PgSummary, 'total' | 'byState' | 'copies' | 'degradedCopies' | 'misplacedCopies'>;
  readonly recovery: RecoveryStatus;
  readonly filesystems: readonly FilesystemStatus[];
  readonly mds: readonly MdsStatus[];
  /** Of the filesystem; null: none since the MDS took over. */
  readonly scrub: FsScrubStatus | null;
  readonly clients: readonly {
    readonly name: string;
    readonly instance: number;
    readonly mountpoint: string;
    readonly host: string;
    readonly address: string;
  }[];
  readonly usage: Usage;
}

export interface FilesystemStatus {
  readonly name: string;
  readonly metadataPool: string;
  readonly dataPool: string;
  /** Ranks that there are to be, and that there are. */
  readonly maxMds: number;
  readonly ranks: number;
  /** The rank that is stopping, with what it waits for; null: none is. */
  readonly stopping: { readonly rank: number; readonly waitsFor: string } | null;
}

export interface MdsStatus {
  readonly name: string;
  readonly state: string;
  /** That it holds or follows; -1: none. */
  readonly rank: number;
  readonly address: string;
  /** How much of the journal it has read, while it is in replay; null when it has not said. */
  readonly replay: { readonly readBytes: number; readonly totalBytes: number } | null;
}

/** How copies that are missing or misplaced come to be where they should be. */
export interface RecoveryStatus {
  readonly copiesLeft: number;
  /** Of all copies, those that are where they should be: 0 to 1. */
  readonly share: number;
  readonly objectsPerSecond: number;
  readonly bytesPerSecond: number;
  /** At this rate; null when nothing is copied just now. */
  readonly secondsLeft: number | null;
}

export interface OsdStatus {
  readonly id: number;
  readonly up: boolean;
  readonly in: boolean;
  readonly host: string;
  readonly address: string;
  /** Share of the data: 1.0 is 1 TiB. */
  readonly weight: number;
  readonly reweight: number;
  /** PGs it acts for. */
  readonly pgs: number;
  readonly usedBytes: number;
  readonly totalBytes: number;
}

export function statusOf(state: MonState): ClusterStatus {
  const { map } = state;
  const pgs = summarizePgs(state);
  const usages = poolUsages(state);
  const { total, byState, copies, degradedCopies, misplacedCopies } = pgs;
  return {
    fsid: map.fsid,
    epoch: map.epoch,
    health: healthOf(state, pgs),
    flags: [...map.flags].sort(),
    mons: map.mons,
    osds: osdStatuses(state),
    pools: [...map.pools.values()].map(({ id, name, size, minSize, pgNum }) => ({
      id,
      name,
      size,
      minSize,
      pgNum,
      ...(usages.get(id) ?? { objects: 0, bytes: 0 }),
    })),
    pgs: { total, byState, copies, degradedCopies, misplacedCopies },
    recovery: recoveryOf(pgs),
    filesystems: map.filesystems.map((filesystem) => filesystemStatus(state, filesystem)),
    mds: [...map.mdss.values()].map((mds) => mdsStatus(state, mds)).sort(byName),
    scrub: fsScrubStatus(state) ?? null,
    clients: [...state.clients.values()]
      .map(({ name, instance, mountpoint, host, address }) => ({ name, instance, mountpoint, host, address }))
      .sort(byName),
    usage: clusterUsage(state),
  };
}

function filesystemStatus(
  { map, mdsReports }: MonState,
  { name, metadataPool, dataPool, maxMds, ranks, stopping }: FilesystemInfo,
): FilesystemStatus {
  const rank = ranks - 1;
  const holder = [...map.mdss.values()].find((mds) => mds.rank === rank && holdsRank(mds));
  const waitsFor = holder === undefined ? 'an MDS that holds it' : (mdsReports.get(holder.name)?.trouble ?? '');
  return {
    name,
    metadataPool: map.pools.get(metadataPool)?.name ?? String(metadataPool),
    dataPool: map.pools.get(dataPool)?.name ?? String(dataPool),
    maxMds,
    ranks,
    stopping: stopping ? { rank, waitsFor } : null,
  };
}

function mdsStatus({ mdsReplays }: MonState, { name, instance, state, rank, address }: MdsInfo): MdsStatus {
  const report = mdsReplays.get(name);
  const isReplaying = state === 'replay' && report?.instance === instance;
  return { name, state, rank, address, replay: isReplaying ? { readBytes: report.readBytes, totalBytes: report.totalBytes } : null };
}

function recoveryOf({ copies, degradedCopies, misplacedCopies, objectsPerSecond, bytesPerSecond }: PgSummary): RecoveryStatus {
  const left = degradedCopies + misplacedCopies;
  return {
    copiesLeft: left,
    share: left === 0 ? 1 : Math.max(0, 1 - left / Math.max(copies, left)),
    objectsPerSecond,
    bytesPerSecond,
    secondsLeft: left === 0 ? 0 : objectsPerSecond === 0 ? null : Math.ceil(left / objectsPerSecond),
  };
}

export function osdStatuses({ map, osdReports }: MonState): OsdStatus[] {
  const counts = new Map<number, number>();
  for (const { acting } of map.pgs.values()) for (const osd of acting) counts.set(osd, (counts.get(osd) ?? 0) + 1);
  return [...map.osds.values()]
    .sort((a, b) => a.id - b.id)
    .map(({ id, up, in: isIn, host, address, reweight }) => {
      const stats = osdReports.get(id)?.stats;
      return {
        id,
        up,
        in: isIn,
        host,
        address,
        weight: weightOfOsd(map.crush, id) / 0x10000,
        reweight: reweight / 0x10000,
        pgs: counts.get(id) ?? 0,
        usedBytes: stats?.usedBytes ?? 0,
        totalBytes: stats?.totalBytes ?? 0,
      };
    });
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
