/**
 * A member of a PG while its primary brings it up to date, and what holds that back.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { ClusterFlag } from '../../common/maps/cluster-map.ts';
import type { OsdContext } from '../context.ts';
import type { MemberRecovery } from '../core/member-recovery.ts';
import type { Pg } from '../core/pg.ts';
import type { AskedMember } from './ask-member.ts';
import type { IntervalRun } from './interval-run.ts';

export interface Catching {
  readonly ctx: OsdContext;
  readonly pg: Pg;
  readonly run: IntervalRun;
  readonly member: AskedMember;
  readonly recovery: MemberRecovery;
}

/** Before each object: waits while recovery is paused; throws EAGAIN when something more urgent is to go first. */
export async function mayGoOn({ ctx, pg, run, recovery }: Catching): Promise<void> {
  run.check();
  // While peering nothing can be more urgent.
  if (pg.state.kind !== 'active') return;
  recovery.requireRoom();
  if (recovery.yields) throw new FsError('EAGAIN', 'something more urgent goes first', { retry: 'safe' });
  const flags: ClusterFlag[] = recovery.phase.kind === 'backfill' ? ['norecover', 'nobackfill'] : ['norecover'];
  await ctx.traffic.whileNot(flags, run.signal);
}
