/**
 * copy_file_range: the OSDs copy among themselves, with all that a write promises.
 * @module
 */
import test from 'ava';
import type { SimCluster } from '../sim/cluster.ts';
import { tell } from '../support/tell.ts';

const object = 4 << 20;
const seekData = 3;

function pattern(bytes: number, salt: number): Buffer {
  const out = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; at += 4) out.writeUInt32LE((at * 2654435761 + salt) >>> 0, at);
  return out;
}

test('copy: whole, shifted and cut ranges, onto data and beyond the end → what reading and writing would have made', async (t) => {
  await tell(1, async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    const source = pattern(3 * object + 1000, 7);
    await a.paths.writeFile('/source', source);
    const from = await a.paths.open('/source', 'r+');
    const to = await a.paths.open('/target', 'w+');
    let expected = Buffer.alloc(0);
    const copy = async (offset: number, at: number, length: number): Promise<void> => {
      const count = Math.max(0, Math.min(length, source.length - offset));
      t.is(await from.copyRange(offset, to, at, length), count);
      if (count === 0) return;
      const grown = Buffer.alloc(Math.max(expected.length, at + count));
      expected.copy(grown);
      source.copy(grown, at, offset, offset + count);
      expected = grown;
    };
    await copy(0, 0, source.length + 5);
    await copy(123, 2 * object - 77, object + 9);
    // Dirty in both: what is copied is the newest, and what is copied onto is gone.
    await from.write('dirty', object);
    source.write('dirty', object);
    await to.write('also dirty', object + 2);
    await copy(object - 10, object - 10, 100);
    await copy(source.length - 3, 5 * object, 100);
    await copy(source.length, 0, 100);
    t.true((await a.paths.readFile('/target')).equals(expected));
    t.true((await b.paths.readFile('/target')).equals(expected));
    const stat = await b.paths.stat('/target');
    t.is(stat.size, expected.length);
    t.is(await from.copyRange(0, from, source.length, 1000), 1000, 'within one file');
    await t.throwsAsync(from.copyRange(0, from, 999, 1000), { code: 'EINVAL' });
    await t.throwsAsync(from.copyRange(0, to, 2 ** 44, 1), { code: 'EFBIG' });
    const readOnly = await a.paths.open('/target');
    await t.throwsAsync(from.copyRange(0, readOnly, 0, 1), { code: 'EBADF' });
    const appending = await a.paths.open('/target', 'a');
    await t.throwsAsync(from.copyRange(0, appending, 0, 1), { code: 'EBADF' });
    for (const file of [from, to, readOnly, appending]) await file.close();
  });
});

test('copy: a file with holes → the copy has them too', async (t) => {
  await tell(2, async (cluster) => {
    const { paths } = await cluster.connect('a');
    const from = await paths.open('/source', 'w+');
    const to = await paths.open('/target', 'w+');
    await from.truncate(8 * object);
    await from.write(pattern(object, 1), 3 * object + 8192);
    await to.write(pattern(object, 2), 0);
    t.is(await from.copyRange(0, to, 0, 8 * object), 8 * object);
    t.is((await to.stat()).size, 8 * object);
    t.is(await to.seek(0, seekData), 3 * object + 8192);
    await to.fsync();
    t.is((await to.stat()).blocks * 512, object);
    t.true((await paths.readFile('/target')).equals(await paths.readFile('/source')));
    await from.close();
    await to.close();
  });
});

test('copy: 12 MiB from one file to another → they do not pass through the client, and between OSDs once', async (t) => {
  const story = async (cluster: SimCluster): Promise<void> => {
    const { paths } = await cluster.connect('a');
    const { fabric } = cluster.world;
    const size = 3 * object;
    await paths.writeFile('/source', pattern(size, 5));
    const from = await paths.open('/source');
    const to = await paths.open('/target', 'w+');
    await from.fsync();
    let bytes = 0;
    const delayMs = fabric.delayMs.bind(fabric);
    fabric.delayMs = (count) => {
      bytes += count;
      return delayMs(count);
    };
    t.is(await from.copyRange(0, to, 0, size), size);
    await to.fsync();
    t.true(bytes < size + object / 2, `${bytes} bytes went over the network`);
    fabric.delayMs = delayMs;
    t.true((await paths.readFile('/target')).equals(pattern(size, 5)));
  };
  // Of one copy each, so that nothing is replicated.
  await tell(6, story, { osds: 3, size: 1 });
});

test('copy: another host has what is copied open and dirty, and writes to where it goes → each sees the other', async (t) => {
  await tell(3, async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    const [from, to] = await Promise.all([a.paths.open('/source', 'w+'), b.paths.open('/target', 'w+')]);
    await from.write(pattern(2 * object, 3));
    await to.write(pattern(100, 4), 2 * object);
    const [here, there] = await Promise.all([b.paths.open('/source', 'r'), a.paths.open('/target', 'r')]);
    t.is(await here.copyRange(0, to, 0, 2 * object), 2 * object);
    t.true((await there.read(3 * object, 0)).equals(Buffer.concat([pattern(2 * object, 3), pattern(100, 4)])));
    t.is((await there.stat()).size, 2 * object + 100);
    for (const file of [from, to, here, there]) await file.close();
  });
});

test('copy: OSDs die meanwhile → whole, once, and the same on every copy', async (t) => {
  await tell(4, async (cluster) => {
    const { paths } = await cluster.connect('a');
    const source = pattern(6 * object, 5);
    await paths.writeFile('/source', source);
    const from = await paths.open('/source');
    for (const victim of ['osd.0', 'osd.1', 'osd.2']) {
      const to = await paths.open(`/target-${victim}`, 'w+');
      let done = false;
      const copied = from.copyRange(0, to, 17, source.length).finally(() => (done = true));
      await cluster.world.sleep(2);
      t.false(done);
      cluster.crash(victim);
      await cluster.world.sleep(500);
      cluster.restart(victim);
      t.is(await copied, source.length);
      await to.close();
      await cluster.settle();
      t.true((await paths.readFile(`/target-${victim}`)).subarray(17).equals(source));
    }
    await from.close();
  });
});

test('copy: two files onto each other at once, and one within itself → neither waits for the other', async (t) => {
  await tell(5, async (cluster) => {
    const { paths } = await cluster.connect('a');
    const [x, y] = await Promise.all([paths.open('/x', 'w+'), paths.open('/y', 'w+')]);
    await Promise.all([x.write(pattern(object, 1)), y.write(pattern(object, 2))]);
    await Promise.all([x.copyRange(0, y, 0, object), y.copyRange(0, x, 0, object), x.copyRange(0, x, object / 2, 1000)]);
    t.is((await x.stat()).size, object);
    t.is((await y.stat()).size, object);
    await x.close();
    await y.close();
  });
});
