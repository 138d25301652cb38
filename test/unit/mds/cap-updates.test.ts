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
