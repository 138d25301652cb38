import type { Timer } from '../../common/runtime/clock.ts';
import type { MonContext } from '../context.ts';

/** Tells the core every `tickMs` that time has passed. Returns what stops it. */
export function startTick(mon: MonContext): () => void {
  let timer: Timer;
  const arm = (): void => {
    timer = mon.env.clock.setTimer(mon.config.tickMs, () => {
      mon.core.tick(mon.now());
      void mon.settled();
      arm();
    });
  };
  arm();
  return () => timer.cancel();
}
