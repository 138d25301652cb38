import test from 'ava';
import { toFsError } from '../../common/errors/fs-error.ts';
import type { SimCluster } from '../sim/cluster.ts';
import type { Paths } from '../../fuse-client/client/paths.ts';
import { watchRanks } from '../sim/ranks.ts';
import { tell } from '../support/tell.ts';

const pin = 'ceph.dir.pin';

/** Two ranks, both served. */
async function twoRanks(cluster: SimCluster): Promise<void> {
  watchRanks(cluster);
  await cluster.command({ prefix: 'fs set', maxMds: 2 });
  await ranksActive(cluster, 2);
}

async function ranksActive(cluster: SimCluster, count: number): Promise<void> {
  for (;;) {
    const active = [...(await cluster.map()).mdss.values()].filter(({ state }) => state === 'active');
    if (new Set(active.map(({ rank }) => rank)).size === count) return;
    await cluster.world.sleep(50);
  }
}

async function holderOf(cluster: SimCluster, rank: number): Promise<string> {
  const holder = [...(await cluster.map()).mdss.values()].find((mds) => mds.rank === rank && mds.state === 'active');
  if (holder === undefined) throw new Error(`nobody serves rank ${rank}`);
  return holder.name;
}

async function rankOf(paths: Paths, path: string): Promise<number> {
  return Number((await paths.getXattr(path, 'nacre.dir.rank')).toString());
}

async function until(cluster: SimCluster, what: () => Promise<boolean>): Promise<void> {
  while (!(await what())) await cluster.world.sleep(20);
}

test('ranks: a directory is pinned while two clients work in it → both go on without an error, and see one filesystem', async (t) => {
  await tell(
    1,
    async (cluster) => {
      await twoRanks(cluster);
      const a = (await cluster.connect('a')).paths;
      const b = (await cluster.connect('b')).paths;
      await a.mkdir('/d/sub', { recursive: true });
      const log = await a.open('/d/sub/log', 'w');
      await log.write(Buffer.from('before '));
      let stop = false;
      const made: string[] = [];
      const work = [a, b].map(async (paths, i) => {
        for (let n = 0; !stop; n++) {
          const name = `${i}-${n}`;
          await paths.writeFile(`/d/${name}`, name);
          made.push(name);
          if (n % 3 === 0) {
            await paths.rename(`/d/${name}`, `/d/sub/${name}`);
            await paths.rename(`/d/sub/${name}`, `/d/${name}`);
          }
          await cluster.world.sleep(8);
        }
      });
      for (const to of ['1', '-1', '1']) {
        await cluster.world.sleep(300);
        await (to === '-1' ? b : a).setXattr('/d', pin, to);
        const rank = to === '1' ? 1 : 0;
        await until(cluster, async () => (await rankOf(a, '/d')) === rank);
        await log.write(Buffer.from(`${to} `));
      }
      stop = true;
      await Promise.all(work);
      t.true(made.length > 50);
      for (const paths of [a, b]) {
        t.deepEqual((await paths.readdir('/d')).sort(), [...made, 'sub'].sort());
        for (const name of made) t.is((await paths.readFile(`/d/${name}`)).toString(), name);
        t.is(await rankOf(paths, '/d/sub'), 1);
      }
      t.is((await b.readFile('/d/sub/log')).toString(), 'before 1 -1 1 ');
      await log.fsync();
      await log.close();
      await until(cluster, async () => (await a.getXattr('/', 'ceph.dir.rfiles')).toString() === `${made.length + 1}`);
      t.pass();
    },
    { mds: ['a', 'b', 'c'] },
  );
});

test('ranks: each dies under load → its standby goes on, nothing that was answered is lost', async (t) => {
  await tell(
    2,
    async (cluster) => {
      await twoRanks(cluster);
      const a = (await cluster.connect('a')).paths;
      await a.mkdir('/near');
      await a.mkdir('/far');
      await a.setXattr('/far', pin, '1');
      await until(cluster, async () => (await rankOf(a, '/far')) === 1);
      let stop = false;
      let made = 0;
      const work = (async () => {
        for (; !stop; made++) {
          await a.writeFile(`/near/f${made}`, 'x');
          await a.writeFile(`/far/f${made}`, 'y');
          await cluster.world.sleep(40);
        }
      })();
      for (const rank of [1, 0]) {
        await cluster.world.sleep(500);
        const name = await holderOf(cluster, rank);
        cluster.crash(name);
        await cluster.world.sleep(1_000);
        await cluster.boot(name);
        await ranksActive(cluster, 2);
      }
      await cluster.world.sleep(500);
      stop = true;
      await work;
      for (const path of ['/near', '/far']) t.is((await a.readdir(path)).length, made);
      for (const name of [...cluster.clients.keys()]) cluster.crashClient(name);
      for (const name of cluster.daemonNames) cluster.crash(name);
      await cluster.settle();
      const late = (await cluster.connect('late')).paths;
      t.is(await rankOf(late, '/far'), 1);
    },
    { mds: ['a', 'b', 'c', 'd'] },
  );
});

test('ranks: between two of them → rename and link are EXDEV, the root of a subtree is EBUSY; within one all is as ever', async (t) => {
  await tell(
    3,
    async (cluster) => {
      await twoRanks(cluster);
      const { paths } = await cluster.connect('a');
      await paths.mkdir('/near');
      await paths.mkdir('/far/sub', { recursive: true });
      await paths.writeFile('/near/f', 'near');
      await paths.setXattr('/far', pin, '1');
      await until(cluster, async () => (await rankOf(paths, '/far')) === 1);
      await paths.writeFile('/far/g', 'far');
      const code = async (act: Promise<unknown>): Promise<string> =>
        await act.then(
          () => 'done',
          (error: unknown) => toFsError(error).code,
        );
      t.is(await code(paths.rename('/near/f', '/far/f')), 'EXDEV');
      t.is(await code(paths.rename('/far/g', '/near/g')), 'EXDEV');
      t.is(await code(paths.link('/near/f', '/far/f')), 'EXDEV');
      t.is(await code(paths.rmdir('/far')), 'EBUSY');
      t.is(await code(paths.rename('/far', '/elsewhere')), 'EBUSY');
      t.is(await code(paths.setXattr('/', 'ceph.quota.max_files', '100')), 'EBUSY');
      await paths.rename('/far/g', '/far/sub/h');
      await paths.link('/far/sub/h', '/far/again');
      t.is((await paths.readFile('/far/again')).toString(), 'far');
      t.deepEqual((await paths.readdir('/')).sort(), ['far', 'near']);
      t.is((await paths.stat('/far/..')).ino, (await paths.stat('/')).ino);
      await paths.removeXattr('/far', pin);
      await cluster.world.sleep(3_000);
      t.is(await rankOf(paths, '/far'), 1, 'a file with several names keeps it there');
      await paths.unlink('/far/again');
      await paths.unlink('/far/sub/h');
      await until(cluster, async () => (await rankOf(paths, '/far')) === 0);
      await paths.rename('/near/f', '/far/f');
      await paths.rm('/far', { recursive: true });
      t.deepEqual(await paths.readdir('/'), ['near']);
    },
    { mds: ['a', 'b'] },
  );
});
