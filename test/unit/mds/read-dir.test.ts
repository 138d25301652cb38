import test from 'ava';
import { SetAttrField as Field } from '../../../mds/client/caps.ts';
import { bytes, givenBy, RankFixture, recordOf, type RankClient } from '../../support/mds-rank.ts';

/** Lists page by page; `between` runs after each page. */
async function listAll(
  client: RankClient,
  ino: number,
  page: number,
  between: (pages: number) => Promise<void> = () => Promise.resolve(),
): Promise<string[]> {
  const names: string[] = [];
  let offset = 0;
  for (let pages = 1; ; pages++) {
    const { entries, end } = await client.request('readDir', { ino, offset, maxEntries: page });
    for (const entry of entries) {
      names.push(Buffer.from(entry.name).toString('latin1'));
      offset = entry.offset;
    }
    if (end) return names;
    await between(pages);
  }
}

test('listing: names come and go meanwhile → every one that stays appears exactly once', async (t) => {
  const mds = await new RankFixture().start();
  const client = await mds.connect(1);
  const dir = recordOf(await client.mkdir(1, 'dir')).ino;
  for (let i = 0; i < 300; i++) await client.create(dir, `stays ${i}`);
  for (let i = 0; i < 300; i++) await client.create(dir, `goes ${i}`);
  let gone = 0;
  let come = 0;
  const names = await listAll(client, dir, 7, async () => {
    for (let i = 0; i < 5 && gone < 300; i++) await client.request('unlink', { parent: dir, name: bytes(`goes ${gone++}`) });
    for (let i = 0; i < 5; i++) await client.create(dir, `comes ${come++}`);
    await client.request('rename', { parent: dir, name: bytes(`comes ${come - 1}`), newParent: dir, newName: bytes(`renamed ${come}`) });
  });
  const stays = names.filter((name) => name.startsWith('stays'));
  t.is(stays.length, 300);
  t.is(new Set(names).size, names.length, 'nothing twice');
});

test('listing: a name is removed and made anew between two pages → it is where it was, and so not met twice', async (t) => {
  const mds = await new RankFixture().start();
  const client = await mds.connect(1);
  const dir = recordOf(await client.mkdir(1, 'dir')).ino;
  for (let i = 0; i < 50; i++) await client.create(dir, `f${i}`);
  const before = await listAll(client, dir, 1000);
  const names = await listAll(client, dir, 7, async () => {
    for (const name of before) {
      await client.request('unlink', { parent: dir, name: bytes(name) });
      await client.create(dir, name);
    }
  });
  t.deepEqual(names, before);
});

test('listing: a restart between two pages → goes on where it was', async (t) => {
  const config = { reconnectMs: 100, sessionLeaseMs: 100 };
  const first = await new RankFixture({ config }).start();
  const client = await first.connect(1);
  const dir = recordOf(await client.mkdir(1, 'dir')).ino;
  for (let i = 0; i < 100; i++) await client.create(dir, `f${i}`);
  const page = await client.request('readDir', { ino: dir, maxEntries: 40 });
  const whole = await listAll(client, dir, 1000);
  await client.flush();
  await first.until(first.rank.stop(false));
  const next = await new RankFixture({ world: first.world, store: first.store, config }).start();
  const reader = await next.connect(2);
  const rest = await reader.request('readDir', { ino: dir, offset: page.entries.at(-1)?.offset ?? 0, maxEntries: 1000 });
  const names = [...page.entries, ...rest.entries].map(({ name }) => Buffer.from(name).toString('latin1'));
  t.deepEqual(names, whole);
  t.true(rest.end);
});

test('listing: cookies → at least 16, rising, below 2^53', async (t) => {
  const mds = await new RankFixture().start();
  const client = await mds.connect(1);
  for (let i = 0; i < 200; i++) await client.create(1, `f${i}`);
  const { entries } = await client.request('readDir', { ino: 1 });
  let last = 15;
  for (const { offset } of entries) {
    t.true(offset > last && Number.isSafeInteger(offset));
    last = offset;
  }
});

test('listing: attributes wanted → with each entry, but for those whose holder would have to be asked', async (t) => {
  const mds = await new RankFixture().start();
  const [a, b] = [await mds.connect(1), await mds.connect(2)];
  await a.create(1, 'open', undefined, { wanted: 16 });
  const closed = recordOf(await a.create(1, 'closed'));
  a.release([{ ino: closed.ino, seq: 1 }]);
  await a.flush();
  const { entries } = await b.request('readDir', { ino: 1, attributes: true });
  t.deepEqual(entries.map(({ name, grant }) => [Buffer.from(name).toString('latin1'), grant?.inode?.ino === closed.ino]).sort(), [
    ['closed', true],
    ['open', false],
  ]);
  t.deepEqual(
    a.recalls.filter(({ ino }) => ino !== 1),
    [],
  );
});

test('listing: attributes that another has just changed → not shown before they are durable', async (t) => {
  const mds = await new RankFixture({ config: { journalDelayMs: 1_000 } }).start();
  const [a, b] = [await mds.connect(1), await mds.connect(2)];
  const made = givenBy(await a.create(1, 'file'));
  a.release([made]);
  await a.flush();
  a.release([givenBy(await a.request('setAttr', { ino: made.ino, fields: Field.mode, mode: 0o600 }))]);
  const shown = async (): Promise<number | undefined> => {
    const { entries } = await b.request('readDir', { ino: 1, attributes: true });
    return entries[0]?.grant?.inode?.mode;
  };
  t.is(await shown(), undefined);
  await a.flush();
  t.is(await shown(), 0o100600);
});
