/**
 * Clients with which an MDS has trouble, as health shows them: by name, with their mount, for how long; and no more when it is over.
 */
import test, { type ExecutionContext } from 'ava';
import { byteStringOf } from '../../common/maps/ids.ts';
import type { ConnectedFilesystem } from '../../fuse-client/client/index.ts';
import type { Credentials } from '../../fuse-client/vfs/filesystem.ts';
import type { HealthCheck } from '../../mon/core/health.ts';
import type { SimCluster } from '../sim/cluster.ts';
import { lossTold } from '../sim/exile.ts';
import { tell } from '../support/tell.ts';

const who: Credentials = { uid: 0, gid: 0, groups: [], pid: 1 };
const clientConfig = { mountpoint: '/srv/mnt', host: 'vm' };

async function check(cluster: SimCluster, code: string): Promise<HealthCheck | undefined> {
  const { checks } = await cluster.command<{ checks: Partial<Record<string, HealthCheck>> }>({ prefix: 'health detail' });
  return checks[code];
}

/** Seconds until health has it, or has it no more. */
async function secondsUntil(cluster: SimCluster, code: string, isThere: boolean, secondsMax = 60): Promise<number> {
  const startedMs = cluster.world.nowMs;
  for (let tries = 0; tries < 4 * secondsMax; tries++) {
    if (((await check(cluster, code)) !== undefined) === isThere) return (cluster.world.nowMs - startedMs) / 1_000;
    await cluster.world.sleep(250);
  }
  throw new Error(`${code} ${isThere ? 'does not come' : 'does not go'} within ${secondsMax} s`);
}

/** The client's kernel does not let go of a file that it knows, until the returned function is called. */
async function stubborn(client: ConnectedFilesystem, name: string): Promise<() => void> {
  const { filesystem } = client;
  let letGo = (): void => undefined;
  const gone = new Promise<void>((resolve) => (letGo = resolve));
  filesystem.setInvalidator({ invalidateInode: () => gone, invalidateEntry: () => Promise.resolve() });
  // The kernel knows it from here on.
  await filesystem.lookup(who, filesystem.root, byteStringOf(name));
  return letGo;
}

function isAbout(t: ExecutionContext, found: HealthCheck | undefined, name: string, what: RegExp): void {
  t.is(found?.severity, 'HEALTH_WARN');
  t.is(found?.clients?.length, 1);
  t.like(found?.clients?.[0], { client: name, host: 'vm', mountpoint: '/srv/mnt', mds: 'mds.a', rank: 0 });
  t.regex(found?.detail[0] ?? '', new RegExp(`^${name} \\(/srv/mnt on vm, instance [0-9]+\\) .*, for [0-9]+ s: told by mds\\.a, rank 0$`));
  t.regex(found?.detail[0] ?? '', what);
  t.regex(found?.remedy ?? '', /nacre mds/);
}

test('late release: a client’s kernel does not let go → health says so in time, and no more when it has let go', async (t) => {
  await tell(
    'late',
    async (cluster) => {
      const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
      const file = await a.paths.open('/file', 'w+');
      await file.write('dirty');
      const letGo = await stubborn(a, 'file');
      const reading = b.paths.readFile('/file');
      const seconds = await secondsUntil(cluster, 'MDS_CLIENT_LATE_RELEASE', true);
      t.true(seconds >= 5 && seconds < 8, `${seconds} s`);
      isAbout(t, await check(cluster, 'MDS_CLIENT_LATE_RELEASE'), 'client.a', /the recall of \/file \(inode [0-9a-f]+\), for/);
      letGo();
      t.is((await reading).toString(), 'dirty');
      t.true((await secondsUntil(cluster, 'MDS_CLIENT_LATE_RELEASE', false)) < 3);
      await file.close();
    },
    { clientConfig, mdsConfig: { lateReleaseMs: 5_000 } },
  );
});

test('late release: it never lets go → it is evicted, and the warning goes with it', async (t) => {
  await tell(
    'never',
    async (cluster) => {
      cluster.world.logs.expectError(lossTold, 'a');
      const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
      const file = await a.paths.open('/file', 'w+');
      await file.write('never told');
      await file.fsync();
      await stubborn(a, 'file');
      const reading = b.paths.readFile('/file');
      await secondsUntil(cluster, 'MDS_CLIENT_LATE_RELEASE', true);
      t.is((await reading).toString(), 'never told');
      t.true((await secondsUntil(cluster, 'MDS_CLIENT_LATE_RELEASE', false)) < 3);
    },
    { clientConfig, mdsConfig: { lateReleaseMs: 5_000, recallTimeoutMs: 15_000 } },
  );
});

test('oldest tid: a change waits for another client while many more are made → health says so, and no more when it is done', async (t) => {
  await tell(
    'tid',
    async (cluster) => {
      const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
      const file = await b.paths.open('/held', 'w+');
      await file.write('dirty');
      const letGo = await stubborn(b, 'held');
      const changing = a.paths.chmod('/held', 0o600);
      for (let n = 0; n < 40; n++) await a.paths.mkdir(`/directory-${n}`);
      await secondsUntil(cluster, 'MDS_CLIENT_OLDEST_TID', true);
      isAbout(
        t,
        await check(cluster, 'MDS_CLIENT_OLDEST_TID'),
        'client.a',
        /does not confirm its request [0-9]+: [0-9]+ answers are kept for it/,
      );
      letGo();
      await changing;
      // It asks for nothing more: that the request is over is told as the session is renewed.
      t.true((await secondsUntil(cluster, 'MDS_CLIENT_OLDEST_TID', false)) < 8);
      await file.close();
    },
    { clientConfig, mdsConfig: { answersKeptMax: 20 } },
  );
});

test('recall: a client is to give back what it has open → health says so after a while, and no more when it has closed it', async (t) => {
  const clientCapsMax = 30;
  await tell(
    'pinned',
    async (cluster) => {
      const a = await cluster.connect('a');
      const files = [];
      for (let n = 0; n < 60; n++) files.push(await a.paths.open(`/file-${n}`, 'w'));
      const seconds = await secondsUntil(cluster, 'MDS_CLIENT_RECALL', true);
      t.true(seconds >= 5 && seconds < 9, `${seconds} s`);
      isAbout(t, await check(cluster, 'MDS_CLIENT_RECALL'), 'client.a', /holds 61 inodes, and has not given back .* no more than 30, for/);
      for (const file of files) await file.close();
      t.true((await secondsUntil(cluster, 'MDS_CLIENT_RECALL', false)) < 3);
      const held = cluster.mds('mds.a')?.rank?.core.sessions.values().next().value?.caps.size ?? 0;
      t.true(held <= clientCapsMax, `${held} held`);
    },
    { clientConfig, mdsConfig: { clientCapsMax, lateGiveBackMs: 5_000 } },
  );
});

test('standby: the one that stood by takes over → health warns until there is one again', async (t) => {
  await tell(
    'standby',
    async (cluster) => {
      const { paths } = await cluster.connect('a');
      await paths.mkdir('/directory');
      t.is(await check(cluster, 'MDS_INSUFFICIENT_STANDBY'), undefined);
      cluster.crash('mds.a');
      await secondsUntil(cluster, 'MDS_INSUFFICIENT_STANDBY', true);
      t.deepEqual(await paths.readdir('/'), ['directory']);
      await cluster.boot('mds.a');
      t.true((await secondsUntil(cluster, 'MDS_INSUFFICIENT_STANDBY', false)) < 5);
    },
    { mds: ['a', 'b'] },
  );
});
