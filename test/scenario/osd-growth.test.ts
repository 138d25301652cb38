/**
 * OSDs that come and go, rules and pools that change, flags, and a network that is broken between two OSDs, while clients write.
 * @module
 */
import test, { type ExecutionContext } from 'ava';
import { FsError } from '../../common/errors/fs-error.ts';
import { poolId } from '../../common/maps/ids.ts';
import { allPgs, type PgMapping } from '../../common/maps/placement.ts';
import type { Health } from '../../mon/core/health.ts';
import type { Objecter } from '../../osd/client/objecter.ts';
import { OsdCluster, type OsdClusterOptions } from '../support/osd-cluster.ts';

type Command = Readonly<Record<string, unknown>> & { readonly prefix: string };

class Story {
  readonly cluster: OsdCluster;
  readonly #objects: Objecter;
  /** What each object says, once acknowledged. */
  readonly #said = new Map<string, string>();
  #written = 0;

  constructor(cluster: OsdCluster, objects: Objecter) {
    this.cluster = cluster;
    this.#objects = objects;
  }

  static async tell(options: OsdClusterOptions, story: (s: Story) => Promise<void>): Promise<void> {
    await OsdCluster.tell(options, async (cluster) => {
      const s = new Story(cluster, (await cluster.client('a')).objects);
      await story(s);
    });
  }

  command<T>(wanted: Command): Promise<T> {
    return this.cluster.command<T>(wanted);
  }

  /** Resolves to the longest that one of `count` writes took, in virtual milliseconds. */
  async write(count: number): Promise<number> {
    let longest = 0;
    for (let i = 0; i < count; i++) {
      const n = this.#written++;
      const [name, data] = [`o${n % 60}`, `value ${n}`];
      const startMs = this.cluster.world.nowMs;
      await this.#objects.operate(this.cluster.pool, name, [{ kind: 'write-full', data: [Buffer.from(data)] }]);
      longest = Math.max(longest, this.cluster.world.nowMs - startMs);
      this.#said.set(name, data);
    }
    return longest;
  }

  /** Everything that was acknowledged is there, and all copies are equal. */
  async check(t: ExecutionContext): Promise<void> {
    for (const [name, data] of this.#said) {
      const { results } = await this.#objects.operate(this.cluster.pool, name, [{ kind: 'read', offset: 0, length: 0 }]);
      t.is(Buffer.concat(results[0]?.data ?? []).toString(), data, name);
    }
    t.deepEqual(await this.cluster.differences(), []);
  }

  pgs(): PgMapping[] {
    const map = this.cluster.monMap;
    return map === undefined ? [] : [...allPgs(map)];
  }

  actsFor(osd: number): number {
    return this.pgs().filter(({ acting }) => acting.includes(osd as never)).length;
  }

  async until(what: string, wanted: () => boolean): Promise<void> {
    for (let i = 0; !wanted(); i++) {
      if (i > 1_000) throw new Error(`in vain: ${what}`);
      await this.cluster.world.sleep(100);
    }
  }

  async health(): Promise<Health['checks']> {
    return (await this.command<Health>({ prefix: 'health detail' })).checks;
  }
}

const refusal = async (t: ExecutionContext, promise: Promise<unknown>): Promise<string> =>
  (await t.throwsAsync(promise, { instanceOf: FsError })).message;

test('growth: an OSD is added, another emptied, stopped and removed → data moves, nothing is lost, the old disk never comes back', async (t) => {
  await Story.tell({ seed: 71, osds: 3, size: 2, minSize: 1, pgNum: 16, osdConfig: { strayCheckMs: 500 } }, async (s) => {
    const { cluster } = s;
    await s.write(200);
    const id = cluster.addOsd();
    await cluster.boot(id);
    await s.write(100);
    await cluster.settle();
    t.true(s.actsFor(id) >= 4 && s.actsFor(id) <= 14, `${s.actsFor(id)} of 16 PGs`);
    await s.check(t);

    // Up, then stopped with data that others lack, then with what all others have.
    t.regex(await refusal(t, s.command({ prefix: 'osd rm', osd: 0 })), /it is up/);
    cluster.crash(0);
    await s.write(50);
    t.regex(await refusal(t, s.command({ prefix: 'osd rm', osd: 0 })), /others do not have all copies yet of PG/);
    await cluster.boot(0);
    await s.command({ prefix: 'osd out', osd: 0 });
    await s.until('osd.0 is empty', () => s.actsFor(0) === 0);
    await s.write(50);
    await cluster.settle();
    await s.until('its copies are removed', () => cluster.store(0).collections().length === 0);
    cluster.crash(0);
    await s.until('osd.0 is down', () => cluster.monMap?.osds.get(0 as never)?.up === false);
    await s.command({ prefix: 'osd rm', osd: 0 });
    t.false(cluster.monMap?.osds.has(0 as never));
    t.regex(await refusal(t, cluster.boot(0)), /osd\.0 was removed from this cluster/);
    // A new disk may take the number.
    cluster.replaceDisk(0);
    await cluster.boot(0);
    await s.write(50);
    await cluster.settle();
    await s.check(t);
  });
});

test('growth: the last holders of a PG are down → osd rm is refused and says so', async (t) => {
  await Story.tell({ seed: 72, osds: 3, size: 2, minSize: 1, pgNum: 8 }, async (s) => {
    await s.write(60);
    const pg = s.pgs()[0] as PgMapping;
    const [a, b] = pg.acting as unknown as [number, number];
    s.cluster.crash(a);
    await s.until('a is down', () => s.cluster.monMap?.osds.get(a as never)?.up === false);
    await s.command({ prefix: 'osd out', osd: a });
    s.cluster.crash(b);
    await s.until('b is down', () => s.cluster.monMap?.osds.get(b as never)?.up === false);
    t.regex(await refusal(t, s.command({ prefix: 'osd rm', osd: b })), /it holds what nobody else has of PG/);
    await s.command({ prefix: 'osd in', osd: a });
    await s.cluster.settle();
    await s.check(t);
  });
});

test('osd out, osd in: → emptied while clients write, and filled again', async (t) => {
  await Story.tell({ seed: 73, osds: 4, size: 3, minSize: 2, pgNum: 8 }, async (s) => {
    await s.write(150);
    const before = s.actsFor(1);
    await s.command({ prefix: 'osd out', osd: 1 });
    const longest = await s.write(100);
    await s.until('osd.1 is empty', () => s.actsFor(1) === 0);
    t.true(longest < 2_000, `a write took ${longest} ms`);
    await s.cluster.settle();
    await s.check(t);
    await s.command({ prefix: 'osd in', osd: 1 });
    await s.until('osd.1 is filled', () => s.actsFor(1) === before);
    await s.cluster.settle();
    await s.check(t);
  });
});

test('rules: a pool is told to keep copies in distinct racks → too few are a warning; with enough no two copies share one', async (t) => {
  await Story.tell({ seed: 74, osds: 6, size: 3, minSize: 2, pgNum: 16, hostOf: (id) => `h${Math.floor(id / 2)}` }, async (s) => {
    await s.write(100);
    await s.command({ prefix: 'rule create', name: 'racks', failureDomain: 'rack' });
    await s.command({ prefix: 'crush move', host: 'h0', rack: 'r0' });
    await s.command({ prefix: 'crush move', host: 'h1', rack: 'r1' });
    await s.command({ prefix: 'pool set', name: 'data', rule: 'racks' });
    const poor = (await s.health()).TOO_FEW_DOMAINS;
    t.deepEqual(poor?.detail, ['pool data: 3 copies in distinct racks are wanted, 2 have OSDs that are in']);
    await s.write(50);
    await s.command({ prefix: 'crush move', host: 'h2', rack: 'r2' });
    t.is((await s.health()).TOO_FEW_DOMAINS, undefined);
    await s.write(50);
    const rackOf = (osd: number): number => Math.floor(osd / 2);
    await s.until('copies are apart', () => s.pgs().every(({ acting }) => new Set(acting.map(rackOf)).size === 3 && acting.length === 3));
    await s.cluster.settle();
    await s.check(t);
  });
});

test('pool delete: → its objects are gone everywhere, at an OSD that was down too; a new pool gets another number', async (t) => {
  await Story.tell({ seed: 75 }, async (s) => {
    const { cluster } = s;
    await s.write(60);
    const other = await cluster.createPool({ name: 'other', size: 2, minSize: 1, pgNum: 4 });
    const { objects } = await cluster.client('b');
    const write = (pool: typeof other): Promise<unknown> => objects.operate(pool, 'x', [{ kind: 'write-full', data: [Buffer.from('x')] }]);
    await write(other);
    cluster.crash(2);
    const drop: Command = { prefix: 'pool delete', name: 'other', again: 'other', sure: 'every object in it is lost for good' };
    t.regex(await refusal(t, s.command({ ...drop, again: 'othre' })), /must repeat the name/);
    t.regex(await refusal(t, s.command({ ...drop, sure: 'yes' })), /must be the sentence/);
    await s.command(drop);
    t.regex(await refusal(t, write(other)), /no pool|was deleted/);
    const left = (id: number): string[] =>
      cluster
        .store(id)
        .collections()
        .filter((pg) => pg.startsWith(`${other}.`));
    await s.until('collections are removed', () => [0, 1].every((id) => left(id).length === 0));
    const again = await cluster.createPool({ name: 'other', size: 3, minSize: 1, pgNum: 4 });
    t.is(again, poolId(other + 1));
    await cluster.boot(2);
    await s.until('also where nobody was told', () => left(2).length === 0);
    await t.throwsAsync(objects.operate(again, 'x', [{ kind: 'read', offset: 0, length: 0 }]), { code: 'ENOENT' });
    await cluster.settle();
    await s.check(t);
  });
});

test('pause: → reads and writes wait, on a new connection too; unset → all are done', async (t) => {
  await Story.tell({ seed: 76 }, async (s) => {
    await s.write(20);
    await s.command({ prefix: 'flag set', flag: 'pause' });
    t.truthy((await s.health()).FLAGS_SET);
    await s.cluster.world.sleep(50);
    let done = 0;
    const { objects } = await s.cluster.client('b');
    const waiting = [
      s.write(5).then(() => done++),
      objects.operate(s.cluster.pool, 'o1', [{ kind: 'read', offset: 0, length: 0 }]).then(() => done++),
    ];
    await s.cluster.world.sleep(30_000);
    t.is(done, 0);
    await s.command({ prefix: 'flag unset', flag: 'pause' });
    await Promise.all(waiting);
    await s.check(t);
  });
});

test('noin, nodown, noout: → a new OSD stays out; a dead one stays up, and PGs wait for it; a down one stays in', async (t) => {
  await Story.tell({ seed: 77, osds: 3, monConfig: { downOutMs: 5_000 } }, async (s) => {
    const { cluster } = s;
    const isIn = (id: number): boolean | undefined => cluster.monMap?.osds.get(id as never)?.in;
    await s.write(20);
    await s.command({ prefix: 'flag set', flag: 'noin' });
    await s.command({ prefix: 'flag set', flag: 'noout' });
    await cluster.boot(cluster.addOsd());
    t.is(isIn(3), false);
    cluster.crash(0);
    await cluster.world.sleep(10_000);
    t.is(isIn(0), true);
    await s.command({ prefix: 'flag unset', flag: 'noout' });
    await s.until('osd.0 is out', () => isIn(0) === false);
    await cluster.boot(0);
    t.is(isIn(0), false, 'noin holds for what went out by itself, too');
    await s.command({ prefix: 'flag unset', flag: 'noin' });
    cluster.crash(0);
    await s.until('osd.0 is down', () => cluster.monMap?.osds.get(0 as never)?.up === false);
    await cluster.boot(0);
    t.is(isIn(0), true);
    await cluster.settle();
    await s.command({ prefix: 'flag set', flag: 'nodown' });
    cluster.crash(1);
    await cluster.world.sleep(20_000);
    t.is(cluster.monMap?.osds.get(1 as never)?.up, true);
    await s.command({ prefix: 'flag unset', flag: 'nodown' });
    await s.write(20);
    await cluster.settle();
    await s.check(t);
  });
});

test('apart: two OSDs cannot reach each other, the mon reaches both → PGs go on within 8 s with all copies; healed → as before', async (t) => {
  await Story.tell({ seed: 78, osds: 4, size: 3, minSize: 2, pgNum: 16, monConfig: { apartHoldMs: 10_000 } }, async (s) => {
    const { world } = s.cluster;
    await s.write(100);
    const epoch = (): number => s.cluster.monMap?.epoch ?? 0;
    const heal = world.fabric.partition(['osd.0'], ['osd.1']);
    const longest = await s.write(120);
    t.true(longest > 1_000 && longest < 8_000, `a write took ${longest} ms`);
    t.deepEqual((await s.health()).OSD_APART?.detail, ['osd.0 (host0) and osd.1 (host1) do not reach each other, the mon reaches both']);
    t.true(
      [...(s.cluster.monMap?.osds.values() ?? [])].every(({ up }) => up),
      'nobody is marked down for it',
    );
    // A third member reaches both: all three serve.
    t.true(s.pgs().every(({ acting }) => acting.length === 3));
    const settled = epoch();
    t.true((await s.write(200)) < 1_000);
    await world.sleep(20_000);
    t.is(epoch(), settled, 'nothing goes back and forth');
    heal();
    await s.until('they are known to reach each other', () => epoch() > settled);
    await world.sleep(15_000);
    await s.cluster.settle();
    t.true(s.pgs().every(({ acting, up }) => acting.join() === up.join()));
    t.is((await s.health()).OSD_APART, undefined);
    await s.check(t);
  });
});

test('apart: an OSD is cut off from all others but not from the mon → they go on without it; with two copies of two needed nothing is dropped', async (t) => {
  await Story.tell({ seed: 79, osds: 3, size: 3, minSize: 2, pgNum: 8 }, async (s) => {
    const { world } = s.cluster;
    await s.write(100);
    const heal = world.fabric.partition(['osd.0'], ['osd.1', 'osd.2']);
    const longest = await s.write(100);
    t.true(longest < 9_000, `a write took ${longest} ms`);
    t.true(s.pgs().every(({ acting }) => acting.length === 2 && !acting.includes(0 as never)));
    t.true((await s.write(100)) < 1_000);
    // It dies while it is left out: nobody waits for it, nothing is lost.
    s.cluster.crash(0);
    await s.write(20);
    heal();
    await s.cluster.settle();
    await s.check(t);
  });
  await Story.tell({ seed: 80, osds: 2, size: 2, minSize: 2, pgNum: 4 }, async (s) => {
    await s.write(50);
    const heal = s.cluster.world.fabric.partition(['osd.0'], ['osd.1']);
    const waiting = s.write(1);
    await s.cluster.world.sleep(30_000);
    t.true(s.pgs().every(({ acting }) => acting.length === 2));
    heal();
    await waiting;
    await s.cluster.settle();
    await s.check(t);
  });
});

test('flapping: an OSD crashes again and again → it is let in later each time, and at once where a PG needs it', async (t) => {
  const monConfig = { flapDownsMax: 2, flapWaitMs: 20_000, flapWindowMs: 300_000 };
  await Story.tell({ seed: 81, osds: 3, size: 3, minSize: 2, monConfig }, async (s) => {
    const { cluster } = s;
    await s.write(30);
    const isUp = (id: number): boolean => cluster.monMap?.osds.get(id as never)?.up === true;
    const restart = async (): Promise<number> => {
      cluster.crash(0);
      await s.until('osd.0 is down', () => !isUp(0));
      const startMs = cluster.world.nowMs;
      await cluster.boot(0);
      return cluster.world.nowMs - startMs;
    };
    t.true((await restart()) < 1_000);
    t.true((await restart()) < 1_000);
    const third = await restart();
    t.true(third > 15_000 && third < 25_000, `${third} ms`);
    t.regex((await s.health()).OSD_FLAPPING?.detail[0] ?? '', /osd\.0 went down 3 times within 5 minutes: it is up now/);
    // The next would be 40 s; but another dies, and writes need two.
    cluster.crash(0);
    await s.until('osd.0 is down', () => !isUp(0));
    const booting = cluster.boot(0);
    await cluster.world.sleep(5_000);
    t.false(isUp(0));
    t.regex((await s.health()).OSD_FLAPPING?.detail[0] ?? '', /went down 4 times within 5 minutes: it is let in again in 3\d s/);
    cluster.crash(1);
    t.true((await s.write(10)) < 3_000);
    await booting;
    t.true(isUp(0));
    await cluster.settle();
    await s.check(t);
  });
});
