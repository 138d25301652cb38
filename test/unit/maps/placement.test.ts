import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { ClusterMap, OsdInfo, PoolInfo } from '../../../common/maps/cluster-map.ts';
import { emptyMap } from '../../../common/maps/empty-map.ts';
import { epoch, instanceId, osdId, pgId, poolId, type OsdId } from '../../../common/maps/ids.ts';
import { stableMod } from '../../../common/maps/object-hash.ts';
import { allPgs, isAvailable, pgMapping, pgMappingAt, pgOfObject, rawPlacement } from '../../../common/maps/placement.ts';
import { trees } from '../crush/trees.ts';

interface Vector {
  readonly pool: number;
  readonly pgNum: number;
  readonly tree: string;
  readonly rule: number;
  readonly size: number;
  readonly out: number;
  readonly pgs: string;
  readonly objects: Readonly<Record<string, number>>;
}

const vectors = JSON.parse(readFileSync(join(import.meta.dirname, '../crush/vectors/osdmap.json'), 'utf8')) as readonly Vector[];

function mapOf(vector: Vector): { readonly map: ClusterMap; readonly pool: PoolInfo } {
  const tree = trees.find(({ name }) => name === vector.tree);
  if (!tree) throw new Error(`no tree ${vector.tree}`);
  const pool = {
    id: poolId(vector.pool),
    name: 'p',
    size: vector.size,
    minSize: 2,
    pgNum: vector.pgNum,
    rule: tree.map.rules[vector.rule]?.name ?? '',
  };
  const ids = tree.map.buckets.flatMap(({ items }) => items.filter(({ id }) => id >= 0).map(({ id }) => osdId(id)));
  const osds = new Map(ids.map((id) => [id, osd(id, { in: id !== vector.out })]));
  return { map: { ...emptyMap('f'), epoch: epoch(1), crush: tree.map, osds, pools: new Map([[pool.id, pool]]) }, pool };
}

function osd(id: number, changes: Partial<OsdInfo> = {}): OsdInfo {
  return {
    id: osdId(id),
    uuid: `u${id}`,
    address: `h:${id}`,
    host: 'h',
    up: true,
    in: true,
    autoOut: false,
    fullness: 'roomy',
    reweight: 0x10000,
    instance: instanceId(id + 1),
    upFrom: epoch(1),
    downAt: epoch(0),
    ...changes,
  };
}

for (const vector of vectors) {
  test(`pgOfObject: pg_num ${vector.pgNum} → as osdmaptool`, (t) => {
    const { pool } = mapOf(vector);
    t.deepEqual(Object.fromEntries(Object.keys(vector.objects).map((name) => [name, pgOfObject(pool, name)])), vector.objects);
  });

  test(`rawPlacement: ${vector.pgNum} PGs on ${vector.tree} with osd.${vector.out} out → as osdmaptool`, (t) => {
    const { map, pool } = mapOf(vector);
    t.deepEqual(
      Array.from({ length: pool.pgNum }, (_, seq) => rawPlacement(map, pool, seq).join(',')),
      vector.pgs.split(' '),
    );
  });
}

test('pgMapping: an OSD goes down → leaves up, stays in acting until the mon says otherwise', (t) => {
  const { map, pool } = mapOf(vectors[0] as Vector);
  const id = pgId(pool.id, 0);
  const placed = rawPlacement(map, pool, 0);
  const [first, second] = placed;
  if (first === undefined || second === undefined) return t.fail('placement is too short');
  const pgs = new Map([[id, { acting: placed, interval: epoch(1), former: [], lostAt: epoch(0) }]]);
  t.like(pgMapping({ ...map, pgs }, id), { up: placed, acting: placed, upPrimary: first, primary: first, interval: 1 });
  const osds = new Map(map.osds).set(first, osd(first, { up: false }));
  t.like(pgMapping({ ...map, osds, pgs }, id), { up: placed.slice(1), upPrimary: second, acting: placed });
});

test('pgMapping: nobody of acting is up → no primary', (t) => {
  const { map, pool } = mapOf(vectors[0] as Vector);
  const osds = new Map(Array.from(map.osds, ([id]) => [id, osd(id, { up: false })]));
  const pgs = new Map([[pgId(pool.id, 5), { acting: [osdId(1)], interval: epoch(3), former: [], lostAt: epoch(0) }]]);
  t.like(pgMappingAt({ ...map, osds, pgs }, pool.id, 5), { up: [], upPrimary: undefined, acting: [1], primary: undefined, interval: 3 });
});

test('isAvailable: a PG has nobody, or fewer than a write takes → no', (t) => {
  const { map, pool } = mapOf(vectors[0] as Vector);
  const served = (members: (acting: readonly OsdId[]) => readonly OsdId[], down?: OsdId): ClusterMap => ({
    ...map,
    osds: new Map(Array.from(map.osds, ([id]) => [id, osd(id, { up: id !== down })])),
    pgs: new Map(
      Array.from({ length: pool.pgNum }, (_, seq) => {
        const placed = rawPlacement(map, pool, seq);
        return [pgId(pool.id, seq), { acting: seq === 0 ? members(placed) : placed, interval: epoch(2), former: [], lostAt: epoch(0) }];
      }),
    ),
  });
  t.true(isAvailable(served((all) => all)));
  t.false(isAvailable(served((all) => all.slice(0, 1))));
  t.false(isAvailable(served(() => [])));
  t.false(isAvailable(served((all) => all, rawPlacement(map, pool, 0)[0])));
});

test('pgMapping: asked twice → the same value; unknown pool, PG or name → undefined', (t) => {
  const { map, pool } = mapOf(vectors[0] as Vector);
  t.is(pgMappingAt(map, pool.id, 7), pgMappingAt(map, pool.id, 7));
  t.is(pgMapping(map, pgId(pool.id, 7)), pgMappingAt(map, pool.id, 7));
  t.is(pgMappingAt(map, pool.id, pool.pgNum), undefined);
  t.is(pgMappingAt(map, poolId(9), 0), undefined);
  t.is([...allPgs(map)].length, pool.pgNum);
});

test('rawPlacement: another reweight, tree or pool → computed anew', (t) => {
  const { map, pool } = mapOf(vectors[0] as Vector);
  const before = rawPlacement(map, pool, 0);
  const [first] = before;
  if (first === undefined) return t.fail('placement is too short');
  t.false(rawPlacement({ ...map, osds: new Map(map.osds).set(first, osd(first, { in: false })) }, pool, 0).includes(first));
  const wide = { ...pool, size: 5 };
  t.is(rawPlacement({ ...map, pools: new Map([[pool.id, wide]]) }, wide, 0).length, 5);
  t.deepEqual(rawPlacement(map, pool, 0), before);
});

test('stableMod: one more bucket → only what moves into it moves', (t) => {
  for (let buckets = 1; buckets < 70; buckets++) {
    for (let x = 0; x < 300; x++) {
      const before = stableMod(x, buckets);
      const after = stableMod(x, buckets + 1);
      t.true(before < buckets && (after === before || after === buckets));
    }
  }
});
