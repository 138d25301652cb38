/**
 * What an administrator changes while clients write: copies of a pool, shares of OSDs.
 * @module
 */
import test, { type ExecutionContext } from 'ava';
import { allPgs, type PgMapping } from '../../common/maps/placement.ts';
import type { Objecter } from '../../osd/client/objecter.ts';
import { OsdCluster } from '../support/osd-cluster.ts';

type Command = Readonly<Record<string, unknown>> & { readonly prefix: string };

/** Writes on, one object after the other, until told to stop; knows what was acknowledged. */
class Writer {
  readonly acknowledged = new Map<string, string>();
  readonly #cluster: OsdCluster;
  readonly #objects: Objecter;
  #written = 0;
  #stopping = false;
  #done: Promise<void> | undefined;

  constructor(cluster: OsdCluster, objects: Objecter) {
    this.#cluster = cluster;
    this.#objects = objects;
  }

  async write(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const n = this.#written++;
      const [name, data] = [`o${n % 90}`, `value ${n}`];
      await this.#objects.operate(this.#cluster.pool, name, [{ kind: 'write-full', data: [Buffer.from(data)] }]);
      this.acknowledged.set(name, data);
    }
  }

  begin(): void {
    this.#stopping = false;
    this.#done = (async () => {
      while (!this.#stopping) await this.write(1);
    })();
  }

  async end(): Promise<void> {
    this.#stopping = true;
    await this.#done;
  }

  async check(t: ExecutionContext): Promise<void> {
    for (const [name, data] of this.acknowledged) {
      const { results } = await this.#objects.operate(this.#cluster.pool, name, [{ kind: 'read', offset: 0, length: 0 }]);
      t.is(Buffer.concat(results[0]?.data ?? []).toString(), data, name);
    }
  }
}

async function command<T>(cluster: OsdCluster, wanted: Command): Promise<T> {
  return await (await cluster.client('admin')).monClient.command<T>(wanted);
}

async function mappings(cluster: OsdCluster): Promise<PgMapping[]> {
  return [...allPgs((await cluster.client('admin')).monClient.map)];
}

test('pool set size: raised while clients write, with the new copies crashing → filled up to the new size, all equal; lowered → the copies are removed', async (t) => {
  for (const byBackfill of [true, false]) {
    const logEntriesMax = byBackfill ? 512 : 5_000;
    const cluster = await OsdCluster.start({
      seed: 31,
      osds: 4,
      size: 2,
      minSize: 1,
      pgNum: byBackfill ? 1 : 4,
      osdConfig: { logEntriesMax },
    });
    await cluster.world.until(
      (async () => {
        const writer = new Writer(cluster, (await cluster.client('a')).objects);
        await writer.write(800);
        writer.begin();
        await command(cluster, { prefix: 'pool set', name: 'data', size: 3 });
        const joining = (await mappings(cluster)).flatMap(({ up, acting }) => up.filter((osd) => !acting.includes(osd)))[0];
        t.not(joining, undefined);
        await cluster.world.sleep(5);
        cluster.crash(joining as number);
        await cluster.world.sleep(3_000);
        await cluster.settle();
        t.true((await mappings(cluster)).every(({ acting, up }) => acting.length === 3 && acting.join() === up.join()));
        t.is(cluster.world.logs.matching(/backfill done/).length > 0, byBackfill);
        await command(cluster, { prefix: 'pool set', name: 'data', minSize: 2 });
        await writer.end();
        t.deepEqual(await cluster.differences(), []);
        await writer.check(t);

        // Now any one of them may be lost, and nothing is.
        cluster.crash((await mappings(cluster))[0]?.acting[0] as number);
        await writer.check(t);
        await cluster.settle();

        writer.begin();
        await command(cluster, { prefix: 'pool set', name: 'data', size: 2 });
        while ((await mappings(cluster)).some(({ acting }) => acting.length !== 2)) await cluster.world.sleep(100);
        await cluster.settle();
        await writer.end();
        await writer.check(t);
        t.deepEqual(await cluster.differences(), []);
        const stray = async (): Promise<string[]> =>
          (await mappings(cluster)).flatMap(({ pgId, acting }) =>
            [0, 1, 2, 3]
              .filter((id) => !acting.includes(id as never) && cluster.store(id).collections().includes(pgId))
              .map((id) => `${pgId} on osd.${id}`),
          );
        for (let i = 0; i < 100 && (await stray()).length > 0; i++) await cluster.world.sleep(500);
        t.deepEqual(await stray(), []);
      })(),
    );
  }
});

test('pool set min_size: raised above what is there → writes wait; lowered → they finish', async (t) => {
  const cluster = await OsdCluster.start({ seed: 32, size: 3, minSize: 2 });
  await cluster.world.until(
    (async () => {
      const { objects } = await cluster.client('a');
      const write = (data: string): Promise<unknown> =>
        objects.operate(cluster.pool, 'x', [{ kind: 'write-full', data: [Buffer.from(data)] }]);
      await write('one');
      cluster.crash(0);
      await cluster.world.sleep(3_000);
      await write('two');
      await command(cluster, { prefix: 'pool set', name: 'data', minSize: 3 });
      await cluster.world.sleep(100);
      let done = false;
      const waiting = write('three').then(() => (done = true));
      await cluster.world.sleep(3_000);
      t.false(done);
      await command(cluster, { prefix: 'pool set', name: 'data', minSize: 2 });
      await waiting;
      await cluster.settle();
      t.deepEqual(await cluster.differences(), []);
    })(),
  );
});

test('osd reweight: while clients write → its PGs go to others, all equal', async (t) => {
  const cluster = await OsdCluster.start({ seed: 33, osds: 5, size: 2, minSize: 1, pgNum: 32 });
  await cluster.world.until(
    (async () => {
      const writer = new Writer(cluster, (await cluster.client('a')).objects);
      await writer.write(200);
      const load = async (): Promise<number> => (await mappings(cluster)).filter(({ acting }) => acting.includes(0 as never)).length;
      const before = await load();
      writer.begin();
      await command(cluster, { prefix: 'osd reweight', osd: 0, reweight: 0.25 });
      await cluster.world.sleep(1_000);
      await cluster.settle();
      await writer.end();
      t.true((await load()) < before * 0.6, `${before} → ${await load()}`);
      await writer.check(t);
      t.deepEqual(await cluster.differences(), []);
    })(),
  );
});

test('osd safe-to-stop: followed one after the other → writes never wait for a restart', async (t) => {
  const cluster = await OsdCluster.start({ seed: 34 });
  await cluster.world.until(
    (async () => {
      const { objects } = await cluster.client('a');
      const safe = async (osd: number): Promise<boolean> =>
        (await command<{ readonly safe: boolean }>(cluster, { prefix: 'osd safe-to-stop', osds: [osd] })).safe;
      await cluster.settle();
      for (const id of [0, 1, 2]) {
        t.true(await safe(id));
        cluster.crash(id);
        await cluster.world.sleep(3_000);
        t.false(await safe((id + 1) % 3));
        await objects.operate(cluster.pool, 'x', [{ kind: 'append', data: [Buffer.from('.')] }]);
        await cluster.settle();
      }
    })(),
  );
});
