/**
 * Runs an external benchmark program that measures whatever filesystem a directory is on, and reads its rows.
 * @module
 */
import { spawn } from 'node:child_process';
import type { Row } from './rows.ts';

/** Runs `program DIR --json ...args`; its table goes to our standard error as it grows. */
export function fsbench(program: string, directory: string, args: readonly string[]): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [directory, '--json', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => {
      try {
        resolve((JSON.parse(output) as { rows: Row[] }).rows);
      } catch (error) {
        reject(new Error(`${program} ended with ${String(code)} and no rows`, { cause: error }));
      }
    });
  });
}
