/** A whole cluster that dies, with real OSDs and an MDS. */
import test from 'ava';
import { osdId, type PgId } from '../../common/maps/ids.ts';
import type { ClusterMap } from '../../common/maps/cluster-map.ts';
import type { SimCluster } from '../sim/cluster.ts';
import { tell } from '../support/tell.ts';

const osds = ['osd.0', 'osd.1', 'osd.2'];

function actingOf(map: ClusterMap): ReadonlyMap<PgId, string> {
  return new Map(Array.from(map.pgs, ([id, { acting }]) => [id, acting.join()]));
}

/** Runs `story` on a settled cluster of three OSDs. */
async function tellSettled(seed: string, story: (c: SimCluster) => Promise<void>): Promise<void> {
  await tell(seed, async (c) => {
    await c.settle();
    await story(c);
  });
}

test('everything is killed and started again → every PG acts on whom it did, nothing has to be recovered', async (t) => {
  await tellSettled('kill all', async (c) => {
    const before = await c.map();
    for (const name of c.daemonNames) c.crash(name);
    await c.world.sleep(2_000);
    await c.boot('mon.a');
    await c.world.sleep(700);
    await Promise.all(osds.map((name) => c.boot(name)));
    const after = await c.map();
    t.deepEqual(actingOf(after), actingOf(before));
    await c.settle();
    t.deepEqual(actingOf(await c.map()), actingOf(before));
  });
});

test('all OSDs are killed while the mon lives, and started again one after another → no PG shrinks', async (t) => {
  await tellSettled('kill osds', async (c) => {
    const before = await c.map();
    for (const name of osds) c.crash(name);
    await c.world.sleep(1_500);
    t.true([...(await c.map()).osds.values()].every(({ up }) => !up));
    for (const name of osds) {
      await c.boot(name);
      await c.world.sleep(400);
    }
    t.deepEqual(actingOf(await c.map()), actingOf(before));
    await c.settle();
  });
});

test('all OSDs are killed and one does not come back → the others serve soon, and take it in when it does', async (t) => {
  await tellSettled('one stays away', async (c) => {
    for (const name of osds) c.crash(name);
    await c.world.sleep(1_000);
    await Promise.all([c.boot('osd.0'), c.boot('osd.1')]);
    await c.world.sleep(6_000);
    const map = await c.map();
    for (const [id, { acting }] of map.pgs) t.deepEqual([...acting].sort(), [osdId(0), osdId(1)], id);
    await c.settle();
    t.true([...(await c.map()).pgs.values()].every(({ acting }) => acting.length === 3));
  });
});
