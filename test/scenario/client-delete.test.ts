import test from 'ava';
import type { ConnectedFilesystem } from '../../fuse-client/client/index.ts';
import type { SimCluster } from '../sim/cluster.ts';
import { dataObjects } from '../support/data-objects.ts';
import { PoolObjects } from '../support/pool-objects.ts';
import { tell } from '../support/tell.ts';

test('delete: files that were written out → their objects go too', async (t) => {
  await tell(1, async (cluster) => {
    const { paths } = await cluster.connect('a');
    await paths.writeFile('/big', Buffer.alloc(9 << 20, 1), { fsync: true });
    await paths.writeFile('/small', 'x', { fsync: true });
    t.is(await dataObjects(cluster), 4);
    await paths.unlink('/big');
    await paths.unlink('/small');
    await cluster.world.sleep(5_000);
    t.is(await dataObjects(cluster), 0);
  });
});

test('delete: its owner changed just before, which the MDS has not answered → its objects go as well', async (t) => {
  await tell(12, async (cluster) => {
    const { paths } = await cluster.connect('a');
    await paths.writeFile('/f', 'x', { fsync: true });
    await Promise.all([paths.chown('/f', 12, 34), paths.unlink('/f')]);
    await cluster.world.sleep(5_000);
    t.is(await dataObjects(cluster), 0);
  });
});

test('delete: written to while its size is not told yet → no object stays behind', async (t) => {
  await tell(2, async (cluster) => {
    const { paths } = await cluster.connect('a');
    const file = await paths.open('/f', 'w');
    // Full blocks go out at once, the size with the attributes, later.
    await file.write(Buffer.alloc(6 << 20, 1));
    await cluster.world.sleep(200);
    t.true((await dataObjects(cluster)) > 0);
    await file.close();
    await paths.unlink('/f');
    await cluster.world.sleep(5_000);
    t.is(await dataObjects(cluster), 0);
  });
});

test('delete: directories below one another, one of them divided → no object of a file or a fragment stays behind', async (t) => {
  await tell(
    13,
    async (cluster) => {
      const { paths } = await cluster.connect('a');
      const metadata = new PoolObjects(cluster, 'meta');
      const inos: string[] = [];
      for (const path of ['/top', '/top/middle', '/top/middle/divided']) {
        await paths.mkdir(path);
        inos.push((await paths.stat(path)).ino.toString(16));
      }
      for (let n = 0; n < 60; n++) await paths.writeFile(`/top/middle/divided/${n}`, 'x', { fsync: true });
      const fragments = async (ino?: string): Promise<number> =>
        (await metadata.names()).filter((name) => (ino === undefined ? inos : [ino]).some((each) => name.startsWith(`${each}.`))).length;
      await cluster.world.sleep(3_000);
      t.true((await fragments(inos[2])) > 8, 'it is divided');
      t.is(await dataObjects(cluster), 60);
      await paths.rm('/top', { recursive: true });
      await cluster.world.sleep(10_000);
      t.is(await fragments(), 0);
      t.is(await dataObjects(cluster), 0);
    },
    { mdsConfig: { fragmentSplitNames: 5, writeBackMs: 100, writeBackIntervalMs: 50 } },
  );
});

test('delete: still open → readable to the last close, then gone', async (t) => {
  await tell(3, async (cluster) => {
    const { paths } = await cluster.connect('a');
    const file = await paths.open('/f', 'w+');
    await file.write(Buffer.alloc(2 << 20, 7));
    await file.fsync();
    await paths.unlink('/f');
    t.false(await paths.exists('/f'));
    await cluster.world.sleep(5_000);
    t.is((await file.read(10, 1 << 20)).toString('hex'), '07'.repeat(10));
    await file.write('more', 2 << 20);
    t.is((await file.stat()).size, (2 << 20) + 4);
    await file.close();
    await cluster.world.sleep(5_000);
    t.is(await dataObjects(cluster), 0);
  });
});

for (const [what, use] of [
  ['closed by then', async (path, paths) => (await paths.open(path, 'r+')).close()],
  [
    'looked at only',
    async (path, paths) => {
      await paths.stat(path);
    },
  ],
  [
    'still open, and written to',
    async (path, paths, cluster) => {
      const file = await paths.open(path, 'r+');
      cluster.world.node('later').env.clock.setTimer(3_000, () => {
        void file.write('more').then(() => file.close());
      });
    },
  ],
] as const satisfies [string, (path: string, paths: ConnectedFilesystem['paths'], cluster: SimCluster) => Promise<void>][]) {
  test(`delete: another host has used it, ${what} → its objects go, removed, replaced or with their directory`, async (t) => {
    await tell(21, async (cluster) => {
      const a = await cluster.connect('a');
      const b = await cluster.connect('b');
      await a.paths.mkdir('/d');
      for (const path of ['/removed', '/replaced', '/d/below']) {
        await a.paths.writeFile(path, 'data', { fsync: true });
        await use(path, b.paths, cluster);
      }
      await b.paths.readdir('/d');
      await a.paths.unlink('/removed');
      await a.paths.writeFile('/new', '');
      await a.paths.rename('/new', '/replaced');
      await a.paths.unlink('/d/below');
      await a.paths.rmdir('/d');
      await cluster.world.sleep(20_000);
      t.is(await dataObjects(cluster), 0);
    });
  });
}

test('delete: another host had it open, and closed it while the MDS was away → its objects go when that host is back', async (t) => {
  await tell(22, async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    await a.paths.writeFile('/f', 'data', { fsync: true });
    const file = await b.paths.open('/f', 'r');
    await a.paths.unlink('/f');
    await a.paths.sync();
    cluster.crash('mds.a');
    await cluster.world.sleep(1_000);
    await file.close();
    await cluster.boot('mds.a');
    await cluster.world.sleep(60_000);
    t.is(await dataObjects(cluster), 0);
  });
});

test('truncate: shorter, then longer → zeros between, on disk too', async (t) => {
  await tell(4, async (cluster) => {
    const { paths } = await cluster.connect('a');
    const file = await paths.open('/f', 'w+');
    await file.write(Buffer.alloc(9 << 20, 5));
    await file.fsync();
    await file.truncate(5 << 20);
    await file.truncate(8 << 20);
    await file.write('end', 8 << 20);
    const expected = Buffer.concat([Buffer.alloc(5 << 20, 5), Buffer.alloc(3 << 20), Buffer.from('end')]);
    await file.close();
    t.true((await paths.readFile('/f')).equals(expected));
    await paths.sync();
    const other = await cluster.connect('b');
    t.true((await other.paths.readFile('/f')).equals(expected));
  });
});

test('fallocate: punched, zeroed, extended → as on a local disk, also for another client', async (t) => {
  await tell(5, async (cluster) => {
    const { paths } = await cluster.connect('a');
    const file = await paths.open('/f', 'w+');
    const expected = Buffer.alloc(6 << 20, 3);
    await file.write(expected);
    await file.allocate(3, 100, 5_000_000);
    expected.fill(0, 100, 5_000_100);
    await file.write('middle', 1 << 20);
    expected.write('middle', 1 << 20);
    await file.allocate(16, (6 << 20) - 10, 1000);
    const longer = Buffer.concat([expected.subarray(0, (6 << 20) - 10), Buffer.alloc(1000)]);
    t.is((await file.stat()).size, longer.length);
    await file.allocate(1, 0, 100 << 20);
    t.is((await file.stat()).size, longer.length);
    await t.throwsAsync(file.allocate(8, 0, 4096), { message: /not supported/ });
    await file.close();
    t.true((await paths.readFile('/f')).equals(longer));
    const other = await cluster.connect('b');
    t.true((await other.paths.readFile('/f')).equals(longer));
  });
});
