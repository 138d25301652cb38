/** The active MDS dies or falls silent under load: programs wait a little, and see no error. A mount is evicted: it comes back. */
import { closeSync, fsyncSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { activeOf, pauseDuring, rolesOf } from '../support/mds-pause.ts';
import { nacre, noMountReason, RealCluster } from '../support/real-cluster.ts';

if (noMountReason !== undefined) {
  test('MDS failover: skipped', (t) => {
    t.log(`${noMountReason}: nothing is mounted`);
    t.pass();
  });
} else {
  const leaseSeconds = 5;

  test('MDS failover: killed with and without a follower, stopped (SIGSTOP) → a short pause, nothing is lost', async (t) => {
    t.timeout(180_000);
    const cluster = new RealCluster();
    try {
      await cluster.up('--mds', '3');
      const { active } = await rolesOf(cluster);
      const killed = await pauseDuring(cluster, 'killed', () => cluster.kill(active));
      t.deepEqual(killed.wrong, []);
      t.true(killed.seconds < 2, `killed, with a follower: ${killed.seconds} s`);

      const both = await rolesOf(cluster);
      await cluster.ok('start', active);
      await cluster.until('a standby', (status) => status.mds.some(({ state }) => state === 'standby'));
      const unfollowed = await pauseDuring(cluster, 'unfollowed', () => cluster.kill(both.active, both.follower));
      t.deepEqual(unfollowed.wrong, []);
      t.true(unfollowed.seconds < 5, `killed together with its follower: ${unfollowed.seconds} s`);

      t.is(await activeOf(cluster), active);
      await cluster.ok('start', both.active);
      await rolesOf(cluster);
      const pid = cluster.pid(active);
      const silent = await pauseDuring(cluster, 'silent', () => process.kill(pid, 'SIGSTOP'));
      t.deepEqual(silent.wrong, []);
      t.true(silent.seconds < leaseSeconds + 2, `stopped: ${silent.seconds} s`);
      // It wakes up as what it is not any more: fenced, and a standby in its next life.
      process.kill(pid, 'SIGCONT');
      await cluster.until('its return', (status) => status.mds.some(({ name, state }) => name === active && state.startsWith('standby')));
      t.log(`killed ${killed.seconds} s, without a follower ${unfollowed.seconds} s, SIGSTOP ${silent.seconds} s`);
    } finally {
      await cluster.remove();
    }
  });

  test('MDS session: a mount is evicted by command → fsync reports what was lost, once; calls wait for a new session and go on', async (t) => {
    const cluster = new RealCluster();
    try {
      await cluster.up();
      const path = join(cluster.mount, 'file');
      const file = openSync(path, 'w+');
      writeSync(file, 'safe');
      fsyncSync(file);
      const beside = openSync(path, 'r+');
      const listed = async (): Promise<readonly { readonly name: string; readonly instance: number }[]> =>
        JSON.parse(await cluster.ok('mds', 'session', 'ls', '--json')) as [];
      const [before] = await listed();
      t.is(before?.name, 'client.mnt');
      // It works on, so that there is something unwritten at the moment when it is evicted.
      let done = false;
      const evicted = cluster.ok('mds', 'session', 'evict', 'client.mnt').finally(() => (done = true));
      for (let at = 4; !done; at++) {
        writeSync(file, '.', at);
        await sleep(10);
      }
      t.regex(await evicted, /client\.mnt .* is evicted/);
      const told = (descriptor: number): string | undefined => {
        try {
          fsyncSync(descriptor);
          return 'nothing';
        } catch (error) {
          return (error as NodeJS.ErrnoException).code;
        }
      };
      // What needs nothing that was lost waits for the new session.
      const second = join(cluster.mount, 'second');
      writeFileSync(second, 'made at once');
      t.is(readFileSync(second, 'utf8'), 'made at once');
      const [after] = await listed();
      t.is(after?.name, 'client.mnt');
      t.not(after?.instance, before?.instance);
      for (const descriptor of [file, beside]) t.deepEqual([told(descriptor), told(descriptor)], ['EIO', 'nothing']);
      for (const descriptor of [file, beside]) closeSync(descriptor);
      t.regex(readFileSync(path, 'latin1'), /^safe[\0.]*$/);
      writeFileSync(path, 'again');
      t.is(readFileSync(path, 'utf8'), 'again');
      const log = readFileSync(join(cluster.data, 'log', 'client.mnt.log'), 'utf8');
      t.regex(log, /"path":"\/file".*"ranges":\[\{"from":[0-9]+,"to":[0-9]+\}\].*evicted before this was written/);
      t.regex((await nacre('mds', '--data', cluster.data, 'session', 'evict', 'client.nobody')).stderr, /no client client\.nobody/);
    } finally {
      await cluster.remove();
    }
  });
}
