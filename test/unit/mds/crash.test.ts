import test, { type ExecutionContext } from 'ava';
import { toFsError } from '../../../common/errors/fs-error.ts';
import { SimWorld } from '../../../common/runtime/sim/world.ts';
import { MemoryObjects } from '../../support/memory-objects.ts';
import { bytes, metadataPool, RankFixture, recordOf, type RankClient } from '../../support/mds-rank.ts';
import type { InodeRecord } from '../../../common/wire/gen/messages.ts';
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
  followMs: 10,
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

interface Ending {
  readonly tree: ReadonlyMap<string, string>;
  /** Lives that were ended, and those after them that had followed. */
  readonly crashes: number;
  readonly takeOvers: number;
  /** Of the root. */
  readonly recursive: string;
  readonly strays: number;
}

interface Deaths {
  /** After so many changes of the pools each life dies; the one after them does not. */
  readonly afterChanges: readonly number[];
  /** Each life but the first has followed the one before. */
  readonly follow?: boolean;
}

/** Runs the story on a cluster whose MDS dies; the client sends again what was answered and is not safe, and goes on. */
async function runWithDeaths({ afterChanges, follow = false }: Deaths): Promise<Ending> {
  const steps = story();
  const safe = new Set<Step>();
  let answered = 0;
  let crashes = 0;
  let takeOvers = 0;
  let nextIno = 0;
  const make = (life: number): RankFixture => {
    const changesMax = afterChanges[life] ?? Number.MAX_SAFE_INTEGER;
    return new RankFixture({ world, store, config, objects: { changesMax } });
  };
  const world = new SimWorld({ seed: 'crash' });
  const store = new MemoryObjects();
  let mds = make(0);
  let client: RankClient | undefined;
  /** By the last life that came to the end of the story. */
  let seen: { readonly tree: ReadonlyMap<string, string>; readonly root: InodeRecord } | undefined;

  let next = make(1);
  /** Whether the next life has followed so far. */
  let follows = (): boolean => false;
  const serve = async (own: RankFixture): Promise<void> => {
    await own.rank.start();
    if (follow) follows = followFrom(next);
    const again = new RankClientOf(own);
    again.nextIno = nextIno;
    client = again;
    let replays: Step[] = [];
    if (own.rank.core.sessions.has(again.instance)) {
      replays = steps.slice(0, answered).filter((step) => !safe.has(step));
      const { resumed } = await again.open({ reconnect: true, held: heldOf(steps), replays: replays.length });
      if (!resumed) throw new Error('the session was not resumed');
    } else {
      if (answered > 0 && answered < steps.length) throw new Error('a session that is used is gone');
      await again.open();
    }
    // What is dead to the pools goes on answering: nobody is there to hear it.
    const hears = async (step: Step, replay: boolean): Promise<boolean> => {
      const journalSeq = own === mds ? await step.run(again, replay) : 0;
      if (own !== mds) return false;
      step.journalSeq = journalSeq;
      return true;
    };
    for (const step of replays) if (!(await hears(step, true))) return;
    // The one that was under way comes as new, under its old tid.
    for (const step of steps.slice(answered)) {
      if (!(await hears(step, false))) return;
      answered++;
      await world.sleep(4);
    }
    await own.rank.requests.journalFlush({ message: { seq: 0 } });
    await world.sleep(500);
  };
  const leave = async (own: RankFixture): Promise<void> => {
    if (client !== undefined) await own.rank.sessions.close(client.connection);
    await world.sleep(100);
    await own.rank.stop(true);
  };
  /** Whether it lives to the end of it. */
  const livesTo = async (act: (own: RankFixture) => Promise<void>): Promise<boolean> =>
    await world.until(Promise.race([act(mds).then(() => true), waitForDeath(mds).then(() => false)]), { timeoutMs: 60_000 });

  for (let life = 0; ; life++) {
    for (const step of steps) step.journalSeq = undefined;
    if (await livesTo(serve)) {
      if (client === undefined) throw new Error('there is no client');
      seen = { tree: await mds.tree(client), root: recordOf(await client.request('getAttr', { ino: 1 })) };
      if (await livesTo(leave)) {
        await next.rank.stop(false);
        break;
      }
    }
    nextIno = Math.max(nextIno, client?.nextIno ?? 0);
    crashes++;
    for (const step of steps) if (step.journalSeq !== undefined && step.journalSeq <= (client?.safeSeq ?? 0)) safe.add(step);
    if (follows()) takeOvers++;
    mds = follows() ? next : make(life + 1);
    next = make(life + 2);
    follows = () => false;
  }
  const { tree, root } = seen;
  // Everything is on disk now: one more life reads the same.
  const last = await new RankFixture({ world, store, config: { ...config, reconnectMs: 10, sessionLeaseMs: 100 } }).start();
  await world.until(world.sleep(200));
  const reader = await last.connect(77);
  const again = await last.tree(reader);
  if (JSON.stringify([...again]) !== JSON.stringify([...tree]))
    throw new Error(`written back ${JSON.stringify([...again])} instead of ${JSON.stringify([...tree])}`);
  return {
    tree,
    crashes,
    takeOvers,
    recursive: JSON.stringify(root.recursive).replace(/"ctime".*/, ''),
    strays: store.object(metadataPool, '4.00000000')?.omap.size ?? 0,
  };
}

/** Begins to follow. What is returned tells whether it does. */
function followFrom(mds: RankFixture): () => boolean {
  let able = true;
  mds.rank.follow().catch((error: unknown) => {
    if (toFsError(error).code !== 'EILSEQ') throw error;
    able = false;
  });
  return () => able;
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

async function waitForDeath(mds: RankFixture): Promise<void> {
  while (!mds.client.dead) await mds.world.sleep(1);
  await mds.world.sleep(30);
}

const whole = runWithDeaths({ afterChanges: [] });

/** Runs it with a first death after 1, 2, 3 ... changes, as long as there is one. Returns how many had been followed. */
async function dieEverywhere(t: ExecutionContext, deaths: (first: number) => Deaths): Promise<number> {
  const expected = await whole;
  let crashes = 0;
  let takeOvers = 0;
  for (let first = 1; ; first++) {
    const ending = await runWithDeaths(deaths(first));
    if (ending.crashes === 0) break;
    crashes += ending.crashes;
    takeOvers += ending.takeOvers;
    const { afterChanges } = deaths(first);
    t.deepEqual([...ending.tree].sort(), [...expected.tree].sort(), `after ${afterChanges.join(', ')} changes`);
    t.is(ending.recursive, expected.recursive, `recursive counts after ${afterChanges.join(', ')} changes`);
    t.is(ending.strays, 0, `strays left after ${afterChanges.join(', ')} changes`);
  }
  t.log(`${crashes} deaths, ${takeOvers} of those whom another followed`);
  t.true(crashes > 40);
  return takeOvers;
}

test('crash: the story without one → the names that it makes', async (t) => {
  const { tree, crashes } = await whole;
  t.is(crashes, 0);
  t.deepEqual(
    [...tree.keys()].sort(),
    ['/a', '/a/f3', '/a/f4', '/a/f5', '/b', '/b/deep', '/b/deep/leaf', '/b/moved', '/f9', '/second name', '/was unnamed'].sort(),
  );
});

test('crash: the MDS dies after any number of changes → the next life, with the replays, ends in the same state', async (t) => {
  await dieEverywhere(t, (first) => ({ afterChanges: [first] }));
});

test('crash: the life that comes after dies too, as it reads, replays or goes on → the one after that ends in the same state', async (t) => {
  await dieEverywhere(t, (first) => ({ afterChanges: [first, 1 + ((first * 5) % 23)] }));
});

test('crash: one that followed takes over, and dies too → whoever followed that one ends in the same state', async (t) => {
  t.true((await dieEverywhere(t, (first) => ({ afterChanges: [first, 1 + ((first * 7) % 23)], follow: true }))) > 100);
});
