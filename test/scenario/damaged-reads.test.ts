/**
 * Damage to copies of objects, met by what clients ask for: it is answered around, and mended.
 */
import test from 'ava';
import { FsError } from '../../common/errors/fs-error.ts';
import type { ObjectOperation } from '../../osd/client/object-client.ts';
import { CopiesStory, type Health } from '../support/copies-story.ts';

const bytes = (text: string): Buffer => Buffer.from(text);

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
    await CopiesStory.tell({ seed: 7 }, async (s) => {
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
  await CopiesStory.tell({ seed: 8 }, async (s) => {
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

test('reads: the disk of the primary answers EIO to all of them → it ends after a few, another member answers', async (t) => {
  await CopiesStory.tell({ seed: 23 }, async (s) => {
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
  await CopiesStory.tell({ seed: 24, osds: 2, size: 2, minSize: 1 }, async (s) => {
    const { cluster } = s;
    const [other] = s.replicas as [number];
    cluster.crash(other);
    await s.operate('x', { kind: 'append', data: [bytes('alone')] });
    const image = cluster.image(s.primary);
    image.faults = { ...image.faults, readErrors: 1 };
    const reading = s.textOf('x');
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
  await CopiesStory.tell({ seed: 20, osds: 2, size: 2, minSize: 2 }, async (s) => {
    const [other] = s.replicas as [number];
    await s.operate('x', { kind: 'append', data: [bytes('acknowledged')] });
    s.cluster.crash(other);
    while ((await s.cluster.mappingOf('x')).acting.length > 1) await s.cluster.world.sleep(100);
    t.true(s.cluster.store(s.primary).corrupt(s.pg, 'x', 20_000));
    const reading = s.textOf('x');
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

test('writes: an object whose record is damaged on a replica → the write is served, that copy mended at once', async (t) => {
  await CopiesStory.tell({ seed: 18 }, async (s) => {
    const [replica] = s.replicas as [number];
    t.true(s.cluster.store(replica).corruptRecord(s.pg, 'x'));
    await Promise.all([1, 2, 3, 4].map((n) => s.operate('x', { kind: 'append', data: [bytes(`write ${n}`)] })));
    await s.cluster.world.sleep(1_000);
    t.deepEqual(await s.cluster.differences(), []);
    t.is((await s.scrub('deep-scrub')).scrubErrors, 0);
  });
});
