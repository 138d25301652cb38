/** Fewer MDS ranks than before, while clients work: they notice nothing, and all is there. */
import test from 'ava';
import type { Paths } from '../../fuse-client/client/paths.ts';
import { LockType, wholeFile } from '../../mds/client/lock-table.ts';
import type { ClusterStatus } from '../../mon/core/status.ts';
import type { SimCluster } from '../sim/cluster.ts';
import { assertScrubClean } from '../sim/fs-scrub.ts';
import { watchRanks } from '../sim/ranks.ts';
import { assertNoStrays } from '../sim/strays.ts';
import { tell } from '../support/tell.ts';

const pin = 'ceph.dir.pin';

async function setRanks(cluster: SimCluster, count: number): Promise<void> {
  await cluster.command({ prefix: 'fs set', maxMds: count });
}

/** So many ranks there are, and each is served. */
async function ranksAre(cluster: SimCluster, count: number): Promise<void> {
  for (;;) {
    const { filesystems, mdss } = await cluster.map();
    const active = [...mdss.values()].filter(({ state }) => state === 'active').map(({ rank }) => rank);
    const [filesystem] = filesystems;
    if (filesystem?.ranks === count && !filesystem.stopping && new Set(active).size === count) return;
    await cluster.world.sleep(50);
  }
}

async function stoppingOf(cluster: SimCluster): Promise<ClusterStatus['filesystems'][number]['stopping']> {
  return (await cluster.command<ClusterStatus>({ prefix: 'status' })).filesystems[0]?.stopping ?? null;
}

async function rankOf(paths: Paths, path: string): Promise<number> {
  return Number((await paths.getXattr(path, 'nacre.dir.rank')).toString());
}

async function pinned(cluster: SimCluster, paths: Paths, path: string, rank: number): Promise<void> {
  await paths.setXattr(path, pin, `${rank}`);
  while ((await rankOf(paths, path)) !== rank) await cluster.world.sleep(20);
}

/** Holder of a rank. */
async function holderOf(cluster: SimCluster, rank: number): Promise<string | undefined> {
  return [...(await cluster.map()).mdss.values()].find((mds) => mds.rank === rank && mds.state === 'active')?.name;
}

const mds = ['a', 'b', 'c', 'd', 'e'];

test('ranks: three become one and three again while clients work in all of them → no call fails, no name, byte or link is lost', async (t) => {
  await tell(
    1,
    async (cluster) => {
      watchRanks(cluster);
      await setRanks(cluster, 3);
      await ranksAre(cluster, 3);
      const a = (await cluster.connect('a')).paths;
      const b = (await cluster.connect('b')).paths;
      for (const rank of [0, 1, 2]) {
        await a.mkdir(`/r${rank}/sub`, { recursive: true });
        await pinned(cluster, a, `/r${rank}`, rank);
        // What has no links goes back when there are more ranks again.
        await a.mkdir(`/p${rank}/sub`, { recursive: true });
        await pinned(cluster, a, `/p${rank}`, rank);
      }
      // Links to and fro; a file with unwritten data and one without a name, both open.
      for (const from of [0, 1, 2]) {
        await a.writeFile(`/r${from}/linked`, `of rank ${from}`);
        for (const to of [0, 1, 2]) if (to !== from) await a.link(`/r${from}/linked`, `/r${to}/sub/of-${from}`);
        await a.writeFile(`/r${from}/twin`, 'twin');
        await a.link(`/r${from}/twin`, `/r${from}/sub/twin2`);
        await a.writeFile(`/r${from}/goes`, `went from ${from}`);
        await a.rename(`/r${from}/goes`, `/r${(from + 1) % 3}/came`);
        await a.mkdir(`/r${from}/wanders`);
        await a.writeFile(`/r${from}/wanders/within`, 'within');
        await a.rename(`/r${from}/wanders`, `/r${(from + 1) % 3}/wandered`);
      }
      const dirty = await b.open('/r2/dirty', 'w');
      const unnamed = await b.open('/r2/unnamed', 'w+');
      await unnamed.write(Buffer.from('nobody '));
      await a.unlink('/r2/unnamed');
      const log = await a.open('/r1/log', 'a');
      let stop = false;
      const made: string[] = [];
      let dirtyBytes = 0;
      const work = [a, b].map(async (paths, i) => {
        for (let n = 0; !stop; n++) {
          const rank = n % 3;
          const name = `/p${rank}/${i}-${n}`;
          await paths.writeFile(name, name);
          made.push(name);
          if (n % 4 === 0) {
            await paths.rename(name, `/p${rank}/sub/moved-${i}`);
            await paths.rename(`/p${rank}/sub/moved-${i}`, name);
          }
          if (n % 5 === 0) {
            await paths.link(`/r${rank}/twin`, `/r${(rank + 1) % 3}/link-${i}`);
            await paths.rename(`/r${(rank + 1) % 3}/link-${i}`, `/r${(rank + 2) % 3}/link-${i}`);
            await paths.unlink(`/r${(rank + 2) % 3}/link-${i}`);
          }
          if (i === 1) {
            await dirty.write(Buffer.from('.'));
            dirtyBytes++;
          } else await log.write(Buffer.from('+'));
          await cluster.world.sleep(10);
        }
      });
      await cluster.world.sleep(500);
      for (const count of [1, 3, 2, 3, 1]) {
        await setRanks(cluster, count);
        await ranksAre(cluster, count);
        if (count === 3) for (const rank of [1, 2]) while ((await rankOf(a, `/p${rank}/sub`)) !== rank) await cluster.world.sleep(20);
        await cluster.world.sleep(300);
      }
      stop = true;
      await Promise.all(work);
      t.true(made.length > 100);
      await unnamed.write(Buffer.from('knows'));
      t.is((await unnamed.read(100, 0)).toString(), 'nobody knows');
      await unnamed.close();
      await dirty.fsync();
      await dirty.close();
      await log.close();
      const c = (await cluster.connect('c')).paths;
      for (const paths of [a, b, c]) {
        for (const name of made) t.is((await paths.readFile(name)).toString(), name);
        t.is((await paths.stat('/r2/dirty')).size, dirtyBytes);
        for (const from of [0, 1, 2]) {
          t.is(await rankOf(paths, `/r${from}`), 0);
          t.is((await paths.stat(`/r${from}/linked`)).nlink, 3);
          for (const to of [0, 1, 2]) if (to !== from) t.is((await paths.readFile(`/r${to}/sub/of-${from}`)).toString(), `of rank ${from}`);
          t.is((await paths.stat(`/r${from}/sub/twin2`)).nlink, 2);
          t.is((await paths.readFile(`/r${(from + 1) % 3}/came`)).toString(), `went from ${from}`);
          t.is((await paths.readFile(`/r${(from + 1) % 3}/wandered/within`)).toString(), 'within');
        }
      }
      // linked in three places, twin in two, came, within, dirty and the log.
      const files = 9 + 6 + 3 + 3 + 2 + made.length;
      while ((await a.getXattr('/', 'ceph.dir.rfiles')).toString() !== `${files}`) await cluster.world.sleep(100);
      await assertScrubClean(cluster);
      await assertNoStrays(cluster, 3);
    },
    { mds },
  );
});

test('ranks: one stops while it dies again and again → whoever takes it over goes on with that; nothing is lost', async (t) => {
  for (const seed of [1, 2, 3])
    await tell(
      seed,
      async (cluster) => {
        watchRanks(cluster);
        await setRanks(cluster, 2);
        await ranksAre(cluster, 2);
        const a = (await cluster.connect('a')).paths;
        await a.mkdir('/far');
        await a.mkdir('/near');
        await pinned(cluster, a, '/far', 1);
        await a.writeFile('/far/f', 'far');
        await a.link('/far/f', '/near/f');
        let stop = false;
        let made = 0;
        const work = (async () => {
          for (; !stop; made++) {
            await a.writeFile(`/far/f${made}`, `${made}`);
            await a.rename(`/far/f${made}`, `/near/f${made}`);
            await cluster.world.sleep(5);
          }
        })();
        const random = cluster.world.fork('deaths');
        await cluster.world.sleep(300);
        await setRanks(cluster, 1);
        let deaths = 0;
        while ((await cluster.map()).filesystems[0]?.ranks === 2) {
          await cluster.world.sleep(random.below(400));
          const holder = await holderOf(cluster, 1);
          if (holder === undefined || deaths === 4) continue;
          deaths++;
          cluster.crash(holder);
          await cluster.world.sleep(random.below(300));
          await cluster.boot(holder);
        }
        t.true(deaths > 0);
        await ranksAre(cluster, 1);
        stop = true;
        await work;
        for (let i = 0; i < made; i++) t.is((await a.readFile(`/near/f${i}`)).toString(), `${i}`);
        t.is((await a.stat('/near/f')).nlink, 2);
        t.deepEqual(await a.readdir('/far'), ['f']);
        await assertScrubClean(cluster);
      },
      { mds: ['a', 'b', 'c'] },
    );
});

test('ranks: one that is to stop has a file that is locked → it serves until that is over, and the status says why', async (t) => {
  await tell(
    1,
    async (cluster) => {
      await setRanks(cluster, 2);
      await ranksAre(cluster, 2);
      const { filesystem, paths: a } = await cluster.connect('a');
      await a.mkdir('/far');
      await pinned(cluster, a, '/far', 1);
      const file = await a.open('/far/f', 'w');
      const lock = { flock: false, owner: 'process', pid: 1, wait: false, ...wholeFile };
      await filesystem.setLock(file.handle, { ...lock, type: LockType.write });
      await setRanks(cluster, 1);
      while ((await stoppingOf(cluster))?.waitsFor !== 'a file that is locked') await cluster.world.sleep(50);
      await a.writeFile('/far/g', 'g');
      t.is(await rankOf(a, '/far'), 1);
      await filesystem.setLock(file.handle, { ...lock, type: LockType.none });
      await file.close();
      await ranksAre(cluster, 1);
      t.is(await stoppingOf(cluster), null);
      t.is((await a.readFile('/far/g')).toString(), 'g');
    },
    { mds: ['a', 'b', 'c'] },
  );
});

test('ranks: a client is silent while one stops → it is waited for no longer than its lease; who comes back in time notices nothing', async (t) => {
  await tell(
    1,
    async (cluster) => {
      await setRanks(cluster, 2);
      await ranksAre(cluster, 2);
      const a = (await cluster.connect('a')).paths;
      const b = (await cluster.connect('b')).paths;
      await cluster.connect('dead').then(({ paths }) => paths.readdir('/'));
      await a.mkdir('/far');
      await pinned(cluster, a, '/far', 1);
      await a.writeFile('/far/f', 'f');
      await b.readFile('/far/f');
      const late = await b.open('/far/late', 'w');
      await late.write(Buffer.from('late'));
      await (cluster.clients.get('dead') as { readonly paths: Paths }).paths.readFile('/far/f');
      cluster.crashClient('dead');
      const { fabric } = cluster.world;
      const mend = fabric.partition(['b'], cluster.mdsNames);
      await setRanks(cluster, 1);
      await cluster.world.sleep(3_000);
      mend();
      await ranksAre(cluster, 1);
      await late.fsync();
      await late.close();
      t.is((await a.readFile('/far/late')).toString(), 'late');
      t.is((await b.readFile('/far/f')).toString(), 'f');
    },
    { mds: ['a', 'b', 'c'], mdsConfig: { sessionLeaseMs: 6_000 } },
  );
});
