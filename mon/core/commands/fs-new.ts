import { FsError } from '../../../common/errors/fs-error.ts';
import type { FilesystemInfo, PoolInfo } from '../../../common/maps/cluster-map.ts';
import { assignRanks } from '../mdss.ts';
import type { MonState } from '../state.ts';
import type { Arguments } from './arguments.ts';

/** `fs new {name, metadataPool, dataPool}`: by the pools' names. Of a filesystem that exists with the same values it returns that one. */
export function newFilesystem(state: MonState, args: Arguments): FilesystemInfo {
  const { draft } = state;
  const name = args.name('name');
  const metadataPool = find(state, args.name('metadataPool'));
  const dataPool = find(state, args.name('dataPool'));
  if (metadataPool.id === dataPool.id) throw new FsError('EINVAL', 'metadata and data need a pool each');
  const [existing] = draft.filesystems;
  if (existing) {
    if (existing.name === name && existing.metadataPool === metadataPool.id && existing.dataPool === dataPool.id) return existing;
    throw new FsError('EEXIST', `the cluster has the filesystem ${existing.name}; it can have one`);
  }
  const filesystem = {
    name,
    metadataPool: metadataPool.id,
    dataPool: dataPool.id,
    maxMds: 1,
    ranks: 1,
    stopping: false,
    standbyCountWanted: -1,
  };
  draft.setFilesystems([filesystem]);
  assignRanks(state);
  return filesystem;
}

function find({ draft }: MonState, name: string): PoolInfo {
  const pool = [...draft.pools.values()].find((candidate) => candidate.name === name);
  if (!pool) throw new FsError('ENOENT', `there is no pool ${name}: create it first`);
  return pool;
}
