import type { Timer } from '../../common/runtime/clock.ts';
import type { MonContext } from '../context.ts';
import type { LeaseKeeper } from '../lease-keeper.ts';

/** Tells the core, and who keeps its leases, every `tickMs` that time has passed. Returns what stops it. */
export function startTick(mon: MonContext, leases: LeaseKeeper): () => void {
  let timer: Timer;
  const arm = (): void => {
    timer = mon.env.clock.setTimer(mon.config.tickMs, () => {
      mon.core.tick(mon.now());
      void mon.settled();
      leases.tick();
      arm();
    });
  };
  arm();
  return () => timer.cancel();
}
