import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { RealCluster, nacre, noMountReason, run, type Outcome } from '../support/real-cluster.ts';

const realTest = noMountReason === undefined ? test.serial : test.serial.skip;

/** One clear line, a failure for the shell, and nothing left. */
function refused(t: ExecutionContext, cluster: RealCluster, { code, stderr }: Outcome, expected: RegExp): void {
  t.true(code !== 0 && code !== null, `code ${String(code)}`);
  const lines = stderr.trim().split('\n');
  t.regex(lines.at(-1) ?? '', expected);
  t.is(lines.length, 1, stderr);
  t.deepEqual(cluster.leftovers(), []);
  t.false(cluster.mounted());
}

function up(cluster: RealCluster): Promise<Outcome> {
  return nacre('up', '--data', cluster.data, '--mount', cluster.mount, '--detach');
}

test('up: a directory with other things in it → refused', async (t) => {
  const cluster = new RealCluster();
  t.teardown(() => cluster.remove());
  mkdirSync(cluster.data);
  writeFileSync(join(cluster.data, 'thesis.txt'), 'precious');
  refused(t, cluster, await up(cluster), /holds no cluster but other things \(thesis\.txt\)/);
  t.deepEqual(readdirSync(cluster.data), ['thesis.txt']);
});

test('up: a directory of a newer format → refused', async (t) => {
  const cluster = new RealCluster();
  t.teardown(() => cluster.remove());
  mkdirSync(cluster.data);
  writeFileSync(join(cluster.data, 'cluster.toml'), 'format = 99\n');
  refused(t, cluster, await up(cluster), /format 99 is newer/);
});

test('up: a file in the way of the data directory → refused', async (t) => {
  const cluster = new RealCluster();
  t.teardown(() => cluster.remove());
  writeFileSync(cluster.data, '');
  refused(t, cluster, await up(cluster), /cannot be made/);
});

test('up: a mount point with files in it → refused, they stay', async (t) => {
  const cluster = new RealCluster();
  t.teardown(() => cluster.remove());
  mkdirSync(cluster.mount);
  writeFileSync(join(cluster.mount, 'mine'), '');
  refused(t, cluster, await up(cluster), /is not empty \(mine\)/);
  t.deepEqual(readdirSync(cluster.mount), ['mine']);
});

test('up: more copies than OSDs → refused as a usage error', async (t) => {
  const cluster = new RealCluster();
  t.teardown(() => cluster.remove());
  const outcome = await nacre('up', '--data', cluster.data, '--osds', '2', '--size', '3', '--detach');
  t.is(outcome.code, 2);
  refused(t, cluster, outcome, /3 copies need as many OSDs/);
});

test('every command: --help → its page; nonsense → usage error', async (t) => {
  for (const name of [
    'up',
    'down',
    'status',
    'mount',
    'umount',
    'start',
    'stop',
    'health',
    'osd',
    'pool',
    'flag',
    'mon',
    'mds',
    'client',
  ]) {
    const help = await nacre(name, '--help');
    t.is(help.code, 0, name);
    t.regex(help.stdout, new RegExp(`^nacre ${name} `));
    t.is((await nacre(name, '--no-such-option')).code, 2, name);
  }
  t.is((await nacre('frobnicate')).code, 2);
});

test('down, status: a directory without a cluster → one line', async (t) => {
  const cluster = new RealCluster();
  t.teardown(() => cluster.remove());
  for (const command of ['down', 'status']) refused(t, cluster, await nacre(command, '--data', cluster.data), /holds no cluster/);
});

realTest("up: the mon's port is taken → refused with the port, nothing left; free again → up", async (t) => {
  const cluster = new RealCluster();
  t.teardown(() => cluster.remove());
  await cluster.up('--osds', '1');
  await cluster.ok('down');
  const port = Number(/^mon = "127\.0\.0\.1:([0-9]+)"/m.exec(readFileSync(join(cluster.data, 'cluster.toml'), 'utf8'))?.[1]);
  const squatter = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve));
  t.teardown(() => squatter.close());
  refused(t, cluster, await up(cluster), new RegExp(`mon\\.a.*127\\.0\\.0\\.1:${port}.*listens there`));
  await new Promise((resolve) => squatter.close(resolve));
  await cluster.up();
  t.true(cluster.mounted());
});

realTest('up: the store of another cluster in place of our own → refused', async (t) => {
  const ours = new RealCluster();
  const theirs = new RealCluster();
  t.teardown(() => Promise.all([ours.remove(), theirs.remove()]));
  for (const cluster of [ours, theirs]) {
    await cluster.ok('up', '--osds', '1', '--detach');
    await cluster.ok('down');
  }
  execFileSync('rm', ['-r', join(ours.data, 'osd.0')]);
  execFileSync('cp', ['-a', join(theirs.data, 'osd.0'), ours.data]);
  refused(t, ours, await up(ours), /osd\.0.*(cluster|fsid)/);
});

realTest('up: a full disk → refused, nothing left', async (t) => {
  const cluster = new RealCluster();
  t.teardown(() => cluster.remove());
  mkdirSync(cluster.data);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'nacre-test', cluster.data]);
  t.teardown(() => spawnSync('umount', ['-l', cluster.data]));
  refused(t, cluster, await up(cluster), /the disk .* is full/);
});

realTest('up: no /dev/fuse → refused, nothing left', async (t) => {
  const cluster = new RealCluster();
  t.teardown(() => cluster.remove());
  // In a mount namespace of its own, with a /dev that has no fuse.
  const script =
    'mount -t tmpfs none /mnt && for d in null zero random urandom tty; do touch /mnt/$d && mount --bind /dev/$d /mnt/$d; done && mkdir /mnt/shm && mount --move /mnt /dev && exec "$@"';
  const nacrePath = join(import.meta.dirname, '../../bin/nacre');
  const outcome = await run('unshare', [
    '-m',
    'bash',
    '-c',
    script,
    'bash',
    nacrePath,
    'up',
    '--data',
    cluster.data,
    '--mount',
    cluster.mount,
    '--detach',
  ]);
  refused(t, cluster, outcome, /\/dev\/fuse/);
});

realTest('up, mount: a mount whose client was killed → taken away and mounted again', async (t) => {
  const cluster = new RealCluster();
  t.teardown(() => cluster.remove());
  await cluster.up('--osds', '1');
  writeFileSync(join(cluster.mount, 'f'), 'kept');
  execFileSync('sync', [join(cluster.mount, 'f')]);
  for (const again of [() => cluster.ok('mount', cluster.mount, '--detach'), () => cluster.up(), () => cluster.ok('start', 'client.mnt')]) {
    cluster.kill('client.mnt');
    await again();
    t.is(readFileSync(join(cluster.mount, 'f'), 'utf8'), 'kept');
  }
});
