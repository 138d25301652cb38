import { FsError } from '../../../common/errors/fs-error.ts';
import { type PgId, parsePgId } from '../../../common/maps/ids.ts';
import { pgMapping, type PgMapping } from '../../../common/maps/placement.ts';
import type { InconsistentPg, ScrubOrdered } from '../../client/reports.ts';
import { stateOf } from '../pg-states.ts';
import { orderScrub, type ScrubKind } from '../scrub-orders.ts';
import type { MonState, Now } from '../state.ts';
import type { Arguments } from './arguments.ts';

/** `pg scrub|deep-scrub|repair {pg}`: EAGAIN with the reason when its primary cannot begin. */
export function scrubCommand(kind: ScrubKind): (state: MonState, args: Arguments, now: Now) => ScrubOrdered {
  return (state, args, now) => {
    const mapping = pgOf(state, args);
    const { pgId, primary } = mapping;
    const words = stateOf(state, mapping);
    if (primary === undefined || !words.split('+').includes('active')) {
      const why =
        words === 'down' || primary === undefined
          ? `start ${mapping.acting.map((osd) => `osd.${osd}`).join(' or ')} first (nacre health detail says more)`
          : 'wait until it is active (nacre pg ls)';
      throw new FsError('EAGAIN', `PG ${pgId} is ${words} and nobody can compare its copies: ${why}`, { retry: 'safe' });
    }
    return { pg: pgId, kind, primary, order: orderScrub(state, pgId, kind, now).id };
  };
}

/** `pg list-inconsistent {pg?}`: the wrong copies that scrub has found, of one PG or of all that have some. */
export function listInconsistent(state: MonState, args: Arguments): readonly InconsistentPg[] {
  const found: InconsistentPg[] = [];
  const wanted = args.has('pg') ? pgOf(state, args).pgId : undefined;
  for (const [pg, report] of state.pgReports) {
    const mapping = pgMapping(state.map, pg);
    if (mapping === undefined || (wanted === undefined ? report.scrubErrors === 0 : pg !== wanted)) continue;
    const { lastScrubMs, lastDeepScrubMs, scrubErrors, findings } = report;
    found.push({ pg, state: stateOf(state, mapping), lastScrubMs, lastDeepScrubMs, errors: scrubErrors, findings });
  }
  return found.sort((a, b) => (a.pg < b.pg ? -1 : 1));
}

function pgOf(state: MonState, args: Arguments): PgMapping {
  const text = args.text('pg');
  const parsed = parsePgId(text);
  if (parsed === undefined) throw new FsError('EINVAL', `${text} is not the name of a PG: it is like 1.3f (nacre pg ls)`);
  const mapping = pgMapping(state.map, text as PgId);
  if (mapping === undefined || parsed.seq >= (state.map.pools.get(parsed.pool)?.pgNum ?? 0))
    throw new FsError('ENOENT', `there is no PG ${text} (nacre pg ls)`);
  return mapping;
}
