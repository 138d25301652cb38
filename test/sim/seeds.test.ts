import test from 'ava';
import { runSeed } from './run-seed.ts';
import { SeedFailure } from './seed.ts';

/** The last: a client forgets what it has changed, and fsyncs it when it has found it again. */
const seeds = [...Array.from({ length: 20 }, (_, i) => i + 1), 10006];
/** Shorter than `npm run sim`: all of them together stay under a minute. */
const harmMs = 10_000;

let outlasted = 0;
for (const seed of seeds) {
  test.serial(`cluster under faults, seed ${seed} → everything acknowledged is there, everyone agrees`, async (t) => {
    const result = await runSeed({ seed, harmMs });
    t.true(result.calls > 50, `${result.calls} calls`);
    t.true(result.faults > 0);
    t.is(result.undecided, 0);
    outlasted += result.outlasted;
  });
}

test.serial('these seeds: a client is away for longer than its lease, and evicted → now and then', (t) => {
  t.true(outlasted > 2, `${outlasted} times`);
});

for (const seed of [3, 11, 84009]) {
  test.serial(`two MDS ranks under faults, seed ${seed} → directories go to and fro, nobody who works there notices`, async (t) => {
    const { calls, faults, undecided } = await runSeed({ seed, harmMs, ranks: 2 });
    t.true(calls > 50, `${calls} calls`);
    t.true(faults > 0);
    t.is(undecided, 0);
  });
}

test.serial('cluster: same seed → same trace, whatever ran before it', async (t) => {
  const first = await runSeed({ seed: 7, harmMs: 5_000 });
  const second = await runSeed({ seed: 7, harmMs: 5_000 });
  t.is(first.traceHash, second.traceHash);
  t.is(first.steps, second.steps);
});

test.serial('cluster: disks that acknowledge before anything is durable → the checks notice', async (t) => {
  const failures: SeedFailure[] = [];
  // Those whose disks are slow: much is under way when the power goes.
  for (const seed of [4, 5, 10, 11, 16, 17, 22, 23]) {
    if (failures.length > 0) break;
    try {
      await runSeed({ seed, harmMs, lyingDisks: true });
    } catch (error) {
      if (!(error instanceof SeedFailure)) throw error;
      failures.push(error);
    }
  }
  t.regex(failures[0]?.message ?? 'nothing was noticed', /replay: npm run sim -- --seed \d+/);
});
