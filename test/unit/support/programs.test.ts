import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type CaseRun, allCases, outputDifference, readCase, runCase } from '../../programs/case.ts';

/** Runs a script as a case; also what it traced. */
async function runScript(t: ExecutionContext, text: string, signal = new AbortController().signal): Promise<CaseRun & { log: string }> {
  const dir = mkdtempSync(join(tmpdir(), 'nacre-test-'));
  t.teardown(() => rmSync(dir, { recursive: true }));
  const script = join(dir, 'case.sh');
  writeFileSync(script, text);
  const log = join(dir, 'log');
  return { ...(await runCase(readCase(script), { dir, outside: dir, cache: dir }, log, signal)), log: readFileSync(log, 'utf8') };
}

test('programs: every case says what it does and how long it may take', (t) => {
  const cases = allCases();
  t.true(cases.some(({ faults }) => faults));
  for (const { name, about, limitMs } of cases) t.true(about !== '' && limitMs > 0, name);
});

test('programs: what a case prints comes back; what it traces goes to the log', async (t) => {
  const { output, failure, log } = await runScript(t, '# about: x\necho one >file\ncat file\necho aside >&2\n');
  t.is(failure, undefined);
  t.is(output, 'one\n');
  t.regex(log, /cat file[^]*\naside/);
});

test('programs: a command that fails, anywhere → the case fails, and says where', async (t) => {
  for (const line of [
    'false',
    'f() { false; echo on; }; f',
    'cat missing | cat',
    'x=$(false; echo on)',
    'refused true',
    'fail because',
    'echo "$unset"',
  ]) {
    const { output, failure, log } = await runScript(t, `# about: x\n${line}\necho done\n`);
    t.regex(failure ?? 'none', /ended with/, line);
    t.notRegex(output, /done|on/, line);
    t.regex(log, /FAIL|unbound/, line);
  }
});

test('programs: a case whose time is over, or that is interrupted → ended with all that it has started', async (t) => {
  const { failure, ms } = await runScript(t, '# about: x\n# limit: 0.3\n(sleep 100) &\nsleep 100\n');
  t.regex(failure ?? '', /not done after 0.3 s/);
  t.true(ms < 60_000);
  const interrupt = new AbortController();
  setTimeout(() => interrupt.abort(), 100);
  t.is((await runScript(t, '# about: x\nsleep 100 | cat\n', interrupt.signal)).failure, 'interrupted');
});

test('programs: outputs are compared line by line, without those that may differ', (t) => {
  const one = { ...allCases()[0]!, mayDiffer: undefined };
  t.is(outputDifference(one, 'a\nb\n', 'a\nb\n'), undefined);
  t.is(outputDifference(one, 'a\nb\n', 'a\nc\n'), '  local: b\n  mount: c');
  t.regex(outputDifference(one, 'a\nb\n', 'b\na\n') ?? '', /another order/);
  t.is(outputDifference({ ...one, mayDiffer: /^b/ }, 'a\nb1\n', 'a\nb2\n'), undefined);
});
