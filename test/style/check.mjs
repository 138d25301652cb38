/**
 * Everything that is checked without running the system: types, lint, import rules, formatting, generated code.
 * Runs them side by side and says what each took; the output of those that fail follows.
 * @module
 */
import { spawn } from 'node:child_process';

const bin = (name) => `node_modules/.bin/${name}`;
/** Longest first: two run at a time. */
const checks = [
  ['lint', [bin('eslint'), '--config', 'test/style/eslint.config.mjs', '.']],
  ['types', [bin('tsc'), '-p', 'tsconfig.json', '--noEmit']],
  ['imports', [bin('depcruise'), '--config', 'test/style/dependency-cruiser.cjs', 'common', 'mon', 'osd', 'mds', 'fuse-client', 'cli']],
  [
    'format',
    [bin('prettier'), '--config', 'test/style/prettier.json', '--log-level', 'warn', '--check', '**/*.{ts,mjs,cjs}', '!common/wire/gen/**'],
  ],
  ['generated code', [process.execPath, '--import=tsx', 'common/wire/codegen/generate.ts', '--check']],
];
const sideBySide = 2;

let failed = false;
const queue = [...checks];
await Promise.all(Array.from({ length: sideBySide }, work));
process.exit(failed ? 1 : 0);

async function work() {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const [name, [command, ...args]] = next;
    const started = performance.now();
    const { code, output } = await run(command, args);
    const took = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${code === 0 ? '  ok  ' : '  FAIL'} ${name} (${took} s)`);
    if (code !== 0) {
      failed = true;
      console.log(output);
    }
  }
}

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ code: 1, output: `${command}: ${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
