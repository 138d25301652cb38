/**
 * Everything that a monitor knows: the map (durable) and what it has heard (not durable: leases and reports
 * come again).
 * @module
 */
import type { ClusterMap } from '../../common/maps/cluster-map.ts';
import type { EntityName, InstanceId, OsdId, PgId } from '../../common/maps/ids.ts';
import type { ClientBeaconRequest, OsdBeaconRequest, PgStat } from '../../common/wire/gen/messages.ts';
import type { MonConfig } from '../config.ts';
import { MapDraft } from './draft.ts';

/** The settings that the state machine reads. */
export type MonSettings = Pick<
  MonConfig,
  'leaseMs' | 'leaseMarginMs' | 'downOutMs' | 'minInPercent' | 'blocklistMs' | 'clientTimeoutMs' | 'nearfullPercent' | 'fullPercent'
>;

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
}

/** An OSD's last report. */
export interface OsdReport {
  readonly instance: InstanceId;
  /** Newest map it has shown to act on. */
  readonly epoch: number;
  readonly stats: Pick<OsdBeaconRequest, 'usedBytes' | 'totalBytes' | 'storedBytes' | 'objects'>;
}

export interface PgReport extends PgStat {
  readonly from: OsdId;
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
  readonly osdLeases: Map<OsdId, Lease>;
  readonly mdsLeases: Map<EntityName, Lease>;
  /** Since when, in monotonic time, an OSD is down (as far as this mon's life knows). */
  readonly downSinceMs: Map<OsdId, number>;
  readonly osdReports: Map<OsdId, OsdReport>;
  readonly pgReports: Map<PgId, PgReport>;
  readonly clients: Map<InstanceId, ClientReport>;
}

/**
 * The state of a mon that starts with `map`. Whoever is up in it gets a whole lease from now on: it may hold
 * one from the mon's last life, which ends before that (R4).
 */
export function newState(map: ClusterMap, settings: MonSettings, now: Now): MonState {
  const state: MonState = {
    settings,
    map,
    draft: new MapDraft(map),
    osdLeases: new Map(),
    mdsLeases: new Map(),
    downSinceMs: new Map(),
    osdReports: new Map(),
    pgReports: new Map(),
    clients: new Map(),
  };
  const untilMs = now.monotonicMs + settings.leaseMs;
  for (const { id, up, instance } of map.osds.values()) {
    if (up) state.osdLeases.set(id, { instance, untilMs, revoked: false });
    else state.downSinceMs.set(id, now.monotonicMs);
  }
  for (const { name, instance } of map.mdss.values()) state.mdsLeases.set(name, { instance, untilMs, revoked: false });
  return state;
}

/** What a daemon is told: less than the mon itself waits, so that clocks may run a little apart. */
export function grantedMs({ settings }: MonState): number {
  return settings.leaseMs - settings.leaseMarginMs;
}
