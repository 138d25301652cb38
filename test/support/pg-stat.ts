import type { PgStat } from '../../common/wire/gen/messages.ts';

/** A PG as its primary reports it, never scrubbed. */
export function pgStat(stat: Pick<PgStat, 'pg' | 'state' | 'interval'> & Partial<PgStat>): PgStat {
  return {
    objects: 0,
    bytes: 0,
    degraded: 0,
    misplaced: 0,
    recoveredObjectsPerSecond: 0,
    recoveredBytesPerSecond: 0,
    lastScrubMs: 0,
    lastDeepScrubMs: 0,
    scrubErrors: 0,
    findings: [],
    scrubOrder: 0,
    unfoundObjects: 0,
    unfound: [],
    ...stat,
  };
}
