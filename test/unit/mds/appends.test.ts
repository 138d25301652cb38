import test from 'ava';
import { Cap, DirtyField, SetAttrField } from '../../../mds/client/index.ts';
import { givenBy, recordOf, RankFixture, type RankClient } from '../../support/mds-rank.ts';

const writer = Cap.fileWrite;

/** Two clients that have a file open for writing, neither of them alone; all of it durable. */
async function twoWriters(): Promise<{ a: RankClient; b: RankClient; ino: number }> {
  const fixture = await new RankFixture().start();
  const [a, b] = [await fixture.connect(1), await fixture.connect(2)];
  const made = await a.create(1, 'log', undefined, { wanted: writer });
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
