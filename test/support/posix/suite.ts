/**
 * The tests that compare a filesystem with ext4: the tables of what POSIX tells apart, and random calls.
 * @module
 */
import test from 'ava';
import { Comparison, mounted, type Subject } from './compare.ts';
import { makeExt4 } from './ext4.ts';
import { runRandomCalls } from './random-run.ts';
import { noSyscallsReason } from './syscalls.ts';
import { tables } from './tables.ts';

export interface Compared {
  /** Why it cannot be had here; undefined when it can. */
  readonly reason?: string | undefined;
  /** Random calls. */
  readonly operations: number;
  readonly seed: number;
  start(): Promise<Subject>;
  stop(): Promise<void>;
}

/** Declares them, as tests of `what`. */
export function testAgainstExt4(what: string, { reason, operations, seed, start, stop }: Compared): void {
  const ext4 = makeExt4();
  const lacking = reason ?? noSyscallsReason ?? (typeof ext4 === 'string' ? ext4 : undefined);
  if (lacking !== undefined || typeof ext4 === 'string') {
    if (typeof ext4 !== 'string') ext4.remove();
    test(`${what}: skipped`, (t) => {
      t.log(`not compared with ext4: ${lacking ?? ''}`);
      t.pass();
    });
    return;
  }
  let comparison: Comparison;

  test.before(async (t) => {
    comparison = new Comparison(mounted('ext4', ext4.path), await start());
    if (!(await comparison.start())) t.log('the clock of this kernel’s ext4 is too coarse to compare which call changes which time');
  });

  test.after.always(async () => {
    await comparison.stop();
    await stop();
    ext4.remove();
  });

  for (const [name, calls] of Object.entries(tables))
    test.serial(`${what} ${name} → as on ext4`, async (t) => {
      const differing = await comparison.allThatDiffer(calls(), { accessTimes: 'all' });
      t.deepEqual(differing.slice(0, 5), [], `${differing.length} calls differ`);
    });

  test.serial(`${what}: ${operations.toLocaleString('en')} random calls by four users → as on ext4, and the same tree`, async (t) => {
    t.true((await runRandomCalls(comparison, { operations, seed })) >= operations);
  });
}
