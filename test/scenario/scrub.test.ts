/**
 * Damage to copies of objects: found by scrub, answered around by reads, repaired from a good copy.
 * `SCRUB_SEEDS=100` looks longer for false alarms.
 * @module
 */
import test, { type ExecutionContext } from 'ava';
import { FsError } from '../../common/errors/fs-error.ts';
import type { PgId } from '../../common/maps/ids.ts';
import type { ObjectOperation } from '../../osd/client/object-client.ts';
import type { Mutation } from '../../osd/store/object-store.ts';
import { OsdCluster, type OsdClusterOptions } from '../support/osd-cluster.ts';

const bytes = (text: string): Buffer => Buffer.from(text);
const expected = [/scrub found a copy/, /a damaged copy cannot be mended/];

interface PgStatus {
  readonly pg: string;
  readonly state: string;
  readonly lastScrubMs: number;
  readonly lastDeepScrubMs: number;
  readonly scrubErrors: number;
  readonly lastOrder: number;
}

interface Inconsistent {
  readonly findings: readonly {
    readonly object: string;
    readonly osd: number;
    readonly what: readonly string[];
    readonly good: readonly number[];
  }[];
}

interface Health {
  readonly status: string;
  readonly checks: Readonly<Record<string, { readonly summary: string; readonly detail: readonly string[] }>>;
}

/** A cluster with an object `x` that has data, xattrs and omap, and a few others in its PG. */
class Story {
  readonly cluster: OsdCluster;
  readonly pg: PgId;
  readonly primary: number;
  readonly replicas: readonly number[];

  constructor(cluster: OsdCluster, pg: PgId, acting: readonly number[]) {
    this.cluster = cluster;
    this.pg = pg;
    this.primary = acting[0] as number;
    this.replicas = acting.slice(1);
  }

  static async tell(options: OsdClusterOptions, story: (s: Story) => Promise<void>): Promise<void> {
    await OsdCluster.tell({ pgNum: 1, ...options }, async (cluster) => {
      for (const pattern of expected) cluster.world.logs.expectError(pattern);
      const { objects } = await cluster.client('a');
      for (const name of ['a', 'x', 'z']) {
        await objects.operate(cluster.pool, name, [
          { kind: 'write', offset: 0, data: [Buffer.alloc(20_000, 7)] },
          { kind: 'set-xattr', name: 'n', value: bytes('value') },
          { kind: 'omap-set', entries: [1, 2, 3].map((n) => ({ key: bytes(`k${n}`), value: bytes(`v${n}`) })) },
        ]);
      }
      const { pgId, acting } = await cluster.mappingOf('x');
      await story(new Story(cluster, pgId, acting));
    });
  }

  async command<T>(prefix: string, args: object = {}): Promise<T> {
    return (await this.cluster.client('admin')).monClient.command<T>({ prefix, ...args });
  }

  async status(): Promise<PgStatus> {
    return (await this.command<PgStatus[]>('pg ls')).find(({ pg }) => pg === this.pg) as PgStatus;
  }

  /** Orders it and waits until it is done and reported. */
  async scrub(kind: 'scrub' | 'deep-scrub' | 'repair'): Promise<PgStatus> {
    const { order } = await this.command<{ order: number }>(`pg ${kind}`, { pg: this.pg });
    for (;;) {
      const status = await this.status();
      if (status.lastOrder >= order && !status.state.includes('scrubbing')) return status;
      await this.cluster.world.sleep(50);
    }
  }

  /** `x on osd.1: data` */
  async findings(): Promise<string[]> {
    const found = await this.command<Inconsistent[]>('pg list-inconsistent', { pg: this.pg });
    return found.flatMap(({ findings }) => findings.map(({ object, osd, what }) => `${object} on osd.${osd}: ${what.join(' ')}`)).sort();
  }

  async operate(object: string, ...operations: ObjectOperation[]): ReturnType<Story['reply']> {
    return this.reply(object, operations);
  }

  private async reply(object: string, operations: ObjectOperation[]) {
    const { objects } = await this.cluster.client('a');
    return objects.operate(this.cluster.pool, object, operations);
  }

  async change(osd: number, ...mutations: Mutation[]): Promise<void> {
    await this.cluster.store(osd).commit(mutations);
  }

  /** Found by `kind`, shown, repaired; then nothing is left of it. */
  async isFoundAndRepaired(t: ExecutionContext, kind: 'scrub' | 'deep-scrub', findings: readonly string[]): Promise<void> {
    const found = await this.scrub(kind);
    t.deepEqual(await this.findings(), findings);
    t.is(found.state, 'active+clean+inconsistent');
    t.is(found.scrubErrors, findings.length);
    const health = await this.command<Health>('health detail');
    t.is(health.status, 'HEALTH_ERR');
    t.regex(health.checks['PG_DAMAGED']?.summary ?? '', /^1 of 1 PGs/);
    for (const finding of findings) {
      const [object, osd] = finding.split(/ on |:/);
      t.true(health.checks['OSD_SCRUB_ERRORS']?.detail.some((line) => line.includes(`"${object}" on ${osd}`)));
    }
    const repaired = await this.scrub('repair');
    t.deepEqual(await this.findings(), []);
    t.is(repaired.state, 'active+clean');
    t.is((await this.command<Health>('health')).status, 'HEALTH_OK');
    t.deepEqual(await this.cluster.differences(), []);
    t.is((await this.scrub('deep-scrub')).scrubErrors, 0);
  }
}

test('scrub: nothing is wrong → stamps rise, kept through a restart of everything', async (t) => {
  await Story.tell({ seed: 1 }, async (s) => {
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
  ['primary', (s: Story) => s.primary],
  ['replica', (s: Story) => s.replicas[0] as number],
] as const) {
  test(`scrub: a bit flipped in data on the ${who} → found by a deep scrub, repaired`, async (t) => {
    await Story.tell({ seed: 2 }, async (s) => {
      const osd = pick(s);
      t.true(s.cluster.store(osd).corrupt(s.pg, 'x', 8192));
      t.is((await s.scrub('scrub')).scrubErrors, 0);
      await s.isFoundAndRepaired(t, 'deep-scrub', [`x on osd.${osd}: unreadable`]);
    });
  });

  test(`scrub: a bit flipped in the object's record on the ${who} → found by a light scrub, repaired`, async (t) => {
    await Story.tell({ seed: 3 }, async (s) => {
      const osd = pick(s);
      t.true(s.cluster.store(osd).corruptRecord(s.pg, 'x'));
      await s.isFoundAndRepaired(t, 'scrub', [`x on osd.${osd}: unreadable`]);
    });
  });

  test(`scrub: a bit flipped in omap on the ${who} → found, repaired`, async (t) => {
    await Story.tell({ seed: 4 }, async (s) => {
      const osd = pick(s);
      t.true(s.cluster.store(osd).corruptRecord(s.pg, 'x', bytes('k2')));
      await s.isFoundAndRepaired(t, 'scrub', [`x on osd.${osd}: unreadable`]);
    });
  });

  test(`scrub: copies on the ${who} that are readable but not the same → found, each by its kind, repaired`, async (t) => {
    await Story.tell({ seed: 5 }, async (s) => {
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
    await Story.tell({ seed: 6 }, async (s) => {
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

test('reads: data, record or omap damaged on the primary → every kind of operation is answered right, and mends it', async (t) => {
  const operations: readonly (readonly [string, ObjectOperation])[] = [
    ['read', { kind: 'read', offset: 0, length: 0 }],
    ['stat', { kind: 'stat' }],
    ['get-xattr', { kind: 'get-xattr', name: 'n' }],
    ['get-xattrs', { kind: 'get-xattrs' }],
    ['omap-get', { kind: 'omap-get', keys: [bytes('k1'), bytes('k2')] }],
    ['omap-get-range', { kind: 'omap-get-range', after: Buffer.alloc(0), maxEntries: 10 }],
    ['append', { kind: 'append', data: [bytes('more')] }],
    ['compare-xattr', { kind: 'compare-xattr', name: 'n', value: bytes('value') }],
  ];
  for (const damage of ['data', 'record', 'omap'] as const) {
    await Story.tell({ seed: 7 }, async (s) => {
      const shown = async (object: string, operation: ObjectOperation): Promise<unknown> => {
        const { results } = await s.operate(object, operation);
        return results.map(({ size, offset, value, entries, data }) => ({
          size,
          offset,
          value: Buffer.from(value),
          entries: entries.map((entry) => [Buffer.from(entry.key), Buffer.from(entry.value)]),
          data: Buffer.concat(data),
        }));
      };
      for (const [what, operation] of operations) {
        const store = s.cluster.store(s.primary);
        if (damage === 'data') store.corrupt(s.pg, 'x', 8192);
        else store.corruptRecord(s.pg, 'x', damage === 'omap' ? bytes('k2') : undefined);
        t.deepEqual(await shown('x', operation), await shown('z', operation), `${what} with damaged ${damage}`);
      }
      await s.scrub('repair');
      t.deepEqual(await s.cluster.differences(), []);
      t.is((await s.status()).state, 'active+clean');
    });
  }
});

test('reads: every copy damaged → EIO, and health says where; repaired when one is good again', async (t) => {
  await Story.tell({ seed: 8 }, async (s) => {
    for (const osd of [0, 1, 2]) s.cluster.store(osd).corruptRecord(s.pg, 'x');
    const error = await t.throwsAsync(s.operate('x', { kind: 'stat' }), { instanceOf: FsError });
    t.is(error.code, 'EIO');
    await s.cluster.world.sleep(200);
    t.deepEqual(
      await s.findings(),
      [0, 1, 2].map((osd) => `x on osd.${osd}: unreadable`),
    );
    t.is((await s.scrub('repair')).scrubErrors, 3);
    // Written anew as a whole by its owner.
    await s.operate('a', { kind: 'stat' });
  });
});

for (const damage of ['data', 'record'] as const) {
  test(`recovery: ${damage} damaged on the primary that recovers others → the member gets a good copy`, async (t) => {
    await Story.tell({ seed: 16 }, async (s) => {
      const [returning] = s.replicas as [number];
      s.cluster.crash(returning);
      await s.operate('x', { kind: 'write', offset: 5_000, data: [bytes('while it was away')] });
      const store = s.cluster.store(s.primary);
      t.true(damage === 'data' ? store.corrupt(s.pg, 'x', 8192) : store.corruptRecord(s.pg, 'x'));
      await s.cluster.settle();
      t.deepEqual(await s.cluster.differences(), []);
    });
  });
}

test('recovery: the only copy of an object is damaged → the others are copied, that one stays damaged and is reported; it can be removed', async (t) => {
  await Story.tell({ seed: 17, osds: 2, size: 2, minSize: 1 }, async (s) => {
    const [returning] = s.replicas as [number];
    s.cluster.crash(returning);
    for (const object of ['a', 'x', 'z']) await s.operate(object, { kind: 'append', data: [bytes('more')] });
    t.true(s.cluster.store(s.primary).corrupt(s.pg, 'x', 8192));
    await s.cluster.boot(returning);
    while ((await s.status()).state !== 'active+clean+inconsistent') await s.cluster.world.sleep(100);
    const read = async (): Promise<string> =>
      s.operate('x', { kind: 'read', offset: 0, length: 0 }).then(
        () => 'no error',
        (error: unknown) => (error instanceof FsError ? error.code : String(error)),
      );
    t.is(await read(), 'EIO');
    s.cluster.crash(s.primary);
    // As far as the other knows, that one may have a good copy.
    const reading = read();
    t.is((await s.operate('z', { kind: 'stat' })).results[0]?.size, 20_004);
    await s.cluster.boot(s.primary);
    t.is(await reading, 'EIO');
    await s.operate('x', { kind: 'remove' });
    await s.scrub('deep-scrub');
    t.is((await s.status()).state, 'active+clean');
    t.deepEqual(await s.cluster.differences(), []);
  });
});

const textOf = async (s: Story, object: string): Promise<string> => {
  const { results } = await s.operate(object, { kind: 'read', offset: 20_000, length: 0 });
  return Buffer.concat(results[0]?.data ?? []).toString();
};

test('peering: damaged on the primary, with a write that no other member has → taken over from one of them, the write done once', async (t) => {
  for (const damage of ['data', 'record'] as const) {
    await Story.tell({ seed: 19 }, async (s) => {
      const { cluster } = s;
      await s.operate('z', { kind: 'append', data: [bytes('acknowledged ')] });
      const others = s.replicas.map((osd) => `osd.${osd}`);
      const heal = cluster.world.fabric.partition([`osd.${s.primary}`], others, { oneWay: false });
      const writing = s.operate('z', { kind: 'append', data: [bytes('on its way ')] });
      await cluster.world.sleep(50);
      const store = cluster.store(s.primary);
      t.true(damage === 'data' ? store.corrupt(s.pg, 'z', 8192) : store.corruptRecord(s.pg, 'z'));
      // A new interval, with the same primary of the object's PG.
      await cluster.split();
      heal();
      await writing;
      t.is(await textOf(s, 'z'), 'acknowledged on its way ');
      await cluster.settle();
      t.is(cluster.world.logs.matching(/taken over from an acting member/).length, 1);
      t.deepEqual(await cluster.differences(), []);
      t.is((await s.command<Health>('health')).status, 'HEALTH_OK');
    });
  }
});

test('recovery: damaged on the primary, with a write that the returning member never got → that one acts, and its copy is taken over', async (t) => {
  for (const [damage, isOut] of [
    ['data', false],
    ['record', false],
    // CRUSH wants the PG elsewhere then.
    ['data', true],
  ] as const) {
    await Story.tell({ seed: 22, osds: isOut ? 3 : 2, size: 2, minSize: 2 }, async (s) => {
      const { cluster } = s;
      const [other] = s.replicas as [number];
      await s.operate('x', { kind: 'append', data: [bytes('acknowledged ')] });
      const heal = cluster.world.fabric.partition([`osd.${s.primary}`], [`osd.${other}`], { oneWay: false });
      const writing = s.operate('x', { kind: 'append', data: [bytes('on its way ')] });
      await cluster.world.sleep(50);
      cluster.crash(other);
      heal();
      while ((await cluster.mappingOf('x')).acting.length > 1) await cluster.world.sleep(100);
      const store = cluster.store(s.primary);
      t.true(damage === 'data' ? store.corrupt(s.pg, 'x', 8192) : store.corruptRecord(s.pg, 'x'));
      const reading = textOf(s, 'x');
      if (isOut) await cluster.command({ prefix: 'osd out', osd: other });
      await cluster.world.sleep(2_000);
      await cluster.boot(other);
      await Promise.all([writing, reading]);
      t.is(await textOf(s, 'x'), 'acknowledged on its way ');
      await cluster.settle();
      t.deepEqual(await cluster.differences(), []);
      t.is(cluster.world.logs.matching(/taken over from an acting member/).length, 1);
      t.is((await s.command<Health>('health')).status, 'HEALTH_OK');
    });
  }
});

test('reads: the disk of the primary answers EIO to all of them → it ends after a few, another member answers', async (t) => {
  await Story.tell({ seed: 23 }, async (s) => {
    const { cluster } = s;
    cluster.world.logs.expectError(/could not keep an object/);
    const image = cluster.image(s.primary);
    image.faults = { ...image.faults, readErrors: 1 };
    const { results } = await s.operate('x', { kind: 'read', offset: 0, length: 0 });
    t.deepEqual(Buffer.concat(results[0]?.data ?? []), Buffer.alloc(20_000, 7));
    t.false(cluster.isUp(s.primary));
    image.heal();
    await cluster.settle();
    t.deepEqual(await cluster.differences(), []);
  });
});

test('reads: the only disk that has an object answers EIO for a while → they wait, nobody gets a mark, then they are answered', async (t) => {
  await Story.tell({ seed: 24, osds: 2, size: 2, minSize: 1 }, async (s) => {
    const { cluster } = s;
    const [other] = s.replicas as [number];
    cluster.crash(other);
    await s.operate('x', { kind: 'append', data: [bytes('alone')] });
    const image = cluster.image(s.primary);
    image.faults = { ...image.faults, readErrors: 1 };
    const reading = textOf(s, 'x');
    await cluster.boot(other);
    while (!(await s.status()).state.includes('unfound')) await cluster.world.sleep(100);
    await cluster.world.sleep(3_000);
    t.is(cluster.store(other).stat(s.pg, 'x')?.size, 20_000);
    image.heal();
    t.is(await reading, 'alone');
    await cluster.settle();
    t.deepEqual(await cluster.differences(), []);
  });
});

test('reads: damaged on the only member that is up → they wait, health names who may have a copy, and are answered when it is back', async (t) => {
  await Story.tell({ seed: 20, osds: 2, size: 2, minSize: 2 }, async (s) => {
    const [other] = s.replicas as [number];
    await s.operate('x', { kind: 'append', data: [bytes('acknowledged')] });
    s.cluster.crash(other);
    while ((await s.cluster.mappingOf('x')).acting.length > 1) await s.cluster.world.sleep(100);
    t.true(s.cluster.store(s.primary).corrupt(s.pg, 'x', 20_000));
    const reading = textOf(s, 'x');
    while (!(await s.status()).state.includes('unfound')) await s.cluster.world.sleep(100);
    const { checks } = await s.command<Health>('health detail');
    t.deepEqual(checks['OBJECT_UNFOUND']?.detail, [`PG ${s.pg}: "x" may be on osd.${other}`]);
    await s.cluster.boot(other);
    t.is(await reading, 'acknowledged');
    await s.cluster.settle();
    t.deepEqual(await s.cluster.differences(), []);
    t.is((await s.command<Health>('health')).checks['OBJECT_UNFOUND'], undefined);
  });
});

test('recovery: damaged on the primary, the only good copy away, a third member behind → the third gets no mark, but the good one', async (t) => {
  await Story.tell({ seed: 21 }, async (s) => {
    const { cluster } = s;
    const [good, behind] = s.replicas as [number, number];
    cluster.crash(behind);
    for (const object of ['a', 'x', 'z']) await s.operate(object, { kind: 'append', data: [bytes('while it was away')] });
    cluster.crash(good);
    while ((await cluster.mappingOf('x')).acting.length > 1) await cluster.world.sleep(100);
    t.true(cluster.store(s.primary).corruptRecord(s.pg, 'x'));
    await cluster.boot(behind);
    while (!(await s.status()).state.includes('unfound')) await cluster.world.sleep(100);
    await cluster.world.sleep(3_000);
    t.is(cluster.store(behind).stat(s.pg, 'x')?.size, 20_000);
    // The rest of it has what it missed.
    t.is(cluster.store(behind).stat(s.pg, 'z')?.size, 20_017);
    t.deepEqual((await cluster.mappingOf('x')).acting, [s.primary]);
    await cluster.settle();
    t.is(await textOf(s, 'x'), 'while it was away');
    t.deepEqual(await cluster.differences(), []);
  });
});

test('writes: an object whose record is damaged on a replica → the write is served, that copy mended at once', async (t) => {
  await Story.tell({ seed: 18 }, async (s) => {
    const [replica] = s.replicas as [number];
    t.true(s.cluster.store(replica).corruptRecord(s.pg, 'x'));
    await Promise.all([1, 2, 3, 4].map((n) => s.operate('x', { kind: 'append', data: [bytes(`write ${n}`)] })));
    await s.cluster.world.sleep(1_000);
    t.deepEqual(await s.cluster.differences(), []);
    t.is((await s.scrub('deep-scrub')).scrubErrors, 0);
  });
});

test('scrub: two copies of one version that differ, both readable → reported, and left as they are', async (t) => {
  await Story.tell({ seed: 9, osds: 2, size: 2 }, async (s) => {
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
  await Story.tell({ seed: 14, osdConfig }, async (s) => {
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
  await Story.tell({ seed: 15, osds: 1, size: 1 }, async (s) => {
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
