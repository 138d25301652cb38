import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { placeReplicas } from '../../../common/crush/crush-rule.ts';
import { trees } from './trees.ts';

interface Vector {
  readonly tree: string;
  readonly size: number;
  readonly mappings: string;
}

const vectors = JSON.parse(readFileSync(join(import.meta.dirname, 'vectors/crush.json'), 'utf8')) as readonly Vector[];

test('vectors: every tree → has some', (t) => {
  t.deepEqual(
    [...new Set(vectors.map(({ tree }) => tree))],
    trees.map(({ name }) => name),
  );
});

for (const { tree, size, mappings } of vectors) {
  test(`placeReplicas: ${tree}, size ${size} → as crushtool, input for input`, (t) => {
    const found = trees.find(({ name }) => name === tree);
    if (!found) return t.fail('no such tree');
    const expected = mappings.split(' ');
    t.is(expected.length, 1024);
    const actual = expected.map((_, x) =>
      placeReplicas(found.map, found.rule, x, size, (osd) => found.reweights[osd] ?? 0x10000).join(','),
    );
    t.deepEqual(actual, expected);
  });
}
