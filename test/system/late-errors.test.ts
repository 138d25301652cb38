/**
 * Data that a write has taken and that then could not be stored, through a real mount: every descriptor that was open hears of it once by
 * fsync(2), and by each close(2) before that.
 */
import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { CallError, FileCalls } from '../support/file-calls.ts';
import { printCall } from '../support/posix/call.ts';
import { Open } from '../support/posix/constants.ts';
import {
  noSyscallsReason,
  root,
  SyscallWorker,
  type Argument,
  type Outcome,
  type Syscall,
  type SyscallName,
} from '../support/posix/syscalls.ts';
import { noMountReason, RealCluster } from '../support/real-cluster.ts';

const reason = noMountReason ?? noSyscallsReason;
const { ENOSPC, EDQUOT, EIO } = constants.errno;
const synchronous = 0o4010000;
/** After so long without word a client may be evicted. */
const leaseMs = 1_500;
const patienceMs = 20_000;

/** A call, and the errno that it is to end with. */
type Step = readonly [call: readonly [SyscallName, ...Argument[]], errno: number, keep?: number];

if (reason !== undefined) {
  test('late errors: skipped', (t) => {
    t.log(`${reason}: errors of a mount's writes are not tested`);
    t.pass();
  });
} else {
  const cluster = new RealCluster();
  const other = join(cluster.home, 'other');
  let clientName = '';
  let calls: SyscallWorker;

  test.before(async () => {
    await cluster.ok('up', '--osds', '1', '--detach');
    await cluster.ok('stop', 'mds.a');
    appendFileSync(join(cluster.data, 'conf/mds.a.toml'), `sessionLeaseMs = ${String(leaseMs)}\n`);
    await cluster.ok('start', 'mds.a');
    await cluster.ok('mount', '--detach', cluster.mount);
    [clientName = ''] = cluster.names().filter((name) => name.startsWith('client.'));
    await cluster.ok('mount', '--detach', other);
    calls = new SyscallWorker(cluster.mount);
  });

  test.after.always(async () => {
    await calls.stop();
    await cluster.remove();
  });

  const stepsOf = (steps: readonly Step[]): readonly Syscall[] =>
    steps.map(([[name, ...args], , keep]) => ({ user: root, name, args, ...(keep === undefined ? {} : { keep }) }));

  const run = async (t: ExecutionContext, steps: readonly Step[]): Promise<readonly Outcome[]> => {
    const made = stepsOf(steps);
    const outcomes = await calls.run(made);
    const told = (errnos: readonly (number | undefined)[]): string[] => made.map((call, at) => `${printCall(call)} → ${errnos[at]}`);
    t.deepEqual(told(outcomes.map(({ errno }) => errno)), told(steps.map(([, errno]) => errno)));
    return outcomes;
  };
  const open = (slot: number, path: string, flags = 0): Step => [['open', path, Open.readWrite | Open.create | flags, 0o644], 0, slot];
  const write = (slot: number, errno = 0, length = 60_000): Step => [['write', { slot }, 'x'.repeat(length), length], errno];
  const fsync = (slot: number, errno = 0): Step => [['fsync', { slot }], errno];
  const close = (slot: number, errno = 0): Step => [['close', slot], errno];

  const until = async (what: string, done: () => Promise<boolean>): Promise<void> => {
    for (const deadline = performance.now() + patienceMs; !(await done());)
      if (performance.now() > deadline) throw new Error(`it took too long until ${what}`);
  };

  /** As the mon does when an OSD is full. Until the OSD says so, or no longer. */
  const setFull = async (full: boolean): Promise<void> => {
    await cluster.ok('flag', full ? 'set' : 'unset', 'full');
    await until(`the OSDs say so`, async () => {
      const [, probe] = await calls.run(stepsOf([open(3, 'probe', synchronous), write(3), [['close', 3], 0]]));
      return (probe?.errno === ENOSPC) === full;
    });
  };

  test.serial('late errors: disks are full → ENOSPC once for each descriptor, from fsync or close, and none later', async (t) => {
    await run(t, [open(0, 'mapped'), write(0), fsync(0), close(0)]);
    await setFull(true);
    await run(t, [
      open(0, 'file'),
      open(1, 'file'),
      write(0),
      fsync(0, ENOSPC),
      fsync(0),
      fsync(1, ENOSPC),
      fsync(1),
      write(0),
      fsync(1, ENOSPC),
      open(2, 'file'),
      fsync(2),
      close(0, ENOSPC),
      close(1),
      close(2),
    ]);
    await run(t, [
      open(0, 'synchronous', synchronous),
      open(1, 'synchronous'),
      write(0, ENOSPC),
      fsync(0),
      close(0),
      close(1, ENOSPC),
      open(1, 'synchronous'),
      close(1),
    ]);
    // What is stored through a mapping is told by msync(2), and by the others' descriptors.
    await run(t, [open(0, 'mapped')]);
    const mapping = new FileCalls(join(cluster.mount, 'mapped'));
    t.is((await t.throwsAsync(mapping.mappedWrite(0, 10_000, 1), { instanceOf: CallError })).errno, ENOSPC);
    await mapping.close();
    await run(t, [fsync(0, ENOSPC), close(0)]);

    await run(t, [open(0, 'file'), open(1, 'file')]);
    await setFull(false);
    await run(t, [write(0), fsync(0), fsync(1), close(0), close(1)]);
  });

  test.serial('late errors: beyond a quota → the write itself says so, and nothing later', async (t) => {
    const value = '100000';
    const steps = await run(t, [
      [['mkdir', 'bounded', 0o755], 0],
      [['setxattr', 'bounded', 'nacre.quota.max_bytes', value, value.length, 0], 0],
      open(0, 'bounded/file'),
      open(1, 'bounded/file'),
      write(0, 0, 100_000),
      write(0, EDQUOT, 1),
      write(0, EDQUOT),
      fsync(0),
      write(0, EDQUOT, 1),
      fsync(1),
      close(1),
      [['lseek', { slot: 0 }, 0, 2], 0],
      close(0),
    ]);
    t.is(steps.at(-2)?.result, 100_000);
  });

  test.serial('late errors: evicted with data not yet written → EIO once for each descriptor; then all goes on', async (t) => {
    await run(t, [open(0, 'evicted'), open(1, 'evicted'), write(0), fsync(0), write(0)]);
    const client = cluster.pid(clientName);
    process.kill(client, 'SIGSTOP');
    try {
      // Whoever asks for what the silent one holds gets it when its lease is over.
      t.is((await readFile(join(other, 'evicted'))).length, 60_000);
    } finally {
      process.kill(client, 'SIGCONT');
    }
    await run(t, [fsync(0, EIO), fsync(0), fsync(1, EIO), fsync(1)]);
    await run(t, [write(1), fsync(1), fsync(0), close(0), close(1)]);
    t.is(await readFile(join(other, 'evicted'), 'latin1'), 'x'.repeat(60_000));
  });
}
