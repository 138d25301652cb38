/**
 * What holds of any two successive maps of a {@link World}, whatever happened in between.
 * @module
 */
import { type ClusterMap, lostUuid } from '../../../../common/maps/cluster-map.ts';
import type { PgId } from '../../../../common/maps/ids.ts';
import { allPgs, pgMapping } from '../../../../common/maps/placement.ts';
import { pgBefore, pgNumOf, poolOf, splitPool } from './split-pool.ts';

/** Throws what does not hold. */
export function checkStep(before: ClusterMap, after: ClusterMap): void {
  if (after.epoch !== before.epoch + 1) throw new Error(`epoch ${after.epoch} after ${before.epoch}`);
  for (const mapping of allPgs(after)) {
    const { pgId, acting, primary, interval, up, candidates } = mapping;
    const isSplit = pgNumOf(after) > pgNumOf(before) && pgNumOf(before) > 0;
    const past = pgMapping(before, isSplit ? pgBefore(pgId, pgNumOf(before)) : pgId);
    const alive = acting.filter((osd) => after.osds.get(osd)?.up === true);
    const wasWhole = past?.primary !== undefined;
    if (alive.length !== 0 && alive.length !== acting.length && (wasWhole || primary !== undefined))
      throw new Error(`PG ${pgId} acts on [${acting.join()}], of which only [${alive.join()}] live`);
    if (primary !== (alive.length === acting.length ? acting[0] : undefined)) throw new Error(`the primary of PG ${pgId} is not first`);
    if (new Set(acting).size !== acting.length) throw new Error(`PG ${pgId} acts twice on one OSD`);
    checkLoss(before, after, pgId, past?.pgId);
    if (!past || past.acting.length === 0 || after.pgs.get(pgId)?.lostAt === after.epoch) continue;
    if (acting.length === 0 || !acting.some((osd) => past.acting.includes(osd) || past.up.includes(osd)))
      throw new Error(`PG ${pgId} lost its last member`);
    const lifeChanged = [...acting, ...up, ...candidates].some((osd) => before.osds.get(osd)?.upFrom !== after.osds.get(osd)?.upFrom);
    if (isSplit && poolOf(pgId) === splitPool) {
      if (interval !== after.epoch) throw new Error(`PG ${pgId}: split in epoch ${after.epoch}, its interval is ${interval}`);
      if (!acting.every((osd) => past.acting.includes(osd) || past.up.includes(osd)))
        throw new Error(`PG ${pgId} acts on [${acting.join()}], and came from one that acted on [${past.acting.join()}]`);
      continue;
    }
    const lists = (of: typeof mapping): string => [of.acting, of.up, of.candidates].join(' | ');
    const changed = lists(mapping) !== lists(past) || lifeChanged;
    if (changed !== interval > past.interval) throw new Error(`PG ${pgId}: interval ${past.interval} → ${interval}, changed: ${changed}`);
    if (changed && interval !== after.epoch) throw new Error(`PG ${pgId}: interval ${interval} began in epoch ${after.epoch}`);
  }
}

/** R3: a set ends only when the disks of all its members are given up, by command. Who left last then takes over. */
function checkLoss(before: ClusterMap, after: ClusterMap, pg: PgId, source: PgId | undefined): void {
  const record = after.pgs.get(pg);
  const past = source === undefined ? undefined : before.pgs.get(source);
  if (!record || !past || record.lostAt === past.lostAt) return;
  if (record.lostAt !== after.epoch) throw new Error(`PG ${pg}: given up in epoch ${record.lostAt}, as epoch ${after.epoch} says`);
  const kept = past.acting.filter((osd) => after.osds.get(osd)?.uuid !== lostUuid);
  if (kept.length > 0) throw new Error(`PG ${pg} was given up, although osd.${kept.join()} is not lost`);
  const isLeft = (osd: (typeof past.acting)[number]): boolean => after.osds.get(osd)?.uuid === before.osds.get(osd)?.uuid;
  const former = past.former.filter(({ osd }) => after.osds.has(osd) && isLeft(osd));
  const next = former.filter(({ leftAt }) => leftAt === former[0]?.leftAt).map(({ osd }) => osd);
  if (next.length > 0 && !(record.acting.length === 1 && next.some((osd) => record.acting.includes(osd))))
    throw new Error(`PG ${pg} goes on with [${record.acting.join()}], although osd.${next.join()} left it last`);
}
