/**
 * What every object store promises, and random histories with crashes against a plain model.
 * `STORE_SEEDS=200` looks longer; a failure names its seed.
 * @module
 */
import test, { type ExecutionContext } from 'ava';
import { type ErrorCode, FsError } from '../../common/errors/fs-error.ts';
import { pgId, poolId, type PgId } from '../../common/maps/ids.ts';
import { objectHash, stableMod } from '../../common/maps/object-hash.ts';
import type { Mutation, ObjectStore } from '../../osd/store/object-store.ts';
import { daemonKeys, dice, pgNumOf, pgs, randomTransaction } from './object-store/history.ts';
import { applyToModel, cloneModel, dumpModel, dumpStore, emptyModel, type Model } from './object-store/model.ts';
import { implementations, type StoreUnderTest } from './object-store/stores.ts';

const pg = pgs[0] as PgId;
const other = pgs[1] as PgId;
const object = 'o';
const bytes = (text: string): Buffer => Buffer.from(text);
const write = (offset: number, ...data: Uint8Array[]): Mutation => ({ kind: 'write', pg, object, offset, data });
const filled = (length: number, value: number): Buffer => Buffer.alloc(length, value);

async function contents(store: ObjectStore, offset = 0, length = 2 ** 40): Promise<Buffer> {
  return Buffer.concat(await store.read(pg, object, offset, length));
}

async function rejectsWith(t: ExecutionContext, code: ErrorCode, promise: Promise<unknown>): Promise<void> {
  const error = await t.throwsAsync(promise, { instanceOf: FsError });
  t.is(error.code, code, error.message);
}

for (const implementation of implementations) {
  const { name } = implementation;
  const suite = (title: string, body: (t: ExecutionContext, s: StoreUnderTest) => Promise<void>, options = {}): void => {
    test(`${name}: ${title}`, async (t) => {
      const under = await implementation.open(options);
      try {
        await body(t, under);
      } finally {
        await under.end();
      }
    });
  };

  suite('nothing written → nothing there', async (t, { store }) => {
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

  suite('accepted transaction → read before it is durable', async (t, { store }) => {
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
    suite(`${what} overwrite over block borders → old bytes around it stay`, async (t, s) => {
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

  suite('write beyond the end → zeros between, a hole where whole blocks allow', async (t, { store }) => {
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

  suite('truncate down and up → zeros, never the old bytes', async (t, s) => {
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

  suite('zero → reads as zeros, gives whole blocks back, keeps the size', async (t, { store }) => {
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

  suite('remove → gone with xattrs and omap; made again it is empty', async (t, s) => {
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

  suite('omap → ordered by bytes, over what is stored and what is not yet', async (t, s) => {
    const set = (...keys: number[][]): Mutation => ({
      kind: 'omap-set',
      pg,
      object,
      entries: keys.map((key) => ({ key: Buffer.from(key), value: Buffer.from([key.length]) })),
    });
    await s.store.commit([set([200], [1, 0], [1], [255, 255])]);
    await s.restart();
    await s.store.commit([set([1, 0, 0], [100]), { kind: 'omap-remove', pg, object, keys: [Buffer.from([200]), Buffer.from([7])] }]);
    const keys = (after: number[], max: number): number[][] =>
      s.store.omapRange(pg, object, Buffer.from(after), max).map((e) => [...e.key]);
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

  suite('objects and meta → listed in order of UTF-8 bytes, page by page', async (t, s) => {
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
    for (let tries = 0; s.store.usage().objects !== 2 && tries < 1000; tries++)
      await s.store.commit([{ kind: 'touch', pg, object: 'new' }]);
    t.is(s.store.usage().objects, 2);
  });

  suite('shelf → hidden until it takes the place of the object, whole, with data, xattrs and omap', async (t, s) => {
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

  suite('shelf left behind → removed piece by piece, or with its collection', async (t, s) => {
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

  suite('crash → every acknowledged transaction is there, none in part', async (t, s) => {
    const big = filled(200_000, 3);
    await s.store.commit([write(0, big), { kind: 'set-meta', pg, key: 'log', value: bytes('1') }]);
    void s.store.commit([write(0, filled(200_000, 4)), { kind: 'set-meta', pg, key: 'log', value: bytes('2') }]);
    await s.crash();
    const log = s.store.meta(pg, 'log')?.toString();
    t.true((await contents(s.store)).equals(log === '1' ? big : filled(200_000, 4)), `log ${log}`);
    await s.store.commit([write(100, bytes('again'))]);
    await s.crash();
    t.deepEqual(await contents(s.store, 100, 5), bytes('again'));
  });

  for (const when of ['open', 'closed'] as const) {
    suite(`record of an object damaged while ${when} → it alone is unreadable, changes leave it so, until it is removed`, async (t, s) => {
      const name = 'an-object-whose-record-is-damaged';
      const neighbour = 'its-neighbour';
      for (const each of [name, neighbour]) {
        await s.store.commit([
          { kind: 'write', pg, object: each, offset: 0, data: [filled(700_000, 3)] },
          { kind: 'set-xattr', pg, object: each, name: 'x', value: bytes('y') },
          { kind: 'omap-set', pg, object: each, entries: [{ key: bytes('k'), value: bytes('v') }] },
        ]);
      }
      await s.corruptRecord(pg, name, undefined, when);
      const isUnreadable = async (): Promise<void> => {
        for (const read of [
          () => s.store.stat(pg, name),
          () => s.store.xattr(pg, name, 'x'),
          () => s.store.xattrs(pg, name),
          () => s.store.omapGet(pg, name, [bytes('k')]),
          () => s.store.omapRange(pg, name, Buffer.alloc(0), 9),
          () => s.store.extents(pg, name, 0, 9),
          () => s.store.verify(pg, name),
        ])
          t.is(t.throws(read, { instanceOf: FsError }).code, 'EILSEQ');
        await rejectsWith(t, 'EILSEQ', s.store.read(pg, name, 0, 9));
        t.deepEqual(
          s.store.objects(pg, '', 9).map((listed) => [listed.name, listed.damaged, listed.stat.size]),
          [
            [name, true, 0],
            [neighbour, false, 700_000],
          ],
        );
        s.store.verify(pg, neighbour);
        t.deepEqual(Buffer.concat(await s.store.read(pg, neighbour, 0, 2 ** 40)), filled(700_000, 3));
      };
      await isUnreadable();
      await s.store.commit([
        { kind: 'write', pg, object: name, offset: 10, data: [bytes('more')] },
        { kind: 'set-version', pg, object: name, version: { interval: 9, counter: 9 }, mtimeMs: 9 },
        { kind: 'omap-clear', pg, object: name },
        { kind: 'set-meta', pg, key: 'log', value: bytes('entry') },
      ]);
      await isUnreadable();
      await s.crash();
      await isUnreadable();
      t.deepEqual(s.store.meta(pg, 'log'), bytes('entry'));
      await s.restart();
      await isUnreadable();
      await s.store.commit([
        { kind: 'remove', pg, object: name },
        { kind: 'write', pg, object: name, offset: 0, data: [bytes('new')] },
      ]);
      const isNew = async (): Promise<void> => {
        t.deepEqual(Buffer.concat(await s.store.read(pg, name, 0, 9)), bytes('new'));
        t.deepEqual(s.store.omapRange(pg, name, Buffer.alloc(0), 9), []);
        t.is(s.store.usage().objects, 2);
      };
      await isNew();
      await s.crash();
      await isNew();
      await s.restart();
      await isNew();
      t.is(s.store.usage().storedBytes, 4096 + Math.ceil(700_000 / 4096) * 4096);
    });

    suite(`record of an omap entry damaged while ${when} → EILSEQ to who reads it, until it is written again`, async (t, s) => {
      const keys = ['key-a', 'key-b', 'key-c'].map(bytes);
      await s.store.commit([{ kind: 'omap-set', pg, object, entries: keys.map((key) => ({ key, value: bytes('v') })) }]);
      await s.corruptRecord(pg, object, bytes('key-b'), when);
      t.is(t.throws(() => s.store.omapGet(pg, object, keys), { instanceOf: FsError }).code, 'EILSEQ');
      t.is(t.throws(() => s.store.omapRange(pg, object, Buffer.alloc(0), 9), { instanceOf: FsError }).code, 'EILSEQ');
      t.is(s.store.omapGet(pg, object, [bytes('key-a')]).length, 1);
      t.is(s.store.omapRange(pg, object, Buffer.alloc(0), 1).length, 1);
      t.is(s.store.stat(pg, object)?.size, 0);
      await s.store.commit([{ kind: 'omap-set', pg, object, entries: [{ key: bytes('key-b'), value: bytes('w') }] }]);
      t.is(s.store.omapRange(pg, object, Buffer.alloc(0), 9).length, 3);
      await s.corruptRecord(pg, object, bytes('key-b'), when);
      await s.store.commit([{ kind: 'remove', pg, object }]);
      await s.restart();
      t.is(s.store.stat(pg, object), undefined);
    });
  }

  suite('marked as damaged → as if its record were, also after a crash', async (t, s) => {
    await s.store.commit([write(0, bytes('hello'))]);
    await s.store.commit([
      { kind: 'remove', pg, object },
      { kind: 'mark-damaged', pg, object },
    ]);
    for (const again of [() => Promise.resolve(), () => s.crash(), () => s.restart()]) {
      await again();
      t.is(t.throws(() => s.store.stat(pg, object), { instanceOf: FsError }).code, 'EILSEQ');
      t.true(s.store.objects(pg, '', 9)[0]?.damaged);
    }
  });

  suite('damaged block → EILSEQ until it is written again, its neighbours are read', async (t, s) => {
    const blocks = Array.from({ length: 75 }, (_, i) => filled(4096, 100 + i));
    await s.store.commit([write(0, ...blocks)]);
    await s.corrupt(pg, object, 70_000);
    await rejectsWith(t, 'EILSEQ', s.store.read(pg, object, 69_999, 10));
    await rejectsWith(t, 'EILSEQ', contents(s.store));
    t.is((await contents(s.store, 0, 65_536)).length, 65_536);
    // Part of it is not enough: the rest is still unknown.
    await s.store.commit([write(70_100, filled(10, 5))]);
    await rejectsWith(t, 'EILSEQ', s.store.read(pg, object, 70_100, 10));
    await s.restart();
    await rejectsWith(t, 'EILSEQ', s.store.read(pg, object, 70_100, 10));
    await s.store.commit([write(65_536, filled(100_000, 4))]);
    t.deepEqual(await contents(s.store, 69_999, 2), filled(2, 4));
  });

  suite('bad arguments → EINVAL or EFBIG, nothing applied', async (t, { store }) => {
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

  suite('split → each object is in the collection that its hash falls to, nothing is copied; others are refused', async (t, s) => {
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

  suite(
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

  const seeds = Number(process.env['STORE_SEEDS'] ?? 5);
  for (let seed = 1; seed <= seeds; seed++) {
    suite(`random history, seed ${seed} → equals the model, after restarts and crashes too`, async (t, s) => {
      await runHistory(t, s, seed);
    });
  }
}

/**
 * Commits random transactions, some awaited, some not. After a crash the store must equal the model after
 * some prefix of them that has every acknowledged one.
 */
async function runHistory(t: ExecutionContext, s: StoreUnderTest, seed: number): Promise<void> {
  const roll = dice(seed);
  let model = emptyModel();
  for (let round = 0; round < 6; round++) {
    const base = cloneModel(model);
    const since: Mutation[][] = [];
    let acknowledged = 0;
    let last: Promise<void> = Promise.resolve();
    const count = roll(60);
    for (let i = 0; i < count; i++) {
      const transaction = randomTransaction(roll, pgNumOf(model.daemon.get('pgNum')));
      const length = since.push(transaction);
      applyToModel(model, transaction);
      last = s.store.commit(transaction).then(() => {
        t.is(acknowledged, length - 1, 'acknowledged in order');
        acknowledged = length;
      });
      if (roll(4) === 0) await last;
      if (roll(12) === 0) t.deepEqual(await dumpStore(s.store, daemonKeys), dumpModel(model), `seed ${seed}: live`);
    }
    const end = roll(3);
    if (end === 2) {
      await s.crash();
      model = await prefixFound(t, s.store, base, since, acknowledged);
    } else {
      if (end === 0) await s.restart();
      else await last;
      t.deepEqual(await dumpStore(s.store, daemonKeys), dumpModel(model), `seed ${seed}: round ${round}`);
    }
  }
}

/** The model that the store equals after a crash: `base` and the first `n >= atLeast` transactions. */
async function prefixFound(
  t: ExecutionContext,
  store: ObjectStore,
  base: Model,
  since: readonly Mutation[][],
  atLeast: number,
): Promise<Model> {
  const dump = await dumpStore(store, daemonKeys);
  const found = JSON.stringify(dump);
  const model = base;
  for (const transaction of since.slice(0, atLeast)) applyToModel(model, transaction);
  const acknowledgedOnly = dumpModel(model);
  for (const transaction of [...since.slice(atLeast), undefined]) {
    if (JSON.stringify(dumpModel(model)) === found) return model;
    if (transaction) applyToModel(model, transaction);
  }
  t.deepEqual(dump, acknowledgedOnly, `after the crash: no prefix with the ${atLeast} acknowledged of ${since.length} transactions`);
  return model;
}
