import test, { type ExecutionContext } from 'ava';
import { SetAttrField } from '../../../mds/client/caps.ts';
import { encodeLock } from '../../../mds/client/lock-wire.ts';
import { LockType, wholeFile } from '../../../mds/client/lock-table.ts';
import { Closed } from '../../../mds/core/subtrees.ts';
import { bytes, recordOf, type RankClient } from '../../support/mds-rank.ts';
import { busyConfig, fails, SeveralRanks, twoTrees, xattrOf, type Trees } from '../../support/several-ranks.ts';

const config = { ...busyConfig, sessionLeaseMs: 2_000 };

async function inoOf(client: RankClient, parent: number, name: string): Promise<number | undefined> {
  const { found, elsewhereIno, head } = await client.request('lookup', { parent, name: bytes(name) });
  return found ? elsewhereIno || head?.grants[0]?.inode?.ino : undefined;
}

async function countsOf(client: RankClient, ino: number): Promise<string> {
  const counts = ['rfiles', 'rsubdirs', 'rbytes'].map((name) => xattrOf(client, ino, `ceph.dir.${name}`));
  return (await Promise.all(counts)).join(' ');
}

/** Nothing is between ranks, and rank 0 has no table that says that something is elsewhere. */
async function alone(t: ExecutionContext, { ranks }: Pick<Trees, 'ranks'>): Promise<void> {
  await ranks.world.until(ranks.world.sleep(4_000));
  const { core, straysWaiting } = ranks.get(0).rank;
  t.is(core.posted.size + core.loans.lent.size + core.loans.borrowed.size + core.given.size, 0);
  t.is(straysWaiting, 0);
  t.true([undefined, Closed.gone].includes(core.marks.get('closed-1') as never));
  t.deepEqual([...ranks.shared], []);
}

test('stopping: counts that have not risen, of directories above which nothing is in memory → rise before', async (t) => {
  const trees = await twoTrees(new SeveralRanks({ ...config, recursiveDelayMs: 5_000 }));
  const { ranks, a, b, there } = trees;
  const way = recordOf(await b.mkdir(there, 'way')).ino;
  const between = recordOf(await b.mkdir(way, 'between')).ino;
  const deep = recordOf(await b.mkdir(between, 'deep')).ino;
  await ranks.world.until(ranks.world.sleep(20_500));
  await b.create(deep, 'file');
  // The journal goes on; what has yet to rise stays in it.
  const names = Array.from({ length: 400 }, (_, n) => `${n}`.repeat(20));
  for (const name of names) await b.create(there, name);
  await ranks.world.until(ranks.world.sleep(1_500));
  ranks.kill(1);
  await ranks.start(1);
  t.true(ranks.has(1, deep) && !ranks.has(1, way));
  const again = await ranks.connect(1, 12);
  await ranks.stop(1, [again]);
  t.is(await xattrOf(a, there, 'ceph.dir.rfiles'), `${names.length + 1}`);
  t.is(await xattrOf(a, there, 'ceph.dir.rsubdirs'), '3');
});

test('stopping: subtrees, links to and fro, and files without a name → all of it is with rank 0; the counts are right', async (t) => {
  const trees = await twoTrees(new SeveralRanks(config));
  const { ranks, a, b, here, there } = trees;
  const sub = recordOf(await b.mkdir(there, 'sub')).ino;
  const f = recordOf(await b.create(sub, 'f')).ino;
  await b.request('setAttr', { ino: f, fields: SetAttrField.size, size: 3_000 });
  // Two names there, of a file there.
  const twin = recordOf(await b.create(sub, 'twin')).ino;
  await b.request('setAttr', { ino: twin, fields: SetAttrField.size, size: 100 });
  await b.request('link', { ino: twin, parent: there, name: bytes('twin2') });
  // A file of rank 1 that has a name here too, and one that has names here alone.
  await a.request('link', { ino: f, parent: here, name: bytes('f-here'), rank: 1 });
  const gone = recordOf(await b.create(there, 'gone')).ino;
  await b.request('setAttr', { ino: gone, fields: SetAttrField.size, size: 40 });
  await b.request('rename', { parent: there, name: bytes('gone'), newParent: here, newName: bytes('came'), newParentRank: 0 });
  // Files of rank 0 that have names there, beside one here or alone.
  const g = recordOf(await a.create(here, 'g')).ino;
  await a.request('setAttr', { ino: g, fields: SetAttrField.size, size: 7 });
  await b.request('link', { ino: g, parent: there, name: bytes('g-there'), rank: 0 });
  const h = recordOf(await a.create(here, 'h')).ino;
  await a.request('setAttr', { ino: h, fields: SetAttrField.size, size: 5_000 });
  await a.request('rename', { parent: here, name: bytes('h'), newParent: there, newName: bytes('h-there'), newParentRank: 1 });
  // A directory of rank 0 whose name is there.
  const wandering = recordOf(await a.mkdir(here, 'wandering')).ino;
  recordOf(await a.create(wandering, 'within'));
  await a.request('rename', { parent: here, name: bytes('wandering'), newParent: there, newName: bytes('arrived'), newParentRank: 1 });
  // Open, and without a name.
  const open = recordOf(await b.create(there, 'open', undefined, { wanted: 0x7f })).ino;
  await b.request('unlink', { parent: there, name: bytes('open') });
  t.true(ranks.has(1, open));
  await ranks.world.until(ranks.world.sleep(1_500));

  await ranks.stop(1, [b]);
  for (const ino of [there, f, twin, gone, g, h, open]) t.like(recordOf(await a.request('getAttr', { ino })), { ino });
  t.is(await inoOf(a, 1, 'there'), there);
  t.is(await inoOf(a, there, 'sub'), sub);
  t.is(await inoOf(a, sub, 'f'), f);
  t.is(await inoOf(a, here, 'f-here'), f);
  t.is(await inoOf(a, there, 'twin2'), twin);
  t.is(await inoOf(a, here, 'came'), gone);
  t.is(await inoOf(a, there, 'g-there'), g);
  t.is(await inoOf(a, there, 'h-there'), h);
  t.is(await inoOf(a, there, 'arrived'), wandering);
  t.truthy(await inoOf(a, wandering, 'within'));
  t.like(recordOf(await a.request('getAttr', { ino: f })), { nlink: 2, size: 3_000 });
  t.like(recordOf(await a.request('getAttr', { ino: open })), { nlink: 0 });
  await alone(t, trees);
  t.false(ranks.has(0, open), 'nobody has said that it is open: it is gone when a lease is over');
  t.is(await countsOf(a, here), '3 0 47', 'f-here, came and g');
  t.is(await countsOf(a, there), '6 2 8100', 'f, twin twice, g-there, h-there and what is within');
  t.is(await countsOf(a, 1), '9 4 8147');

  // Names go one by one, as of any file.
  const other = await ranks.connect(0, 12);
  for (const [parent, name] of [
    [there, 'twin2'],
    [sub, 'twin'],
    [here, 'f-here'],
    [sub, 'f'],
    [there, 'g-there'],
    [here, 'g'],
    [here, 'came'],
    [there, 'h-there'],
  ] as const)
    await other.request('unlink', { parent, name: bytes(name) });
  await alone(t, trees);
  for (const ino of [f, twin, gone, g, h]) t.is(ranks.get(0).rank.core.cache.inodes.get(ino)?.nlink ?? 0, 0);
  t.is(await countsOf(a, 1), '1 4 0');
});

test('stopping: then a rank of that number again → its numbers go on, and it takes what is pinned to it', async (t) => {
  const trees = await twoTrees(new SeveralRanks(config));
  const { ranks, a, b, there } = trees;
  const first = recordOf(await b.create(there, 'first')).ino;
  const before = ranks.get(1).rank.core.nextIno;
  await ranks.stop(1, [b]);
  await alone(t, trees);
  const { rank } = await ranks.start(1);
  t.is(rank.core.sessions.size, 0);
  t.is(rank.core.given.size, 0);
  t.true(rank.core.nextIno >= before);
  // It is still pinned.
  await ranks.until(() => ranks.has(1, there));
  const again = await ranks.connect(1, 12);
  const second = recordOf(await again.create(there, 'second')).ino;
  t.true(second > first);
  t.is(await inoOf(again, there, 'first'), first);
  await fails(t, () => a.request('getAttr', { ino: there }), 'EREMOTE');
  await ranks.stop(1, [again]);
  t.is(await inoOf(a, there, 'second'), second);
  await alone(t, trees);
});

test('stopping: who takes it for served, by an older map → gives it nothing before it says that it is there again (seed 4 of --ranks 2)', async (t) => {
  const trees = await twoTrees(new SeveralRanks(config));
  const { ranks, a, b, there } = trees;
  await ranks.stop(1, [b]);
  ranks.believed = 1;
  // It is pinned to that rank.
  await ranks.world.until(ranks.world.sleep(12_000));
  t.true(ranks.has(0, there));
  t.like(recordOf(await a.request('getAttr', { ino: there })), { ino: there });
  t.is(ranks.get(0).rank.core.posted.size, 0);
  await ranks.start(1);
  await ranks.until(() => ranks.has(1, there));
  t.deepEqual([...ranks.shared], []);
});

test('stopping: a file of rank 0 grows that it counts, when it cannot be told any more → is counted by rank 0 as it is', async (t) => {
  const trees = await twoTrees(new SeveralRanks(config));
  const { ranks, a, b, here, there } = trees;
  const { ino } = recordOf(await a.create(here, 'f'));
  await a.request('setAttr', { ino, fields: SetAttrField.size, size: 5_000 });
  await a.request('rename', { parent: here, name: bytes('f'), newParent: there, newName: bytes('f'), newParentRank: 1 });
  await ranks.world.until(ranks.world.sleep(1_000));
  t.is(await xattrOf(b, there, 'ceph.dir.rbytes'), '5000');
  ranks.stopping = 1;
  const closing = async (): Promise<void> => {
    while (!ranks.get(0).rank.core.isClosed(1)) await ranks.world.sleep(0.5);
  };
  await ranks.world.until(closing());
  await a.request('setAttr', { ino, fields: SetAttrField.size, size: 9_000 });
  await ranks.stop(1, [b]);
  await alone(t, trees);
  t.is(await countsOf(a, 1), '1 2 9000');
  t.is(await countsOf(a, there), '1 0 9000');
});

test('stopping: more files with several names than go into a message, or into memory → all go', async (t) => {
  const ranks = new SeveralRanks({ ...config, cacheEntriesMax: 40, fragmentSplitNames: 60 });
  const trees = await twoTrees(ranks);
  const { a, b, here, there } = trees;
  const count = 600;
  const inos: number[] = [];
  for (let i = 0; i < count; i++) {
    const { ino } = recordOf(await b.create(there, `f${i}`));
    await b.request('link', { ino, parent: there, name: bytes(`twin${i}`), rank: 1 });
    inos.push(ino);
  }
  for (let i = 0; i < 20; i++) await a.request('link', { ino: inos[i], parent: here, name: bytes(`f${i}`), rank: 1 });
  // What a client knows it holds.
  const other = await ranks.connect(1, 12);
  await ranks.world.until(ranks.world.sleep(2_000));
  await ranks.stop(1, [b, other]);
  for (const [i, ino] of inos.entries()) {
    t.is(await inoOf(a, there, `twin${i}`), ino);
    t.like(recordOf(await a.request('getAttr', { ino })), { nlink: i < 20 ? 3 : 2 });
  }
  await alone(t, trees);
  t.is(await countsOf(a, 1), `${2 * count + 20} 2 0`);
});

test('stopping: a file in it is locked → it is served as before until that is over, and says what it waits for', async (t) => {
  const { ranks, b, there } = await twoTrees(new SeveralRanks(config));
  const { ino } = recordOf(await b.create(there, 'f'));
  const lock = (type: LockType): Promise<unknown> =>
    b.request('lock', { lock: encodeLock({ ino, flock: false, owner: 'me', pid: 1, type, ...wholeFile }), state: null });
  await lock(LockType.write);
  ranks.stopping = 1;
  const { rank } = ranks.get(1);
  await ranks.until(() => rank.trouble !== '');
  t.is(rank.trouble, 'a file that is locked');
  recordOf(await b.create(there, 'g'));
  await lock(LockType.none);
  await ranks.stop(1, [b]);
});

test('stopping: another rank dies as it has just been frozen → it serves on, and stops when that is back', async (t) => {
  const trees = await twoTrees(new SeveralRanks(config));
  const { ranks, b, there } = trees;
  const gone = recordOf(await b.create(there, 'gone')).ino;
  const { rank } = ranks.get(1);
  ranks.stopping = 1;
  const dying = async (): Promise<void> => {
    while (rank.core.departures.stopping !== 'frozen') await ranks.world.sleep(0.5);
    ranks.kill(0);
  };
  await ranks.world.until(dying());
  await b.request('unlink', { parent: there, name: bytes('gone') });
  t.is(rank.core.departures.stopping, 'no');
  recordOf(await b.create(there, 'made'));
  // Also what goes on by itself.
  const other = await ranks.connect(1, 12);
  const sent = recordOf(await other.create(there, 'sent')).ino;
  await b.request('unlink', { parent: there, name: bytes('sent') });
  await ranks.until(() => !ranks.has(1, sent));
  t.is(rank.trouble, 'rank 0, which is not active');
  await ranks.start(0);
  await ranks.stop(1, [b, other]);
  const again = await ranks.connect(0, 13);
  t.truthy(await inoOf(again, there, 'made'));
  t.is(await inoOf(again, there, 'gone'), undefined);
  t.false(ranks.has(0, gone));
  await alone(t, trees);
});

/** Returns whether it has died. */
async function stopWithDeath(t: ExecutionContext, dying: number, changesMax: number): Promise<boolean> {
  const ranks = new SeveralRanks(config);
  const { world } = ranks;
  const { a, b, here, there } = await twoTrees(ranks);
  const f = recordOf(await b.create(there, 'f')).ino;
  await a.request('link', { ino: f, parent: here, name: bytes('f-here'), rank: 1 });
  const h = recordOf(await a.create(here, 'h')).ino;
  await a.request('setAttr', { ino: h, fields: SetAttrField.size, size: 5_000 });
  await a.request('rename', { parent: here, name: bytes('h'), newParent: there, newName: bytes('h'), newParentRank: 1 });
  const wandering = recordOf(await a.mkdir(here, 'wandering')).ino;
  await a.request('rename', { parent: here, name: bytes('wandering'), newParent: there, newName: bytes('arrived'), newParentRank: 1 });
  await world.until(world.sleep(500));
  ranks.stopping = 1;
  for (const rank of [0, 1]) ranks.kill(rank);
  const death = ranks.startWithDeath(dying, changesMax);
  await ranks.until(() => ranks.get(1).rank.state === 'resigned');
  await ranks.until(() => ranks.get(0).rank.state === 'active' && !ranks.get(0).client.dead);
  const died = death.came;
  death.came = true;
  ranks.kill(1);
  ranks.kill(0);
  ranks.stopping = undefined;
  await ranks.start(0);
  const again = await ranks.connect(0, 21);
  const tell = `after ${changesMax} changes of rank ${dying}`;
  t.is(await inoOf(again, here, 'f-here'), f, tell);
  t.is(await inoOf(again, there, 'f'), f, tell);
  t.is(await inoOf(again, there, 'h'), h, tell);
  t.is(await inoOf(again, there, 'arrived'), wandering, tell);
  t.like(recordOf(await again.request('getAttr', { ino: f })), { nlink: 2 }, tell);
  await alone(t, { ranks });
  t.is(await countsOf(again, 1), '3 3 5000', tell);
  return died;
}

for (const dying of [0, 1])
  test(`stopping: rank ${dying} dies after any number of changes → its next life goes on; nothing is lost, nothing twice`, async (t) => {
    let deaths = 0;
    for (let changesMax = 1; await stopWithDeath(t, dying, changesMax); changesMax++) deaths++;
    t.log(`${deaths} places to die`);
    t.true(deaths > 10);
  });
