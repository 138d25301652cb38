import test from 'ava';
import { join } from 'node:path';
import { readSeeds, runSeeds } from './seed-output.ts';

const output = `seed 7: ok, 280 calls, 40 faults, 41 virtual s in 2.0 s, 8914 steps, trace d6238f742e86025a
seed 8: ok, 13 calls, 4 faults, 4 virtual s in 0.1 s, 89 steps, 2 histories undecided, trace d6238f742e86025b
seed 9 failed at 12.300 virtual ms, step 44, phase: burst
Error: osd.1 acts for PG 1.0 without acknowledged write 5
  seed 10: ok is in the report only
seed 11 failed at 1.000 virtual ms, step 2
Error: another
`;

test('output of seeds: passed, failed and undecided ones → counted, with what was noticed', (t) => {
  t.deepEqual(readSeeds(output), {
    passed: 2,
    failed: [
      { seed: 9, what: 'Error: osd.1 acts for PG 1.0 without acknowledged write 5' },
      { seed: 11, what: 'Error: another' },
    ],
    undecided: 1,
  });
  t.deepEqual(readSeeds(''), { passed: 0, failed: [], undecided: 0 });
});

test('seeds in a process of their own: → told as they went; one that cannot run → its exit code and last words', async (t) => {
  const home = join(import.meta.dirname, '../..');
  const chunks: Buffer[] = [];
  const args = ['--osds', '--short', '--calm', '--from', '3', '--count', '1'];
  t.like(await runSeeds({ home, args, onOutput: (chunk) => chunks.push(chunk) }), { passed: 1, failed: [], exitCode: 0 });
  t.regex(Buffer.concat(chunks).toString(), /^seed 3: ok/);
  const { passed, exitCode, tail } = await runSeeds({ home, args: ['--no-such-option'] });
  t.is(passed, 0);
  t.not(exitCode, 0);
  t.regex(tail, /no-such-option/);
});
