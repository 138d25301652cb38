/** What the simulator has found in the MDS, each told small. */
import test from 'ava';
import { FsError } from '../../../common/errors/fs-error.ts';
import { Cap, DirtyField, fileAll, SetAttrField } from '../../../mds/client/caps.ts';
import type { MdsConfig } from '../../../mds/config.ts';
import { fileThrough } from '../../../mds/core/cap.ts';
import { bytes, dataPool, RankClient, RankFixture, recordOf } from '../../support/mds-rank.ts';

const reads = Cap.fileRead | Cap.fileCache;
const writes = Cap.fileWrite | Cap.fileBuffer;

/** The same disk under a new life; the old one is left as a killed process leaves it. */
async function restarted(mds: RankFixture, config: Partial<MdsConfig> = {}): Promise<RankFixture> {
  mds.world.node(mds.world.nodes.at(-1)?.name ?? '').crash();
  return new RankFixture({ world: mds.world, store: mds.store, config }).start();
}

test('rename: onto a stored name, then away from it → that name does not come back', async (t) => {
  const first = await new RankFixture().start();
  const writer = await first.connect(1);
  await writer.create(1, 'a');
  await writer.create(1, 'b');
  await first.until(first.rank.sessions.close(writer.connection));
  await first.until(first.rank.stop(true)); // both names are in the directory's object now

  const second = await new RankFixture({ world: first.world, store: first.store }).start();
  const client = await second.connect(2);
  await client.request('rename', { parent: 1, name: bytes('a'), newParent: 1, newName: bytes('b') });
  await client.request('rename', { parent: 1, name: bytes('b'), newParent: 1, newName: bytes('c') });
  await second.until(second.rank.sessions.close(client.connection));
  await second.until(second.rank.stop(true));

  const third = await new RankFixture({ world: first.world, store: first.store }).start();
  t.deepEqual([...(await third.tree(await third.connect(3))).keys()], ['/c']);
});

test('session: opened while the journal is read → refused for now, so that no inode number is handed out twice', async (t) => {
  const first = await new RankFixture().start();
  const before = await first.connect(1);
  await before.create(1, 'file');
  await before.flush();
  first.world.node(first.world.nodes.at(-1)?.name ?? '').crash();

  const second = new RankFixture({ world: first.world, store: first.store });
  const starting = second.rank.start();
  const early = new RankClient(second, 2, 'client.2');
  const error = await t.throwsAsync(second.until(early.open()), { instanceOf: FsError });
  t.is(error.code, 'EAGAIN');
  t.is(error.retry, 'safe');
  await second.until(starting);
  const { ranges } = await second.until(early.open());
  t.true((ranges[0]?.first ?? 0) >= before.nextIno, 'beyond the numbers of the first client');
});

test('session: journaled, its first answer lost with the MDS, opened anew → has come back, nobody is waited for', async (t) => {
  const first = await new RankFixture().start();
  const client = await first.connect(1);
  await client.flush();
  const second = await restarted(first);
  t.is(second.rank.state, 'reconnect');
  await second.connect(1);
  t.is(second.rank.state, 'active');
  t.deepEqual(second.fenced, []);
});

test('truncation: answered, data written after it, MDS killed → the next life does not cut again', async (t) => {
  const first = await new RankFixture().start();
  const client = await first.connect(1);
  const { ino } = recordOf(await client.create(1, 'file', 0o100644, { wanted: 60 }));
  const object = `${ino.toString(16)}.00000000`;
  await first.until(first.client.operate(dataPool, object, [{ kind: 'write', offset: 0, data: [Buffer.from('old, and long')] }]));
  await client.request('setAttr', { ino, fields: SetAttrField.size, size: 3, knownSize: 13 });
  const stored = first.store.object(dataPool, object);
  if (stored !== undefined) stored.data = Buffer.from('new data'); // at once: another host is fast
  const second = await restarted(first);
  await second.world.advance(20_000); // past the time that the client has to come back
  t.is(second.rank.state, 'active');
  t.is(second.store.object(dataPool, object)?.data.toString(), 'new data');
});

test('session: ended while its request was held back → the request is refused, and nothing is given to it', async (t) => {
  const first = await new RankFixture().start();
  await first.connect(1);
  const gone = await first.connect(2);
  const { ino } = recordOf(await gone.create(1, 'file'));
  await gone.flush();
  const second = await restarted(first);
  const back = new RankClient(second, 2, 'client.2');
  await second.until(back.open({ reconnect: true }));
  const held = back.send('create', { parent: 1, name: bytes('late'), mode: 0o100644, ino: ino + 1 }, { tid: 9 });
  const wanted = back.capUpdate({ ino, tid: 10, wanted: 4 });
  const refused = Promise.all([held, wanted].map((each) => t.throwsAsync(Promise.resolve(each), { code: 'ESTALE' })));
  second.rank.sessions.connectionClosed(back.connection);
  await second.connect(3, 'client.2'); // the same client in a new life
  await second.world.advance(100);
  t.deepEqual(second.fenced, [2]);
  const returned = new RankClient(second, 1, 'client.1');
  await second.until(returned.open({ reconnect: true }));
  t.is(second.rank.state, 'active');
  await second.until(refused);
  t.deepEqual([...(await second.tree(returned)).keys()], ['/file']);
});

test('repeated: a create whose answer was lost, its inode not in memory any more → answered with that inode', async (t) => {
  const first = await new RankFixture().start();
  const client = await first.connect(1);
  const { ino: parent } = recordOf(await client.mkdir(1, 'dir'));
  const { ino } = recordOf(await client.create(parent, 'file'));
  await client.create(parent, 'other');
  const { tid } = client;
  const { ino: doomed } = recordOf(await client.create(parent, 'doomed'));
  await client.request('unlink', { parent, name: bytes('doomed') });
  client.release([{ ino: doomed, seq: 1 }]);
  await first.until(first.world.sleep(5_000)); // its stray is deleted
  await first.until(first.rank.stop(true)); // all is written back, the journal is empty
  const second = await new RankFixture({ world: first.world, store: first.store }).start();
  const again = new RankClient(second, 1, 'client.1');
  await second.until(again.open({ reconnect: true }));
  const created = await again.request('create', { parent, name: bytes('file'), mode: 0o100644, ino, exclusive: true }, { tid: tid - 1 });
  t.true(created.created);
  t.deepEqual(
    created.head?.grants.map(({ inode }) => inode?.ino),
    [ino, parent],
  );
  const removed = await again.request('unlink', { parent, name: bytes('doomed') }, { tid: tid + 2 });
  t.deepEqual(
    removed.head?.grants.map(({ inode }) => inode?.ino),
    [undefined, parent],
  );
});

test('size: set while another may write to the file, MDS killed after the answer → it need not be sent again', async (t) => {
  const first = await new RankFixture({ config: { journalDelayMs: 100 } }).start();
  const client = await first.connect(1);
  const other = await first.connect(2);
  const { ino } = recordOf(await client.create(1, 'file', 0o100644, { wanted: 60 }));
  await client.flush();
  const opened = Promise.resolve(other.send('open', { ino, wanted: 60 }));
  const [recall] = client.recalls;
  await first.until(client.capUpdate({ ino, caps: recall?.keep ?? 0, wanted: 60, seq: recall?.seq ?? 0 }));
  await first.until(opened);
  await client.request('setAttr', { ino, fields: SetAttrField.size, size: 10, knownSize: 0 });
  const second = await restarted(first);
  await second.world.advance(20_000);
  t.is(recordOf(await (await second.connect(3)).request('getAttr', { ino })).size, 10);
});

test('recursive counts: many folders with large attributes change at once → the journal can be read again', async (t) => {
  const first = await new RankFixture({ config: { recursiveDelayMs: 50 } }).start();
  const client = await first.connect(1);
  const large = Buffer.alloc(60_000, 7);
  const folders: number[] = [];
  for (let i = 0; i < 100; i++) {
    const { ino } = recordOf(await client.mkdir(1, `d${i}`));
    await client.request('setXattr', { ino, name: bytes('user.large'), value: large });
    folders.push(ino);
  }
  await first.until(first.world.sleep(1_000));
  for (const ino of folders)
    void client.send('create', { parent: ino, name: bytes('f'), mode: 0o100644, ino: client.nextIno++, exclusive: true });
  await first.until(first.world.sleep(1_000));
  await client.flush();
  const second = await restarted(first);
  t.is((await second.tree(await second.connect(1))).size, 200);
});

test('caps: back after a restart before another that holds some → nobody is alone before all are back', async (t) => {
  const first = await new RankFixture().start();
  const [a] = [await first.connect(1), await first.connect(2), await first.connect(3)];
  const { ino } = recordOf(await a.create(1, 'file'));
  await a.flush();
  const second = await restarted(first);
  const [writer, reader, last] = [1, 2, 3].map((each) => new RankClient(second, each, `client.${each}`)) as [
    RankClient,
    RankClient,
    RankClient,
  ];
  const held = { ino, caps: fileThrough, wanted: reads | writes, seq: 5, dirty: null };
  await second.until(writer.open({ reconnect: true, held: [held] }));
  await second.until(reader.open({ reconnect: true, held: [{ ino, caps: Cap.fileRead, wanted: reads, seq: 5, dirty: null }] }));
  reader.release([{ ino, seq: 5 }]);
  t.deepEqual(writer.grants, []);
  await second.until(last.open({ reconnect: true, held: [held] }));
  t.is(second.rank.state, 'active');
  t.deepEqual([writer.grants, last.recalls], [[], []]);
  last.release([{ ino, seq: 5 }]);
  t.is(writer.grants[0]?.grant?.caps, fileAll);
});

test('caps: after a restart the others do not come back → who is left has it all', async (t) => {
  const first = await new RankFixture().start();
  const [a] = [await first.connect(1), await first.connect(2)];
  const { ino } = recordOf(await a.create(1, 'file'));
  await a.flush();
  const second = await restarted(first, { reconnectMs: 500, sessionLeaseMs: 500 });
  const writer = new RankClient(second, 1, 'client.1');
  await second.until(writer.open({ reconnect: true, held: [{ ino, caps: fileThrough, wanted: reads | writes, seq: 5, dirty: null }] }));
  t.deepEqual(writer.grants, []);
  await second.until(second.world.sleep(1_000));
  t.deepEqual([second.rank.state, second.fenced], ['active', [2]]);
  t.is(writer.grants[0]?.grant?.caps, fileAll);
});

test('caps: a change is sent again → its answer, at which nobody looks, gives none', async (t) => {
  const first = await new RankFixture({ config: { journalDelayMs: 1_000 } }).start();
  const before = await first.connect(1);
  const message = { parent: 1, name: bytes('file'), mode: 0o100644, ino: before.nextIno, exclusive: true, wanted: writes };
  const { ino } = recordOf(await before.request('create', message, { tid: 5 }));
  const second = await restarted(first);
  const client = new RankClient(second, 1, 'client.1');
  await second.until(client.open({ reconnect: true, replays: 1 }));
  t.is(recordOf(await client.request('create', message, { tid: 5, replay: true })).ino, ino);
  t.deepEqual(second.rank.core.cache.inode(ino).caps, []);
});

test('session: asked for again on a new connection → what was told on the one before counts no more', async (t) => {
  const first = await new RankFixture().start();
  const client = await first.connect(1);
  const kept = recordOf(await client.create(1, 'kept'));
  const { ino: folder } = recordOf(await client.mkdir(1, 'folder'));
  const released = recordOf(await client.create(folder, 'released'));
  await first.until(first.rank.stop(true));
  const second = await restarted(first);
  const again = new RankClient(second, 1, 'client.1');
  const held = [kept, released].map(({ ino }) => ({ ino, caps: fileAll, wanted: 0, seq: 5, dirty: null }));
  const late = t.throwsAsync(again.open({ reconnect: true, held }), { code: 'ESTALE' });
  again.reconnect();
  await second.until(again.open({ reconnect: true, held: held.slice(0, 1) }));
  await late;
  const { cache } = second.rank.core;
  t.deepEqual([cache.inodes.get(kept.ino)?.caps.length, cache.inodes.get(released.ino)?.caps.length ?? 0], [1, 0]);
});

test('cap update: told and answered, the caps given back, all of it lost with the MDS; sent again → it counts as it did', async (t) => {
  const first = await new RankFixture().start();
  const client = await first.connect(1);
  const { ino } = recordOf(await client.create(1, 'file', 0o100644, { wanted: writes }));
  await client.flush();
  const second = await restarted(first);
  const back = new RankClient(second, 1, 'client.1');
  await second.until(back.open({ reconnect: true, replays: 1 }));
  const mtime = { sec: 5_000_000_000, nsec: 7 };
  const dirty = { size: 4_000, fields: DirtyField.size | DirtyField.mtime, mtime, atime: null, ctime: null, timeWarpSeq: 0 };
  await second.until(back.capUpdate({ ino, caps: fileAll, wanted: writes, seq: 1, dirty, tid: 40, replay: true }));
  const seen = recordOf(await back.request('getAttr', { ino }));
  t.is(seen.size, 4_000);
  t.like(seen.mtime, mtime);
});
