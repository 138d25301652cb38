import { readFileSync } from 'node:fs';
import test from 'ava';
import { bodies } from '../../../../common/wire/gen/bodies.ts';

test('docs/PROTOCOL.md: its tables → every body with its number, and no other', (t) => {
  const text = readFileSync(new URL('../../../../docs/PROTOCOL.md', import.meta.url), 'utf8');
  const documented: string[] = [];
  for (const [, names, numbers] of text.matchAll(/^\| (`[a-z_`, ]+`) +\| ([\d, ]+?) +\|/gm)) {
    const parts = (names ?? '').split(', ');
    for (const [i, number] of (numbers ?? '').split(', ').entries()) documented.push(`${number} ${(parts[i] ?? '?').replaceAll('`', '')}`);
  }
  const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  t.deepEqual(
    documented,
    bodies.map(({ field, name }) => `${field} ${snake(name)}`),
  );
});
