/**
 * Breaks one rule on purpose in a copy of the sources, and looks whether a seed notices it.
 * @module
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FailedSeed, runSeeds } from '../seed-output.ts';
import type { Mutant } from './mutant.ts';

const root = join(import.meta.dirname, '../../..');
const sources = ['common', 'mon', 'osd', 'mds', 'fuse-client', 'test', 'package.json', 'tsconfig.json'];

export interface Verdict {
  readonly noticed: boolean;
  /** What was noticed, or how much was run in vain. */
  readonly what: string;
}

/** Noticed means: one of the first `seeds` fails with it, and passes without it. */
export async function tryMutant(mutant: Mutant, seeds: number, signal?: AbortSignal): Promise<Verdict> {
  const home = mkdtempSync(join(tmpdir(), `nacre-mutant-`));
  try {
    for (const source of sources) cpSync(join(root, source), join(home, source), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(home, 'node_modules'));
    apply(mutant, home);
    const { failed, passed } = await simulate(mutant, home, 1, seeds, signal);
    if (failed === undefined) return { noticed: false, what: `in ${passed} seeds` };
    const unbroken = await simulate(mutant, root, failed.seed, 1, signal);
    if (unbroken.failed !== undefined) return { noticed: false, what: `seed ${failed.seed} fails without it too: ${unbroken.failed.what}` };
    return { noticed: true, what: `by seed ${failed.seed}: ${failed.what}` };
  } finally {
    rmSync(home, { recursive: true });
  }
}

/** What of it does not fit the sources in `home`: each replacement must fit exactly one place, else the code has changed, and the mutant must follow. */
export function misfits({ edits }: Mutant, home = root): string[] {
  return edits.flatMap(({ file, from }) => {
    const count = readFileSync(join(home, file), 'utf8').split(from).length - 1;
    return count === 1 ? [] : [`what it changes is ${count} times in ${file}:\n${from}`];
  });
}

function apply(mutant: Mutant, home: string): void {
  const [misfit] = misfits(mutant, home);
  if (misfit !== undefined) throw new Error(`mutant ${mutant.name}: ${misfit}`);
  for (const { file, from, to } of mutant.edits) {
    const path = join(home, file);
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(from, () => to),
    );
  }
}

/** Runs seeds with the sources in `home`, until one fails. */
async function simulate(
  { noticedBy }: Mutant,
  home: string,
  from: number,
  count: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly failed: FailedSeed | undefined; readonly passed: number }> {
  const which = noticedBy === 'osds' ? ['--osds'] : noticedBy === 'ranks' ? ['--ranks', '2'] : [];
  const args = [...which, '--from', String(from), '--count', String(count), '--until-failure'];
  const { failed, passed, tail } = await runSeeds({ home, args, ...(signal === undefined ? {} : { signal }) });
  if (failed.length === 0 && passed !== count) throw new Error(`the simulation ended by itself:\n${tail}`);
  return { failed: failed[0], passed };
}
