/**
 * The cluster map: the one versioned value that everyone holds a copy of. Immutable: a change makes a new
 * value with the next epoch and shares what did not change.
 * @module
 */
import type { CrushMap } from '../crush/crush-map.ts';
import type { EntityName, Epoch, InstanceId, OsdId, PgId, PoolId } from './ids.ts';

export interface ClusterMap {
  /** 0 in the empty map that a process starts from. */
  readonly epoch: Epoch;
  /** UUID of the cluster. */
  readonly fsid: string;
  /** Wall-clock milliseconds at which this epoch was made. */
  readonly modifiedMs: number;
  readonly mons: readonly MonInfo[];
  readonly osds: ReadonlyMap<OsdId, OsdInfo>;
  readonly crush: CrushMap;
  readonly pools: ReadonlyMap<PoolId, PoolInfo>;
  /** The highest number that a pool ever had: none is given twice, since an OSD that missed a pool's end may still hold its objects. */
  readonly lastPoolId: number;
  /** Who serves each PG: one record for every PG of every pool, from the pool's creation on. CRUSH only proposes. */
  readonly pgs: ReadonlyMap<PgId, PgRecord>;
  readonly filesystems: readonly FilesystemInfo[];
  readonly mdss: ReadonlyMap<EntityName, MdsInfo>;
  /** Instances whose operations are refused, with the wall-clock time at which the entry lapses. */
  readonly blocklist: ReadonlyMap<InstanceId, { readonly untilMs: number }>;
  readonly flags: ReadonlySet<ClusterFlag>;
  readonly fullRatios: FullRatios;
}

/** Shares of an OSD's space, in steps of 1/10000, each at least the one before. */
export interface FullRatios {
  /** From here on people are warned. */
  readonly nearfull: number;
  /** Beyond this no copy is made there that the OSD does not have yet. */
  readonly backfillfull: number;
  /** Beyond this nothing is written there that takes space. */
  readonly full: number;
}

/** As in Ceph. */
export const defaultFullRatios: FullRatios = { nearfull: 0.85, backfillfull: 0.9, full: 0.95 };

export const fullnesses = ['roomy', 'nearfull', 'backfillfull', 'full'] as const;
/** Which of the ratios an OSD has reached. */
export type Fullness = (typeof fullnesses)[number];

export const clusterFlags = [
  'noout',
  'noin',
  'nodown',
  'norecover',
  'nobackfill',
  'noscrub',
  'nodeep-scrub',
  'pause',
  'full',
  'nearfull',
] as const;
export type ClusterFlag = (typeof clusterFlags)[number];

export interface MonInfo {
  readonly name: EntityName;
  readonly address: string;
}

/** Instead of the uuid of an OSD whose disk is lost for good. */
export const lostUuid = '';

export interface OsdInfo {
  readonly id: OsdId;
  /** UUID of its store: a disk that comes back under another number is refused. {@link lostUuid} when it was given up. */
  readonly uuid: string;
  readonly address: string;
  readonly host: string;
  readonly up: boolean;
  readonly in: boolean;
  /** Out because it was down for too long: its next boot brings it back in. */
  readonly autoOut: boolean;
  /** By its last report. */
  readonly fullness: Fullness;
  /** 16.16 fixed point, 0..0x10000: the share of its PGs that it keeps while in (Ceph's reweight). */
  readonly reweight: number;
  /** Its process's life; changes at every start. */
  readonly instance: InstanceId;
  /** Epoch in which it last came up; names its life together with its id. */
  readonly upFrom: Epoch;
  /** Epoch in which it last went down. */
  readonly downAt: Epoch;
}

export interface PoolInfo {
  readonly id: PoolId;
  readonly name: string;
  /** Copies of each object. */
  readonly size: number;
  /** Copies without which writes are not served. */
  readonly minSize: number;
  readonly pgNum: number;
  /** Name of the CRUSH rule. */
  readonly rule: string;
}

/**
 * What the mon decided for one PG (DESIGN §4). While all of its acting set is up, it serves. When none of it was
 * left (R3) the set stays as it was: any one of it holds every acknowledged write; the PG is down until the mon
 * has seen who comes back.
 */
export interface PgRecord {
  /** Primary first. Empty only while no OSD has ever been there. */
  readonly acting: readonly OsdId[];
  /**
   * Epoch from which `acting`, what CRUSH proposes (`up`) and the lives of the OSDs in both have not changed:
   * it rises with every change of any of them, a member's restart included.
   */
  readonly interval: Epoch;
  /**
   * Who left `acting` with a whole copy, newest first, until the PG has all its copies where CRUSH wants them: what is served
   * when all of `acting` is given up for lost.
   */
  readonly former: readonly FormerMember[];
  /** Epoch in which its last members were given up for lost, and acknowledged writes with them; 0: never. */
  readonly lostAt: Epoch;
}

/** An OSD that had every acknowledged write up to the epoch in which it left. */
export interface FormerMember {
  readonly osd: OsdId;
  readonly leftAt: Epoch;
  /** It has all that is acknowledged even now: the PG has not had the members that a write takes (minSize) since. */
  readonly current: boolean;
}

/** Ranks that a filesystem can have: each has inode numbers of its own. */
export const mdsRanksMax = 16;

export interface FilesystemInfo {
  readonly name: string;
  readonly metadataPool: PoolId;
  readonly dataPool: PoolId;
  /** Ranks that there are to be, from 1. */
  readonly maxMds: number;
  /** MDSs beyond the ranks that should be there; -1: nobody has said, and there has been none yet. */
  readonly standbyCountWanted: number;
  /** Ranks that there are, from 0 on without a hole: each holds something. Fewer than `maxMds` until an MDS is there for each. */
  readonly ranks: number;
  /** The last of them is handing all that it holds to rank 0, and then is one no more. It goes on with that also when more are wanted again. */
  readonly stopping: boolean;
}

/** The rank that is stopping; undefined: none is. */
export function stoppingRank({ filesystems }: Pick<ClusterMap, 'filesystems'>): number | undefined {
  const [filesystem] = filesystems;
  return filesystem?.stopping === true ? filesystem.ranks - 1 : undefined;
}

/** Ranks that somebody is to hold: those that there are, and those that there are to be when none has to go before. */
export function heldRanks({ maxMds, ranks, stopping }: FilesystemInfo): number {
  return stopping ? ranks : Math.max(ranks, maxMds);
}

export const mdsStates = [
  /** Registered, idle. */
  'standby',
  /** Follows the journal of the one that holds the rank, to take over from it quickly. */
  'standby-replay',
  /** Reading the journal of its rank. */
  'replay',
  /** Waiting for the clients of the life before. */
  'reconnect',
  /** Serving. */
  'active',
  /** Leaving cleanly. Said of itself, never in the map. */
  'stopping',
  /** Likewise: all that its rank had is with rank 0, which is to be a rank no more. */
  'resigned',
  /** Holds its rank and does not serve: what the rank needs is damaged, and a person must look at it. */
  'damaged',
] as const;
export type MdsState = (typeof mdsStates)[number];

export interface MdsInfo {
  readonly name: EntityName;
  readonly address: string;
  readonly instance: InstanceId;
  readonly state: MdsState;
  /** Rank it holds, or follows; -1 while standby. */
  readonly rank: number;
}

/** Whether it holds its rank: at most one does. */
export function holdsRank({ rank, state }: MdsInfo): boolean {
  return rank >= 0 && state !== 'standby-replay';
}
