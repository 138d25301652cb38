/** When reading moves access times, and who learns of it when. */
import test from 'ava';
import type { Paths } from '../../fuse-client/client/paths.ts';
import type { SimCluster, SimClusterOptions } from '../sim/cluster.ts';
import { tell as tellStory } from '../support/tell.ts';

const old = { sec: 1_000_000_000, nsec: 0 };
const older = { sec: 900_000_000, nsec: 0 };
const minutesMs = 60_000;

function tell(clientConfig: NonNullable<SimClusterOptions['clientConfig']>, story: (cluster: SimCluster) => Promise<void>): Promise<void> {
  return tellStory(7, story, { clientConfig });
}

async function accessed(paths: Paths, path: string): Promise<number> {
  return (await paths.lstat(path)).atime.sec;
}

test('access times: relatime → moved by the first reading after a change', async (t) => {
  await tell({}, async (cluster) => {
    const { paths } = await cluster.connect('a');
    await paths.writeFile('/file', 'data', { fsync: true });
    await paths.mkdir('/dir');
    await paths.symlink('file', '/link');
    await cluster.world.sleep(1_000);
    const before = await accessed(paths, '/file');
    await paths.readFile('/file');
    await paths.readdir('/dir');
    await paths.readlink('/link');
    const after = await accessed(paths, '/file');
    t.true(after > before);
    for (const path of ['/dir', '/link']) t.true((await accessed(paths, path)) > before, path);
    await cluster.world.sleep(5_000);
    await paths.readFile('/file');
    t.is(await accessed(paths, '/file'), after, 'not again');
    await paths.setAttributes('/file', { atime: older, mtime: old });
    t.is(await accessed(paths, '/file'), older.sec);
    await paths.readFile('/file');
    t.true((await accessed(paths, '/file')) > old.sec);
  });
});

test('access times: set ahead of now, with the time of change → set back by who reads a file or lists a directory that he has alone, for all', async (t) => {
  await tell({}, async (cluster) => {
    const [a, b] = [(await cluster.connect('a')).paths, (await cluster.connect('b')).paths];
    await a.writeFile('/file', 'data', { fsync: true });
    await a.mkdir('/dir');
    await cluster.world.sleep(1_000);
    const now = await accessed(a, '/file');
    const ahead = { sec: now + 10_000, nsec: 0 };
    for (const path of ['/file', '/dir']) {
      await a.setAttributes(path, { atime: ahead, mtime: ahead });
      t.is(await accessed(a, path), ahead.sec);
    }
    await a.readFile('/file');
    await a.readdir('/dir');
    // What is answered meanwhile was set before.
    await a.setAttributes('/dir', { mode: 0o700 });
    for (const path of ['/file', '/dir']) t.true((await accessed(a, path)) < now + 100, path);
    for (const path of ['/file', '/dir']) t.true((await accessed(b, path)) < now + 100, `${path} as another has it`);
    t.is((await b.stat('/dir')).mtime.sec, ahead.sec);
  });
});

test('access times: what one host has read → others see it later, and what somebody sets counts', async (t) => {
  await tell({}, async (cluster) => {
    const [a, b] = [(await cluster.connect('a')).paths, (await cluster.connect('b')).paths];
    await a.writeFile('/file', 'data', { fsync: true });
    await a.mkdir('/dir');
    await cluster.world.sleep(1_000);
    // Both know it: nobody has it alone.
    await b.stat('/file');
    await a.stat('/file');
    await b.readdir('/dir');
    const before = (await a.stat('/file')).mtime.sec;
    await b.readFile('/file');
    t.true((await accessed(b, '/file')) > before);
    await cluster.world.sleep(2 * minutesMs);
    const late = await cluster.connect('late');
    for (const path of ['/file', '/dir']) t.true((await accessed(late.paths, path)) > before, path);
    await late.paths.setAttributes('/file', { atime: old, mtime: old });
    for (const each of [a, b, late.paths]) t.is(await accessed(each, '/file'), old.sec);
    await late.stop();
  });
});

test('access times: a client that leaves → has told before', async (t) => {
  await tell({}, async (cluster) => {
    const first = await cluster.connect('a');
    await first.paths.writeFile('/file', 'data', { fsync: true });
    await cluster.world.sleep(3_000);
    await first.paths.readFile('/file');
    const moved = await accessed(first.paths, '/file');
    await first.stop();
    const { paths } = await cluster.connect('b');
    t.is(await accessed(paths, '/file'), moved);
  });
});

test('access times: noatime → never moved; strictatime → always, and not by opening with O_NOATIME', async (t) => {
  for (const atime of ['noatime', 'strictatime'] as const)
    await tell({ atime }, async (cluster) => {
      const { paths } = await cluster.connect('a');
      await paths.writeFile('/file', 'data', { fsync: true });
      const seen = [await accessed(paths, '/file')];
      for (let i = 0; i < 3; i++) {
        await cluster.world.sleep(2_000);
        await paths.readFile('/file');
        seen.push(await accessed(paths, '/file'));
      }
      t.is(new Set(seen).size, atime === 'noatime' ? 1 : 4);
      const file = await paths.open('/file', 0o1000000);
      await cluster.world.sleep(2_000);
      await file.read(4);
      await file.close();
      t.is(await accessed(paths, '/file'), seen.at(-1) ?? 0);
    });
});
