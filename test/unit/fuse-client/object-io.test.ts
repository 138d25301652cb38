import test, { type ExecutionContext } from 'ava';
import { ino, poolId, type PoolId } from '../../../common/maps/ids.ts';
import { SimWorld } from '../../../common/runtime/sim/world.ts';
import { BlockCache } from '../../../fuse-client/vfs/block-cache.ts';
import { FileData } from '../../../fuse-client/vfs/file-data.ts';
import { ObjectIo } from '../../../fuse-client/vfs/object-io.ts';
import { Segment } from '../../../fuse-client/vfs/segment.ts';
import { spaceBlockBytes as block } from '../../../mds/client/index.ts';
import type { NamesPage, ObjectClient, ObjectOperation, ObjectReply } from '../../../osd/client/object-client.ts';
import { MemoryObjectClient, MemoryObjects } from '../../support/memory-objects.ts';

const objectSize = 64 * block;
const layout = { pool: poolId(1), objectSize, stripeUnit: objectSize, stripeCount: 1 };

/** Operations that look arrive after the change that was called behind them: they were sent again when it had been applied. */
class LateLooks implements ObjectClient {
  late = false;
  readonly #objects: ObjectClient;
  #change: Promise<unknown> = Promise.resolve();

  constructor(objects: ObjectClient) {
    this.#objects = objects;
  }

  async operate(pool: PoolId, object: string, operations: readonly ObjectOperation[]): Promise<ObjectReply> {
    if (!this.late || operations[0]?.kind !== 'extents') {
      const change = this.#objects.operate(pool, object, operations);
      this.#change = change;
      return change;
    }
    // The writes behind it are called in the same turn.
    await Promise.resolve();
    await this.#change;
    return await this.#objects.operate(pool, object, operations);
  }

  names(pool: PoolId, prefix: string, after: string, perPg: number): Promise<NamesPage> {
    return this.#objects.names(pool, prefix, after, perPg);
  }

  listingRequests(pool: PoolId): number {
    return this.#objects.listingRequests(pool);
  }

  drain(): Promise<void> {
    return this.#objects.drain();
  }

  stop(): Promise<void> {
    return this.#objects.stop();
  }
}

/** Writes blocks [from, to) behind a hole, and tells how many blocks of data the file is said to have. */
async function blocksAfter(
  t: ExecutionContext,
  writes: readonly { readonly from: number; readonly to: number; readonly late: boolean }[],
): Promise<number> {
  const world = new SimWorld({ seed: t.title });
  const { env } = world.node('client');
  const objects = new LateLooks(new MemoryObjectClient(new MemoryObjects(), { clock: env.clock }));
  const io = new ObjectIo(() => objects);
  const file = new FileData(ino(0x1000), layout, new BlockCache(1 << 20));
  for (const { from, to, late } of writes) {
    objects.late = late;
    file.space.wrote(from * block, to * block);
    const slab = { bytes: Buffer.alloc((to - from) * block, 1), used: (to - from) * block, writable: false, shown: true };
    await world.until(io.write(file, [new Segment(from * block, to * block, slab, 0, 'writing')]));
  }
  return file.space.blocks(10 * objectSize, 0);
}

test('object io: written behind a hole → what the OSDs had not before counts', async (t) => {
  t.is(await blocksAfter(t, [{ from: 10, to: 14, late: false }]), 4);
  const again = { from: 12, to: 20, late: false };
  t.is(await blocksAfter(t, [{ from: 10, to: 14, late: false }, again, again]), 10);
});

test('object io: asked what the OSDs had, and again when they had the write already → counts whole, never too little', async (t) => {
  t.is(await blocksAfter(t, [{ from: 10, to: 14, late: true }]), 4);
  t.is(
    await blocksAfter(t, [
      { from: 10, to: 14, late: false },
      { from: 12, to: 20, late: true },
    ]),
    12,
  );
  t.is(await blocksAfter(t, [{ from: 60, to: 68, late: true }]), 8, 'in two objects');
});

test('objects: of a file of 16 TiB with three of them → found and emptied with few requests', async (t) => {
  const world = new SimWorld({ seed: t.title });
  const { env } = world.node('client');
  const store = new MemoryObjects();
  const client = new MemoryObjectClient(store, { clock: env.clock, listingRequests: 32 });
  const io = new ObjectIo(() => client);
  for (const [name, wide] of [
    ['one after the other', layout],
    ['striped', { ...layout, stripeUnit: 4 * block, stripeCount: 3 }],
  ] as const) {
    const file = new FileData(ino(0x1000), wide, new BlockCache(1 << 20));
    const setBytes = wide.objectSize * wide.stripeCount;
    const size = 2 ** 44;
    const places = [5 * setBytes + block, size / 2, size - 2 * block];
    for (const at of places) {
      const slab = { bytes: Buffer.alloc(block, 1), used: block, writable: false, shown: true };
      await world.until(io.write(file, [new Segment(at, at + block, slab, 0, 'writing')]));
    }
    const begin = (at: number): number => Math.floor(at / setBytes) * setBytes;
    t.true(io.isWide(file, 0, size));
    t.false(io.isWide(file, 0, 4 * wide.objectSize));
    client.log.length = 0;
    const first = async (from: number, to: number): Promise<number> => await world.until(io.firstStored(file, from, to));
    t.is(await first(0, size), begin(places[0] as number), name);
    t.is(await first((places[0] as number) + 7, size), (places[0] as number) + 7, 'the object is here');
    t.is(await first(6 * setBytes, size), begin(places[1] as number));
    t.is(await first(6 * setBytes, 7 * setBytes), 7 * setBytes, 'none before the end of what is asked for');
    t.is(await first(begin(places[1] as number) + setBytes, size), begin(places[2] as number));
    await world.until(io.zeroWide(file, block, places[2] as number));
    t.deepEqual(await world.until(io.extents(file, places[2] as number, size)), [
      { from: places[2] as number, to: (places[2] as number) + block },
    ]);
    t.is(await first(0, size), begin(places[2] as number), 'whole objects are gone');
    t.true(client.log.length < 60, `${client.log.length} requests`);
    store.objects.clear();
  }
});
