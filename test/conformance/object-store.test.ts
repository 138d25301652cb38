/** What every object store promises of what is written, read, listed, kept aside, split and refused. */
import type { ErrorCode, FsError } from '../../common/errors/fs-error.ts';
import { pgId, poolId, type PgId } from '../../common/maps/ids.ts';
import { objectHash, stableMod } from '../../common/maps/object-hash.ts';
import type { Mutation } from '../../osd/store/object-store.ts';
import { pgs } from './object-store/history.ts';
import { bytes, contents, filled, object, onEveryStore, pg, rejectsWith, write } from './object-store/on-every-store.ts';

const other = pgs[1] as PgId;

onEveryStore('nothing written → nothing there', async (t, { store }) => {
  t.is(store.stat(pg, object), undefined);
  t.deepEqual(store.collections(), []);
  t.deepEqual(store.objects(pg, '', 10), []);
  t.deepEqual(store.omapRange(pg, object, Buffer.alloc(0), 10), []);
  t.deepEqual(store.extents(pg, object, 0, 100), []);
  t.is(store.xattr(pg, object, 'x'), undefined);
  t.is(store.meta(pg, 'k'), undefined);
  t.is(store.daemonMeta('k'), undefined);
  t.is(store.usage().objects, 0);
  await rejectsWith(t, 'ENOENT', store.read(pg, object, 0, 1));
});

onEveryStore('accepted transaction → read before it is durable', async (t, { store }) => {
  const committed = store.commit([
    write(0, bytes('hello')),
    { kind: 'set-version', pg, object, version: { interval: 3, counter: 9 }, mtimeMs: 1234 },
    { kind: 'omap-set', pg, object, entries: [{ key: bytes('k'), value: bytes('v') }] },
    { kind: 'set-xattr', pg, object, name: 'x', value: bytes('y') },
    { kind: 'set-meta', pg, key: 'log.1', value: bytes('entry') },
  ]);
  t.deepEqual(store.stat(pg, object), { size: 5, version: { interval: 3, counter: 9 }, mtimeMs: 1234 });
  t.deepEqual(store.omapRange(pg, object, Buffer.alloc(0), 9), [{ key: bytes('k'), value: bytes('v') }]);
  t.deepEqual(store.xattr(pg, object, 'x'), bytes('y'));
  t.deepEqual(store.meta(pg, 'log.1'), bytes('entry'));
  t.deepEqual(store.collections(), [pg]);
  t.deepEqual(await contents(store), bytes('hello'));
  await committed;
  t.deepEqual(await contents(store), bytes('hello'));
});

for (const [what, length] of [
  ['small', 256],
  ['large', 300_000],
] as const) {
  onEveryStore(`${what} overwrite over block borders → old bytes around it stay`, async (t, s) => {
    const expected = filled(1_000_000, 1);
    await s.store.commit([write(0, expected)]);
    for (const offset of [0, 4000, 4096, 131_000, 523_800, 700_000 - length]) {
      const data = filled(length, offset % 251);
      data.copy(expected, offset);
      await s.store.commit([write(offset, data.subarray(0, 99), data.subarray(99))]);
    }
    t.true(expected.equals(await contents(s.store)));
    await s.restart();
    t.true(expected.equals(await contents(s.store)));
    t.true(expected.subarray(4090, 8200).equals(await contents(s.store, 4090, 8200 - 4090)));
  });
}

for (const length of [100, 5_000, 100_000, 1_000_000])
  onEveryStore(`${length} bytes, changed by who gave them once the commit has resolved → what was written stays`, async (t, s) => {
    const written = filled(length, 21);
    const data = Buffer.from(written);
    for (const offset of [0, 3, 4096]) {
      await s.store.commit([write(offset, data.subarray(0, length / 3), data.subarray(length / 3))]);
      data.fill(0xdb);
      t.true(written.equals(await contents(s.store, offset, length)));
      written.copy(data);
    }
    data.fill(0xdb);
    await s.store.commit([{ kind: 'touch', pg, object: 'another' }]);
    await s.restart();
    t.true(written.equals(await contents(s.store, 4096, length)));
  });

onEveryStore('write beyond the end → zeros between, a hole where whole blocks allow', async (t, { store }) => {
  await store.commit([write(10, filled(5, 7))]);
  await store.commit([write(1_000_000, filled(10, 8))]);
  const expected = Buffer.concat([filled(10, 0), filled(5, 7), filled(999_985, 0), filled(10, 8)]);
  t.true(expected.equals(await contents(store)));
  t.deepEqual(store.extents(pg, object, 0, 2e6), [
    { offset: 0, length: 4096 },
    { offset: 999_424, length: 1_000_010 - 999_424 },
  ]);
  t.is(store.usage().storedBytes, 8192);
});

onEveryStore('truncate down and up → zeros, never the old bytes', async (t, s) => {
  await s.store.commit([write(0, filled(200_000, 9))]);
  await s.store.commit([{ kind: 'truncate', pg, object, size: 5000 }]);
  await s.store.commit([{ kind: 'truncate', pg, object, size: 150_000 }]);
  const expected = Buffer.concat([filled(5000, 9), filled(145_000, 0)]);
  t.true(expected.equals(await contents(s.store)));
  t.deepEqual(s.store.extents(pg, object, 0, 1e6), [{ offset: 0, length: 8192 }]);
  await s.restart();
  t.true(expected.equals(await contents(s.store)));
  await s.store.commit([write(5000, filled(1, 3))]);
  t.deepEqual(await contents(s.store, 4998, 4), Buffer.from([9, 9, 3, 0]));
});

onEveryStore('zero → reads as zeros, gives whole blocks back, keeps the size', async (t, { store }) => {
  await store.commit([write(0, filled(100_000, 5))]);
  await store.commit([{ kind: 'zero', pg, object, offset: 5000, length: 50_000 }]);
  await store.commit([{ kind: 'zero', pg, object, offset: 99_000, length: 50_000 }]);
  const expected = filled(100_000, 5).fill(0, 5000, 55_000).fill(0, 99_000);
  t.true(expected.equals(await contents(store)));
  t.deepEqual(store.extents(pg, object, 0, 1e6), [
    { offset: 0, length: 8192 },
    { offset: 53_248, length: 100_000 - 53_248 },
  ]);
});

onEveryStore('remove → gone with xattrs and omap; made again it is empty', async (t, s) => {
  const all: Mutation[] = [
    write(0, filled(100_000, 5)),
    { kind: 'omap-set', pg, object, entries: [{ key: bytes('k'), value: bytes('v') }] },
    { kind: 'set-xattr', pg, object, name: 'x', value: bytes('y') },
  ];
  await s.store.commit(all);
  await s.restart();
  await s.store.commit([
    { kind: 'remove', pg, object },
    { kind: 'remove', pg, object: 'never was' },
  ]);
  t.is(s.store.stat(pg, object), undefined);
  t.is(s.store.usage().storedBytes, 0);
  await s.store.commit([{ kind: 'touch', pg, object }]);
  t.deepEqual(s.store.stat(pg, object), { size: 0, version: { interval: 0, counter: 0 }, mtimeMs: 0 });
  t.deepEqual(s.store.omapRange(pg, object, Buffer.alloc(0), 9), []);
  t.is(s.store.xattrs(pg, object).size, 0);
  await s.restart();
  t.deepEqual(s.store.omapGet(pg, object, [bytes('k')]), []);
});

onEveryStore('omap → ordered by bytes, over what is stored and what is not yet', async (t, s) => {
  const set = (...keys: number[][]): Mutation => ({
    kind: 'omap-set',
    pg,
    object,
    entries: keys.map((key) => ({ key: Buffer.from(key), value: Buffer.from([key.length]) })),
  });
  await s.store.commit([set([200], [1, 0], [1], [255, 255])]);
  await s.restart();
  await s.store.commit([set([1, 0, 0], [100]), { kind: 'omap-remove', pg, object, keys: [Buffer.from([200]), Buffer.from([7])] }]);
  const keys = (after: number[], max: number): number[][] => s.store.omapRange(pg, object, Buffer.from(after), max).map((e) => [...e.key]);
  t.deepEqual(keys([], 99), [[1], [1, 0], [1, 0, 0], [100], [255, 255]]);
  t.deepEqual(keys([1, 0], 2), [[1, 0, 0], [100]]);
  t.deepEqual(keys([255, 255], 2), []);
  t.deepEqual(
    s.store.omapGet(pg, object, [Buffer.from([200]), Buffer.from([1])]).map((e) => [...e.key]),
    [[1]],
  );
  await s.store.commit([{ kind: 'omap-clear', pg, object }, set([9])]);
  t.deepEqual(keys([], 99), [[9]]);
  await s.restart();
  t.deepEqual(keys([], 99), [[9]]);
});

onEveryStore('objects and meta → listed in order of UTF-8 bytes, page by page', async (t, s) => {
  const names = ['b', 'a', '\u{1f600}', '\uffee', 'ä', 'a0'];
  await s.store.commit(names.map((n) => ({ kind: 'touch', pg, object: n })));
  await s.restart();
  await s.store.commit([
    { kind: 'touch', pg, object: 'a1' },
    { kind: 'remove', pg, object: 'a0' },
    { kind: 'touch', pg: other, object: 'x' },
  ]);
  const sortedNames = ['a', 'a1', 'b', 'ä', '\uffee', '\u{1f600}'];
  t.deepEqual(
    s.store.objects(pg, '', 99).map((o) => o.name),
    sortedNames,
  );
  t.deepEqual(
    s.store.objects(pg, 'b', 2).map((o) => o.name),
    ['ä', '\uffee'],
  );
  await s.store.commit(['log.2', 'log.10', 'info', 'log.3'].map((key) => ({ kind: 'set-meta', pg, key, value: bytes(key) })));
  await s.store.commit([{ kind: 'set-meta', pg, key: 'log.3', value: Buffer.alloc(0) }]);
  t.deepEqual(
    s.store.metaRange(pg, 'log.', 'log/').map((e) => e.key),
    ['log.10', 'log.2'],
  );
  t.deepEqual(
    s.store.metaRange(pg, 'log.10', 'log.2').map((e) => e.value.toString()),
    ['log.10'],
  );
  t.deepEqual(s.store.collections().sort(), [pg, other].sort());
  await s.store.commit([{ kind: 'remove-collection', pg }]);
  t.deepEqual(s.store.collections(), [other]);
  t.deepEqual(s.store.objects(pg, '', 9), []);
  t.is(s.store.meta(pg, 'info'), undefined);
  await s.store.commit([{ kind: 'touch', pg, object: 'new' }]);
  await s.restart();
  t.deepEqual(
    s.store.objects(pg, '', 9).map((o) => o.name),
    ['new'],
  );
  for (let tries = 0; s.store.usage().objects !== 2 && tries < 1000; tries++) await s.store.commit([{ kind: 'touch', pg, object: 'new' }]);
  t.is(s.store.usage().objects, 2);
});

onEveryStore('shelf → hidden until it takes the place of the object, whole, with data, xattrs and omap', async (t, s) => {
  const put = async (value: number, shelf: { readonly shelf?: true }): Promise<void> => {
    await s.store.commit([{ kind: 'write', pg, object, offset: 0, data: [filled(3_000_000, value)], ...shelf }]);
    await s.store.commit([{ kind: 'set-xattr', pg, object, name: `x${value}`, value: bytes('y'), ...shelf }]);
    // Unaligned: the block where the pieces meet is changed twice, the second time perhaps after it went to its place.
    for (let at = 3_000_000; at < 3_050_000; at += 10_001)
      await s.store.commit([{ kind: 'write', pg, object, offset: at, data: [filled(10_001, value + 1)], ...shelf }]);
    await s.store.commit([{ kind: 'omap-set', pg, object, entries: [{ key: bytes(`k${value}`), value: bytes('v') }], ...shelf }]);
    await s.store.commit([{ kind: 'set-version', pg, object, version: { interval: 1, counter: value }, mtimeMs: value, ...shelf }]);
  };
  const check = async (value: number): Promise<void> => {
    t.deepEqual(s.store.stat(pg, object), { size: 3_050_005, version: { interval: 1, counter: value }, mtimeMs: value });
    const expected = Buffer.concat([filled(3_000_000, value), filled(50_005, value + 1)]);
    t.true(expected.equals(await contents(s.store)), `contents of ${value}`);
    t.deepEqual([...s.store.xattrs(pg, object).keys()], [`x${value}`]);
    t.deepEqual(
      s.store.omapRange(pg, object, Buffer.alloc(0), 9).map((e) => e.key.toString()),
      [`k${value}`],
    );
    t.deepEqual(
      s.store.objects(pg, '', 9).map((o) => o.name),
      [object],
    );
  };
  await put(1, {});
  await put(3, { shelf: true });
  t.deepEqual(s.store.shelved(pg, 9), [object]);
  await check(1);
  await s.restart();
  await check(1);
  const { storedBytes } = s.store.usage();
  await s.store.commit([
    { kind: 'unshelve', pg, object },
    { kind: 'set-meta', pg, key: 'log', value: bytes('3') },
  ]);
  await check(3);
  t.deepEqual(s.store.shelved(pg, 9), []);
  t.is(s.store.usage().storedBytes, storedBytes / 2);
  t.is(s.store.usage().objects, 1);
  await s.crash();
  await check(3);
  // In one generation with its making, and over nothing.
  await s.store.commit([{ kind: 'remove', pg, object }]);
  await put(5, { shelf: true });
  void s.store.commit([
    { kind: 'unshelve', pg, object },
    { kind: 'unshelve', pg, object: 'nothing on the shelf' },
  ]);
  await s.store.commit([write(0, bytes('x'))]);
  await s.store.commit([write(0, filled(1, 5))]);
  await check(5);
  await s.crash();
  await check(5);
  await s.restart();
  await check(5);
  t.is(s.store.usage().objects, 1);
});

onEveryStore('shelf left behind → removed piece by piece, or with its collection', async (t, s) => {
  await s.store.commit([{ kind: 'write', pg, object: 'ä', offset: 0, data: [filled(100_000, 1)], shelf: true }]);
  await s.store.commit([{ kind: 'touch', pg, object, shelf: true }]);
  await s.store.commit([{ kind: 'touch', pg: other, object, shelf: true }]);
  await s.restart();
  t.deepEqual(s.store.shelved(pg, 9), [object, 'ä']);
  t.deepEqual(s.store.shelved(pg, 1), [object]);
  t.deepEqual(s.store.objects(pg, '', 9), []);
  await s.store.commit([{ kind: 'remove', pg, object: 'ä', shelf: true }]);
  t.deepEqual(s.store.shelved(pg, 9), [object]);
  t.is(s.store.usage().storedBytes, 0);
  await s.store.commit([{ kind: 'remove-collection', pg }]);
  t.deepEqual(s.store.shelved(pg, 9), []);
  t.deepEqual(s.store.shelved(other, 9), [object]);
});

onEveryStore('bad arguments → EINVAL or EFBIG, nothing applied', async (t, { store }) => {
  const good: Mutation = { kind: 'touch', pg, object };
  const bad: [ErrorCode, Mutation][] = [
    ['EINVAL', write(-1, filled(1, 1))],
    ['EINVAL', write(0.5, filled(1, 1))],
    ['EFBIG', write(2 ** 50, filled(1, 1))],
    ['EFBIG', { kind: 'truncate', pg, object, size: 2 ** 50 }],
    ['EINVAL', { kind: 'touch', pg, object: '' }],
    ['EINVAL', { kind: 'touch', pg, object: 'x'.repeat(5000) }],
    ['EINVAL', { kind: 'touch', pg: 'nonsense' as PgId, object }],
    ['EINVAL', { kind: 'omap-set', pg, object, entries: [{ key: Buffer.alloc(0), value: bytes('v') }] }],
    ['EINVAL', { kind: 'omap-set', pg, object, entries: [{ key: Buffer.alloc(5000), value: bytes('v') }] }],
  ];
  for (const [code, mutation] of bad) await rejectsWith(t, code, store.commit([good, mutation]));
  t.deepEqual(store.collections(), []);
});

onEveryStore('split → each object is in the collection that its hash falls to, nothing is copied; others are refused', async (t, s) => {
  const names = Array.from({ length: 40 }, (_, i) => `n${i}`);
  const target = (name: string, pgNum: number): PgId => pgId(poolId(7), stableMod(objectHash(name), pgNum));
  const listed = (pgNum: number): string[][] =>
    Array.from({ length: pgNum }, (_, seq) => s.store.objects(pgId(poolId(7), seq), '', 99).map(({ name }) => name));
  const wanted = (pgNum: number): string[][] =>
    Array.from({ length: pgNum }, (_, seq) => names.filter((name) => target(name, pgNum) === pgId(poolId(7), seq)).sort());
  for (const name of names) {
    await s.store.commit([
      { kind: 'write', pg: target(name, 3), object: name, offset: 0, data: [bytes(name)] },
      { kind: 'set-xattr', pg: target(name, 3), object: name, name: 'x', value: bytes(name) },
      { kind: 'omap-set', pg: target(name, 3), object: name, entries: [{ key: bytes('k'), value: bytes(name) }] },
    ]);
  }
  await s.store.commit([{ kind: 'set-meta', pg: pgId(poolId(7), 0), key: 'log', value: bytes('0') }]);
  const before = s.store.usage();
  for (const [pgNumBefore, pgNumAfter, end] of [
    [3, 6, 'crash'],
    [6, 24, 'restart'],
  ] as const) {
    const splits = Array.from({ length: pgNumBefore }, (_, seq): Mutation => ({
      kind: 'split-collection',
      pg: pgId(poolId(7), seq),
      pgNumBefore,
      pgNumAfter,
    }));
    const committed = s.store.commit(splits);
    t.deepEqual(listed(pgNumAfter), wanted(pgNumAfter));
    await committed;
    await s[end]();
    t.deepEqual(listed(pgNumAfter), wanted(pgNumAfter));
    t.is(s.store.usage().objects, before.objects);
    t.is(s.store.usage().storedBytes, before.storedBytes);
  }
  t.is(s.store.meta(pgId(poolId(7), 0), 'log')?.toString(), '0');
  for (const name of names) {
    const home = target(name, 24);
    t.deepEqual(Buffer.concat(await s.store.read(home, name, 0, 99)), bytes(name));
    t.deepEqual(s.store.xattr(home, name, 'x'), bytes(name));
    t.deepEqual(s.store.omapGet(home, name, [bytes('k')]), [{ key: bytes('k'), value: bytes(name) }]);
    const stranger = pgId(poolId(7), (Number.parseInt(home.slice(2), 16) + 12) % 24);
    t.is(s.store.stat(stranger, name), undefined);
    await rejectsWith(t, 'ENOENT', s.store.read(stranger, name, 0, 99));
    await rejectsWith(t, 'EINVAL', s.store.commit([{ kind: 'touch', pg: stranger, object: name }]));
  }
  await rejectsWith(t, 'EINVAL', s.store.commit([{ kind: 'split-collection', pg: pgId(poolId(7), 0), pgNumBefore: 6, pgNumAfter: 12 }]));
  // One of those that share their objects goes: the others keep theirs.
  const gone = target('n0', 24);
  await s.store.commit([{ kind: 'remove-collection', pg: gone }]);
  const left = names.filter((name) => target(name, 24) !== gone);
  for (let tries = 0; s.store.usage().objects > left.length && tries < 1000; tries++) {
    if (tries === 1) await s.crash();
    await s.store.commit([{ kind: 'touch', pg: target(left[0] as string, 24), object: left[0] as string }]);
  }
  t.is(s.store.usage().objects, left.length);
  await s.restart();
  t.deepEqual(listed(24).flat().sort(), [...left].sort());
  await s.store.commit([{ kind: 'touch', pg: gone, object: 'n0' }]);
  t.deepEqual(
    s.store.objects(gone, '', 9).map(({ name }) => name),
    ['n0'],
  );
});

onEveryStore(
  'full → ENOSPC before anything is applied; deletes still work and make room',
  async (t, s) => {
    const data = filled(1 << 20, 1);
    let count = 0;
    let failure: unknown;
    while (count < 200 && failure === undefined) {
      await s.store.commit([{ kind: 'write', pg, object: `o${count}`, offset: 0, data: [data] }]).then(
        () => count++,
        (error: unknown) => (failure = error),
      );
    }
    t.is((failure as FsError | undefined)?.code, 'ENOSPC');
    t.true(count >= 4 && count < 200, `${count} objects fitted`);
    t.is(s.store.stat(pg, `o${count}`), undefined);
    await s.restart();
    for (let i = 0; i < count; i++) {
      await s.store.commit([
        { kind: 'remove', pg, object: `o${i}` },
        { kind: 'set-meta', pg, key: `log.${i}`, value: bytes('removed') },
      ]);
    }
    t.is(s.store.usage().storedBytes, 0);
    await s.store.commit([{ kind: 'write', pg, object: 'new', offset: 0, data: [data] }]);
    t.is(s.store.stat(pg, 'new')?.size, 1 << 20);
  },
  { sizeBytesMax: 64 << 20 },
);
