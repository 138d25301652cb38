/**
 * Requests that are sent again, to the same life of the MDS or the next: one effect, and the answer that there was.
 */
import test from 'ava';
import { Cap, DirtyField, fileAll } from '../../../mds/client/caps.ts';
import { bytes, metadataPool, RankClient, RankFixture, recordOf } from '../../support/mds-rank.ts';

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
