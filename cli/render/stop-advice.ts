import type { StopAdvice } from '../../mon/client/reports.ts';

/** So many reasons are listed. */
const reasonsMax = 20;

/** Whether OSDs may be stopped, and why not. */
export function renderStopAdvice({ osds, safe, pgs, blocked }: StopAdvice): string {
  const names = osds.map((osd) => `osd.${osd}`).join(', ');
  const [they, act] = osds.length === 1 ? ['it', 'acts'] : ['they', 'act'];
  if (safe)
    return `${names} can be stopped: all of the ${pgs} placement groups ${they} ${act} for go on serving without ${they === 'it' ? 'it' : 'them'}`;
  const reasons = blocked.slice(0, reasonsMax).map(({ pg, pool, reason }) => `  PG ${pg} (${pool}): ${reason}`);
  const more = blocked.length > reasonsMax ? [`  and ${blocked.length - reasonsMax} more (--json lists all)`] : [];
  return [
    `${names} must not be stopped${osds.length === 1 ? '' : ' together'}: ${blocked.length} of the ${pgs} placement groups ${they} ${act} for would not serve`,
    ...reasons,
    ...more,
  ].join('\n');
}
