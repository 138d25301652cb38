import test from 'ava';
import { runSeed } from './run-seed.ts';

/** Those that once failed come first; a simulator bug adds its seed. */
const seeds = Array.from({ length: 20 }, (_, i) => i + 1);

for (const seed of seeds) {
  test.serial(`cluster under faults, seed ${seed} → everything acknowledged is there, everyone agrees`, async (t) => {
    const { calls } = await runSeed({ seed });
    t.true(calls > 100, `${calls} calls`);
  });
}

test.serial('cluster: same seed → same trace', async (t) => {
  const first = await runSeed({ seed: 1, harmMs: 5_000 });
  const second = await runSeed({ seed: 1, harmMs: 5_000 });
  t.is(first.traceHash, second.traceHash);
});
