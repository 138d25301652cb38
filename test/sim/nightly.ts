/**
 * `npm run nightly`: what takes too long for `npm test`. New seeds of both simulations, then the mutants.
 * `--seeds N` of each simulation (1000). Fails when anything does.
 * @module
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '1000' } } });
// Other seeds every night: the day since 1970.
const day = Math.floor(performance.timeOrigin / 86_400_000);
const soak = ['--from', String(day * 10_000), '--count', values.seeds];

let failed = 0;
for (const [script, ...args] of [['run.ts', '--osds', ...soak], ['run.ts', ...soak], ['mutants.ts']] as const) {
  if (!(await succeeds(script, args))) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;

function succeeds(script: string, args: readonly string[]): Promise<boolean> {
  console.log(`--- ${script} ${args.join(' ')}`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import=tsx', join(import.meta.dirname, script), ...args], { stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => resolve(code === 0));
  });
}
