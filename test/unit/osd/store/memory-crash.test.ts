import test from 'ava';
import { pgId, poolId } from '../../../../common/maps/ids.ts';
import { SimWorld } from '../../../../common/runtime/sim/world.ts';
import { MemoryImage, MemoryStore } from '../../../../osd/store/memory.ts';

const pg = pgId(poolId(1), 0);

test('memory store: a crash while several transactions are being committed → the first of them may be on the disk, in order', async (t) => {
  for (const written of [0, 2, 3]) {
    const world = new SimWorld({ seed: 1 });
    const { env } = world.node('osd.0');
    const image = new MemoryImage();
    const store = new MemoryStore(env, { image });
    await store.start();
    const commits = ['a', 'b', 'c', 'd'].map((object) => store.commit([{ kind: 'touch', pg, object }]));
    // The first goes alone; the others are the group after it.
    await world.until(commits[0] as Promise<void>, { what: 'the first commit' });
    t.is(store.beingWritten, 3);
    store.crash(written);
    const next = new MemoryStore(env, { image });
    await next.start();
    t.deepEqual(
      next.objects(pg, '', 9).map(({ name }) => name),
      ['a', 'b', 'c', 'd'].slice(0, 1 + written),
    );
  }
});
