/** Every store of a monitor keeps the same promises. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { crc32c } from '@node-rs/crc32';
import { open } from 'lmdb';
import { encodeMap } from '../../common/maps/codec.ts';
import { emptyMap } from '../../common/maps/empty-map.ts';
import { epoch } from '../../common/maps/ids.ts';
import { LmdbStore } from '../../mon/store/lmdb.ts';
import { MemoryDisk, MemoryStore } from '../../mon/store/memory.ts';
import type { MapCommit, MonStore } from '../../mon/store/mon-store.ts';
import { loseFreeList } from '../support/lmdb-damage.ts';
import { nodeEnv } from './object-store/stores.ts';
import { sourceFlag } from '../support/source-flag.ts';

const fsid = '0c9d3f0e-7f55-4a36-9df6-5a1a7b1c2d3e';

function lmdbStore(directory: string): LmdbStore {
  return new LmdbStore(directory, { log: nodeEnv().log });
}

/** Makes a place for a store; `again` opens what is there after the process that had it is gone. */
interface Place {
  readonly store: MonStore;
  again(): MonStore;
  remove(): void;
}

const places: Readonly<Record<string, () => Place>> = {
  memory: () => {
    const disk = new MemoryDisk();
    return { store: new MemoryStore({ disk }), again: () => new MemoryStore({ disk }), remove: () => undefined };
  },
  lmdb: () => {
    const directory = mkdtempSync(join(tmpdir(), 'nacre-mon-'));
    return { store: lmdbStore(directory), again: () => lmdbStore(directory), remove: () => rmSync(directory, { recursive: true }) };
  },
};

function commit(at: number, changes: Partial<MapCommit> = {}): MapCommit {
  return { fsid, epoch: at, increment: Buffer.from(`increment ${at}`), full: undefined, trimTo: 0, ...changes };
}

function full(at: number): Buffer {
  return encodeMap({ ...emptyMap(fsid), epoch: epoch(at) });
}

for (const [name, make] of Object.entries(places)) {
  test(`${name}: empty → nothing`, async (t) => {
    const place = make();
    await place.store.open();
    t.is(await place.store.load(), undefined);
    await place.store.close();
    place.remove();
  });

  test(`${name}: commits → are there again after the next open`, async (t) => {
    const place = make();
    await place.store.open();
    await place.store.commit(commit(1, { increment: undefined, full: full(1) }));
    for (let at = 2; at <= 12; at++) await place.store.commit(commit(at));
    await place.store.close();
    const again = place.again();
    await again.open();
    const stored = await again.load();
    t.is(stored?.fsid, fsid);
    t.is(stored?.fullEpoch, 1);
    t.deepEqual(stored?.full, full(1));
    t.deepEqual(
      stored?.increments.map((increment) => increment.epoch),
      [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    );
    t.is(stored?.increments[10]?.bytes.toString(), 'increment 12');
    await again.close();
    place.remove();
  });

  test(`${name}: record of leases → the newest is there again, beside the map, with or without one`, async (t) => {
    const place = make();
    await place.store.open();
    t.is(await place.store.loadLeases(), undefined);
    await place.store.saveLeases(Buffer.from('first'));
    t.is(await place.store.load(), undefined, 'a store with leases alone is still empty');
    await Promise.all([
      place.store.commit(commit(1, { increment: undefined, full: full(1) })),
      place.store.saveLeases(Buffer.from('second')),
      place.store.commit(commit(2)),
    ]);
    await place.store.close();
    const again = place.again();
    await again.open();
    t.is((await again.loadLeases())?.toString(), 'second');
    t.is((await again.load())?.increments.length, 1);
    await again.close();
    place.remove();
  });

  test(`${name}: trimmed → older increments are gone, the rest is in order`, async (t) => {
    const place = make();
    await place.store.open();
    await place.store.commit(commit(1, { increment: undefined, full: full(1) }));
    for (let at = 2; at <= 9; at++) await place.store.commit(commit(at));
    await place.store.commit(commit(10, { full: full(10), trimTo: 7 }));
    const stored = await place.store.load();
    t.is(stored?.fullEpoch, 10);
    t.deepEqual(
      stored?.increments.map((increment) => increment.epoch),
      [8, 9, 10],
    );
    await place.store.close();
    place.remove();
  });
}

test('lmdb: a second process on the same directory → EBUSY; after the first closed → fine', async (t) => {
  const place = (places['lmdb'] as () => Place)();
  await place.store.open();
  await t.throwsAsync(place.again().open(), { code: 'EBUSY', message: /in use by another process/ });
  await place.store.close();
  const again = place.again();
  await again.open();
  await again.close();
  place.remove();
});

/** A store that says of itself to be of that format. */
async function storeOfFormat(format: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'nacre-mon-'));
  const foreign = open<Buffer, string>({ path: join(directory, 'mon.lmdb'), noSubdir: true, encoding: 'binary' });
  const text = Buffer.from(format);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(crc32c(text));
  await foreign.put('format', Buffer.concat([text, checksum]));
  await foreign.close();
  return directory;
}

test('lmdb: of before leases were recorded → is read, and is of today with the first record', async (t) => {
  const directory = await storeOfFormat('nacre-mon 1');
  const store = lmdbStore(directory);
  await store.open();
  t.is(await store.loadLeases(), undefined);
  await store.saveLeases(Buffer.from('leases'));
  await store.close();
  const file = open<Buffer, string>({ path: join(directory, 'mon.lmdb'), noSubdir: true, encoding: 'binary' });
  t.is(file.get('format')?.subarray(0, -4).toString(), 'nacre-mon 2');
  await file.close();
  rmSync(directory, { recursive: true });
});

test('lmdb: another format → EILSEQ that names both; the store can be opened by its own release', async (t) => {
  const directory = await storeOfFormat('nacre-mon 99');
  await t.throwsAsync(lmdbStore(directory).open(), { code: 'EILSEQ', message: /"nacre-mon 99".*"nacre-mon 2"/ });
  await t.throwsAsync(lmdbStore(directory).open(), { code: 'EILSEQ' }, 'the lock was given back');
  rmSync(directory, { recursive: true });
});

test('lmdb: where no directory can be → says so', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'nacre-mon-'));
  const file = join(directory, 'file');
  writeFileSync(file, '');
  await t.throwsAsync(lmdbStore(file).open(), { code: 'ENOTDIR', message: /cannot use .*file/ });
  await t.throwsAsync(lmdbStore(join(file, 'below')).open(), { code: 'ENOTDIR' });
  await t.throwsAsync(lmdbStore('/proc/nacre/mon').open(), { name: 'FsError' });
  const deep = lmdbStore(join(directory, 'a/b/c'));
  await deep.open();
  await deep.close();
  rmSync(directory, { recursive: true });
});

test('lmdb: killed between commits → every commit that resolved is there', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'nacre-mon-'));
  // A process that commits and is then killed by itself, without closing anything.
  const script = `
    import { LmdbStore } from '${join(import.meta.dirname, '../../mon/store/lmdb.ts')}';
    const store = new LmdbStore(process.argv[1], { log: undefined });
    await store.open();
    await store.commit({ fsid: '${fsid}', epoch: 1, increment: undefined, full: Buffer.from('${full(1).toString('hex')}', 'hex'), trimTo: 0 });
    for (let epoch = 2; epoch <= 40; epoch++) await store.commit({ fsid: '${fsid}', epoch, increment: Buffer.from('x'), full: undefined, trimTo: 0 });
    process.kill(process.pid, 'SIGKILL');
  `;
  t.throws(() => execFileSync(process.execPath, [sourceFlag, '--input-type=module', '-e', script, directory], { stdio: 'pipe' }));
  // What a power cut would leave is the file as it is, without the lock file's reader table.
  const copy = mkdtempSync(join(tmpdir(), 'nacre-mon-'));
  cpSync(join(directory, 'mon.lmdb'), join(copy, 'mon.lmdb'));
  for (const place of [directory, copy]) {
    const store = lmdbStore(place);
    await store.open();
    t.is((await store.load())?.increments.at(-1)?.epoch, 40);
    await store.close();
    rmSync(place, { recursive: true });
  }
});

test('lmdb: its list of free pages is lost → commits go on, nothing that was committed is gone', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'nacre-mon-'));
  const before = lmdbStore(directory);
  await before.open();
  await before.commit(commit(1, { increment: undefined, full: full(1) }));
  for (let at = 2; at <= 20; at++) await before.commit(commit(at));
  await before.close();
  loseFreeList(join(directory, 'mon.lmdb'));
  const store = lmdbStore(directory);
  await store.open();
  for (let at = 21; at <= 25; at++) await store.commit(commit(at, { trimTo: 3 }));
  await store.close();
  const after = lmdbStore(directory);
  await after.open();
  const stored = await after.load();
  t.deepEqual(stored?.full, full(1));
  t.deepEqual(
    stored?.increments.map((increment) => [increment.epoch, increment.bytes.toString()]),
    Array.from({ length: 22 }, (_, i) => [i + 4, `increment ${i + 4}`]),
  );
  await after.close();
  rmSync(directory, { recursive: true });
});

test('lmdb: a file that is none, is cut short, or has a bit flipped → EILSEQ and what to do, never a crash', async (t) => {
  const damages: readonly ((path: string) => void)[] = [
    (path) => writeFileSync(path, 'garbage'),
    (path) => writeFileSync(path, Buffer.alloc(100_000, 7)),
    (path) => truncateSync(path, 5_000),
    (path) => truncateSync(path, 8_192),
    (path) => {
      const bytes = readFileSync(path);
      // Every copy of the map, in used and in free pages.
      for (let at = bytes.indexOf(fsid); at >= 0; at = bytes.indexOf(fsid, at + 1)) bytes[at] = 0x58;
      writeFileSync(path, bytes);
    },
  ];
  for (const damage of damages) {
    const directory = mkdtempSync(join(tmpdir(), 'nacre-mon-'));
    const store = lmdbStore(directory);
    await store.open();
    await store.commit(commit(1, { increment: undefined, full: full(1) }));
    for (let at = 2; at < 40; at++) await store.commit(commit(at, { increment: Buffer.alloc(500, at) }));
    await store.close();
    damage(join(directory, 'mon.lmdb'));
    const damaged = lmdbStore(directory);
    await t.throwsAsync(
      async () => {
        await damaged.open();
        await damaged.load();
      },
      { code: 'EILSEQ', message: /restore it from a copy/ },
    );
    await damaged.close();
    rmSync(directory, { recursive: true });
  }
});
