/**
 * Scrubs that people order: told to the PG's primary with every answer to its beacon, whoever that is by then, until
 * it reports that it has carried them out. A mon that starts again has forgotten them.
 * @module
 */
import type { OsdId, PgId } from '../../common/maps/ids.ts';
import { pgMapping } from '../../common/maps/placement.ts';
import type { ScrubOrder } from '../../common/wire/gen/messages.ts';
import type { MonState, Now } from './state.ts';

export const scrubKinds = ['scrub', 'deep-scrub', 'repair'] as const;
export type ScrubKind = (typeof scrubKinds)[number];

/** A newer order of a PG replaces an older one. */
export function orderScrub(state: MonState, pg: PgId, kind: ScrubKind, now: Now): ScrubOrder {
  // Above all that an earlier mon has given out.
  const id = Math.max(Math.floor(now.wallMs), (state.scrubOrders.get(pg)?.id ?? 0) + 1, lastScrubOrder(state, pg) + 1);
  const order = { pg, id, kind };
  state.scrubOrders.set(pg, order);
  return order;
}

/** The newest order of a PG that was carried out; 0: none. */
export function lastScrubOrder(state: MonState, pg: PgId): number {
  return Math.max(state.pgReports.get(pg)?.scrubOrder ?? 0, state.scrubsDone.get(pg) ?? 0);
}

/** What `osd` is to do; forgets what has been done. */
export function scrubOrdersFor(state: MonState, osd: OsdId): ScrubOrder[] {
  const orders: ScrubOrder[] = [];
  for (const [pg, order] of state.scrubOrders) {
    const mapping = pgMapping(state.map, pg);
    const isDone = (state.pgReports.get(pg)?.scrubOrder ?? 0) >= order.id;
    if (isDone) state.scrubsDone.set(pg, order.id);
    if (isDone || mapping === undefined) state.scrubOrders.delete(pg);
    else if (mapping.primary === osd) orders.push(order);
  }
  return orders;
}
