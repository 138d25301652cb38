/**
 * What is recovered first, and what the flags hold back.
 * @module
 */
import test from 'ava';
import { parsePgId, type PgId } from '../../common/maps/ids.ts';
import { allPgs } from '../../common/maps/placement.ts';
import type { Health } from '../../mon/core/health.ts';
import { recoveryRank } from '../../osd/core/recovery-rank.ts';
import { OsdCluster } from '../support/osd-cluster.ts';

const name = (n: number): string => `o${String(n).padStart(4, '0')}`;

async function write(cluster: OsdCluster, count: number, text: string, pool = cluster.pool): Promise<void> {
  const { objects } = await cluster.client('a');
  for (let from = 0; from < count; from += 50) {
    const some = Array.from({ length: Math.min(50, count - from) }, (_, i) => name(from + i));
    await Promise.all(some.map((object) => objects.operate(pool, object, [{ kind: 'write-full', data: [Buffer.from(text)] }])));
  }
}

const flag = (cluster: OsdCluster, action: 'set' | 'unset', which: string): Promise<unknown> =>
  cluster.command({ prefix: `flag ${action}`, flag: which });

/** Objects of the pool's only PG that are on `osd` as they are on its primary. */
async function upToDate(cluster: OsdCluster, osd: number): Promise<number> {
  const { pgId, primary } = await cluster.mappingOf(name(0));
  const versions = new Map(
    cluster
      .store(primary ?? -1)
      .objects(pgId, '', 10_000)
      .map(({ name: object, stat }) => [object, stat.version]),
  );
  const own = cluster.store(osd).objects(pgId, '', 10_000);
  return own.filter(({ name: object, stat }) => JSON.stringify(versions.get(object)) === JSON.stringify(stat.version)).length;
}

/** With a client at work, so that copies take their time. */
async function untilOn(cluster: OsdCluster, osd: number, count: number): Promise<void> {
  const { objects } = await cluster.client('a');
  while ((await upToDate(cluster, osd)) < count) {
    await objects.operate(cluster.pool, name(0), [{ kind: 'stat' }]);
    await cluster.world.sleep(10);
  }
}

const slowly = { pgNum: 1, osdConfig: { logEntriesMax: 512, recoveryBytesPerSecond: 2_000_000, strayCheckMs: 500 } };

test('flags: norecover while a member gets what it missed → that stands still, clients are served; unset → it goes on where it was; nobackfill alone does not hold it', async (t) => {
  await OsdCluster.tell({ ...slowly, seed: 10 }, async (cluster) => {
    await write(cluster, 300, 'first');
    const member = (await cluster.mappingOf(name(0))).acting[2] as number;
    cluster.crash(member);
    await cluster.world.sleep(6_000);
    await write(cluster, 300, 'second');
    await flag(cluster, 'set', 'nobackfill');
    await cluster.boot(member);
    await untilOn(cluster, member, 60);
    await flag(cluster, 'set', 'norecover');
    await cluster.world.sleep(500);
    const before = await upToDate(cluster, member);
    t.true(before < 300);
    await cluster.world.sleep(10_000);
    t.is(await upToDate(cluster, member), before);
    t.false((await cluster.mappingOf(name(0))).acting.includes(member as never));
    const { checks } = await cluster.command<Health>({ prefix: 'health' });
    t.regex(checks.FLAGS_SET?.summary ?? '', /norecover/);
    t.truthy(checks.PG_DEGRADED);
    // Objects that it has already, and such that it still lacks.
    const sinceMs = cluster.world.nowMs;
    await write(cluster, 300, 'third');
    t.true(cluster.world.nowMs - sinceMs < 5_000);
    t.true((await upToDate(cluster, member)) < 300);
    await flag(cluster, 'unset', 'norecover');
    await cluster.settle();
    t.is(cluster.world.logs.matching(/backfill begins/).length, 0);
    t.is(await upToDate(cluster, member), 300);
    t.deepEqual(await cluster.differences(), []);
  });
});

test('flags: norecover alone while a whole copy is made → that stands still too; unset → it goes on from there', async (t) => {
  await OsdCluster.tell({ ...slowly, osds: 4, seed: 11 }, async (cluster) => {
    await write(cluster, 600, 'first');
    const { acting } = await cluster.mappingOf(name(0));
    const to = [0, 1, 2, 3].find((osd) => !acting.includes(osd as never)) as number;
    await cluster.command({ prefix: 'osd out', osd: acting[2] });
    await untilOn(cluster, to, 100);
    await flag(cluster, 'set', 'norecover');
    await cluster.world.sleep(500);
    const before = await upToDate(cluster, to);
    await cluster.world.sleep(10_000);
    t.is(await upToDate(cluster, to), before);
    t.true(before < 600);
    await flag(cluster, 'unset', 'norecover');
    await cluster.settle();
    t.is(cluster.world.logs.matching(/backfill begins/).length, 1);
    t.deepEqual(await cluster.differences(), []);
  });
});

test('order: PGs that are below min_size, degraded and misplaced wait for the same OSDs → each primary brings them up to date in that order', async (t) => {
  const osdConfig = { recoveryPgsMax: 1, backfillsMax: 1, recoveryBytesPerSecond: 4_000_000 };
  let compared = 0;
  for (const seed of [12, 13]) {
    await OsdCluster.tell({ seed, osds: 5, size: 2, minSize: 1, pgNum: 16, osdConfig }, async (cluster) => {
      const strict = await cluster.createPool({ name: 'strict', size: 2, minSize: 2, pgNum: 16 });
      await write(cluster, 150, 'first');
      await write(cluster, 150, 'first', strict);
      await cluster.settle();
      await flag(cluster, 'set', 'norecover');
      // What is on one is to go elsewhere; of what is on another a copy is lost.
      await cluster.command({ prefix: 'osd out', osd: 0 });
      cluster.crash(1);
      await cluster.command({ prefix: 'osd out', osd: 1 });
      await cluster.world.sleep(8_000);
      const map = cluster.monMap;
      if (map === undefined) throw new Error('no map');
      const ranks = new Map<PgId, number>();
      for (const { pgId, acting, up } of allPgs(map)) {
        if (acting.length > 1) {
          if (up.some((osd) => !acting.includes(osd))) ranks.set(pgId, recoveryRank.misplaced);
        } else ranks.set(pgId, parsePgId(pgId)?.pool === strict ? recoveryRank.belowMinSize : recoveryRank.degraded);
      }
      t.deepEqual([...new Set(ranks.values())].sort(), [0, 1, 2], 'there are some of each');
      const already = cluster.world.logs.matching(/member caught up/).length;
      await flag(cluster, 'unset', 'norecover');
      await cluster.world.sleep(20_000);
      const order = new Map<string, number[]>();
      for (const { node, fields } of cluster.world.logs.matching(/member caught up/).slice(already)) {
        const pg = fields['pg'] as PgId;
        const rank = ranks.get(pg);
        // One that has a copy more is less urgent from then on.
        if (rank !== undefined && ranks.delete(pg)) order.set(node, [...(order.get(node) ?? []), rank]);
      }
      t.is(ranks.size, 0);
      for (const [node, found] of order) {
        t.deepEqual(found, [...found].sort(), `seed ${seed}, ${node}`);
        if (new Set(found).size > 1) compared += 1;
      }
    });
  }
  t.true(compared > 3, `${compared} primaries had PGs of different urgency`);
});
