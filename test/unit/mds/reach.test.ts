/** How far files may have been written beyond what is told of them: what the journal says, and what becomes of it. */
import test from 'ava';
import { Cap, DirtyField, fileAll, SetAttrField } from '../../../mds/client/caps.ts';
import { dataObject } from '../../../mds/client/data-objects.ts';
import { FileType } from '../../../mds/client/file-mode.ts';
import type { Inode } from '../../../mds/core/inode.ts';
import { fileEnd, objectBytes } from '../../../mds/core/layout.ts';
import { bytes, dataPool, givenBy, RankClient, RankFixture, recordOf } from '../../support/mds-rank.ts';

const config = { reconnectMs: 3_000, sessionLeaseMs: 3_000, recursiveDelayMs: 50 };
const objectBytesMax = 4 << 20;
const writing = Cap.fileWrite | Cap.fileBuffer;

function inodeOf(mds: RankFixture, ino: number): Inode {
  const inode = mds.rank.core.cache.inodes.get(ino);
  if (inode === undefined) throw new Error(`inode ${ino} is not in memory`);
  return inode;
}

/** What a client has sent to the OSDs. */
async function send(mds: RankFixture, ino: number, from: number, length: number): Promise<void> {
  const index = Math.floor(from / objectBytesMax);
  const step = { kind: 'write', offset: from % objectBytesMax, data: [Buffer.alloc(length, 1)] } as const;
  await mds.until(mds.client.operate(dataPool, dataObject(ino, index), [step]));
}

/** What comes over a network comes after what is being done. */
function soon<T>(act: () => Promise<T>): Promise<T> {
  return Promise.resolve().then(act);
}

function evict(mds: RankFixture, instance: number): void {
  const session = mds.rank.core.sessions.get(instance);
  if (session === undefined) throw new Error(`no session ${instance}`);
  mds.rank.sessions.evict(session, 'a test', true);
}

function sized(size: number): { readonly fields: number; readonly size: number; readonly filled: number; readonly dataEnd: number } {
  return { fields: DirtyField.size | DirtyField.space, size, filled: Math.ceil(size / 4096), dataEnd: size };
}

test('reach: a new file, then one that is settled, then written on → each in the journal before it counts', async (t) => {
  const mds = await new RankFixture({ config }).start();
  const client = await mds.connect(1);
  const reply = await client.create(1, 'file', FileType.regular | 0o644, { reach: objectBytesMax });
  const { ino } = recordOf(reply);
  const { seq } = givenBy(reply);
  t.is(inodeOf(mds, ino).reach, objectBytesMax);
  const before = mds.rank.journal.seq;
  await mds.until(client.capUpdate({ ino, caps: fileAll, seq, settled: true, dirty: sized(100) }));
  t.is(inodeOf(mds, ino).reach, 0);
  t.is(mds.rank.journal.seq, before + 1, 'with its size');
  const { journalSeq } = (await client.request('grow', { ino, reach: 2 * objectBytesMax })).head as { readonly journalSeq: number };
  t.is(journalSeq, before + 2);
  t.is((await client.request('grow', { ino, reach: objectBytesMax })).head?.journalSeq, journalSeq, 'it is not safe yet');
  await client.flush();
  t.is((await client.request('grow', { ino, reach: objectBytesMax })).head?.journalSeq, 0);
  client.release([{ ino, seq, caps: fileAll, settled: true }]);
  t.is(inodeOf(mds, ino).reach, 0);
  t.is(mds.rank.journal.seq, before + 3);
});

test('reach: its client dies → size, blocks and counts are those of the objects, and it is over', async (t) => {
  const mds = await new RankFixture({ config }).start();
  const [dead, other] = [await mds.connect(1), await mds.connect(2)];
  const dir = recordOf(await dead.mkdir(1, 'dir')).ino;
  const { ino } = recordOf(await dead.create(dir, 'file', FileType.regular | 0o644, { reach: 4 * objectBytesMax }));
  await send(mds, ino, 2 * objectBytesMax, 5_000);
  evict(mds, 1);
  const found = recordOf(await other.request('lookup', { parent: dir, name: bytes('file') }));
  t.is(found.size, 2 * objectBytesMax + 5_000);
  t.is(found.space?.holes, 2 * (objectBytesMax / 4096));
  t.is(inodeOf(mds, dir).recursive?.bytes, found.size);
  t.is(inodeOf(mds, ino).reach, 0);
  t.deepEqual([...mds.rank.core.doubtful], []);
});

test('reach: a reach that its client has settled, and one that was given back with the right to write → nobody asks the OSDs', async (t) => {
  const mds = await new RankFixture({ config }).start();
  const [dead, other] = [await mds.connect(1), await mds.connect(2)];
  const made = [];
  for (const name of ['settled', 'given']) {
    const reply = await dead.create(1, name, FileType.regular | 0o644, { reach: objectBytesMax });
    made.push(givenBy(reply));
  }
  const [settled, given] = made as [ReturnType<typeof givenBy>, ReturnType<typeof givenBy>];
  dead.release([{ ...settled, caps: fileAll, settled: true }, given]);
  await send(mds, settled.ino, 0, 100);
  evict(mds, 1);
  t.is(recordOf(await other.request('getAttr', { ino: settled.ino })).size, 0);
  t.is(recordOf(await other.request('getAttr', { ino: given.ino })).size, 0);
});

test('reach: two write, one dies → the other tells first, then what nobody told of is cut', async (t) => {
  const mds = await new RankFixture({ config }).start();
  const [dead, other] = [await mds.connect(1), await mds.connect(2)];
  const { ino } = recordOf(await dead.create(1, 'file'));
  for (const client of [dead, other])
    client.onRecall = ({ seq, keep }) => void soon(() => client.capUpdate({ ino, caps: keep, wanted: writing, seq }));
  await dead.request('open', { ino, wanted: writing, access: 2 });
  await other.request('open', { ino, wanted: writing, access: 2 });
  await dead.request('grow', { ino, reach: 2 * objectBytesMax });
  t.true(inodeOf(mds, ino).reachedBeside);
  await send(mds, ino, 0, 300);
  await send(mds, ino, objectBytesMax, 10);
  // It writes as well, and has not told yet.
  other.onRecall = ({ seq, keep }) => void soon(() => other.capUpdate({ ino, caps: keep, wanted: writing, seq, dirty: sized(100) }));
  evict(mds, 1);
  const looker = await mds.connect(3);
  t.is(recordOf(await looker.request('getAttr', { ino })).size, 100);
  await mds.until(mds.world.sleep(1_000));
  t.is(mds.store.object(dataPool, dataObject(ino, 0))?.data.length, 100);
  t.is(mds.store.object(dataPool, dataObject(ino, 1)), undefined);
});

test('reach: what a session tells of a file has to wait, then it gives the file back → it is told first', async (t) => {
  const first = await new RankFixture({ config }).start();
  const maker = await first.connect(1);
  const [one, two] = [recordOf(await maker.mkdir(1, 'one')).ino, recordOf(await maker.mkdir(1, 'two')).ino];
  const { ino } = recordOf(await maker.create(one, 'file'));
  await maker.request('link', { ino, parent: two, name: bytes('link') });
  await first.connect(2);
  await first.until(first.rank.stop(true));
  const mds = await new RankFixture({ world: first.world, store: first.store, config }).start();
  const [writer, cutter] = [new RankClient(mds, 1, 'client.1'), new RankClient(mds, 2, 'client.2')];
  cutter.tid = writer.tid = 100;
  await mds.until(writer.open({ reconnect: true, held: [{ ino, caps: fileAll, wanted: 0, seq: 1, dirty: null }] }));
  await mds.until(cutter.open({ reconnect: true }));
  t.false(mds.rank.core.cache.inodes.has(one), 'who counts its bytes has to be read');
  let told: Promise<unknown> | undefined;
  writer.onRecall = ({ seq, keep }) => {
    told ??= soon(() => writer.capUpdate({ ino, caps: fileAll, seq: 1, dirty: sized(5_000) }));
    void soon(() => writer.capUpdate({ ino, caps: keep, seq }));
  };
  await cutter.request('setAttr', { ino, fields: SetAttrField.size, size: 10 });
  await mds.until(Promise.resolve(told));
  t.is(recordOf(await cutter.request('getAttr', { ino })).size, 10, 'the size was told before the file was given back, and cut');
});

test('reach: where the last byte of an object lies in its file → the inverse of what an object holds', (t) => {
  for (const layout of [
    { pool: 1, objectSize: 64, stripeUnit: 64, stripeCount: 1 },
    { pool: 1, objectSize: 64, stripeUnit: 16, stripeCount: 3 },
  ]) {
    for (let size = 1; size < 500; size++) {
      const ends = Array.from({ length: 12 }, (_, index) => objectBytes(layout, index, size)).map((held, index) =>
        held === 0 ? 0 : fileEnd(layout, index, held),
      );
      t.is(Math.max(...ends), size);
    }
  }
});

test('reach: its client does not come back after a restart → in doubt in the journal too, so that whoever follows says the same', async (t) => {
  const before = await new RankFixture({ config }).start();
  const { world, store } = before;
  const dead = await before.connect(1);
  const { ino } = recordOf(await dead.create(1, 'file', FileType.regular | 0o644, { reach: objectBytesMax }));
  await dead.flush();
  await before.rank.stop(false);
  const mds = await new RankFixture({ config, world, store }).start();
  const replayed = mds.rank.journal.seq;
  const inDoubt = async (): Promise<void> => {
    while (!mds.rank.core.doubtful.has(inodeOf(mds, ino))) await world.sleep(0.1);
  };
  await mds.until(inDoubt());
  t.true(inodeOf(mds, ino).doubtful);
  t.is(mds.rank.journal.seq, replayed + 2, 'the end of the session, and the doubt');
});

test('reach: settled when the file has lost its names → nothing of it is changed that the journal does not say', async (t) => {
  const mds = await new RankFixture({ config }).start();
  const client = await mds.connect(1);
  const { ino, seq } = givenBy(await client.create(1, 'file', FileType.regular | 0o644, { reach: objectBytesMax }));
  await client.request('unlink', { parent: 1, name: bytes('file') });
  await client.flush();
  const entries = mds.rank.journal.seq;
  client.release([{ ino, seq, caps: fileAll, settled: true }]);
  t.is(inodeOf(mds, ino).reach, mds.rank.journal.seq === entries ? objectBytesMax : 0);
});

const block = 4096;

/** Two have the file open to write to it, beside each other. */
async function besideEachOther(mds: RankFixture, size: number): Promise<{ readonly ino: number; readonly clients: readonly RankClient[] }> {
  const clients = [await mds.connect(1), await mds.connect(2)];
  const { ino } = recordOf(await (clients[0] as RankClient).create(1, 'file'));
  for (const client of clients) {
    client.onRecall = ({ seq, keep }) => void soon(() => client.capUpdate({ ino, caps: keep, wanted: writing, seq }));
    await client.request('open', { ino, wanted: writing, access: 2 });
  }
  await clients[0]?.request('setAttr', { ino, fields: SetAttrField.size, size });
  for (const { issued } of inodeOf(mds, ino).caps) if ((issued & Cap.fileExclusive) !== 0) throw new Error('one is alone with the file');
  return { ino, clients };
}

function filledBy(filled: number, dataEnd: number): { readonly fields: number; readonly filled: number; readonly dataEnd: number } {
  return { fields: DirtyField.space, filled, dataEnd };
}

async function giveBack(mds: RankFixture, client: RankClient, ino: number): Promise<void> {
  const seq = inodeOf(mds, ino).caps.find(({ instance }) => instance === client.instance)?.seq ?? 0;
  await mds.until(client.capUpdate({ ino, caps: 0, wanted: 0, seq }));
}

function blocksIn({ size, space }: { readonly size: number; readonly space: { readonly holes: number } | null }): number {
  return Math.ceil(size / block) - (space?.holes ?? 0);
}

test('space: two fill the same hole beside each other, and both count it → the OSDs are asked when nobody has it open to write to it', async (t) => {
  const mds = await new RankFixture({ config }).start();
  const { ino, clients } = await besideEachOther(mds, 100 * block);
  await send(mds, ino, 10 * block, 2 * block);
  for (const client of clients)
    await mds.until(client.capUpdate({ ino, caps: writing, wanted: writing, seq: 0, dirty: filledBy(2, 12 * block) }));
  t.is(blocksIn(inodeOf(mds, ino)), 4, 'who could know better');
  const [a, b] = clients as [RankClient, RankClient];
  await giveBack(mds, a, ino);
  t.is(blocksIn(inodeOf(mds, ino)), 4);
  await giveBack(mds, b, ino);
  const looker = await mds.connect(3);
  t.is(blocksIn(recordOf(await looker.request('getAttr', { ino }))), 2);
  t.false(inodeOf(mds, ino).unsure);
});

test('space: several wrote over what is there, or to a file without holes → nobody asks the OSDs', async (t) => {
  const mds = await new RankFixture({ config }).start();
  const { ino, clients } = await besideEachOther(mds, 0);
  for (const client of clients) {
    await mds.until(client.capUpdate({ ino, caps: writing, wanted: writing, seq: 0, dirty: sized(10 * block) }));
    await mds.until(client.capUpdate({ ino, caps: writing, wanted: writing, seq: 0, dirty: filledBy(0, 10 * block) }));
  }
  for (const client of clients) await giveBack(mds, client, ino);
  const looker = await mds.connect(3);
  t.is(blocksIn(recordOf(await looker.request('getAttr', { ino }))), 10, 'though there is none of it');
});

test('space: a client cannot tell what it has filled → the OSDs are asked, after a restart of the MDS too', async (t) => {
  const before = await new RankFixture({ config }).start();
  const { world, store } = before;
  const client = await before.connect(1);
  const { ino } = recordOf(await client.create(1, 'file'));
  await client.request('setAttr', { ino, fields: SetAttrField.size, size: 100 * block });
  await send(before, ino, 0, 3 * block);
  await before.until(client.capUpdate({ ino, caps: fileAll, wanted: writing, dirty: { ...filledBy(7, 7 * block), unsure: true } }));
  await client.flush();
  await before.rank.stop(false);
  const mds = await new RankFixture({ config, world, store }).start();
  const again = new RankClient(mds, 1, 'client.1');
  again.tid = 100;
  await mds.until(again.open({ reconnect: true }));
  const looker = await mds.connect(2);
  t.is(blocksIn(recordOf(await looker.request('getAttr', { ino }))), 3);
});

test('space: two write, one dies and leaves data behind the end → what is cut is not counted', async (t) => {
  const mds = await new RankFixture({ config }).start();
  const { ino, clients } = await besideEachOther(mds, 10 * block);
  await clients[0]?.request('grow', { ino, reach: 2 * objectBytesMax });
  await send(mds, ino, 5 * block, block);
  await send(mds, ino, 50 * block, 3 * block);
  evict(mds, 1);
  const looker = await mds.connect(3);
  t.is(blocksIn(recordOf(await looker.request('getAttr', { ino }))), 1);
});

test('space: a file with holes is cut, and the MDS dies meanwhile → what is left is counted', async (t) => {
  const before = await new RankFixture({ config }).start();
  const { world, store } = before;
  const client = await before.connect(1);
  const { ino } = recordOf(await client.create(1, 'file'));
  for (const [from, blocks] of [
    [0, 3],
    [objectBytesMax, 5],
  ] as const)
    await send(before, ino, from, blocks * block);
  const size = 2 * objectBytesMax;
  await before.until(
    client.capUpdate({ ino, caps: fileAll, dirty: { fields: DirtyField.size | DirtyField.space, size, filled: 8, dataEnd: size } }),
  );
  t.is(blocksIn(inodeOf(before, ino)), 8);
  void Promise.resolve(client.send('setAttr', { ino, fields: SetAttrField.size, size: objectBytesMax })).catch(() => undefined);
  const { seq } = before.rank.journal;
  while (before.rank.journal.safeSeq < seq) await world.advance(1);
  await before.client.stop();
  t.truthy(store.object(dataPool, dataObject(ino, 1)), 'it is being cut');
  const mds = await new RankFixture({ config, world, store }).start();
  const again = new RankClient(mds, 1, 'client.1');
  again.tid = 100;
  await mds.until(again.open({ reconnect: true }));
  await mds.until(world.sleep(1_000));
  const looker = await mds.connect(2);
  t.is(blocksIn(recordOf(await looker.request('getAttr', { ino }))), 3);
});
