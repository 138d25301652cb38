/** Two mounts of one cluster, as on two hosts. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, closeSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { FileCalls } from '../support/file-calls.ts';
import { lineOf } from '../support/line-appender.ts';
import { noMountReason, RealCluster } from '../support/real-cluster.ts';
import { sourceFlag } from '../support/source-flag.ts';

if (noMountReason !== undefined) {
  test('two hosts: skipped', (t) => {
    t.log(`${noMountReason}: two mounts are not tested`);
    t.pass();
  });
} else {
  const churnMs = 5000;
  /** Well below the time after which a client that doesn't answer a recall is evicted. */
  const patienceMs = 12_000;

  /** Where in the kernel each thread of a process is, to see who waits for whom. */
  const stacksOf = (pid: number): readonly string[] =>
    readdirSync(`/proc/${String(pid)}/task`).map((task) => `${task}: ${readFileSync(`/proc/${String(pid)}/task/${task}/stack`, 'latin1')}`);

  test('two hosts: everybody at the same files → nobody waits for ever, both see the same in the end', async (t) => {
    const cluster = new RealCluster();
    const other = join(cluster.home, 'other');
    try {
      await cluster.up();
      await cluster.ok('mount', '--detach', other);
      const roots = [cluster.mount, other].map((mount) => join(mount, 'shared'));
      mkdirSync(roots[0] as string);
      const processes = Array.from({ length: 6 }, (_, i) =>
        spawn(process.execPath, [sourceFlag, 'test/support/file-churn.ts', roots[i % 2] as string, String(i + 1), String(churnMs)], {
          stdio: ['pipe', 'pipe', 'inherit'],
        }),
      );
      await Promise.all(processes.map(({ stdout }) => once(stdout, 'data')));
      for (const { stdin } of processes) stdin.write('go\n');
      const codes = Promise.all(processes.map(async (each) => (await once(each, 'exit'))[0] as number | null));
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<'stuck'>((resolve) => (timer = setTimeout(resolve, churnMs + patienceMs, 'stuck')));
      const ended = await Promise.race([codes, late]);
      clearTimeout(timer);
      if (ended === 'stuck')
        for (const { pid, exitCode } of processes) if (pid !== undefined && exitCode === null) t.log(pid, ...stacksOf(pid));
      if (ended === 'stuck')
        for (const name of cluster.names().filter((each) => each.startsWith('client'))) t.log(name, ...stacksOf(cluster.pid(name)));
      t.deepEqual(ended, [0, 0, 0, 0, 0, 0]);
      const [here, there] = roots.map((root) =>
        readdirSync(root, { withFileTypes: true })
          .sort((a, b) => (a.name < b.name ? -1 : 1))
          .map((entry) => [entry.name, entry.isFile() ? readFileSync(join(root, entry.name), 'latin1') : 'directory']),
      );
      t.deepEqual(here, there);
    } finally {
      await cluster.remove();
    }
  });

  test('two hosts: both have a file open for writing, and map it → what one has stored and synced the other finds', async (t) => {
    const cluster = new RealCluster();
    const other = join(cluster.home, 'other');
    try {
      await cluster.up();
      await cluster.ok('mount', '--detach', other);
      const paths = [cluster.mount, other].map((mount) => join(mount, 'file')) as [string, string];
      writeFileSync(paths[0], Buffer.alloc(20_000, 'a'));
      const descriptors = paths.map((path) => openSync(path, 'r+'));
      const [here, there] = paths.map((path) => new FileCalls(path)) as [FileCalls, FileCalls];
      const expected = Buffer.alloc(20_000, 'a');
      for (let turn = 0; turn < 20; turn++) {
        const [writer, reader, file] = turn % 2 === 0 ? [here, there, 1] : [there, here, 0];
        const [offset, length] = [turn * 700, 3000];
        await writer.mappedWrite(offset, length, 65 + turn);
        expected.fill(65 + turn, offset, offset + length);
        t.true((await reader.mappedRead(0, 20_000)).equals(expected), `mapped, turn ${turn}`);
        const read = Buffer.alloc(20_000);
        readSync(descriptors[file] as number, read, 0, 20_000, 0);
        t.true(read.equals(expected), `read, turn ${turn}`);
        writeSync(descriptors[file] as number, 'written', offset);
        expected.write('written', offset);
        t.true((await writer.mappedRead(0, 20_000)).equals(expected), `mapped and written, turn ${turn}`);
      }
      for (const descriptor of descriptors) closeSync(descriptor);
      for (const calls of [here, there]) await calls.close();
    } finally {
      await cluster.remove();
    }
  });

  test("two hosts: services append to one log → every line once, whole, each writer's in order, on both", async (t) => {
    const cluster = new RealCluster();
    const other = join(cluster.home, 'other');
    const lines = 250;
    const writers = ['w0', 'w1', 'w2', 'w3'];
    try {
      await cluster.up();
      await cluster.ok('mount', '--detach', other);
      const logs = [cluster.mount, other].map((mount) => join(mount, 'log'));
      const exits = writers.map(async (writer, i) => {
        const args = [sourceFlag, 'test/support/line-appender.ts', logs[i % 2] as string, writer, String(lines)];
        return (await once(spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] }), 'exit'))[0] as number | null;
      });
      t.deepEqual(await Promise.all(exits), [0, 0, 0, 0]);
      // By turns, one of them through a descriptor that was opened when it was alone: its kernel knows of an older end.
      const [here = '', there = ''] = [cluster.mount, other].map((mount) => join(mount, 'turns'));
      const descriptor = openSync(here, 'a+');
      let written = '';
      for (let turn = 0; turn < 40; turn += 1) {
        const [mine, theirs] = [lineOf('mine', turn), lineOf('theirs', turn)];
        writeSync(descriptor, mine);
        appendFileSync(there, theirs);
        written += mine + theirs;
      }
      closeSync(descriptor);
      for (const path of [here, there]) t.is(readFileSync(path, 'latin1'), written);
      for (const log of logs) {
        const found = readFileSync(log, 'latin1').split(/(?<=\n)/);
        t.is(found.length, writers.length * lines);
        for (const writer of writers) {
          const theirs = found.filter((line) => line.startsWith(`${writer} `));
          t.deepEqual(
            theirs,
            Array.from({ length: lines }, (_, number) => lineOf(writer, number)),
          );
        }
      }
    } finally {
      await cluster.remove();
    }
  });
}
