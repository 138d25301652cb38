import test from 'ava';
import fc from 'fast-check';
import { FsError } from '../../../common/errors/fs-error.ts';
import { ino, poolId } from '../../../common/maps/ids.ts';
import { SimWorld } from '../../../common/runtime/sim/world.ts';
import { BlockCache } from '../../../fuse-client/vfs/block-cache.ts';
import { blockBytes } from '../../../fuse-client/vfs/block.ts';
import { Fetcher } from '../../../fuse-client/vfs/fetcher.ts';
import { FileData } from '../../../fuse-client/vfs/file-data.ts';
import { ObjectIo } from '../../../fuse-client/vfs/object-io.ts';
import type { FileLayout } from '../../../fuse-client/vfs/striper.ts';
import { WriteBack } from '../../../fuse-client/vfs/write-back.ts';
import { DelayedObjects } from '../../support/delayed-objects.ts';

const plain: FileLayout = { pool: poolId(1), objectSize: 4 << 20, stripeUnit: 4 << 20, stripeCount: 1 };
const options = {
  dirtyBytesMax: 2 << 20,
  dirtyBytesBackground: 1 << 20,
  writeBackDelayMs: 5_000,
  writesInFlightMax: 4,
  fetchBytesMax: 256 << 10,
};

function setUp(cacheBytes = 64 << 20, layout = plain) {
  const world = new SimWorld({ seed: 7 });
  const { env } = world.node('client');
  const objects = new DelayedObjects(env);
  const cache = new BlockCache(cacheBytes);
  const io = new ObjectIo(() => objects);
  const writeBack = new WriteBack(env, io, cache, options);
  const fetcher = new Fetcher(io, cache, options);
  const file = new FileData(ino(0x1000), layout, cache);
  const write = (offset: number, data: Uint8Array): void => {
    for (let at = offset; at < offset + data.length;) {
      const stop = Math.min(offset + data.length, (Math.floor(at / blockBytes) + 1) * blockBytes);
      writeBack.wrote(file, file.write(at, data.subarray(at - offset, stop - offset)));
      at = stop;
    }
    cache.trim();
  };
  const read = async (from: number, to: number): Promise<Buffer> => {
    for (let tries = 0; tries < 20; tries++) {
      const views = file.read(from, to);
      if (views !== undefined) return Buffer.concat(views);
      await fetcher.fetch(file, from, to);
    }
    const bytes = Buffer.concat((await io.read(file, from, to)).map(({ data }) => data));
    file.overlay(from, bytes);
    return bytes;
  };
  return { world, objects, cache, io, writeBack, fetcher, file, write, read };
}

test('file data: pieces that begin and end anywhere → the blocks of 4 KiB that they lie in, each once', (t) => {
  const { file, write } = setUp();
  t.is(file.unsafeBlocks, 0);
  write(4_095, Buffer.alloc(2));
  t.is(file.unsafeBlocks, 2);
  write(100, Buffer.alloc(10));
  write(8_000, Buffer.alloc(10));
  t.is(file.unsafeBlocks, 2);
  write(blockBytes - 5_000, Buffer.alloc(10_000));
  t.is(file.unsafeBlocks, 6);
  file.space.wrote(0, 4_096);
  t.is(file.unsafeBlocks, 5, 'what is counted at once is left out');
});

test('write back: a full block → sent at once, without being asked for', async (t) => {
  const { world, objects, file, write } = setUp();
  write(0, Buffer.alloc(blockBytes, 1));
  t.is(objects.inFlight, 1);
  await world.advance(100);
  t.true(file.settled);
  t.deepEqual(objects.objects.get('1000.00000000'), Buffer.alloc(blockBytes, 1));
});

test('write back: a small write → sent within its age, and not at once', async (t) => {
  const { world, objects, file, write } = setUp();
  write(10, Buffer.from('hello'));
  await world.advance(1_000);
  t.is(objects.sent.length, 0);
  await world.advance(4_000);
  t.true(file.settled);
  t.is(objects.objects.get('1000.00000000')?.subarray(10).toString(), 'hello');
});

test('write back: scattered writes in one object → one operation for all of them', async (t) => {
  const { world, objects, writeBack, file, write } = setUp();
  for (let at = 0; at < 40; at++) write(at * 100_000, Buffer.alloc(4096, at + 1));
  await world.until(writeBack.flush(file));
  t.is(objects.sent.length, 1);
  for (let at = 0; at < 40; at++) t.is(objects.objects.get('1000.00000000')?.[at * 100_000 + 5], at + 1);
});

test('write back: more dirty than allowed → the writer waits, then there is room', async (t) => {
  const { world, writeBack, cache, write } = setUp();
  for (let at = 0; at < 500; at++) write(at * 8192, Buffer.alloc(4096, 1));
  const room = writeBack.room(1 << 20);
  t.truthy(room);
  await world.until(room as Promise<void>);
  t.true(cache.unsafeBytes < options.dirtyBytesMax);
});

test('write back: one write nearly as large as all that may be dirty → it waits for the little that is, not for its age', async (t) => {
  const { world, writeBack, write } = setUp();
  write(0, Buffer.alloc(200_000, 1));
  const room = writeBack.room(2 << 20);
  t.truthy(room);
  await world.until(room as Promise<void>);
  t.true(world.nowMs < 1_000);
  t.is(writeBack.room(2 << 20), undefined);
});

test('write back: the OSDs refuse → the error is kept for each handle, and the data is not shown', async (t) => {
  const { world, objects, writeBack, file, write, read } = setUp();
  world.logs.expectError(/data not written/);
  objects.failures.push(new FsError('ENOSPC', 'full'));
  write(0, Buffer.from('lost'));
  await world.until(writeBack.flush(file));
  t.is(file.error?.code, 'ENOSPC');
  t.is(file.errorCount, 1);
  t.deepEqual(await world.until(read(0, 4)), Buffer.alloc(4));
});

test('fetch: two readers of the same range → one operation', async (t) => {
  const { world, objects, read } = setUp();
  objects.objects.set('1000.00000000', Buffer.alloc(8192, 5));
  const [a, b] = await world.until(Promise.all([read(0, 8192), read(4096, 8192)]));
  t.is(objects.sent.length, 1);
  t.deepEqual(a, Buffer.alloc(8192, 5));
  t.deepEqual(b, Buffer.alloc(4096, 5));
});

test('cache: a stream longer than the cache, twice → the second time part of it is still there', async (t) => {
  const megabytes = 16;
  const { world, objects, cache, file, read } = setUp(8 << 20);
  for (let object = 0; object < megabytes / 4; object++) objects.objects.set(`1000.0000000${object}`, Buffer.alloc(4 << 20, object));
  const stream = async (): Promise<void> => {
    for (let block = 0; block < megabytes; block++) {
      await read(block * blockBytes, (block + 1) * blockBytes);
      const passed = file.blocks.get(block - 1);
      if (passed !== undefined) cache.passed(passed);
    }
  };
  await world.until(stream());
  const first = objects.sent.length;
  await world.until(stream());
  t.true(objects.sent.length - first < first * 0.75, `${objects.sent.length - first} operations after ${first}`);
  t.true(cache.bytes <= 8 << 20);
});

const span = 5 << 20;
const place = fc.oneof(
  fc.integer({ min: 0, max: span - 1 }),
  fc.integer({ min: 0, max: span >> 12 }).map((page) => page << 12),
);
const size = fc.oneof(fc.integer({ min: 1, max: 9000 }), fc.constantFrom(4096, 65536, 1 << 20));
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('write' as const), place, size, value: fc.integer({ min: 1, max: 255 }) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('read' as const), place, size }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('zero' as const), place, size }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'flush' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'drop' as const }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 30 }) }) },
);

for (const layout of [plain, { pool: poolId(1), objectSize: 1 << 20, stripeUnit: 64 << 10, stripeCount: 3 }]) {
  test(`data path: any operations, stripes of ${layout.stripeCount} → reads see what was written, as a flat model has it`, async (t) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 20, maxLength: 100 }),
        fc.constantFrom(256 << 10, 2 << 20, 64 << 20),
        async (steps, cacheBytes) => {
          const { world, objects, io, writeBack, file, write, read } = setUp(cacheBytes, layout);
          const model = Buffer.alloc(2 * span);
          const readers: Promise<void>[] = [];
          for (const each of steps) {
            switch (each.kind) {
              case 'write':
                write(each.place, Buffer.alloc(each.size, each.value));
                model.fill(each.value, each.place, each.place + each.size);
                break;
              case 'read': {
                const to = each.place + each.size;
                const before = Buffer.from(model.subarray(each.place, to));
                const bytes = await world.until(read(each.place, to));
                if (!bytes.equals(before)) throw new Error(`read of [${each.place}, ${to}) differs`);
                break;
              }
              case 'zero': {
                const to = each.place + each.size;
                file.cut(each.place, to);
                readers.push(io.zero(file, each.place, to));
                model.fill(0, each.place, to);
                break;
              }
              case 'flush':
                readers.push(writeBack.flush(file));
                break;
              case 'drop':
                file.dropClean();
                // A read that will be overtaken by the steps to come.
                readers.push(read(0, 128 << 10).then(() => undefined));
                break;
              case 'wait':
                await world.advance(each.ms);
                break;
            }
          }
          await world.until(Promise.all(readers));
          await world.until(writeBack.flush(file));
          file.dropClean();
          const end = await world.until(read(0, 2 * span));
          if (!end.equals(model)) throw new Error('what the objects hold differs');
          if (objects.broken.length > 0) throw new Error(objects.broken[0]);
          if (file.unsafeBytes !== 0 || !file.settled) throw new Error('dirty bytes are left after a flush');
        },
      ),
      { numRuns: 12, includeErrorInReport: true },
    );
    t.pass();
  });
}
