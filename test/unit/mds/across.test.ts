import test, { type ExecutionContext } from 'ava';
import { toFsError } from '../../../common/errors/fs-error.ts';
import type { Requests } from '../../../common/wire/gen/messages.ts';
import { bytes, RankClient, recordOf } from '../../support/mds-rank.ts';
import { busyConfig, fails, pin, SeveralRanks, twoTrees, xattrOf, type Trees } from '../../support/several-ranks.ts';

const config = { ...busyConfig, sessionLeaseMs: 30_000 };

/** Number and rank of what a name leads to. */
async function find(client: RankClient, parent: number, name: string): Promise<readonly [ino: number, rank: number] | undefined> {
  const { found, elsewhereIno, elsewhereRank, head } = await client.request('lookup', { parent, name: bytes(name) });
  if (!found) return undefined;
  return elsewhereIno === 0 ? [head?.grants[0]?.inode?.ino ?? 0, head?.rank ?? -1] : [elsewhereIno, elsewhereRank];
}

/** `rank`: of the new parent, as the client knows it. */
function rename(
  client: RankClient,
  parent: number,
  name: string,
  newParent: number,
  newName: string,
  flags = 0,
  rank = 1,
): Promise<unknown> {
  return client.request('rename', { parent, name: bytes(name), newParent, newName: bytes(newName), flags, newParentRank: rank });
}

/** Nobody has it open any more, and it goes. */
async function goes(t: ExecutionContext, ranks: SeveralRanks, rank: number, ino: number): Promise<void> {
  await ranks.until(() => !ranks.has(rank, ino));
  t.false(ranks.has(rank, ino));
}

/** When all is over: nothing is lent, no message on its way, no stray, and the directories count what there is. */
async function settle(
  t: ExecutionContext,
  { ranks, a, b, here, there }: Trees,
  files: readonly [number, number],
  bytesThere: readonly [number, number] = [0, 0],
): Promise<void> {
  await ranks.world.until(ranks.world.sleep(1_500));
  for (const rank of [0, 1]) {
    const { core, straysWaiting } = ranks.get(rank).rank;
    t.is(core.posted.size + core.loans.lent.size + core.loans.borrowed.size, 0);
    t.is(straysWaiting, 0);
    t.is([...core.cache.inodes.values()].filter(({ nlink }) => nlink === 0).length, 0, `strays of rank ${rank}`);
  }
  t.deepEqual([await xattrOf(a, here, 'ceph.dir.rfiles'), await xattrOf(b, there, 'ceph.dir.rfiles')], files.map(String));
  t.deepEqual([await xattrOf(a, here, 'ceph.dir.rbytes'), await xattrOf(b, there, 'ceph.dir.rbytes')], bytesThere.map(String));
  t.is(await xattrOf(a, 1, 'ceph.dir.rfiles'), `${files[0] + files[1]}`);
  t.is(await xattrOf(a, 1, 'ceph.dir.rbytes'), `${bytesThere[0] + bytesThere[1]}`);
  t.deepEqual([...ranks.shared], []);
}

test('rename: a file to a directory of another rank, and back → the name goes, the inode stays with its rank', async (t) => {
  const trees = await twoTrees(new SeveralRanks(config));
  const { ranks, a, b, here, there } = trees;
  const { ino } = recordOf(await a.create(here, 'f'));
  await a.request('setAttr', { ino, fields: 16, size: 5_000 });
  await rename(a, here, 'f', there, 'g');
  t.is(await find(a, here, 'f'), undefined);
  t.deepEqual(await find(b, there, 'g'), [ino, 0]);
  t.like(recordOf(await a.request('getAttr', { ino })), { nlink: 1 });
  const listed = await b.request('readDir', { ino: there, attributes: true });
  t.deepEqual(
    listed.entries.map((entry) => [entry.ino, entry.mode]),
    [[ino, 0o100000]],
  );
  const size = recordOf(await a.request('getAttr', { ino })).size;
  await settle(t, trees, [0, 1], [0, size]);
  await rename(b, there, 'g', there, 'h');
  t.deepEqual(await find(b, there, 'h'), [ino, 0]);
  await rename(b, there, 'h', here, 'f', 0, 0);
  t.is(await find(b, there, 'h'), undefined);
  t.deepEqual(await find(a, here, 'f'), [ino, 0]);
  await settle(t, trees, [1, 0], [size, 0]);
  const other = await ranks.connect(0, 12);
  await other.request('unlink', { parent: here, name: bytes('f') });
  await goes(t, ranks, 0, ino);
  await settle(t, trees, [0, 0]);
});

test('rename: over what is there, with either kept apart, or exchanged → one name and one inode less, or none', async (t) => {
  const trees = await twoTrees(new SeveralRanks(config));
  const { ranks, a, b, here, there } = trees;
  const f = recordOf(await a.create(here, 'f')).ino;
  const g = recordOf(await b.create(there, 'g')).ino;
  await fails(t, () => rename(a, here, 'f', there, 'g', 1), 'EEXIST');
  await rename(a, here, 'f', there, 'g', 2);
  t.deepEqual(await find(a, here, 'f'), [g, 1]);
  t.deepEqual(await find(b, there, 'g'), [f, 0]);
  await settle(t, trees, [1, 1]);
  await rename(b, there, 'g', here, 'f', 0, 0);
  t.deepEqual(await find(a, here, 'f'), [f, 0]);
  await goes(t, ranks, 1, g);
  await settle(t, trees, [1, 0]);
});

test('rename: to a rank that has not written it down yet → nobody is shown the name before that, whose place another life might change', async (t) => {
  const ranks = new SeveralRanks(config);
  let isSlow = false;
  await ranks.start(0);
  await ranks.start(1, { slowMs: (object) => (isSlow && object.includes('journal') ? 300 : undefined) });
  const a = await ranks.connect(0, 11);
  const b = await ranks.connect(1, 12);
  const here = recordOf(await a.mkdir(1, 'here')).ino;
  const there = recordOf(await a.mkdir(1, 'there')).ino;
  await pin(a, there, 1);
  await ranks.until(() => ranks.has(1, there));
  await a.create(here, 'f');
  const { cache } = ranks.get(1).rank.core;
  await ranks.world.until(ranks.world.sleep(200));
  t.is((await b.request('readDir', { ino: there, maxEntries: 10 })).entries.length, 0);
  const message = { parent: here, name: bytes('f'), newParent: there, newName: bytes('g'), newParentRank: 1 };
  isSlow = true;
  const renaming = Promise.resolve(a.send('rename', message));
  await ranks.until(() => cache.names(there).fragments.some(({ dentries }) => dentries.size > 0));
  let listed: number | undefined;
  void Promise.resolve(b.send('readDir', { ino: there, maxEntries: 10 })).then(({ entries }) => (listed = entries.length));
  await ranks.world.until(ranks.world.sleep(100));
  t.is(listed, undefined);
  await ranks.world.until(renaming);
  await ranks.until(() => listed !== undefined);
  t.is(listed, 1);
});

test('rename, link: of a fifo, a socket, devices and a symlink → as of a file; what they are stays', async (t) => {
  const trees = await twoTrees(new SeveralRanks(config));
  const { ranks, a, b, here, there } = trees;
  const kinds = { fifo: 0o010644, socket: 0o140600, device: 0o020640, disk: 0o060640, symlink: 0o120777 };
  const target = bytes('../somewhere');
  for (const [name, mode] of Object.entries(kinds)) {
    const more = name === 'symlink' ? { symlink: target } : mode >> 12 === 2 || mode >> 12 === 6 ? { rdev: 0x503 } : {};
    const made = recordOf(await a.create(here, name, mode, more));
    const { ino } = made;
    await rename(a, here, name, there, name);
    t.deepEqual(await find(b, there, name), [ino, 0]);
    await b.request('link', { ino, parent: there, name: bytes(`${name}-linked`), rank: 0 });
    await rename(b, there, name, here, name, 0, 0);
    const after = recordOf(await a.request('getAttr', { ino }));
    t.like(after, { mode: made.mode, rdev: made.rdev, size: made.size, nlink: 2 }, name);
    t.deepEqual(Buffer.from(after.symlink), name === 'symlink' ? target : Buffer.alloc(0));
    const listed = (await b.request('readDir', { ino: there, attributes: true })).entries;
    t.true(
      listed.some((entry) => entry.ino === ino && entry.mode === (mode & 0o170000)),
      name,
    );
    await a.request('unlink', { parent: here, name: bytes(name) });
    await b.request('unlink', { parent: there, name: bytes(`${name}-linked`) });
    await goes(t, ranks, 0, ino);
  }
  await settle(t, trees, [0, 0]);
});

test('link: to a file of another rank → a name more; each can go, the file with the last', async (t) => {
  const trees = await twoTrees(new SeveralRanks(config));
  const { ranks, a, b, here, there } = trees;
  const { ino } = recordOf(await a.create(here, 'f'));
  await b.request('link', { ino, parent: there, name: bytes('g') });
  await b.request('link', { ino, parent: there, name: bytes('h') });
  t.is(recordOf(await a.request('getAttr', { ino })).nlink, 3);
  await settle(t, trees, [1, 2]);
  await fails(t, () => b.request('link', { ino, parent: there, name: bytes('h') }), 'EEXIST');
  await rename(a, here, 'f', there, 'g');
  t.is(recordOf(await a.request('getAttr', { ino })).nlink, 3, 'two names of one file: nothing happens');
  await a.request('unlink', { parent: here, name: bytes('f') });
  t.is(recordOf(await a.request('getAttr', { ino })).nlink, 2);
  await b.request('unlink', { parent: there, name: bytes('g') });
  t.deepEqual(await find(b, there, 'h'), [ino, 0]);
  await settle(t, trees, [0, 1]);
  await b.request('unlink', { parent: there, name: bytes('h') });
  await goes(t, ranks, 0, ino);
  await settle(t, trees, [0, 0]);
});

test('rename: a directory to another rank → is served where it was, goes after its name by and by; never below itself', async (t) => {
  const trees = await twoTrees(new SeveralRanks(config));
  const { ranks, a, b, here, there } = trees;
  const d = recordOf(await a.mkdir(here, 'd')).ino;
  const sub = recordOf(await a.mkdir(d, 'sub')).ino;
  const { ino } = recordOf(await a.create(sub, 'f'));
  await rename(a, here, 'd', there, 'e');
  t.is(await find(a, here, 'd'), undefined);
  t.is((await find(b, there, 'e'))?.[0], d);
  await ranks.until(() => ranks.has(1, d));
  t.deepEqual(await find(b, there, 'e'), [d, 1]);
  t.is(recordOf(await b.request('lookup', { parent: sub, name: bytes('f') })).ino, ino);
  await settle(t, trees, [0, 1]);
  await fails(t, () => rename(b, there, 'e', sub, 'x'), 'EINVAL');
  await fails(t, () => rename(a, 1, 'there', sub, 'x'), 'EINVAL');
  await fails(t, () => rename(a, 1, 'there', here, 'f/'), 'EINVAL');
  await rename(a, 1, 'there', here, 'below');
  t.deepEqual(await find(a, here, 'below'), [there, 1]);
  t.like(await b.request('lookup', { parent: there, name: bytes('..') }), { elsewhereIno: here, elsewhereRank: 0 });
  await fails(t, () => rename(a, 1, 'here', sub, 'x'), 'EINVAL');
  await fails(t, () => a.request('unlink', { parent: here, name: bytes('below'), directory: true }), 'ENOTEMPTY');
  await fails(t, () => a.request('unlink', { parent: here, name: bytes('below') }), 'EISDIR');
  await rename(a, here, 'below', 1, 'there');
  await settle(t, trees, [0, 1]);
});

test('rename: of a directory below one of the same rank, which lies in a subtree of another in it → EINVAL, no circle', async (t) => {
  const trees = await twoTrees(new SeveralRanks(config));
  const { ranks, a, b, here } = trees;
  const d = recordOf(await a.mkdir(here, 'd')).ino;
  const p = recordOf(await a.mkdir(d, 'p')).ino;
  await pin(a, p, 1);
  await ranks.until(() => ranks.has(1, p));
  const s = recordOf(await b.mkdir(p, 's')).ino;
  await pin(b, s, 0);
  await ranks.until(() => ranks.has(0, s));
  await fails(t, () => rename(a, here, 'd', s, 'x', 0, 0), 'EINVAL');
  t.deepEqual(await find(a, here, 'd'), [d, 0]);
  await settle(t, trees, [0, 0]);
});

test('rename: into a directory that goes to another rank while the rename waits for its turn → is done there, as soon as it has the turn', async (t) => {
  const trees = await twoTrees(new SeveralRanks(config));
  const { ranks, a, b, here, there } = trees;
  const into = recordOf(await a.mkdir(here, 'into')).ino;
  const f = recordOf(await b.create(there, 'f')).ino;
  await rename(b, there, 'f', here, 'f', 0, 0);
  const { core } = ranks.get(0).rank;
  core.loans.ownTurn = true;
  const renaming = Promise.resolve(a.send('rename', { parent: here, name: bytes('f'), newParent: into, newName: bytes('g') }));
  await pin(a, into, 1);
  await ranks.until(() => ranks.has(1, into));
  core.loans.ownTurn = false;
  core.effects.between();
  const { world } = ranks;
  const startedMs = world.nowMs;
  await world.until(renaming);
  t.true(world.nowMs - startedMs < 1_000);
  t.deepEqual(await find(b, into, 'g'), [f, 1]);
  await settle(t, trees, [1, 0]);
});

test('rename: whoever asked is gone while another rank is away → nothing of it waits on, and the turn is free', async (t) => {
  const trees = await twoTrees(new SeveralRanks(config));
  const { ranks, a, here, there } = trees;
  const { world } = ranks;
  const { ino } = recordOf(await a.create(here, 'f'));
  const asking = new AbortController();
  a.signal = asking.signal;
  const message = { parent: here, name: bytes('f'), newParent: there, newName: bytes('g'), newParentRank: 1 };
  const renaming = Promise.resolve(a.send('rename', message));
  const { tid } = a;
  const failed = t.throwsAsync(renaming);
  const { core } = ranks.get(0).rank;
  const decided = async (): Promise<void> => {
    while (core.posted.size === 0) await world.sleep(0.1);
  };
  await world.until(decided());
  ranks.kill(1);
  await world.until(world.sleep(500));
  t.false(core.loans.isTurnFree);
  asking.abort();
  await world.until(failed);
  t.true(core.loans.isTurnFree);
  t.is(core.awaited.size, 0);
  await ranks.start(1);
  a.signal = new AbortController().signal;
  await a.request('rename', message, { tid });
  const b = await ranks.connect(1, 12);
  t.deepEqual(await find(b, there, 'g'), [ino, 0]);
  t.is(await find(a, here, 'f'), undefined);
});

test('rmdir: the root of a subtree → goes when it is empty; what replaces it as well', async (t) => {
  const trees = await twoTrees(new SeveralRanks(config));
  const { ranks, a, b, here, there } = trees;
  const pinned = recordOf(await a.mkdir(here, 'pinned')).ino;
  await pin(a, pinned, 1);
  await ranks.until(() => ranks.has(1, pinned));
  const other = recordOf(await a.mkdir(here, 'other')).ino;
  await rename(a, here, 'other', here, 'pinned');
  t.deepEqual(await find(a, here, 'pinned'), [other, 0]);
  await goes(t, ranks, 1, pinned);
  const d = recordOf(await b.mkdir(there, 'd')).ino;
  await rename(a, here, 'pinned', there, 'd');
  await goes(t, ranks, 1, d);
  await ranks.until(() => ranks.has(1, other));
  await b.request('unlink', { parent: there, name: bytes('d'), directory: true });
  await settle(t, trees, [0, 0]);
  t.is(await xattrOf(a, 1, 'ceph.dir.rsubdirs'), '2');
});

test('rights: of directories and files of another rank → are asked for by the rules of one', async (t) => {
  const trees = await twoTrees(new SeveralRanks(config));
  const { ranks, a, b, here, there } = trees;
  const { ino } = recordOf(await a.create(here, 'f'));
  await b.create(there, 'g');
  const user = await ranks.connect(0, 12);
  user.who = { uid: 5, gid: 5, groups: [] };
  await a.request('setAttr', { ino: here, fields: 1, mode: 0o777 });
  await fails(t, () => rename(user, here, 'f', there, 'x'), 'EACCES');
  await b.request('setAttr', { ino: there, fields: 1, mode: 0o1777 });
  await fails(t, () => rename(user, here, 'f', there, 'g'), 'EPERM');
  await rename(user, here, 'f', there, 'x');
  t.deepEqual(await find(b, there, 'x'), [ino, 0]);
  await fails(t, () => rename(a, here, 'f', there, 'x'), 'ENOENT');
  const d = recordOf(await a.mkdir(here, 'd')).ino;
  await fails(t, () => rename(a, here, 'd', there, 'x'), 'ENOTDIR');
  await fails(t, () => rename(b, there, 'x', here, 'd', 0, 0), 'EISDIR');
  await fails(t, () => b.request('link', { ino: d, parent: there, name: bytes('y') }), 'EPERM');
  const limited = recordOf(await a.mkdir(here, 'limited')).ino;
  await a.request('setXattr', { ino: limited, name: bytes('ceph.quota.max_files'), value: bytes('5') });
  await fails(t, () => rename(b, there, 'x', limited, 'x', 0, 0), 'EXDEV');
  await settle(t, trees, [0, 2]);
});

/** Requests that both ranks take part in, each after the one before: by rank, with what it is asked for. */
const story = [
  { rank: 0, name: 'rename', message: { parent: 'here', name: 'f', newParent: 'there', newName: 'g', newParentRank: 1 } },
  { rank: 1, name: 'link', message: { ino: 'k', parent: 'there', name: 'linked', rank: 0 } },
  { rank: 1, name: 'rename', message: { parent: 'there', name: 'g', newParent: 'here', newName: 'v', newParentRank: 0 } },
  { rank: 0, name: 'rename', message: { parent: 'here', name: 'd', newParent: 'there', newName: 'd', newParentRank: 1 } },
  { rank: 0, name: 'rename', message: { parent: 'here', name: 'k', newParent: 'there', newName: 'w', newParentRank: 1, flags: 2 } },
  { rank: 1, name: 'unlink', message: { parent: 'there', name: 'linked' } },
] as const;

/** The story, in which rank `dying` dies after so many changes of objects. Returns whether it did. */
async function storyWithDeath(t: ExecutionContext, dying: number, changesMax: number): Promise<boolean> {
  const ranks = new SeveralRanks(busyConfig);
  const { world } = ranks;
  const { a, b, here, there } = await twoTrees(ranks);
  const inos = new Map<string, number>([
    ['here', here],
    ['there', there],
  ]);
  const ino = (name: string): number => inos.get(name) ?? 0;
  for (const name of ['f', 'v', 'k']) inos.set(name, recordOf(await a.create(here, name)).ino);
  inos.set('d', recordOf(await a.mkdir(here, 'd')).ino);
  await a.create(ino('d'), 'x');
  inos.set('w', recordOf(await b.create(there, 'w')).ino);
  for (const rank of [0, 1]) {
    await world.until(ranks.get(rank).rank.stop(true));
    ranks.kill(rank);
  }
  const areActive = (): boolean => [0, 1].every((rank) => ranks.get(rank).rank.state === 'active');
  const death = ranks.startWithDeath(dying, changesMax);
  await ranks.until(areActive);
  // A client that is told nothing asks again, in a session of its own: what was done is done, whoever asked.
  let instance = 100;
  const ask = async (rank: number, name: string, message: object): Promise<Requests['lookup']['reply'] | string> => {
    for (;;) {
      const before = death.came;
      const fixture = ranks.get(rank);
      const client = new RankClient(fixture, ++instance, `client.${instance}`);
      client.onRecall = ({ ino, keep, seq }) => void world.sleep(1).then(() => client.capUpdate({ ino, caps: keep, wanted: 0, seq }));
      let answer: Requests['lookup']['reply'] | string | undefined;
      const asking = client.open().then(async () => {
        answer = await client.send(name as 'lookup', message);
      });
      asking.catch((error: unknown) => {
        if (ranks.get(rank) === fixture) answer = toFsError(error).code;
      });
      await ranks.until(() => answer !== undefined || (death.came !== before && ranks.get(rank) !== fixture));
      if (answer !== undefined) return answer;
      await ranks.until(areActive);
    }
  };
  for (const { rank, name, message } of story) {
    const full: Record<string, unknown> = {};
    for (const [key, value] of Object.entries<string | number>(message))
      full[key] =
        ['parent', 'newParent', 'ino'].includes(key) && typeof value === 'string'
          ? ino(value)
          : typeof value === 'string'
            ? bytes(value)
            : value;
    const answer = await ask(rank, name, full);
    // Asked again by another it may have been done: ENOENT and EEXIST say so. Exchanged twice nothing is.
    t.true(
      typeof answer !== 'string' || (death.came && ['ENOENT', 'EEXIST'].includes(answer)),
      `${name}: ${typeof answer === 'string' ? answer : 'done'}`,
    );
  }
  await ranks.until(() => areActive() && ranks.has(1, ino('d')));
  await world.until(world.sleep(1_000));
  const what = `after ${changesMax} changes of rank ${dying}`;
  const lookup = async (where: 'here' | 'there', name: string): Promise<number> => {
    const rank = where === 'here' ? 0 : 1;
    const answer = await ask(rank, 'lookup', { parent: ino(where), name: bytes(name) });
    if (typeof answer === 'string' || !answer.found) return 0;
    return answer.elsewhereIno === 0 ? (answer.head?.grants[0]?.inode?.ino ?? 0) : answer.elsewhereIno;
  };
  const names = [await lookup('here', 'k'), await lookup('there', 'w')];
  const exchanged = [ino('w'), ino('k')];
  // Whoever asked for the exchange may have had to ask twice.
  t.true(
    death.came ? [exchanged, exchanged.toReversed()].some((each) => String(each) === String(names)) : String(names) === String(exchanged),
    what,
  );
  t.is(await lookup('here', 'v'), ino('f'), what);
  t.is(await lookup('there', 'd'), ino('d'), what);
  t.is(
    (await lookup('here', 'd')) + (await lookup('here', 'f')) + (await lookup('there', 'g')) + (await lookup('there', 'linked')),
    0,
    what,
  );
  for (const name of ['f', 'k', 'w']) {
    const rank = name === 'w' ? 1 : 0;
    const answer = await ask(rank, 'getAttr', { ino: ino(name) });
    t.is(typeof answer === 'string' ? answer : answer.head?.grants[0]?.inode?.nlink, 1, `${name} ${what}`);
  }
  // Whoever has died without a word holds strays until its session is over; and in a new life they stay for a lease.
  await ranks.until(() =>
    [0, 1].every((rank) => {
      const { core, straysWaiting } = ranks.get(rank).rank;
      return core.posted.size + core.loans.lent.size + core.loans.borrowed.size + straysWaiting + core.awaited.size === 0;
    }),
  );
  // A new life has found its strays a moment after it has begun.
  for (let tries = 0; tries < 60 && (await ask(0, 'getAttr', { ino: ino('v') })) !== 'ESTALE'; tries++)
    await ranks.world.until(ranks.world.sleep(50));
  t.is(await ask(0, 'getAttr', { ino: ino('v') }), 'ESTALE', what);
  const counted = async (rank: number, ino: number): Promise<string> => {
    const answer = await ask(rank, 'getXattr', { ino, name: bytes('ceph.dir.rfiles') });
    return typeof answer === 'string' ? answer : Buffer.from((answer as unknown as { readonly value: Uint8Array }).value).toString();
  };
  t.deepEqual([await counted(0, 1), await counted(0, here), await counted(1, there)], ['4', '2', '2'], what);
  t.deepEqual([...ranks.shared], [], what);
  return death.came;
}

for (const dying of [0, 1])
  test(`across: rank ${dying} dies after any number of changes → each request is done wholly, or not at all`, async (t) => {
    let deaths = 0;
    for (let changesMax = 1; ; changesMax++) {
      if (!(await storyWithDeath(t, dying, changesMax))) break;
      deaths++;
    }
    t.log(`${deaths} places to die`);
    t.true(deaths > 10);
  });
