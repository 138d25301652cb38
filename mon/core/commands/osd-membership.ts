/**
 * OSDs that come and go for good.
 * @module
 */
import { findBucket, rackOf } from '../../../common/crush/crush-edit.ts';
import { FsError } from '../../../common/errors/fs-error.ts';
import { type OsdInfo, lostUuid } from '../../../common/maps/cluster-map.ts';
import { epoch, instanceId, osdId, type OsdId, type PgId } from '../../../common/maps/ids.ts';
import { osdIdMax, refuseNames, removeOsdFromMap } from '../osds.ts';
import { poolOfPg } from '../pg-states.ts';
import type { MonState } from '../state.ts';
import type { Arguments } from './arguments.ts';

/** So many PGs are named in a refusal. */
const namedMax = 5;

/**
 * `osd new {uuid, host, rack?}`: keeps the lowest free number for the store of that uuid, which no other can take then.
 * The OSD comes in, and into the tree, when it boots for the first time. Asked again for the same uuid it returns the same.
 */
export function newOsd({ draft }: MonState, args: Arguments): { readonly osd: number } {
  const uuid = args.text('uuid');
  const host = args.name('host');
  const rack = args.has('rack') ? args.name('rack') : '';
  const existing = [...draft.osds.values()].find((osd) => osd.uuid === uuid);
  if (existing) return { osd: existing.id };
  refuseNames(draft.crush, host, rack);
  const where = rackOf(draft.crush, host);
  if (rack !== '' && findBucket(draft.crush, 'host', host) && where !== rack) {
    throw new FsError(
      'EINVAL',
      `host ${host} is ${where === undefined ? 'in no rack' : `in rack ${where}`}: move it first with all that it holds (nacre osd move ${host} --rack ${rack})`,
    );
  }
  let id = 0;
  while (draft.osds.has(osdId(id))) id++;
  if (id > osdIdMax) throw new FsError('EINVAL', `there are ${osdIdMax + 1} OSDs already`);
  draft.setOsd({
    id: osdId(id),
    uuid,
    address: '',
    host,
    up: false,
    in: false,
    autoOut: true,
    fullness: 'roomy',
    reweight: 0x10000,
    instance: instanceId(0),
    upFrom: epoch(0),
    downAt: epoch(0),
  });
  return { osd: id };
}

/**
 * `osd rm {osd, uuid?}`: takes an OSD that is down out of the map and the CRUSH tree. Refused, with the reason, while it is
 * up, and while not every PG has all its copies on others: then it may hold the last of something. Its store can
 * never come back afterwards, under no number. With `uuid` it means that store only: repeated later it does not hit another
 * OSD that got the number.
 */
export function removeOsd(state: MonState, args: Arguments): object {
  const { draft } = state;
  const id = osdId(args.integer('osd', 0, osdIdMax));
  const osd = draft.osds.get(id);
  if (args.has('uuid') && osd?.uuid !== args.text('uuid')) return { osd: id };
  if (!osd) throw new FsError('ENOENT', `there is no osd.${id}`);
  const reason = whyNotRemove(state, osd);
  if (reason !== undefined) throw new FsError('EBUSY', `osd.${id} cannot be removed: ${reason}`);
  removeOsdFromMap(state, id);
  return { osd: id };
}

function whyNotRemove({ map, draft }: MonState, { id, uuid, up, in: isIn, upFrom }: OsdInfo): string | undefined {
  // It never held anything, or what it held is given up.
  if ((upFrom === 0 && !up) || (uuid === lostUuid && map.osds.get(id)?.uuid === lostUuid)) return undefined;
  if (up)
    return `it is up. ${isIn ? `Empty it first (nacre osd out ${id}), wait for HEALTH_OK, then stop` : 'Stop'} it (nacre stop osd.${id})`;
  const isUp = (osd: OsdId): boolean => draft.osds.get(osd)?.up === true;
  const last: PgId[] = [];
  const short: PgId[] = [];
  for (const [pg, { acting }] of map.pgs) {
    if (acting.includes(id)) last.push(pg);
    else if (acting.filter(isUp).length < (poolOfPg(map, pg)?.size ?? 0)) short.push(pg);
  }
  if (last.length > 0) return `it holds what nobody else has of PG ${named(last)}. Start it again (nacre start osd.${id})`;
  if (short.length > 0) {
    const advice = isIn
      ? `Take it out (nacre osd out ${id}) and wait for that, or start it again`
      : `Wait until they are copied; where they never are, for want of places, nacre osd weight ${id} 0 helps, or another OSD`;
    return `others do not have all copies yet of PG ${named(short)}. ${advice}`;
  }
  return undefined;
}

function named(pgs: readonly PgId[]): string {
  const shown = pgs.slice(0, namedMax).join(', ');
  return pgs.length > namedMax ? `${shown} and ${pgs.length - namedMax} more` : shown;
}
