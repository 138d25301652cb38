/**
 * Damage to copies of objects is found by scrub, by its kind, and repaired from a good copy.
 * `SCRUB_SEEDS=100` looks longer for false alarms.
 */
import test from 'ava';
import { FsError } from '../../common/errors/fs-error.ts';
import type { ObjectOperation } from '../../osd/client/object-client.ts';
import { CopiesStory, type Health, type PgStatus } from '../support/copies-story.ts';
import { OsdCluster } from '../support/osd-cluster.ts';

const bytes = (text: string): Buffer => Buffer.from(text);

test('scrub: nothing is wrong → stamps rise, kept through a restart of everything', async (t) => {
  await CopiesStory.tell({ seed: 1 }, async (s) => {
    const before = await s.status();
    t.is(before.lastScrubMs, 0);
    const light = await s.scrub('scrub');
    t.true(light.lastScrubMs > 0);
    t.is(light.lastDeepScrubMs, 0);
    const deep = await s.scrub('deep-scrub');
    t.true(deep.lastDeepScrubMs > 0 && deep.lastScrubMs === deep.lastDeepScrubMs);
    for (const osd of [0, 1, 2]) s.cluster.crash(osd);
    await s.cluster.settle();
    t.is((await s.status()).lastDeepScrubMs, deep.lastDeepScrubMs);
    t.is((await s.command<Health>('health')).status, 'HEALTH_OK');
  });
});

for (const [who, pick] of [
  ['primary', (s: CopiesStory) => s.primary],
  ['replica', (s: CopiesStory) => s.replicas[0] as number],
] as const) {
  test(`scrub: a bit flipped in data on the ${who} → found by a deep scrub, repaired`, async (t) => {
    await CopiesStory.tell({ seed: 2 }, async (s) => {
      const osd = pick(s);
      t.true(s.cluster.store(osd).corrupt(s.pg, 'x', 8192));
      t.is((await s.scrub('scrub')).scrubErrors, 0);
      await s.isFoundAndRepaired(t, 'deep-scrub', [`x on osd.${osd}: unreadable`]);
    });
  });

  test(`scrub: a bit flipped in the object's record on the ${who} → found by a light scrub, repaired`, async (t) => {
    await CopiesStory.tell({ seed: 3 }, async (s) => {
      const osd = pick(s);
      t.true(s.cluster.store(osd).corruptRecord(s.pg, 'x'));
      await s.isFoundAndRepaired(t, 'scrub', [`x on osd.${osd}: unreadable`]);
    });
  });

  test(`scrub: a bit flipped in omap on the ${who} → found, repaired`, async (t) => {
    await CopiesStory.tell({ seed: 4 }, async (s) => {
      const osd = pick(s);
      t.true(s.cluster.store(osd).corruptRecord(s.pg, 'x', bytes('k2')));
      await s.isFoundAndRepaired(t, 'scrub', [`x on osd.${osd}: unreadable`]);
    });
  });

  test(`scrub: copies on the ${who} that are readable but not the same → found, each by its kind, repaired`, async (t) => {
    await CopiesStory.tell({ seed: 5 }, async (s) => {
      const osd = pick(s);
      const { pg } = s;
      await s.change(
        osd,
        { kind: 'write', pg, object: 'a', offset: 100, data: [bytes('other')] },
        { kind: 'omap-set', pg, object: 'x', entries: [{ key: bytes('k2'), value: bytes('other') }] },
        { kind: 'set-xattr', pg, object: 'z', name: 'n', value: bytes('other') },
      );
      t.is((await s.scrub('scrub')).scrubErrors, 1);
      await s.isFoundAndRepaired(t, 'deep-scrub', [`a on osd.${osd}: data`, `x on osd.${osd}: omap`, `z on osd.${osd}: xattr`]);
    });
  });

  test(`scrub: an object missing and one too many on the ${who} → found, repaired`, async (t) => {
    await CopiesStory.tell({ seed: 6 }, async (s) => {
      const osd = pick(s);
      const { pg } = s;
      await s.change(
        osd,
        { kind: 'remove', pg, object: 'x' },
        { kind: 'write', pg, object: 'y', offset: 0, data: [bytes('left over')] },
        { kind: 'truncate', pg, object: 'z', size: 5 },
      );
      await s.isFoundAndRepaired(t, 'scrub', [`x on osd.${osd}: missing`, `y on osd.${osd}: extra`, `z on osd.${osd}: size`]);
    });
  });
}

test('scrub: two copies of one version that differ, both readable → reported, and left as they are', async (t) => {
  await CopiesStory.tell({ seed: 9, osds: 2, size: 2 }, async (s) => {
    await s.change(s.primary, { kind: 'write', pg: s.pg, object: 'x', offset: 0, data: [bytes('other')] });
    t.is((await s.scrub('deep-scrub')).scrubErrors, 2);
    t.is((await s.scrub('repair')).scrubErrors, 2);
    t.true((await s.cluster.differences()).length > 0);
  });
});

test('scrub: writes all the while → no false alarm, and they go on', async (t) => {
  const seeds = Number(process.env['SCRUB_SEEDS'] ?? 3);
  for (let seed = 100; seed < 100 + seeds; seed++) {
    await OsdCluster.tell({ seed, pgNum: 2, osdConfig: { scrubChunkObjects: 3, scrubPauseMs: 0 } }, async (cluster) => {
      const { objects } = await cluster.client('a');
      const { monClient } = await cluster.client('admin');
      const { random } = cluster.world.node('a').env;
      let stop = false;
      let written = 0;
      const writer = async (): Promise<void> => {
        while (!stop) {
          const object = `o${random.below(12)}`;
          const operations: ObjectOperation[] =
            random.below(8) === 0
              ? [{ kind: 'create', exclusive: false }, { kind: 'remove' }]
              : [
                  { kind: 'write', offset: random.below(30_000), data: [Buffer.alloc(random.below(9_000), written)] },
                  { kind: 'set-xattr', name: 'n', value: bytes(String(written)) },
                  { kind: 'omap-set', entries: [{ key: bytes(`k${random.below(20)}`), value: bytes(String(written)) }] },
                ];
          await objects.operate(cluster.pool, object, operations);
          written++;
          await cluster.world.sleep(random.below(30));
        }
      };
      const writers = [1, 2, 3, 4].map(writer);
      for (const kind of ['scrub', 'deep-scrub', 'scrub', 'repair']) {
        const orders = new Map<string, number>();
        for (const seq of [0, 1]) {
          const pg = `${cluster.pool}.${seq}`;
          orders.set(pg, (await monClient.command<{ order: number }>({ prefix: `pg ${kind}`, pg })).order);
        }
        for (;;) {
          const pgs = await monClient.command<PgStatus[]>({ prefix: 'pg ls' });
          if (pgs.every(({ pg, lastOrder }) => lastOrder >= (orders.get(pg) ?? 0))) break;
          await cluster.world.sleep(20);
        }
      }
      stop = true;
      await Promise.all(writers);
      t.true(written > 200, `seed ${seed}: ${written} writes`);
      t.is(cluster.world.logs.matching(/scrub found|cannot be mended|replaced by a right one/).length, 0, `seed ${seed}`);
      t.deepEqual(await cluster.differences(), []);
    });
  }
});

test('scrub: a member dies in the middle of it → begun again in the new interval, and done', async (t) => {
  await OsdCluster.tell({ seed: 13, pgNum: 1, osdConfig: { scrubChunkObjects: 1, scrubPauseMs: 100 } }, async (cluster) => {
    const { objects } = await cluster.client('a');
    for (let i = 0; i < 30; i++) await objects.operate(cluster.pool, `o${i}`, [{ kind: 'append', data: [bytes('x')] }]);
    const { monClient } = await cluster.client('admin');
    const { pgId, acting } = await cluster.mappingOf('o1');
    const { order } = await monClient.command<{ order: number }>({ prefix: 'pg deep-scrub', pg: pgId });
    const status = async (): Promise<PgStatus> => (await monClient.command<PgStatus[]>({ prefix: 'pg ls' }))[0] as PgStatus;
    while (!(await status()).state.includes('scrubbing')) await cluster.world.sleep(50);
    cluster.crash(acting[0] as number);
    while (cluster.world.logs.matching(/^scrub begins/).length < 2) await cluster.world.sleep(50);
    while ((await status()).lastOrder < order) await cluster.world.sleep(50);
    await cluster.settle();
    t.true((await status()).lastDeepScrubMs > 0);
  });
});

test('scrub: scheduled → light and deep in their intervals, not with noscrub', async (t) => {
  const osdConfig = { scrubIntervalMs: 6_000, deepScrubIntervalMs: 30_000, scrubCheckMs: 200 };
  await CopiesStory.tell({ seed: 14, osdConfig }, async (s) => {
    await s.command('flag set', { flag: 'noscrub' });
    await s.cluster.world.sleep(20_000);
    t.is((await s.status()).lastScrubMs, 0);
    await s.command('flag unset', { flag: 'noscrub' });
    await s.command('flag set', { flag: 'nodeep-scrub' });
    await s.cluster.world.sleep(40_000);
    t.is((await s.status()).lastDeepScrubMs, 0);
    t.true((await s.status()).lastScrubMs > 0);
    await s.command('flag unset', { flag: 'nodeep-scrub' });
    await s.cluster.world.sleep(160_000);
    const { logs } = s.cluster.world;
    const begun = (kind: string): number => logs.matching(/^scrub begins/).filter(({ fields }) => fields['kind'] === kind).length;
    t.true(begun('deep-scrub') >= 4 && begun('deep-scrub') <= 8, `${begun('deep-scrub')} deep`);
    t.true(begun('scrub') >= 20 && begun('scrub') <= 40, `${begun('scrub')} light`);
  });
});

test('pg scrub: a PG that does not exist, or is down → refused in words that say why', async (t) => {
  await CopiesStory.tell({ seed: 15, osds: 1, size: 1 }, async (s) => {
    const refused = async (pg: string): Promise<string> =>
      (await t.throwsAsync(s.command('pg scrub', { pg }), { instanceOf: FsError })).message;
    t.regex(await refused('9.0'), /there is no PG 9\.0/);
    t.regex(await refused('1.77'), /there is no PG 1\.77/);
    t.regex(await refused('nonsense'), /is not the name of a PG/);
    s.cluster.crash(0);
    await s.cluster.world.sleep(10_000);
    t.regex(await refused(s.pg), /is down and nobody can compare its copies: start osd\.0/);
  });
});
