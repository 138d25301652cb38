import { join } from 'node:path';
import test from 'ava';
import { differences } from '../support/load.ts';
import { Load, nacre, noMountReason, RealCluster } from '../support/real-cluster.ts';

const realTest = noMountReason === undefined ? test.serial : test.serial.skip;

interface Pool {
  readonly name: string;
  readonly pgNum: number;
}

realTest('pool set pg-num while programs write → they go on, nothing is lost, each OSD has split what it has', async (t) => {
  t.timeout(240_000);
  const cluster = new RealCluster();
  t.teardown(() => cluster.remove());
  await cluster.up();
  const pools = JSON.parse(await cluster.ok('pool', 'ls', '--json')) as Pool[];
  t.true(pools.length >= 2);
  const folder = join(cluster.mount, 'load');
  const journal = join(cluster.home, 'journal');
  const load = new Load(folder, journal);
  await load.progress(20);
  for (const { name, pgNum } of pools) {
    await cluster.ok('pool', 'set', name, 'pg-num', String(pgNum * 2));
    await load.progress(10);
  }
  // One misses the second split.
  cluster.kill('osd.1');
  await load.progress(5);
  for (const { name, pgNum } of pools) await cluster.ok('pool', 'set', name, 'pg-num', String(pgNum * 4));
  await load.progress(10);
  await cluster.ok('start', 'osd.1');
  const total = pools.reduce((sum, { pgNum }) => sum + pgNum * 4, 0);
  const isClean = ({ pgs }: { readonly pgs: { readonly byState: Readonly<Record<string, number>> } }): boolean =>
    Object.keys(pgs.byState).join() === 'active+clean' && pgs.byState['active+clean'] === total;
  await cluster.until('health after the splits', isClean);
  await load.progress(10);
  const { code, errors, stalls } = await load.stop();
  t.is(code, 0, errors);
  t.log(`calls that took long: ${JSON.stringify(stalls)}`);
  await cluster.ok('down');
  await cluster.up();
  const { checked, wrong } = differences(folder, journal);
  t.true(checked >= 65);
  t.deepEqual(wrong, []);
  await cluster.until('health after the start', isClean);
  for (const wanted of [pools[0]?.pgNum ?? 0, (pools[0]?.pgNum ?? 0) * 6]) {
    const refused = await nacre('pool', '--data', cluster.data, 'set', pools[0]?.name ?? '', 'pg-num', String(wanted));
    t.not(refused.code, 0);
    t.regex(refused.stderr, /they can be (split|doubled)/);
  }
  const tooMany = await nacre('pool', '--data', cluster.data, 'set', pools[0]?.name ?? '', 'pg-num', '1024');
  t.regex(tooMany.stderr, /more than 250: take fewer PGs, add OSDs/);
});
