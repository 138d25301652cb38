/**
 * Files with holes: where data is found, by the host that wrote it and by others.
 * @module
 */
import test from 'ava';
import type { PathFile } from '../../fuse-client/client/path-file.ts';
import { dataObjects } from '../support/data-objects.ts';
import { tell } from '../support/tell.ts';

const block = 4096;
const seekData = 3;
const seekHole = 4;

/** The ranges of data as a backup tool finds them. */
async function dataOf(file: PathFile): Promise<[from: number, to: number][]> {
  const found: [number, number][] = [];
  for (let at = 0; ;) {
    const from = await file.seek(at, seekData).catch(() => undefined);
    if (from === undefined) return found;
    at = await file.seek(from, seekHole);
    found.push([from, at]);
  }
}

test('sparse: written here and there → found as data before and after it is written back, and by another host', async (t) => {
  await tell(1, async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    const file = await a.paths.open('/f', 'w+');
    await file.truncate(2 ** 28);
    t.deepEqual(await dataOf(file), []);
    t.is(await file.seek(5, seekHole), 5);
    await file.write(Buffer.alloc(block, 1), 0);
    await file.write(Buffer.alloc(100, 2), 10 * block + 7);
    await file.write(Buffer.alloc(5 << 20, 3), 6 << 20);
    const far = 2 ** 27;
    await file.write('x', far);
    const expected: [number, number][] = [
      [0, block],
      [10 * block, 11 * block],
      [6 << 20, 11 << 20],
      [far, far + block],
    ];
    t.deepEqual(await dataOf(file), expected);
    await file.fsync();
    t.deepEqual(await dataOf(file), expected);
    await file.write('y', block);
    const other = await b.paths.open('/f', 'r');
    t.is(await other.seek(1, seekHole), 2 * block, 'what the first had buffered is found too');
    await t.throwsAsync(other.seek(far + block, seekData), { code: 'ENXIO' });
    await t.throwsAsync(other.seek(2 ** 28, seekHole), { code: 'ENXIO' });
    t.is(await other.seek(2 ** 28 - 1, seekHole), 2 ** 28 - 1);
    await file.allocate(3, 0, 2 * block);
    t.is(await other.seek(0, seekData), 10 * block, 'a punched hole is one for both');
    await other.close();
    await file.close();
  });
});

test('sparse: st_blocks → what is data, for the writer and for others, however it came about', async (t) => {
  await tell(2, async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    const file = await a.paths.open('/f', 'w+');
    const blocks = async (): Promise<[here: number, there: number]> => {
      const here = (await file.stat()).blocks / 8;
      return [here, (await b.paths.stat('/f')).blocks / 8];
    };
    await file.truncate(2 ** 40);
    t.deepEqual(await blocks(), [0, 0], 'all hole');
    await file.write(Buffer.alloc(10 * block, 1), 0);
    t.is((await file.stat()).blocks, 80);
    t.deepEqual(await blocks(), [10, 10], 'written from the start on');
    await file.write(Buffer.alloc(5 * block, 2), 2 ** 27);
    await file.write(Buffer.alloc(5 * block, 3), 2 ** 27);
    await file.write('x', 2 ** 31 - 1);
    t.true((await file.stat()).blocks / 8 >= 16);
    await file.fsync();
    await cluster.world.sleep(10_000);
    t.deepEqual(await blocks(), [16, 16], 'written behind holes, some of it twice');
    await file.write(Buffer.alloc(block, 4), 2 ** 27 + block);
    await file.fsync();
    await cluster.world.sleep(10_000);
    t.deepEqual(await blocks(), [16, 16], 'written over');
    await file.allocate(3, block, 2 * block);
    await file.allocate(3, 2 ** 27 - 100, block + 100);
    t.deepEqual(await blocks(), [13, 13], 'punched');
    await file.truncate(2 ** 27 + 3 * block);
    t.deepEqual(await blocks(), [10, 10], 'cut');
    await file.truncate(2 ** 20);
    t.deepEqual(await blocks(), [8, 8], 'cut to its head');
    await file.truncate(0);
    t.deepEqual(await blocks(), [0, 0]);
    await file.write(Buffer.alloc(3 * block + 1));
    await file.truncate(3 * block - 1);
    await file.truncate(3 * block);
    t.deepEqual(await blocks(), [3, 3], 'cut before anything was told');
    await file.truncate(2 ** 30);
    // Whole blocks of the cache go out at once.
    await file.write(Buffer.alloc(3 << 20, 1), 2 ** 29);
    await file.fsync();
    t.deepEqual(await blocks(), [771, 771], 'written behind a hole, much at once');
    await file.close();
  });
});

test('sparse: several hosts write to a file with holes → none takes it for emptier than it is', async (t) => {
  await tell(3, async (cluster) => {
    const hosts = [await cluster.connect('a'), await cluster.connect('b')];
    const files = await Promise.all(hosts.map(({ paths }) => paths.open('/f', 'a+').then((file) => file)));
    const plain = await Promise.all(hosts.map(({ paths }) => paths.open('/g', 'a+').then(() => paths.open('/g', 'r+'))));
    for (let i = 0; i < 20; i++) await Promise.all(files.map((file) => file.write('line\n')));
    t.is((await hosts[0]?.paths.stat('/f'))?.blocks, 8);
    await plain[0]?.truncate(2 ** 32);
    for (const [i, file] of [...plain, ...plain].entries()) await file.write(Buffer.alloc(2 * block, 1 + i), (1 + (i % 2)) * (1 << 24));
    t.is((await hosts[1]?.paths.stat('/g'))?.blocks, 32);
    await plain[1]?.allocate(3, 1 << 24, block);
    t.is((await hosts[0]?.paths.stat('/g'))?.blocks, 24);
    await Promise.all(plain.map((file) => file.truncate(1 << 22)));
    t.is((await hosts[1]?.paths.stat('/g'))?.blocks, 0);
    for (const file of [...files, ...plain]) await file.close();
  });
});

test('sparse: the writer dies after fsync, or the MDS does → still data', async (t) => {
  await tell(4, async (cluster) => {
    const a = await cluster.connect('a');
    const file = await a.paths.open('/f', 'w+');
    await file.truncate(2 ** 30);
    await file.fsync();
    await file.write(Buffer.alloc(block, 1), 2 ** 29);
    await file.fdatasync();
    cluster.crashClient('a');
    cluster.crash('mds.a');
    await cluster.boot('mds.a');
    const b = await cluster.connect('b');
    const { blocks } = await b.paths.stat('/f');
    t.true(blocks >= 8, String(blocks));
    const other = await b.paths.open('/f');
    t.is(await other.seek(0, seekData), 2 ** 29);
    await other.close();
  });
});

test('sparse: the writer dies before it could tell what it has written → found; written over or punched beside, never shown as empty', async (t) => {
  await tell(6, async (cluster) => {
    const a = await cluster.connect('a');
    const left = Buffer.alloc(1 << 20, 1);
    for (const path of ['/over', '/beside']) {
      const file = await a.paths.open(path, 'w+');
      await file.truncate(2 ** 30);
      await file.fsync();
      // A full block goes out at once, what is told of it later.
      await file.write(left, 2 ** 29);
    }
    await cluster.world.sleep(300);
    cluster.crashClient('a');
    const b = await cluster.connect('b');
    const over = await b.paths.open('/over', 'r+');
    t.is((await over.read(10, 2 ** 29)).toString('hex'), '01'.repeat(10));
    t.is(await over.seek(0, seekData), 2 ** 29, 'what can be read can be found');
    await over.write(Buffer.alloc(1 << 20, 2), 2 ** 29);
    await over.fsync();
    t.true((await over.stat()).blocks >= 2048);
    const beside = await b.paths.open('/beside', 'r+');
    await beside.write(Buffer.alloc(2 * block, 3), 2 ** 28);
    await beside.fsync();
    await beside.allocate(3, 2 ** 29, 1 << 20);
    t.true((await beside.stat()).blocks > 0);
    t.is(await beside.seek(2 ** 28 + 2 * block, seekHole), 2 ** 28 + 2 * block);
    await beside.fsync();
    const c = await cluster.connect('c');
    for (const path of ['/over', '/beside']) t.true((await c.paths.stat(path)).blocks > 0, path);
  });
});

test('sparse: what the OSDs had is asked again when they have the write already, or the punch → st_blocks is too much for a moment, and right when nobody writes (seed 8454011)', async (t) => {
  await tell(7, async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    const { fabric } = cluster.world;
    /** Requests get there, and the OSDs are gone before an answer is back. */
    const unheard = async <T>(changing: () => Promise<T>): Promise<void> => {
      fabric.partition(cluster.osdNames, ['a'], { oneWay: true });
      const done = changing();
      await cluster.world.sleep(100);
      for (const osd of cluster.osdNames) cluster.crash(osd);
      fabric.heal();
      for (const osd of cluster.osdNames) await cluster.boot(osd);
      await done;
    };
    /** When the MDS knows how far the file may be written. */
    const written = async (file: PathFile, blocks: number, at: number): Promise<void> => {
      await file.write(Buffer.alloc(blocks * block, 1), at * block);
      await cluster.world.sleep(30);
    };
    const agree = async (path: string, blocks: number): Promise<void> => {
      await cluster.world.sleep(6_000);
      for (const { paths } of [a, b]) t.is((await paths.stat(path)).blocks / 8, blocks, path);
    };

    /** The second write finds the data of the first, behind a hole. */
    const overwritten = async (path: string): Promise<PathFile> => {
      const file = await a.paths.open(path, 'w+');
      for (const blocks of [6, 8]) {
        await written(file, blocks, 100);
        await unheard(() => file.fsync());
      }
      t.is((await file.stat()).blocks / 8, 14);
      return file;
    };

    const file = await overwritten('/f');
    await agree('/f', 8);
    await file.close();
    const asked = await overwritten('/asked');
    t.is((await b.paths.stat('/asked')).blocks / 8, 8, 'asked for by another');
    await asked.close();
    const punched = await a.paths.open('/g', 'w+');
    await punched.write(Buffer.alloc(8 * block, 1), 100 * block);
    await punched.fsync();
    await unheard(() => punched.allocate(3, 100 * block, 5 * block));
    await agree('/g', 3);
    await punched.close();
    const cut = await overwritten('/cut');
    await cut.truncate(107 * block);
    for (const { paths } of [a, b]) t.is((await paths.stat('/cut')).blocks / 8, 7);
    await cut.close();
  });
});

test('sparse: cut while what was written is on its way → what is left is counted, for all', async (t) => {
  await tell(
    3,
    async (cluster) => {
      const a = await cluster.connect('a');
      const b = await cluster.connect('b');
      const file = await a.paths.open('/f', 'w+');
      await file.write(Buffer.alloc(4 * block, 1), 1000 * block);
      await file.write(Buffer.alloc(block, 2), 0);
      // Its attributes are about to be told, and wait for the data as the cut does.
      await cluster.world.sleep(220);
      await file.truncate(400 * block);
      t.is((await file.stat()).blocks / 8, 1);
      t.is((await b.paths.stat('/f')).blocks / 8, 1);
      await file.close();
    },
    { commitDelayMs: 400, clientConfig: { writeBackDelayMs: 200 } },
  );
});

test('sparse: told of while there is something dirty, then asked for by another → what has been counted then', async (t) => {
  await tell(8, async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    const file = await a.paths.open('/f', 'w+');
    await file.truncate(100 * block);
    const over = async (): Promise<unknown> => await file.write(Buffer.alloc(4 * block, 1), 50 * block);
    await over();
    await file.fsync();
    await cluster.world.sleep(6_000);
    await over();
    // The MDS hears of the file before it hears of this.
    await t.throwsAsync(a.paths.setXattr('/f', 'nacre.quota.max_bytes', Buffer.from('1')));
    t.is((await b.paths.stat('/f')).blocks / 8, 4, 'it had them before');
    await file.close();
  });
});

test('sparse: a file of 16 TiB that holds almost nothing → sought, punched, cut and removed at once, by its writer and by others', async (t) => {
  await tell(5, async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    const file = await a.paths.open('/f', 'w+');
    const size = 2 ** 44;
    const places = [3 * 2 ** 30, 2 ** 43, size - block];
    await file.truncate(size);
    for (const at of places) await file.write(Buffer.alloc(block, 1), at);
    const at = (from: number): [number, number] => [from, from + block];
    t.deepEqual(await dataOf(file), places.map(at), 'before it is written back');
    await file.fsync();
    t.deepEqual(await dataOf(file), places.map(at));
    const other = await b.paths.open('/f', 'r+');
    t.deepEqual(await dataOf(other), places.map(at));
    t.is((await b.paths.stat('/f')).blocks, 3 * 8);
    // What one has buffered while the other punches is before that or after it, as a whole.
    const writing = file.write(Buffer.alloc(block, 2), 2 ** 42);
    await Promise.all([other.allocate(3, 2 ** 41, size - 2 ** 41 - block), writing]);
    const left = await dataOf(file);
    t.deepEqual(await dataOf(other), left);
    const kept = left.some(([from]) => from === 2 ** 42);
    t.deepEqual(left, [places[0] as number, ...(kept ? [2 ** 42] : []), size - block].map(at));
    t.is(
      (await file.read(block, 2 ** 43)).every((byte) => byte === 0),
      true,
    );
    await other.truncate(2 ** 40);
    t.deepEqual(await dataOf(file), [at(places[0] as number)]);
    t.is((await a.paths.stat('/f')).blocks, 8);
    await other.truncate(size);
    await other.close();
    await file.close();
    await a.paths.unlink('/f');
    await cluster.world.sleep(60_000);
    t.is(await dataObjects(cluster), 0);
  });
});

test('sizes: up to 16 TiB → a write across the end is cut short; beyond, EFBIG, and nothing has changed', async (t) => {
  await tell(6, async (cluster) => {
    const { paths } = await cluster.connect('a');
    const size = 2 ** 44;
    const file = await paths.open('/f', 'w+');
    await file.write('data', 0);
    for (const beyond of [
      () => file.truncate(size + 1),
      () => file.write('x', size),
      () => file.allocate(0, size, 1),
      () => file.allocate(1, size - 1, 2),
    ])
      await t.throwsAsync(async () => await beyond(), { code: 'EFBIG' });
    t.is((await file.stat()).size, 4);
    t.is(await file.write('12345', size - 3), 3);
    t.is((await file.stat()).size, size);
    t.is((await file.read(10, size - 4)).toString('latin1'), '\0' + '123');
    const appending = await paths.open('/f', 'a');
    await t.throwsAsync(async () => await appending.write('x'), { code: 'EFBIG' });
    await file.fsync();
    t.is((await paths.stat('/f')).blocks * 512, 2 * block);
    await appending.close();
    await file.close();
  });
});
