/**
 * Files with holes: where data is found, by the host that wrote it and by others.
 * @module
 */
import test from 'ava';
import type { PathFile } from '../../fuse-client/client/path-file.ts';
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
