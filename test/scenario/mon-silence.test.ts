/** The mon dies while a daemon is silent: its next life waits for what was left of the lease, no less and no more. */
import test from 'ava';
import { osdId } from '../../common/maps/ids.ts';
import { OsdCluster } from '../support/osd-cluster.ts';
import { tell } from '../support/tell.ts';

const leaseMs = 5_000;

async function write(cluster: OsdCluster, object: string): Promise<void> {
  const { objects } = await cluster.client('a');
  await objects.operate(cluster.pool, object, [{ kind: 'write-full', data: [Buffer.from('x')] }]);
}

/** Virtual milliseconds that `act` takes. */
async function timed(cluster: { readonly world: OsdCluster['world'] }, act: () => Promise<unknown>): Promise<number> {
  const fromMs = cluster.world.nowMs;
  await act();
  return cluster.world.nowMs - fromMs;
}

test('an OSD stands still, the mon is killed and starts again → its PGs are served when one lease is over, less what there was no mon', async (t) => {
  for (const silentMs of [1_000, 1_500, 3_000, 4_500]) {
    await OsdCluster.tell({ seed: `chain ${silentMs}`, monCommitMs: 20 }, async (cluster) => {
      const { world } = cluster;
      await write(cluster, 'x');
      const primary = await cluster.primaryOf('x');
      const down = world.node(`osd.${primary}`);
      down.pause();
      const tookMs = await timed(cluster, async () => {
        const written = write(cluster, 'x');
        await world.sleep(silentMs);
        cluster.crashMon();
        await world.sleep(1_600);
        await cluster.bootMon();
        await written;
      });
      const servedMs = tookMs - 1_600;
      // Its last beacon went up to a second before. A silence is known once it has lasted for a quarter of a lease, then to a tenth.
      t.true(servedMs >= leaseMs - 1_000, `${silentMs}: ${servedMs} ms`);
      t.true(servedMs <= leaseMs * 1.25 + 500, `${silentMs}: ${servedMs} ms`);
      t.not(await cluster.primaryOf('x'), primary);
      down.resume();
      await cluster.settle();
      t.deepEqual(await cluster.differences(), []);
    });
  }
});

test('an OSD stands still while the mon is killed three times → one lease of the time that there is a mon, and a little', async (t) => {
  await OsdCluster.tell({ seed: 'thrice', monCommitMs: 20 }, async (cluster) => {
    const { world } = cluster;
    await write(cluster, 'x');
    const primary = await cluster.primaryOf('x');
    world.node(`osd.${primary}`).pause();
    const tookMs = await timed(cluster, async () => {
      const written = write(cluster, 'x');
      for (const livedMs of [2_500, 1_200, 1_200]) {
        await world.sleep(livedMs);
        cluster.crashMon();
        await world.sleep(2_000);
        await cluster.bootMon();
      }
      await written;
    });
    const servedMs = tookMs - 3 * 2_000;
    t.true(servedMs >= leaseMs - 1_000, `${servedMs} ms`);
    // Of each life, what is stored last is up to a tenth of a lease old, and nothing is heard in its first moments.
    t.true(servedMs <= leaseMs + 3 * (leaseMs / 10 + 300) + leaseMs / 4, `${servedMs} ms`);
  });
});

test('an OSD is heard again, and just then the mon dies → the next life leaves it the whole lease that it may have got', async (t) => {
  // From before its beacon comes to after the answer: storing that it is heard takes 20 ms.
  for (let deadMs = 5; deadMs <= 165; deadMs += 20) {
    await OsdCluster.tell({ seed: 'again', monCommitMs: 20, osdConfig: { beaconMs: 150 } }, async (cluster) => {
      const { world } = cluster;
      await write(cluster, 'x');
      const primary = await cluster.primaryOf('x');
      const osd = cluster.osd(primary);
      const cut = (): (() => void) => world.fabric.partition([`osd.${primary}`], ['mon.a']);
      const join = cut();
      await world.sleep(3_500);
      join();
      await world.sleep(deadMs);
      cluster.crashMon();
      cut();
      await world.sleep(500);
      await cluster.bootMon();
      const isUp = (): boolean => cluster.monMap?.osds.get(osdId(primary))?.up === true;
      const downMs = await timed(cluster, async () => {
        while (isUp()) await world.sleep(1);
      });
      t.false(osd?.context?.leaseValid(), `${deadMs}: down ${downMs} ms after the start, while its lease runs`);
    });
  }
});

test('an MDS stands still, the mon is killed and starts again → another takes over when one lease is over, less what there was no mon', async (t) => {
  await tell(
    'mds',
    async (cluster) => {
      const { world } = cluster;
      const { paths } = await cluster.connect('a');
      const first = [...(await cluster.map()).mdss.values()].find(({ state }) => state === 'active')?.name ?? '';
      world.node(first).pause();
      const tookMs = await timed(cluster, async () => {
        const made = paths.mkdir('/dir');
        await world.sleep(3_000);
        cluster.crash('mon.a');
        await world.sleep(1_600);
        await cluster.boot('mon.a');
        await made;
      });
      const servedMs = tookMs - 1_600;
      t.true(servedMs >= leaseMs - 1_000, `${servedMs} ms`);
      // And a little for the clients to come back.
      t.true(servedMs <= leaseMs + 1_500, `${servedMs} ms`);
      world.node(first).resume();
    },
    { mds: ['a', 'b'], monCommitMs: 20 },
  );
});
