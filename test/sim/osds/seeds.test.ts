import test from 'ava';
import { runOsdSeed } from './run-osds.ts';

const seeds = 20;

for (let seed = 1; seed <= seeds; seed += 1) {
  test.serial(`OSDs under faults, seed ${seed} → no rule broken, histories linearizable, copies equal, nothing left over`, async (t) => {
    const { calls, faults, ruleChecks } = await runOsdSeed({ seed, short: true });
    t.true(calls > 20, `${calls} calls`);
    t.true(faults > 0);
    t.true(ruleChecks > calls, `${ruleChecks} looks at the rules`);
  });
}

test.serial('OSDs: same seed → same trace, whatever ran before it', async (t) => {
  const first = await runOsdSeed({ seed: 5, short: true });
  const second = await runOsdSeed({ seed: 5, short: true });
  t.is(first.traceHash, second.traceHash);
  t.is(first.steps, second.steps);
});
