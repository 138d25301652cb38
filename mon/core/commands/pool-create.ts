import { ruleFor } from '../../../common/crush/crush-edit.ts';
import type { BucketType } from '../../../common/crush/crush-map.ts';
import { FsError } from '../../../common/errors/fs-error.ts';
import type { PoolInfo } from '../../../common/maps/cluster-map.ts';
import type { MonState } from '../state.ts';
import type { Arguments } from './arguments.ts';
import { checkPgsPerOsd } from './pgs-per-osd.ts';
import { failureDomains, ruleOf } from './rule.ts';

/** Copies of each object, at most. */
export const poolSizeMax = 10;
export const pgNumMax = 65_536;

/**
 * `pool create {name, size?, minSize?, pgNum?, failureDomain? or rule?}`: 3 copies, 32 PGs; copies on distinct hosts
 * where there are enough, else on distinct OSDs. Of a pool that exists with the same values it returns that one.
 */
export function createPool(state: MonState, args: Arguments): PoolInfo {
  const { draft } = state;
  const name = args.name('name');
  const size = args.integer('size', 1, poolSizeMax, 3);
  const minSize = args.integer('minSize', 1, size, size === 3 ? 2 : 1);
  const pgNum = args.integer('pgNum', 1, pgNumMax, 32);
  const existing = [...draft.pools.values()].find((pool) => pool.name === name);
  const wanted = args.has('rule') || args.has('failureDomain') ? wantedRule(state, args) : undefined;
  if (existing) {
    const same = existing.size === size && existing.minSize === minSize && existing.pgNum === pgNum;
    if (same && (wanted === undefined || existing.rule === wanted)) return existing;
    throw new FsError(
      'EEXIST',
      `pool ${name} exists with other values (size ${existing.size}, minSize ${existing.minSize}, pgNum ${existing.pgNum}, rule ${existing.rule})`,
    );
  }
  const rule = wanted ?? ruleFor(widestDomain(state, size));
  const pool = { id: draft.freePoolId, name, size, minSize, pgNum, rule };
  checkPgsPerOsd(state, pool);
  draft.setPool(pool);
  return pool;
}

/** The rule that the arguments name, or the one for the failure domain that they name. */
function wantedRule(state: MonState, args: Arguments): string {
  return args.has('rule') ? ruleOf(state, args.name('rule')).name : ruleFor(args.oneOf('failureDomain', failureDomains));
}

/** Hosts when there are as many as copies, else OSDs. Racks are only used when asked for. */
function widestDomain({ draft }: MonState, size: number): BucketType {
  const hosts = draft.crush.buckets.filter((bucket) => bucket.type === 'host' && bucket.items.length > 0);
  return hosts.length >= size && size > 1 ? 'host' : 'osd';
}
