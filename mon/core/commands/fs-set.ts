import { FsError } from '../../../common/errors/fs-error.ts';
import { mdsRanksMax, type FilesystemInfo } from '../../../common/maps/cluster-map.ts';
import { fsScrubStatus } from '../fs-scrub.ts';
import { assignRanks } from '../mdss.ts';
import type { MonState } from '../state.ts';
import type { Arguments } from './arguments.ts';

/** More than anybody could mean. */
const standbysMax = 1_000;

/**
 * `fs set {maxMds}`: how many ranks there are to be. Fewer than there are: they stop one after the other, the last first. EBUSY while a scrub
 * runs, of which each has its part. `{standbyCountWanted}`: how many standbys there should be beyond the ranks, 0 for nobody minds.
 */
export function setFilesystem(state: MonState, args: Arguments): FilesystemInfo {
  const { draft } = state;
  const [filesystem] = draft.filesystems;
  if (filesystem === undefined) throw new FsError('ENOENT', 'there is no filesystem: make one with nacre up');
  if (args.has('standbyCountWanted')) return wantStandbys(state, filesystem, args);
  const maxMds = args.integer('maxMds', 1, mdsRanksMax);
  const scrub = fsScrubStatus(state);
  if (maxMds < filesystem.ranks && (scrub?.state === 'running' || scrub?.state === 'paused'))
    throw new FsError(
      'EBUSY',
      `a scrub is ${scrub.state}, in which each rank has its part: wait for its end, or end it (nacre fs scrub stop)`,
    );
  // One that not all have heard of: who has begun it ends it.
  if (maxMds < filesystem.ranks && state.fsScrubOrder?.action === 'start') state.fsScrubOrder = undefined;
  if (maxMds !== filesystem.maxMds) draft.setFilesystems([{ ...filesystem, maxMds }]);
  assignRanks(state);
  return draft.filesystems[0] ?? filesystem;
}

function wantStandbys({ draft }: MonState, filesystem: FilesystemInfo, args: Arguments): FilesystemInfo {
  const changed = { ...filesystem, standbyCountWanted: args.integer('standbyCountWanted', 0, standbysMax) };
  draft.setFilesystems([changed]);
  return changed;
}
