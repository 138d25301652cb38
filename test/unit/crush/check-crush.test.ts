import test from 'ava';
import { checkCrush } from '../../../common/crush/check-crush.ts';
import { addOsd, newCrushMap, removeOsd, setOsdWeight, weightOfOsd } from '../../../common/crush/crush-edit.ts';
import type { CrushBucket, CrushMap } from '../../../common/crush/crush-map.ts';
import { trees } from './trees.ts';

test('checkCrush: every tree of the vectors, and a new one → fine', (t) => {
  for (const { map } of trees) t.notThrows(() => checkCrush(map));
  t.notThrows(() => checkCrush(addOsd(newCrushMap(), 3, 'alpha', 5)));
});

test('checkCrush: trees that placement could not walk → EPROTO, and what is wrong', (t) => {
  const base = addOsd(newCrushMap(), 0, 'alpha', 0x10000);
  const withBucket = (bucket: Partial<CrushBucket>): CrushMap => ({
    ...base,
    buckets: [...base.buckets, { id: -9, name: 'extra', type: 'host', items: [], ...bucket }],
  });
  const wrong: readonly [CrushMap, RegExp][] = [
    [withBucket({ id: -1 }), /share/],
    [withBucket({ name: 'alpha' }), /share/],
    [withBucket({ id: 4 }), /has id 4/],
    [withBucket({ items: [{ id: -77, weight: 1 }] }), /-77 does not exist/],
    [withBucket({ items: [{ id: -9, weight: 1 }] }), /cannot be in/],
    [withBucket({ type: 'rack', items: [{ id: -1, weight: 1 }] }), /cannot be in/],
    [withBucket({ items: [{ id: 7, weight: 2 ** 41 }] }), /weighs/],
    [{ ...base, rules: [{ name: 'r', root: 'nowhere', failureDomain: 'osd' }] }, /takes nowhere/],
    [{ ...base, tunables: { ...base.tunables, chooseLocalTries: 2 } }, /tunables/],
  ];
  for (const [map, message] of wrong) t.throws(() => checkCrush(map), { code: 'EPROTO', message });
});

test('crush-edit: OSDs come, weigh and go → the buckets above follow', (t) => {
  let map = addOsd(newCrushMap(), 0, 'alpha', 10);
  map = addOsd(map, 1, 'alpha', 20);
  map = addOsd(map, 2, 'beta', 40);
  const weightOf = (name: string): number => {
    const id = map.buckets.find((bucket) => bucket.name === name)?.id;
    return map.buckets.flatMap(({ items }) => items).find((item) => item.id === id)?.weight ?? -1;
  };
  t.deepEqual([weightOf('alpha'), weightOf('beta')], [30, 40]);
  map = setOsdWeight(map, 1, 100);
  t.deepEqual([weightOf('alpha'), weightOfOsd(map, 1)], [110, 100]);
  map = removeOsd(map, 0);
  t.deepEqual([weightOf('alpha'), weightOfOsd(map, 0)], [100, 0]);
  t.notThrows(() => checkCrush(map));
});
