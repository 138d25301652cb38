import test from 'ava';
import type { Credentials } from '../../fuse-client/vfs/filesystem.ts';
import type { SimCluster } from '../sim/cluster.ts';
import { PoolObjects } from '../support/pool-objects.ts';
import { tell } from '../support/tell.ts';

const root: Credentials = { uid: 0, gid: 0, groups: [], pid: 1 };

async function activeMds(cluster: SimCluster): Promise<string> {
  for (;;) {
    const active = [...(await cluster.map()).mdss.values()].find(({ state }) => state === 'active');
    if (active !== undefined) return active.name;
    await cluster.world.sleep(100);
  }
}

test('mds: the active one dies under load → the standby goes on, nothing that was answered is lost', async (t) => {
  await tell(
    1,
    async (cluster) => {
      const { paths } = await cluster.connect('a');
      const first = await activeMds(cluster);
      await paths.mkdir('/dir');
      let made = 0;
      let stop = false;
      const work = (async () => {
        for (; !stop; made++) {
          await paths.writeFile(`/dir/f${made}`, 'x');
          await cluster.world.sleep(20);
        }
      })();
      await cluster.world.sleep(300);
      cluster.crash(first);
      const before = made;
      await cluster.world.sleep(15_000);
      stop = true;
      await work;
      t.not(await activeMds(cluster), first);
      t.true(made > before, 'work went on');
      t.is((await paths.readdir('/dir')).length, made);
      await cluster.boot(first);
      await cluster.world.sleep(3_000);
      const states = [...(await cluster.map()).mdss.values()].map(({ state }) => state).sort();
      t.deepEqual(states, ['active', 'standby-replay']);
    },
    { mds: ['a', 'b'] },
  );
});

test('mds: cut off from the mon while it serves → gives its rank up within its lease, its life after is a standby’s', async (t) => {
  await tell(
    2,
    async (cluster) => {
      const { paths } = await cluster.connect('a');
      await paths.mkdir('/dir');
      const first = await activeMds(cluster);
      const second = first === 'mds.a' ? 'mds.b' : 'mds.a';
      cluster.world.fabric.partition(
        [first],
        cluster.nodeNames.filter((name) => name !== first),
      );
      await cluster.world.sleep(12_000);
      t.is(await activeMds(cluster), second);
      await paths.mkdir('/dir/after');
      cluster.world.fabric.heal();
      await cluster.world.sleep(10_000);
      t.is(await activeMds(cluster), second);
      t.deepEqual(await paths.readdir('/dir'), ['after']);
      const map = await cluster.map();
      t.is(map.mdss.get(first as never)?.state, 'standby-replay');
    },
    { mds: ['a', 'b'] },
  );
});

test('mds: stopped cleanly and started again → names are there, the client goes on without an error', async (t) => {
  await tell(3, async (cluster) => {
    const { paths } = await cluster.connect('a');
    for (let i = 0; i < 30; i++) await paths.writeFile(`/f${i}`, `${i}`);
    cluster.crash('mds.a');
    const listing = paths.readdir('/');
    await cluster.world.sleep(500);
    await cluster.boot('mds.a');
    t.is((await listing).length, 30);
    t.is((await paths.readFile('/f7')).toString(), '7');
  });
});

test('mds: a client is killed with a file open for writing → another gets it once the lease of the first is over', async (t) => {
  await tell(4, async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    const file = await a.paths.open('/log', 'w');
    await file.write(Buffer.from('synced'), 0);
    await file.fsync();
    await file.write(Buffer.from('not synced'), 6);
    cluster.crashClient('a');
    const started = cluster.world.nowMs;
    const seen = (await b.paths.readFile('/log')).toString();
    t.true(seen === 'synced' || seen === 'syncednot synced', seen);
    t.true(cluster.world.nowMs - started < 40_000, `${cluster.world.nowMs - started}`);
    await b.paths.appendFile('/log', '!');
    t.is((await b.paths.readFile('/log')).toString(), `${seen}!`);
  });
});

/**
 * The MDS dies with a file of a's made and answered, and in no journal. In the next life a tells in good time what it holds, and is stopped
 * just then for `stoppedMs`, while b wants to make a file of that name. Resolves with how that ended.
 */
async function overtaken(cluster: SimCluster, stoppedMs: number): Promise<string> {
  const { world } = cluster;
  const a = await cluster.connect('a');
  const b = await cluster.connect('b');
  await a.paths.writeFile('/name', 'of a');
  cluster.crash('mds.a');
  world.node('a').pause();
  await world.sleep(1_000);
  await cluster.boot('mds.a');
  const made = b.paths.open('/name', 'wx').then(
    () => 'made',
    (error: unknown) => (error as { readonly code: string }).code,
  );
  await world.sleep(3_000);
  const resumed = (): number => world.logs.matching(/^session resumed/).length;
  const before = resumed();
  world.node('a').resume();
  while (resumed() === before) await world.sleep(0.01);
  world.node('a').pause();
  await world.sleep(stoppedMs);
  world.node('a').resume();
  return made;
}

const shortWaits = { mdsConfig: { sessionLeaseMs: 5_000, reconnectMs: 5_000, journalDelayMs: 1_000 } };

test('mds: a client tells in good time what it holds, and sends late again what had been answered → nothing new comes before', async (t) => {
  await tell(
    5,
    async (cluster) => {
      t.is(await overtaken(cluster, 4_000), 'EEXIST');
      for (const { paths } of cluster.clients.values()) t.is((await paths.readFile('/name')).toString(), 'of a');
      t.is(cluster.world.logs.matching(/^evicting a client/).length, 0);
    },
    shortWaits,
  );
});

test('mds: a client that has told what it holds sends nothing again for too long → evicted, the others go on', async (t) => {
  await tell(
    6,
    async (cluster) => {
      cluster.world.logs.expectError(/evicted before this was written/);
      t.is(await overtaken(cluster, 30_000), 'made');
      t.is((await cluster.clients.get('b')?.paths.readFile('/name'))?.toString(), '');
      t.is(cluster.world.logs.matching(/^evicting a client/).length, 1);
    },
    shortWaits,
  );
});

/** The MDS loses its rank, and answers for a moment yet; then its next life takes it. */
async function loseRank(cluster: SimCluster): Promise<void> {
  await cluster.mds('mds.a')?.rank?.stop(false);
  await cluster.world.sleep(200);
  cluster.crash('mds.a');
  await cluster.boot('mds.a');
}

test('mds: loses its rank just before what was acknowledged is sent again → that goes to the next holder (seed 730119)', async (t) => {
  await tell(
    7,
    async (cluster) => {
      const { world } = cluster;
      const { paths } = await cluster.connect('a');
      const file = await paths.open('/name', 'w');
      cluster.crash('mds.a');
      await cluster.boot('mds.a');
      while (world.logs.matching(/^session resumed/).length === 0) await world.sleep(0.01);
      await loseRank(cluster);
      await file.fsync();
      t.deepEqual(await paths.readdir('/'), ['name']);
      t.is(world.logs.matching(/^session resumed/).length, 2);
    },
    shortWaits,
  );
});

test('mds: loses its rank as a client waits for its journal → the next holder answers (seed 730174)', async (t) => {
  await tell(
    8,
    async (cluster) => {
      const { paths } = await cluster.connect('a');
      const file = await paths.open('/name', 'w');
      const lost = loseRank(cluster);
      await file.fsync();
      await lost;
      cluster.crash('mds.a');
      await cluster.boot('mds.a');
      t.deepEqual(await paths.readdir('/'), ['name']);
    },
    shortWaits,
  );
});

test('mds: the journal that one follows is damaged → it says so once, looks seldom, and follows again when that part is trimmed', async (t) => {
  await tell(
    'damaged',
    async (cluster) => {
      const { paths } = await cluster.connect('a');
      const first = await activeMds(cluster);
      const second = first === 'mds.a' ? 'mds.b' : 'mds.a';
      await paths.mkdir('/dir');
      await cluster.world.sleep(500);
      cluster.crash(second);
      const objects = new PoolObjects(cluster, 'meta');
      const segment = (await objects.names()).find((name) => /^journal\.0/.test(name)) as string;
      await objects.flip(segment, 80);
      await cluster.boot(second);
      await cluster.world.sleep(60_000);
      const told = (): number =>
        cluster.world.logs
          .matching(/cannot go on from what has been read of the journal/)
          .filter(({ fields }) => /checksum/.test(String(fields['err']))).length;
      t.is(told(), 1);
      t.true(cluster.world.logs.matching(/follows a rank/).length < 20);
      // Segments go by size: this one does as others fill up.
      for (let i = 0; (await objects.names()).includes(segment); i++) {
        for (let each = 0; each < 50; each++) await paths.mkdir(`/dir/d${i}-${each}`);
        await cluster.world.sleep(500);
      }
      await cluster.world.sleep(60_000);
      cluster.crash(first);
      await cluster.world.sleep(10_000);
      t.is(await activeMds(cluster), second);
      t.is(cluster.world.logs.matching(/journal replayed/).at(-1)?.fields['followed'], true);
      t.is(told(), 1);
    },
    { mds: ['a', 'b'], mdsConfig: { journalSegmentBytes: 64 * 1024, journalSegments: 1, writeBackMs: 600_000 } },
  );
});

test('mds: an owner is set, and the file fsynced, while it comes back; then it cannot write its journal → the fsync waits for both (seed 101703)', async (t) => {
  await tell('owner-and-fsync', async (cluster) => {
    const { world } = cluster;
    const [{ filesystem, paths }] = [await cluster.connect('a'), await cluster.connect('b')];
    const file = await paths.open('/file', 'w');
    await file.write('content');
    await file.fsync();
    const { ino } = await file.stat();
    cluster.crash('mds.a');
    const away = world.fabric.partition(['b'], ['mds.a']);
    await file.write('more');
    await filesystem.setAttributes(root, ino, { uid: 7 });
    let synced = false;
    const syncing = file.fsync().then(() => (synced = true));
    await cluster.boot('mds.a');
    await world.sleep(2_000);
    t.is(cluster.mds('mds.a')?.rank?.state, 'reconnect');
    t.false(synced);
    const apart = world.fabric.partition(['mds.a'], cluster.osdNames);
    away();
    await world.sleep(1_500);
    t.is(cluster.mds('mds.a')?.rank?.state, 'active');
    t.false(synced, 'the owner is in no journal');
    apart();
    await syncing;
    t.is((await paths.stat('/file')).uid, 7);
  });
});
