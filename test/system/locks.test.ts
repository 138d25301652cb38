/** File locks through the kernel: on one mount as on the machine's own filesystem, and between two mounts likewise. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { noMountReason, RealCluster, run } from '../support/real-cluster.ts';
import { MountedProcess } from '../support/mounted-process.ts';

if (noMountReason !== undefined) {
  test('locks: skipped', (t) => {
    t.log(`${noMountReason}: locks of a mount are not tested`);
    t.pass();
  });
} else {
  const script = join(import.meta.dirname, '../support/lock-calls.py');
  const patienceMs = 30_000;

  const lockCalls = async (t: ExecutionContext, ...args: string[]): Promise<string[]> => {
    const { code, stdout, stderr } = await run('/usr/bin/python3', [script, ...args]);
    t.is(code, 0, stderr);
    return stdout.split('\n');
  };

  test('locks: every case on one mount, and between two → as on the machine’s own filesystem', async (t) => {
    t.timeout(240_000);
    const cluster = new RealCluster();
    const other = join(cluster.home, 'other');
    const own = mkdtempSync(join(tmpdir(), 'nacre-locks-'));
    try {
      await cluster.up();
      await cluster.ok('mount', '--detach', other);
      const folders = [cluster.mount, other].map((mount) => join(mount, 'locks'));
      const [here = '', there = ''] = folders;
      mkdirSync(here);
      mkdirSync(join(own, 'one'));
      mkdirSync(join(own, 'two'));
      mkdirSync(join(here, 'two'));
      // Of another host's process no number is told.
      const [expected, seen, expectedOfTwo, seenOfTwo] = await Promise.all([
        lockCalls(t, '--pids', join(own, 'one')),
        lockCalls(t, '--pids', here),
        lockCalls(t, join(own, 'two')),
        lockCalls(t, join(here, 'two'), join(there, 'two')),
      ]);
      t.true(expected.length > 80);
      t.deepEqual(seen, expected);
      t.deepEqual(seenOfTwo, expectedOfTwo);
    } finally {
      rmSync(own, { recursive: true, force: true });
      await cluster.remove();
    }
  });

  test('locks: MDS and clients die while locks are held and waited for → kept, handed on, none stays behind', async (t) => {
    t.timeout(240_000);
    const cluster = new RealCluster();
    const other = join(cluster.home, 'other');
    const processes: MountedProcess[] = [];
    try {
      await cluster.up();
      await cluster.ok('mount', '--detach', other);
      const before = cluster.names();
      const third = join(cluster.home, 'third');
      await cluster.ok('mount', '--detach', third);
      const [thirdClient = ''] = cluster.names().filter((name) => !before.includes(name));
      for (const mount of [cluster.mount, other, third]) processes.push(new MountedProcess(mount));
      const [here, there, doomed] = processes;
      if (here === undefined || there === undefined || doomed === undefined) throw new Error('no processes');
      for (const each of processes) await each.do("fd = os.open('file', os.O_RDWR | os.O_CREAT)");

      // The MDS dies: what is held stays held, who waits goes on waiting, and gets it.
      t.is(await here.do("lock(fd, 'w', 0, 10), flock(fd, 'r')"), "('ok', 'ok')");
      there.tell("lock(fd, 'w', 5, 10, True)");
      t.true(await there.waits());
      cluster.kill('mds.a');
      await cluster.ok('start', 'mds.a');
      t.is(await doomed.do("lock(fd, 'w', 0, 1), flock(fd, 'w'), flock(fd, 'r')"), "('EAGAIN', 'EAGAIN', 'ok')");
      t.true(await there.waits());
      t.is(await here.do("lock(fd, 'u', 0, 10)"), "'ok'");
      t.is(await there.hear(patienceMs), "'ok'");

      // An interrupted wait ends, whichever host holds the lock.
      doomed.tell("lock(fd, 'w', 7, 1, True)");
      t.true(await doomed.waits());
      doomed.signal('SIGUSR1');
      t.is(await doomed.hear(patienceMs), "'interrupted'");
      t.is(await there.do("lock(fd, 'u')"), "'ok'");

      // A client dies with what its processes hold: the next gets it when the session is over.
      t.is(await doomed.do("lock(fd, 'w')"), "'ok'");
      here.tell("lock(fd, 'w', wait=True)");
      t.true(await here.waits());
      cluster.kill(thirdClient);
      t.is(await here.hear(2 * patienceMs), "'ok'");
    } finally {
      for (const each of processes) each.end();
      await cluster.remove();
    }
  });
}
