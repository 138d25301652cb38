/**
 * The CRUSH trees of the placement vectors. Weights are multiples of 1/32, which decimal text gives exactly.
 * @module
 */
import { type CrushBucket, type CrushMap, type CrushTunables, jewelTunables } from '../../../common/crush/crush-map.ts';

export interface VectorTree {
  readonly name: string;
  readonly map: CrushMap;
  readonly rule: string;
  readonly sizes: readonly number[];
  /** OSDs that keep less than all: 16.16 fixed point, 0 is out. */
  readonly reweights: Readonly<Record<number, number>>;
}

const thirtySecond = 0x800;

/** Racks of hosts of OSDs' weights, in 1/32; OSDs are numbered in that order. */
type Layout = readonly (readonly (readonly number[])[])[];

const twoRacks: Layout = [
  [[32, 32], [64, 16, 16], [40]],
  [[33, 31], [8, 8, 8, 8], [128]],
];
const fourRacks: Layout = [
  [
    [10, 20, 30],
    [40, 50],
  ],
  [
    [32, 32, 32],
    [32, 32, 32],
  ],
  [[1, 2, 3], [64]],
  [
    [96, 0, 32],
    [17, 19],
  ],
];

export const trees: readonly VectorTree[] = [
  { name: 'flat-even', map: tree([[[32], [32], [32], [32], [32], [32]]]), rule: 'replicated_osd', sizes: [1, 3], reweights: {} },
  {
    name: 'hosts-even',
    map: tree([
      [
        [32, 32],
        [32, 32],
        [32, 32],
      ],
    ]),
    rule: 'replicated_host',
    sizes: [2, 3],
    reweights: {},
  },
  { name: 'hosts-uneven', map: tree(twoRacks), rule: 'replicated_host', sizes: [2, 3, 5], reweights: {} },
  { name: 'hosts-uneven-out', map: tree(twoRacks), rule: 'replicated_host', sizes: [3], reweights: { 5: 0, 12: 0 } },
  {
    name: 'osds-uneven-reweighted',
    map: tree(twoRacks),
    rule: 'replicated_osd',
    sizes: [3, 4],
    reweights: { 0: 0x8000, 2: 0x4000, 7: 0xc000, 9: 0 },
  },
  { name: 'racks', map: tree(twoRacks), rule: 'replicated_rack', sizes: [2, 3], reweights: { 3: 0, 12: 0x8000 } },
  { name: 'racks-uneven', map: tree(fourRacks), rule: 'replicated_rack', sizes: [3], reweights: {} },
  { name: 'racks-uneven-out', map: tree(fourRacks), rule: 'replicated_rack', sizes: [3, 4], reweights: { 2: 0, 8: 0x8000, 14: 0 } },
  {
    name: 'hosts-firefly',
    map: tree(twoRacks, { ...jewelTunables, chooseleafStable: 0 }),
    rule: 'replicated_host',
    sizes: [3],
    reweights: { 4: 0x8000 },
  },
  {
    name: 'hosts-bobtail',
    map: tree(twoRacks, { ...jewelTunables, chooseleafStable: 0, chooseleafVaryR: 0 }),
    rule: 'replicated_host',
    sizes: [3],
    reweights: { 4: 0x8000, 6: 0 },
  },
  {
    name: 'hosts-retrying-leaves',
    map: tree(fourRacks, { ...jewelTunables, chooseleafDescendOnce: 0 }),
    rule: 'replicated_host',
    sizes: [3],
    reweights: { 0: 0, 1: 0x4000, 10: 0 },
  },
];

function tree(layout: Layout, tunables: CrushTunables = jewelTunables): CrushMap {
  const buckets: CrushBucket[] = [];
  let osd = 0;
  let nextId = -2;
  const total = (bucket: CrushBucket): number => bucket.items.reduce((sum, { weight }) => sum + weight, 0);
  const racks = layout.map((hosts, r) => {
    const made = hosts.map((weights, h): CrushBucket => {
      const items = weights.map((weight) => ({ id: osd++, weight: weight * thirtySecond }));
      return { id: nextId--, name: `host-${r}-${h}`, type: 'host', items };
    });
    const rack: CrushBucket = {
      id: nextId--,
      name: `rack-${r}`,
      type: 'rack',
      items: made.map((host) => ({ id: host.id, weight: total(host) })),
    };
    buckets.push(...made, rack);
    return rack;
  });
  buckets.push({ id: -1, name: 'default', type: 'root', items: racks.map((rack) => ({ id: rack.id, weight: total(rack) })) });
  const domains = ['osd', 'host', 'rack'] as const;
  const rules = domains.map((failureDomain) => ({ name: `replicated_${failureDomain}`, root: 'default', failureDomain }));
  return { buckets, rules, tunables };
}
