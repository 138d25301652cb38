/**
 * Changes of the CRUSH tree. Each returns a new map; the weights of the buckets above follow.
 * @module
 */
import { assert } from '../errors/assert.ts';
import { type BucketType, type CrushBucket, type CrushItem, type CrushMap, type CrushRule, jewelTunables } from './crush-map.ts';

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
  const { buckets, bucket } = withBucket(map, 'host', host);
  return reweighted({ ...map, buckets: linked(buckets, bucket.name, { id: osd, weight }) });
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
  return reweighted({ ...map, buckets: unlinked(map.buckets, osd) });
}

/**
 * Puts a host into `rack`, which is made under the default root if it is missing; `undefined`: directly under the
 * default root. The host keeps its id, and so its share of what is placed among its new neighbours.
 */
export function moveHost(map: CrushMap, host: string, rack: string | undefined): CrushMap {
  const moved = findBucket(map, 'host', host);
  assert(moved !== undefined, `the CRUSH tree has no host ${host}`);
  const loose = unlinked(map.buckets, moved.id);
  const item = { id: moved.id, weight: 0 };
  if (rack === undefined) return reweighted({ ...map, buckets: linked(loose, defaultRoot, item) });
  const { buckets, bucket } = withBucket({ ...map, buckets: loose }, 'rack', rack);
  return reweighted({ ...map, buckets: linked(buckets, bucket.name, item) });
}

/** Without the hosts and racks that hold nothing. */
export function pruned(map: CrushMap): CrushMap {
  const empty = map.buckets.find(({ type, items }) => type !== 'root' && items.length === 0);
  if (!empty) return map;
  const buckets = unlinked(
    map.buckets.filter((bucket) => bucket !== empty),
    empty.id,
  );
  return pruned(reweighted({ ...map, buckets }));
}

/** With one more rule, or without the one of that name. */
export function setRule(map: CrushMap, rule: CrushRule): CrushMap {
  return { ...map, rules: [...map.rules.filter(({ name }) => name !== rule.name), rule] };
}

export function removeRule(map: CrushMap, name: string): CrushMap {
  return { ...map, rules: map.rules.filter((rule) => rule.name !== name) };
}

/** Name of the bucket that `osd` is in; undefined when it is in none. */
export function hostOf(map: CrushMap, osd: number): string | undefined {
  return parentOf(map, osd)?.name;
}

/** Name of the rack that a host is in; undefined when it is in none. */
export function rackOf(map: CrushMap, host: string): string | undefined {
  const bucket = findBucket(map, 'host', host);
  const parent = bucket && parentOf(map, bucket.id);
  return parent?.type === 'rack' ? parent.name : undefined;
}

export function findBucket(map: CrushMap, type: BucketType, name: string): CrushBucket | undefined {
  return map.buckets.find((bucket) => bucket.type === type && bucket.name === name);
}

/** The weight of `osd`, 16.16 fixed point; 0 when it is not in the tree. */
export function weightOfOsd(map: CrushMap, osd: number): number {
  return map.buckets.flatMap(({ items }) => items).find(({ id }) => id === osd)?.weight ?? 0;
}

/** Whether the tree holds `osd`. */
export function isPlaced(map: CrushMap, osd: number): boolean {
  return parentOf(map, osd) !== undefined;
}

/** How many failure domains of a rule's kind there are under its root, with an OSD in each that `isUsable`. */
export function countDomains(map: CrushMap, rule: CrushRule, isUsable: (osd: number) => boolean): number {
  const byId = new Map(map.buckets.map((bucket) => [bucket.id, bucket]));
  const holdsUsable = ({ id, weight }: CrushItem): boolean =>
    weight > 0 && (id >= 0 ? isUsable(id) : (byId.get(id)?.items.some(holdsUsable) ?? false));
  const count = (items: readonly CrushItem[]): number =>
    items.reduce((sum, item) => {
      const type = item.id >= 0 ? 'osd' : byId.get(item.id)?.type;
      if (type === rule.failureDomain) return sum + Number(holdsUsable(item));
      return sum + count(byId.get(item.id)?.items ?? []);
    }, 0);
  return count(map.buckets.find(({ name }) => name === rule.root)?.items ?? []);
}

function parentOf(map: CrushMap, item: number): CrushBucket | undefined {
  return map.buckets.find(({ items }) => items.some(({ id }) => id === item));
}

/** The bucket of that type and name, made under the default root if it is missing. */
function withBucket(
  map: CrushMap,
  type: BucketType,
  name: string,
): { readonly buckets: readonly CrushBucket[]; readonly bucket: CrushBucket } {
  const found = findBucket(map, type, name);
  if (found) return { buckets: map.buckets, bucket: found };
  assert(!map.buckets.some((bucket) => bucket.name === name), `the CRUSH tree has another bucket called ${name}`);
  const bucket: CrushBucket = { id: Math.min(...map.buckets.map(({ id }) => id)) - 1, name, type, items: [] };
  return { buckets: linked([...map.buckets, bucket], defaultRoot, { id: bucket.id, weight: 0 }), bucket };
}

function linked(buckets: readonly CrushBucket[], parent: string, item: CrushItem): readonly CrushBucket[] {
  return buckets.map((bucket) => (bucket.name === parent ? { ...bucket, items: [...bucket.items, item] } : bucket));
}

function unlinked(buckets: readonly CrushBucket[], item: number): readonly CrushBucket[] {
  return buckets.map((bucket) =>
    bucket.items.some(({ id }) => id === item) ? { ...bucket, items: bucket.items.filter(({ id }) => id !== item) } : bucket,
  );
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
