/**
 * The rules themselves: each is broken once on purpose and must be noticed.
 * @module
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'ava';
import { ESLint } from 'eslint';
import { run } from '../support/real-cluster.ts';

const root = join(import.meta.dirname, '../..');
const eslint = new ESLint({
  cwd: root,
  overrideConfigFile: join(import.meta.dirname, 'eslint.config.mjs'),
  // With CI set in the environment the parser would take each file as it is on disk instead of the text that it is given.
  overrideConfig: { languageOptions: { parserOptions: { disallowAutomaticSingleRunInference: true } } },
});

/** Rules that object to `text` in place of an existing file. */
async function objections(filePath: string, text: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: join(root, filePath) });
  return [...new Set(result?.messages.map(({ ruleId, message }) => ruleId ?? message))].sort();
}

test('lint: ways around Env outside adapters → refused, each', async (t) => {
  const file = 'common/wire/messenger.ts';
  for (const way of ['Math.random()', 'Date.now()', 'AbortSignal.timeout(1)']) {
    t.deepEqual(await objections(file, `export const x: unknown = ${way};\n`), ['no-restricted-properties'], way);
  }
  for (const way of ['setTimeout(() => {}, 1)', 'performance.now()', 'process.pid', 'crypto.randomUUID()', 'new WeakRef({})']) {
    t.deepEqual(await objections(file, `export const x: unknown = ${way};\n`), ['no-restricted-globals'], way);
  }
  t.deepEqual(await objections(file, 'export const x = new Date();\n'), ['no-restricted-syntax']);
  t.deepEqual(await objections('common/runtime/node/clock.ts', 'export const x = [Date.now(), new Date(), performance.now()];\n'), []);
});

test('lint: async in a core, default exports, floating promises → refused', async (t) => {
  t.deepEqual(await objections('osd/core/pg.ts', 'export const x = async (): Promise<number> => 1;\n'), ['no-restricted-syntax']);
  t.deepEqual(await objections('osd/core/pg.ts', 'export default 1;\n'), ['no-restricted-syntax']);
  t.deepEqual(await objections('common/wire/messenger.ts', 'export function f(p: Promise<void>): void {\n  p.then(() => {});\n}\n'), [
    '@typescript-eslint/no-floating-promises',
  ]);
  t.deepEqual(await objections('osd/core/pg.ts', 'export const x = (): number => 1;\n'), []);
});

test('imports: each direction that is forbidden → refused; those allowed → not', async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'nacre-rules-'));
  t.teardown(() => rmSync(home, { recursive: true }));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  };
  cpSync(join(root, 'tsconfig.json'), join(home, 'tsconfig.json'));
  cpSync(join(root, 'package.json'), join(home, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(home, 'node_modules'));
  const folders = ['common', 'mon', 'osd', 'mds', 'fuse-client', 'cli'];
  for (const folder of folders) write(`${folder}/plain.ts`, 'export const plain = 1;\n');
  write('mon/client/follow.ts', 'export const follow = 1;\n');
  write('test/helper.ts', 'export const helper = 1;\n');
  write('osd/core/allowed.ts', "import '../../common/crush/tree.ts';\n");
  write('common/crush/tree.ts', 'export const tree = 1;\n');
  write('osd/uses-client.ts', "import '../mon/client/follow.ts';\n");
  write('osd/store/disk.ts', "import 'node:fs';\nimport 'lmdb';\n");

  write('mon/up.ts', "import type { plain } from '../osd/plain.ts';\nexport type X = typeof plain;\n");
  write('osd/inside.ts', "import '../mon/plain.ts';\n");
  write('osd/core/reaches-out.ts', "import '../plain.ts';\n");
  write('osd/core/does-io.ts', "import 'node:fs';\n");
  write('osd/socket.ts', "import 'ws';\n");
  write('mds/tests.ts', "import '../test/helper.ts';\n");
  write('mds/round.ts', "import './about.ts';\n");
  write('mds/about.ts', "import './round.ts';\n");
  const { stdout, stderr } = await run(
    join(root, 'node_modules/.bin/depcruise'),
    ['--config', join(import.meta.dirname, 'dependency-cruiser.cjs'), '--output-type', 'json', ...folders],
    { cwd: home },
  );
  const { summary } = JSON.parse(stdout || `{"summary":${JSON.stringify(stderr)}}`) as {
    summary: { violations: { rule: { name: string }; from: string }[] };
  };
  t.deepEqual(summary.violations.map(({ rule, from }) => `${from}: ${rule.name}`).sort(), [
    'mds/about.ts: no-cycles',
    'mds/tests.ts: nothing-imports-tests',
    'mon/up.ts: mon-imports-nothing-above',
    'mon/up.ts: services-meet-at-client',
    'osd/core/does-io.ts: cores-are-pure',
    'osd/core/does-io.ts: cores-do-no-io',
    'osd/core/does-io.ts: outside-world-in-adapters-only',
    'osd/core/reaches-out.ts: cores-are-pure',
    'osd/inside.ts: services-meet-at-client',
    'osd/socket.ts: outside-world-in-adapters-only',
  ]);
});
