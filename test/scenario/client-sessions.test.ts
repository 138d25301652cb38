/**
 * How sessions of clients begin and end: with no MDS there, at unmount, after an eviction, and when an MDS that has started again waits for
 * them; and what is asked back from one that holds more than the MDS has memory for.
 */
import test from 'ava';
import { lossTold, orLost } from '../sim/exile.ts';
import { Admin } from '../support/admin.ts';
import { tell } from '../support/tell.ts';

test('session: no MDS is there → the client says so and what to do; it comes in when there is one', async (t) => {
  await tell('nobody', async (cluster) => {
    cluster.crash('mds.a');
    await t.throwsAsync(cluster.connect('a'), { code: 'ETIMEDOUT', message: /no MDS took the session .*nacre status/ });
    await cluster.boot('mds.a');
    const { paths } = await cluster.connect('a');
    await paths.writeFile('/file', 'x');
    t.deepEqual(await paths.readdir('/'), ['file']);
  });
});

test('session: the client leaves → it is over at once, all is there, and nothing is held', async (t) => {
  await tell('leaves', async (cluster) => {
    const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
    const file = await a.paths.open('/file', 'w');
    await file.write('not yet written back');
    const admin = new Admin(cluster);
    const names = async (): Promise<string[]> => (await admin.sessions()).map(({ name }) => name);
    t.deepEqual(await names(), ['client.a', 'client.b']);
    await a.stop();
    t.deepEqual(await names(), ['client.b']);
    const startedMs = cluster.world.nowMs;
    t.is((await b.paths.readFile('/file')).toString(), 'not yet written back');
    t.true(cluster.world.nowMs - startedMs < 1_000, 'nobody is waited for');
  });
});

test('session: the connection breaks, and half a second of a cut swallows the attempt at another → what was not written back is kept', async (t) => {
  await tell(
    'swallowed',
    async (cluster) => {
      const { world } = cluster;
      const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
      const file = await a.paths.open('/file', 'w');
      await file.write('not yet written back');
      const heal = world.fabric.partition(['a'], ['mds.a']);
      world.fabric.reset('a', 'mds.a');
      await world.sleep(500);
      heal();
      // Waits until it is given back, or the lease is over.
      t.is((await b.paths.readFile('/file')).toString(), 'not yet written back');
      await file.close();
    },
    { mdsConfig: { sessionLeaseMs: 3_000 } },
  );
});

test('session: evicted with data not yet written, and stopped → it ends, whether or not it has heard of it', async (t) => {
  await tell('stopped', async (cluster) => {
    const { world } = cluster;
    for (const name of ['a', 'b']) world.logs.expectError(lossTold, name);
    const admin = new Admin(cluster);
    for (const name of ['a', 'b']) {
      const { paths, stop } = await cluster.connect(name);
      const file = await paths.open(`/${name}`, 'w');
      await file.write('dirty');
      const mend = name === 'b' ? world.fabric.partition([name], [...cluster.mdsNames, 'mon.a']) : undefined;
      await admin.evict(await admin.instanceOf(name));
      const startedMs = world.nowMs;
      const stopping = orLost(stop());
      world.schedule(1_000, 'mend', () => mend?.());
      await stopping;
      t.true(world.nowMs - startedMs < 20_000, `${name}: ${world.nowMs - startedMs} ms`);
      cluster.clients.delete(name);
    }
    t.deepEqual(await admin.sessions(), []);
  });
});

test('session: an MDS that has started again waits for one that is dead, and that is evicted by command → the others go on at once', async (t) => {
  const mdsConfig = { sessionLeaseMs: 2_000, reconnectMs: 120_000 };
  await tell(
    'awaited',
    async (cluster) => {
      const { world } = cluster;
      const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
      await a.paths.writeFile('/of-a', 'x', { fsync: true });
      await a.paths.fsyncDirectory('/');
      const admin = new Admin(cluster);
      const instance = await admin.instanceOf('a');
      cluster.crashClient('a');
      cluster.crash('mds.a');
      await cluster.boot('mds.a');
      const rank = (): string | undefined => cluster.mds('mds.a')?.rank?.state;
      while (rank() !== 'reconnect') await world.sleep(100);
      const looking = b.paths.readdir('/');
      await world.sleep(5_000);
      t.is(rank(), 'reconnect');
      const startedMs = world.nowMs;
      await admin.evict(instance);
      t.deepEqual(await looking, ['of-a']);
      t.is(rank(), 'active');
      t.true(world.nowMs - startedMs < 5_000, `${world.nowMs - startedMs} ms`);
    },
    { mdsConfig },
  );
});

test('memory: a client holds more than the MDS may keep → it is asked for some, gives back what is idle, and finds all of it again', async (t) => {
  const cacheEntriesMax = 100;
  await tell(
    'trim',
    async (cluster) => {
      const { paths, trusted } = await cluster.connect('a');
      await paths.mkdir('/many');
      const names = Array.from({ length: 400 }, (_, n) => `file-${n}`);
      const open = await paths.open('/many/in-use', 'w');
      for (const name of names) await paths.writeFile(`/many/${name}`, name);
      for (const name of names) await paths.stat(`/many/${name}`);
      const held = (): number => [...trusted()].filter(({ caps }) => caps !== 0).length;
      const kept = (): number => cluster.mds('mds.a')?.rank?.core.cache.size ?? 0;
      // As much again may be about to go.
      for (let seconds = 0; kept() > 2 * cacheEntriesMax && seconds < 60; seconds++) await cluster.world.sleep(1_000);
      t.true(kept() <= 2 * cacheEntriesMax, `${kept()} names in the MDS's memory`);
      t.true(held() <= 2 * cacheEntriesMax, `${held()} inodes held`);
      await open.write('still open');
      for (const name of names) t.is((await paths.readFile(`/many/${name}`)).toString(), name);
      t.is((await paths.readdir('/many')).length, names.length + 1);
      await open.close();
      t.is((await paths.readFile('/many/in-use')).toString(), 'still open');
    },
    { mdsConfig: { cacheEntriesMax, writeBackMs: 200, writeBackIntervalMs: 50 } },
  );
});
