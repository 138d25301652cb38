/**
 * Recovery: an active primary brings the members to come up to date, while it serves, and has the mon make them
 * acting (DESIGN 4, R2).
 * @module
 */
import type { OsdId } from '../../common/maps/ids.ts';
import type { OsdContext } from '../context.ts';
import { MemberRecovery } from '../core/member-recovery.ts';
import type { Pg } from '../core/pg.ts';
import { rankOf } from '../core/recovery-rank.ts';
import { askMember, idOf, streamTo, type AskedMember } from './ask-member.ts';
import { beginPhase, catchUp } from './catch-up.ts';
import { expectedError, type IntervalRun } from './interval-run.ts';
import type { Slot } from './slots.ts';

/** A turn may be long in coming: others are copied first. */
const turnTimeoutMs = 3_600_000;

/** Recovers every member to come. Resolves when that is done or the interval over. */
export async function recoverMembers(ctx: OsdContext, pg: Pg, run: IntervalRun): Promise<void> {
  const targets = pg.mapping?.candidates ?? [];
  await Promise.all(targets.map((osd) => recoverUntilDone(ctx, pg, run, osd)));
}

async function recoverUntilDone(ctx: OsdContext, pg: Pg, run: IntervalRun, osd: OsdId): Promise<void> {
  while (run.alive()) {
    const recovery = new MemberRecovery(osd);
    let slot: Slot | undefined;
    try {
      await ctx.traffic.whileNot(['norecover'], run.signal);
      slot = await ctx.recoverySlots.acquire(rankOf(pg), run.signal, () => (recovery.yields = true));
      run.check();
      const caughtUp = await bringUpToDate(ctx, pg, run, recovery);
      slot.release();
      if (caughtUp) await certify(ctx, pg, run, recovery);
      return;
    } catch (error) {
      if (!run.alive()) return;
      const { code, message } = expectedError(error);
      if (code !== 'ENOSPC' || noteTooFull(ctx, pg, osd))
        ctx.env.log.info({ pg: pg.id, interval: run.interval, osd, code, reason: message }, 'recovery interrupted, trying again');
    } finally {
      slot?.release();
    }
    drop(ctx, pg, osd);
    // One that lets others go first waits for its turn, not for time to pass.
    if (!recovery.yields) await run.sleep(ctx.config.recoveryRetryMs);
  }
}

/** The member has no room. Whether that is news. */
function noteTooFull(ctx: OsdContext, pg: Pg, osd: OsdId): boolean {
  const kind = pg.recovering.get(osd)?.copiesAll === true ? 'backfill_toofull' : 'recovery_toofull';
  if (pg.tooFull.get(osd) === kind) return false;
  pg.tooFull.set(osd, kind);
  ctx.reportSoon();
  return true;
}

/** False when the member must be left alone. */
async function bringUpToDate(ctx: OsdContext, pg: Pg, run: IntervalRun, recovery: MemberRecovery): Promise<boolean> {
  const { osd } = recovery;
  pg.recovering.set(osd, recovery);
  const member = await askMember(ctx, pg, run, osd, ctx.newStream());
  if (member.difference.kind === 'primary-behind') {
    ctx.env.log.error({ pg: pg.id, osd }, 'a returning member knows of acknowledged writes that its primary lacks; it is left alone');
    return false;
  }
  beginPhase(recovery, member.difference);
  pg.window.members.set(osd, streamTo(member));
  if (recovery.copiesAll) await inTurn(pg, run, member, () => catchUp({ ctx, pg, run, member, recovery }));
  else await catchUp({ ctx, pg, run, member, recovery });
  recovery.requireRoom();
  pg.tooFull.delete(osd);
  return true;
}

/** Runs `work` when the member has a place for a whole copy. */
async function inTurn(pg: Pg, run: IntervalRun, member: AskedMember, work: () => Promise<void>): Promise<void> {
  const id = idOf(pg, run);
  await member.session.request('pgTurn', { ...id, rank: rankOf(pg) }, { timeoutMs: turnTimeoutMs, signal: run.signal });
  try {
    run.check();
    await work();
  } finally {
    member.session.push('pgTurnEnd', id);
  }
}

/**
 * Tells the mon until the interval is over: when the member acts, another begins. An answer alone is not the end of it: the
 * mon may have had a reason to leave the member out at that moment (two members apart), and does not keep certificates for
 * later. From the first word on nothing is acknowledged without the member, for the rest of the interval: even a refusal
 * may only mean that an earlier attempt, whose answer was lost, has already made it acting.
 */
async function certify(ctx: OsdContext, pg: Pg, run: IntervalRun, recovery: MemberRecovery): Promise<void> {
  const { osd } = recovery;
  recovery.certified = true;
  ctx.env.log.debug({ pg: pg.id, interval: run.interval, osd }, 'member caught up');
  while (run.alive()) {
    try {
      await ctx.monClient.request(
        'pgCertify',
        { pg: pg.id, interval: run.interval, osds: [osd] },
        { timeoutMs: ctx.config.peerTimeoutMs, signal: run.signal },
      );
    } catch (error) {
      if (!run.alive()) return;
      const { code, message, retry } = expectedError(error);
      ctx.env.log.info({ pg: pg.id, interval: run.interval, osd, code, reason: message }, 'the mon did not take the certificate');
      if (retry === 'never') return;
    }
    await run.sleep(ctx.config.recoveryRetryMs);
  }
}

/** Stops sending to the member: no write waits for it any more. */
function drop(ctx: OsdContext, pg: Pg, osd: OsdId): void {
  const recovery = pg.recovering.get(osd);
  if (recovery === undefined || recovery.certified) return;
  pg.recovering.delete(osd);
  pg.window.members.delete(osd);
  pg.window.advance();
  ctx.budgetFreed();
}
