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

// split/14: a member that lacked nothing but was not told how far the PG's history went became the primary.
for (const seed of [10, 14]) {
  test(`osd: random crashes, partitions and pauses while PGs are split, seed ${seed} → the same; every object in its PG`, async (t) => {
    const pgNum = [1, 2, 3][seed % 3] as number;
    await t.notThrowsAsync(
      runChaos({
        seed: `split/${seed}`,
        osds: 3 + (seed % 3),
        size: 3,
        minSize: 2,
        pgNum,
        faultsMs: 10_000,
        pipeline: 2,
        thinkMs: 40,
        splitsMax: 3,
      }),
    );
  });
}
