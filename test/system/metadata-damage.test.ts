/** Metadata that is damaged on all copies, seen through a real mount: one directory answers EIO, and a repair brings back what can be. */
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { Layout } from '../../cli/cluster/layout.ts';
import { readSettings } from '../../cli/cluster/settings.ts';
import { connectClient } from '../support/cluster-client.ts';
import { nacre, noMountReason, RealCluster } from '../support/real-cluster.ts';

if (noMountReason !== undefined) {
  test('metadata damage: skipped', (t) => {
    t.log(`${noMountReason}: damage is not looked at through a mount`);
    t.pass();
  });
} else {
  /** Flips a bit in the record of a name, on all copies alike, as no OSD notices. */
  const damage = async (cluster: RealCluster, directory: number, name: string): Promise<void> => {
    const client = await connectClient('harm', readSettings(Layout.existing(cluster.data)));
    try {
      const { pools } = client.mon.map;
      const [pool] = [...pools].find(([, each]) => each.name === 'cephfs_metadata') ?? [];
      if (pool === undefined) throw new Error('there is no metadata pool');
      const object = `${directory.toString(16)}.00000000`;
      const key = Buffer.from(name);
      const { results } = await client.objects.operate(pool, object, [{ kind: 'omap-get', keys: [key] }]);
      const value = Buffer.from(results[0]?.entries[0]?.value ?? []);
      value[5] = (value[5] as number) ^ 4;
      await client.objects.operate(pool, object, [{ kind: 'omap-set', entries: [{ key, value }] }]);
    } finally {
      await client.stop();
    }
  };

  test('metadata damage: a record of a directory → EIO there alone, HEALTH_ERR with its path, also from the next MDS; --repair brings the rest back', async (t) => {
    t.timeout(120_000);
    const cluster = new RealCluster();
    const path = (...names: string[]): string => join(cluster.mount, ...names);
    const fs = (...args: string[]): ReturnType<typeof nacre> => nacre('fs', '--data', cluster.data, ...args);
    try {
      await cluster.up('--osds', '1');
      for (const directory of ['good', 'bad']) {
        mkdirSync(path(directory));
        for (const name of ['a', 'b', 'c']) writeFileSync(path(directory, name), `${directory}/${name}`);
      }
      const [bad, lost] = [statSync(path('bad')).ino, statSync(path('bad', 'b')).ino];
      await cluster.ok('down');
      await cluster.up();
      await damage(cluster, bad, 'b');

      const look = (): void => {
        const eio = { code: 'EIO' };
        t.throws(() => readdirSync(path('bad')), eio);
        t.throws(() => readFileSync(path('bad', 'a')), eio);
        t.throws(() => writeFileSync(path('bad', 'new'), ''), eio);
        t.deepEqual(readdirSync(path('.')).sort(), ['bad', 'good']);
        t.is(readFileSync(path('good', 'b'), 'utf8'), 'good/b');
        writeFileSync(path('good', 'd'), 'more', { flush: true });
      };
      const told = async (): Promise<void> => {
        await cluster.until('HEALTH_ERR', ({ health }) => health.status === 'HEALTH_ERR');
        t.regex((await nacre('health', '--data', cluster.data, 'detail')).stdout, /FS_DAMAGED[\s\S]*^ +\/bad: /m);
        const { code, stdout } = await fs('damage');
        t.is(code, 4);
        t.regex(stdout, /^\/bad: /);
      };
      look();
      await told();
      cluster.kill('mds.a');
      await cluster.ok('start', 'mds.a');
      look();
      await told();

      const found = await fs('scrub', '--wait');
      t.is(found.code, 4, found.stderr);
      t.regex(found.stdout, /1 wrong[\s\S]*^ +\/bad: /m);
      const repaired = await fs('scrub', '--repair', '--wait');
      t.is(repaired.code, 0, repaired.stdout);
      t.deepEqual(readdirSync(path('bad')).sort(), ['a', 'c']);
      t.is(readFileSync(path('bad', 'c'), 'utf8'), 'bad/c');
      writeFileSync(path('bad', 'new'), 'written');
      t.deepEqual(readdirSync(path('lost+found')), [lost.toString(16)]);
      t.is(readFileSync(path('lost+found', lost.toString(16)), 'utf8'), 'bad/b');
      t.deepEqual(readdirSync(path('good')).sort(), ['a', 'b', 'c', 'd']);
      await cluster.until('HEALTH_OK', ({ health }) => health.status === 'HEALTH_OK');
      t.is((await fs('damage')).code, 0);
      const again = await fs('scrub', '--wait');
      t.is(again.code, 0, again.stdout);
      t.regex(again.stdout, /nothing wrong/);
    } finally {
      await cluster.remove();
    }
  });
}
