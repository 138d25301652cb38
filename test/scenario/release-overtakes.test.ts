import test from 'ava';
import { byteStringOf, type Ino } from '../../common/maps/ids.ts';
import type { Credentials, Entry } from '../../fuse-client/vfs/filesystem.ts';
import { tell } from '../support/tell.ts';

const who: Credentials = { uid: 0, gid: 0, groups: [], pid: 1 };

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
