import test from 'ava';
import { mutants } from './list.ts';
import { misfits } from './try-mutant.ts';

test('mutants: the text that keeps each rule → once in the sources', (t) => {
  for (const mutant of mutants) t.deepEqual(misfits(mutant), [], mutant.name);
});
