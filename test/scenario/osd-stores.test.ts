/**
 * Disks that are not what they were: an OSD never joins with less than it had without the mon's knowing.
 * @module
 */
import test from 'ava';
import { codeOf } from '../support/code-of.ts';
import { OsdCluster } from '../support/osd-cluster.ts';

const objectCount = 20;

async function writeAll(cluster: OsdCluster, text: string): Promise<void> {
  const { objects } = await cluster.client('a');
  for (let n = 0; n < objectCount; n++)
    await objects.operate(cluster.pool, `o${n}`, [
      { kind: 'write-full', data: [Buffer.from(`${text}${n}`)] },
      { kind: 'omap-set', entries: [{ key: Buffer.from('k'), value: Buffer.from(`${text}${n}`) }] },
    ]);
}

async function readAll(cluster: OsdCluster): Promise<string[]> {
  const { objects } = await cluster.client('a');
  const texts: string[] = [];
  for (let n = 0; n < objectCount; n++) {
    const { results } = await objects.operate(cluster.pool, `o${n}`, [{ kind: 'read', offset: 0, length: 0 }]);
    texts.push(Buffer.concat(results[0]?.data ?? []).toString());
  }
  return texts;
}

const wanted = (text: string): string[] => Array.from({ length: objectCount }, (_, n) => `${text}${n}`);

for (const logEntriesMax of [512, 2_000]) {
  test(`disk replaced by an empty one → the OSD begins anew and is filled again, ${logEntriesMax} log entries`, async (t) => {
    await OsdCluster.tell({ seed: 60, osdConfig: { logEntriesMax } }, async (cluster) => {
      await writeAll(cluster, 'a');
      cluster.crash(1);
      cluster.replaceDisk(1);
      await writeAll(cluster, 'b');
      await cluster.boot(1);
      await cluster.settle();
      t.deepEqual(await readAll(cluster), wanted('b'));
      t.deepEqual(await cluster.differences(), []);
    });
  });
}

test('disk replaced faster than the death of the old process is noticed → the OSD waits for that', async (t) => {
  await OsdCluster.tell({ seed: 61 }, async (cluster) => {
    await writeAll(cluster, 'a');
    // Nobody may connect to find the process gone: only the lease tells.
    const heal = cluster.world.fabric.partition(['osd.0', 'osd.1', 'osd.2'], ['mon.a'], { oneWay: true });
    cluster.crash(1);
    cluster.replaceDisk(1);
    await cluster.world.sleep(100);
    heal();
    await cluster.boot(1);
    await cluster.settle();
    t.deepEqual(await readAll(cluster), wanted('a'));
    t.deepEqual(await cluster.differences(), []);
  });
});

test('disk with the only whole copy replaced → the boot is refused, the PGs stay down; the old disk back → all is there', async (t) => {
  await OsdCluster.tell({ seed: 62, osds: 2, size: 2, minSize: 1 }, async (cluster) => {
    await writeAll(cluster, 'a');
    cluster.crash(0);
    await cluster.world.sleep(2_000);
    await writeAll(cluster, 'b');
    cluster.crash(1);
    await cluster.world.sleep(10_000);
    const full = cluster.replaceDisk(1);
    t.is(await codeOf(cluster.boot(1)), 'EEXIST');
    await cluster.boot(0);
    t.is(await codeOf(cluster.boot(1)), 'EEXIST', 'osd.0 lacks what was acknowledged without it');
    const { objects } = await cluster.client('a');
    t.is(await codeOf(objects.operate(cluster.pool, 'o0', [{ kind: 'stat' }], { timeoutMs: 5_000 })), 'ETIMEDOUT');
    cluster.replaceDisk(1, full);
    await cluster.boot(1);
    await cluster.settle();
    t.deepEqual(await readAll(cluster), wanted('b'));
    t.deepEqual(await cluster.differences(), []);
  });
});

test('the old disk comes back after the OSD has begun anew → not taken while the new one is up; later it is brought up to date', async (t) => {
  await OsdCluster.tell({ seed: 63 }, async (cluster) => {
    await writeAll(cluster, 'a');
    cluster.crash(2);
    const old = cluster.replaceDisk(2);
    await cluster.boot(2);
    await cluster.settle();
    await writeAll(cluster, 'b');
    cluster.crash(2);
    cluster.replaceDisk(2, old);
    await cluster.boot(2);
    await cluster.settle();
    t.deepEqual(await readAll(cluster), wanted('b'));
    t.deepEqual(await cluster.differences(), []);
  });
});
