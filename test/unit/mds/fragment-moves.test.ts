import test, { type ExecutionContext } from 'ava';
import { FileType } from '../../../mds/client/file-mode.ts';
import { fragmentsOf } from '../../../mds/core/fragment-shape.ts';
import { fragmentObject } from '../../../mds/core/directory.ts';
import type { MdsConfig } from '../../../mds/config.ts';
import type { MemoryObjects } from '../../support/memory-objects.ts';
import { bytes, metadataPool, RankClient, RankFixture, recordOf } from '../../support/mds-rank.ts';

const config: Partial<MdsConfig> = {
  journalSegmentBytes: 64 * 1024,
  journalSegments: 1,
  writeBackMs: 20,
  writeBackIntervalMs: 5,
  journalDelayMs: 2,
  reconnectMs: 10,
  sessionLeaseMs: 100,
  fragmentSplitNames: 8,
};

const namesMax = 90;

type Step = readonly ['create' | 'unlink' | 'rename', string, string?];

/** Grows until it is divided twice, shrinks until it is whole, grows again, with the same names coming back. */
function story(): Step[] {
  const steps: Step[] = [];
  const name = (i: number): string => `n${i}`;
  for (let i = 0; i < namesMax; i++) steps.push(['create', name(i)]);
  for (let i = 0; i < namesMax; i += 3) steps.push(['rename', name(i), `r${i}`]);
  for (let i = 0; i < namesMax; i++) steps.push(['unlink', i % 3 === 0 ? `r${i}` : name(i)]);
  for (let i = 0; i < 12; i++) steps.push(['create', name(i * 2)]);
  for (let i = 0; i < 11; i++) steps.push(['unlink', name(i * 2)]);
  return steps;
}

/** The names after each step; the first element is before all. */
function models(steps: readonly Step[]): ReadonlySet<string>[] {
  const out = [new Set<string>()];
  for (const [kind, name, newName] of steps) {
    const next = new Set(out.at(-1));
    if (kind === 'create') next.add(name);
    else next.delete(name);
    if (newName !== undefined) next.add(newName);
    out.push(next);
  }
  return out;
}

async function apply(client: RankClient, dir: number, inos: Map<string, number>, [kind, name, newName]: Step): Promise<number> {
  const ino = inos.get(name) ?? client.nextIno++;
  if (kind === 'create') {
    inos.set(name, ino);
    const reply = await client.send('create', { parent: dir, name: bytes(name), mode: FileType.regular | 0o644, ino, exclusive: true });
    client.release([{ ino, seq: 1 }]);
    return reply.head?.journalSeq ?? 0;
  }
  inos.delete(name);
  if (kind === 'unlink') return (await client.send('unlink', { parent: dir, name: bytes(name) })).head?.journalSeq ?? 0;
  inos.set(newName ?? '', ino);
  const reply = await client.send('rename', { parent: dir, name: bytes(name), newParent: dir, newName: bytes(newName ?? '') });
  return reply.head?.journalSeq ?? 0;
}

async function list(client: RankClient, dir: number): Promise<string[]> {
  const names: string[] = [];
  for (let offset = 0; ;) {
    const { entries, end } = await client.send('readDir', { ino: dir, offset, maxEntries: 5 });
    for (const entry of entries) names.push(Buffer.from(entry.name).toString('latin1'));
    if (end) return names;
    offset = entries.at(-1)?.offset ?? offset;
  }
}

/** Which names each object of the directory has. */
function stored(store: MemoryObjects, dir: number): Map<string, string[]> {
  const out = new Map<string, string[]>();
  for (const object of store.names(metadataPool)) {
    if (object.startsWith(`${dir.toString(16)}.`)) out.set(object, [...(store.object(metadataPool, object)?.omap.keys() ?? [])]);
  }
  return out;
}

/** Lists, looks everything up, and writes all back: each name is there exactly once, wherever one looks. */
async function verify(t: ExecutionContext, mds: RankFixture, dir: number, model: ReadonlySet<string>, what: string): Promise<void> {
  const reader = await mds.connect(77);
  const listed = await mds.until(list(reader, dir));
  t.deepEqual([...listed].sort(), [...model].sort(), what);
  for (let i = model.size % 5; i < namesMax; i += 5) {
    for (const name of [`n${i}`, `r${i}`]) {
      const { found } = await reader.request('lookup', { parent: dir, name: bytes(name) });
      t.is(found, model.has(name), `${name} ${what}`);
    }
  }
  t.is(recordOf(await reader.request('getAttr', { ino: dir })).entries, model.size, what);
  await mds.until(mds.rank.sessions.close(reader.connection));
  await mds.until(mds.rank.stop(true));
  const objects = stored(mds.store, dir);
  const fragments = new Set(fragmentsOf(mds.rank.core.cache.inode(dir).shape).map((id) => fragmentObject(dir, id)));
  t.deepEqual(
    [...objects.keys()].filter((object) => !fragments.has(object)),
    [],
    `objects that are no fragment's ${what}`,
  );
  t.deepEqual([...objects.values()].flat().sort(), [...model].sort(), `objects ${what}`);
}

async function until(what: () => boolean, mds: RankFixture): Promise<void> {
  for (let ms = 0; !what(); ms++) {
    if (ms > 2_000) throw new Error('it never happens');
    await mds.world.sleep(1);
  }
}

interface Life {
  readonly store: MemoryObjects;
  readonly dir: number;
  /** Steps that a crash cannot take back, and those that were begun. */
  readonly safe: number;
  readonly begun: number;
  readonly crashed: boolean;
  readonly shapes: ReadonlySet<number>;
}

async function live(changesMax: number, cacheEntriesMax: number): Promise<Life> {
  const steps = story();
  const mds = new RankFixture({ config: { ...config, cacheEntriesMax }, objects: { changesMax } });
  const { world, store } = mds;
  const inos = new Map<string, number>();
  const shapes = new Set<number>();
  const seqs: number[] = [];
  let begun = 0;
  let dir = 0;
  let client: RankClient | undefined;
  const run = async (): Promise<string> => {
    await mds.rank.start();
    client = new RankClient(mds, 5, 'client.story');
    await client.open();
    dir = client.nextIno++;
    await client.send('create', { parent: 1, name: bytes('dir'), mode: FileType.directory | 0o755, ino: dir, exclusive: true });
    await mds.rank.requests.journalFlush({ message: { seq: 0 } });
    for (const step of steps) {
      begun++;
      seqs.push(await apply(client, dir, inos, step));
      shapes.add(mds.rank.core.cache.names(dir).fragments.length);
      await world.sleep(begun % 7 === 0 ? 8 : 1);
    }
    await mds.rank.requests.journalFlush({ message: { seq: 0 } });
    await mds.rank.sessions.close(client.connection);
    await until(() => mds.rank.core.cache.names(dir).fragments.length === 1, mds);
    await mds.rank.stop(true);
    return 'finished';
  };
  const death = async (): Promise<string> => {
    while (!mds.client.dead) await world.sleep(1);
    await world.sleep(10);
    return 'dead';
  };
  const outcome = await world.until(Promise.race([run(), death()]), { timeoutMs: 60_000 });
  const safeSeq = client?.safeSeq ?? 0;
  await mds.client.stop();
  return { store, dir, safe: seqs.filter((seq) => seq <= safeSeq).length, begun, crashed: outcome === 'dead', shapes };
}

/** All places to die take too long for every run: 1 here looks at each of them. */
const stride = 3;

test('fragments: the MDS dies after any number of changes to objects → every name is there exactly once', async (t) => {
  const steps = story();
  const after = models(steps);
  const whole = await live(Number.MAX_SAFE_INTEGER, 150_000);
  t.false(whole.crashed);
  t.true(whole.shapes.has(1) && whole.shapes.has(8) && [...whole.shapes].some((count) => count > 8), [...whole.shapes].join());
  let crashes = 0;
  for (let changesMax = 4; ; changesMax += stride) {
    const { store, dir, safe, begun, crashed } = await live(changesMax, crashes % 2 === 0 ? 150_000 : 16);
    if (!crashed) break;
    crashes++;
    const object = store.object(metadataPool, '1.00000000');
    const next = await new RankFixture({ store, config: { ...config, cacheEntriesMax: crashes % 3 === 0 ? 16 : 150_000 } }).start();
    await next.until(next.world.sleep(300));
    const reader = await next.connect(6);
    if (safe === 0 && object === undefined && !(await reader.request('lookup', { parent: 1, name: bytes('dir') })).found) continue;
    const names = new Set(await next.until(list(reader, dir)));
    await next.until(next.rank.sessions.close(reader.connection));
    const at = after.findIndex(
      (model, done) => done >= safe && done <= begun && model.size === names.size && [...model].every((name) => names.has(name)),
    );
    t.true(at >= 0, `after ${changesMax} changes: ${[...names].join()} with ${safe} steps safe and ${begun} begun`);
    if (at < 0) return;
    await verify(t, next, dir, names, `after ${changesMax} changes`);
  }
  t.log(`${crashes} places to die`);
  t.true(crashes > 100, `${crashes}`);
});

test('fragments: one directory grown, evicted, shrunk and grown under random work and restarts → as the model says, at every look', async (t) => {
  let mds = await new RankFixture({ config: { ...config, cacheEntriesMax: 16, writeBackMs: 200 } }).start();
  const random = mds.world.fork('names');
  let client = await mds.connect(1);
  const dir = recordOf(await client.mkdir(1, 'dir')).ino;
  const model = new Map<string, number>();
  let most = 0;
  for (let round = 0; round < 12; round++) {
    const grows = round % 4 < 2;
    for (let i = 0; i < 60; i++) {
      const name = `${random.below(150)}`;
      const ino = model.get(name);
      if (random.chance(grows ? 0.9 : 0.15)) {
        const made = client.nextIno++;
        const reply = await client
          .request('create', { parent: dir, name: bytes(name), mode: FileType.regular, ino: made, wanted: 0 })
          .catch(() => undefined);
        t.is(reply === undefined, ino !== undefined, name);
        if (ino === undefined) model.set(name, made);
        client.release([{ ino: made, seq: 1 }]);
      } else if (ino === undefined) {
        await t.throwsAsync(() => client.request('unlink', { parent: dir, name: bytes(name) }), { code: 'ENOENT' });
      } else {
        await client.request('unlink', { parent: dir, name: bytes(name) });
        model.delete(name);
      }
      await mds.until(mds.world.sleep(random.below(10)));
      most = Math.max(most, fragmentsOf(mds.rank.core.cache.inode(dir).shape).length);
    }
    t.deepEqual((await mds.until(list(client, dir))).sort(), [...model.keys()].sort());
    for (const [name, ino] of model) {
      if (random.chance(0.3)) t.is(recordOf(await client.request('lookup', { parent: dir, name: bytes(name) })).ino, ino);
      if (random.chance(0.3)) t.is(recordOf(await client.request('getAttr', { ino })).ino, ino);
    }
    if (round % 3 !== 2) continue;
    await client.flush();
    await mds.until(mds.rank.stop(random.chance(0.5)));
    await mds.client.stop();
    mds = await new RankFixture({ store: mds.store, config: { ...config, cacheEntriesMax: 16, writeBackMs: 200 } }).start();
    await mds.until(mds.world.sleep(300));
    client = await mds.connect(2 + round);
  }
  t.true(most > 8, `${most} fragments`);
});

/** A directory with all of `names` written back. */
async function settled(
  names: readonly string[],
  options: ConstructorParameters<typeof RankFixture>[0] = {},
): Promise<{ readonly mds: RankFixture; readonly client: RankClient; readonly dir: number; readonly inos: Map<string, number> }> {
  const mds = await new RankFixture({ ...options, config: { ...config, ...options.config } }).start();
  const client = await mds.connect(1);
  const dir = recordOf(await client.mkdir(1, 'dir')).ino;
  const inos = new Map<string, number>();
  for (const name of names) await mds.until(apply(client, dir, inos, ['create', name]));
  await mds.until(mds.world.sleep(200));
  return { mds, client, dir, inos };
}

test('fragments: divided when it is read, for there was more room before, killed → the names are moved by the next life', async (t) => {
  const names = Array.from({ length: 9 }, (_, i) => `n${i}`);
  const before = await settled(names, { config: { fragmentSplitNames: 100 } });
  const { store } = before.mds;
  const { dir } = before;
  await before.mds.until(before.mds.rank.sessions.close(before.client.connection));
  await before.mds.until(before.mds.rank.stop(true));
  const first = await new RankFixture({ store, config: { ...config, writeBackMs: 1_000 } }).start();
  const reader = await first.connect(2);
  await reader.request('lookup', { parent: dir, name: bytes('n1') });
  await first.until(until(() => first.rank.core.cache.names(dir).fragments.length === 8, first));
  await reader.flush();
  await first.client.stop();
  t.true(stored(store, dir).has(fragmentObject(dir, { bits: 0, value: 0 })), 'not moved yet');
  const second = await new RankFixture({ store, config }).start();
  await second.until(second.world.sleep(500));
  await second.until(second.rank.stop(true));
  const third = await new RankFixture({ store, config }).start();
  await third.until(third.world.sleep(300));
  await verify(t, third, dir, new Set(names), 'in the third life');
});

test('fragments: merged while names are still being moved out of the same object → what was removed meanwhile does not come back', async (t) => {
  const names = Array.from({ length: 20 }, (_, i) => `n${i}`);
  let onWrite: (object: string) => void = () => undefined;
  const { mds, client, dir, inos } = await settled(names.slice(0, 8), { objects: { before: (object) => onWrite(object) } });
  const { store } = mds;
  const left = new Set(names);
  const fragmentAt = (name: string): string => mds.rank.core.cache.names(dir).fragmentOf(name as never).changes.object;
  const unlink = (name: string): void => {
    left.delete(name);
    void apply(client, dir, inos, ['unlink', name]);
  };
  const written: string[] = [];
  onWrite = (object) => {
    if (!object.startsWith(`${dir.toString(16)}.03`) || written.includes(object)) return;
    written.push(object);
    // Before the second is written all of its names go, and when it has been all but one of the others.
    const second = names
      .slice(0, 8)
      .map(fragmentAt)
      .sort()
      .find((each) => each > object);
    if (written.length === 1) for (const name of names) if (fragmentAt(name) === second) unlink(name);
    if (written.length === 4) for (const name of [...left].slice(1)) unlink(name);
  };
  for (const name of names.slice(8)) await mds.until(apply(client, dir, inos, ['create', name]));
  await mds.until(until(() => mds.rank.core.cache.names(dir).fragments.length === 8, mds));
  await mds.until(until(() => written.length > 4 && mds.rank.core.cache.names(dir).fragments.length === 1, mds));
  await mds.until(mds.rank.sessions.close(client.connection));
  await mds.until(mds.rank.stop(true));
  const next = await new RankFixture({ store, config }).start();
  await next.until(next.world.sleep(300));
  await verify(t, next, dir, left, 'in the next life');
});

test('fragments: divided when hardly any of its names are in memory → what was its object is read once, for all that were made of it', async (t) => {
  const names = Array.from({ length: 240 }, (_, i) => `n${i}`);
  const { mds, client, dir, inos } = await settled(names.slice(0, 200), { config: { fragmentSplitNames: 220, cacheEntriesMax: 16 } });
  client.release([...inos.values()].map((ino) => ({ ino, seq: 1_000 })));
  await mds.until(mds.world.sleep(200));
  t.true(mds.rank.core.cache.size < 40, `${mds.rank.core.cache.size} names in memory`);
  mds.client.log.length = 0;
  for (const name of names.slice(200)) await mds.until(apply(client, dir, inos, ['create', name]));
  await mds.until(until(() => mds.rank.core.cache.names(dir).fragments.length === 8, mds));
  await mds.until(mds.world.sleep(300));
  const whole = fragmentObject(dir, { bits: 0, value: 0 });
  const reads = mds.client.log.filter(({ object, kinds }) => object === whole && kinds.includes('omap-get-range'));
  t.is(reads.length, 1);
  await mds.until(mds.rank.sessions.close(client.connection));
  await verify(t, mds, dir, new Set(names), 'after it was divided');
});
