import test from 'ava';
import { Cap, SetAttrField } from '../../../mds/client/index.ts';
import { inoKey } from '../../../mds/core/block-table.ts';
import { recordObject } from '../../../mds/core/record-table.ts';
import { dataPool, RankFixture, recordOf } from '../../support/mds-rank.ts';

const config = { writeBackIntervalMs: 10, writeBackMs: 20, journalDelayMs: 0 };

function hasRecord({ store }: RankFixture, ino: number): boolean {
  return store.object(dataPool, recordObject(ino))?.omap.has(inoKey(ino)) === true;
}

test('records: a file that is given a size → one, as there may be no object that tells of it (seed 94546)', async (t) => {
  const fixture = await new RankFixture({ config }).start();
  const client = await fixture.connect(50);
  const { ino } = recordOf(await client.create(1, 'f', undefined, { wanted: Cap.fileWrite }));
  // Written to, and cut before anything was sent.
  await client.request('setAttr', { ino, fields: SetAttrField.size, size: 100, knownSize: 200, filled: 1, dataEnd: 200 });
  await client.flush();
  await fixture.until(fixture.world.sleep(1_000));
  t.is(fixture.rank.core.cache.inode(ino).space, null);
  t.true(hasRecord(fixture, ino));
});

test('records: a file whose data told of it is read by another life, and cut to nothing → its record says where it is (seed 94002)', async (t) => {
  const fixture = await new RankFixture({ config }).start();
  const client = await fixture.connect(50);
  const { ino } = recordOf(await client.create(1, 'f', undefined, { wanted: Cap.fileWrite }));
  await fixture.until(Promise.resolve(client.send('append', { ino, data: Buffer.from('all that it has') })));
  await fixture.until(client.capUpdate({ ino, caps: 0, wanted: 0, seq: 99, settled: true }));
  for (const name of ['later', 'last']) {
    await fixture.until(fixture.world.sleep(1_000));
    await client.create(1, name);
    await client.flush();
  }
  await fixture.until(fixture.world.sleep(1_000));
  t.false(hasRecord(fixture, ino), 'nothing that data does not tell');
  const next = await new RankFixture({ world: fixture.world, store: fixture.store.clone(), config }).start();
  t.false(next.rank.core.cache.inodes.has(ino));
  const other = await next.connect(51);
  await other.request('lookup', { parent: 1, name: Buffer.from('f') });
  await other.request('setAttr', { ino, fields: SetAttrField.size, size: 0 });
  await other.flush();
  await next.until(next.world.sleep(1_000));
  t.true(hasRecord(next, ino));
});
