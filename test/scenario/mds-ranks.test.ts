import test from 'ava';
import type { SimCluster } from '../sim/cluster.ts';
import type { Paths } from '../../fuse-client/client/paths.ts';
import { watchRanks } from '../sim/ranks.ts';
import { codeOf } from '../support/code-of.ts';
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

/** `/near` with rank 0, `/far` with rank 1. */
async function nearAndFar(cluster: SimCluster, paths: Paths): Promise<void> {
  await paths.mkdir('/near');
  await paths.mkdir('/far');
  await paths.setXattr('/far', pin, '1');
  await until(cluster, async () => (await rankOf(paths, '/far')) === 1);
}

/** The holder dies, and is back soon after. */
async function crashHolder(cluster: SimCluster, rank: number, backMs: number): Promise<void> {
  const name = await holderOf(cluster, rank);
  cluster.crash(name);
  await cluster.world.sleep(backMs);
  await cluster.boot(name);
  await ranksActive(cluster, 2);
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
      await nearAndFar(cluster, a);
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
        await crashHolder(cluster, rank, 1_000);
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

test('ranks: between two of them → rename and link are as within one, for whoever looks and whoever has the file open', async (t) => {
  await tell(
    3,
    async (cluster) => {
      await twoRanks(cluster);
      const { paths } = await cluster.connect('a');
      const other = (await cluster.connect('b')).paths;
      await paths.mkdir('/near');
      await paths.mkdir('/far/sub', { recursive: true });
      await paths.writeFile('/near/f', 'near');
      await paths.setXattr('/far', pin, '1');
      await until(cluster, async () => (await rankOf(paths, '/far')) === 1);
      await paths.writeFile('/far/g', 'far');
      t.is(await codeOf(paths.setXattr('/', 'ceph.quota.max_files', '100')), 'EBUSY');
      const open = await other.open('/near/f', 'r+');
      await paths.rename('/near/f', '/far/f');
      t.deepEqual([await other.readdir('/near'), (await other.readdir('/far')).sort()], [[], ['f', 'g', 'sub']]);
      await open.write(Buffer.from('NE'), 0);
      t.is((await paths.readFile('/far/f')).toString(), 'NEar');
      await paths.link('/far/f', '/near/again');
      t.is((await other.stat('/far/f')).nlink, 2);
      await other.rename('/far/g', '/near/again');
      t.is((await paths.readFile('/near/again')).toString(), 'far');
      t.is((await paths.stat('/far/f')).nlink, 1);
      await paths.unlink('/far/f');
      t.is((await open.read(4, 0)).toString(), 'NEar');
      await open.close();
      await paths.writeFile('/near/again', 'written');
      t.is((await other.readFile('/near/again')).toString(), 'written');
      // A directory goes with all below it, and its subtree after its name.
      await paths.mkdir('/near/d');
      await paths.writeFile('/near/d/x', 'x');
      await paths.rename('/near/d', '/far/sub/d');
      t.is((await other.readFile('/far/sub/d/x')).toString(), 'x');
      t.is((await paths.stat('/far/sub/d/..')).ino, (await paths.stat('/far/sub')).ino);
      await until(cluster, async () => (await rankOf(paths, '/far/sub/d')) === 1);
      t.is(await codeOf(paths.rename('/far', '/near/again')), 'ENOTDIR');
      t.is(await codeOf(paths.rename('/far', '/far/sub/d/y')), 'EINVAL');
      await paths.rename('/far', '/near/far');
      t.is((await other.readFile('/near/far/sub/d/x')).toString(), 'x');
      t.is(await codeOf(other.rename('/near', '/near/far/sub/near')), 'EINVAL');
      t.is(await codeOf(paths.rmdir('/near/far')), 'ENOTEMPTY');
      await paths.rm('/near', { recursive: true });
      t.deepEqual(await other.readdir('/'), []);
      await until(cluster, async () => (await paths.getXattr('/', 'ceph.dir.rbytes')).toString() === '0');
    },
    { mds: ['a', 'b'] },
  );
});

test('ranks: a file that somebody has open goes to another rank with its directory, and others remove it there → who has it open reads on', async (t) => {
  await tell(
    6,
    async (cluster) => {
      await twoRanks(cluster);
      const a = (await cluster.connect('a')).paths;
      const b = (await cluster.connect('b')).paths;
      await a.mkdir('/d');
      for (const name of ['f', 'g']) await a.writeFile(`/d/${name}`, `in ${name}`);
      const open = await Promise.all(['f', 'g'].map((name) => b.open(`/d/${name}`, 'r')));
      await a.setXattr('/d', pin, '1');
      await until(cluster, async () => (await rankOf(a, '/d')) === 1);
      await a.unlink('/d/f');
      await cluster.world.sleep(5_000);
      await a.unlink('/d/g');
      await cluster.world.sleep(5_000);
      for (const [i, handle] of open.entries()) {
        t.is((await handle.read(10, 0)).toString(), `in ${'fg'[i] ?? ''}`);
        await handle.close();
      }
      t.deepEqual(await b.readdir('/d'), []);
    },
    { mds: ['a', 'b'] },
  );
});

test('ranks: two directories go below one another at the same time → one of them, and never a circle', async (t) => {
  await tell(
    4,
    async (cluster) => {
      await twoRanks(cluster);
      const a = (await cluster.connect('a')).paths;
      const b = (await cluster.connect('b')).paths;
      await a.mkdir('/near/x', { recursive: true });
      await a.mkdir('/far/y', { recursive: true });
      await a.setXattr('/far', pin, '1');
      await until(cluster, async () => (await rankOf(a, '/far')) === 1);
      const outcomes = new Set<string>();
      for (let n = 0; n < 8; n++) {
        const both = [codeOf(a.rename('/near/x', '/far/y/x')), cluster.world.sleep(n).then(() => codeOf(b.rename('/far/y', '/near/x/y')))];
        const [first, second] = await Promise.all(both);
        outcomes.add(`${first} ${second}`);
        t.is([first, second].filter((code) => code === 'done').length, 1, `${first} ${second}`);
        if (first === 'done') await b.rename('/far/y/x', '/near/x');
        else await a.rename('/near/x/y', '/far/y');
        t.deepEqual([await a.readdir('/near'), await b.readdir('/far')], [['x'], ['y']]);
      }
      t.log([...outcomes].join(', '));
    },
    { mds: ['a', 'b'] },
  );
});

test('ranks: each dies while names go between them → each goes once, nothing is lost or there twice', async (t) => {
  await tell(
    5,
    async (cluster) => {
      await twoRanks(cluster);
      const a = (await cluster.connect('a')).paths;
      const b = (await cluster.connect('b')).paths;
      await nearAndFar(cluster, a);
      let stop = false;
      const work = [a, b].map(async (paths, i) => {
        await paths.writeFile(`/near/${i}`, `${i}`);
        let n = 0;
        for (; !stop; n++) {
          const [from, to] = n % 2 === 0 ? ['near', 'far'] : ['far', 'near'];
          await paths.rename(`/${from}/${i}`, `/${to}/${i}`);
          await paths.link(`/${to}/${i}`, `/${from}/${i}-linked`);
          await paths.unlink(`/${from}/${i}-linked`);
        }
        return n;
      });
      for (const rank of [1, 0, 1]) {
        await cluster.world.sleep(400);
        await crashHolder(cluster, rank, 700);
      }
      await cluster.world.sleep(400);
      stop = true;
      for (const [i, times] of (await Promise.all(work)).entries()) {
        t.true(times > 10);
        const [there, gone] = times % 2 === 0 ? ['near', 'far'] : ['far', 'near'];
        for (const paths of [a, b]) {
          t.is((await paths.readFile(`/${there}/${i}`)).toString(), `${i}`);
          t.is((await paths.stat(`/${there}/${i}`)).nlink, 1);
          t.is(await codeOf(paths.stat(`/${gone}/${i}`)), 'ENOENT');
        }
      }
    },
    { mds: ['a', 'b', 'c', 'd'] },
  );
});
