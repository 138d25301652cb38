/**
 * Opening a store that is not as it was left: damage, strangers, neighbours. Each is refused in words that say
 * what to do, and nothing is lost silently.
 */
import { cpSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type ErrorCode, FsError } from '../../../../common/errors/fs-error.ts';
import { pgId, poolId } from '../../../../common/maps/ids.ts';
import { BlockStore, type BlockStoreOptions } from '../../../../osd/store/block.ts';
import type { Mutation } from '../../../../osd/store/object-store.ts';
import { FaultDisk } from '../../../conformance/object-store/fault-disk.ts';
import { nodeEnv } from '../../../conformance/object-store/stores.ts';

const pg = pgId(poolId(1), 0);
const segmentBytes = 1 << 20;

interface Place {
  readonly dataDir: string;
  readonly disk: FaultDisk;
  make(options?: Partial<BlockStoreOptions>): BlockStore;
  file(name: string): string;
}

/** Runs `body` with an empty folder, its block file and log on a disk in memory. */
async function inPlace(body: (place: Place) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'nacre-open-'));
  const disk = new FaultDisk(() => 1);
  const make = (options: Partial<BlockStoreOptions> = {}): BlockStore =>
    new BlockStore(nodeEnv({ disk }), { dataDir, fsid: 'f-1', reserveBytes: 0, logSegmentBytes: segmentBytes, ...options });
  try {
    await body({ dataDir, disk, make, file: (name) => join(dataDir, name) });
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** A store with `count` transactions in the log only, each in a write of its own; its process is gone. */
async function crashed(place: Place, count: number): Promise<void> {
  const store = place.make();
  await store.start();
  for (let i = 0; i < count; i++) await store.commit([{ kind: 'set-meta', pg, key: `k${i}`, value: Buffer.alloc(100, i + 1) }]);
  await store.crash();
}

async function refuses(t: ExecutionContext, store: BlockStore, code: ErrorCode, message: RegExp): Promise<void> {
  const error = await t.throwsAsync(store.start(), { instanceOf: FsError });
  t.is(error.code, code, error.message);
  t.regex(error.message, message);
}

const recordOffset = (i: number): number => {
  // One record: header 32, collection step (1 + cid 1 + key 1+3), meta step (1 + cid 1 + key 1+2 + value 1+100).
  const first = Math.ceil((32 + 6 + 106) / 8) * 8;
  const other = Math.ceil((32 + 106) / 8) * 8;
  return 4096 + (i === 0 ? 0 : first + (i - 1) * other);
};

test('log: ends in a record cut short → opens with all before it', async (t) => {
  await inPlace(async (place) => {
    await crashed(place, 5);
    place.disk.damage(place.file('log'), recordOffset(4) + 40);
    const store = place.make();
    await store.start();
    t.deepEqual(
      store.metaRange(pg, 'k', 'l').map(({ key }) => key),
      ['k0', 'k1', 'k2', 'k3'],
    );
    await store.commit([{ kind: 'set-meta', pg, key: 'k9', value: Buffer.alloc(1) }]);
    await store.crash();
    const again = place.make();
    await again.start();
    t.deepEqual(
      again.metaRange(pg, 'k', 'l').map(({ key }) => key),
      ['k0', 'k1', 'k2', 'k3', 'k9'],
    );
    await again.stop();
  });
});

for (const damaged of [0, 2]) {
  test(`log: record ${damaged} of 5, durable once, is damaged → EILSEQ, nothing is made of the rest`, async (t) => {
    await inPlace(async (place) => {
      await crashed(place, 5);
      place.disk.damage(place.file('log'), recordOffset(damaged) + 40);
      await refuses(t, place.make(), 'EILSEQ', new RegExp(`log is damaged: transaction ${damaged + 1} was durable.*start this OSD again`));
      // It stays that way.
      await refuses(t, place.make(), 'EILSEQ', /log is damaged/);
    });
  });
}

test('log: a record of an earlier life where the next would come → not taken', async (t) => {
  await inPlace(async (place) => {
    await crashed(place, 5);
    for (let life = 0; life < 3; life++) {
      const store = place.make();
      await store.start();
      await store.commit([{ kind: 'set-meta', pg, key: 'k0', value: Buffer.alloc(100, 50 + life) }]);
      await store.crash();
    }
    const store = place.make();
    await store.start();
    t.is(store.meta(pg, 'k0')?.[0], 52);
    t.is(store.metaRange(pg, 'k', 'l').length, 5);
    await store.stop();
  });
});

test('store: of another cluster → EINVAL', async (t) => {
  await inPlace(async (place) => {
    await crashed(place, 1);
    await refuses(t, place.make({ fsid: 'f-2' }), 'EINVAL', /belongs to cluster f-1, not to f-2; give this OSD another data directory/);
    const store = place.make();
    await store.start();
    await store.stop();
  });
});

test('store: open in another → EBUSY, and free again after it', async (t) => {
  await inPlace(async (place) => {
    const store = place.make();
    await store.start();
    await refuses(t, place.make(), 'EBUSY', /is in use by another process: stop that daemon first/);
    await store.stop();
    const next = place.make();
    await next.start();
    await next.stop();
  });
});

test('block file or log: of another store → EINVAL; superblock damaged → EILSEQ', async (t) => {
  for (const name of ['block', 'log']) {
    await inPlace(async (place) => {
      await crashed(place, 1);
      place.disk.damage(place.file(name), 20);
      await refuses(t, place.make(), 'EILSEQ', new RegExp(`/${name}: the superblock is damaged .*start this OSD again`));
    });
    await inPlace(async (place) => {
      await crashed(place, 1);
      await inPlace(async (stranger) => {
        await crashed(stranger, 1);
        const theirs = await stranger.disk.open(stranger.file(name), { create: false });
        const ours = await place.disk.open(place.file(name), { create: false });
        await ours.write(0, [await theirs.read(0, 4096)]);
      });
      await refuses(t, place.make(), 'EINVAL', new RegExp(`/${name}: belongs to another store`));
    });
  }
});

test('metadata database: lost → EILSEQ, never a new store over the old blocks', async (t) => {
  await inPlace(async (place) => {
    await crashed(place, 1);
    rmSync(place.file('meta.mdb'));
    await refuses(t, place.make(), 'EILSEQ', /metadata database of this store is missing.*start this OSD again/);
  });
});

for (const name of ['block', 'log']) {
  test(`${name} file: gone → EILSEQ, never an empty one in its place`, async (t) => {
    await inPlace(async (place) => {
      await crashed(place, 1);
      await place.disk.remove(place.file(name));
      for (let attempt = 0; attempt < 2; attempt++)
        await refuses(t, place.make(), 'EILSEQ', new RegExp(`/${name}: is missing or empty.*start this OSD again`));
    });
  });
}

test('metadata database and block file: gone, the log is left → EILSEQ; all gone → a new store', async (t) => {
  await inPlace(async (place) => {
    await crashed(place, 1);
    rmSync(place.file('meta.mdb'));
    await place.disk.remove(place.file('block'));
    await refuses(t, place.make(), 'EILSEQ', /metadata database of this store is missing.*start this OSD again/);
    rmSync(place.file('meta.mdb'));
    await place.disk.remove(place.file('block'));
    await place.disk.remove(place.file('log'));
    const store = place.make();
    await store.start();
    t.deepEqual(store.collections(), []);
    await store.stop();
  });
});

for (const how of ['stopped', 'killed']) {
  for (const bytes of [100, 100_000]) {
    test(`block file: cut short by its last block, the store was ${how}, its object has ${bytes} bytes → EILSEQ`, async (t) => {
      await inPlace(async (place) => {
        let store = place.make();
        await store.start();
        await store.commit([{ kind: 'write', pg, object: 'o', offset: 0, data: [Buffer.alloc(bytes, 1)] }]);
        await store.stop();
        store = place.make();
        await store.start();
        await store.commit([{ kind: 'set-xattr', pg, object: 'o', name: 'x', value: Buffer.from('y') }]);
        await (how === 'killed' ? store.crash() : store.stop());
        const block = await place.disk.open(place.file('block'), { create: false });
        const { sizeBytes } = block;
        await block.truncate(sizeBytes - 4096);
        await refuses(
          t,
          place.make(),
          'EILSEQ',
          /\/block: ends at byte \d+, but objects have blocks up to byte \d+: it was cut short.*start this OSD again/,
        );
      });
    });
  }
}

test('metadata database: cut short or no database at all → EILSEQ', async (t) => {
  await inPlace(async (place) => {
    const store = place.make();
    await store.start();
    for (let i = 0; i < 2000; i++) void store.commit([{ kind: 'set-meta', pg, key: `k${i}`, value: Buffer.alloc(200) }]);
    await store.stop();
    truncateSync(place.file('meta.mdb'), 3 * 4096);
    await refuses(t, place.make(), 'EILSEQ', /meta.mdb: cannot be read/);
    await refuses(t, place.make(), 'EILSEQ', /meta.mdb: cannot be read/);
    truncateSync(place.file('meta.mdb'), 100);
    await refuses(t, place.make(), 'EILSEQ', /is not a database.*start this OSD again/);
    cpSync(process.execPath, place.file('meta.mdb'));
    await refuses(t, place.make(), 'EILSEQ', /is not a database.*start this OSD again/);
  });
});

test('making a store: interrupted → made again', async (t) => {
  await inPlace(async (place) => {
    place.disk.failure = new FsError('EIO', 'the disk reports an error');
    await t.throwsAsync(place.make().start(), { instanceOf: FsError });
    place.disk.failure = undefined;
    const store = place.make();
    await store.start();
    await store.commit([{ kind: 'touch', pg, object: 'o' }]);
    await store.stop();
  });
});

test('disk: fails under way → the commit and all later ones are refused, reads go on, what was durable is there', async (t) => {
  await inPlace(async (place) => {
    const store = place.make();
    await store.start();
    await store.commit([{ kind: 'write', pg, object: 'o', offset: 0, data: [Buffer.from('durable')] }]);
    place.disk.failure = new FsError('EIO', 'the disk reports an error');
    const lost = store.commit([{ kind: 'write', pg, object: 'o', offset: 100_000, data: [Buffer.alloc(200_000)] }]);
    t.is((await t.throwsAsync(lost, { instanceOf: FsError })).code, 'EIO');
    t.is((await t.throwsAsync(store.commit([{ kind: 'touch', pg, object: 'p' }]), { instanceOf: FsError })).code, 'EIO');
    t.is(store.stat(pg, 'o')?.size, 300_000);
    await store.stop();
    place.disk.failure = undefined;
    const again = place.make();
    await again.start();
    t.is(again.stat(pg, 'o')?.size, 7);
    t.is(Buffer.concat(await again.read(pg, 'o', 0, 100)).toString(), 'durable');
    await again.stop();
  });
});

test('log: an omap of many small entries copied at once, as recovery does → taken while it fits, and kept', async (t) => {
  await inPlace(async (place) => {
    const store = place.make();
    await store.start();
    const value = Buffer.alloc(100, 7);
    const key = (n: number): Buffer => Buffer.from(`${n}`.padStart(40, '0'));
    const count = Math.floor((segmentBytes * 0.8) / 160);
    const entries = Array.from({ length: count }, (_, n) => ({ key: key(n), value }));
    await store.commit([
      { kind: 'remove', pg, object: 'o' },
      { kind: 'touch', pg, object: 'o' },
      { kind: 'omap-set', pg, object: 'o', entries },
    ]);
    await store.crash();
    const again = place.make();
    await again.start();
    t.is(again.omapRange(pg, 'o', Buffer.alloc(0), count + 1).length, count);
    await again.stop();
  });
});

test('log: transactions beyond what it holds → EFBIG before anything is applied; many that fit → all kept', async (t) => {
  await inPlace(async (place) => {
    const store = place.make();
    await store.start();
    const value = Buffer.alloc(segmentBytes);
    const error = await t.throwsAsync(store.commit([{ kind: 'set-meta', pg, key: 'k', value }]), { instanceOf: FsError });
    t.is(error.code, 'EFBIG');
    t.deepEqual(store.collections(), []);
    const commits = Array.from({ length: 60 }, (_, i) =>
      store.commit([{ kind: 'set-meta', pg, key: `k${i}`, value: Buffer.alloc(200_000, i) }]),
    );
    await Promise.all(commits);
    await store.crash();
    const again = place.make();
    await again.start();
    for (let i = 0; i < 60; i++) t.true(again.meta(pg, `k${i}`)?.equals(Buffer.alloc(200_000, i)), `k${i}`);
    await again.stop();
  });
});

test('a large omap dropped → its entries leave the database, also when that is interrupted', async (t) => {
  await inPlace(async (place) => {
    let store = place.make();
    await store.start();
    const keys = Array.from({ length: 3000 }, (_, i) => ({ key: Buffer.from(`key ${i}`), value: Buffer.alloc(20, i) }));
    await store.commit([{ kind: 'omap-set', pg, object: 'o', entries: keys }]);
    await store.stop();
    store = place.make();
    await store.start();
    await store.commit([{ kind: 'omap-clear', pg, object: 'o' }]);
    await store.stop();
    store = place.make();
    await store.start();
    t.deepEqual(store.omapRange(pg, 'o', Buffer.alloc(0), 10), []);
    await store.commit([{ kind: 'omap-set', pg, object: 'o', entries: keys.slice(0, 2) }]);
    await store.stop();
    store = place.make();
    await store.start();
    t.is(store.omapRange(pg, 'o', Buffer.alloc(0), 10).length, 2);
    await store.stop();
  });
});

for (const [what, last] of [
  ['removed', { kind: 'remove', pg, object: 'a', shelf: true }],
  ['put in place', { kind: 'unshelve', pg, object: 'a' }],
] as const) {
  test(`log: an object of a generation on its way into the database is ${what} in the next, crash at any slice → opens, blocks owned once`, async (t) => {
    for (let turns = 1; turns < 2_000; turns = Math.ceil(turns * 1.7)) {
      await inPlace(async (place) => {
        const store = place.make({ sliceEntries: 1 });
        await store.start();
        const data = [Buffer.alloc(700_000, 7)];
        await store.commit([{ kind: 'write', pg, object: 'a', offset: 0, data, shelf: true }]);
        const filler = (key: string): Mutation => ({ kind: 'set-meta', pg, key, value: Buffer.alloc(600_000, 1) });
        await store.commit([filler('k1')]);
        // It does not fit the segment: another generation begins, and the first goes into the database.
        await store.commit([last, filler('k2')]);
        // Of the same blocks, if they are free.
        await store.commit([{ kind: 'write', pg, object: 'b', offset: 0, data }]);
        for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
        await store.crash();
        const next = place.make();
        await next.start();
        t.is(next.stat(pg, 'a')?.size, last.kind === 'unshelve' ? 700_000 : undefined);
        for (const object of last.kind === 'unshelve' ? ['a', 'b'] : ['b'])
          t.true(Buffer.concat(await next.read(pg, object, 0, 700_000)).equals(data[0] as Buffer));
        t.deepEqual(next.shelved(pg, 9), []);
        t.is(next.usage().storedBytes, (last.kind === 'unshelve' ? 2 : 1) * 171 * 4096);
        await next.stop();
      });
    }
  });
}

test('log: an omap that was changed, dropped and begun anew, crash while that goes into the database → the new one only', async (t) => {
  const set = (key: string): Mutation => ({
    kind: 'omap-set',
    pg,
    object: 'a',
    entries: [{ key: Buffer.from(key), value: Buffer.alloc(1) }],
  });
  for (let turns = 100; turns < 4_000; turns = Math.ceil(turns * 1.4)) {
    await inPlace(async (place) => {
      const first = place.make();
      await first.start();
      await first.commit([set('old')]);
      await first.stop();
      const store = place.make({ sliceEntries: 1 });
      await store.start();
      await store.commit([set('changed')]);
      await store.commit([{ kind: 'omap-clear', pg, object: 'a' }]);
      await store.commit([set('new')]);
      await store.commit(Array.from({ length: 30 }, (_, i) => ({ kind: 'touch', pg, object: `b${i}` }) as const));
      const filler = (key: string): Mutation => ({ kind: 'set-meta', pg, key, value: Buffer.alloc(600_000, 1) });
      await store.commit([filler('k1')]);
      await store.commit([filler('k2')]);
      for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
      await store.crash();
      const next = place.make();
      await next.start();
      const keys = next.omapRange(pg, 'a', Buffer.alloc(0), 9).map(({ key }) => key.toString());
      t.deepEqual(keys, ['new'], `crash after ${turns} turns`);
      await next.stop();
    });
  }
});
