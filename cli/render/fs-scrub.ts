import type { DamageReport, FsScrubReport } from '../../mon/client/reports.ts';
import { stamp } from './scrub.ts';
import { scrubLine } from './status.ts';

export function renderFsScrub({ order, status }: FsScrubReport): string {
  const waits = order === null ? [] : ['an order waits for the MDS'];
  if (status === null) return [...waits, 'no scrub since the MDS took over'].join('\n');
  const { findings, errors, leftovers, startedMs, endedMs, trouble } = status;
  const unnamed = errors + leftovers - findings.length;
  return [
    ...waits,
    scrubLine(status),
    ...(startedMs > 0 ? [`  began ${stamp(startedMs)}, ${endedMs > 0 ? `ended ${stamp(endedMs)} UTC` : 'goes on'}`] : []),
    ...(trouble === '' ? [] : [`  ${trouble}`]),
    ...findings.map((line) => `  ${line}`),
    ...(unnamed > 0 ? [`  and ${unnamed} more`] : []),
  ].join('\n');
}

export function renderDamage({ count, damage }: DamageReport): string {
  if (count === 0) return 'nothing is known to be damaged';
  return [
    ...damage.map(({ path, what, object }) => `${path}: ${what}${object === '' ? '' : ` (object ${object})`}`),
    ...(count > damage.length ? [`and ${count - damage.length} more`] : []),
  ].join('\n');
}
