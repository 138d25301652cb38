import { FsError } from '../../../common/errors/fs-error.ts';
import { mdsRanksMax, type FilesystemInfo } from '../../../common/maps/cluster-map.ts';
import { assignRanks } from '../mdss.ts';
import type { MonState } from '../state.ts';
import type { Arguments } from './arguments.ts';

/** More than anybody could mean. */
const standbysMax = 1_000;

/** `fs set {maxMds}` or `{standbyCountWanted}`: how many standbys there should be beyond the ranks, 0 for nobody minds; how many ranks there are to be. A rank holds directories of its own, so none is given up yet. */
export function setFilesystem(state: MonState, args: Arguments): FilesystemInfo {
  const { draft } = state;
  const [filesystem] = draft.filesystems;
  if (filesystem === undefined) throw new FsError('ENOENT', 'there is no filesystem: make one with nacre up');
  if (args.has('standbyCountWanted')) return wantStandbys(state, filesystem, args);
  const maxMds = args.integer('maxMds', 1, mdsRanksMax);
  if (maxMds < filesystem.maxMds)
    throw new FsError('EOPNOTSUPP', `filesystem ${filesystem.name} has ${filesystem.maxMds} ranks: they can become more, not fewer yet`);
  const changed = { ...filesystem, maxMds };
  if (maxMds > filesystem.maxMds) draft.setFilesystems([changed]);
  assignRanks(state);
  return changed;
}

function wantStandbys({ draft }: MonState, filesystem: FilesystemInfo, args: Arguments): FilesystemInfo {
  const changed = { ...filesystem, standbyCountWanted: args.integer('standbyCountWanted', 0, standbysMax) };
  draft.setFilesystems([changed]);
  return changed;
}
