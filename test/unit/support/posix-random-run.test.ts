import test from 'ava';
import { printCall, type Call } from '../../support/posix/call.ts';
import { prelude } from '../../support/posix/random-calls.ts';
import { runRandomCalls } from '../../support/posix/random-run.ts';

/** As of a filesystem that goes wrong when a directory is made after a rename. */
function differs(calls: readonly Call[]): Promise<string | undefined> {
  const made = calls.slice(prelude.length);
  const from = made.findIndex(({ name }) => name === 'rename');
  const wrong = from >= 0 && made.slice(from).some(({ name }) => name === 'mkdir');
  return Promise.resolve(wrong ? made.map(printCall).join('\n') : undefined);
}

test('random calls: something differs → the calls that show it, and hardly any other', async (t) => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const error = await t.throwsAsync(runRandomCalls({ differs }, { operations: 100_000, seed }));
    const lines = error.message.slice(error.message.indexOf(': ') + 2).split('\n');
    t.true(lines.length <= 5, error.message);
    t.true(lines.some((line) => line.includes('rename(')) && lines.some((line) => line.includes('mkdir(')), error.message);
  }
});
