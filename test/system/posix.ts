/**
 * `npm run posix -- [--operations N] [--seed N] [--mount DIRECTORY | --mountless | --driver NAME] [--only TABLE] [--kill]`: calls by several
 * users on a mount and on ext4, compared (test/support/posix): first the tables, or those so called, then random ones, 100,000 unless told otherwise.
 * Without a directory a cluster of its own is made; with `--mountless` one in this process, whose client no kernel has mounted. With `--kill`
 * an OSD or the MDS of the cluster is killed with -9 every few seconds and started again. With `--driver fuse-native` it is mounted so,
 * and the calls are those that this driver carries.
 * @module
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Comparison, mounted, type Subject } from '../support/posix/compare.ts';
import type { Call } from '../support/posix/call.ts';
import { makeExt4 } from '../support/posix/ext4.ts';
import { carriedByFuseNative, halves } from '../support/posix/fuse-native.ts';
import { mountless } from '../support/posix/mountless.ts';
import { runRandomCalls } from '../support/posix/random-run.ts';
import { tables } from '../support/posix/tables.ts';
import { Killer } from '../support/killer.ts';
import { RealCluster } from '../support/real-cluster.ts';

const string = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    operations: string,
    seed: string,
    mount: string,
    mountless: { type: 'boolean' },
    driver: { ...string, default: 'kernel' },
    only: string,
    kill: { type: 'boolean' },
  },
});
const operations = Number(values.operations ?? 100_000);
const seed = Number(values.seed ?? Math.floor(Date.now() / 1000));

/** Of the calls, those that are made at a time. */
interface Part {
  readonly name: string;
  of(calls: readonly Call[]): readonly Call[];
}

const ext4 = makeExt4();
if (typeof ext4 === 'string') throw new Error(`no ext4 to compare with: ${ext4}`);
const cluster = values.mount === undefined && values.mountless !== true ? new RealCluster() : undefined;
let made: string | undefined;
const parts: readonly Part[] =
  values.driver === 'fuse-native'
    ? halves.map((half) => ({ name: `, ${half}`, of: (calls) => carriedByFuseNative(calls, half) }))
    : [{ name: '', of: (calls) => calls }];

async function subject(): Promise<Subject> {
  if (values.mountless === true) return await mountless(seed);
  // Others go on with the data of one that is dead.
  await cluster?.ok('up', '--detach', '--osds', values.kill === true ? '3' : '1');
  await cluster?.mountBy(values.driver);
  if (cluster !== undefined) chmodSync(cluster.home, 0o755);
  made = mkdtempSync(join(cluster?.mount ?? values.mount ?? '', 'compared-'));
  chmodSync(made, 0o755);
  return { ...mounted('nacre', made), coarseTimes: values.driver === 'fuse-native' };
}

async function compareTables(comparison: Comparison, { name: part, of }: Part): Promise<void> {
  for (const [name, calls] of Object.entries(tables).filter(([each]) => values.only === undefined || each.startsWith(values.only))) {
    const differing = await comparison.allThatDiffer(of(calls()), { accessTimes: 'all' });
    if (differing.length > 0) process.exitCode = 1;
    console.log([`${name}${part}: ${differing.length} calls differ`, ...differing.slice(0, 5)].join('\n'));
  }
}

async function compareRandom(comparison: Comparison, { name, of }: Part, share: number): Promise<void> {
  const count = await runRandomCalls(
    { differs: (calls, compared) => comparison.differs(of(calls), compared) },
    {
      operations: share,
      seed,
      onProgress: (sofar) => {
        if (sofar % 10_000 < 1_000) console.log(`${sofar} calls`);
      },
    },
  );
  console.log(`${count} calls${name}, no difference`);
}

try {
  const comparison = new Comparison(mounted('ext4', ext4.path), await subject());
  try {
    const fine = await comparison.start();
    console.log(
      `seed ${seed}; ${fine ? 'changes of times are compared' : 'which call changes which time is not compared: a clock is too coarse'}`,
    );
    for (const part of parts) await compareTables(comparison, part);
    const killer = values.kill === true && cluster !== undefined ? new Killer(cluster, seed) : undefined;
    try {
      for (const part of parts) await compareRandom(comparison, part, operations / parts.length);
    } finally {
      await killer?.stop();
      if (killer !== undefined) console.log(`${killer.deaths} daemons killed`);
    }
  } finally {
    await comparison.stop();
    if (made !== undefined) rmSync(made, { recursive: true, force: true });
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await cluster?.remove();
  ext4.remove();
}
