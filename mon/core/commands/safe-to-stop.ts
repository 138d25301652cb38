import { FsError } from '../../../common/errors/fs-error.ts';
import type { OsdId } from '../../../common/maps/ids.ts';
import { allPgs } from '../../../common/maps/placement.ts';
import type { StopAdvice } from '../../client/reports.ts';
import { isStaying } from '../osds.ts';
import { poolOfPg, stateOf } from '../pg-states.ts';
import type { MonState } from '../state.ts';
import type { Arguments } from './arguments.ts';

/**
 * `osd safe-to-stop {osds}`: whether every PG keeps `minSize` members that hold all its data without these OSDs. It
 * says so for this moment, and for these OSDs together: ask again before the next ones are stopped.
 */
export function safeToStop(state: MonState, args: Arguments): StopAdvice {
  const { map } = state;
  const osds = [...new Set(args.integers('osds', 0, Number.MAX_SAFE_INTEGER))] as OsdId[];
  for (const id of osds) if (!map.osds.has(id)) throw new FsError('ENOENT', `there is no osd.${id}`);
  const blocked: StopAdvice['blocked'][number][] = [];
  let pgs = 0;
  for (const mapping of allPgs(map)) {
    const { pgId, acting } = mapping;
    const pool = poolOfPg(map, pgId);
    if (!pool || !osds.some((osd) => acting.includes(osd))) continue;
    pgs += 1;
    const words = stateOf(state, mapping);
    const left = acting.filter((osd) => !osds.includes(osd) && isStaying(state, osd)).length;
    const reason = !words.split('+').includes('active')
      ? `it is ${words} now: wait until it is active`
      : left < pool.minSize
        ? `${left} of the ${pool.minSize} copies that it needs to serve would be left`
        : undefined;
    if (reason !== undefined) blocked.push({ pg: pgId, pool: pool.name, reason });
  }
  return { osds, safe: blocked.length === 0, pgs, blocked };
}
