/**
 * The filesystem's scrub as the mon sees it: what people order goes to the holders of all ranks with every answer to their beacons, until
 * they report that they have carried it out; and with it how far they are all together. A mon that starts again has forgotten an order that was not.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { heldRanks, holdsRank, stoppingRank, type MdsInfo } from '../../common/maps/cluster-map.ts';
import type { EntityName } from '../../common/maps/ids.ts';
import type { FsScrubOrder, FsScrubStatus, FsScrubTurn } from '../../common/wire/gen/messages.ts';
import type { FsScrubOrdered } from '../client/reports.ts';
import type { MonState, Now } from './state.ts';

export const fsScrubActions = ['start', 'pause', 'resume', 'stop'] as const;
export type FsScrubAction = (typeof fsScrubActions)[number];

/** Told of all that the ranks have found. */
const findingsMax = 50;

interface Part {
  readonly rank: number;
  readonly holder: MdsInfo | undefined;
  /** Undefined: it has not been heard of yet. Null: none has run in its life. */
  readonly status: FsScrubStatus | null | undefined;
}

/** A newer order takes the place of one that has not been carried out. EAGAIN when nobody can, EBUSY while one runs. */
export function orderFsScrub(state: MonState, order: Omit<FsScrubOrder, 'id' | 'ranks'>, now: Now): FsScrubOrdered {
  const stopping = stoppingRank(state.draft);
  if (order.action === 'start' && stopping !== undefined)
    throw new FsError('EAGAIN', `rank ${stopping} is stopping: the filesystem can be scrubbed when it has`, { retry: 'safe' });
  const parts = partsOf(state);
  const holders = parts.map(({ rank, holder }) => {
    if (holder?.state === 'active') return holder;
    const why = holder === undefined ? `no MDS holds rank ${rank}: start one` : `${holder.name} is in ${holder.state}`;
    throw new FsError('EAGAIN', `the filesystem cannot be scrubbed now: ${why} (nacre health detail)`, { retry: 'safe' });
  });
  if (holders.length === 0) throw new FsError('EAGAIN', 'there is no filesystem to be scrubbed', { retry: 'safe' });
  const running = fsScrubStatus(state);
  if (order.action === 'start' && (running?.state === 'running' || running?.state === 'paused'))
    throw new FsError('EBUSY', `a scrub of ${running.path} is ${running.state}: wait for its end, or end it (nacre fs scrub stop)`);
  const known = Math.max(state.fsScrubOrder?.id ?? 0, ...parts.map(({ status }) => status?.order ?? 0));
  // Above all that an earlier mon has given out.
  const id = Math.max(Math.floor(now.wallMs), known + 1);
  state.fsScrubOrder = { ...order, id, ranks: holders.length };
  return { order: id, mds: holders.map(({ name }) => name).join(', ') };
}

/** What `name` is to do; forgets what all have done. */
export function fsScrubOrderFor(state: MonState, name: EntityName): FsScrubOrder | null {
  const { fsScrubOrder: order } = state;
  if (order === undefined) return null;
  const parts = partsOf(state);
  const own = parts.find(({ holder }) => holder?.name === name);
  if (own === undefined) return null;
  if ((own.status?.order ?? 0) < order.id) return order;
  if (parts.every(({ status }) => (status?.order ?? 0) >= order.id)) state.fsScrubOrder = undefined;
  return null;
}

/** How far all are of the scrub that `name` takes part in with others. */
export function fsScrubTurnFor(state: MonState, name: EntityName): FsScrubTurn | null {
  const parts = partsOf(state);
  const own = parts.find(({ holder }) => holder?.name === name)?.status;
  if (own === undefined || own === null || own.endedMs > 0 || own.began === 0) return null;
  const { began } = own;
  // Each would wait for the others, or leave out what another has.
  if (own.ranks > 1 && own.ranks !== parts.length)
    return { began, stage: own.stage, over: `there are ${parts.length} ranks since, not ${own.ranks}: order it once more` };
  if (parts.length === 1) return null;
  let stage = Infinity;
  const stopping = stoppingRank(state.draft);
  let over = stopping === undefined ? '' : `rank ${stopping} is stopping: order it once more`;
  for (const { rank, holder, status } of parts) {
    const isToBegin = state.fsScrubOrder?.id === began && (status?.order ?? 0) < began;
    if (status?.began === began) {
      if (status.state === 'failed' || status.state === 'stopped')
        over ||= `rank ${rank} has ended it: ${status.trouble || 'it was stopped'}`;
      if (status.state !== 'done') stage = Math.min(stage, status.stage);
    } else if (status === undefined || isToBegin) stage = 0;
    else over ||= `rank ${rank} is another MDS's since (${holder?.name ?? 'nobody has it'}): order it once more`;
  }
  return { began, stage: stage === Infinity ? own.stage : stage, over };
}

/** Of those that serve, put together. Undefined: none has run in the life of any. */
export function fsScrubStatus(state: MonState): FsScrubStatus | undefined {
  const parts = partsOf(state);
  const statuses = parts.flatMap(({ rank, status }) => (status === undefined || status === null ? [] : [{ rank, status }]));
  const began = Math.max(0, ...statuses.map(({ status }) => status.began));
  const [first, ...others] = statuses.filter(({ status }) => status.began === began);
  if (first === undefined) return undefined;
  if (parts.length === 1) return first.status;
  const whole = others.reduce((sum, { rank, status }) => together(sum, told(rank, status)), told(first.rank, first.status));
  return { ...whole, order: Math.min(...parts.map(({ status }) => status?.order ?? 0)) };
}

/** Who says so. */
function told(rank: number, status: FsScrubStatus): FsScrubStatus {
  return status.trouble === '' ? status : { ...status, trouble: `rank ${rank}: ${status.trouble}` };
}

/** States in which one is in as soon as one of its parts is; the first that fits. */
const states = ['running', 'paused', 'failed', 'stopped', 'done'];

function together(a: FsScrubStatus, b: FsScrubStatus): FsScrubStatus {
  const behind = b.endedMs === 0 && (a.endedMs > 0 || b.stage < a.stage) ? b : a;
  const troubles = [a.trouble, b.trouble].filter((trouble) => trouble !== '');
  return {
    ...a,
    state: states.find((state) => a.state === state || b.state === state) ?? '',
    phase: behind.phase,
    stage: Math.min(a.stage, b.stage),
    directories: a.directories + b.directories,
    names: a.names + b.names,
    linked: a.linked + b.linked,
    strays: a.strays + b.strays,
    // Each looks at all of them, for its own.
    objects: Math.max(a.objects, b.objects),
    errors: a.errors + b.errors,
    repaired: a.repaired + b.repaired,
    leftovers: a.leftovers + b.leftovers,
    leftoverBytes: a.leftoverBytes + b.leftoverBytes,
    unsettled: a.unsettled + b.unsettled,
    startedMs: Math.min(a.startedMs, b.startedMs),
    endedMs: a.endedMs === 0 || b.endedMs === 0 ? 0 : Math.max(a.endedMs, b.endedMs),
    findings: [...a.findings, ...b.findings].slice(0, findingsMax),
    trouble: troubles.join('; '),
  };
}

/** Of every rank that there is to be. */
function partsOf({ draft, mdsReports }: MonState): Part[] {
  const [filesystem] = draft.filesystems;
  const ranks = filesystem === undefined ? 0 : heldRanks(filesystem);
  return Array.from({ length: ranks }, (_, rank) => {
    const holder = [...draft.mdss.values()].find((mds) => mds.rank === rank && holdsRank(mds));
    const report = holder === undefined ? undefined : mdsReports.get(holder.name);
    return { rank, holder, status: report !== undefined && report.instance === holder?.instance ? report.scrub : undefined };
  });
}
