/** Reads, mappings, O_DIRECT calls and truncations of several processes on one file of a mount: as on ext4. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { makeExt4 } from '../support/posix/ext4.ts';
import { noMountReason, RealCluster, run } from '../support/real-cluster.ts';

const ext4 = makeExt4();
const reason = noMountReason ?? (typeof ext4 === 'string' ? ext4 : undefined);
if (reason !== undefined || typeof ext4 === 'string') {
  test('data: skipped', (t) => {
    t.log(`not compared with ext4: ${reason ?? ''}`);
    t.pass();
  });
} else {
  const script = join(import.meta.dirname, '../support/data-calls.py');

  test('data: read, mapped and written past the cache while others cut it → as on ext4', async (t) => {
    const cluster = new RealCluster();
    try {
      await cluster.up('--osds', '1');
      const folder = join(cluster.mount, 'compared');
      mkdirSync(folder);
      const lines: string[][] = [];
      for (const path of [ext4.path, folder]) {
        const { code, stdout, stderr } = await run('/usr/bin/python3', [script, path]);
        t.is(code, 0, stderr);
        t.is(stderr, '');
        lines.push(stdout.split('\n'));
      }
      const [expected = [], seen] = lines;
      t.true(expected.length > 80);
      t.deepEqual(seen, expected);
    } finally {
      await cluster.remove();
      ext4.remove();
    }
  });
}
