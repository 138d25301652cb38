/** What every object store promises when bits have flipped: whoever needs what is damaged hears of it, nobody else does. */
import { FsError } from '../../common/errors/fs-error.ts';
import { bytes, contents, filled, object, onEveryStore, pg, rejectsWith, write } from './object-store/on-every-store.ts';

for (const when of ['open', 'closed'] as const) {
  onEveryStore(
    `record of an object damaged while ${when} → it alone is unreadable, changes leave it so, until it is removed`,
    async (t, s) => {
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
    },
  );

  onEveryStore(`record of an omap entry damaged while ${when} → EILSEQ to who reads it, until it is written again`, async (t, s) => {
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

onEveryStore('marked as damaged → as if its record were, also after a crash', async (t, s) => {
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

onEveryStore('damaged block → EILSEQ until it is written again, its neighbours are read', async (t, s) => {
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
