/** The active MDS dies or falls silent under load: programs wait a little, and see no error. */
import test from 'ava';
import { activeOf, pauseDuring, rolesOf } from '../support/mds-pause.ts';
import { noMountReason, RealCluster } from '../support/real-cluster.ts';

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
}
