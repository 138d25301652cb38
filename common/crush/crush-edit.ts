/**
 * Changes of the CRUSH tree. Each returns a new map; the weights of the buckets above follow.
 * @module
 */
import { assert } from '../errors/assert.ts';
import { type CrushBucket, type CrushItem, type CrushMap, type CrushRule, jewelTunables } from './crush-map.ts';

/** Root of a new cluster's tree. */
export const defaultRoot = 'default';

/** Rule name for copies in distinct failure domains of a kind. */
export const ruleFor = (failureDomain: CrushRule['failureDomain']): string => `replicated_${failureDomain}`;

/** A tree of one empty root, with a rule for each failure domain. */
export function newCrushMap(): CrushMap {
  const domains = ['osd', 'host', 'rack'] as const;
  return {
    buckets: [{ id: -1, name: defaultRoot, type: 'root', items: [] }],
    rules: domains.map((failureDomain) => ({ name: ruleFor(failureDomain), root: defaultRoot, failureDomain })),
    tunables: jewelTunables,
  };
}

/** Puts `osd` under the bucket of its `host`, which is made under the default root if it is missing. */
export function addOsd(map: CrushMap, osd: number, host: string, weight: number): CrushMap {
  assert(!isPlaced(map, osd), `osd.${osd} is in the CRUSH tree already`);
  const found = map.buckets.find((bucket) => bucket.name === host && bucket.type === 'host');
  const bucket: CrushBucket = found ?? { id: Math.min(...map.buckets.map(({ id }) => id)) - 1, name: host, type: 'host', items: [] };
  const buckets = map.buckets.filter(({ id }) => id !== bucket.id).concat({ ...bucket, items: [...bucket.items, { id: osd, weight }] });
  return reweighted({ ...map, buckets: found ? buckets : linked(buckets, defaultRoot, bucket.id) });
}

/** Gives `osd` another weight. */
export function setOsdWeight(map: CrushMap, osd: number, weight: number): CrushMap {
  const buckets = map.buckets.map((bucket) =>
    bucket.items.some(({ id }) => id === osd)
      ? { ...bucket, items: bucket.items.map((item) => (item.id === osd ? { id: osd, weight } : item)) }
      : bucket,
  );
  return reweighted({ ...map, buckets });
}

/** Takes `osd` out of the tree; its host's bucket stays. */
export function removeOsd(map: CrushMap, osd: number): CrushMap {
  const buckets = map.buckets.map((bucket) =>
    bucket.items.some(({ id }) => id === osd) ? { ...bucket, items: bucket.items.filter(({ id }) => id !== osd) } : bucket,
  );
  return reweighted({ ...map, buckets });
}

/** Name of the bucket that `osd` is in; undefined when it is in none. */
export function hostOf(map: CrushMap, osd: number): string | undefined {
  return map.buckets.find(({ items }) => items.some(({ id }) => id === osd))?.name;
}

/** The weight of `osd`, 16.16 fixed point; 0 when it is not in the tree. */
export function weightOfOsd(map: CrushMap, osd: number): number {
  return map.buckets.flatMap(({ items }) => items).find(({ id }) => id === osd)?.weight ?? 0;
}

/** Whether the tree holds `osd`. */
export function isPlaced(map: CrushMap, osd: number): boolean {
  return map.buckets.some(({ items }) => items.some(({ id }) => id === osd));
}

function linked(buckets: readonly CrushBucket[], parent: string, child: number): CrushBucket[] {
  return buckets.map((bucket) => (bucket.name === parent ? { ...bucket, items: [...bucket.items, { id: child, weight: 0 }] } : bucket));
}

/** Every bucket's weight in its parent is the sum of its own items'. */
function reweighted(map: CrushMap): CrushMap {
  const byId = new Map(map.buckets.map((bucket) => [bucket.id, bucket]));
  const done = new Map<number, CrushBucket>();
  const settle = (id: number): CrushBucket => {
    const known = done.get(id);
    if (known) return known;
    const bucket = byId.get(id);
    assert(bucket !== undefined, `CRUSH bucket ${id} does not exist`);
    const items = bucket.items.map((item): CrushItem => (item.id >= 0 ? item : { id: item.id, weight: weightOf(settle(item.id)) }));
    const settled = items.every((item, i) => item.weight === bucket.items[i]?.weight) ? bucket : { ...bucket, items };
    done.set(id, settled);
    return settled;
  };
  for (const { id } of map.buckets) settle(id);
  return { ...map, buckets: [...done.values()].sort((a, b) => b.id - a.id) };
}

function weightOf(bucket: CrushBucket): number {
  return bucket.items.reduce((sum, { weight }) => sum + weight, 0);
}
