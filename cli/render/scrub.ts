import type { InconsistentPg } from '../../mon/client/reports.ts';

/** One line for each PG, one below it for each wrong copy. */
export function renderInconsistent(pgs: readonly InconsistentPg[]): string {
  if (pgs.length === 0) return 'scrub knows of no wrong copies';
  return pgs.flatMap((pg) => [headline(pg), ...pg.findings.map(lineOf), ...rest(pg)]).join('\n');
}

/** `2026-11-20 22:04`, in UTC; `-` for never. */
export function stamp(ms: number): string {
  return ms === 0 ? '-' : new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}

function headline({ pg, state, errors, lastScrubMs, lastDeepScrubMs }: InconsistentPg): string {
  const wrong = errors === 0 ? 'no wrong copies' : errors === 1 ? '1 wrong copy' : `${errors} wrong copies`;
  return `pg ${pg} (${state}): ${wrong}; scrubbed ${stamp(lastScrubMs)}, deep ${stamp(lastDeepScrubMs)} UTC`;
}

function lineOf({ object, osd, what, good, detail }: InconsistentPg['findings'][number]): string {
  const where = good.length === 0 ? 'no copy is known to be right' : `good on ${good.map((id) => `osd.${id}`).join(', ')}`;
  const name = object === '' ? 'its log' : JSON.stringify(object);
  return `  ${name} on osd.${osd}: ${what.join(', ')}${detail === '' ? '' : ` (${detail})`}; ${where}`;
}

function rest({ errors, findings }: InconsistentPg): string[] {
  return errors > findings.length ? [`  and ${errors - findings.length} more`] : [];
}
