import { FsError } from '../../common/errors/fs-error.ts';
import { type OsdId, type PgId, osdId, parsePgId, pgId } from '../../common/maps/ids.ts';
import { pgMappingAt } from '../../common/maps/placement.ts';
import type { PgCertifyRequest } from '../../common/wire/gen/messages.ts';
import { proveReached } from './apart.ts';
import type { MonState, Now } from './state.ts';

/**
 * A primary's word that members to come hold every acknowledged write of the interval (R2), and that it acknowledges
 * none without them from now on. They join the acting set with the next epoch.
 * Throws ESTALE when the interval is over or the sender is not the PG's primary; the primary looks at the newer
 * map and starts over.
 */
export function certify(state: MonState, request: PgCertifyRequest, sender: OsdId, now: Now): void {
  const { draft } = state;
  const parsed = parsePgId(request.pg);
  const mapping = parsed && pgMappingAt(draft.base, parsed.pool, parsed.seq);
  if (!parsed || !mapping) throw new FsError('ENOENT', `there is no PG ${request.pg}`);
  const id: PgId = pgId(parsed.pool, parsed.seq);
  if (mapping.interval !== request.interval || mapping.primary !== sender) {
    throw new FsError(
      'ESTALE',
      `PG ${id} is in interval ${mapping.interval} under osd.${mapping.primary ?? '(none)'}, not ${request.interval} under osd.${sender}`,
    );
  }
  const osds = request.osds.map(osdId).filter((osd) => mapping.candidates.includes(osd));
  if (osds.length === 0) return;
  draft.certify(id, osds);
  for (const osd of osds) state.apart = proveReached(state.apart, sender, osd, now.monotonicMs);
}
