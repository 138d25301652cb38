import test, { type ExecutionContext } from 'ava';
import { toFsError } from '../../../common/errors/fs-error.ts';
import { bytes, metadataPool, RankClient, recordOf } from '../../support/mds-rank.ts';
import { busyConfig, fails, pin, SeveralRanks, xattrOf } from '../../support/several-ranks.ts';

/** `/d` with a file and a directory with a file. */
async function tree(client: RankClient): Promise<{ readonly d: number; readonly sub: number; readonly file: number }> {
  const d = recordOf(await client.mkdir(1, 'd')).ino;
  const sub = recordOf(await client.mkdir(d, 'sub')).ino;
  await client.create(d, 'one');
  const file = recordOf(await client.create(sub, 'two')).ino;
  return { d, sub, file };
}

test('pin: a directory with all below it → goes to that rank, whoever asks the old one is sent there', async (t) => {
  const ranks = new SeveralRanks(busyConfig);
  await ranks.start(0);
  await ranks.start(1);
  const a = await ranks.connect(0, 11);
  const b = await ranks.connect(1, 11);
  const { d, sub, file } = await tree(a);
  await pin(a, d, 1);
  await ranks.until(() => ranks.has(1, d));
  t.false(ranks.has(0, d) || ranks.has(0, sub) || ranks.has(0, file));
  const found = await a.request('lookup', { parent: 1, name: bytes('d') });
  t.like(found, { found: true, elsewhereIno: d, elsewhereRank: 1 });
  for (const ino of [d, sub, file]) {
    const error = toFsError(await t.throwsAsync(() => a.request('getAttr', { ino })));
    t.deepEqual([error.code, error.elsewhere], ['EREMOTE', { ino, rank: 1 }]);
    t.is(recordOf(await b.request('getAttr', { ino })).ino, ino);
  }
  t.is(recordOf(await b.request('lookup', { parent: sub, name: bytes('two') })).ino, file);
  t.like(await b.request('lookup', { parent: d, name: bytes('..') }), { elsewhereIno: 1, elsewhereRank: 0 });
  const listed = await a.request('readDir', { ino: 1 });
  t.deepEqual(
    listed.entries.map(({ ino, mode }) => [ino, mode]),
    [[d, 0o040000]],
  );
  const made = recordOf(await b.create(sub, 'three')).ino;
  t.true(made >= 2 ** 48, 'a number of its own');
  t.is(await xattrOf(b, d, 'nacre.dir.pin'), '1');
  t.is(await xattrOf(b, sub, 'nacre.dir.rank'), '1');
  t.deepEqual([...ranks.shared], []);
});

test('pin: what it counts below → rises to the directories above, at the rank that has them; exactly once', async (t) => {
  const ranks = new SeveralRanks(busyConfig);
  await ranks.start(0);
  await ranks.start(1);
  const a = await ranks.connect(0, 11);
  const b = await ranks.connect(1, 11);
  const { d, sub } = await tree(a);
  await pin(a, d, 1);
  await ranks.until(() => ranks.has(1, d));
  for (let i = 0; i < 5; i++) {
    await b.create(sub, `more ${i}`);
    await ranks.world.until(ranks.world.sleep(40));
  }
  await ranks.world.until(ranks.world.sleep(500));
  t.is(await xattrOf(a, 1, 'ceph.dir.rfiles'), '7');
  t.is(await xattrOf(a, 1, 'ceph.dir.rsubdirs'), '2');
  await pin(b, d, -1);
  await ranks.until(() => ranks.has(0, d));
  await a.request('unlink', { parent: sub, name: bytes('two') });
  await ranks.world.until(ranks.world.sleep(500));
  t.is(await xattrOf(a, 1, 'ceph.dir.rfiles'), '6');
  t.is(ranks.get(1).rank.core.posted.size + ranks.get(0).rank.core.posted.size, 0, 'all messages have come');
  t.deepEqual([...ranks.shared], []);
});

test('pin: what has not risen yet as it goes → rises before (seed 91051 of two ranks)', async (t) => {
  const ranks = new SeveralRanks({ ...busyConfig, recursiveDelayMs: 30_000 });
  await ranks.start(0);
  await ranks.start(1);
  const a = await ranks.connect(0, 11);
  const b = await ranks.connect(1, 11);
  const { d } = await tree(a);
  await pin(a, d, 1);
  await ranks.until(() => ranks.has(1, d));
  t.is(await xattrOf(b, d, 'ceph.dir.rfiles'), '2');
  t.is(await xattrOf(b, d, 'ceph.dir.rsubdirs'), '1');
  // Of those that the life before has left, nothing above is in memory.
  const deep = recordOf(await b.mkdir(recordOf(await b.mkdir(d, 'way')).ino, 'deep')).ino;
  await ranks.world.until(ranks.world.sleep(1_500));
  await b.create(deep, 'three');
  await ranks.world.until(ranks.world.sleep(50));
  ranks.kill(1);
  await ranks.start(1);
  const again = await ranks.connect(1, 12);
  await pin(again, d, -1);
  await ranks.until(() => ranks.has(0, d));
  t.is(await xattrOf(a, d, 'ceph.dir.rfiles'), '3');
  t.is(await xattrOf(a, d, 'ceph.dir.rsubdirs'), '3');
});

test('pin: taken back, or to a third rank → it goes by the rank that has its name', async (t) => {
  const ranks = new SeveralRanks(busyConfig);
  for (const rank of [0, 1, 2]) await ranks.start(rank);
  const a = await ranks.connect(0, 11);
  const b = await ranks.connect(1, 11);
  const c = await ranks.connect(2, 11);
  const { d, file } = await tree(a);
  await pin(a, d, 1);
  await ranks.until(() => ranks.has(1, d));
  await pin(b, d, 2);
  await ranks.until(() => ranks.has(2, d));
  t.is(recordOf(await c.request('getAttr', { ino: file })).ino, file);
  t.like(await a.request('lookup', { parent: 1, name: bytes('d') }), { elsewhereRank: 2 });
  await c.request('removeXattr', { ino: d, name: bytes('nacre.dir.pin') });
  await ranks.until(() => ranks.has(0, d));
  t.is(recordOf(await a.request('lookup', { parent: 1, name: bytes('d') })).ino, d);
  t.is(recordOf(await a.request('getAttr', { ino: file })).ino, file);
  t.deepEqual([...ranks.shared], []);
});

test('pin: to a rank that there is not → it stays, and goes when there is one', async (t) => {
  const ranks = new SeveralRanks(busyConfig);
  await ranks.start(0);
  const a = await ranks.connect(0, 11);
  const { d, file } = await tree(a);
  await pin(a, d, 1);
  await ranks.world.until(ranks.world.sleep(2_000));
  t.is(recordOf(await a.request('getAttr', { ino: file })).ino, file);
  t.is(await xattrOf(a, d, 'ceph.dir.pin'), '1');
  await ranks.start(1);
  await ranks.until(() => ranks.has(1, d));
  t.false(ranks.has(0, d));
});

test('pin: what cannot go, and what a pin stands against → refused or left where it is', async (t) => {
  const ranks = new SeveralRanks(busyConfig);
  await ranks.start(0);
  await ranks.start(1);
  const a = await ranks.connect(0, 11);
  const { d, sub, file } = await tree(a);
  await fails(t, () => pin(a, 1, 1), 'EINVAL');
  await fails(t, () => pin(a, file, 1), 'EINVAL');
  await fails(t, () => pin(a, d, 16), 'EINVAL');
  await a.request('link', { ino: file, parent: 1, name: bytes('second') });
  await pin(a, d, 1);
  await ranks.world.until(ranks.world.sleep(1_000));
  t.true(ranks.has(0, d), 'a file in it has a name elsewhere');
  t.is(recordOf(await a.request('getAttr', { ino: d })).ino, d, 'it is served');
  const e = recordOf(await a.mkdir(1, 'e')).ino;
  const below = recordOf(await a.mkdir(e, 'below')).ino;
  await pin(a, below, 1);
  await ranks.until(() => ranks.has(1, below));
  await fails(t, () => a.request('setXattr', { ino: e, name: bytes('ceph.quota.max_files'), value: bytes('5') }), 'EBUSY');
  await fails(t, () => a.request('unlink', { parent: e, name: bytes('below') }), 'EISDIR');
  await fails(
    t,
    () => a.request('rename', { parent: 1, name: bytes('second'), newParent: e, newName: bytes('below'), flags: 1 }),
    'EEXIST',
  );
  await fails(t, () => a.create(e, 'below'), 'EEXIST');
  await fails(t, () => a.create(e, 'below', 0o100644, { exclusive: false, wanted: 1 }), 'EISDIR');
  const q = recordOf(await a.mkdir(1, 'q')).ino;
  const bound = recordOf(await a.mkdir(q, 'bound')).ino;
  await a.request('setXattr', { ino: q, name: bytes('ceph.quota.max_files'), value: bytes('5') });
  await fails(t, () => pin(a, bound, 1), 'EBUSY');
  const other = await ranks.connect(0, 12);
  other.who = { uid: 5, gid: 5, groups: [] };
  await fails(t, () => pin(other, sub, 1), 'EPERM');
  t.deepEqual([...ranks.shared], []);
});

/** Two ranks, of which `dying` dies after so many changes, while a directory goes there and back. Returns whether it did. */
async function moveWithDeath(t: ExecutionContext, dying: number, changesMax: number): Promise<boolean> {
  const ranks = new SeveralRanks(busyConfig);
  const { world } = ranks;
  await ranks.start(0);
  const first = await ranks.connect(0, 11);
  const { d, sub, file } = await tree(first);
  await world.until(ranks.get(0).rank.stop(true));
  ranks.kill(0);
  let instance = 20;
  const death = ranks.startWithDeath(dying, changesMax);
  const areActive = (): boolean => [0, 1].every((rank) => ranks.get(rank).rank.state === 'active');
  await ranks.until(areActive);
  // Each time that one has died meanwhile it is asked for again.
  const goTo = async (to: number): Promise<void> => {
    for (;;) {
      const before = death.came;
      const [holder = 0] = [0, 1].filter((rank) => ranks.has(rank, d));
      const client = new RankClient(ranks.get(holder), ++instance, `client.${instance}`);
      const asking = client
        .open()
        .then(() => client.send('setXattr', { ino: d, name: bytes('ceph.dir.pin'), value: bytes(`${to === 0 ? -1 : to}`) }));
      void asking.catch(() => undefined);
      await ranks.until(() => (ranks.has(to, d) && areActive()) || death.came !== before);
      await ranks.until(areActive);
      await world.until(world.sleep(100));
      if (ranks.has(to, d)) return;
    }
  };
  const look = async <T>(rank: number, act: (client: RankClient) => Promise<T> | T): Promise<T> => {
    for (;;) {
      const before = death.came;
      const client = new RankClient(ranks.get(rank), ++instance, `client.${instance}`);
      let found: { readonly value: T } | undefined;
      const looking = client.open().then(async () => (found = { value: await act(client) }));
      void looking.catch(() => undefined);
      await ranks.until(() => found !== undefined || death.came !== before);
      if (found !== undefined) return found.value;
      await ranks.until(areActive);
    }
  };
  await world.until(world.sleep(5));
  await look(0, (client) => client.send('getAttr', { ino: d }));
  const two = { parent: sub, name: bytes('two') };
  await goTo(1);
  t.is(recordOf(await look(1, (client) => client.send('lookup', two))).ino, file);
  await goTo(0);
  t.is(recordOf(await look(0, (client) => client.send('lookup', two))).ino, file);
  t.is(recordOf(await look(0, (client) => client.send('lookup', { parent: 1, name: bytes('d') }))).ino, d);
  await world.until(world.sleep(300));
  const counted = await look(0, (client) => client.send('getXattr', { ino: 1, name: bytes('ceph.dir.rfiles') }));
  t.is(Buffer.from(counted.value).toString(), '2');
  t.deepEqual([...ranks.shared], [], `after ${changesMax} changes of rank ${dying}`);
  return death.came;
}

for (const dying of [0, 1])
  test(`move: rank ${dying} dies after any number of changes → one of the two has the directory, and all that is in it`, async (t) => {
    let deaths = 0;
    for (let changesMax = 1; ; changesMax++) {
      if (!(await moveWithDeath(t, dying, changesMax))) break;
      deaths++;
    }
    t.log(`${deaths} places to die`);
    t.true(deaths > 10);
  });

test('pin: the rank that a directory has come to dies just then → there too, files that lose their names stay for a lease: somebody may have them open', async (t) => {
  const ranks = new SeveralRanks(busyConfig);
  await ranks.start(0);
  await ranks.start(1);
  const a = await ranks.connect(0, 11);
  const { d, sub } = await tree(a);
  await pin(a, d, 1);
  await ranks.until(() => ranks.has(1, d) && ranks.get(0).rank.core.posted.size === 0);
  ranks.kill(1);
  await ranks.start(1);
  const b = await ranks.connect(1, 12);
  await b.request('unlink', { parent: sub, name: bytes('two') });
  await ranks.world.until(ranks.world.sleep(1_500));
  t.is(ranks.get(1).rank.straysWaiting, 1);
  await ranks.world.until(ranks.world.sleep(1_500));
  t.is(ranks.get(1).rank.straysWaiting, 0);
});

test('pin: the rank that a directory has come to dies before it has written that down → nothing that it has answered is lost', async (t) => {
  const ranks = new SeveralRanks(busyConfig);
  await ranks.start(0);
  let isSlow = false;
  await ranks.start(1, { slowMs: (object) => (isSlow && object.includes('journal') ? 300 : undefined) });
  const a = await ranks.connect(0, 11);
  const b = await ranks.connect(1, 11);
  const { d, sub } = await tree(a);
  await ranks.world.until(ranks.world.sleep(200));
  isSlow = true;
  await pin(a, d, 1);
  await ranks.until(() => ranks.has(1, d));
  const made = [d, sub].map((parent, i) => ({ parent, name: bytes('made'), mode: 0o100644, ino: b.nextIno + i, exclusive: true }));
  const answered: number[] = [];
  for (const [i, message] of made.entries())
    void Promise.resolve(b.send('create', message, { tid: 50 + i })).then(
      () => answered.push(i),
      () => undefined,
    );
  await ranks.world.until(ranks.world.sleep(100));
  // Sent again to the next life it would come before the directory does.
  t.deepEqual(answered, []);
  ranks.kill(1);
  await ranks.start(1);
  const again = new RankClient(ranks.get(1), 11, 'client.11');
  await ranks.world.until(again.open({ reconnect: true }));
  await ranks.until(() => ranks.has(1, d));
  for (const [i, message] of made.entries()) t.true((await again.request('create', message, { tid: 50 + i })).created);
  t.deepEqual([...ranks.shared], []);
});

test('session: of a client that takes this MDS for another rank, by an older map → is not opened, and what it holds here stays', async (t) => {
  const ranks = new SeveralRanks(busyConfig);
  await ranks.start(0);
  await ranks.start(1);
  const a = await ranks.connect(0, 11);
  const { ino } = recordOf(await a.create(1, 'f'));
  const held = ranks.get(0).rank.core.sessions.get(11)?.caps.size;
  a.reconnect();
  await fails(t, () => ranks.world.until(a.open({ reconnect: true, rank: 1 })), 'EAGAIN');
  t.is(ranks.get(0).rank.core.sessions.get(11)?.caps.size, held);
  await ranks.world.until(a.open({ reconnect: true, held: [{ ino, caps: 1, wanted: 0, seq: 1, dirty: null }] }));
  const message = { from: 1, to: 1, seq: 1, body: new Uint8Array(0) };
  await fails(t, () => ranks.world.until(ranks.get(0).rank.take(message)), 'EAGAIN');
});

test('rank 1: its objects → are named by it, those of rank 0 as they were', async (t) => {
  const ranks = new SeveralRanks(busyConfig);
  await ranks.start(0);
  await ranks.start(1);
  const b = await ranks.connect(1, 11);
  await b.flush();
  await ranks.world.until(ranks.get(1).rank.stop(true));
  const names = ranks.store.names(metadataPool);
  for (const name of ['journal.head', 'sessions', 'values', 'rank1.journal.head', 'rank1.sessions', 'rank1.values'])
    t.true(names.includes(name), name);
});
