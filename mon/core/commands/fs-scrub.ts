import type { DamageReport, FsScrubOrdered, FsScrubReport } from '../../client/reports.ts';
import { fsScrubStatus, orderFsScrub, type FsScrubAction } from '../fs-scrub.ts';
import type { MonState, Now } from '../state.ts';
import type { Arguments } from './arguments.ts';

/** `fs scrub start {path?, repair?}`, `fs scrub pause|resume|stop`. EAGAIN when no MDS serves. */
export function fsScrubCommand(action: FsScrubAction): (state: MonState, args: Arguments, now: Now) => FsScrubOrdered {
  return (state, args, now) => {
    const path = action === 'start' && args.has('path') ? args.path('path') : '/';
    const repair = action === 'start' && args.has('repair') && args.boolean('repair');
    return orderFsScrub(state, { action, path, repair }, now);
  };
}

/** `fs scrub status`. */
export function fsScrubReport(state: MonState): FsScrubReport {
  return { order: state.fsScrubOrder?.id ?? null, status: fsScrubStatus(state) ?? null };
}

/** `fs damage ls`: what the MDSs know to be damaged. */
export function listDamage({ mdsReports }: MonState): DamageReport {
  const reports = [...mdsReports.values()];
  return { count: reports.reduce((sum, { damageCount }) => sum + damageCount, 0), damage: reports.flatMap(({ damage }) => damage) };
}
