/**
 * Everything that is checked without running the system: types, lint, import rules, formatting, generated code.
 * @module
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import test from 'ava';

const root = join(import.meta.dirname, '../..');
/** Of each check, on a busy machine. */
const patienceMs = 15 * 60_000;
/** They run for seconds: ava.config.mjs. */
const optimizeLater = '--interrupt-budget=500000';
const services = ['common', 'mon', 'osd', 'mds', 'fuse-client', 'cli'];
const checks = {
  lint: ['eslint', '--config', 'test/style/eslint.config.mjs', '.'],
  types: ['tsc', '-p', 'tsconfig.json', '--noEmit'],
  'import rules': ['depcruise', '--config', 'test/style/dependency-cruiser.cjs', ...services],
  format: [
    'prettier',
    '--config',
    'test/style/prettier.json',
    '--log-level',
    'warn',
    '--check',
    '**/*.{ts,mjs,cjs}',
    '!common/wire/gen/**',
  ],
  'generated code': ['tsx', 'common/wire/codegen/generate.ts', '--check'],
} as const;

for (const [name, [tool, ...args]] of Object.entries(checks))
  test.serial(`sources: ${name} → nothing is found`, async (t) => {
    t.timeout(patienceMs);
    const found = await new Promise<string>((resolve) => {
      execFile(
        process.execPath,
        [optimizeLater, join(root, 'node_modules/.bin', tool), ...args],
        { cwd: root, maxBuffer: 1 << 28 },
        (error, stdout, stderr) => resolve(error === null ? '' : `${stdout}${stderr}${stdout + stderr === '' ? error.message : ''}`),
      );
    });
    if (found !== '') t.fail(found);
    else t.pass();
  });
