/**
 * Disks that are gone for good, and with them every copy of something: it is given up when a person says so, and never before.
 * @module
 */
import test, { type ExecutionContext } from 'ava';
import { FsError } from '../../common/errors/fs-error.ts';
import type { Health } from '../../mon/core/health.ts';
import { codeOf } from '../support/code-of.ts';
import { OsdCluster } from '../support/osd-cluster.ts';

const objectCount = 24;
const sure = 'what only it has is lost for good';
const names = Array.from({ length: objectCount }, (_, n) => `o${n}`);

async function write(cluster: OsdCluster, text: string, objects = names): Promise<void> {
  const { objects: client } = await cluster.client('a');
  for (const name of objects) {
    await client.operate(cluster.pool, name, [
      { kind: 'write-full', data: [Buffer.from(`${text}-${name}`)] },
      { kind: 'omap-set', entries: [{ key: Buffer.from('k'), value: Buffer.from(text) }] },
    ]);
  }
}

/** Fills the log of o1's PG with the same again. */
async function overwrite(cluster: OsdCluster, writes: number): Promise<void> {
  for (let n = 0; n < writes; n++) await write(cluster, 'first', ['o1']);
}

/** What an object holds, or the code of the error. */
async function read(cluster: OsdCluster, name: string, timeoutMs = 60_000): Promise<string> {
  const { objects } = await cluster.client('a');
  try {
    const { results } = await objects.operate(cluster.pool, name, [{ kind: 'read', offset: 0, length: 0 }], { timeoutMs });
    return Buffer.concat(results[0]?.data ?? []).toString();
  } catch (error) {
    if (error instanceof FsError) return error.code;
    throw error;
  }
}

async function lose(cluster: OsdCluster, osd: number): Promise<unknown> {
  return cluster.command({ prefix: 'osd lost', osd, again: osd, sure });
}

async function checks(cluster: OsdCluster): Promise<Health['checks']> {
  return (await cluster.command<Health>({ prefix: 'health detail' })).checks;
}

/** Members of the object's PG, primary first. */
async function membersOf(cluster: OsdCluster, object: string): Promise<readonly number[]> {
  return (await cluster.mappingOf(object)).acting;
}

/** All objects of the same PG. */
async function neighboursOf(cluster: OsdCluster, object: string): Promise<string[]> {
  const { pgId } = await cluster.mappingOf(object);
  const found: string[] = [];
  for (const name of names) if ((await cluster.mappingOf(name)).pgId === pgId) found.push(name);
  return found;
}

async function endsWhole(t: ExecutionContext, cluster: OsdCluster): Promise<void> {
  await write(cluster, 'after');
  await cluster.settle();
  for (const name of names) t.is(await read(cluster, name), `after-${name}`);
  t.deepEqual(await cluster.differences(), []);
}

test('both members of a PG destroyed → it is down and nothing is given up; osd lost for both → it serves again, empty', async (t) => {
  await OsdCluster.tell({ seed: 80, osds: 5, size: 2, minSize: 1, pgNum: 8, monConfig: { downOutMs: 30_000 } }, async (cluster) => {
    await write(cluster, 'first');
    await cluster.settle();
    const members = await membersOf(cluster, 'o0');
    const [a, b] = members as [number, number];
    const { pgId } = await cluster.mappingOf('o0');
    const gone: string[] = [];
    for (const name of names) if ((await membersOf(cluster, name)).every((osd) => members.includes(osd))) gone.push(name);
    cluster.destroy(a);
    cluster.destroy(b);
    t.is(await codeOf(lose(cluster, a)), 'EBUSY', 'it is still up as far as anybody knows');
    // Long after they went out.
    await cluster.world.sleep(180_000);
    const before = (await checks(cluster)).PG_DOWN;
    t.regex(
      before?.detail.join('\n') ?? '',
      new RegExp(`PG ${pgId} is down: start osd.${a}, osd.${b}; .*lost ${a}, nacre osd lost ${b}.*empty`),
    );
    t.is(await read(cluster, 'o0', 5_000), 'ETIMEDOUT');
    t.true([...(cluster.monMap?.pgs.values() ?? [])].every(({ lostAt }) => lostAt === 0));
    for (const name of names) if (!gone.includes(name)) t.is(await read(cluster, name), `first-${name}`);

    await lose(cluster, a);
    await cluster.world.sleep(60_000);
    t.is(await read(cluster, 'o0', 5_000), 'ETIMEDOUT', 'the other disk may still come back');
    const report = (await lose(cluster, b)) as { readonly empty: readonly string[]; readonly olderCopies: readonly unknown[] };
    t.true(report.empty.includes(pgId));
    t.deepEqual(report.olderCopies, []);
    t.deepEqual(await lose(cluster, b), { osd: b, olderCopies: [], empty: [] }, 'said again it does nothing');
    await cluster.settle();
    for (const name of names) t.is(await read(cluster, name), gone.includes(name) ? 'ENOENT' : `first-${name}`);
    const after = await checks(cluster);
    t.is(after.PG_DOWN, undefined);
    t.is(after.OSD_DOWN, undefined);
    await endsWhole(t, cluster);
    await cluster.command({ prefix: 'osd rm', osd: a });
    t.is(cluster.monMap?.osds.has(a as never), false);
  });
});

/** More than a log keeps. */
const manyWrites = 550;

for (const writes of [objectCount, manyWrites]) {
  test(`the last member is lost, one that left it earlier is there → that one serves what it had; ${writes} writes were lost`, async (t) => {
    await OsdCluster.tell({ seed: 81, osds: 4, size: 2, minSize: 1, pgNum: 1 }, async (cluster) => {
      await write(cluster, 'first');
      await cluster.settle();
      const [early, last] = (await membersOf(cluster, 'o0')) as [number, number];
      const inPg = await neighboursOf(cluster, 'o0');
      await cluster.command({ prefix: 'flag set', flag: 'noout' });
      cluster.crash(early);
      await cluster.world.sleep(8_000);
      for (let n = 0; n < writes; n += inPg.length) await write(cluster, 'second', inPg);
      cluster.destroy(last);
      await cluster.world.sleep(8_000);
      await cluster.boot(early);
      await cluster.world.sleep(60_000);
      t.is(await read(cluster, 'o0', 5_000), 'ETIMEDOUT', 'nothing is served from older copies');
      t.regex(
        (await checks(cluster)).PG_DOWN?.detail.join('\n') ?? '',
        new RegExp(`start osd.${last}; .*osd.${early} goes on with what it had`),
      );
      const { olderCopies } = (await lose(cluster, last)) as {
        readonly olderCopies: readonly { readonly pg: string; readonly osd: number }[];
      };
      t.true(olderCopies.some(({ pg, osd }) => pg === String(cluster.pgIdOf(cluster.pool, 'o0')) && osd === early));
      for (const name of inPg) t.is(await read(cluster, name), `first-${name}`);
      await cluster.command({ prefix: 'flag unset', flag: 'noout' });
      await cluster.settle();
      for (const name of inPg) t.is(await read(cluster, name), `first-${name}`);
      await endsWhole(t, cluster);
    });
  });
}

interface Doomed {
  osd: number | undefined;
}

/** A cluster in which the disk of the OSD that is named as `doomed` goes when others have been given ten objects. */
async function dyingWhileItCopies(seed: number): Promise<{ readonly cluster: OsdCluster; readonly doomed: Doomed }> {
  const doomed: Doomed = { osd: undefined };
  let pushes = 0;
  const cluster = await OsdCluster.start({
    seed,
    osds: 4,
    size: 2,
    minSize: 1,
    pgNum: 1,
    onCommit: (id, _store, transaction) => {
      if (doomed.osd === undefined || id === doomed.osd) return;
      if (transaction.some(({ kind }) => kind === 'set-version')) pushes += 1;
      if (pushes === 10) cluster.destroy(doomed.osd);
    },
  });
  return { cluster, doomed };
}

test('the last member is lost while another is filled from it → what that has goes on, with its copies equal', async (t) => {
  const { cluster, doomed } = await dyingWhileItCopies(82);
  const story = async (): Promise<void> => {
    await write(cluster, 'first');
    await cluster.settle();
    await overwrite(cluster, manyWrites);
    const [early, other] = (await membersOf(cluster, 'o0')) as [number, number];
    cluster.destroy(early);
    await cluster.world.sleep(8_000);
    doomed.osd = other;
    await cluster.command({ prefix: 'osd out', osd: early });
    await cluster.world.sleep(60_000);
    t.false(cluster.isUp(other));
    doomed.osd = undefined;
    await lose(cluster, other);
    t.is(await read(cluster, 'o0', 5_000), 'ETIMEDOUT', 'the one that left first may come back');
    await lose(cluster, early);
    await cluster.settle();
    const left: string[] = [];
    for (const name of names) {
      const text = await read(cluster, name);
      if (text !== 'ENOENT') left.push(text);
    }
    t.true(left.length >= 5 && left.length < objectCount, `${left.length} left`);
    t.true(left.every((text) => text.startsWith('first-')));
    t.deepEqual(await cluster.differences(), []);
    await endsWhole(t, cluster);
  };
  await cluster.world.until(story(), { what: 'the end of the story' });
});

test('the last member is lost while it brings one up to date that was away → what that has goes on, old and new', async (t) => {
  const { cluster, doomed } = await dyingWhileItCopies(85);
  const story = async (): Promise<void> => {
    await write(cluster, 'first');
    await cluster.settle();
    const [early, other] = (await membersOf(cluster, 'o0')) as [number, number];
    await cluster.command({ prefix: 'flag set', flag: 'noout' });
    cluster.crash(early);
    await cluster.world.sleep(8_000);
    await write(cluster, 'second');
    doomed.osd = other;
    await cluster.boot(early);
    await cluster.world.sleep(60_000);
    t.false(cluster.isUp(other));
    doomed.osd = undefined;
    t.is(await read(cluster, 'o0', 5_000), 'ETIMEDOUT');
    await lose(cluster, other);
    await cluster.settle();
    const texts: string[] = [];
    for (const name of names) texts.push(await read(cluster, name));
    t.true(texts.some((text) => text.startsWith('first-')) && texts.some((text) => text.startsWith('second-')));
    t.true(texts.every((text, n) => text === `first-o${n}` || text === `second-o${n}`));
    t.deepEqual(await cluster.differences(), []);
    await endsWhole(t, cluster);
  };
  await cluster.world.until(story(), { what: 'the end of the story' });
});

test('a disk that was given up is found again → not let in; emptied, it is filled again under its number', async (t) => {
  await OsdCluster.tell({ seed: 83, osds: 3, size: 2, minSize: 1 }, async (cluster) => {
    await write(cluster, 'first');
    cluster.crash(1);
    await cluster.world.sleep(8_000);
    await lose(cluster, 1);
    t.is(await codeOf(cluster.boot(1)), 'EEXIST');
    cluster.replaceDisk(1);
    await cluster.boot(1);
    await cluster.settle();
    for (const name of names) t.is(await read(cluster, name), `first-${name}`);
    await endsWhole(t, cluster);
  });
});

test('osd lost: without the number twice, or the sentence; of one that is not there, or was never up → refused', async (t) => {
  await OsdCluster.tell({ seed: 84, osds: 3, size: 2 }, async (cluster) => {
    await cluster.command({ prefix: 'osd new', uuid: 'spare', host: 'h9' });
    cluster.crash(1);
    await cluster.world.sleep(8_000);
    const before = cluster.monMap;
    const say = (args: Readonly<Record<string, unknown>>): Promise<string> => codeOf(cluster.command({ prefix: 'osd lost', ...args }));
    t.is(await say({ osd: 1 }), 'EINVAL');
    t.is(await say({ osd: 1, again: 2, sure }), 'EINVAL');
    t.is(await say({ osd: 1, again: 1, sure: 'yes' }), 'EINVAL');
    t.is(await say({ osd: 7, again: 7, sure }), 'ENOENT');
    t.is(await say({ osd: 3, again: 3, sure }), 'EBUSY');
    t.is(cluster.monMap?.epoch, before?.epoch);
  });
});
