import test from 'ava';
import { growthShare } from '../../support/growth-share.ts';

test('growth: one OSD more, on 3 to 20, a host each → little more moves than what the new one takes', (t) => {
  for (let count = 4; count <= 20; count++) {
    const { toNew, moved, even } = growthShare(count, { failureDomain: 'host', osdsPerHost: 1, racks: 0, size: 3, pgNum: 1_024 });
    t.true(Math.abs(toNew - even) < even * 0.15, `${count}: the new one takes ${toNew} instead of ${even}`);
    t.true(moved < even * 1.35 && moved >= toNew, `${count}: ${moved} moves, ${even} would have to`);
  }
  // With as many hosts as copies the new one takes from everybody, and nothing else may move.
  const { toNew, moved } = growthShare(3, { failureDomain: 'host', osdsPerHost: 1, racks: 0, size: 3, pgNum: 1_024 });
  t.is(moved, toNew);
});

test('growth: one OSD more in racks that have others → at most as many times what it takes as levels of the tree grew', (t) => {
  for (let count = 12; count <= 20; count++) {
    const { toNew, moved } = growthShare(count, { failureDomain: 'rack', osdsPerHost: 1, racks: 4, size: 3, pgNum: 1_024 });
    t.true(moved < toNew * 2.4 && moved >= toNew, `${count}: ${moved} moves for ${toNew}`);
  }
});
