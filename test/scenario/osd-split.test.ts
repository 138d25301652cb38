/**
 * What becomes of objects and of what clients do while a pool's PGs are doubled.
 * @module
 */
import test, { type ExecutionContext } from 'ava';
import type { Objecter } from '../../osd/client/objecter.ts';
import { OsdCluster } from '../support/osd-cluster.ts';

const bytes = (text: string): readonly Uint8Array[] => [Buffer.from(text)];

async function text(objects: Objecter, cluster: OsdCluster, object: string): Promise<string> {
  const { results } = await objects.operate(cluster.pool, object, [{ kind: 'read', offset: 0, length: 0 }]);
  return Buffer.concat(results[0]?.data ?? []).toString();
}

/** Appends to objects in turn until stopped, some at a time; then checks that each has every record once, in order. */
class Appender {
  readonly #cluster: OsdCluster;
  readonly #objects: Objecter;
  readonly #names: readonly string[];
  readonly #written = new Map<string, string>();
  readonly #pending: Promise<unknown>[] = [];
  #running = true;
  #done: Promise<void>;
  count = 0;

  constructor(cluster: OsdCluster, objects: Objecter, names: readonly string[], everyMs = 1) {
    this.#cluster = cluster;
    this.#objects = objects;
    this.#names = names;
    this.#done = this.#run(everyMs);
  }

  async #run(everyMs: number): Promise<void> {
    while (this.#running) {
      const name = this.#names[this.count % this.#names.length] as string;
      const record = `<${this.count++}>`;
      this.#written.set(name, (this.#written.get(name) ?? '') + record);
      this.#pending.push(this.#objects.operate(this.#cluster.pool, name, [{ kind: 'append', data: bytes(record) }]));
      await this.#cluster.world.sleep(everyMs);
    }
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.#done;
    await Promise.all(this.#pending);
  }

  async check(t: ExecutionContext): Promise<void> {
    for (const [name, written] of this.#written) t.is(await text(this.#objects, this.#cluster, name), written);
  }
}

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `o${i}`);

/** After everything has settled. */
async function checkAll(t: ExecutionContext, cluster: OsdCluster): Promise<void> {
  await cluster.settle();
  t.deepEqual(await cluster.differences(), []);
  t.deepEqual(await cluster.misplaced(), []);
}

test('split: while clients append → nothing lost, doubled or out of order; every object in its PG, all copies equal', async (t) => {
  await OsdCluster.tell({ seed: 1, osds: 4, pgNum: 2, osdConfig: { logEntriesMax: 512, strayCheckMs: 500 } }, async (cluster) => {
    const { objects } = await cluster.client('a');
    const appender = new Appender(cluster, objects, names(30), 0.4);
    await cluster.world.sleep(700);
    t.is(await cluster.split(), 4);
    await cluster.world.sleep(300);
    t.is(await cluster.split(), 8);
    await cluster.world.sleep(300);
    await appender.stop();
    await checkAll(t, cluster);
    await appender.check(t);
    const listed = await (await cluster.client('admin')).monClient.command<{ pg: string; objects: number }[]>({ prefix: 'pg ls' });
    t.is(listed.length, 8);
    t.is(
      listed.reduce((sum, pg) => sum + pg.objects, 0),
      30,
    );
    t.is(cluster.world.logs.matching(/backfill begins/).length > 0, true);
  });
});

test('split: where nothing moves → no object is copied, not even compared', async (t) => {
  await OsdCluster.tell({ seed: 2, osds: 3, pgNum: 2, osdConfig: { logEntriesMax: 512 } }, async (cluster) => {
    const { objects } = await cluster.client('a');
    for (const name of names(20)) await objects.operate(cluster.pool, name, [{ kind: 'append', data: bytes('x') }]);
    // Their PG's log shows nothing of the others any more.
    const hot = await cluster.siblingOf('o0');
    for (let i = 0; i < 1_000; i++) await objects.operate(cluster.pool, hot, [{ kind: 'append', data: bytes('x') }]);
    const appender = new Appender(cluster, objects, [hot], 0.3);
    await cluster.world.sleep(20);
    await cluster.split(2);
    await cluster.world.sleep(100);
    await appender.stop();
    await checkAll(t, cluster);
    t.is(cluster.world.logs.matching(/backfill begins/).length, 0);
    t.is(cluster.world.logs.matching(/an acting member differs/).filter(({ fields }) => fields['by'] === 'backfill').length, 0);
  });
});

test('split: a member is down and returns → it splits its copy and gets what it missed by log', async (t) => {
  await OsdCluster.tell({ seed: 3, pgNum: 2 }, async (cluster) => {
    const { objects } = await cluster.client('a');
    const appender = new Appender(cluster, objects, names(40));
    await cluster.world.sleep(200);
    cluster.crash(1);
    await cluster.world.sleep(200);
    await cluster.split();
    await cluster.world.sleep(200);
    await cluster.split();
    await cluster.world.sleep(200);
    await objects.operate(cluster.pool, 'o7', [{ kind: 'set-xattr', name: 'x', value: Buffer.from('y') }]);
    await cluster.boot(1);
    await cluster.world.sleep(200);
    await appender.stop();
    await checkAll(t, cluster);
    await appender.check(t);
    t.is(cluster.world.logs.matching(/backfill begins/).length, 0);
  });
});

test('split: everyone is down, also the mon that was told → the copies are split as they return', async (t) => {
  await OsdCluster.tell({ seed: 4, pgNum: 3 }, async (cluster) => {
    const { objects } = await cluster.client('a');
    for (const name of names(30)) await objects.operate(cluster.pool, name, [{ kind: 'append', data: bytes(name) }]);
    for (const id of [0, 1, 2]) cluster.crash(id, { machine: true });
    await cluster.world.sleep(7_000);
    await cluster.split(2);
    cluster.crashMon();
    await cluster.bootMon();
    await checkAll(t, cluster);
    for (const name of names(30)) t.is(await text(objects, cluster, name), name);
    t.is(cluster.world.logs.matching(/backfill begins/).length, 0);
  });
});

test('split: while a member is backfilled → it ends up equal', async (t) => {
  await OsdCluster.tell({ seed: 5, pgNum: 1, osdConfig: { logEntriesMax: 512, recoveryBytesPerSecond: 2_000_000 } }, async (cluster) => {
    const { objects } = await cluster.client('a');
    cluster.crash(2);
    const appender = new Appender(cluster, objects, names(150), 0.5);
    await cluster.world.sleep(600);
    await cluster.boot(2);
    while (cluster.world.logs.matching(/backfill begins/).length === 0) await cluster.world.sleep(10);
    await cluster.world.sleep(200);
    t.is(cluster.world.logs.matching(/backfill done/).length, 0);
    await cluster.split();
    await cluster.world.sleep(300);
    await cluster.split();
    await appender.stop();
    await checkAll(t, cluster);
    await appender.check(t);
  });
});

test('split: the primary crashes as it happens, and again → nothing is lost or doubled', async (t) => {
  for (let seed = 1; seed <= 6; seed++) {
    await OsdCluster.tell({ seed, osds: 4, pgNum: 1 }, async (cluster) => {
      const { objects } = await cluster.client('a');
      const appender = new Appender(cluster, objects, names(20), 0.4);
      await cluster.world.sleep(50);
      const primary = await cluster.primaryOf('o0');
      const split = cluster.split();
      // Somewhere between the command, the map's arrival and the end of the first peering.
      await cluster.world.sleep(seed * 0.7);
      cluster.crash(primary, { machine: seed % 2 === 0 });
      await split;
      await cluster.world.sleep(1_500);
      await cluster.boot(primary);
      await cluster.split();
      await cluster.world.sleep(seed * 0.7);
      cluster.crash((primary + 1) % 4);
      await cluster.world.sleep(500);
      await appender.stop();
      await checkAll(t, cluster);
      await appender.check(t);
    });
  }
});

test('split: the answer to an append is lost, its object moves to another PG → sent again, it is applied once', async (t) => {
  for (const crash of [false, true]) {
    await OsdCluster.tell({ seed: 7, pgNum: 1 }, async (cluster) => {
      const { objects } = await cluster.client('a');
      for (const name of names(10)) await objects.operate(cluster.pool, name, [{ kind: 'append', data: bytes('a') }]);
      const primary = await cluster.primaryOf('o0');
      const heal = cluster.world.fabric.partition([`osd.${primary}`], ['a'], { oneWay: true });
      const appends = names(10).map((name) => objects.operate(cluster.pool, name, [{ kind: 'append', data: bytes('b') }]));
      await cluster.world.sleep(50);
      await cluster.split(2);
      if (crash) cluster.crash(primary);
      await cluster.world.sleep(1_000);
      heal();
      for (const { results } of await Promise.all(appends)) t.is(results[0]?.offset, 1);
      for (const name of names(10)) t.is(await text(objects, cluster, name), 'ab');
      await checkAll(t, cluster);
    });
  }
});
