import test from 'ava';
import { Cap, DirtyField, SetAttrField } from '../../../mds/client/index.ts';
import { givenBy, RankClient, recordOf, RankFixture } from '../../support/mds-rank.ts';

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

test('cap updates: two come back who had told sizes of a file as who has it alone → one that gives it back ends its own promise only (seed 2145 at 594e045)', async (t) => {
  const before = await new RankFixture().start();
  const first = await before.connect(1);
  await before.connect(2);
  const { ino } = givenBy(await first.create(1, 'file'));
  await first.flush();
  await before.until(before.rank.stop(true));
  const mds = await new RankFixture({ world: before.world, store: before.store }).start();
  const [a, b] = [new RankClient(mds, 1, 'client.1'), new RankClient(mds, 2, 'client.2')];
  const caps = Cap.fileWrite | Cap.fileExclusive | Cap.attrExclusive;
  await mds.until(
    a.open({ reconnect: true, held: [{ ino, caps, wanted: Cap.fileWrite, seq: 1, sizeLimit: 5_001, allowedSize: 0, dirty: null }] }),
  );
  await mds.until(
    b.open({ reconnect: true, held: [{ ino, caps, wanted: Cap.fileWrite, seq: 1, sizeLimit: 3_001, allowedSize: 0, dirty: null }] }),
  );
  const inode = mds.rank.core.cache.inodes.get(ino);
  const give = async (client: RankClient, size: number): Promise<void> => {
    const seq = client.recalls.at(-1)?.seq ?? 1;
    const dirty = { fields: DirtyField.size, size, timeWarpSeq: 0 };
    await mds.until(client.capUpdate({ ino, caps: Cap.fileWrite, wanted: Cap.fileWrite, seq, dirty, askedSize: 0, untoldSize: 0 }));
  };
  await give(b, 3_000);
  t.is(inode?.sizeLimit, 5_001);
  await give(a, 4_000);
  t.is(inode?.size, 4_000);
  t.is(inode?.sizeLimit, 4_001);
});
