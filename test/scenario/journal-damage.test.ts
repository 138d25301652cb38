import test from 'ava';
import type { HealthCheck } from '../../mon/core/health.ts';
import type { JournalReport, RecoverReport, ResetReport, TableReport } from '../../mds/client/index.ts';
import { scrubFilesystem } from '../sim/fs-scrub.ts';
import type { SimCluster } from '../sim/cluster.ts';
import { Admin } from '../support/admin.ts';
import { PoolObjects } from '../support/pool-objects.ts';
import { tell } from '../support/tell.ts';

const mdsConfig = { journalDelayMs: 5, writeBackMs: 2_000, writeBackIntervalMs: 100 };

async function isDamaged(cluster: SimCluster): Promise<boolean> {
  const { checks } = await cluster.command<{ checks: Partial<Record<string, HealthCheck>> }>({ prefix: 'health detail' });
  return checks['MDS_DAMAGED'] !== undefined;
}

async function until(cluster: SimCluster, what: () => Promise<boolean>): Promise<void> {
  while (!(await what())) await cluster.world.sleep(200);
}

async function isActive(cluster: SimCluster): Promise<boolean> {
  return [...(await cluster.map()).mdss.values()].some(({ rank, state }) => rank === 0 && state === 'active');
}

/** What an administrator does (docs/OPERATIONS.md). */
async function repairJournal(admin: Admin): Promise<{ readonly recovered: RecoverReport; readonly reset: ResetReport }> {
  const recovered = (await admin.repair('recover')) as RecoverReport;
  const reset = (await admin.repair('reset')) as ResetReport;
  await admin.repair('start');
  return { recovered, reset };
}

test('journal damage: an entry in the middle, while clients work → recovered, begun anew and mended; what was fsynced and can be read is there', async (t) => {
  await tell(
    'an entry',
    async (cluster) => {
      cluster.world.logs.expectError(/what the rank needs is damaged|metadata is damaged|was evicted|is lost/);
      const { paths } = await cluster.connect('worker');
      await paths.mkdir('/old');
      for (let i = 0; i < 10; i++) await paths.writeFile(`/old/${i}`, `old ${i}`);
      await cluster.world.sleep(5_000);
      await paths.mkdir('/new');
      const inos = new Set<number>();
      for (let i = 0; i < 20; i++) {
        await paths.writeFile(`/new/${i}`, `new ${i}`);
        const file = await paths.open(`/new/${i}`, 'r+');
        await file.fsync();
        await file.close();
        inos.add((await paths.stat(`/new/${i}`)).ino);
      }
      await paths.rename('/old/3', '/new/three');
      await cluster.world.sleep(200);
      cluster.crash('mds.a');
      const objects = new PoolObjects(cluster, 'meta');
      const segments = (await objects.names()).filter((name) => /^journal\.0/.test(name));
      await cluster.boot('mds.a');
      await until(cluster, () => isActive(cluster));
      const admin = new Admin(cluster);
      const whole = (await admin.repair('inspect')) as JournalReport;
      t.deepEqual([whole.gaps, whole.tables], [[], []]);
      await t.throwsAsync(admin.repair('recover'), { message: /rank 0 is not damaged \(active\)/ });
      await t.throwsAsync(admin.repair('reset', true), { message: /rank 0 is not damaged/ });
      await t.throwsAsync(admin.repair('start'), { message: /rank 0 is not damaged/ });
      const [busiest] = [...whole.segments].filter(({ object }) => segments.includes(object)).sort((a, b) => b.entries - a.entries);
      if (busiest === undefined) throw new Error('no segment is left of what was written');
      cluster.crash('mds.a');
      await objects.flip(busiest.object, Math.floor(busiest.bytes / 2));
      await cluster.boot('mds.a');
      await until(cluster, () => isDamaged(cluster));
      const damaged = (await admin.repair('inspect')) as JournalReport;
      t.is(damaged.gaps.length, 1);
      t.is(damaged.gaps[0]?.object, busiest.object);
      t.true(damaged.paths.length > 5, damaged.paths.join());
      await t.throwsAsync(admin.repair('reset'), { message: /recover them first/ });
      const { recovered, reset } = await repairJournal(admin);
      t.deepEqual(recovered.gaps, damaged.gaps);
      t.deepEqual(recovered.unwritten, []);
      t.is(recovered.entries, damaged.entries);
      t.true(reset.firstSeq > damaged.nextSeq);
      t.deepEqual(reset.kept, [`damaged.${busiest.object}`]);
      t.true(reset.fenced >= 1);
      await until(cluster, () => isActive(cluster));
      t.false(await isDamaged(cluster));
      await scrubFilesystem(cluster, { repair: true });
      await scrubFilesystem(cluster, { repair: true });
      t.is((await scrubFilesystem(cluster)).errors, 0);
      const later = (await cluster.connect('later')).paths;
      for (let i = 0; i < 10; i++) if (i !== 3) t.is((await later.readFile(`/old/${i}`)).toString(), `old ${i}`);
      const names = new Set(await later.readdir('/new'));
      // One entry is about one name.
      let there = 0;
      for (let i = 0; i < 20; i++)
        if (names.has(`${i}`)) {
          t.is((await later.readFile(`/new/${i}`)).toString(), `new ${i}`);
          there++;
        }
      t.true(there >= 19, [...names].join());
      await later.writeFile('/after', 'x');
      const { ino } = await later.stat('/after');
      t.true(ino >= reset.nextIno && !inos.has(ino));
      // Who was there before comes back by itself, with a session of its own.
      await paths.writeFile('/back', 'again');
      t.is((await later.readFile('/back')).toString(), 'again');
    },
    { mdsConfig },
  );
});

test('journal damage: a standby takes over from one whose journal was begun anew → it goes on from there', async (t) => {
  await tell(
    'a standby',
    async (cluster) => {
      cluster.world.logs.expectError(/what the rank needs is damaged|metadata is damaged|is lost/);
      const { paths, stop } = await cluster.connect('worker');
      for (let i = 0; i < 10; i++) await paths.writeFile(`/${i}`, `${i}`);
      await stop();
      await cluster.world.sleep(200);
      cluster.crash('mds.b');
      cluster.crash('mds.a');
      const objects = new PoolObjects(cluster, 'meta');
      await objects.flip('journal.head', 20);
      await cluster.boot('mds.a');
      await until(cluster, () => isDamaged(cluster));
      await cluster.boot('mds.b');
      await cluster.world.sleep(1_000);
      await repairJournal(new Admin(cluster));
      await until(cluster, () => isActive(cluster));
      const later = (await cluster.connect('later')).paths;
      for (let i = 0; i < 10; i++) t.is((await later.readFile(`/${i}`)).toString(), `${i}`);
      await later.writeFile('/more', 'more');
      await cluster.world.sleep(3_000);
      const holder = [...(await cluster.map()).mdss.values()].find(({ state }) => state === 'active');
      cluster.crash(holder?.name ?? 'mds.a');
      await cluster.world.sleep(1_000);
      await until(cluster, () => isActive(cluster));
      t.is((await later.readFile('/more')).toString(), 'more');
      t.is((await scrubFilesystem(cluster)).errors, 0);
    },
    { mdsConfig, mds: ['a', 'b'] },
  );
});

test('journal damage: one of two ranks has lost entries, while clients work → it fits the other again, which goes on; what was fsynced is there', async (t) => {
  await tell(
    'two ranks',
    async (cluster) => {
      cluster.world.logs.expectError(/what the rank needs is damaged|metadata is damaged|was evicted|is lost/);
      await cluster.command({ prefix: 'fs set', maxMds: 2 });
      const holderOf = async (rank: number): Promise<string | undefined> =>
        [...(await cluster.map()).mdss.values()].find((mds) => mds.rank === rank && mds.state === 'active')?.name;
      await until(cluster, async () => (await holderOf(1)) !== undefined);
      const { paths } = await cluster.connect('worker');
      await paths.mkdir('/near');
      await paths.mkdir('/far');
      await paths.setXattr('/far', 'ceph.dir.pin', '1');
      await until(cluster, async () => (await paths.getXattr('/far', 'nacre.dir.rank')).toString() === '1');
      for (let i = 0; i < 10; i++) {
        await paths.writeFile(`/far/${i}`, `far ${i}`);
        await paths.writeFile(`/near/${i}`, `near ${i}`);
      }
      await cluster.world.sleep(5_000);
      for (let i = 0; i < 5; i++) {
        await paths.rename(`/far/${i}`, `/near/came ${i}`);
        await paths.rename(`/near/${i}`, `/far/went ${i}`);
        await paths.link(`/near/${i + 5}`, `/far/linked ${i}`);
      }
      await paths.fsyncDirectory('/far');
      const name = await holderOf(1);
      if (name === undefined) throw new Error('nobody serves rank 1');
      const admin = new Admin(cluster);
      const { segments } = (await admin.repair('inspect', false, 1)) as JournalReport;
      const [busiest] = [...segments].sort((a, b) => b.entries - a.entries);
      if (busiest === undefined) throw new Error('there is no journal');
      for (const mds of ['mds.a', 'mds.b', 'mds.c']) if ((await holderOf(0)) !== mds) cluster.crash(mds);
      await new PoolObjects(cluster, 'meta').flip(busiest.object, Math.floor(busiest.bytes / 2));
      await cluster.boot(name);
      await until(cluster, () => isDamaged(cluster));
      // What rank 0 has it serves.
      const beside = (await cluster.connect('beside')).paths;
      await beside.writeFile('/near/meanwhile', 'x');
      await t.throwsAsync(admin.repair('reset', true, 1), { message: /is recovered first/ });
      const recovered = (await admin.repair('recover', false, 1)) as RecoverReport;
      t.deepEqual([recovered.gaps.length, recovered.unwritten, recovered.unsettled], [1, [], []]);
      await admin.repair('reset', false, 1);
      await admin.repair('start', false, 1);
      await until(cluster, async () => (await holderOf(1)) !== undefined);
      for (let i = 0; i < 3; i++) await scrubFilesystem(cluster, { repair: true });
      t.deepEqual((await scrubFilesystem(cluster)).findings, []);
      const later = (await cluster.connect('later')).paths;
      const names = [...(await later.readdir('/near')), ...(await later.readdir('/far'))];
      for (let i = 5; i < 10; i++) {
        t.is((await later.readFile(`/near/${i}`)).toString(), `near ${i}`);
        t.is((await later.readFile(`/far/${i}`)).toString(), `far ${i}`);
      }
      for (let i = 0; i < 5; i++) {
        const kept = names.filter((each) => each === `came ${i}` || each === `${i}` || each === `went ${i}`);
        t.true(kept.length >= 2, names.join());
      }
      await later.rename('/near/meanwhile', '/far/meanwhile');
      t.is((await later.readFile('/far/meanwhile')).toString(), 'x');
      t.is((await scrubFilesystem(cluster)).errors, 0);
    },
    { mdsConfig, mds: ['a', 'b', 'c'] },
  );
});

test('table damage: sessions and values → made whole, with the journal as it is: nothing but sessions is lost', async (t) => {
  await tell(
    'tables',
    async (cluster) => {
      cluster.world.logs.expectError(/what the rank needs is damaged|was evicted|is lost/);
      const { paths } = await cluster.connect('worker');
      for (let i = 0; i < 10; i++) await paths.writeFile(`/${i}`, `${i}`);
      await cluster.world.sleep(5_000);
      await paths.writeFile('/last', 'in the journal');
      const file = await paths.open('/last', 'r+');
      await file.fsync();
      await file.close();
      await cluster.world.sleep(200);
      const { ino } = await paths.stat('/last');
      cluster.crash('mds.a');
      const objects = new PoolObjects(cluster, 'meta');
      await objects.rewrite('values', 'next-ino', (value) => value.subarray(1));
      await objects.remove('sessions');
      await cluster.boot('mds.a');
      await until(cluster, () => isDamaged(cluster));
      const admin = new Admin(cluster);
      t.is(((await admin.repair('inspect')) as JournalReport).tables.length, 2);
      await admin.repair('reset-sessions');
      const numbers = (await admin.repair('reset-numbers')) as TableReport;
      t.is(numbers.setAside, 1);
      t.true(numbers.nextIno > ino);
      await admin.repair('start');
      await until(cluster, () => isActive(cluster));
      const later = (await cluster.connect('later')).paths;
      for (let i = 0; i < 10; i++) t.is((await later.readFile(`/${i}`)).toString(), `${i}`);
      t.is((await later.readFile('/last')).toString(), 'in the journal');
      await later.writeFile('/after', 'x');
      t.true((await later.stat('/after')).ino >= numbers.nextIno);
      t.is((await scrubFilesystem(cluster)).errors, 0);
    },
    { mdsConfig },
  );
});
