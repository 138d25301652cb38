/**
 * Everything that a monitor knows: the map (durable) and what it has heard (not durable: leases and reports
 * come again; of leases only who had fallen silent, silences.ts).
 * @module
 */
import type { ClusterMap } from '../../common/maps/cluster-map.ts';
import type { EntityName, InstanceId, OsdId, PgId } from '../../common/maps/ids.ts';
import type {
  ClientBeaconRequest,
  FsScrubOrder,
  MdsBeaconRequest,
  OsdBeaconRequest,
  PgStat,
  ScrubOrder,
} from '../../common/wire/gen/messages.ts';
import type { MonConfig } from '../config.ts';
import { type Apartness, type Unreachable, noneApart } from './apart.ts';
import { MapDraft } from './draft.ts';

/** The settings that the state machine reads. */
export type MonSettings = Pick<
  MonConfig,
  | 'tickMs'
  | 'goneMs'
  | 'returnMs'
  | 'leaseMs'
  | 'leaseMarginMs'
  | 'downOutMs'
  | 'minInPercent'
  | 'blocklistMs'
  | 'clientTimeoutMs'
  | 'flapWindowMs'
  | 'flapDownsMax'
  | 'flapWaitMs'
  | 'flapWaitMaxMs'
  | 'apartMs'
  | 'apartHoldMs'
  | 'pgsPerOsdMax'
>;

/** Ticks that may be late together before the mon takes itself for stalled. */
const stallTicks = 4;

export interface Now {
  /** Since 1970; written into maps and blocklist entries. */
  readonly wallMs: number;
  /** Never goes back; for leases. */
  readonly monotonicMs: number;
}

/** Until when a daemon may serve, as the mon counts it (the daemon counts from earlier, for less). */
export interface Lease {
  readonly instance: InstanceId;
  readonly untilMs: number;
  /** No longer renewed: the daemon was told to go, and is down when it ends. */
  readonly revoked: boolean;
  /** Whether this mon has heard the daemon itself; else it only knows it from the map it started with. */
  readonly heard: boolean;
  /** Prolonged since the daemon was heard, because the mon itself had stood still or was not there. */
  readonly excused: boolean;
}

/** An OSD's last report. */
export interface OsdReport {
  readonly instance: InstanceId;
  /** Newest map it has shown to act on. */
  readonly epoch: number;
  readonly stats: Pick<OsdBeaconRequest, 'usedBytes' | 'totalBytes' | 'storedBytes' | 'objects'>;
  /** Lives of OSDs that it has not been able to reach, and for how long. */
  readonly unreachable: readonly Unreachable[];
  /** On the monotonic clock. */
  readonly heardMs: number;
}

/** How much of its rank's journal an MDS has read, by its last report. */
export interface MdsReplay {
  readonly instance: InstanceId;
  readonly readBytes: number;
  readonly totalBytes: number;
}

export interface PgReport extends PgStat {
  readonly from: OsdId;
}

/** What an MDS last said of the filesystem. */
export interface MdsReport extends Pick<MdsBeaconRequest, 'instance' | 'trouble' | 'damageCount' | 'damage' | 'scrub' | 'clientWarnings'> {
  /** On the monotonic clock, and since 1970. */
  readonly heardMs: number;
  readonly heardWallMs: number;
}

export interface ClientReport extends ClientBeaconRequest {
  readonly address: string;
  readonly heardMs: number;
}

export interface MonState {
  readonly settings: MonSettings;
  /** Newest sealed map. */
  map: ClusterMap;
  /** The epoch after it. */
  draft: MapDraft;
  /** When time was last looked at. */
  tickedMs: number;
  readonly osdLeases: Map<OsdId, Lease>;
  readonly mdsLeases: Map<EntityName, Lease>;
  /** Leases of before this mon started: none was longer, none runs any more after `untilMs`. */
  readonly pastLeases: { readonly leaseMs: number; readonly untilMs: number };
  /** How far MDSs have read the journals of the ranks that they were given. */
  readonly mdsReplays: Map<EntityName, MdsReplay>;
  /** OSDs whose process is known to be gone, and since when: they go down together with others that just went. */
  readonly goneOsds: Map<OsdId, { readonly instance: InstanceId; readonly sinceMs: number }>;
  /** Since when, in monotonic time, an OSD is down (as far as this mon's life knows). */
  readonly downSinceMs: Map<OsdId, number>;
  readonly osdReports: Map<OsdId, OsdReport>;
  /** When each OSD went down lately, oldest first (core/flapping.ts). */
  readonly flaps: Map<OsdId, readonly number[]>;
  /** Which OSDs cannot reach each other (core/apart.ts). */
  apart: Apartness;
  readonly pgReports: Map<PgId, PgReport>;
  readonly clients: Map<InstanceId, ClientReport>;
  /** Scrubs that people ordered, until the PG's primary reports them done. */
  readonly scrubOrders: Map<PgId, ScrubOrder>;
  readonly mdsReports: Map<EntityName, MdsReport>;
  /** What people ordered of the filesystem's scrub, until the MDS of rank 0 reports that it has done it. */
  fsScrubOrder: FsScrubOrder | undefined;
  /** Numbers of the newest that are done: the PG may have another primary since, who knows nothing of them. */
  readonly scrubsDone: Map<PgId, number>;
}

export type LeasesAtStart = Pick<MonState, 'osdLeases' | 'mdsLeases' | 'pastLeases'>;

/** The state of a mon that starts with `map`, and with the leases that may still run from its last life (silences.ts). */
export function newState(map: ClusterMap, settings: MonSettings, now: Now, leases: LeasesAtStart): MonState {
  const state: MonState = {
    settings,
    map,
    draft: new MapDraft(map),
    tickedMs: now.monotonicMs,
    ...leases,
    mdsReplays: new Map(),
    goneOsds: new Map(),
    downSinceMs: new Map(),
    osdReports: new Map(),
    flaps: new Map(),
    apart: noneApart,
    pgReports: new Map(),
    clients: new Map(),
    scrubOrders: new Map(),
    mdsReports: new Map(),
    fsScrubOrder: undefined,
    scrubsDone: new Map(),
  };
  for (const { id, up } of map.osds.values()) if (!up) state.downSinceMs.set(id, now.monotonicMs);
  return state;
}

/**
 * Time has passed. When it was much more than a tick this mon stood still (a stopped process, a suspended machine)
 * and heard nobody: those whose leases ended meanwhile get half a lease to be heard, once until they are.
 */
export function passTime(state: MonState, now: Now): void {
  const { tickMs, leaseMs } = state.settings;
  const passedMs = now.monotonicMs - state.tickedMs;
  state.tickedMs = now.monotonicMs;
  if (passedMs < Math.max(stallTicks * tickMs, leaseMs / 4)) return;
  const untilMs = now.monotonicMs + leaseMs / 2;
  for (const leases of [state.osdLeases, state.mdsLeases] as Map<unknown, Lease>[]) {
    for (const [holder, lease] of leases) {
      if (!lease.excused && !lease.revoked && lease.untilMs < untilMs) leases.set(holder, { ...lease, untilMs, excused: true });
    }
  }
}

/** What a daemon is told: less than the mon itself waits, so that clocks may run a little apart. */
export function grantedMs({ settings }: MonState): number {
  return settings.leaseMs - settings.leaseMarginMs;
}
