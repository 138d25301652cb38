/**
 * `npm run sim:mutants`: breaks one rule of replication or coherence after the other on purpose, in a copy of the sources, and shows
 * that the simulation notices within 200 seeds, by one that passes with the rule in place. Fails when it doesn't, or when
 * a rule's code can't be found any more.
 * `--only NAME` for one of them, `--seeds N` for another bound, `--list`.
 * @module
 */
import { parseArgs } from 'node:util';
import { mutants } from './list.ts';
import { tryMutant } from './try-mutant.ts';

const { values } = parseArgs({
  options: { only: { type: 'string' }, seeds: { type: 'string', default: '200' }, list: { type: 'boolean' } },
});

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
