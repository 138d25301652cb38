/**
 * What an administrator sees of an MDS: sessions and what they owe, how much is in memory, who holds what.
 */
import test from 'ava';
import { expose } from '../../common/metrics/exposition.ts';
import { byteStringOf } from '../../common/maps/ids.ts';
import { Cap } from '../../mds/client/index.ts';
import { Admin } from '../support/admin.ts';
import { tell } from '../support/tell.ts';

test('session ls: what each holds, owes and has asked for → as it is, and no more when it is over', async (t) => {
  await tell('sessions', async (cluster) => {
    const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
    const admin = new Admin(cluster);
    const file = await a.paths.open('/file', 'w+');
    await file.write('dirty');
    for (let n = 0; n < 20; n++) await a.paths.mkdir(`/directory-${n}`);
    // A kernel that does not let go of it.
    let letGo = (): void => undefined;
    const gone = new Promise<void>((resolve) => (letGo = resolve));
    a.filesystem.setInvalidator({ invalidateInode: () => gone, invalidateEntry: () => Promise.resolve() });
    await a.filesystem.lookup({ uid: 0, gid: 0, groups: [], pid: 1 }, a.filesystem.root, byteStringOf('file'));
    const reading = b.paths.readFile('/file');
    await cluster.world.sleep(1_000);
    const [first, second] = await admin.sessions();
    t.like(first, { name: 'client.a', recalls: 1, connected: true, ranks: [0] });
    t.like(second, { name: 'client.b', recalls: 0, answers: 0 });
    t.is(first?.address.split(':')[0], 'a');
    t.true((first?.caps ?? 0) >= 20 && (first?.requests ?? 0) >= 20 && (first?.oldestTid ?? 0) > 1, JSON.stringify(first));
    letGo();
    await reading;
    t.is((await admin.sessions())[0]?.recalls, 0);
    await file.close();
  });
});

test('cache: status and dump → what is in memory, and who holds what; of one client, what it is known to have open first', async (t) => {
  await tell('cache', async (cluster) => {
    const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
    const admin = new Admin(cluster);
    await a.paths.mkdir('/dir/below', { recursive: true });
    for (let n = 0; n < 5; n++) await a.paths.writeFile(`/dir/below/file-${n}`, `${n}`, { fsync: true });
    const open = await a.paths.open('/dir/open', 'w');
    await b.paths.readFile('/dir/below/file-3');
    await cluster.world.sleep(500);
    const [report] = await admin.reports();
    const { caps, sessions, names, state, rank, operations, recalls, evictions } = report ?? {};
    t.like({ sessions, state, rank, recalls, evictions }, { sessions: 2, state: 'active', rank: 0, recalls: 0, evictions: 0 });
    t.is(
      caps,
      (await admin.sessions()).reduce((sum, each) => sum + each.caps, 0),
    );
    t.true((names ?? 0) >= 9, `${names} names`);
    t.true((operations?.find(({ name }) => name === 'create')?.count ?? 0) >= 7);
    const paths = async (wish: Parameters<Admin['dump']>[0]): Promise<string[]> =>
      (await admin.dump(wish)).inodes.map(({ path }) => path).sort();
    const all = ['/dir', '/dir/below', ...[0, 1, 2, 3, 4].map((n) => `/dir/below/file-${n}`), '/dir/open'];
    t.deepEqual(await paths({ path: '/dir', below: true }), all);
    t.deepEqual(await paths({ path: '/', below: true }), ['/', ...all]);
    t.deepEqual(await paths({ path: '/dir/open' }), ['/dir/open']);
    t.deepEqual(await paths({ path: '/dir/nothing', below: true }), []);
    const some = await admin.dump({ path: '/dir', below: true, max: 3 });
    t.is(some.inodes.length, 3);
    t.true(some.more);
    const [shared] = (await admin.dump({ path: '/dir/below/file-3' })).inodes;
    t.deepEqual(shared?.caps.map(({ client }) => client).sort(), ['client.a', 'client.b']);
    t.true(shared?.caps.every(({ issued }) => (issued & Cap.attrExclusive) === 0));
    // Of what several use it is told who has it open, at once; that it has been closed is told in passing.
    const both = await Promise.all([a, b].map(({ paths: of }) => of.open('/dir/below/file-3', 'r+')));
    await cluster.world.sleep(10_000);
    const ofA = await admin.dump({ instance: await admin.instanceOf('a') });
    t.is(ofA.inodes[0]?.path, '/dir/below/file-3');
    t.true(ofA.inodes[0]?.caps.every(({ wanted }) => (wanted & Cap.fileWrite) !== 0));
    t.is(ofA.inodes.length, (await admin.sessions())[0]?.caps ?? 0);
    const ofB = await paths({ path: '/dir', below: true, instance: await admin.instanceOf('b') });
    t.true(ofB.includes('/dir/below/file-3') && !ofB.includes('/dir/below/file-4'), ofB.join());
    await open.close();
    for (const file of both) await file.close();
    await admin.evict(await admin.instanceOf('b'));
    t.is((await admin.reports())[0]?.evictions, 1);
    t.is((await admin.dump({ path: '/dir/below/file-3' })).inodes[0]?.caps.length, 1);
  });
});

test('metrics: of an MDS, and of one that stands by → by rank and by client, as it is at that moment', async (t) => {
  await tell(
    'metrics',
    async (cluster) => {
      const a = await cluster.connect('a');
      const stateOf = (name: string): string | undefined => cluster.mds(name)?.rank?.state;
      while (!cluster.mdsNames.some((name) => cluster.mds(name)?.rank?.caughtUp === true)) await cluster.world.sleep(100);
      const [serves, follows] = ['active', 'standby-replay'].map(
        (state) => cluster.mdsNames.find((name) => stateOf(name) === state) ?? '',
      ) as [string, string];
      const told = (mds: string): string[] => expose(cluster.mds(mds)?.metrics() ?? []).split('\n');
      const numberOf = (mds: string, name: string): number =>
        Number(
          told(mds)
            .find((line) => line.startsWith(`${name} `))
            ?.split(' ')[1],
        );
      const created = 'nacre_mds_operations_total{rank="0",operation="create"}';
      const before = numberOf(serves, created);
      for (let n = 0; n < 10; n++) await a.paths.writeFile(`/file-${n}`, 'x', { fsync: true });
      t.is(before, 0);
      t.is(numberOf(serves, created), 10);
      t.true(numberOf(serves, 'nacre_mds_client_caps{rank="0",client="client.a"}') >= 11);
      t.true(numberOf(serves, 'nacre_mds_client_requests_total{rank="0",client="client.a"}') > 10);
      t.deepEqual(
        told(follows).filter((line) => line.endsWith(' 1')),
        [`nacre_mds_state{mds="${follows}",state="standby-replay"} 1`],
      );
      await a.stop();
      cluster.clients.delete('a');
      t.false(
        told(serves).some((line) => line.includes('client.a')),
        'its session is over',
      );
      t.is(numberOf(serves, 'nacre_mds_sessions{rank="0"}'), 0);
    },
    { mds: ['a', 'b'] },
  );
});

test('cache: a directory that another rank holds → the dump goes on there', async (t) => {
  await tell(
    'ranks',
    async (cluster) => {
      await cluster.command({ prefix: 'fs set', maxMds: 2 });
      const { paths } = await cluster.connect('a');
      const admin = new Admin(cluster);
      await paths.mkdir('/near/far', { recursive: true });
      await paths.setXattr('/near/far', 'ceph.dir.pin', '1');
      while ((await paths.getXattr('/near/far', 'nacre.dir.rank')).toString() !== '1') await cluster.world.sleep(100);
      await paths.mkdir('/near/far/deep');
      await paths.writeFile('/near/far/deep/file', 'x', { fsync: true });
      const told = async (path: string, below: boolean): Promise<string[]> =>
        (await admin.dump({ path, below })).inodes.map(({ path: at, rank }) => `${rank} ${at}`).sort();
      t.deepEqual(await told('/near', true), ['0 /near', '1 /near/far', '1 /near/far/deep', '1 /near/far/deep/file']);
      t.deepEqual(await told('/near/far/deep/file', false), ['1 /near/far/deep/file']);
      t.deepEqual(await told('/near/far', false), ['1 /near/far']);
      t.deepEqual(
        (await admin.reports()).map(({ rank, sessions }) => [rank, sessions]),
        [
          [0, 1],
          [1, 1],
        ],
      );
    },
    { mds: ['a', 'b'] },
  );
});
