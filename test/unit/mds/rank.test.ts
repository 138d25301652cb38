import test from 'ava';
import { dataObject } from '../../../mds/client/data-objects.ts';
import { recordObject } from '../../../mds/core/record-table.ts';
import { bytes, dataPool, metadataPool, RankFixture, recordOf } from '../../support/mds-rank.ts';

test('rank: first start → a root directory, files can be made, found, listed and removed', async (t) => {
  const mds = await new RankFixture().start();
  t.is(mds.rank.state, 'active');
  const client = await mds.connect(1);
  const made = await client.mkdir(1, 'dir');
  const dir = recordOf(made).ino;
  const file = recordOf(await client.create(dir, 'file'));
  t.is(file.mode, 0o100644);
  const found = await client.request('lookup', { parent: dir, name: bytes('file') });
  t.true(found.found);
  t.is(recordOf(found).ino, file.ino);
  t.deepEqual([...(await mds.tree(client)).keys()], ['/dir', '/dir/file']);
  await client.request('unlink', { parent: dir, name: bytes('file') });
  await client.request('unlink', { parent: 1, name: bytes('dir'), directory: true });
  t.is((await mds.tree(client)).size, 0);
});

test('rank: stopped cleanly and started again → the same names, nothing to replay', async (t) => {
  const mds = await new RankFixture().start();
  const client = await mds.connect(1);
  const dir = recordOf(await client.mkdir(1, 'dir')).ino;
  for (let i = 0; i < 100; i++) await client.create(dir, `file ${i}`);
  await client.request('rename', { parent: dir, name: bytes('file 7'), newParent: 1, newName: bytes('seven') });
  const before = await mds.tree(client);
  await mds.until(mds.rank.sessions.close(client.connection));
  await mds.until(mds.rank.stop(true));
  const next = await new RankFixture({ world: mds.world, store: mds.store }).start();
  t.is(next.rank.state, 'active');
  t.is(next.store.names(1 as never).filter((name) => /^journal\.[0-9a-f]{8}$/.test(name)).length, 0);
  const again = await next.connect(2);
  t.deepEqual(await next.tree(again), before);
});

/** A rank with nothing but these objects in its data pool. */
async function beside(objects: readonly string[]): Promise<RankFixture> {
  const mds = new RankFixture();
  for (const object of objects) await mds.until(mds.client.operate(dataPool, object, [{ kind: 'create', exclusive: true }]));
  return mds;
}

/** Names before those of files: more than one page of them. */
const others = Array.from({ length: 300 }, (_, i) => `#other ${i}`);

for (const [what, object] of [
  ['a file', dataObject(0x10000000000, 0)],
  ['a record', recordObject(0x10000000000)],
] as const)
  test(`rank: no metadata, and in the data pool ${what} behind many objects of others → no new filesystem`, async (t) => {
    const mds = await beside([...others, object]);
    await t.throwsAsync(mds.start(), { code: 'EILSEQ', message: new RegExp(`the data pool has ${object}: `) });
    t.deepEqual(mds.store.names(metadataPool), []);
  });

test('rank: no metadata, and in the data pool only objects of others → a new filesystem', async (t) => {
  const mds = await (await beside(others)).start();
  t.is(mds.rank.state, 'active');
});
