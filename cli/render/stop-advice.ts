/** What the mon answers to `osd safe-to-stop`. */
export interface StopAdvice {
  readonly osd: number;
  readonly safe: boolean;
  readonly pgs: number;
  readonly blocked: readonly { readonly pg: string; readonly pool: string; readonly reason: string }[];
}

/** So many reasons are listed. */
const reasonsMax = 20;

/** Whether an OSD may be stopped, and why not. */
export function renderStopAdvice({ osd, safe, pgs, blocked }: StopAdvice): string {
  if (safe) return `osd.${osd} can be stopped: all of the ${pgs} placement groups it acts for go on serving without it`;
  const reasons = blocked.slice(0, reasonsMax).map(({ pg, pool, reason }) => `  PG ${pg} (${pool}): ${reason}`);
  const more = blocked.length > reasonsMax ? [`  and ${blocked.length - reasonsMax} more (--json lists all)`] : [];
  return [
    `osd.${osd} must not be stopped: ${blocked.length} of the ${pgs} placement groups it acts for would not serve`,
    ...reasons,
    ...more,
  ].join('\n');
}
