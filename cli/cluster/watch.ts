/**
 * The foreground of `nacre up`: says when a daemon ends by itself, and stops everything at Ctrl-C.
 * @module
 */
import { aborted } from '../interrupt.ts';
import type { Layout } from './layout.ts';
import { withLock } from './lock.ts';
import { pause } from './mounts.ts';
import { pidOf, recordedDaemons } from './processes.ts';
import { takeDown } from './take-down.ts';

const lookEveryMs = 500;

/** Resolves to the exit code once the cluster is down, by an interrupt or by somebody's `nacre down`. */
export async function watch(layout: Layout, interrupt: AbortSignal, say: (line: string) => void): Promise<number> {
  const ended = new AbortController();
  const stop = AbortSignal.any([interrupt, ended.signal]);
  const looking = look(layout, stop, say).then(() => ended.abort());
  await aborted(stop);
  await looking;
  if (!interrupt.aborted) {
    say('stopped');
    return 0;
  }
  say('unmounting and stopping');
  await withLock(layout, say, () => takeDown(layout, say));
  say(`stopped; the data stays in ${layout.dir}`);
  return 0;
}

/** Looks at the daemons until none is left or `stop` aborts. */
async function look(layout: Layout, stop: AbortSignal, say: (line: string) => void): Promise<void> {
  const looksGone = new Map<string, number>();
  for (let names = recordedDaemons(layout); names.length > 0; names = recordedDaemons(layout)) {
    for (const name of names) {
      const looks = pidOf(layout, name) === undefined ? (looksGone.get(name) ?? 0) + 1 : 0;
      looksGone.set(name, looks);
      // Somebody's `nacre stop` takes its pid file away right after the process; seen twice, nobody does.
      if (looks === 2)
        say(`${name} has ended: nacre start --data ${layout.dir} ${name} brings it back; its log is ${layout.logPath(name)}`);
    }
    try {
      await pause(lookEveryMs, stop);
    } catch {
      // Told to stop looking.
      return;
    }
  }
}
