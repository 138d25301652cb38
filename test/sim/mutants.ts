/**
 * `npm run sim:mutants`: breaks one rule of replication after the other on purpose, in a copy of the sources, and shows
 * that the simulation notices within 200 seeds, by one that passes with the rule in place. Fails when it doesn't, or when
 * a rule's code can't be found any more.
 * `--only NAME` for one of them, `--seeds N` for another bound, `--list`.
 * @module
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { spawn } from 'node:child_process';
import { mutants, type Mutant } from './mutant-list.ts';

const root = join(import.meta.dirname, '../..');
const sources = ['common', 'mon', 'osd', 'mds', 'fuse-client', 'test', 'package.json', 'tsconfig.json'];

const { values } = parseArgs({
  options: { only: { type: 'string' }, seeds: { type: 'string', default: '200' }, list: { type: 'boolean' } },
});

interface Verdict {
  readonly noticed: boolean;
  /** What was noticed, or how much was run in vain. */
  readonly what: string;
}

if (values.list === true) for (const { name, breaks } of mutants) console.log(`${name.padEnd(24)} ${breaks}`);
else {
  const chosen = mutants.filter(({ name }) => values.only === undefined || name === values.only);
  if (chosen.length === 0) throw new Error(`no mutant ${values.only ?? ''}: --list shows them`);
  let unnoticed = 0;
  for (const mutant of chosen) {
    const startedMs = performance.now();
    const { noticed, what } = await tryMutant(mutant, Number(values.seeds));
    if (!noticed) unnoticed += 1;
    console.log(
      `${noticed ? 'noticed    ' : 'NOT NOTICED'} ${mutant.name.padEnd(24)} ${what} (${((performance.now() - startedMs) / 1000).toFixed(0)} s)`,
    );
  }
  process.exitCode = unnoticed === 0 ? 0 : 1;
}

async function tryMutant(mutant: Mutant, seeds: number): Promise<Verdict> {
  const home = mkdtempSync(join(tmpdir(), `nacre-mutant-`));
  try {
    for (const source of sources) cpSync(join(root, source), join(home, source), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(home, 'node_modules'));
    apply(mutant, home);
    const { failed, passed } = await simulate(home, 1, seeds);
    if (failed === undefined) return { noticed: false, what: `in ${passed} seeds` };
    const unbroken = await simulate(root, failed.seed, 1);
    if (unbroken.failed !== undefined) return { noticed: false, what: `seed ${failed.seed} fails without it too: ${unbroken.failed.what}` };
    return { noticed: true, what: `by seed ${failed.seed}: ${failed.what}` };
  } finally {
    rmSync(home, { recursive: true });
  }
}

/** Each replacement must fit exactly one place: else the code has changed, and the mutant must follow. */
function apply({ name, edits }: Mutant, home: string): void {
  for (const { file, from, to } of edits) {
    const path = join(home, file);
    const text = readFileSync(path, 'utf8');
    if (text.split(from).length !== 2) throw new Error(`mutant ${name}: what it changes is not, or not once, in ${file}:\n${from}`);
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
  }
}

interface Outcome {
  readonly failed: { readonly seed: number; readonly what: string } | undefined;
  readonly passed: number;
}

/** Runs seeds with the sources in `home`, until one fails. */
function simulate(home: string, from: number, count: number): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--import=tsx', 'test/sim/run.ts', '--osds', '--from', String(from), '--count', String(count), '--until-failure'],
      { cwd: home, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let output = '';
    const take = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', reject);
    child.on('close', () => {
      const [, seed, what] = /^seed (\d+) failed.*\n(.*)/m.exec(output) ?? [];
      const passed = output.match(/^seed \d+: ok/gm)?.length ?? 0;
      if (seed !== undefined) resolve({ failed: { seed: Number(seed), what: (what ?? '').slice(0, 160) }, passed });
      else if (passed === count) resolve({ failed: undefined, passed });
      else reject(new Error(`the simulation ended by itself:\n${output.slice(-2_000)}`));
    });
  });
}
