import test from 'ava';
import { Cap, DirtyField, SetAttrField } from '../../../mds/client/index.ts';
import { givenBy, recordOf, RankFixture } from '../../support/mds-rank.ts';

test('cap updates: a size has to wait, and what is sent behind it gives the right to write back → the size is taken first (seed 940005 at f95d05e)', async (t) => {
  const fixture = await new RankFixture().start();
  const [a, b] = [await fixture.connect(1), await fixture.connect(2)];
  const { ino } = givenBy(await a.create(1, 'file', undefined, { wanted: Cap.fileWrite }));
  a.onRecall = ({ keep, seq }) => fixture.env.clock.setTimer(1, () => void a.capUpdate({ ino, caps: keep, wanted: Cap.fileWrite, seq }));
  const { seq } = givenBy(await b.request('open', { ino, wanted: Cap.fileWrite, access: 2 }));
  await b.flush();
  await a.request('setAttr', { ino, fields: SetAttrField.mode, mode: 0o600 });
  const dirty = { fields: DirtyField.size, size: 100, timeWarpSeq: 0 };
  const told = b.capUpdate({ ino, caps: Cap.fileWrite, wanted: Cap.fileWrite, seq, dirty });
  // Without it the session would not be believed to write.
  b.release([{ ino, seq }]);
  await fixture.until(told);
  t.is(recordOf(await a.request('getAttr', { ino })).size, 100);
});

test('cap updates: another that wrote to the file has died, and what it left is looked for → who tells what it wrote does not wait for that', async (t) => {
  const fixture = await new RankFixture().start();
  const [a, b] = [await fixture.connect(1), await fixture.connect(2)];
  const writing = Cap.fileWrite | Cap.fileBuffer;
  const { ino } = givenBy(await a.create(1, 'file', undefined, { wanted: writing }));
  const onRecall = a.onRecall;
  a.onRecall = ({ keep, seq }) => fixture.env.clock.setTimer(1, () => void a.capUpdate({ ino, caps: keep, wanted: writing, seq }));
  await b.request('open', { ino, wanted: writing, access: 2 });
  await b.request('grow', { ino, reach: 1 << 22 });
  await b.flush();
  const { seq } = givenBy(await a.request('open', { ino, wanted: writing, access: 2 }));
  // Its kernel has pages under writes that wait for what is told here.
  a.onRecall = onRecall;
  const session = fixture.rank.core.sessions.get(2);
  t.truthy(session);
  if (session !== undefined) fixture.rank.sessions.evict(session, 'a test', true);
  await fixture.until(new Promise<void>((resolve) => fixture.env.clock.setTimer(100, resolve)));
  const dirty = { fields: DirtyField.size, size: 100, timeWarpSeq: 0 };
  await fixture.until(a.capUpdate({ ino, caps: Cap.fileWrite | Cap.fileRead, wanted: writing, seq, dirty }));
  t.is(a.recalls.length, 2, 'it is asked for what it holds');
});
