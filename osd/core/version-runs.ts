/**
 * Sets of versions as runs: what one interval counted without a gap.
 * @module
 */
import type { LogRun } from '../../common/wire/gen/messages.ts';
import type { Version } from '../client/object-client.ts';

export function runsHave(runs: readonly LogRun[], version: Version): boolean {
  return runs.some((run) => run.interval === version.interval && run.first <= version.counter && version.counter <= run.last);
}

/** Those with counters from `lowest` to `highest`. */
export function cutRuns(runs: readonly LogRun[], lowest: number, highest: number): LogRun[] {
  const cut: LogRun[] = [];
  for (const { interval, first, last } of runs) {
    const run = { interval, first: Math.max(first, lowest), last: Math.min(last, highest) };
    if (run.first <= run.last) cut.push(run);
  }
  return cut;
}

/** Both together, in order of counters. Counters of one history rise with its intervals. */
export function joinRuns(a: readonly LogRun[], b: readonly LogRun[]): LogRun[] {
  const joined: { interval: number; first: number; last: number }[] = [];
  for (const run of [...a, ...b].sort((x, y) => x.first - y.first || x.last - y.last || x.interval - y.interval)) {
    const previous = joined.at(-1);
    if (previous?.interval === run.interval && run.first <= previous.last + 1) previous.last = Math.max(previous.last, run.last);
    else joined.push({ ...run });
  }
  return joined;
}
