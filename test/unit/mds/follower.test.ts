import test from 'ava';
import { SimWorld } from '../../../common/runtime/sim/world.ts';
import { FsError } from '../../../common/errors/fs-error.ts';
import type { MdsConfig } from '../../../mds/config.ts';
import { bytes, metadataPool, RankFixture, recordOf, type RankClient } from '../../support/mds-rank.ts';
import type { MemoryObjects } from '../../support/memory-objects.ts';
import { differencesFromReplay, type StoredPool } from '../../support/replayed-state.ts';

const config: Partial<MdsConfig> = {
  journalSegmentBytes: 64 * 1024,
  journalSegments: 1,
  journalDelayMs: 5,
  writeBackMs: 120,
  writeBackIntervalMs: 30,
  recursiveDelayMs: 50,
  fragmentSplitNames: 4,
  cacheEntriesMax: 40,
  followMs: 10,
  purgeGraceMs: 0,
};

function metadataOf(store: MemoryObjects): StoredPool {
  return new Map(
    store.names(metadataPool).map((name) => {
      const { data, omap } = store.object(metadataPool, name) ?? { data: Buffer.alloc(0), omap: new Map<string, Buffer>() };
      return [name, { data, omap }];
    }),
  );
}

/** Begins to follow; what comes of it is in `ended`. */
function follower(world: SimWorld, store: MemoryObjects): { readonly mds: RankFixture; readonly ended: Promise<unknown> } {
  const mds = new RankFixture({ world, store, config });
  const ended = mds.rank.follow().catch((error: unknown) => error);
  return { mds, ended };
}

/** A client that makes, moves, links, changes and removes at random below its own directory. */
class Worker {
  readonly #client: RankClient;
  readonly #world: SimWorld;
  readonly #random;
  readonly #directories: number[] = [];
  readonly #names = new Map<string, { readonly parent: number; readonly name: string; readonly ino: number }>();
  #made = 0;

  constructor(world: SimWorld, client: RankClient) {
    this.#world = world;
    this.#client = client;
    this.#random = world.fork('worker');
  }

  async setup(): Promise<void> {
    for (const name of ['x', 'y']) this.#directories.push(recordOf(await this.#client.mkdir(1, name)).ino);
  }

  async step(): Promise<void> {
    const random = this.#random;
    const parent = random.pick(this.#directories);
    const name = `n${random.chance(0.5) ? ++this.#made : random.below(40)}`;
    const known = this.#names.size > 0 ? random.pick([...this.#names.values()]) : undefined;
    const roll = random.below(10);
    if (known === undefined || roll < 4) {
      if (this.#names.has(`${parent}/${name}`)) return;
      const ino = recordOf(await this.#client.create(parent, name)).ino;
      this.#names.set(`${parent}/${name}`, { parent, name, ino });
    } else if (roll < 6) {
      await this.#client.request('unlink', { parent: known.parent, name: bytes(known.name) });
      this.#names.delete(`${known.parent}/${known.name}`);
      this.#client.release([{ ino: known.ino, seq: 1_000_000 }]);
    } else if (roll < 8) {
      if (this.#names.has(`${parent}/${name}`)) return;
      await this.#client.request('rename', { parent: known.parent, name: bytes(known.name), newParent: parent, newName: bytes(name) });
      this.#names.delete(`${known.parent}/${known.name}`);
      this.#names.set(`${parent}/${name}`, { parent, name, ino: known.ino });
    } else if (roll < 9) {
      if (this.#names.has(`${parent}/${name}`)) return;
      await this.#client.request('link', { ino: known.ino, parent, name: bytes(name) });
      this.#names.set(`${parent}/${name}`, { parent, name, ino: known.ino });
    } else await this.#client.request('setXattr', { ino: known.ino, name: bytes('user.k'), value: bytes(`v${++this.#made}`) });
    await this.#world.advance(random.below(15));
  }
}

async function lead(
  seed: number | string,
): Promise<{ readonly world: SimWorld; readonly leader: RankFixture; readonly client: RankClient }> {
  const world = new SimWorld({ seed });
  const leader = await new RankFixture({ world, config }).start();
  return { world, leader, client: await leader.connect(5) };
}

/** Of the last one, the loader took inodes for gone whose directory was forgotten, for want of room, while it was read. */
for (const seed of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 222]) {
  test(`follower: takes over from one that worked, wrote back and trimmed, seed ${seed} → as after a replay of all`, async (t) => {
    const { world, leader, client } = await lead(seed);
    const random = world.fork('moments');
    const worker = new Worker(world, client);
    await worker.setup();
    const fallenBehind = new Set<RankFixture>();
    const begin = (): RankFixture => {
      const { mds: next, ended } = follower(world, leader.store);
      void ended.then((error) => error !== undefined && fallenBehind.add(next));
      return next;
    };
    const steps = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) await worker.step();
    };
    await steps(random.below(100));
    let mds = begin();
    for (let i = 20 + random.below(250); i > 0; i--) {
      await steps(1);
      if (fallenBehind.has(mds)) mds = begin();
    }
    await leader.client.stop();
    await world.until(mds.rank.start());
    t.is(mds.rank.state, 'reconnect');
    t.deepEqual(differencesFromReplay(mds.rank.core, metadataOf(leader.store)), []);
    t.true(mds.rank.followed);
    // It serves, and what it writes back is whole: the next one, which knows nothing, sees the same.
    await world.until(world.sleep(30_000));
    t.is(mds.rank.state, 'active');
    const late = await mds.connect(6);
    const tree = await mds.tree(late);
    t.true(tree.size > 2);
    await mds.until(mds.rank.sessions.close(late.connection));
    await mds.until(mds.rank.stop(true));
    const next = await new RankFixture({ world, store: leader.store, config }).start();
    t.deepEqual(await next.tree(await next.connect(7)), tree);
  });
}

test('follower: the journal is trimmed again and again → it keeps no more of it than is there', async (t) => {
  const { world, leader, client } = await lead('bounded');
  const dir = recordOf(await client.mkdir(1, 'dir')).ino;
  const { mds } = follower(world, leader.store);
  let most = 0;
  for (let i = 0; i < 1_500; i++) {
    const ino = recordOf(await client.create(dir, `f${i}`)).ino;
    client.release([{ ino, seq: 1_000_000 }]);
    if (i >= 30) await client.request('unlink', { parent: dir, name: bytes(`f${i - 30}`) });
    if (i % 50 === 0) await world.until(world.sleep(200));
    let unwritten = 0;
    for (const { dirty } of mds.rank.core.unwritten.sets) unwritten += dirty.size;
    most = Math.max(most, unwritten);
  }
  t.true(most > 20, `${most}`);
  t.true(most < 1_000, `${most} unwritten things are known of`);
  t.true(mds.rank.core.cache.size < 500, `${mds.rank.core.cache.size} names are in memory`);
  t.true(mds.rank.core.unbalanced.size < 100);
});

test('follower: what comes next was trimmed before it was read → it says so', async (t) => {
  const { world, leader, client } = await lead('trimmed');
  const dir = recordOf(await client.mkdir(1, 'dir')).ino;
  let stuck = false;
  const mds = new RankFixture({ world, store: leader.store, config });
  const { client: objects } = mds;
  const operate = objects.operate.bind(objects);
  objects.operate = async (...args) => {
    while (stuck) await world.sleep(5);
    return operate(...args);
  };
  const ended = mds.rank.follow().catch((error: unknown) => error);
  await world.until(world.sleep(100));
  stuck = true;
  for (let i = 0; i < 100; i++) await client.create(dir, `f${i}`);
  await world.until(world.sleep(1_000));
  for (let i = 100; i < 120; i++) await client.create(dir, `f${i}`);
  await world.until(world.sleep(50));
  stuck = false;
  const error = await world.until(ended);
  t.true(error instanceof FsError && error.code === 'EILSEQ', String(error));
  await t.throwsAsync(world.until(mds.rank.start()), { code: 'EILSEQ' });
});

test('follower: what it read was never acknowledged, and another has taken over without it → it says so', async (t) => {
  const { world, leader, client } = await lead('replaced');
  const dir = recordOf(await client.mkdir(1, 'dir')).ino;
  await client.flush();
  const before = leader.store.clone();
  await client.create(dir, 'late');
  await client.flush();
  const { mds, ended } = follower(world, leader.store);
  await world.until(world.sleep(100));
  t.true(
    mds.rank.core.cache
      .names(dir)
      .fragmentOf('late' as never)
      .dentries.has('late' as never),
  );
  await leader.client.stop();
  // The other has read the journal before that reached it, and goes on after the entry before.
  await new RankFixture({ world, store: before, config }).start();
  await world.until(world.sleep(20_000));
  for (const name of before.names(metadataPool)) {
    const object = before.object(metadataPool, name);
    if (object !== undefined && name !== 'journal.00000000') leader.store.objects.set(`${metadataPool}/${name}`, object);
  }
  const error = await world.until(ended);
  t.true(error instanceof FsError && error.code === 'EILSEQ', String(error));
});
