/**
 * What the MDS does to files' objects: deletes those of files that nobody has any more, and cuts.
 */
import test from 'ava';
import { FsError } from '../../../common/errors/fs-error.ts';
import { Cap, DirtyField, fileAll, SetAttrField as Field } from '../../../mds/client/caps.ts';
import { dataObject } from '../../../mds/client/data-objects.ts';
import { bytes, dataPool, givenBy, RankClient, RankFixture, recordOf } from '../../support/mds-rank.ts';

const reads = Cap.fileRead | Cap.fileCache;
const writes = Cap.fileWrite | Cap.fileBuffer;

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
