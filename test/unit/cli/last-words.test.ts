import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { lastWords } from '../../../cli/cluster/last-words.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-words-'));
test.after.always(() => rmSync(folder, { recursive: true }));

function wordsOf(name: string, lines: readonly string[], start = 0): string | undefined {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return lastWords(path, start);
}

test('last words: a line for people → that, without its prefix', (t) => {
  t.is(
    wordsOf('a', ['{"level":"info","msg":"started"}', 'nacre: port 1 is in use: stop who holds it', 'Error: listen', '    at x (y.js:1)']),
    'port 1 is in use: stop who holds it',
  );
});

test('last words: only an error in the log → its message and cause', (t) => {
  t.is(
    wordsOf('b', [
      '{"level":"error","msg":"broken invariant: stopping","err":{"message":"epoch went back"}}',
      '{"level":"info","msg":"x"}',
    ]),
    'broken invariant: stopping: epoch went back',
  );
});

test('last words: a crash of Node → its message, not its stack', (t) => {
  t.is(
    wordsOf('c', [
      'node:internal/modules:283',
      '    throw new E(',
      '    ^',
      '',
      "Error [E_FOUND]: Cannot find module 'x'",
      '    at y',
      '{',
      "  code: 'E_FOUND',",
      '}',
      '',
      'Node.js v20.20.2',
    ]),
    "Error [E_FOUND]: Cannot find module 'x'",
  );
});

test('last words: nothing since it was started → none', (t) => {
  t.is(wordsOf('d', ['nacre: an old reason'], 1000), undefined);
  t.is(wordsOf('e', []), undefined);
});
