/**
 * Random faults under load; see test/support/osd-chaos.ts for what must hold. A failure names its seed.
 * @module
 */
import test from 'ava';
import { runChaos } from '../support/osd-chaos.ts';

for (const seed of [15, 101, 102]) {
  test(`osd: random crashes, partitions and pauses, seed ${seed} → nothing acknowledged is lost, doubled or reordered; copies equal`, async (t) => {
    const small = seed % 2 === 0;
    await t.notThrowsAsync(runChaos({ seed, osds: small ? 3 : 4, size: 3, minSize: 2, faultsMs: 8_000, pipeline: 2, thinkMs: 60 }));
  });
}
