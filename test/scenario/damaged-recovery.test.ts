/**
 * Damage to copies of objects, met by recovery and peering: nobody gets a damaged copy, and no write is lost with one.
 */
import test from 'ava';
import { codeOf } from '../support/code-of.ts';
import { CopiesStory, type Health } from '../support/copies-story.ts';

const bytes = (text: string): Buffer => Buffer.from(text);

for (const damage of ['data', 'record'] as const) {
  test(`recovery: ${damage} damaged on the primary that recovers others → the member gets a good copy`, async (t) => {
    await CopiesStory.tell({ seed: 16 }, async (s) => {
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
  await CopiesStory.tell({ seed: 17, osds: 2, size: 2, minSize: 1 }, async (s) => {
    const [returning] = s.replicas as [number];
    s.cluster.crash(returning);
    for (const object of ['a', 'x', 'z']) await s.operate(object, { kind: 'append', data: [bytes('more')] });
    t.true(s.cluster.store(s.primary).corrupt(s.pg, 'x', 8192));
    await s.cluster.boot(returning);
    while ((await s.status()).state !== 'active+clean+inconsistent') await s.cluster.world.sleep(100);
    const read = (): Promise<string> => codeOf(s.operate('x', { kind: 'read', offset: 0, length: 0 }));
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

test('peering: damaged on the primary, with a write that no other member has → taken over from one of them, the write done once', async (t) => {
  for (const damage of ['data', 'record'] as const) {
    await CopiesStory.tell({ seed: 19 }, async (s) => {
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
      t.is(await s.textOf('z'), 'acknowledged on its way ');
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
    await CopiesStory.tell({ seed: 22, osds: isOut ? 3 : 2, size: 2, minSize: 2 }, async (s) => {
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
      const reading = s.textOf('x');
      if (isOut) await cluster.command({ prefix: 'osd out', osd: other });
      await cluster.world.sleep(2_000);
      await cluster.boot(other);
      await Promise.all([writing, reading]);
      t.is(await s.textOf('x'), 'acknowledged on its way ');
      await cluster.settle();
      t.deepEqual(await cluster.differences(), []);
      t.is(cluster.world.logs.matching(/taken over from an acting member/).length, 1);
      t.is((await s.command<Health>('health')).status, 'HEALTH_OK');
    });
  }
});

test('recovery: damaged on the primary, the only good copy away, a third member behind → the third gets no mark, but the good one', async (t) => {
  await CopiesStory.tell({ seed: 21 }, async (s) => {
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
    t.is(await s.textOf('x'), 'while it was away');
    t.deepEqual(await cluster.differences(), []);
  });
});
