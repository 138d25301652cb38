import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { RealCluster, nacre, noMountReason } from '../support/real-cluster.ts';

const realTest = noMountReason === undefined ? test.serial : test.serial.skip;
if (noMountReason !== undefined) console.log(`real mounts are not tested here: ${noMountReason}`);

function digest(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

realTest('cluster: up, down, up again → the same data, nothing left running in between', async (t) => {
  const cluster = new RealCluster();
  t.teardown(() => cluster.remove());
  t.log((await cluster.up()).split('\n')[0] ?? '');
  t.true(cluster.mounted());

  const status = await cluster.until('all placement groups active+clean', ({ pgs }) => Object.keys(pgs.byState).join() === 'active+clean');
  t.is(status.health.status, 'HEALTH_OK', JSON.stringify(status.health));
  t.true(Number.isSafeInteger(status.epoch) && status.epoch > 0);
  t.deepEqual(
    status.osds.map(({ id, up, in: isIn }) => ({ id, up, in: isIn })),
    [0, 1, 2].map((id) => ({ id, up: true, in: true })),
  );
  t.deepEqual(
    status.mds.map(({ name, state, rank }) => ({ name, state, rank })),
    [{ name: 'mds.a', state: 'active', rank: 0 }],
  );
  t.true(status.clients.some(({ name }) => name === 'client.mnt'));
  t.is(typeof status.usage, 'object');
  t.deepEqual(cluster.names().sort(), ['client.mnt', 'mds.a', 'mon.a', 'osd.0', 'osd.1', 'osd.2']);

  const source = join(import.meta.dirname, '../../common');
  execFileSync('cp', ['-a', source, join(cluster.mount, 'tree')]);
  writeFileSync(join(cluster.mount, 'large'), Buffer.alloc(9 << 20, 'nacre '));
  t.is(execFileSync('diff', ['-r', source, join(cluster.mount, 'tree')], { encoding: 'utf8' }), '');
  const large = digest(join(cluster.mount, 'large'));

  await cluster.ok('down');
  t.false(cluster.mounted());
  t.deepEqual(cluster.leftovers(), []);
  t.deepEqual(cluster.names(), []);
  t.deepEqual(readdirSync(cluster.mount), []);

  await cluster.up();
  t.is(execFileSync('diff', ['-r', source, join(cluster.mount, 'tree')], { encoding: 'utf8' }), '');
  t.is(digest(join(cluster.mount, 'large')), large);
  t.is(statSync(join(cluster.mount, 'large')).size, 9 << 20);
});

realTest('cluster: up when it is up → nothing is started twice', async (t) => {
  const cluster = new RealCluster();
  t.teardown(() => cluster.remove());
  await cluster.up('--osds', '1');
  const pids = cluster.names().map((name) => cluster.pid(name));
  await cluster.up();
  t.deepEqual(
    cluster.names().map((name) => cluster.pid(name)),
    pids,
  );
  t.regex(await cluster.ok('start', 'osd.0'), /running already/);
});

realTest('mount: a second one → each sees at once what the other has done', async (t) => {
  const cluster = new RealCluster();
  t.teardown(() => cluster.remove());
  await cluster.up('--osds', '1');
  const second = join(cluster.home, 'second');
  await cluster.ok('mount', second, '--detach');
  for (let round = 0; round < 20; round++) {
    const [from, to] = round % 2 === 0 ? [cluster.mount, second] : [second, cluster.mount];
    mkdirSync(join(from, `d${round}`));
    writeFileSync(join(from, `d${round}`, 'f'), `round ${round}`);
    t.is(readFileSync(join(to, `d${round}`, 'f'), 'utf8'), `round ${round}`);
    writeFileSync(join(to, `d${round}`, 'f'), `round ${round}, answered`);
    t.is(readFileSync(join(from, `d${round}`, 'f'), 'utf8'), `round ${round}, answered`);
  }
  t.deepEqual(readdirSync(second).sort(), readdirSync(cluster.mount).sort());
  const { code, stderr } = await nacre('umount', second);
  t.is(code, 0, stderr);
  t.false(cluster.mounted(second));
  t.true(cluster.mounted());
  t.false(cluster.names().includes('client.second'));
});

realTest('umount: a file open below → refused with the name of who has it', async (t) => {
  const cluster = new RealCluster();
  t.teardown(() => cluster.remove());
  await cluster.up('--osds', '1');
  const sleeper = execFileSync('bash', ['-c', `cd ${cluster.mount} && { sleep 60 >/dev/null 2>&1 & echo $!; }`], {
    encoding: 'utf8',
  }).trim();
  t.teardown(() => process.kill(Number(sleeper)));
  const refused = await nacre('umount', cluster.mount);
  t.is(refused.code, 1);
  t.regex(refused.stderr, new RegExp(`in use by sleep \\(pid ${sleeper}\\)`));
  t.true(cluster.mounted());
  const forced = await nacre('umount', cluster.mount, '--force');
  t.is(forced.code, 0, forced.stderr);
  t.false(cluster.mounted());
});
