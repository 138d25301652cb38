import test from 'ava';
import type { ByteString } from '../../../common/maps/ids.ts';
import { SetAttrField as Field } from '../../../mds/client/caps.ts';
import { positionOf } from '../../../mds/core/directory.ts';
import { bytes, givenBy, RankClient, RankFixture, recordOf } from '../../support/mds-rank.ts';

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

/** The next life of the MDS, to which what the first was asked is not known: nothing of it had become durable. */
async function afterDeath(first: RankFixture): Promise<RankFixture> {
  first.world.node(first.world.nodes.at(-1)?.name ?? '').crash();
  return await new RankFixture({ world: first.world, store: first.store }).start();
}

test('listing: names that are made again by the next life of the MDS → each at the place that was told, later ones behind', async (t) => {
  const first = await new RankFixture({ config: { journalDelayMs: 1_000 } }).start();
  const client = await first.connect(1);
  const other = await first.connect(2);
  for (const each of [client, other])
    each.onRecall = ({ ino, keep, seq }) => void first.world.sleep(1).then(() => each.capUpdate({ ino, caps: keep, wanted: 0, seq }));
  const dir = recordOf(await client.mkdir(1, 'dir')).ino;
  const file = recordOf(await client.create(dir, 'file')).ino;
  const former = await client.create(dir, 'removed');
  await client.create(dir, 'source');
  await other.create(dir, 'kept');
  await client.flush();
  await client.request('unlink', { parent: dir, name: bytes('removed') });
  await client.flush();
  // What is between them is lost with its client.
  for (let i = 0; i < 3; i++) await other.create(dir, `lost ${i}`);
  const inos = [client.nextIno++, client.nextIno++];
  const made = (ino: number, name: string, offset = 0): object => ({
    parent: dir,
    name: bytes(name),
    mode: 0o100644,
    ino,
    exclusive: true,
    offset,
  });
  const link = (offset = 0): object => ({ ino: file, parent: dir, name: bytes('link'), offset });
  const rename = (offset = 0): object => ({ parent: dir, name: bytes('source'), newParent: dir, newName: bytes('renamed'), offset });
  const told = [
    (await client.request('create', made(inos[0] ?? 0, 'removed'), { tid: 101 })).offset,
    (await client.request('link', link(), { tid: 102 })).offset,
    (await client.request('rename', rename(), { tid: 103 })).offset,
    (await client.request('create', made(inos[1] ?? 0, 'last'), { tid: 104 })).offset,
  ];
  t.is(told[0], former.offset);
  const second = await afterDeath(first);
  const again = new RankClient(second, 1, 'client.1');
  await second.until(again.open({ reconnect: true, replays: 4 }));
  again.tid = client.tid + 100;
  const head = (tid: number): object => ({ tid, replay: true });
  const answered = [
    (await again.request('create', made(inos[0] ?? 0, 'removed', told[0]), head(101))).offset,
    (await again.request('link', link(told[1]), head(102))).offset,
    (await again.request('rename', rename(told[2]), head(103))).offset,
    (await again.request('create', made(inos[1] ?? 0, 'last', told[3]), head(104))).offset,
  ];
  t.deepEqual(answered, told);
  await second.until(new RankClient(second, 2, 'client.2').open({ reconnect: true }));
  const counter = (offset: number): number => offset % 2 ** 32;
  t.true(counter((await again.create(dir, 'new', undefined, { ino: client.nextIno++ })).offset) > Math.max(...told.map(counter)));
  const { entries } = await again.request('readDir', { ino: dir, maxEntries: 100 });
  t.is(new Set(entries.map(({ offset }) => offset)).size, 7);
});

test('listing: a place that no life of the MDS can have told → is not taken', async (t) => {
  const first = await new RankFixture({ config: { journalDelayMs: 1_000 } }).start();
  const client = await first.connect(1);
  const dir = recordOf(await client.mkdir(1, 'dir')).ino;
  await client.flush();
  const second = await afterDeath(first);
  const again = new RankClient(second, 1, 'client.1');
  const places = [15, Number.MAX_SAFE_INTEGER, positionOf('other' as ByteString, 20), positionOf('n3' as ByteString, 2 ** 31)];
  await second.until(again.open({ reconnect: true, replays: places.length }));
  for (const [i, offset] of places.entries()) {
    const message = { parent: dir, name: bytes(`n${i}`), mode: 0o100644, ino: client.nextIno++, exclusive: true, offset };
    const reply = await again.request('create', message, { tid: 200 + i, replay: true });
    t.is(reply.offset, positionOf(`n${i}` as ByteString, 16 + i));
  }
  // Nor is one that is asked for with a new name.
  again.tid = 300;
  const offset = positionOf('now' as ByteString, 1_000);
  t.is((await again.create(dir, 'now', undefined, { ino: client.nextIno++, offset })).offset, positionOf('now' as ByteString, 20));
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
