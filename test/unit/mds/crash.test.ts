import test from 'ava';
import type { MemoryObjects } from '../../support/memory-objects.ts';
import { bytes, metadataPool, RankFixture, recordOf, type RankClient } from '../../support/mds-rank.ts';
import { Cap, DirtyField, SetAttrField } from '../../../mds/client/caps.ts';

/** A client that notes what it was told is safe, and sends the rest again to the next life. */
interface Step {
  /** Inodes whose caps the client relies on, those that are made. */
  readonly holds: () => readonly number[];
  readonly run: (client: RankClient, replay: boolean) => Promise<number>;
  journalSeq: number | undefined;
}

const config = {
  journalSegmentBytes: 64 * 1024,
  journalSegments: 1,
  writeBackMs: 40,
  writeBackIntervalMs: 10,
  recursiveDelayMs: 30,
  journalDelayMs: 3,
  reconnectMs: 100,
  sessionLeaseMs: 100,
};

/** One request of every kind; each tid is fixed, so that a replay is the same request. */
function story(): Step[] {
  const steps: Step[] = [];
  const inos = new Map<string, number>();
  let tid = 0;
  const add = (
    run: (
      client: RankClient,
      head: { tid: number; replay: boolean },
    ) => Promise<{ readonly head: { readonly journalSeq: number } | null } | { readonly journalSeq: number }>,
  ): void => {
    const own = ++tid;
    steps.push({
      holds: () => ['f5', 'linked', 'again'].flatMap((name) => inos.get(name) ?? []),
      journalSeq: undefined,
      run: async (client, replay) => {
        const reply = await run(client, { tid: own, replay });
        return 'journalSeq' in reply ? reply.journalSeq : (reply.head?.journalSeq ?? 0);
      },
    });
  };
  const ino = (name: string, client: RankClient): number => {
    let number = inos.get(name);
    if (number === undefined) {
      number = client.nextIno++;
      inos.set(name, number);
    }
    return number;
  };
  const make = (parent: string, name: string, mode: number): void =>
    add((client, head) =>
      Promise.resolve(
        client.send(
          'create',
          { parent: parent === '' ? 1 : ino(parent, client), name: bytes(name), mode, ino: ino(name, client), exclusive: true },
          head,
        ),
      ),
    );
  make('', 'a', 0o40755);
  make('', 'b', 0o40755);
  make('a', 'deep', 0o40755);
  for (let i = 0; i < 6; i++) make('a', `f${i}`, 0o100644);
  make('deep', 'leaf', 0o100600);
  add((client, head) =>
    Promise.resolve(client.send('link', { ino: ino('f0', client), parent: ino('b', client), name: bytes('hard') }, head)),
  );
  add((client, head) =>
    Promise.resolve(
      client.send('rename', { parent: ino('a', client), name: bytes('f1'), newParent: ino('b', client), newName: bytes('moved') }, head),
    ),
  );
  add((client, head) =>
    Promise.resolve(
      client.send('rename', { parent: ino('a', client), name: bytes('f2'), newParent: ino('a', client), newName: bytes('f3') }, head),
    ),
  );
  add((client, head) =>
    Promise.resolve(
      client.send('rename', { parent: ino('a', client), name: bytes('deep'), newParent: ino('b', client), newName: bytes('deep') }, head),
    ),
  );
  add((client, head) =>
    Promise.resolve(client.send('setAttr', { ino: ino('f4', client), fields: SetAttrField.size, size: 9_000_000 }, head)),
  );
  add((client, head) =>
    Promise.resolve(client.send('setAttr', { ino: ino('f4', client), fields: SetAttrField.size, size: 5_000_000 }, head)),
  );
  add((client, head) => Promise.resolve(client.send('setAttr', { ino: ino('b', client), fields: SetAttrField.mode, mode: 0o700 }, head)));
  add((client, head) =>
    Promise.resolve(client.send('setXattr', { ino: ino('f5', client), name: bytes('user.x'), value: bytes('y') }, head)),
  );
  add((client, head) =>
    client.capUpdate({
      tid: head.tid,
      replay: head.replay,
      ino: ino('f5', client),
      caps: 127,
      wanted: 0,
      seq: 99,
      dirty: { size: 777, fields: DirtyField.size, mtime: null, atime: null, ctime: null, timeWarpSeq: 0 },
    }),
  );
  add((client, head) => Promise.resolve(client.send('unlink', { parent: ino('a', client), name: bytes('f0') }, head)));
  add((client, head) => Promise.resolve(client.send('unlink', { parent: ino('b', client), name: bytes('hard') }, head)));
  add((client, head) =>
    Promise.resolve(
      client.send(
        'rename',
        { parent: ino('a', client), name: bytes('f4'), newParent: ino('b', client), newName: bytes('moved'), flags: 2 },
        head,
      ),
    ),
  );
  add((client, head) => Promise.resolve(client.send('removeXattr', { ino: ino('f5', client), name: bytes('user.x') }, head)));
  const unnamed = { parent: 1, name: bytes(''), mode: 0o100644, wanted: Cap.fileWrite, exclusive: true };
  for (const name of ['linked', 'again'])
    add((client, head) => Promise.resolve(client.send('create', { ...unnamed, ino: ino(name, client) }, head)));
  for (const [name, as] of [
    ['linked', 'was unnamed'],
    ['again', 'f9'],
    ['again', 'second name'],
  ] as const)
    add((client, head) =>
      Promise.resolve(client.send('link', { ino: ino(name, client), parent: 1, name: bytes(as), unnamed: true }, head)),
    );
  return steps;
}

/** Runs the story on a cluster that dies after `changesMax` changes; then a new life, with the client's replays. */
async function runWithCrash(
  changesMax: number,
): Promise<{ readonly tree: Map<string, string>; readonly crashed: boolean; readonly store: MemoryObjects; readonly root: string }> {
  const steps = story();
  let mds = new RankFixture({ config, objects: { changesMax } });
  const { world, store } = mds;
  let client: RankClient | undefined;
  let done = 0;
  const run = async (): Promise<void> => {
    await mds.rank.start();
    client = new RankClientOf(mds);
    await client.open();
    for (const step of steps.slice(done)) {
      step.journalSeq = await step.run(client, false);
      done++;
      await world.sleep(4);
    }
    await mds.rank.requests.journalFlush({ message: { seq: 0 } });
    await world.sleep(200);
    await mds.rank.sessions.close(client.connection);
    await mds.rank.stop(true);
  };
  const outcome = await world.until(Promise.race([run().then(() => 'finished'), waitForDeath(mds)]), { timeoutMs: 60_000 });
  const crashed = outcome === 'dead';
  const safe = client?.safeSeq ?? 0;
  const old = client;

  mds = new RankFixture({ world, store, config });
  await mds.start();
  let fresh: RankClient;
  if (crashed && old !== undefined && mds.rank.core.sessions.has(old.instance)) {
    fresh = new RankClientOf(mds);
    fresh.nextIno = old.nextIno;
    const unsafe = steps.slice(0, done).filter(({ journalSeq }) => journalSeq !== undefined && journalSeq > safe);
    // The request that was under way when it died, and those never sent.
    const rest = steps.slice(done);
    const reply = await world.until(
      fresh.open({ reconnect: true, held: heldOf(steps), replays: unsafe.length + Math.min(1, rest.length) }),
    );
    if (!reply.resumed) throw new Error('the session was not resumed');
    for (const step of [...unsafe, ...rest.slice(0, 1)]) await world.until(step.run(fresh, true));
    for (const step of rest.slice(1)) await world.until(step.run(fresh, false));
  } else {
    fresh = new RankClientOf(mds);
    await world.until(fresh.open());
    if (done === 0) for (const step of steps) await world.until(step.run(fresh, false));
  }
  await world.until(world.sleep(500));
  const tree = await mds.tree(fresh);
  const root = recordOf(await fresh.request('getAttr', { ino: 1 }));
  await world.until(mds.rank.sessions.close(fresh.connection));
  await world.until(world.sleep(100));
  await world.until(mds.rank.stop(true));
  // Everything is on disk now: a third life reads the same.
  const last = await new RankFixture({ world, store, config: { ...config, reconnectMs: 10, sessionLeaseMs: 100 } }).start();
  await world.until(world.sleep(200));
  const reader = await last.connect(77);
  const again = await last.tree(reader);
  if (JSON.stringify([...again]) !== JSON.stringify([...tree]))
    throw new Error(`written back ${JSON.stringify([...again])} instead of ${JSON.stringify([...tree])}`);
  return { tree, crashed, store, root: JSON.stringify(root.recursive) };
}

function heldOf(
  steps: readonly Step[],
): { readonly ino: number; readonly caps: number; readonly wanted: number; readonly seq: number; readonly dirty: null }[] {
  return (steps[0]?.holds() ?? []).map((ino) => ({ ino, caps: 127, wanted: Cap.fileWrite, seq: 1, dirty: null }));
}

class RankClientOf extends (await import('../../support/mds-rank.ts')).RankClient {
  constructor(mds: RankFixture) {
    super(mds, 5, 'client.story');
  }
}

async function waitForDeath(mds: RankFixture): Promise<string> {
  while (!mds.client.dead) await mds.world.sleep(1);
  await mds.world.sleep(30);
  return 'dead';
}

test('crash: the MDS dies after any number of changes → the next life, with the replays, ends in the same state', async (t) => {
  const whole = await runWithCrash(Number.MAX_SAFE_INTEGER);
  t.false(whole.crashed);
  t.deepEqual(
    [...whole.tree.keys()].sort(),
    ['/a', '/a/f3', '/a/f4', '/a/f5', '/b', '/b/deep', '/b/deep/leaf', '/b/moved', '/f9', '/second name', '/was unnamed'].sort(),
  );
  let crashes = 0;
  for (let changesMax = 1; ; changesMax++) {
    const { tree, crashed, store, root } = await runWithCrash(changesMax);
    if (!crashed) break;
    crashes++;
    t.deepEqual([...tree].sort(), [...whole.tree].sort(), `after ${changesMax} changes`);
    t.is(root.replace(/"ctime".*/, ''), whole.root.replace(/"ctime".*/, ''), `recursive counts after ${changesMax} changes`);
    t.deepEqual(store.object(metadataPool, '4.00000000')?.omap.size ?? 0, 0, `strays left after ${changesMax} changes`);
  }
  t.log(`${crashes} places to die`);
  t.true(crashes > 40);
});
