/**
 * Placement: from an input number to OSDs, by a replicated rule over the CRUSH tree.
 * Does what Ceph's `take root; chooseleaf firstn 0 type <domain>; emit` does, choice for choice, for straw2
 * buckets and any tunables without local retries (every profile since bobtail).
 * Source: Weil et al. 2006, and the unit test's vectors made with the real `crushtool`.
 * @module
 */
import { assert } from '../errors/assert.ts';
import type { OsdId } from '../maps/ids.ts';
import type { BucketType, CrushMap, CrushTunables } from './crush-map.ts';
import { crushHash2, crushHash3 } from './hash.ts';
import { crushLn } from './ln.ts';

/** Share of its inputs that an OSD keeps, 16.16 fixed point: 0 for one that is out or unknown. */
export type ReweightOf = (osd: number) => number;

/**
 * The OSDs that hold input `x`, at most `size`, none twice; fewer when the tree has not enough that are in.
 * Whether they are up plays no part. Throws (broken invariant) when the map has no such rule.
 */
export function placeReplicas(map: CrushMap, ruleName: string, x: number, size: number, reweightOf: ReweightOf): OsdId[] {
  const compiled = compile(map);
  const rule = compiled.rules.get(ruleName);
  assert(rule !== undefined, `CRUSH rule ${ruleName} does not exist`);
  const choice: Choice = { compiled, x, reweightOf, size, leaves: [] };
  chooseDomains(choice, rule.root, rule.domain);
  return choice.leaves as OsdId[];
}

interface Bucket {
  readonly id: number;
  readonly type: BucketType;
  readonly ids: Int32Array;
  readonly weights: Float64Array;
}

interface Compiled {
  readonly buckets: ReadonlyMap<number, Bucket>;
  readonly rules: ReadonlyMap<string, { readonly root: Bucket; readonly domain: BucketType }>;
  readonly tunables: CrushTunables;
}

interface Choice {
  readonly compiled: Compiled;
  readonly x: number;
  readonly size: number;
  readonly reweightOf: ReweightOf;
  /** OSDs chosen so far. */
  readonly leaves: number[];
}

const compiledMaps = new WeakMap<CrushMap, Compiled>();

/** The map with its buckets by id and its weights in arrays; made once per map. */
function compile(map: CrushMap): Compiled {
  let compiled = compiledMaps.get(map);
  if (compiled === undefined) {
    assert(map.tunables.chooseLocalTries === 0 && map.tunables.chooseLocalFallbackTries === 0, 'CRUSH local retries are not supported');
    const buckets = new Map<number, Bucket>();
    const byName = new Map<string, Bucket>();
    for (const { id, name, type, items } of map.buckets) {
      const bucket = { id, type, ids: Int32Array.from(items, (item) => item.id), weights: Float64Array.from(items, (item) => item.weight) };
      buckets.set(id, bucket);
      byName.set(name, bucket);
    }
    const rules = new Map<string, { root: Bucket; domain: BucketType }>();
    for (const { name, root, failureDomain } of map.rules) {
      const bucket = byName.get(root);
      assert(bucket !== undefined, `CRUSH rule ${name} takes ${root}, which does not exist`);
      rules.set(name, { root: bucket, domain: failureDomain });
    }
    compiled = { buckets, rules, tunables: map.tunables };
    compiledMaps.set(map, compiled);
  }
  return compiled;
}

/** Chooses up to `size` distinct `domain`s under `root`, and a leaf in each. */
function chooseDomains(choice: Choice, root: Bucket, domain: BucketType): void {
  const { leaves, size, compiled } = choice;
  const domains: number[] = [];
  const tries = compiled.tunables.chooseTotalTries + 1;
  for (let replica = 0; replica < size && leaves.length < size; replica++) {
    for (let failures = 0; failures < tries; failures++) {
      const r = replica + failures;
      const item = descend(choice, root, domain, r);
      if (item === 'dead-end') break;
      if (item === 'empty' || domains.includes(item)) continue;
      const leaf = item >= 0 ? item : chooseLeaf(choice, bucketOf(compiled, item), r);
      if (leaf === undefined || (item >= 0 && isOut(choice, item))) continue;
      domains.push(item);
      leaves.push(leaf);
      break;
    }
  }
}

/** One OSD under `bucket` that is in and not chosen yet; undefined when the tries are used up. */
function chooseLeaf(choice: Choice, bucket: Bucket, parentR: number): number | undefined {
  const { compiled, leaves } = choice;
  const { chooseleafVaryR, chooseleafStable, chooseleafDescendOnce, chooseTotalTries } = compiled.tunables;
  const base = (chooseleafVaryR > 0 ? parentR >> (chooseleafVaryR - 1) : 0) + (chooseleafStable !== 0 ? 0 : leaves.length);
  const tries = chooseleafDescendOnce !== 0 ? 1 : chooseTotalTries + 1;
  for (let failures = 0; failures < tries; failures++) {
    const item = descend(choice, bucket, 'osd', base + failures);
    if (item === 'dead-end') return undefined;
    if (item === 'empty' || leaves.includes(item) || isOut(choice, item)) continue;
    return item;
  }
  return undefined;
}

/** Walks down from `bucket`, straw2 by straw2 with the same `r`, to an item of `type`. */
function descend({ compiled, x }: Choice, bucket: Bucket, type: BucketType, r: number): number | 'empty' | 'dead-end' {
  for (;;) {
    if (bucket.ids.length === 0) return 'empty';
    const item = straw2(bucket, x, r);
    if (item >= 0) return type === 'osd' ? item : 'dead-end';
    const below = compiled.buckets.get(item);
    if (below === undefined) return 'dead-end';
    if (below.type === type) return item;
    bucket = below;
  }
}

/** Every item draws a straw whose length has the item's weight as its rate; the longest wins. */
function straw2({ ids, weights }: Bucket, x: number, r: number): number {
  let winner = 0;
  let longest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < ids.length; i++) {
    const weight = weights[i] as number;
    if (weight === 0) continue;
    const u = crushHash3(x, ids[i] as number, r) & 0xffff;
    // Exact: the dividend has 48 bits, so the quotient's rounding error is below 1/weight.
    const straw = Math.trunc((crushLn(u) - 2 ** 48) / weight);
    if (straw > longest) {
      winner = i;
      longest = straw;
    }
  }
  return ids[winner] as number;
}

/** Whether `osd` gives up input `x`: always at reweight 0, never at 0x10000, else by the hash of both. */
function isOut({ reweightOf, x }: Choice, osd: number): boolean {
  const reweight = reweightOf(osd);
  if (reweight >= 0x10000) return false;
  return reweight === 0 || (crushHash2(x, osd) & 0xffff) >= reweight;
}

function bucketOf(compiled: Compiled, id: number): Bucket {
  const bucket = compiled.buckets.get(id);
  assert(bucket !== undefined, `CRUSH bucket ${id} does not exist`);
  return bucket;
}
