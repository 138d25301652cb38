import test from 'ava';
import { FsError } from '../../../common/errors/fs-error.ts';
import type { AppendedRecord } from '../../../common/wire/gen/messages.ts';
import { decodeBacktrace } from '../../../mds/client/backtrace.ts';
import { backtraceXattr, Cap, dataObject, DirtyField, SetAttrField } from '../../../mds/client/index.ts';
import { dataPool, givenBy, RankClient, recordOf, RankFixture } from '../../support/mds-rank.ts';

const writer = Cap.fileWrite;

/** Two clients that have a file open for writing, neither of them alone; all of it durable. */
async function twoWriters(reach = 0): Promise<{ a: RankClient; b: RankClient; ino: number }> {
  const fixture = await new RankFixture().start();
  const [a, b] = [await fixture.connect(1), await fixture.connect(2)];
  const made = await a.create(1, 'log', undefined, { wanted: writer, reach });
  const { ino } = givenBy(made);
  a.onRecall = ({ keep, seq }) => fixture.env.clock.setTimer(1, () => void a.capUpdate({ ino, caps: keep, wanted: writer, seq }));
  await b.request('open', { ino, wanted: writer, access: 2 });
  await b.flush();
  return { a, b, ino };
}

/** It has its turn, has stored bytes up to `size`, and says so. */
async function append(client: RankClient, ino: number, size: number): Promise<void> {
  const { seq } = givenBy(await client.request('append', { ino }));
  const dirty = { fields: DirtyField.size, size, timeWarpSeq: 0 };
  await client.fixture.until(client.capUpdate({ ino, caps: writer, wanted: writer, seq, appended: true, dirty }));
}

test('append: the one before has told its size, which is not in the journal yet → the next has its turn at once, behind it; who looks waits', async (t) => {
  const { a, b, ino } = await twoWriters();
  await append(a, ino, 100);
  const turn = b.send('append', { ino });
  t.false(turn instanceof Promise, 'it waits for nothing');
  t.is(recordOf(await turn).size, 100);
  const seen = b.send('getAttr', { ino });
  t.true(seen instanceof Promise);
  await b.fixture.until(Promise.resolve(seen));
  await append(b, ino, 200);
  t.is(recordOf(await a.request('getAttr', { ino })).size, 200);
});

test('append: something else was done to the file, and is not in the journal yet → the next waits for that', async (t) => {
  const { a, b, ino } = await twoWriters();
  await a.request('setAttr', { ino, fields: SetAttrField.mode, mode: 0o600 });
  await append(a, ino, 100);
  const turn = b.send('append', { ino });
  t.true(turn instanceof Promise);
  t.is(recordOf(await b.fixture.until(Promise.resolve(turn))).size, 100);
  t.is(recordOf(await b.request('getAttr', { ino })).mode & 0o7777, 0o600);
});

test('append: two have added one behind the other, neither is in the journal yet → what else the second does waits for the first', async (t) => {
  const { a, b, ino } = await twoWriters();
  await append(a, ino, 100);
  await append(b, ino, 200);
  // Else the first might tell of its size once more, after a restart, and undo this.
  const changed = b.send('setAttr', { ino, fields: SetAttrField.mode, mode: 0o600 });
  t.true(changed instanceof Promise);
  await b.fixture.until(Promise.resolve(changed));
  await append(b, ino, 300);
  t.is(recordOf(await a.request('getAttr', { ino })).size, 300);
});

test('append: by turn, behind a record that another has sent, which is not in the journal yet → waits for that: it might be sent again (seed 92954)', async (t) => {
  const { a, b, ino } = await twoWriters();
  await a.fixture.until(send(a, ino, 'of a'));
  const turn = b.send('append', { ino });
  t.true(turn instanceof Promise);
  t.is(recordOf(await b.fixture.until(Promise.resolve(turn))).size, 4);
  const { core } = b.fixture.rank;
  t.is(core.appended.unsafeSeq(core.cache.inode(ino), 2, core.safeSeq), 0);
  const again = a.send('append', { ino });
  t.true(again instanceof Promise, 'it is the turn of another');
});

/** Sends a record to be stored. */
function send(client: RankClient, ino: number, text: string, tid?: number): Promise<{ readonly end: number }> {
  return Promise.resolve(client.send('append', { ino, data: Buffer.from(text) }, tid === undefined ? {} : { tid }));
}

function contents({ fixture }: RankClient, ino: number): string {
  return fixture.store.object(dataPool, dataObject(ino, 0))?.data.toString() ?? '';
}

test('append: the first record, stored by the MDS → the first object says of which file it is, and the next says it no more', async (t) => {
  const { a, b, ino } = await twoWriters();
  const { fixture } = a;
  await fixture.until(send(a, ino, 'first\n'));
  const object = fixture.store.object(dataPool, dataObject(ino, 0));
  const { lineage, mode } = decodeBacktrace(object?.xattrs.get(backtraceXattr) ?? Buffer.alloc(0), 'it');
  const { mode: known, version } = recordOf(await a.request('getAttr', { ino }));
  t.deepEqual(
    lineage.map(({ directory, name }) => [directory, name]),
    [[1, 'log']] as never,
  );
  t.true((lineage[0]?.version ?? Infinity) <= version);
  t.is(mode, known);
  const before = fixture.client.log.length;
  await fixture.until(send(b, ino, 'second\n'));
  t.false(fixture.client.log.slice(before).some(({ kinds }) => kinds.includes('set-xattr')));
});

test('append: records of two sessions come while one is being stored → they are stored by one write, behind it, each whole', async (t) => {
  const { a, b, ino } = await twoWriters();
  const { fixture } = a;
  await fixture.until(send(a, ino, 'reach\n'));
  await a.flush();
  const { changes } = fixture.store;
  const replies = [send(a, ino, 'first\n'), send(a, ino, 'of a\n'), send(b, ino, 'of b\n')];
  t.deepEqual(
    (await fixture.until(Promise.all(replies))).map(({ end }) => end),
    [12, 17, 22],
  );
  t.is(contents(a, ino), 'reach\nfirst\nof a\nof b\n');
  t.true(fixture.store.changes - changes <= 3, 'two writes, and what the journal may have written');
  t.is(recordOf(await b.request('getAttr', { ino })).size, 22);
  t.is(recordOf(await a.request('getAttr', { ino })).space, null);
});

test('append: a record is sent again, while it is being stored and after that → stored once, the same answer', async (t) => {
  const { a, ino } = await twoWriters();
  const { fixture } = a;
  const first = send(a, ino, 'once\n', 100);
  a.reconnect();
  await fixture.until(
    a.open({
      reconnect: true,
      held: [{ ino, caps: writer, wanted: writer, seq: 9, dirty: null, appending: false, sizeLimit: 0 }] as never,
    }),
  );
  const again = send(a, ino, 'once\n', 100);
  t.is((await fixture.until(again)).end, 5);
  await fixture.until(first.then(() => undefined).catch(() => undefined));
  t.is((await fixture.until(send(a, ino, 'once\n', 100))).end, 5);
  t.is(contents(a, ino), 'once\n');
});

test('append: told again to the next life, the one that lies behind first → each counts once, nothing is stored again', async (t) => {
  const { a, ino } = await twoWriters();
  const { fixture } = a;
  await fixture.until(Promise.resolve(a.send('append', { ino, end: 200, beneath: [] }, { replay: true, tid: 200 })));
  await fixture.until(Promise.resolve(a.send('append', { ino, end: 100, beneath: [] }, { replay: true, tid: 199 })));
  t.is(recordOf(await a.request('getAttr', { ino })).size, 200);
  t.is(contents(a, ino), '');
});

test('append: the file is cut while a record is being stored → it is cut after that', async (t) => {
  const { a, b, ino } = await twoWriters();
  const { fixture } = a;
  await fixture.until(send(a, ino, 'reach\n'));
  await a.flush();
  const order: string[] = [];
  const stored = send(a, ino, 'a record\n').then(() => order.push('stored'));
  await fixture.until(fixture.world.sleep(0.5));
  const cut = Promise.resolve(b.send('setAttr', { ino, fields: SetAttrField.size, size: 2 })).then(() => order.push('cut'));
  await fixture.until(Promise.all([stored, cut]));
  t.deepEqual(order, ['stored', 'cut']);
  t.is(recordOf(await b.request('getAttr', { ino })).size, 2);
  t.is(contents(a, ino), 're');
});

test('append: somebody waits to see what was appended while others go on → he has seen it before more is', async (t) => {
  const { a, b, ino } = await twoWriters();
  const { fixture } = a;
  await fixture.until(send(a, ino, 'seen\n'));
  const order: string[] = [];
  const looked = Promise.resolve(b.send('getAttr', { ino })).then((reply) => order.push(`looked: ${recordOf(reply).size}`));
  const appended = send(a, ino, 'more\n').then(() => order.push('appended'));
  await fixture.until(Promise.all([looked, appended]));
  t.deepEqual(order, ['looked: 5', 'appended']);
});

test('append: there is no room → ENOSPC, and the next record goes where that would have gone', async (t) => {
  const { a, ino } = await twoWriters();
  const { fixture } = a;
  await fixture.until(send(a, ino, 'first\n'));
  const { operate } = fixture.client;
  fixture.client.operate = () => Promise.reject(new FsError('ENOSPC', 'full'));
  const refused = send(a, ino, 'refused\n').catch((error: unknown) => error);
  t.like(await fixture.until(refused), { code: 'ENOSPC' });
  fixture.client.operate = operate;
  t.is((await fixture.until(send(a, ino, 'next\n'))).end, 11);
  t.is(contents(a, ino), 'first\nnext\n');
});

test('append: one whose answer was not heard lies beneath one that was, and the MDS dies → told with that, it is not added again (seed 2335 at 594e045)', async (t) => {
  const { a, b, ino } = await twoWriters();
  const { fixture } = a;
  // Both in one write; the answers are not in the journal when they come.
  const heard = await fixture.until(send(a, ino, 'a\n', 299));
  t.is(heard.end, 2);
  const [first, second] = [send(a, ino, 'of a\n', 300), send(b, ino, 'of b\n', 400)];
  const unheard = await fixture.until(first);
  t.is(unheard.end, 7);
  const { beneath, end } = (await fixture.until(second)) as { readonly end: number; readonly beneath: readonly AppendedRecord[] };
  t.is(beneath.length, 1);
  t.like(beneath[0], { instance: 1, tid: 300, end: 7 });
  const next = await twoWriters();
  const told = { ino: next.ino, end, beneath: [{ instance: 1, tid: 300, end: 7 }] };
  await next.a.fixture.until(Promise.resolve(next.b.send('append', told, { replay: true, tid: 400 })));
  t.is((await next.a.fixture.until(send(next.a, next.ino, 'of a\n', 300))).end, 7);
  t.is(contents(next.a, next.ino), '', 'nothing is stored again');
  t.is(recordOf(await next.a.request('getAttr', { ino: next.ino })).size, 12);
});

test('append: to a file with the reach of one who was alone with it → what is stored and not counted is to be cut (seed 2308 at 594e045)', async (t) => {
  const { a, ino } = await twoWriters(1 << 22);
  const inode = a.fixture.rank.core.cache.inodes.get(ino);
  t.false(inode?.reachedBeside);
  await a.fixture.until(send(a, ino, 'a record\n'));
  t.true(inode?.reachedBeside);
});

/** A second writer dies; the first is asked to give the file back, and does not answer before its record is stored: its kernel holds the pages for that. */
async function oneInDoubt(): Promise<{ a: RankClient; b: RankClient; ino: number; answer: () => Promise<void> }> {
  const { a, b, ino } = await twoWriters();
  const dead = await a.fixture.connect(3);
  await dead.request('open', { ino, wanted: writer, access: 2 });
  await dead.request('grow', { ino, reach: 1_000 });
  await dead.flush();
  let asked: { readonly keep: number; readonly seq: number } | undefined;
  a.onRecall = (recall) => (asked = recall);
  b.onRecall = ({ keep, seq }) => a.fixture.env.clock.setTimer(1, () => void b.capUpdate({ ino, caps: keep, wanted: writer, seq }));
  const { sessions, core } = a.fixture.rank;
  const session = core.sessions.get(3);
  if (session === undefined) throw new Error('no session 3');
  sessions.evict(session, 'a test', true);
  while (asked === undefined) await a.fixture.world.advance(1);
  // The other has answered by then.
  await a.fixture.world.advance(10);
  const { keep, seq } = asked;
  a.onRecall = () => undefined;
  const answer = async (): Promise<void> => {
    await a.fixture.until(a.capUpdate({ ino, caps: keep, wanted: writer, seq }));
  };
  return { a, b, ino, answer };
}

test('append: to a file in doubt, by one whose answer its recovery waits for → stored before that (seed 10108)', async (t) => {
  const { a, b, ino, answer } = await oneInDoubt();
  const other = send(b, ino, 'of b');
  const own = await a.fixture.until(send(a, ino, 'of a'));
  t.is(own.end, 4);
  t.true(a.fixture.rank.core.cache.inodes.get(ino)?.doubtful, 'it is not known yet how long it is');
  await answer();
  t.is((await a.fixture.until(other)).end, 8);
  t.is(contents(a, ino), 'of aof b');
});

test('append: to a file in doubt, by one who owes nothing → waits for its recovery', async (t) => {
  const { a, b, ino, answer } = await oneInDoubt();
  let stored = false;
  const other = send(b, ino, 'of b').then((reply) => {
    stored = true;
    return reply;
  });
  await a.fixture.until(a.fixture.world.sleep(1_000));
  t.false(stored);
  await answer();
  t.is((await a.fixture.until(other)).end, 4);
  t.true(a.fixture.rank.core.cache.inodes.get(ino)?.doubtful === false);
});

test('append: after a restart one is asked to cache the file no more, for another whose record came first → its own goes before that, and its answer', async (t) => {
  const before = await twoWriters();
  const { world, store, rank } = before.a.fixture;
  const { ino } = before;
  await before.a.fixture.until(rank.stop(true));
  const fixture = await new RankFixture({ world, store }).start();
  const [a, b] = [new RankClient(fixture, 1, 'client.1'), new RankClient(fixture, 2, 'client.2')];
  const caches = Cap.attrShared | Cap.fileRead | Cap.fileCache;
  for (const [client, caps] of [
    [b, writer],
    [a, writer | caches],
  ] as const)
    await fixture.until(client.open({ reconnect: true, held: [{ ino, caps, wanted: writer, seq: 9, dirty: null }] }));
  const other = send(b, ino, 'of b');
  await fixture.world.advance(10);
  t.is((await fixture.until(send(a, ino, 'of a'))).end, 4);
  const { keep = 0, seq = 0 } = a.recalls.at(-1) ?? {};
  await fixture.until(a.capUpdate({ ino, caps: keep, wanted: writer, seq }));
  t.is((await fixture.until(other)).end, 8);
  t.is(contents(a, ino), 'of aof b');
});
