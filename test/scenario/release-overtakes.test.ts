import test from 'ava';
import { byteStringOf, type Ino } from '../../common/maps/ids.ts';
import type { Credentials, Entry } from '../../fuse-client/vfs/filesystem.ts';
import { Admin } from '../support/admin.ts';
import { tell } from '../support/tell.ts';

const who: Credentials = { uid: 0, gid: 0, groups: [], pid: 1 };

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

test('release: a file goes from the cache while its size waits for what is sent again on a new connection → the size is told before it is given back (seed 119)', async (t) => {
  await tell(
    'release',
    async (cluster) => {
      const { world } = cluster;
      const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
      const { filesystem, paths } = a;
      const known: Ino[] = [];
      for (let n = 0; n < 40; n++) {
        await paths.writeFile(`/known-${n}`, 'x', { fsync: true });
        known.push(((await filesystem.lookup(who, filesystem.root, byteStringOf(`known-${n}`))) as Entry).attributes.ino);
      }
      await world.sleep(3_000);
      for (let n = 0; n < 5; n++) await paths.mkdir(`/unsafe-${n}`);
      await paths.writeFile('/file', 'y'.repeat(1_000));
      // Made, and not safe yet.
      await world.sleep(20);
      world.fabric.reset('a', 'mds.a');
      const heal = world.fabric.partition(['a'], ['mds.a']);
      // The data is written back meanwhile, and the size is to be told.
      await world.sleep(600);
      const opened = (): number =>
        world.logs.matching(/^session open$/).filter(({ node, level }) => node === 'a' && level === 'info').length;
      const before = opened();
      const { faults } = world.fabric;
      world.fabric.faults = { ...faults, latencyMs: 100 };
      heal();
      while (opened() === before) await world.sleep(5);
      for (const ino of known) filesystem.forget(ino, 1);
      await world.sleep(1_000);
      world.fabric.faults = faults;
      await world.sleep(1_000);
      t.is((await b.paths.readFile('/file')).length, 1_000);
      t.is((await paths.readFile('/file')).length, 1_000);
    },
    { clientConfig: { inodesMax: 16, writeBackDelayMs: 200 }, mdsConfig: { journalDelayMs: 1_000 } },
  );
});
