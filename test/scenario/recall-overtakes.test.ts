import test from 'ava';
import { Admin } from '../support/admin.ts';
import { tell } from '../support/tell.ts';

const seeds = 16;
const doubtedMin = 3;

test('recall: asked for as the MDS is back, while the size of a write waits for what is sent again → that size is told before the answer (seed 8403003)', async (t) => {
  // Where the file is held alone as the MDS dies it is in no doubt afterwards.
  let doubted = 0;
  for (let seed = 1; seed <= seeds; seed++)
    await tell(
      seed,
      async (cluster) => {
        cluster.world.logs.expectError(/evicted before this was written|data not written/);
        const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
        await cluster.connect('dies');
        const file = await a.paths.open('/f', 'w');
        const beside = await b.paths.open('/f', 'r+');
        await file.write('x'.repeat(1_000));
        await file.write('y'.repeat(1_000), 1_000);
        await cluster.world.sleep(1_000);
        for (let n = 0; n < 20; n++) await a.paths.mkdir(`/unsafe${n}`);
        cluster.crash('mds.a');
        cluster.crashClient('dies');
        const writing = file.write('z'.repeat(1_000), 2_000);
        const comesBack = cluster.connect('dies');
        await cluster.world.sleep(200);
        await cluster.boot('mds.a');
        await Promise.all([writing, comesBack]);
        await cluster.world.sleep(2_000);
        const seen = (await b.paths.readFile('/f')).toString();
        t.true(seen === 'x'.repeat(1_000) + 'y'.repeat(1_000) + 'z'.repeat(1_000), `seed ${seed}: ${seen.length} bytes`);
        if (cluster.world.logs.matching(/the size of a dead client's file is known again/).length > 0) doubted++;
        await beside.close();
      },
      { mdsConfig: { journalDelayMs: 1_000 } },
    );
  t.true(doubted >= doubtedMin, `${doubted} of ${seeds} seeds`);
});

test('recall: answered while there is no MDS, and the next life has begun before the answer comes → the file is as long as it was written (seed 100520)', async (t) => {
  await tell(
    'answered-late',
    async (cluster) => {
      const { world } = cluster;
      const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
      const admin = new Admin(cluster);
      const instance = await admin.instanceOf('b');
      await a.paths.mkdir('/few');
      await a.paths.setXattr('/few', 'nacre.quota.max_bytes', '20');
      const other = await b.paths.open('/few/other', 'w');
      const file = await a.paths.open('/few/file', 'w');
      await file.write('told');
      await file.fsync();
      await world.sleep(2_000);
      await file.write(' and not');
      const apart = world.fabric.partition(['a'], cluster.osdNames);
      void other.write('asks for room').catch(() => undefined);
      await world.sleep(50);
      await a.paths.mkdir('/answered-and-not-written-down');
      cluster.crash('mds.a');
      cluster.crashClient('b');
      const away = world.fabric.partition(['a'], ['mds.a']);
      apart();
      await world.sleep(500);
      await cluster.boot('mds.a');
      await world.sleep(1_000);
      await admin.evict(instance);
      const { faults } = world.fabric;
      world.fabric.faults = { ...faults, latencyMs: 50 };
      const sizes = new Set<number>();
      const looks: Promise<unknown>[] = [];
      away();
      for (let n = 0; n < 200; n++) {
        looks.push(file.stat().then(({ size }) => sizes.add(size)));
        await world.sleep(10);
      }
      await Promise.all(looks);
      world.fabric.faults = faults;
      t.deepEqual([...sizes], ['told and not'.length]);
      await file.close();
    },
    { mdsConfig: { journalDelayMs: 1_000, sessionLeaseMs: 2_000, reconnectMs: 120_000 } },
  );
});
