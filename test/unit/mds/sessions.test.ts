import test from 'ava';
import { FsError } from '../../../common/errors/fs-error.ts';
import { Cap, DirtyField, fileAll, SetAttrField as Field } from '../../../mds/client/caps.ts';
import { dataObject } from '../../../mds/client/data-objects.ts';
import { bytes, dataPool, givenBy, metadataPool, RankClient, RankFixture, recordOf } from '../../support/mds-rank.ts';

const reads = Cap.fileRead | Cap.fileCache;
const writes = Cap.fileWrite | Cap.fileBuffer;

test('exact-once: the same request again → one effect, the same answer', async (t) => {
  const mds = await new RankFixture().start();
  const client = await mds.connect(1);
  const message = { parent: 1, name: bytes('a'), mode: 0o100644, ino: client.nextIno++, exclusive: true };
  const first = await client.request('create', message, { tid: 50 });
  const second = await client.request('create', message, { tid: 50, replay: true });
  t.deepEqual([second.created, recordOf(second).ino, second.head?.journalSeq], [true, recordOf(first).ino, first.head?.journalSeq]);
  await client.request('rename', { parent: 1, name: bytes('a'), newParent: 1, newName: bytes('b') }, { tid: 51 });
  await client.request('rename', { parent: 1, name: bytes('a'), newParent: 1, newName: bytes('b') }, { tid: 51, replay: true });
  await client.request('unlink', { parent: 1, name: bytes('b') }, { tid: 52 });
  await client.request('unlink', { parent: 1, name: bytes('b') }, { tid: 52, replay: true });
  t.is((await mds.tree(client)).size, 0);
});

test('exact-once: across a restart, and after the answers went to the session table → still one effect', async (t) => {
  const config = { writeBackMs: 20, writeBackIntervalMs: 10, journalSegments: 1, reconnectMs: 500, sessionLeaseMs: 500 };
  const first = await new RankFixture({ config }).start();
  const client = await first.connect(1);
  const message = { parent: 1, name: bytes('a'), mode: 0o100644, ino: client.nextIno++, exclusive: true };
  const made = recordOf(await client.request('create', message, { tid: 5 }));
  await client.flush();
  await first.until(first.world.sleep(500));
  t.true((first.store.object(metadataPool, 'sessions')?.omap.size ?? 0) > 0);
  await first.until(first.rank.stop(false));

  const next = await new RankFixture({ world: first.world, store: first.store, config }).start();
  t.is(next.rank.state, 'reconnect');
  const again = new RankClient(next, 1, 'client.1');
  const reply = await next.until(again.open({ reconnect: true, replays: 1 }));
  t.true(reply.resumed);
  t.false(reply.ranges.some(({ first: from, count }) => made.ino >= from && made.ino < from + count));
  const repeated = await again.request('create', message, { tid: 5, replay: true });
  t.is(recordOf(repeated).ino, made.ino);
  t.is(next.rank.state, 'active');
});

test('early and safe: an answer comes before the entry is on disk, its safety is announced', async (t) => {
  const mds = await new RankFixture().start();
  const client = await mds.connect(1);
  await client.flush();
  const reply = await client.create(1, 'a');
  const seq = reply.head?.journalSeq ?? 0;
  t.true(seq > mds.rank.journal.safeSeq);
  t.true(client.safeSeq < seq);
  await mds.until(mds.world.sleep(30));
  t.true(client.safeSeq >= seq);
});

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

test('strays: unlinked while open → kept until the last holder lets go, across a restart too, then its objects go', async (t) => {
  const config = { reconnectMs: 2_000, sessionLeaseMs: 2_000 };
  const first = await new RankFixture({ config }).start();
  const client = await first.connect(1);
  const { ino } = recordOf(await client.create(1, 'file', undefined, { wanted: reads | writes }));
  const object = dataObject(ino, 0);
  await first.until(first.client.operate(dataPool, object, [{ kind: 'write', offset: 0, data: [Buffer.from('data')] }]));
  const dirty = { size: 4, fields: DirtyField.size, mtime: null, atime: null, ctime: null, timeWarpSeq: 0 };
  await first.until(client.capUpdate({ ino, caps: fileAll, wanted: reads | writes, seq: 1, dirty }));
  await client.request('unlink', { parent: 1, name: bytes('file') });
  await client.flush();
  await first.until(first.rank.stop(false));

  const next = await new RankFixture({ world: first.world, store: first.store, config }).start();
  const again = new RankClient(next, 1, 'client.1');
  await next.until(again.open({ reconnect: true, held: [{ ino, caps: fileAll, wanted: reads | writes, seq: 1, dirty: null }] }));
  await next.until(next.world.sleep(3_000));
  t.truthy(next.store.object(dataPool, object));
  t.is(recordOf(await again.request('getAttr', { ino })).size, 4);
  again.release([{ ino, seq: 1 }]);
  await next.until(next.world.sleep(3_000));
  t.is(next.store.object(dataPool, object), undefined);
  await t.throwsAsync(() => again.request('getAttr', { ino }), { code: 'ESTALE' });
});

test('truncation: answered when the objects are cut; resumed by the next life when the MDS dies meanwhile', async (t) => {
  const first = await new RankFixture().start();
  const client = await first.connect(1);
  const { ino } = recordOf(await client.create(1, 'file', undefined, { wanted: writes }));
  for (const index of [0, 1, 2])
    await first.until(
      first.client.operate(dataPool, dataObject(ino, index), [{ kind: 'write', offset: 0, data: [Buffer.alloc(4 << 20, 1)] }]),
    );
  await client.request('setAttr', { ino, fields: Field.size, size: 5 << 20, knownSize: 12 << 20 });
  t.is(first.store.object(dataPool, dataObject(ino, 0))?.data.length, 4 << 20);
  t.is(first.store.object(dataPool, dataObject(ino, 1))?.data.length, 1 << 20);
  t.is(first.store.object(dataPool, dataObject(ino, 2)), undefined);

  void Promise.resolve(client.send('setAttr', { ino, fields: Field.size, size: 0 })).catch(() => undefined);
  const { seq } = first.rank.journal;
  while (first.rank.journal.safeSeq < seq) await first.world.advance(1);
  await first.client.stop();
  t.truthy(first.store.object(dataPool, dataObject(ino, 0)));
  const next = await new RankFixture({ world: first.world, store: first.store, config: { reconnectMs: 100, sessionLeaseMs: 100 } }).start();
  await next.until(next.world.sleep(1_000));
  t.is(next.store.object(dataPool, dataObject(ino, 0)), undefined);
  const reader = await next.connect(2);
  const { size, truncateFrom } = recordOf(await reader.request('getAttr', { ino }));
  t.deepEqual([size, truncateFrom], [0, 0]);
});

test('sparse: a file of 16 TiB that holds almost nothing → cut and deleted with few requests, what a dead writer left beyond too', async (t) => {
  const mds = await new RankFixture({ objects: { listingRequests: 32 } }).start();
  const client = await mds.connect(1);
  const { ino } = recordOf(await client.create(1, 'file', undefined, { wanted: writes }));
  const size = 2 ** 44;
  const last = size / (4 << 20) - 1;
  const put = async (index: number): Promise<void> => {
    await mds.until(mds.client.operate(dataPool, dataObject(ino, index), [{ kind: 'write', offset: 0, data: [Buffer.alloc(8192, 1)] }]));
  };
  const left = (): number[] => mds.store.names(dataPool).map((name) => Number.parseInt(name.split('.')[1] ?? '', 16));
  for (const index of [0, 1, 1000, 1_000_000, last, last + 5]) await put(index);
  const dirty = {
    size,
    fields: DirtyField.size | DirtyField.space,
    filled: 10,
    dataEnd: size,
    mtime: null,
    atime: null,
    ctime: null,
    timeWarpSeq: 0,
  };
  await mds.until(client.capUpdate({ ino, caps: fileAll, wanted: writes, seq: 1, dirty }));
  mds.client.log.length = 0;
  await client.request('setAttr', { ino, fields: Field.size, size: 5 << 20, knownSize: size });
  t.deepEqual(left(), [0, 1]);
  const { space } = recordOf(await client.request('getAttr', { ino }));
  t.is((5 << 20) / 4096 - (space?.holes ?? 0), 4, 'what is left counts');
  t.true(mds.client.log.length < 50, `${mds.client.log.length} requests for the cut`);

  await client.request('setAttr', { ino, fields: Field.size, size, knownSize: 5 << 20 });
  for (const index of [7, 70_000]) await put(index);
  mds.client.log.length = 0;
  await client.request('unlink', { parent: 1, name: bytes('file') });
  client.release([{ ino, seq: 1 }]);
  await mds.until(mds.world.sleep(3_000));
  t.deepEqual(left(), []);
  t.is(mds.rank.straysWaiting, 0);
  t.true(mds.client.log.length < 50, `${mds.client.log.length} requests for the deletion`);
});

test('damage: objects of a file cannot be changed for a while → unlinked ones go later, a cut is tried again when asked for', async (t) => {
  let damaged = false;
  const before = (object: string): void => {
    if (damaged && object.endsWith('.00000000') && object.startsWith('100')) throw new FsError('EIO', `${object} is damaged`);
  };
  const mds = await new RankFixture({ objects: { before } }).start();
  const client = await mds.connect(1);
  const inos: number[] = [];
  for (const name of ['unlinked', 'cut']) {
    const { ino } = recordOf(await client.create(1, name, undefined, { wanted: writes }));
    await mds.until(mds.client.operate(dataPool, dataObject(ino, 0), [{ kind: 'write', offset: 0, data: [Buffer.alloc(100, 1)] }]));
    const dirty = { size: 100, fields: DirtyField.size, mtime: null, atime: null, ctime: null, timeWarpSeq: 0 };
    await mds.until(client.capUpdate({ ino, caps: fileAll, wanted: writes, seq: 1, dirty }));
    inos.push(ino);
  }
  const [unlinked = 0, cut = 0] = inos;
  mds.world.logs.expectError(/cannot be (deleted|cut)/);
  damaged = true;
  await client.request('unlink', { parent: 1, name: bytes('unlinked') });
  client.release([{ ino: unlinked, seq: 1 }]);
  await t.throwsAsync(() => client.request('setAttr', { ino: cut, fields: Field.size, size: 10, knownSize: 100 }), { code: 'EIO' });
  await mds.until(mds.world.sleep(5_000));
  t.truthy(mds.store.object(dataPool, dataObject(unlinked, 0)));
  await t.throwsAsync(() => client.request('open', { ino: cut, wanted: reads }), { code: 'EIO' });
  damaged = false;
  await client.request('open', { ino: cut, wanted: reads });
  t.is(mds.store.object(dataPool, dataObject(cut, 0))?.data.length, 10);
  await mds.until(mds.world.sleep(60_000));
  t.is(mds.store.object(dataPool, dataObject(unlinked, 0)), undefined);
  t.is(mds.rank.straysWaiting, 0);
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

test('exact-once: a client that only writes and syncs → answers that it has do not pile up', async (t) => {
  const mds = await new RankFixture().start();
  const client = await mds.connect(1);
  const { ino } = recordOf(await client.create(1, 'log', undefined, { wanted: writes }));
  for (let size = 1; size <= 40; size++) {
    const dirty = { size, fields: DirtyField.size, mtime: null, atime: null, ctime: null, timeWarpSeq: 0 };
    const oldestTid = client.tid + 1;
    await mds.until(client.capUpdate({ ino, caps: fileAll, wanted: writes, seq: 1, dirty, flush: true, oldestTid }));
  }
  t.true((mds.rank.core.sessions.get(1)?.completed.size ?? Infinity) <= 2);
});

test('truncation: another writes and tells a size meanwhile → it waits, and no old bytes come back', async (t) => {
  const mds = await new RankFixture().start();
  const [a, b] = [await mds.connect(1), await mds.connect(2)];
  const { ino } = recordOf(await a.create(1, 'file', undefined, { wanted: 0 }));
  await a.flush();
  const object = dataObject(ino, 0);
  await mds.until(mds.client.operate(dataPool, object, [{ kind: 'write', offset: 0, data: [Buffer.from('old, and long')] }]));
  for (const each of [a, b]) {
    each.onRecall = ({ keep, seq }) => {
      mds.env.clock.setTimer(1, () => void each.capUpdate({ ino, caps: keep, wanted: reads | writes, seq }));
    };
    await each.request('open', { ino, wanted: reads | writes, access: 6 });
  }
  const late: Promise<unknown>[] = [];
  let cutWhenGranted: boolean | undefined;
  b.onRecall = ({ keep, seq }) => {
    t.is(keep & Cap.fileWrite, 0, 'nobody writes while it is cut');
    mds.env.clock.setTimer(1, () => void b.capUpdate({ ino, caps: keep, wanted: reads | writes, seq }));
    mds.env.clock.setTimer(2, () => {
      const dirty = { size: 13, fields: DirtyField.size, mtime: null, atime: null, ctime: null, timeWarpSeq: 0 };
      late.push(
        b.capUpdate({ ino, caps: keep, wanted: reads | writes, seq, dirty }).then(({ grant }) => {
          t.not((grant?.caps ?? 0) & Cap.fileWrite, 0);
          cutWhenGranted = mds.store.object(dataPool, object) === undefined;
        }),
      );
    });
  };
  await a.request('setAttr', { ino, fields: Field.size, size: 0, knownSize: 13 });
  await mds.until(Promise.all(late));
  t.is(late.length, 1);
  t.is(mds.store.object(dataPool, object), undefined, 'cut from 0 on');
  t.true(cutWhenGranted);
  t.is(recordOf(await a.request('getAttr', { ino })).size, 13);
});

test('memory: unlinked files that wait for their objects’ deletion → kept in memory, all of them go', async (t) => {
  const config = { cacheEntriesMax: 16, writeBackMs: 20, writeBackIntervalMs: 10, journalSegments: 1, purgeFilesInFlight: 1 };
  const mds = await new RankFixture({ config }).start();
  const client = await mds.connect(1);
  const objects: string[] = [];
  for (let i = 0; i < 40; i++) {
    const made = givenBy(await client.create(1, `f${i}`));
    const { ino } = made;
    await client.request('setAttr', { ino, fields: Field.size, size: 800 << 20, knownSize: 800 << 20 });
    objects.push(dataObject(ino, 0));
    await mds.until(mds.client.operate(dataPool, objects[i] as string, [{ kind: 'write', offset: 0, data: [Buffer.from('x')] }]));
    client.release([made]);
  }
  for (let i = 0; i < 40; i++) await client.request('unlink', { parent: 1, name: bytes(`f${i}`) });
  t.true(mds.rank.straysWaiting > 20);
  await mds.until(mds.world.sleep(10_000));
  t.is(mds.rank.straysWaiting, 0);
  t.deepEqual(
    objects.filter((object) => mds.store.object(dataPool, object) !== undefined),
    [],
  );
});
