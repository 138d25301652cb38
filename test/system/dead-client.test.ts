/** Clients that cannot end by themselves, or were stopped: nothing of them stays behind. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { MountedProcess } from '../support/mounted-process.ts';
import { nacre, noMountReason, RealCluster, run } from '../support/real-cluster.ts';

/** The states of a process's threads: D of one that waits in the kernel. Without those that have ended. */
function threadStates(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .map((thread) => stateOf(`/proc/${pid}/task/${thread}`))
      .filter((state) => state !== 'Z');
  } catch {
    return [];
  }
}

function stateOf(folder: string): string {
  const stat = readFileSync(`${folder}/stat`, 'latin1');
  return stat.charAt(stat.lastIndexOf(')') + 2);
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`${what} did not happen`);
    await sleep(20);
  }
}

if (noMountReason !== undefined) {
  test('dead client: skipped', (t) => {
    t.log(`${noMountReason}: clients that die are not tested`);
    t.pass();
  });
} else {
  test('dead client: killed while it takes a page from the kernel that a call of its own holds → umount and down take all of it away; stopped → it goes on to write back', async (t) => {
    t.timeout(120_000);
    const cluster = new RealCluster();
    const other = join(cluster.home, 'other');
    const processes: MountedProcess[] = [];
    let stopped: number | undefined;
    try {
      await cluster.up('--osds', '1');
      await cluster.ok('mount', '--detach', other);
      const client = cluster.names().find((name) => name.startsWith('client.mnt')) ?? '';
      const pid = cluster.pid(client);

      /** Killed like this, a thread of it stays in the kernel, and the mount answers nobody. */
      const killStuck = async (name: string): Promise<number> => {
        const file = await open(join(other, name), 'w');
        await file.write(Buffer.alloc(1 << 20, name));
        await file.sync();
        await file.close();
        const reader = new MountedProcess(cluster.mount);
        const writer = new MountedProcess(other);
        processes.push(reader, writer);
        await reader.do(`fd = os.open('${name}', os.O_RDONLY)`);
        stopped = cluster.pid('osd.0');
        process.kill(stopped, 'SIGSTOP');
        // Its pages are locked until the client has the data; the other's wish to write has the client drop them.
        reader.tell('len(os.read(fd, 1 << 20))');
        t.true(await reader.waits());
        writer.tell(`os.open('${name}', os.O_RDWR)`);
        const doomed = cluster.pid(client);
        await until('that a thread waits for a page', () => threadStates(doomed).includes('D'));
        cluster.kill(client);
        await until('its end but for that thread', () => threadStates(doomed).join('') === 'D');
        process.kill(stopped, 'SIGCONT');
        return doomed;
      };

      const dirty = join(cluster.mount, 'dirty');
      writeFileSync(dirty, 'nowhere else');
      process.kill(pid, 'SIGSTOP');
      t.is((await nacre('umount', cluster.mount)).code, 0);
      await cluster.ok('mount', '--detach', cluster.mount);
      t.is(readFileSync(dirty, 'utf8'), 'nowhere else');

      // What lies at its mount point is another's: it stays, whatever becomes of the client.
      const kept = await open(dirty, 'r+');
      t.is((await run('umount', ['-l', cluster.mount])).code, 0);
      t.is((await run('mount', ['--bind', other, cluster.mount])).code, 0);
      await kept.write('kept', 0);
      t.regex((await nacre('umount', cluster.mount)).stderr, /no nacre client on this machine serves/);
      await cluster.ok('stop', client);
      await t.throwsAsync(kept.close(), { code: 'ENOTCONN' });
      t.false(cluster.runs(client));
      t.true(cluster.mounted());
      t.is(readFileSync(join(other, 'dirty'), 'utf8'), 'keptere else');
      t.is((await run('umount', [cluster.mount])).code, 0);
      t.is(readFileSync(join(other, 'dirty'), 'utf8'), 'keptere else');
      await cluster.ok('mount', '--detach', cluster.mount);

      const first = await killStuck('first');
      const started = performance.now();
      t.is((await nacre('umount', cluster.mount)).code, 0);
      t.true(performance.now() - started < 30_000, 'nothing was waited for in vain');
      t.deepEqual([threadStates(first), cluster.mounted()], [[], false]);

      // Mounted again, as if nothing had been.
      await cluster.ok('mount', '--detach', cluster.mount);
      t.is(readFileSync(join(cluster.mount, 'first')).length, 1 << 20);
      writeFileSync(join(cluster.mount, 'second'), 'x');
      const second = await killStuck('third');
      await cluster.ok('down');
      t.deepEqual([threadStates(second), cluster.mounted(), cluster.mounted(other), cluster.leftovers()], [[], false, false, []]);
    } finally {
      if (stopped !== undefined && threadStates(stopped).length > 0) process.kill(stopped, 'SIGCONT');
      for (const each of processes) each.end();
      await cluster.remove();
    }
  });
}
