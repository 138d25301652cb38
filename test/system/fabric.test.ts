import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { noNamespacesReason } from '../support/own-namespaces.ts';
import { run } from '../support/real-cluster.ts';
import { sourceFlag } from '../support/source-flag.ts';

const namespaceTest = noNamespacesReason() === undefined ? test : test.skip;

namespaceTest('fabric: cut one way and both ways, mended, slowed down → what may arrive arrives; nothing is left', async (t) => {
  const { code, stdout, stderr } = await run(process.execPath, [sourceFlag, join(import.meta.dirname, '../support/fabric-check.ts')]);
  t.is(code, 0, stderr);
  t.deepEqual(JSON.parse(stdout), {
    whole: [true, true],
    'one way': [false, true],
    'both ways': [false, false],
    'one way again': [false, true],
    slow: [true, true],
  });
  for (const name of ['a', 'b']) t.false(existsSync(`/run/netns/${name}`));
});
