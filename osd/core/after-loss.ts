/**
 * Copies of a PG whose last members were given up for lost (`nacre osd lost`): writes that were acknowledged are gone, and the
 * history goes on from an older or a partial copy.
 *
 * What a copy from before says of acknowledged writes is void then: its activation mark would have it that the new primary
 * lacks something, which is so, and known. A whole one is still compared by its log, since equal versions mean equal histories
 * whatever was lost; but of a partial one, whose log has gaps, nobody is left who could tell what it lacks: nothing of it counts.
 * @module
 */
import type { PgInfo } from './pg.ts';
import { zeroVersion } from './version.ts';

/** The info of a member's copy when it takes part in `interval`, of a PG that had its newest loss in `lostAt`. */
export function infoInInterval(info: PgInfo, interval: number, lostAt: number): PgInfo {
  if (info.lostAt === lostAt) return { ...info, interval };
  const known: PgInfo = { ...info, interval, lostAt, activated: zeroVersion };
  return info.condition === 'whole' ? known : { ...known, condition: 'backfilling', cursor: '' };
}
