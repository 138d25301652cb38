/**
 * Peering: what a primary does at the start of an interval, before it serves.
 *
 *   store the interval ─▶ ask every other acting member for its log ─▶ make their copies equal to ours
 *                      ─▶ everyone stores the activation ─▶ serve ─▶ bring up the members to come
 *
 * Our log is the truth: by R2 it has every acknowledged write, so what others have beyond it was never
 * acknowledged. (Of an object that cannot be read here, another member's copy is: see take-over.ts.) A member that knows of an activation beyond our log disproves that: then we do not serve.
 * @module
 */
import type { OsdContext } from '../context.ts';
import { infoInInterval } from '../core/after-loss.ts';
import { MemberRecovery } from '../core/member-recovery.ts';
import type { Pg } from '../core/pg.ts';
import { encodeScrubRecord, type ScrubRecord } from '../core/scrub-record.ts';
import { versionText } from '../core/version.ts';
import { activatedInfo, commitOrEnd, forgetLog, saveInfo } from '../ops/member-requests.ts';
import { scrubRecordMutation } from '../ops/transaction.ts';
import { askMember, streamTo, type AskedMember } from './ask-member.ts';
import { beginPhase, catchUp } from './catch-up.ts';
import { countObjects } from './count-objects.ts';
import { expectedError, IntervalRun } from './interval-run.ts';
import { recoverMembers } from './recovery.ts';
import { takeOver } from './take-over.ts';

/** Begins the primary's work of the interval; it ends with the interval. */
export function beginInterval(ctx: OsdContext, pg: Pg): void {
  const run = new IntervalRun(ctx, pg);
  ctx.env.spawn(`pg ${pg.id}`, async () => {
    while (run.alive()) {
      try {
        if (!(await peer(ctx, pg, run))) return;
        break;
      } catch (error) {
        if (!run.alive()) return;
        const { code, message } = expectedError(error);
        ctx.env.log.info({ pg: pg.id, interval: run.interval, code, reason: message }, 'peering interrupted, trying again');
        await run.sleep(ctx.config.recoveryRetryMs / 10);
      }
    }
    if (!run.alive()) return;
    await countObjects(ctx, pg, run);
    await recoverMembers(ctx, pg, run);
  });
}

/** False: the PG must not be served. */
async function peer(ctx: OsdContext, pg: Pg, run: IntervalRun): Promise<boolean> {
  if (pg.info.lostAt !== pg.lostAt) await goOnAfterLoss(ctx, pg, run);
  if (pg.info.condition === 'backfilling') {
    pg.becomeIncomplete('this copy is partial, and yet it was made the primary');
    ctx.env.log.error({ pg: pg.id, interval: run.interval }, 'a partial copy was made the primary, its PG is not served');
    return false;
  }
  const others = (pg.mapping?.acting ?? []).filter((osd) => osd !== ctx.id);
  const [members] = await Promise.all([
    Promise.all(others.map((osd) => askMember(ctx, pg, run, osd, ctx.newStream()))),
    // Also waits until everything that our log says is durable.
    saveInfo(ctx, pg, { ...pg.info, interval: run.interval }),
  ]);
  run.check();
  const ahead = members.find((member) => member.difference.kind === 'primary-behind');
  if (ahead !== undefined) {
    pg.becomeIncomplete(`osd.${ahead.osd} has acknowledged writes that are missing here`);
    ctx.env.log.error(
      { pg: pg.id, interval: run.interval, head: versionText(pg.head), osd: ahead.osd },
      'a member has acknowledged writes that its primary lacks, the PG is not served',
    );
    return false;
  }
  const held = await equalizeAll(ctx, pg, run, members);
  run.check();
  if (held.length > 0) {
    for (const object of held) await takeOver(ctx, pg, run, members, object);
    run.check();
    return await peer(ctx, pg, run);
  }
  const head = pg.head;
  const { past } = pg.info;
  pg.scrubs = newestScrubs(ctx, pg, members);
  const scrubRecord = encodeScrubRecord(pg.scrubs);
  await Promise.all([
    saveInfo(ctx, pg, activatedInfo(pg, run.interval, head, past)),
    commitOrEnd(ctx, [scrubRecordMutation(pg.id, pg.scrubs)]),
    ...members.map((member) =>
      member.session.request('pgActivate', { pool: pg.pool, pg: pg.seq, interval: run.interval, head, past, scrubRecord }, run.options()),
    ),
  ]);
  run.check();
  for (const member of members) pg.window.members.set(member.osd, streamTo(member));
  pg.becomeActive();
  ctx.reportSoon();
  ctx.env.log.debug({ pg: pg.id, interval: run.interval, acting: pg.mapping?.acting, head: versionText(head) }, 'pg active');
  ctx.serveWaiting(pg);
  return true;
}

/**
 * All that had everything are given up for lost, and this copy is what is left: it becomes the truth as it is. Where it is
 * partial, its log must not tell anybody that they are equal: it is forgotten, and they are compared by their objects.
 */
async function goOnAfterLoss(ctx: OsdContext, pg: Pg, run: IntervalRun): Promise<void> {
  const { condition } = pg.info;
  ctx.env.log.warn(
    { pg: pg.id, interval: run.interval, head: versionText(pg.head), condition },
    'the last members of this PG were given up as lost, it goes on with what this copy has',
  );
  if (condition !== 'whole') {
    const completeTo = { interval: run.interval, counter: pg.head.counter };
    pg.info = { ...pg.info, condition: 'backfilling', completeTo, trimmed: true, past: [], cursor: '' };
    await forgetLog(ctx, pg);
    run.check();
    pg.info = { ...pg.info, condition: 'whole' };
  }
  await saveInfo(ctx, pg, infoInInterval(pg.info, run.interval, pg.lostAt));
  run.check();
}

/** What any member knows last of the PG's scrubs; a PG that is served for the first time begins to count now. */
function newestScrubs(ctx: OsdContext, pg: Pg, members: readonly AskedMember[]): ScrubRecord {
  const newest = members.reduce((best, { scrubs }) => (scrubs.serial > best.serial ? scrubs : best), pg.scrubs);
  return newest.serial > 0 ? newest : { ...newest, serial: 1, sinceMs: Math.floor(ctx.env.clock.nowMs()) };
}

/**
 * Makes all members equal to us. Returns the objects of which that could not be done: ours cannot be read, the
 * member's can. When it settles, nothing is under way any more, so that our log may change.
 */
async function equalizeAll(ctx: OsdContext, pg: Pg, run: IntervalRun, members: readonly AskedMember[]): Promise<readonly string[]> {
  const results = await Promise.allSettled(members.map((member) => equalize(ctx, pg, run, member)));
  const held = new Set<string>();
  for (const result of results) {
    if (result.status === 'rejected') throw expectedError(result.reason);
    for (const object of result.value) held.add(object);
  }
  return [...held];
}

async function equalize(ctx: OsdContext, pg: Pg, run: IntervalRun, member: AskedMember): Promise<Iterable<string>> {
  if (member.difference.kind === 'same') return [];
  ctx.env.log.info(
    { pg: pg.id, interval: run.interval, osd: member.osd, by: member.difference.kind },
    'an acting member differs, making it equal',
  );
  const recovery = new MemberRecovery(member.osd);
  beginPhase(recovery, member.difference);
  try {
    await catchUp({ ctx, pg, run, member, recovery });
  } catch (error) {
    expectedError(error);
    if (recovery.held.size === 0) throw error;
  }
  return recovery.held;
}
