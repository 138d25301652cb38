/**
 * OSDs: boot, beacons, leases, down, out.
 * @module
 */
import { addOsd, findBucket, hostOf, isPlaced, moveHost, pruned, removeOsd, weightOfOsd } from '../../common/crush/crush-edit.ts';
import type { CrushMap } from '../../common/crush/crush-map.ts';
import { FsError } from '../../common/errors/fs-error.ts';
import { type OsdInfo, lostUuid } from '../../common/maps/cluster-map.ts';
import { type InstanceId, type OsdId, epoch, instanceId, osdId, pgId, parsePgId } from '../../common/maps/ids.ts';
import type { OsdBeaconReply, OsdBeaconRequest, OsdBootRequest } from '../../common/wire/gen/messages.ts';
import { flapping, noteDown, refuseFlapping } from './flapping.ts';
import { noteFullness } from './fullness.ts';
import { checkReplacement } from './replaced-stores.ts';
import { scrubOrdersFor } from './scrub-orders.ts';
import { type MonState, type Now, grantedMs } from './state.ts';

/** CRUSH weight 1.0 stands for so much, as in Ceph. */
const bytesPerWeight = 2 ** 40;
/** OSDs are numbered from 0 to this. */
export const osdIdMax = 9_999;

/**
 * An OSD has started (or found itself down although it lives). Registers it on its first boot. Its store is
 * locked by one process, so a boot also tells that any earlier life of this OSD is over. With another store than it
 * had it begins anew (replaced-stores.ts).
 */
export function bootOsd(state: MonState, request: OsdBootRequest, now: Now): void {
  const { draft } = state;
  if (request.osd > osdIdMax) throw new FsError('EINVAL', `OSD number ${request.osd} is above ${osdIdMax}`);
  const id = osdId(request.osd);
  const instance = instanceId(request.instance);
  const known = draft.osds.get(id);
  refuseStranger(state, request, known);
  if (known?.up === true && known.instance === instance && known.address === request.address) return;
  if (known?.up === true && known.instance !== instance) noteDown(state, id, now);
  if (refuseFlapping(state, id, now)) {
    if (known?.up === true) markDown(state, known, now);
    throw flapping(state, id, now);
  }
  place(state, request);
  const isNew = !known || known.upFrom === 0;
  const mayComeIn = !draft.flags.has('noin');
  const comesIn = isNew ? mayComeIn : known.in || (known.autoOut && mayComeIn);
  draft.setOsd({
    id,
    uuid: request.uuid,
    address: request.address,
    host: request.host,
    up: true,
    in: comesIn,
    fullness: known?.fullness ?? 'roomy',
    // Kept out by noin alone: a boot without it brings it in.
    autoOut: !comesIn && !isNew && known.autoOut,
    reweight: known?.reweight ?? 0x10000,
    instance,
    upFrom: draft.epoch,
    downAt: known?.downAt ?? epoch(0),
  });
  state.downSinceMs.delete(id);
  state.goneOsds.delete(id);
  state.osdReports.delete(id);
  state.osdLeases.set(id, { instance, untilMs: now.monotonicMs + state.settings.leaseMs, revoked: false, heard: true, excused: false });
}

/** Renews the lease of an OSD that is up, and keeps what it reports. A lease of 0 ms says: you are down, boot. */
export function osdBeacon(state: MonState, request: OsdBeaconRequest, now: Now): OsdBeaconReply {
  const id = osdId(request.osd);
  const known = state.draft.osds.get(id);
  const lease = state.osdLeases.get(id);
  if (known?.up !== true || known.instance !== request.instance || !lease || lease.revoked)
    return { epoch: state.map.epoch, leaseMs: 0, scrubOrders: [] };
  const { instance } = lease;
  state.goneOsds.delete(id);
  state.osdLeases.set(id, { instance, untilMs: now.monotonicMs + state.settings.leaseMs, revoked: false, heard: true, excused: false });
  const { epoch: shown, usedBytes, totalBytes, storedBytes, objects } = request;
  const unreachable = request.unreachable.map((peer) => ({
    osd: osdId(peer.osd),
    instance: instanceId(peer.instance),
    forMs: peer.forMs,
  }));
  state.osdReports.set(id, {
    instance,
    epoch: shown,
    stats: { usedBytes, totalBytes, storedBytes, objects },
    unreachable,
    heardMs: now.monotonicMs,
  });
  noteFullness(state, id);
  for (const stat of request.pgs) {
    const parsed = parsePgId(stat.pg);
    if (!parsed || !state.map.pools.has(parsed.pool)) continue;
    // Field by field: what a decoded message leaves at its default is not its own, and a spread would lose it.
    const { pg, state: shownState, interval, objects: pgObjects, bytes, degraded, misplaced } = stat;
    const { recoveredObjectsPerSecond, recoveredBytesPerSecond } = stat;
    const { lastScrubMs, lastDeepScrubMs, scrubErrors, findings, scrubOrder, unfoundObjects, unfound } = stat;
    state.pgReports.set(pgId(parsed.pool, parsed.seq), {
      pg,
      state: shownState,
      interval,
      objects: pgObjects,
      bytes,
      degraded,
      misplaced,
      recoveredObjectsPerSecond,
      recoveredBytesPerSecond,
      lastScrubMs,
      lastDeepScrubMs,
      scrubErrors,
      findings: findings.map(({ object, osd, what, good, detail }) => ({ object, osd, what, good, detail })),
      scrubOrder,
      unfoundObjects,
      unfound: unfound.map(({ object, osds }) => ({ object, osds })),
      from: id,
    });
  }
  return { epoch: state.map.epoch, leaseMs: grantedMs(state), scrubOrders: scrubOrdersFor(state, id) };
}

/**
 * The process of this life is known to be gone: nobody listens at its address. Down after `goneMs`, together with
 * whoever else is gone by then, so that what dies together leaves acting sets together (R3).
 *
 * One that this mon has not heard since it started itself is left to its lease: when a whole cluster starts
 * again every address of before is dead, and each OSD is about to boot at a new one.
 */
export function osdGone(state: MonState, id: OsdId, instance: InstanceId, now: Now): void {
  const known = state.draft.osds.get(id);
  if (known?.up !== true || known.instance !== instance || state.osdLeases.get(id)?.heard !== true) return;
  if (!state.goneOsds.has(id)) state.goneOsds.set(id, { instance, sinceMs: now.monotonicMs });
}

/** An administrator wants it down: its lease is not renewed any more, and when it ends the OSD is down (R4). */
export function revokeOsd(state: MonState, id: OsdId): void {
  const lease = state.osdLeases.get(id);
  if (lease) state.osdLeases.set(id, { ...lease, revoked: true });
}

/** Marks an OSD in or out, for good: a boot does not change it. One that is flapping is let up again at once. */
export function setOsdIn(state: MonState, id: OsdId, isIn: boolean): void {
  const known = state.draft.osds.get(id);
  if (isIn) state.flaps.delete(id);
  if (known && (known.in !== isIn || known.autoOut)) state.draft.setOsd({ ...known, in: isIn, autoOut: false });
}

/** Sets the share of its PGs that an OSD keeps while it is in; 16.16 fixed point. A boot does not change it. */
export function setOsdReweight(state: MonState, id: OsdId, reweight: number): void {
  const known = state.draft.osds.get(id);
  if (known && known.reweight !== reweight) state.draft.setOsd({ ...known, reweight });
}

/**
 * The disk of an OSD that is down is gone: it leaves every acting set (settle-pgs.ts), and out of placement until it comes back
 * with another store.
 */
export function giveUpOsd(state: MonState, id: OsdId): void {
  const known = state.draft.osds.get(id);
  if (known) state.draft.setOsd({ ...known, uuid: lostUuid, in: false, autoOut: known.in || known.autoOut });
}

/** Takes an OSD out of the map and the tree. The caller has checked that nothing is lost with it. */
export function removeOsdFromMap(state: MonState, id: OsdId): void {
  const { draft } = state;
  draft.removeOsd(id);
  if (isPlaced(draft.crush, id)) draft.setCrush(pruned(removeOsd(draft.crush, id)));
  for (const part of [state.osdLeases, state.osdReports, state.downSinceMs, state.goneOsds, state.flaps]) part.delete(id);
}

/**
 * Whether an OSD is up and will stay so as far as anybody knows: its process has not been found gone, and nobody
 * ordered it down.
 */
export function isStaying({ draft, goneOsds, osdLeases }: MonState, id: OsdId): boolean {
  return draft.osds.get(id)?.up === true && !goneOsds.has(id) && osdLeases.get(id)?.revoked !== true;
}

/** Leases that ran out, and OSDs that were down for too long. */
export function tickOsds(state: MonState, now: Now): void {
  const { draft, osdLeases } = state;
  for (const [id, lease] of osdLeases) {
    const known = draft.osds.get(id);
    if (lease.untilMs > now.monotonicMs || !known) continue;
    if (!draft.flags.has('nodown') || lease.revoked) markDown(state, known, now);
  }
  if ([...state.goneOsds.values()].some(({ sinceMs }) => now.monotonicMs - sinceMs >= state.settings.goneMs)) markGone(state, now);
  if (draft.flags.has('noout')) return;
  for (const [id, sinceMs] of state.downSinceMs) {
    const known = draft.osds.get(id);
    if (known?.in === true && now.monotonicMs - sinceMs >= state.settings.downOutMs && mayGoOut(state)) {
      draft.setOsd({ ...known, in: false, autoOut: true });
    }
  }
}

function markGone(state: MonState, now: Now): void {
  for (const [id, { instance }] of state.goneOsds) {
    const known = state.draft.osds.get(id);
    if (known?.up === true && known.instance === instance && !state.draft.flags.has('nodown')) markDown(state, known, now);
  }
  state.goneOsds.clear();
}

function markDown(state: MonState, osd: OsdInfo, now: Now): void {
  // One that was told to go has not failed.
  if (state.osdLeases.get(osd.id)?.revoked !== true) noteDown(state, osd.id, now);
  state.draft.setOsd({ ...osd, up: false, downAt: state.draft.epoch });
  state.osdLeases.delete(osd.id);
  state.osdReports.delete(osd.id);
  state.downSinceMs.set(osd.id, now.monotonicMs);
}

/** Whether enough OSDs would be left in after one more goes. */
function mayGoOut({ draft, settings }: MonState): boolean {
  const osds = [...draft.osds.values()].filter(({ upFrom }) => upFrom > 0);
  const left = osds.filter((osd) => osd.in).length - 1;
  return left * 100 >= settings.minInPercent * osds.length;
}

function refuseStranger({ map, draft }: MonState, request: OsdBootRequest, known: OsdInfo | undefined): void {
  const name = `osd.${request.osd}`;
  if (request.uuid === '' || request.address === '' || request.host === '')
    throw new FsError('EINVAL', `${name}: a boot needs uuid, address and host`);
  if (known?.uuid === lostUuid && request.newestEpoch > 0) {
    throw new FsError(
      'EEXIST',
      `the store of ${name} was given up as lost (nacre osd lost), and others go on without what it has: empty its data directory to use the disk again`,
    );
  }
  if (known && known.uuid !== request.uuid) checkReplacement(draft, known);
  // A store that was in use here belongs to an OSD that was removed since: nobody counts on what it holds.
  if (!known && request.newestEpoch > 0 && request.newestEpoch <= map.epoch) {
    throw new FsError(
      'EEXIST',
      `${name} was removed from this cluster: empty its data directory to use the disk again, and register a new OSD (nacre osd add)`,
    );
  }
  const same = [...draft.osds.values()].find((osd) => osd.uuid === request.uuid && osd.id !== request.osd);
  if (same) throw new FsError('EEXIST', `this store belongs to osd.${same.id}: start it under that number, not as ${name}`);
  if (request.newestEpoch > map.epoch) {
    throw new FsError(
      'EILSEQ',
      `${name} has seen epoch ${request.newestEpoch}, the mon is at ${map.epoch}: the mon's store is older than the cluster`,
    );
  }
}

/**
 * Puts a new OSD into the CRUSH tree, with its host into its rack where the host is new; moves one that comes up on
 * another host. A host stays where an administrator has put it.
 */
function place({ draft }: MonState, { osd, host, rack, weight, totalBytes }: OsdBootRequest): void {
  const { crush } = draft;
  const placed = isPlaced(crush, osd);
  if (placed && hostOf(crush, osd) === host) return;
  refuseNames(crush, host, rack);
  const bySize = totalBytes > 0 ? Math.max(1, Math.round((totalBytes / bytesPerWeight) * 0x10000)) : 0x10000;
  const share = placed ? weightOfOsd(crush, osd) : weight > 0 ? weight : bySize;
  const isNewHost = !findBucket(crush, 'host', host);
  const added = addOsd(placed ? removeOsd(crush, osd) : crush, osd, host, share);
  draft.setCrush(pruned(isNewHost && rack !== '' ? moveHost(added, host, rack) : added));
}

/** Buckets share one space of names: a host may not be called as a rack is. Throws EINVAL. */
export function refuseNames(crush: CrushMap, host: string, rack: string): void {
  for (const [type, name] of [
    ['host', host],
    ['rack', rack],
  ] as const) {
    if (name === '') continue;
    if (!/^[A-Za-z0-9._-]{1,128}$/.test(name))
      throw new FsError('EINVAL', `"${name.slice(0, 128)}" is no name for a ${type}: letters, digits, ".", "_" and "-", at most 128`);
    const other = crush.buckets.find((bucket) => bucket.name === name && bucket.type !== type);
    if (other) throw new FsError('EINVAL', `a ${type} cannot be called ${name}: there is a ${other.type} of that name`);
  }
  if (host === rack) throw new FsError('EINVAL', `a host and its rack cannot both be called ${host}`);
}
