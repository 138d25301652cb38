import { FsError } from '../../../common/errors/fs-error.ts';
import type { PoolInfo } from '../../../common/maps/cluster-map.ts';
import type { MonState } from '../state.ts';
import type { Arguments } from './arguments.ts';
import { checkPgsPerOsd } from './pgs-per-osd.ts';
import { pgNumMax, poolSizeMax } from './pool-create.ts';
import { ruleOf } from './rule.ts';

/**
 * `pool set {name, size?, minSize?, rule?, pgNum?}`: changes how many copies a pool keeps, without how many it serves no
 * writes, by which rule they are placed, and into how many PGs it is divided.
 * With more copies new members are filled and join when they hold everything; with fewer the superfluous ones
 * leave, and drop their data once the PG is clean (the same rules as when an OSD comes in or goes out). With another rule
 * the data moves to where that wants it, likewise. More PGs: those there are split, each in place; what comes of them then
 * goes where CRUSH wants it.
 */
export function setPool(state: MonState, args: Arguments): PoolInfo {
  const { draft } = state;
  const name = args.name('name');
  const pool = [...draft.pools.values()].find((candidate) => candidate.name === name);
  if (!pool) throw new FsError('ENOENT', `there is no pool ${name}`);
  if (!['size', 'minSize', 'rule', 'pgNum'].some((setting) => args.has(setting)))
    throw new FsError('EINVAL', 'pool set: "size", "minSize", "rule" or "pgNum" is wanted');
  const size = args.integer('size', 1, poolSizeMax, pool.size);
  const minSize = args.integer('minSize', 1, poolSizeMax, pool.minSize);
  if (minSize > size) {
    throw new FsError(
      'EINVAL',
      `pool ${name} would need ${minSize} copies to serve writes and keep ${size}: min_size may not be above size`,
    );
  }
  const rule = args.has('rule') ? ruleOf(state, args.name('rule')).name : pool.rule;
  const pgNum = args.integer('pgNum', 1, pgNumMax, pool.pgNum);
  checkDoubling(pool, pgNum);
  if (size === pool.size && minSize === pool.minSize && rule === pool.rule && pgNum === pool.pgNum) return pool;
  const changed = { ...pool, size, minSize, rule, pgNum };
  if (pgNum > pool.pgNum) checkPgsPerOsd(state, changed);
  draft.setPool(changed);
  return changed;
}

/** Objects are divided evenly only if every PG is split into equally many. */
function checkDoubling({ name, pgNum }: PoolInfo, wanted: number): void {
  if (wanted < pgNum) throw new FsError('EINVAL', `pool ${name} has ${pgNum} PGs: they can be split, not joined to ${wanted}`);
  if (!Number.isInteger(Math.log2(wanted / pgNum)))
    throw new FsError('EINVAL', `pool ${name} has ${pgNum} PGs: they can be doubled, to ${pgNum * 2} or ${pgNum * 4}, not made ${wanted}`);
}
