import { FsError } from '../../../common/errors/fs-error.ts';
import type { PoolInfo } from '../../../common/maps/cluster-map.ts';
import type { MonState } from '../state.ts';
import type { Arguments } from './arguments.ts';
import { poolSizeMax } from './pool-create.ts';
import { ruleOf } from './rule.ts';

/**
 * `pool set {name, size?, minSize?, rule?}`: changes how many copies a pool keeps, without how many it serves no writes,
 * and by which rule they are placed.
 * With more copies new members are filled and join when they hold everything; with fewer the superfluous ones
 * leave, and drop their data once the PG is clean (the same rules as when an OSD comes in or goes out). With another rule
 * the data moves to where that wants it, likewise.
 */
export function setPool(state: MonState, args: Arguments): PoolInfo {
  const { draft } = state;
  const name = args.name('name');
  const pool = [...draft.pools.values()].find((candidate) => candidate.name === name);
  if (!pool) throw new FsError('ENOENT', `there is no pool ${name}`);
  if (!args.has('size') && !args.has('minSize') && !args.has('rule'))
    throw new FsError('EINVAL', 'pool set: "size", "minSize" or "rule" is wanted');
  const size = args.integer('size', 1, poolSizeMax, pool.size);
  const minSize = args.integer('minSize', 1, poolSizeMax, pool.minSize);
  if (minSize > size) {
    throw new FsError(
      'EINVAL',
      `pool ${name} would need ${minSize} copies to serve writes and keep ${size}: min_size may not be above size`,
    );
  }
  const rule = args.has('rule') ? ruleOf(state, args.name('rule')).name : pool.rule;
  if (size === pool.size && minSize === pool.minSize && rule === pool.rule) return pool;
  const changed = { ...pool, size, minSize, rule };
  draft.setPool(changed);
  return changed;
}
