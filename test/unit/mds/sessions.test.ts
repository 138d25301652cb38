import test from 'ava';
import { Cap, DirtyField, fileAll } from '../../../mds/client/caps.ts';
import { bytes, givenBy, RankClient, RankFixture, recordOf } from '../../support/mds-rank.ts';

const reads = Cap.fileRead | Cap.fileCache;
const writes = Cap.fileWrite | Cap.fileBuffer;

test('caps: a writer’s buffered size → others wait for it and see it', async (t) => {
  const mds = await new RankFixture().start();
  const [a, b] = [await mds.connect(1), await mds.connect(2)];
  const made = await a.create(1, 'file', undefined, { wanted: reads | writes });
  const { ino } = recordOf(made);
  t.is(made.head?.grants[0]?.caps, fileAll);
  a.onRecall = ({ keep, seq }) => {
    const dirty = { size: 4000, fields: DirtyField.size, mtime: null, atime: null, ctime: null, timeWarpSeq: 0 };
    mds.env.clock.setTimer(10, () => void a.capUpdate({ ino, caps: keep, wanted: reads | writes, seq, dirty }));
  };
  const seen = recordOf(await b.request('getAttr', { ino }));
  t.is(seen.size, 4000);
});

test('caps: the holder never answers → evicted after the time allowed, blocklisted first, then the other goes on', async (t) => {
  const mds = await new RankFixture({ config: { recallTimeoutMs: 2_000, sessionLeaseMs: 1_000 } }).start();
  const [a, b] = [await mds.connect(1), await mds.connect(2)];
  const { ino } = recordOf(await a.create(1, 'file', undefined, { wanted: writes }));
  await a.flush();
  const started = mds.world.nowMs;
  // It is alive and renews, but does not give anything back.
  const renew = (): void => {
    if (mds.fenced.length > 0) return;
    mds.rank.sessions.renew(a.connection);
    mds.env.clock.setTimer(300, renew);
  };
  renew();
  let fencedWhenAnswered: number[] = [];
  const reply = await mds.until(
    Promise.resolve(b.send('open', { ino, wanted: writes, access: 2 })).then((answer) => {
      fencedWhenAnswered = [...mds.fenced];
      return answer;
    }),
  );
  t.deepEqual(fencedWhenAnswered, [1]);
  const took = mds.world.nowMs - started;
  t.true(took >= 2_000 && took < 4_000, `${took}`);
  t.is(reply.head?.grants[0]?.caps, fileAll);
  t.is(reply.head?.barrierEpoch, 7);
  t.throws(() => a.send('getAttr', { ino }), { code: 'ESTALE', message: /no session/ });
  a.reconnect();
  t.false((await mds.until(a.open({ reconnect: true }))).resumed);
});

test('caps: OSDs are away, and a client cannot write what it is to give back → it has its time when they are there again', async (t) => {
  let isAvailable = true;
  const config = { recallTimeoutMs: 2_000, sessionLeaseMs: 1_000 };
  const mds = await new RankFixture({ config, rank: { isAvailable: () => isAvailable } }).start();
  const [a, b] = [await mds.connect(1), await mds.connect(2)];
  const { ino } = recordOf(await a.create(1, 'file', undefined, { wanted: writes }));
  await a.flush();
  const renew = (): void => {
    mds.rank.sessions.renew(a.connection);
    mds.env.clock.setTimer(300, renew);
  };
  renew();
  const opened = Promise.resolve(b.send('open', { ino, wanted: writes, access: 2 }));
  await mds.until(mds.world.sleep(500));
  isAvailable = false;
  await mds.until(mds.world.sleep(10_000));
  isAvailable = true;
  await mds.until(mds.world.sleep(1_000));
  const [recall] = a.recalls;
  await mds.until(a.capUpdate({ ino, caps: recall?.keep ?? 0, wanted: writes, seq: recall?.seq ?? 0 }));
  await mds.until(opened);
  t.deepEqual(mds.fenced, []);
});

test('sessions: a client that comes back is not answered for longer than its lease, and its connection breaks again → it has a whole lease to try anew', async (t) => {
  const config = { sessionLeaseMs: 1_000 };
  const mds = await new RankFixture({ config, objects: { latencyMs: 2_500 } }).start();
  const [a, b] = [await mds.connect(1), await mds.connect(2)];
  const { ino } = recordOf(await a.create(1, 'file', undefined, { wanted: writes }));
  await a.flush();
  a.reconnect();
  // What it tells has to be durable before it is answered.
  const dirty = { size: 4000, fields: DirtyField.size, mtime: null, atime: null, ctime: null, timeWarpSeq: 0 };
  const telling = { reconnect: true, held: [{ ino, caps: fileAll, wanted: writes, seq: 1, dirty }] };
  const first = a.open(telling).catch(() => 'refused');
  const opened = Promise.resolve(b.send('open', { ino, wanted: writes, access: 2 }));
  await mds.until(mds.world.sleep(2_300));
  a.reconnect();
  await mds.until(mds.world.sleep(700));
  t.is(await mds.until(first), 'refused');
  t.true((await mds.until(a.open(telling))).resumed);
  t.deepEqual(mds.fenced, []);
  const recall = a.recalls.at(-1);
  await mds.until(a.capUpdate({ ino, caps: 0, wanted: 0, seq: recall?.seq ?? 0 }));
  await mds.until(opened);
});

test('caps: a client that renews but never answers → what it may trust is given to nobody before its lease is over', async (t) => {
  const mds = await new RankFixture({ config: { recallTimeoutMs: 2_000, sessionLeaseMs: 1_000 } }).start();
  const [a, b] = [await mds.connect(1), await mds.connect(2)];
  const { ino } = recordOf(await a.create(1, 'file', undefined, { wanted: writes }));
  await a.flush();
  let renewedMs = 0;
  const renew = (): void => {
    try {
      mds.rank.sessions.renew(a.connection);
    } catch (error) {
      t.like(error, { code: 'ESTALE' });
      return;
    }
    renewedMs = mds.env.clock.monotonicMs();
    mds.env.clock.setTimer(50, renew);
  };
  renew();
  const heldMs = await mds.until(
    Promise.resolve(b.send('open', { ino, wanted: writes, access: 2 })).then(() => mds.env.clock.monotonicMs() - renewedMs),
  );
  t.true(heldMs >= 1_000 && heldMs < 2_000, `${heldMs}`);
});

test('sessions: evicted while it is alive, it comes back in a new life → it trusts nothing any more, nobody waits for its lease', async (t) => {
  const mds = await new RankFixture({ config: { recallTimeoutMs: 2_000, sessionLeaseMs: 60_000 } }).start();
  const [a, b] = [await mds.connect(1, 'client.x'), await mds.connect(2)];
  const { ino } = recordOf(await a.create(1, 'file', undefined, { wanted: writes }));
  await a.flush();
  const opened = Promise.resolve(b.send('open', { ino, wanted: writes, access: 2 }));
  for (let evicted = false; !evicted; evicted = mds.fenced.includes(1)) {
    mds.rank.sessions.renew(a.connection);
    await mds.world.advance(1_000);
  }
  const startedMs = mds.world.nowMs;
  await mds.connect(3, 'client.x');
  t.is((await mds.until(opened)).head?.grants[0]?.caps, fileAll);
  t.true(mds.world.nowMs - startedMs < 1_000, `${mds.world.nowMs - startedMs}`);
});

test('caps: a request that nobody waits for any more → what it contended for is free again', async (t) => {
  const mds = await new RankFixture().start();
  const [a, b] = [await mds.connect(1), await mds.connect(2)];
  const { ino } = recordOf(await a.create(1, 'file', undefined, { wanted: writes }));
  await a.flush();
  const gone = new AbortController();
  b.signal = gone.signal;
  const waiting = Promise.resolve(b.send('getAttr', { ino }));
  const failed = t.throwsAsync(() => mds.until(waiting), { code: 'ETIMEDOUT' });
  gone.abort();
  await failed;
  t.is(mds.rank.core.cache.inode(ino).contenders, 0);
});

test('sessions: the same client in a new life → the old one goes at once when its connection is gone', async (t) => {
  const mds = await new RankFixture().start();
  const old = await mds.connect(1, 'client.x');
  const { ino } = recordOf(await old.create(1, 'file', undefined, { wanted: writes }));
  await old.flush();
  mds.rank.sessions.connectionClosed(old.connection);
  const fresh = await mds.connect(2, 'client.x');
  const reply = await fresh.request('open', { ino, wanted: writes, access: 6 });
  t.deepEqual(mds.fenced, [1]);
  t.is(reply.head?.grants[0]?.caps, fileAll);
});

test('sessions: idle but renewed → stays; silent for long → goes', async (t) => {
  const mds = await new RankFixture({ config: { sessionLeaseMs: 1_000 } }).start();
  const [a, b] = [await mds.connect(1), await mds.connect(2)];
  for (let i = 0; i < 20; i++) {
    mds.rank.sessions.renew(a.connection);
    await mds.world.advance(400);
  }
  t.deepEqual(mds.fenced, []);
  for (let i = 0; i < 60; i++) {
    mds.rank.sessions.renew(a.connection);
    await mds.world.advance(400);
  }
  t.deepEqual(mds.fenced, [2]);
  t.truthy(b);
});

test('sessions: those of before a restart that do not come back → evicted, then new work is served', async (t) => {
  const first = await new RankFixture().start();
  const client = await first.connect(1);
  await client.create(1, 'file');
  await client.flush();
  await first.until(first.rank.stop(false));
  const next = await new RankFixture({
    world: first.world,
    store: first.store,
    config: { reconnectMs: 3_000, sessionLeaseMs: 3_000 },
  }).start();
  const started = next.world.nowMs;
  const other = await next.connect(2);
  const { found } = await other.request('lookup', { parent: 1, name: bytes('file') });
  t.true(found);
  t.true(next.world.nowMs - started >= 3_000);
  t.deepEqual(next.fenced, [1]);
});

test('sessions: what a client holds takes longer to read than it has to come back → it is waited for', async (t) => {
  const config = { reconnectMs: 100, sessionLeaseMs: 100, fragmentSplitNames: 8 };
  const first = await new RankFixture({ config }).start();
  const client = await first.connect(1);
  const dir = recordOf(await client.mkdir(1, 'dir')).ino;
  const held: { ino: number; caps: number; wanted: number; seq: number; dirty: null }[] = [];
  for (let i = 0; i < 100; i++) {
    const reply = await client.create(dir, `f${i}`);
    held.push({ ino: recordOf(reply).ino, caps: 127, wanted: 0, seq: reply.head?.grants[0]?.seq ?? 0, dirty: null });
  }
  await first.until(first.rank.stop(true));
  // Each inode that a client holds is read from its place.
  const next = await new RankFixture({ world: first.world, store: first.store, config, objects: { latencyMs: 20 } }).start();
  const again = new RankClient(next, 1, 'client.1');
  const started = next.world.nowMs;
  const reply = await next.until(again.open({ reconnect: true, held }));
  t.true(next.world.nowMs - started > 2 * config.reconnectMs, 'it did take long');
  t.true(reply.resumed);
  t.is(next.rank.state, 'active');
  t.is(next.rank.core.sessions.get(1)?.caps.size, 100);
  t.deepEqual(next.fenced, []);
});

test('sessions: the connection breaks while a client tells what it holds, its time being over → evicted, then new work is served', async (t) => {
  const config = { reconnectMs: 100, sessionLeaseMs: 100 };
  const first = await new RankFixture({ config }).start();
  const client = await first.connect(1);
  const held = [];
  for (let i = 0; i < 30; i++) {
    const dir = recordOf(await client.mkdir(1, `dir${i}`)).ino;
    held.push({ ino: recordOf(await client.create(dir, 'f')).ino, caps: 127, wanted: 0, seq: 1, dirty: null });
  }
  await first.until(first.rank.stop(true));
  const next = await new RankFixture({ world: first.world, store: first.store, config, objects: { latencyMs: 20 } }).start();
  const again = new RankClient(next, 1, 'client.1');
  const opening = again.open({ reconnect: true, held }).catch(() => 'refused');
  await next.until(next.world.sleep(150));
  t.is(next.rank.state, 'reconnect');
  next.rank.sessions.connectionClosed(again.connection);
  t.is(await next.until(opening), 'refused');
  await next.until(next.world.sleep(100));
  t.deepEqual(next.fenced, [1]);
  t.is(next.rank.state, 'active');
});

test('coherence: what another session changed → seen when it is durable, and at once asked to be', async (t) => {
  const mds = await new RankFixture({ config: { journalDelayMs: 1_000 } }).start();
  const [a, b] = [await mds.connect(1), await mds.connect(2)];
  await b.request('lookup', { parent: 1, name: bytes('file') });
  for (const each of [a, b])
    each.onRecall = ({ ino, keep, seq }) => mds.env.clock.setTimer(1, () => void each.capUpdate({ ino, caps: keep, seq }));
  await a.create(1, 'file');
  const { seq } = mds.rank.journal;
  const started = mds.world.nowMs;
  const { found } = await b.request('lookup', { parent: 1, name: bytes('file') });
  t.true(found);
  t.true(mds.rank.journal.safeSeq >= seq);
  t.true(mds.world.nowMs - started < 100, `${mds.world.nowMs - started}`);
});

test('coherence: who is left alone on a file that another has just changed → gets it all when that is durable, and at once asked to be', async (t) => {
  const mds = await new RankFixture({ config: { journalDelayMs: 1_000 } }).start();
  const [a, b] = [await mds.connect(1), await mds.connect(2)];
  const { ino } = recordOf(await a.create(1, 'file'));
  for (const each of [a, b]) {
    each.onRecall = ({ keep, seq }) =>
      mds.env.clock.setTimer(1, () => void each.capUpdate({ ino, caps: keep, wanted: reads | writes, seq }));
    await each.request('open', { ino, wanted: reads | writes, access: 6 });
  }
  await a.flush();
  const seq = mds.rank.core.sessions.get(2)?.caps.get(ino)?.seq ?? 0;
  const dirty = { size: 100, fields: DirtyField.size, mtime: null, atime: null, ctime: null, timeWarpSeq: 0 };
  const startedMs = mds.world.nowMs;
  const told = b.capUpdate({ ino, seq, dirty });
  const { seq: changed } = mds.rank.journal;
  t.deepEqual(a.grants, []);
  await mds.until(told);
  while (a.grants.length === 0) await mds.world.advance(1);
  t.true(mds.rank.journal.safeSeq >= changed);
  t.like(a.grants[0]?.grant, { caps: fileAll, inode: { size: 100 } });
  t.true(mds.world.nowMs - startedMs < 100, `${mds.world.nowMs - startedMs}`);
});

test('memory: more names than the cache may hold → clean ones that nobody holds go, and come back when asked for', async (t) => {
  const mds = await new RankFixture({
    config: { cacheEntriesMax: 100, writeBackMs: 20, writeBackIntervalMs: 10, journalSegments: 1 },
  }).start();
  const client = await mds.connect(1);
  const dirs: number[] = [];
  for (let d = 0; d < 10; d++) {
    const dir = givenBy(await client.mkdir(1, `d${d}`));
    dirs.push(dir.ino);
    for (let i = 0; i < 40; i++) client.release([givenBy(await client.create(dir.ino, `f${i}`))]);
    client.release([dir]);
  }
  await mds.until(mds.world.sleep(1_000));
  t.true(mds.rank.core.cache.size <= 110, `${mds.rank.core.cache.size}`);
  t.is((await mds.tree(client)).size, 410);
  const { found } = await client.request('lookup', { parent: dirs[3], name: bytes('f7') });
  t.true(found);
});
