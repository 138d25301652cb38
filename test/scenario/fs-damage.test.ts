import test from 'ava';
import type { FsScrubStatus } from '../../common/wire/gen/messages.ts';
import type { HealthCheck } from '../../mon/core/health.ts';
import { scrubFilesystem } from '../sim/fs-scrub.ts';
import type { SimCluster } from '../sim/cluster.ts';
import { PoolObjects, sealed } from '../support/pool-objects.ts';
import { tell } from '../support/tell.ts';

const mdsConfig = { writeBackMs: 100, writeBackIntervalMs: 50, journalDelayMs: 5, cacheEntriesMax: 16 };

async function health(cluster: SimCluster): Promise<Partial<Record<string, HealthCheck>>> {
  const { checks } = await cluster.command<{ checks: Partial<Record<string, HealthCheck>> }>({ prefix: 'health detail' });
  return checks;
}

/** `/good` and `/bad`, each with three files, written back; the MDS is down. */
async function twoDirectories(cluster: SimCluster): Promise<{ readonly objects: PoolObjects; readonly bad: string }> {
  const { paths, stop } = await cluster.connect('maker');
  for (const directory of ['/good', '/bad']) {
    await paths.mkdir(directory);
    for (const name of ['a', 'b', 'c']) await paths.writeFile(`${directory}/${name}`, `${directory}/${name}`);
  }
  const { ino } = await paths.stat('/bad');
  await stop();
  await cluster.world.sleep(1_000);
  // What comes now begins another segment of the journal: those before go.
  await (await cluster.connect('later')).stop();
  await cluster.world.sleep(1_000);
  cluster.crash('mds.a');
  return { objects: new PoolObjects(cluster, 'meta'), bad: `${ino.toString(16)}.00000000` };
}

const harm: Readonly<Record<string, (objects: PoolObjects, object: string) => Promise<void>>> = {
  'the object is gone': (objects, object) => objects.remove(object),
  'a record has a flipped bit': (objects, object) => objects.rewrite(object, 'b', (value) => value.fill((value[5] as number) ^ 4, 5, 6)),
  'a record is cut': (objects, object) => objects.rewrite(object, 'b', (value) => value.subarray(0, value.length - 9)),
  'a record has a version of the future': (objects, object) =>
    objects.rewrite(object, 'b', (value) => sealed(Buffer.concat([Buffer.of(99), value.subarray(1, -4)]))),
};

for (const [what, damage] of Object.entries(harm)) {
  test(`damage: ${what} → that directory answers EIO, the rest is served; HEALTH_ERR with its path, also after a restart`, async (t) => {
    await tell(
      what,
      async (cluster) => {
        cluster.world.logs.expectError(/metadata is damaged/);
        const { objects, bad } = await twoDirectories(cluster);
        await damage(objects, bad);
        await cluster.boot('mds.a');
        const { paths } = await cluster.connect('user');
        await t.throwsAsync(paths.readdir('/bad'), { code: 'EIO' });
        await t.throwsAsync(paths.stat('/bad/a'), { code: 'EIO' });
        await t.throwsAsync(paths.writeFile('/bad/new', 'x'), { code: 'EIO' });
        t.deepEqual((await paths.readdir('/')).sort(), ['bad', 'good']);
        t.is((await paths.readFile('/good/b')).toString(), '/good/b');
        await paths.writeFile('/good/d', 'more');
        await cluster.world.sleep(2_000);
        const check = (await health(cluster))['FS_DAMAGED'];
        t.is(check?.severity, 'HEALTH_ERR');
        t.regex(check?.detail.join('\n') ?? '', /^\/bad: /m);
        cluster.crash('mds.a');
        await cluster.boot('mds.a');
        t.is((await paths.readFile('/good/d')).toString(), 'more');
        await cluster.world.sleep(2_000);
        t.regex((await health(cluster))['FS_DAMAGED']?.detail.join('\n') ?? '', /^\/bad: /m);
        const scrub: FsScrubStatus = await scrubFilesystem(cluster);
        t.is(scrub.errors, 1, scrub.findings.join('\n'));
        t.regex(scrub.findings[0] ?? '', /^\/bad: /);
      },
      { mdsConfig },
    );
  });
}

test('damage: in the journal → the MDS serves nothing and says what is damaged; mended and started again → it serves', async (t) => {
  await tell(
    'journal',
    async (cluster) => {
      cluster.world.logs.expectError(/what the rank needs is damaged/);
      const { paths } = await cluster.connect('a');
      await paths.writeFile('/file', 'x');
      await cluster.world.sleep(500);
      cluster.crash('mds.a');
      const objects = new PoolObjects(cluster, 'meta');
      const byte = await objects.flip('journal.00000000', 80);
      await cluster.boot('mds.a');
      await cluster.world.sleep(3_000);
      const check = (await health(cluster))['MDS_DAMAGED'];
      t.is(check?.severity, 'HEALTH_ERR');
      t.regex(check?.detail.join('\n') ?? '', /mds\.a: journal segment 0 is damaged at byte 64: its checksum does not match/);
      t.is((await cluster.map()).mdss.get('mds.a' as never)?.state, 'damaged');
      await objects.write('journal.00000000', 80, byte);
      cluster.crash('mds.a');
      await cluster.boot('mds.a');
      t.is((await paths.readFile('/file')).toString(), 'x');
      await cluster.world.sleep(2_000);
      t.is((await health(cluster))['MDS_DAMAGED'], undefined);
    },
    { mdsConfig: { journalDelayMs: 5 } },
  );
});
