/**
 * Copies that belong elsewhere: kept until the PG is clean without them, then removed.
 * @module
 */
import type { Timer } from '../../common/runtime/clock.ts';
import type { OsdContext } from '../context.ts';
import type { Pg } from '../core/pg.ts';
import { expectedError } from './interval-run.ts';
import { commitOrEnd } from '../ops/member-requests.ts';

/** Asks the primaries of stray copies now and then whether they may go. Returns what stops it. */
export function watchStrays(ctx: OsdContext): () => void {
  let timer: Timer;
  const arm = (): void => {
    timer = ctx.env.clock.setTimer(ctx.config.strayCheckMs, () => ctx.env.spawn('stray copies', checkAll));
  };
  const checkAll = async (): Promise<void> => {
    for (const pg of [...ctx.allPgs()]) {
      if (ctx.stopping.aborted) return;
      if (pg.state.kind === 'stray' && pg.mapping !== undefined) await check(ctx, pg);
    }
    if (!ctx.stopping.aborted) arm();
  };
  arm();
  return () => timer.cancel();
}

async function check(ctx: OsdContext, pg: Pg): Promise<void> {
  const interval = pg.interval;
  const primary = pg.mapping?.primary;
  if (primary === undefined || primary === ctx.id) return;
  try {
    const link = ctx.peers.link(primary);
    if (link === undefined) return;
    const { message } = await link.request(
      'pgStray',
      { pool: pg.pool, pg: pg.seq, interval },
      { timeoutMs: ctx.config.peerTimeoutMs, signal: ctx.stopping },
    );
    if (!message.clean || pg.interval !== interval || pg.state.kind !== 'stray') return;
    ctx.forgetPg(pg);
    await commitOrEnd(ctx, [{ kind: 'remove-collection', pg: pg.id }]);
    ctx.env.log.info({ pg: pg.id }, 'stray copy removed');
  } catch (error) {
    const { code, message } = expectedError(error);
    ctx.env.log.debug({ pg: pg.id, code, reason: message }, 'stray copy stays for now');
  }
}
