/**
 * The monitor's state machine: takes facts one at a time, collects what they change, and seals a batch of
 * changes into the next epoch. Synchronous and pure: its only inputs are the events and the time they carry.
 *
 *   event ──▶ step ──▶ reply (to be sent once everything up to it is durable)
 *                └───▶ draft ──seal──▶ map and increment (to be stored, then published)
 * @module
 */
import { assert } from '../../common/errors/assert.ts';
import type { ClusterMap } from '../../common/maps/cluster-map.ts';
import type { EntityName, InstanceId, OsdId } from '../../common/maps/ids.ts';
import { type MapIncrement, diffMaps } from '../../common/maps/increment.ts';
import type {
  ClientBeaconRequest,
  MdsBeaconReply,
  MdsBeaconRequest,
  OsdBeaconReply,
  OsdBeaconRequest,
  OsdBootRequest,
  PgCertifyRequest,
  StatfsReply,
  StatfsRequest,
} from '../../common/wire/gen/messages.ts';
import { apartAt, differ, pairOf, way } from './apart.ts';
import { certify } from './certify.ts';
import { clientBeacon, clientGone, tickClients } from './clients.ts';
import { runCommand } from './commands/index.ts';
import { MapDraft } from './draft.ts';
import { mdsBeacon, mdsGone, tickMdss } from './mdss.ts';
import { tickFlaps } from './flapping.ts';
import { bootOsd, osdBeacon, osdGone, tickOsds } from './osds.ts';
import { isUnsettled } from './settle-pgs.ts';
import { type LeaseRecord, leaseRecord, leasesAtStart } from './silences.ts';
import { type MonSettings, type MonState, type Now, newState, passTime } from './state.ts';
import { type ClusterStatus, statusOf } from './status.ts';
import { statfs } from './usage.ts';

export class MonCore {
  readonly #state: MonState;
  /** Whether time alone may change a PG of the newest map. */
  #unsettled: boolean;

  /** `stored`: what the last life noted of its leases; undefined in a new cluster. */
  constructor(map: ClusterMap, settings: MonSettings, now: Now, stored?: LeaseRecord) {
    this.#state = newState(map, settings, now, leasesAtStart(map, stored, settings, now));
    this.#unsettled = isUnsettled(map);
  }

  /** Newest sealed map. */
  get map(): ClusterMap {
    return this.#state.map;
  }

  /** Whether there is something to seal. */
  get changed(): boolean {
    return this.#state.draft.changed;
  }

  bootOsd(request: OsdBootRequest, now: Now): void {
    bootOsd(this.#state, request, now);
  }

  osdBeacon(request: OsdBeaconRequest, now: Now): OsdBeaconReply {
    return osdBeacon(this.#state, request, now);
  }

  certify(request: PgCertifyRequest, sender: OsdId, now: Now): void {
    certify(this.#state, request, sender, now);
  }

  mdsBeacon(request: MdsBeaconRequest, now: Now): MdsBeaconReply {
    return mdsBeacon(this.#state, request, now);
  }

  clientBeacon(request: ClientBeaconRequest, address: string, now: Now): void {
    clientBeacon(this.#state, request, address, now);
  }

  clientGone(instance: InstanceId): void {
    clientGone(this.#state, instance);
  }

  /** The process of an OSD's life is known to be gone. */
  osdGone(osd: OsdId, instance: InstanceId, now: Now): void {
    osdGone(this.#state, osd, instance, now);
  }

  /** The process of an MDS's life is known to be gone. */
  mdsGone(name: EntityName, instance: InstanceId, now: Now): void {
    mdsGone(this.#state, name, instance, now);
  }

  /** This mon's own address may have changed. */
  setMon(name: EntityName, address: string): void {
    const { draft } = this.#state;
    const mons = draft.base.mons;
    if (mons.some((mon) => mon.name === name && mon.address === address)) return;
    draft.setMons([...mons.filter((mon) => mon.name !== name), { name, address }]);
  }

  /** Runs an administrative command; its result is JSON. Throws EINVAL and what the command itself says. */
  command(command: unknown, now: Now): unknown {
    return runCommand(this.#state, command, now);
  }

  /** The whole truth. */
  status(): ClusterStatus {
    return statusOf(this.#state);
  }

  statfs(request: StatfsRequest): StatfsReply {
    return statfs(this.#state, request);
  }

  /** What is to be stored of leases (silences.ts). */
  leaseRecord(now: Now): LeaseRecord {
    return leaseRecord(this.#state, now);
  }

  /** Time has passed: leases run out, what is old is dropped. */
  tick(now: Now): void {
    passTime(this.#state, now);
    tickOsds(this.#state, now);
    tickMdss(this.#state, now);
    tickClients(this.#state, now);
    tickFlaps(this.#state, now);
    const { draft, osdReports: reports, settings } = this.#state;
    for (const [instance, { untilMs }] of draft.blocklist) if (untilMs <= now.wallMs) draft.removeBlocklisted(instance);
    const apart = apartAt({ before: this.#state.apart, osds: draft.osds, reports, settings, nowMs: now.monotonicMs });
    const rearranged = differ(apart, this.#state.apart);
    this.#state.apart = apart;
    // While some are apart, what could not be arranged yet (R4) may be so now.
    if (this.#unsettled || rearranged || apart.cut.size > 0) draft.reconsider();
  }

  /** Ends the batch. Undefined when its changes came to nothing. */
  seal(now: Now): { readonly map: ClusterMap; readonly increment: MapIncrement } | undefined {
    const before = this.#state.map;
    const { draft, osdReports, downSinceMs, settings, apart } = this.#state;
    const map = draft.seal(now.wallMs, {
      knownEpoch: (osd) => osdReports.get(osd)?.epoch ?? 0,
      isExpected: (osd) => now.monotonicMs - (downSinceMs.get(osd) ?? Number.NEGATIVE_INFINITY) < settings.returnMs,
      isCut: (a, b) => apart.cut.has(way(a, b)),
      wereApart: (a, b) => apart.untilMs.has(pairOf(a, b)),
    });
    this.#state.draft = new MapDraft(map ?? before);
    if (!map) return undefined;
    assert(map.epoch === before.epoch + 1, 'epochs rise by one');
    this.#state.map = map;
    this.#unsettled = isUnsettled(map);
    return { map, increment: diffMaps(before, map) };
  }
}
