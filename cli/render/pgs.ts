import type { PgStatus } from '../../mon/client/reports.ts';
import { stamp } from './scrub.ts';
import { bytes } from './status.ts';
import { table } from './table.ts';

const titles = ['pg', 'pool', 'objects', 'bytes', 'missing', 'misplaced', 'acting', 'up', 'scrubbed', 'deep', 'state'] as const;

/** The PGs, one line each; of acting sets the first is the primary. */
export function renderPgs(pgs: readonly PgStatus[]): string {
  if (pgs.length === 0) return 'no placement groups';
  const lines = pgs.map((pg) => [
    pg.pg,
    pg.pool,
    String(pg.objects),
    bytes(pg.bytes),
    String(pg.degraded),
    String(pg.misplaced),
    `[${pg.acting.join(',')}]`,
    `[${pg.up.join(',')}]`,
    stamp(pg.lastScrubMs),
    stamp(pg.lastDeepScrubMs),
    pg.state,
  ]);
  return table([titles, ...lines], { rightFrom: 2, rightTo: 6 });
}
