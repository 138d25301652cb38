import { lostUuid } from '../../../common/maps/cluster-map.ts';
import { FsError } from '../../../common/errors/fs-error.ts';
import type { OsdId } from '../../../common/maps/ids.ts';
import type { LostReport } from '../../client/reports.ts';
import { giveUpOsd } from '../osds.ts';
import { lostWith } from '../replaced-stores.ts';
import { successorOf } from '../settle-pgs.ts';
import type { MonState } from '../state.ts';
import type { Arguments } from './arguments.ts';
import { findOsd } from './osd-state.ts';

/** What must be said beside the OSD's number, twice, to have its disk given up. */
const sentence = 'what only it has is lost for good';

/**
 * `osd lost {osd, again, sure}`: the disk of an OSD that is down is gone for good. The OSD leaves every acting set, and no PG
 * waits for it any more; one whose members are all given up goes on with what the OSD has that left it last, or empty.
 * Its store is never let in again; another may take its number. `again` repeats the number and `sure` is a whole sentence, so
 * that neither a slip of the hand nor a script's empty variable does it. Repeated it does no harm.
 */
export function osdLost(state: MonState, args: Arguments): LostReport {
  const { map, draft } = state;
  const osd = findOsd(state, args);
  const name = `osd.${osd.id}`;
  if (args.integer('again', 0, Number.MAX_SAFE_INTEGER) !== osd.id)
    throw new FsError('EINVAL', `osd lost: "again" must repeat the number of the OSD, ${osd.id}`);
  if (args.text('sure') !== sentence) throw new FsError('EINVAL', `osd lost: "sure" must be the sentence "${sentence}"`);
  if (osd.up || map.osds.get(osd.id)?.up === true) throw new FsError('EBUSY', `${name} is up: what it has is not lost. Stop it first`);
  if (osd.upFrom === 0) throw new FsError('EBUSY', `${name} was never up, so nothing is on it: nacre osd rm ${osd.id} forgets it`);
  if (osd.uuid === lostUuid) return { osd: osd.id, olderCopies: [], empty: [] };
  const olderCopies: { readonly pg: string; readonly osd: OsdId }[] = [];
  const empty: string[] = [];
  for (const pg of lostWith(draft, osd.id)) {
    const former = (map.pgs.get(pg)?.former ?? []).filter((member) => member.osd !== osd.id && draft.osds.has(member.osd));
    const next = successorOf(draft, former);
    if (next === undefined) empty.push(pg);
    else olderCopies.push({ pg, osd: next.osd });
  }
  giveUpOsd(state, osd.id);
  return { osd: osd.id, olderCopies, empty };
}
