import test from 'ava';
import { instanceId } from '../../common/maps/ids.ts';
import { watchCaps } from '../sim/caps.ts';
import { Admin } from '../support/admin.ts';
import { tell } from '../support/tell.ts';

test('eviction by command: a client with unwritten data → it is told what is lost, once, and comes back by itself', async (t) => {
  await tell(1, async (cluster) => {
    const { world } = cluster;
    world.logs.expectError(/evicted before this was written|data not written/);
    const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
    await a.paths.mkdir('/dir');
    const file = await a.paths.open('/dir/mine', 'w');
    await file.write('safe');
    await file.fsync();
    await file.write(' and dirty');
    const admin = new Admin(cluster);
    t.deepEqual(
      (await admin.sessions()).map(({ name, connected, evicting }) => [name, connected, evicting]),
      [
        ['client.a', true, false],
        ['client.b', true, false],
      ],
    );
    const instance = await admin.instanceOf('a');
    const startedMs = world.nowMs;
    const epoch = await admin.evict(instance);
    // It is heard of at once: it does not take until its lease is over.
    t.true(world.nowMs - startedMs < 3_000, `${world.nowMs - startedMs} ms`);
    const map = await cluster.map();
    t.true(map.epoch >= epoch && map.blocklist.has(instanceId(instance)));
    t.is((await b.paths.readFile('/dir/mine')).toString(), 'safe');
    await t.throwsAsync(file.fsync(), { message: /evicted/ });
    await file.fsync();
    await file.write('new', 0);
    await file.close();
    await a.paths.writeFile('/dir/other', 'again');
    t.is((await b.paths.readFile('/dir/mine')).toString(), 'newe');
    t.is((await b.paths.readFile('/dir/other')).toString(), 'again');
    t.not(await admin.instanceOf('a'), instance);
    const [line] = world.logs.matching(/^evicted before this was written/);
    t.deepEqual({ path: line?.fields['path'], ranges: line?.fields['ranges'] }, { path: '/dir/mine', ranges: [{ from: 4, to: 14 }] });
  });
});

test('eviction by command: a client that cannot be reached → its caps are free when its lease is over, its late writes are refused', async (t) => {
  await tell(
    2,
    async (cluster) => {
      const { world } = cluster;
      world.logs.expectError(/evicted before this was written|data not written/);
      const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
      const file = await a.paths.open('/mine', 'w');
      await file.write('first');
      await file.fsync();
      await file.write('LATE!', 0);
      const admin = new Admin(cluster);
      const instance = await admin.instanceOf('a');
      world.node('a').pause();
      const startedMs = world.nowMs;
      const evicted = admin.evict(instance);
      const again = admin.evict(instance);
      await evicted;
      t.is(await again, await evicted);
      t.true(world.nowMs - startedMs < 6_500, `${world.nowMs - startedMs} ms`);
      await b.paths.writeFile('/mine', 'of b');
      world.node('a').resume();
      await world.sleep(10_000);
      t.is((await b.paths.readFile('/mine')).toString(), 'of b');
      await t.throwsAsync(file.fsync(), { message: /evicted/ });
      await t.throwsAsync(admin.evict(instance), { code: 'ENOENT' });
    },
    { mdsConfig: { sessionLeaseMs: 5_000 } },
  );
});

test("eviction of one that is cut off, whose clock goes slower than the MDS's → it trusts nothing any more when others are given it", async (t) => {
  await tell(
    3,
    async (cluster) => {
      const { world } = cluster;
      watchCaps(cluster);
      const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
      await a.paths.writeFile('/mine', 'of a', { fsync: true });
      world.node('a').setClock({ rate: 0.98 });
      // Renewed a moment ago.
      await world.sleep(10_000);
      world.fabric.partition(['a'], cluster.daemonNames);
      await b.paths.writeFile('/mine', 'of b');
      t.is(world.logs.matching(/^evicting a client/).length, 1);
      world.fabric.heal();
      t.is((await a.paths.readFile('/mine')).toString(), 'of b');
    },
    { mdsConfig: { sessionLeaseMs: 5_000 } },
  );
});

test('eviction with several ranks: a client writes at each, reached or not → is evicted by all, what was fsynced stays, nothing comes late', async (t) => {
  await tell(
    4,
    async (cluster) => {
      const { world } = cluster;
      world.logs.expectError(/evicted before this was written|data not written/);
      await cluster.command({ prefix: 'fs set', maxMds: 2 });
      const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
      for (const path of ['/near', '/far']) await b.paths.mkdir(path);
      await b.paths.setXattr('/far', 'ceph.dir.pin', '1');
      while ((await b.paths.getXattr('/far', 'nacre.dir.rank')).toString() !== '1') await world.sleep(50);
      const admin = new Admin(cluster);
      for (const isReached of [true, false]) {
        const files = [];
        for (const path of ['/near/f', '/far/f']) {
          const file = await a.paths.open(path, 'w');
          await file.write('safe');
          await file.fsync();
          // On its way to the OSDs at once, and told later: so the file has to be looked at.
          await file.write(' and more');
          await file.write('LATE', 0);
          files.push(file);
        }
        const sessions = await admin.sessions();
        t.deepEqual(
          sessions.map(({ name, ranks }) => [name, ranks]),
          [
            ['client.a', [0, 1]],
            ['client.b', [0, 1]],
          ],
        );
        const instance = await admin.instanceOf('a');
        if (!isReached) world.node('a').pause();
        const epoch = await admin.evict(instance);
        t.true((await cluster.map()).epoch >= epoch);
        t.deepEqual(
          (await admin.sessions()).filter((session) => session.instance === instance),
          [],
        );
        for (const path of ['/near/f', '/far/f']) {
          t.is((await b.paths.readFile(path)).toString(), 'safe');
          await b.paths.writeFile(path, 'of b');
        }
        if (!isReached) world.node('a').resume();
        await world.sleep(10_000);
        for (const path of ['/near/f', '/far/f']) t.is((await b.paths.readFile(path)).toString(), 'of b', path);
        for (const file of files) {
          await t.throwsAsync(file.fsync(), { message: /evicted/ });
          await file.close();
        }
        // It is back by itself, with both.
        for (const path of ['/near/f', '/far/f']) t.is((await a.paths.readFile(path)).toString(), 'of b');
        await t.throwsAsync(admin.evict(instance), { code: 'ENOENT' });
      }
    },
    { mds: ['a', 'b'], mdsConfig: { sessionLeaseMs: 5_000 } },
  );
});
