/**
 * MDSs: registration, ranks, leases. A rank changes hands only in an epoch that blocklists the old holder, or when that has left by
 * itself. Each rank that is served has one standby that follows its journal, as long as there are any; it is the next holder.
 * Ranks come and go one at a time, the last last: there is never a hole. One that stops is held, and taken over, like any other until its
 * holder reports that nothing is left with it.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { type MdsInfo, type MdsState, heldRanks, holdsRank, mdsStates, stoppingRank } from '../../common/maps/cluster-map.ts';
import { type EntityName, type InstanceId, entityName, instanceId, parseEntityName } from '../../common/maps/ids.ts';
import type { MdsBeaconReply, MdsBeaconRequest } from '../../common/wire/gen/messages.ts';
import { fsScrubOrderFor, fsScrubTurnFor } from './fs-scrub.ts';
import { noteStandbys } from './mds-checks.ts';
import { type MonState, type Now, grantedMs } from './state.ts';

/** The way of a rank; a daemon may go forward in it, also past a state. `damaged` is the end of one that cannot begin. */
const ladder: readonly MdsState[] = ['replay', 'reconnect', 'active', 'damaged'];

/**
 * Registers an MDS, renews its lease, and takes it on to the state it asks for. Throws ESHUTDOWN when this life
 * has been replaced: the process must end (it may start again as a new one).
 */
export function mdsBeacon(state: MonState, request: MdsBeaconRequest, now: Now): MdsBeaconReply {
  const { draft } = state;
  const parsed = parseEntityName(request.name);
  const wanted = mdsStates.find((candidate) => candidate === request.state);
  if (parsed?.type !== 'mds' || !wanted) throw new FsError('EINVAL', `"${request.name}" in state "${request.state}" is no MDS's beacon`);
  const name = entityName('mds', parsed.id);
  const instance = instanceId(request.instance);
  if (draft.blocklist.has(instance)) throw new FsError('ESHUTDOWN', `this life of ${name} was replaced and is blocklisted: start it again`);
  const known = draft.mdss.get(name);
  if (wanted === 'stopping') {
    if (known?.instance === instance) leave(state, known);
    return { epoch: state.map.epoch, leaseMs: 0, scrubOrder: null, scrubTurn: null };
  }
  if (wanted === 'resigned') {
    if (known?.instance === instance) resign(state, known);
    return { epoch: state.map.epoch, leaseMs: 0, scrubOrder: null, scrubTurn: null };
  }
  if (known?.instance === instance) advance(state, known, wanted, request.address);
  else register(state, known, { name, instance, address: request.address, state: 'standby', rank: -1 }, now);
  if (request.journalBytes > 0)
    state.mdsReplays.set(name, { instance, readBytes: request.replayedBytes, totalBytes: request.journalBytes });
  else state.mdsReplays.delete(name);
  const { trouble, damageCount, damage, scrub, clientWarnings } = request;
  const heard = { heardMs: now.monotonicMs, heardWallMs: now.wallMs };
  state.mdsReports.set(name, { instance, trouble, damageCount, damage, scrub, clientWarnings, ...heard });
  state.mdsLeases.set(name, { instance, untilMs: now.monotonicMs + state.settings.leaseMs, revoked: false, heard: true, excused: false });
  assignRanks(state);
  return {
    epoch: state.map.epoch,
    leaseMs: grantedMs(state),
    scrubOrder: fsScrubOrderFor(state, name),
    scrubTurn: fsScrubTurnFor(state, name),
  };
}

/** The process of this life is known to be gone. */
export function mdsGone(state: MonState, name: EntityName, instance: InstanceId, now: Now): void {
  const known = state.draft.mdss.get(name);
  if (known?.instance === instance) fail(state, known, now);
}

/** Leases that ran out. */
export function tickMdss(state: MonState, now: Now): void {
  for (const [name, lease] of state.mdsLeases) {
    const known = state.draft.mdss.get(name);
    if (lease.untilMs <= now.monotonicMs && known) fail(state, known, now);
  }
}

/** Gives every rank without a holder to a standby, and to every one that is served a follower. Begins to stop one that there is not to be. */
export function assignRanks(state: MonState): void {
  const { draft } = state;
  for (const filesystem of draft.filesystems) {
    let { ranks } = filesystem;
    const stopping = filesystem.stopping || filesystem.maxMds < ranks;
    const held = heldRanks({ ...filesystem, stopping });
    for (let rank = 0; rank < held; rank++) {
      const { holder, follower, standby, others } = daemonsOf(draft, rank);
      const next = follower ?? standby ?? others;
      if (holder !== undefined || next === undefined) continue;
      draft.setMds({ ...next, state: 'replay', rank });
      ranks = Math.max(ranks, rank + 1);
    }
    if (ranks !== filesystem.ranks || stopping !== filesystem.stopping)
      draft.setFilesystems(draft.filesystems.map((each) => (each === filesystem ? { ...each, ranks, stopping } : each)));
    // Only when every rank is held somebody may be spared to follow.
    for (let rank = 0; rank < ranks; rank++) {
      const { holder, follower, standby } = daemonsOf(draft, rank);
      if (holder?.state === 'active' && follower === undefined && standby !== undefined)
        draft.setMds({ ...standby, state: 'standby-replay', rank });
    }
  }
  noteStandbys(state);
}

/** Who holds a rank and who follows it; the first that does nothing, and the first that follows another which is held. */
function daemonsOf(
  draft: MonState['draft'],
  rank: number,
): Readonly<Record<'holder' | 'follower' | 'standby' | 'others', MdsInfo | undefined>> {
  const mdss = [...draft.mdss.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const isHeld = (of: number): boolean => mdss.some((mds) => mds.rank === of && holdsRank(mds));
  return {
    holder: mdss.find((mds) => mds.rank === rank && holdsRank(mds)),
    follower: mdss.find((mds) => mds.rank === rank && !holdsRank(mds)),
    standby: mdss.find((mds) => mds.state === 'standby'),
    others: mdss.find((mds) => mds.state === 'standby-replay' && mds.rank !== rank && isHeld(mds.rank)),
  };
}

/** A new life. When it carries a name that holds a rank its past life is over: it takes that over, unless one follows who is quicker. */
function register(state: MonState, past: MdsInfo | undefined, mds: MdsInfo, now: Now): void {
  if (past) blocklist(state, past, now);
  const inherits =
    past && holdsRank(past) && ![...state.draft.mdss.values()].some(({ name, rank }) => rank === past.rank && name !== past.name);
  state.draft.setMds(inherits ? { ...mds, state: 'replay', rank: past.rank } : mds);
}

function advance(state: MonState, known: MdsInfo, wanted: MdsState, address: string): void {
  const forward = holdsRank(known) && ladder.indexOf(wanted) > ladder.indexOf(known.state);
  if (forward || known.address !== address) state.draft.setMds({ ...known, address, state: forward ? wanted : known.state });
}

/** Its rank is one no more. The number may be used again: the objects of that rank go on from where they were. */
function resign(state: MonState, mds: MdsInfo): void {
  const { draft } = state;
  if (!holdsRank(mds) || mds.rank !== stoppingRank(draft)) return;
  draft.setFilesystems(draft.filesystems.map((each) => ({ ...each, ranks: each.ranks - 1, stopping: false })));
  for (const other of draft.mdss.values())
    if (other.rank === mds.rank && other.name !== mds.name) draft.setMds({ ...other, state: 'standby', rank: -1 });
  leave(state, mds);
}

function fail(state: MonState, mds: MdsInfo, now: Now): void {
  blocklist(state, mds, now);
  leave(state, mds);
}

function leave(state: MonState, { name }: MdsInfo): void {
  state.draft.removeMds(name);
  state.mdsLeases.delete(name);
  state.mdsReplays.delete(name);
  state.mdsReports.delete(name);
  assignRanks(state);
}

function blocklist({ draft, settings }: MonState, { instance }: MdsInfo, now: Now): void {
  draft.setBlocklisted(instance, now.wallMs + settings.blocklistMs);
}
