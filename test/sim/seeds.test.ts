import test from 'ava';
import { runSeed } from './run-seed.ts';

const seeds = 20;
/** Shorter than `npm run sim`: all of them together stay under a minute. */
const harmMs = 10_000;

for (let seed = 1; seed <= seeds; seed += 1) {
  test.serial(`cluster under faults, seed ${seed} → everything acknowledged is there, everyone agrees`, async (t) => {
    const { calls, faults } = await runSeed({ seed, harmMs });
    t.true(calls > 50, `${calls} calls`);
    t.true(faults > 0);
  });
}

test.serial('cluster: same seed → same trace, whatever ran before it', async (t) => {
  const first = await runSeed({ seed: 7, harmMs: 5_000 });
  const second = await runSeed({ seed: 7, harmMs: 5_000 });
  t.is(first.traceHash, second.traceHash);
  t.is(first.steps, second.steps);
});
