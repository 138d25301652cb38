/** An MDS that waits for a mon which does not answer. */
import test from 'ava';
import { makeConfig } from '../../common/config/schema.ts';
import { SimWorld } from '../../common/runtime/sim/world.ts';
import { mdsSchema } from '../../mds/config.ts';
import { Mds } from '../../mds/mds.ts';

const fsid = '00000000-0000-4000-8000-000000000001';
const mons = ['mon.a:6789'];

for (const when of ['at once', 'after a while'])
  test(`mds: no mon is there, and it is told to stop ${when} → it does so without waiting for one`, async (t) => {
    const world = new SimWorld({ seed: when });
    world.node('mon.a');
    const config = makeConfig(mdsSchema, { name: 'mds.a', fsid, mons });
    const mds = new Mds(world.node('mds.a').env, { name: 'mds.a', fsid, listen: 'mds.a:6810', mons, config });
    const story = async (): Promise<void> => {
      const started = t.throwsAsync(mds.start());
      if (when === 'after a while') await world.sleep(5_000);
      const askedMs = world.nowMs;
      await mds.stop();
      t.true(world.nowMs - askedMs < 100, `${world.nowMs - askedMs} ms`);
      await started;
    };
    await world.until(story(), { timeoutMs: 600_000, what: 'its end' });
  });
