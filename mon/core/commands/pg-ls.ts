import { FsError } from '../../../common/errors/fs-error.ts';
import { allPgs } from '../../../common/maps/placement.ts';
import type { PgStatus } from '../../client/reports.ts';
import { poolOfPg, stateOf } from '../pg-states.ts';
import { lastScrubOrder } from '../scrub-orders.ts';
import type { MonState } from '../state.ts';
import { poolOf } from '../usage.ts';
import type { Arguments } from './arguments.ts';

/** `pg ls {pool?, state?}`: the PGs, of one pool, or those whose state has this word. */
export function listPgs(state: MonState, args: Arguments): readonly PgStatus[] {
  const pool = args.has('pool') ? args.name('pool') : undefined;
  const word = args.has('state') ? args.text('state') : undefined;
  if (pool !== undefined && !poolOf(state, pool)) throw new FsError('ENOENT', `there is no pool ${pool}`);
  const found: PgStatus[] = [];
  for (const mapping of allPgs(state.map)) {
    const { pgId, up, acting, primary, interval } = mapping;
    const poolName = poolOfPg(state.map, pgId)?.name ?? '';
    const words = stateOf(state, mapping);
    if ((pool !== undefined && poolName !== pool) || (word !== undefined && !words.split('+').includes(word))) continue;
    const { objects = 0, bytes = 0, degraded = 0, misplaced = 0 } = state.pgReports.get(pgId) ?? {};
    const { lastScrubMs = 0, lastDeepScrubMs = 0, scrubErrors = 0 } = state.pgReports.get(pgId) ?? {};
    found.push({
      pg: pgId,
      pool: poolName,
      state: words,
      up,
      acting,
      primary: primary ?? null,
      interval,
      objects,
      bytes,
      degraded,
      misplaced,
      lastScrubMs,
      lastDeepScrubMs,
      scrubErrors,
      lastOrder: lastScrubOrder(state, pgId),
      order: state.scrubOrders.get(pgId)?.id ?? 0,
    });
  }
  return found;
}
