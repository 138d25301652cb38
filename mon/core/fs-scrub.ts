/**
 * The filesystem's scrub as the mon sees it: what people order goes to the MDS of rank 0 with every answer to its beacon, until
 * it reports that it has carried it out. A mon that starts again has forgotten an order that was not.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { holdsRank, type MdsInfo } from '../../common/maps/cluster-map.ts';
import type { EntityName } from '../../common/maps/ids.ts';
import type { FsScrubOrder, FsScrubStatus } from '../../common/wire/gen/messages.ts';
import type { FsScrubOrdered } from '../client/reports.ts';
import type { MonState, Now } from './state.ts';

export const fsScrubActions = ['start', 'pause', 'resume', 'stop'] as const;
export type FsScrubAction = (typeof fsScrubActions)[number];

/** A newer order takes the place of one that has not been carried out. EAGAIN when nobody can, EBUSY while one runs. */
export function orderFsScrub(state: MonState, order: Omit<FsScrubOrder, 'id'>, now: Now): FsScrubOrdered {
  const holder = holderOf(state);
  if (holder?.state !== 'active') {
    const why = holder === undefined ? 'no MDS holds its rank: start one' : `${holder.name} is in ${holder.state}`;
    throw new FsError('EAGAIN', `the filesystem cannot be scrubbed now: ${why} (nacre health detail)`, { retry: 'safe' });
  }
  if (state.draft.filesystems.some(({ maxMds }) => maxMds > 1))
    throw new FsError('EOPNOTSUPP', 'a filesystem of several ranks cannot be scrubbed yet: each knows its own directories only');
  const running = fsScrubStatus(state);
  if (order.action === 'start' && (running?.state === 'running' || running?.state === 'paused'))
    throw new FsError('EBUSY', `a scrub of ${running.path} is ${running.state}: wait for its end, or end it (nacre fs scrub stop)`);
  const known = Math.max(state.fsScrubOrder?.id ?? 0, running?.order ?? 0);
  // Above all that an earlier mon has given out.
  const id = Math.max(Math.floor(now.wallMs), known + 1);
  state.fsScrubOrder = { ...order, id };
  return { order: id, mds: holder.name };
}

/** What `name` is to do; forgets what has been done. */
export function fsScrubOrderFor(state: MonState, name: EntityName): FsScrubOrder | null {
  const { fsScrubOrder: order, mdsReports } = state;
  if (order === undefined || holderOf(state)?.name !== name) return null;
  if ((mdsReports.get(name)?.scrub?.order ?? 0) < order.id) return order;
  state.fsScrubOrder = undefined;
  return null;
}

/** Of the MDS that serves. Undefined: none has run in its life. */
export function fsScrubStatus(state: MonState): FsScrubStatus | undefined {
  const holder = holderOf(state);
  const report = holder === undefined ? undefined : state.mdsReports.get(holder.name);
  return report?.instance === holder?.instance ? (report?.scrub ?? undefined) : undefined;
}

function holderOf({ draft }: MonState): MdsInfo | undefined {
  return [...draft.mdss.values()].find((mds) => mds.rank === 0 && holdsRank(mds));
}
