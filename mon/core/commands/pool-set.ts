import { FsError } from '../../../common/errors/fs-error.ts';
import type { PoolInfo } from '../../../common/maps/cluster-map.ts';
import type { MonState } from '../state.ts';
import type { Arguments } from './arguments.ts';
import { poolSizeMax } from './pool-create.ts';

/**
 * `pool set {name, size?, minSize?}`: changes how many copies a pool keeps, and without how many it serves no writes.
 * With more copies new members are filled and join when they hold everything; with fewer the superfluous ones
 * leave, and drop their data once the PG is clean (the same rules as when an OSD comes in or goes out).
 */
export function setPool({ draft }: MonState, args: Arguments): PoolInfo {
  const name = args.name('name');
  const pool = [...draft.pools.values()].find((candidate) => candidate.name === name);
  if (!pool) throw new FsError('ENOENT', `there is no pool ${name}`);
  if (!args.has('size') && !args.has('minSize')) throw new FsError('EINVAL', 'pool set: "size" or "minSize" is wanted');
  const size = args.integer('size', 1, poolSizeMax, pool.size);
  const minSize = args.integer('minSize', 1, poolSizeMax, pool.minSize);
  if (minSize > size) {
    throw new FsError(
      'EINVAL',
      `pool ${name} would need ${minSize} copies to serve writes and keep ${size}: min_size may not be above size`,
    );
  }
  if (size === pool.size && minSize === pool.minSize) return pool;
  const changed = { ...pool, size, minSize };
  draft.setPool(changed);
  return changed;
}
