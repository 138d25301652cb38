/** Calls of several users on a real mount of a real cluster, and the same on ext4: tables of what POSIX tells apart, and random ones. */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { Comparison, mounted } from '../support/posix/compare.ts';
import { makeExt4 } from '../support/posix/ext4.ts';
import { runRandomCalls } from '../support/posix/random-run.ts';
import { noSyscallsReason } from '../support/posix/syscalls.ts';
import { tables } from '../support/posix/tables.ts';
import { noMountReason, RealCluster } from '../support/real-cluster.ts';

const ext4 = makeExt4();
const reason = noMountReason ?? noSyscallsReason ?? (typeof ext4 === 'string' ? ext4 : undefined);
if (reason !== undefined || typeof ext4 === 'string') {
  test('posix: skipped', (t) => {
    t.log(`not compared with ext4: ${reason ?? ''}`);
    t.pass();
  });
} else {
  const cluster = new RealCluster();
  let comparison: Comparison;

  test.before(async (t) => {
    await cluster.up('--osds', '1');
    chmodSync(cluster.home, 0o755);
    const path = join(cluster.mount, 'compared');
    mkdirSync(path);
    comparison = new Comparison(mounted('ext4', ext4.path), mounted('nacre', path));
    if (!(await comparison.start())) t.log('the clock of this kernel’s ext4 is too coarse to compare which call changes which time');
  });

  test.after.always(async () => {
    await comparison.stop();
    await cluster.remove();
    ext4.remove();
  });

  for (const [name, calls] of Object.entries(tables))
    test.serial(`posix ${name} → as on ext4`, async (t) => {
      const differing = await comparison.allThatDiffer(calls(), { accessTimes: 'all' });
      t.deepEqual(differing.slice(0, 5), [], `${String(differing.length)} calls differ`);
    });

  test.serial('posix: 5,000 random calls by four users → as on ext4, and the same tree', async (t) => {
    t.true((await runRandomCalls(comparison, { operations: 5_000, seed: 20_261_121 })) >= 5_000);
  });
}
