import { allPgs } from '../../../common/maps/placement.ts';
import { isStaying } from '../osds.ts';
import { poolOfPg, stateOf } from '../pg-states.ts';
import type { MonState } from '../state.ts';
import type { Arguments } from './arguments.ts';
import { findOsd } from './osd-state.ts';

export interface StopAdvice {
  readonly osd: number;
  /** Whether every PG goes on serving writes when this OSD stops now. */
  readonly safe: boolean;
  /** PGs it acts for. */
  readonly pgs: number;
  /** PGs that would not, each with the reason. */
  readonly blocked: readonly { readonly pg: string; readonly pool: string; readonly reason: string }[];
}

/**
 * `osd safe-to-stop {osd}`: whether every PG keeps `minSize` members that hold all its data without this OSD. It
 * says so for this moment, and for this OSD alone: ask again before the next one is stopped.
 */
export function safeToStop(state: MonState, args: Arguments): StopAdvice {
  const { id } = findOsd(state, args);
  const { map } = state;
  const blocked: StopAdvice['blocked'][number][] = [];
  let pgs = 0;
  for (const mapping of allPgs(map)) {
    const { pgId, acting } = mapping;
    const pool = poolOfPg(map, pgId);
    if (!pool || !acting.includes(id)) continue;
    pgs += 1;
    const words = stateOf(state, mapping);
    const left = acting.filter((osd) => osd !== id && isStaying(state, osd)).length;
    const reason = !words.split('+').includes('active')
      ? `it is ${words} now: wait until it is active`
      : left < pool.minSize
        ? `${left} of the ${pool.minSize} copies that it needs to serve would be left`
        : undefined;
    if (reason !== undefined) blocked.push({ pg: pgId, pool: pool.name, reason });
  }
  return { osd: id, safe: blocked.length === 0, pgs, blocked };
}
