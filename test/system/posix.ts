/**
 * `npm run posix -- [--operations N] [--seed N] [--mount DIRECTORY]`: random calls by several users on a mount and on ext4,
 * compared (test/support/posix). Without a directory a cluster of its own is made. 100,000 calls unless told otherwise.
 * @module
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Comparison } from '../support/posix/compare.ts';
import { makeExt4 } from '../support/posix/ext4.ts';
import { runRandomCalls } from '../support/posix/random-run.ts';
import { RealCluster } from '../support/real-cluster.ts';

const { values } = parseArgs({ options: { operations: { type: 'string' }, seed: { type: 'string' }, mount: { type: 'string' } } });
const operations = Number(values.operations ?? 100_000);
const seed = Number(values.seed ?? Math.floor(Date.now() / 1000));

const ext4 = makeExt4();
if (typeof ext4 === 'string') throw new Error(`no ext4 to compare with: ${ext4}`);
const cluster = values.mount === undefined ? new RealCluster() : undefined;
try {
  await cluster?.up('--osds', '1');
  if (cluster !== undefined) chmodSync(cluster.home, 0o755);
  const path = mkdtempSync(join(cluster?.mount ?? values.mount ?? '', 'compared-'));
  chmodSync(path, 0o755);
  const comparison = new Comparison({ name: 'ext4', path: ext4.path }, { name: 'nacre', path });
  try {
    const fine = await comparison.start();
    console.log(
      `seed ${seed}; ${fine ? 'changes of times are compared' : 'the clock of this kernel’s ext4 is too coarse to compare changes of times'}`,
    );
    const made = await runRandomCalls(comparison, {
      operations,
      seed,
      onProgress: (count) => {
        if (count % 10_000 < 1_000) console.log(`${count} calls`);
      },
    });
    console.log(`${made} calls, no difference`);
  } finally {
    await comparison.stop();
    rmSync(path, { recursive: true, force: true });
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await cluster?.remove();
  ext4.remove();
}
