import test, { type ExecutionContext } from 'ava';
import { ino, poolId, type PoolId } from '../../../common/maps/ids.ts';
import { SimWorld } from '../../../common/runtime/sim/world.ts';
import { BlockCache } from '../../../fuse-client/vfs/block-cache.ts';
import { FileData } from '../../../fuse-client/vfs/file-data.ts';
import { ObjectIo } from '../../../fuse-client/vfs/object-io.ts';
import { Segment } from '../../../fuse-client/vfs/segment.ts';
import { spaceBlockBytes as block } from '../../../mds/client/index.ts';
import type { ObjectClient, ObjectOperation, ObjectReply } from '../../../osd/client/object-client.ts';
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
