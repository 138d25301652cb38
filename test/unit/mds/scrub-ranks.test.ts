import test from 'ava';
import type { FsScrubStatus } from '../../../common/wire/gen/messages.ts';
import { emptyStatus } from '../../../mds/background/scrub.ts';
import type { MdsCore } from '../../../mds/core/mds-core.ts';
import { bytes, dataPool, recordOf, type RankClient } from '../../support/mds-rank.ts';
import { busyConfig, pin, SeveralRanks } from '../../support/several-ranks.ts';

interface Linked {
  readonly ranks: SeveralRanks;
  readonly a: RankClient;
  readonly b: RankClient;
  readonly inos: Readonly<Record<'here' | 'there' | 'back' | 'file' | 'linked' | 'moved', number>>;
}

/**
 * `/here` and `/there/back` with rank 0, `/there` with rank 1. `/there/linked` and `/there/again` lead to a file of rank 0 that has a name in `/here` too,
 * `/there/moved` to one that has no other.
 */
async function linkedTrees(): Promise<Linked> {
  const ranks = new SeveralRanks(busyConfig);
  for (const rank of [0, 1]) await ranks.start(rank);
  const a = await ranks.connect(0, 11);
  const b = await ranks.connect(1, 11);
  const here = recordOf(await a.mkdir(1, 'here')).ino;
  const there = recordOf(await a.mkdir(1, 'there')).ino;
  await pin(a, there, 1);
  await ranks.until(() => ranks.has(1, there));
  const back = recordOf(await b.mkdir(there, 'back')).ino;
  await pin(b, back, 0);
  await ranks.until(() => ranks.has(0, back));
  await a.mkdir(back, 'below');
  const file = recordOf(await b.create(there, 'file')).ino;
  const linked = recordOf(await a.create(here, 'linked')).ino;
  for (const name of ['linked', 'again']) await b.request('link', { ino: linked, parent: there, name: bytes(name) });
  const moved = recordOf(await a.create(here, 'moved')).ino;
  await a.request('rename', { parent: here, name: bytes('moved'), newParent: there, newName: bytes('moved'), newParentRank: 1 });
  await ranks.world.until(ranks.world.sleep(1_000));
  return { ranks, a, b, inos: { here, there, back, file, linked, moved } };
}

let orders = 0;

/** Of both ranks; the mon's part is played here. In their order. */
async function scrub(ranks: SeveralRanks, options: { readonly path?: string; readonly repair?: boolean } = {}): Promise<FsScrubStatus[]> {
  const id = ++orders;
  const parts = [0, 1].map((rank) => ranks.get(rank).rank.scrub);
  const statuses = (): FsScrubStatus[] => parts.map(({ status }) => status ?? emptyStatus);
  for (const part of parts) part.order({ id, action: 'start', path: options.path ?? '/', repair: options.repair ?? false, ranks: 2 });
  while (statuses().some(({ endedMs }) => endedMs === 0)) {
    await ranks.world.until(ranks.world.sleep(10));
    const stage = Math.min(...statuses().map((each) => (each.state === 'done' ? Infinity : each.stage)));
    for (const part of parts) part.turn({ began: id, stage, over: '' });
  }
  return statuses();
}

function found(statuses: readonly FsScrubStatus[]): string[] {
  return statuses.flatMap(({ findings }) => findings);
}

test('scrub: two ranks, directories and names of each in the other → each looks at its own, together at all; nothing is wrong', async (t) => {
  const { ranks } = await linkedTrees();
  const statuses = await scrub(ranks);
  t.deepEqual(found(statuses), []);
  t.deepEqual(
    statuses.map(({ state, directories, names, linked, unsettled }) => [state, directories, names, linked, unsettled]),
    [
      ['done', 4, 4, 2, 0],
      ['done', 1, 5, 0, 0],
    ],
  );
  for (const rank of [0, 1]) {
    await ranks.world.until(ranks.get(rank).rank.stop(true));
    ranks.kill(rank);
  }
  for (const rank of [0, 1]) await ranks.start(rank);
  t.deepEqual(found(await scrub(ranks)), []);
  t.deepEqual([...ranks.shared], []);
});

test('scrub: from a path on → each rank looks at what is below, and at nothing else', async (t) => {
  const { ranks } = await linkedTrees();
  const directories = async (path: string): Promise<number[]> =>
    (await scrub(ranks, { path })).map((status) => (status.state === 'done' ? status.directories : -1));
  t.deepEqual(await directories('/there'), [2, 1]);
  t.deepEqual(await directories('/there/back'), [2, 0]);
  t.deepEqual(await directories('/there/back/below'), [1, 0]);
  t.deepEqual(await directories('/here'), [1, 0]);
  const troubles = async (path: string): Promise<string[]> =>
    (await scrub(ranks, { path })).map(({ state, trouble }) => `${state}: ${trouble}`);
  for (const trouble of await troubles('/there/no')) t.is(trouble, 'failed: there is no /there/no in the filesystem');
  for (const trouble of await troubles('/there/file')) t.is(trouble, 'failed: /there/file is no directory');
});

/** As a bug would. */
function spoil(
  core: MdsCore,
  ino: number,
  change: (inode: { nlink: number; parent: number; counted: object; size: number }) => void,
): void {
  const inode = core.cache.inode(ino);
  change(inode);
  if (inode.dentry !== undefined) core.commit([{ kind: 'set', dentry: inode.dentry }]);
}

const faults: Readonly<
  Record<
    string,
    {
      readonly spoil: (of: (rank: number) => MdsCore, inos: Linked['inos']) => void;
      readonly says: readonly RegExp[];
      readonly left?: true;
    }
  >
> = {
  'links of a file that another rank has names of': {
    spoil: (of, { linked }) => spoil(of(0), linked, (inode) => inode.nlink--),
    says: [/^\/here\/linked: 2 links instead of 3$/],
  },
  'the parent of a subtree’s root': {
    spoil: (of, { there }) => spoil(of(1), there, (inode) => (inode.parent = 77)),
    says: [/^\/there: its parent is said to be 4d instead of 1$/],
  },
  'what a subtree is said to be counted with': {
    spoil: (of, { back }) => spoil(of(0), back, (inode) => (inode.counted = { bytes: 4, files: 0, subdirs: 1 })),
    says: [/^\/there\/back: counted with 0 bytes instead of 4$/],
  },
  'a name that another rank is said to decide about, and is not there': {
    spoil: (of, { moved }) => {
      const given = of(1).given.get(moved);
      if (given === undefined) throw new Error('it was not moved');
      of(1).commit([{ kind: 'given', ino: moved, given: { ...given, place: { ...given.place, name: 'no' as never } } }]);
    },
    says: [/the name is not among the 1 that inode .* of another rank is known to have here/, /its name "no" in directory .* is missing/],
    left: true,
  },
  'names that no rank knows of': {
    spoil: (of, { moved }) => of(1).commit([{ kind: 'given', ino: moved, given: undefined }]),
    says: [
      /no rank is known to have what the name leads to/,
      /rank 1, which should have names of it, does not know of it, 1 links instead of 0/,
    ],
    left: true,
  },
};

for (const [what, fault] of Object.entries(faults)) {
  test(`scrub: ${what} → found${fault.left ? ', and said to be left' : '; a repair mends it'}`, async (t) => {
    const { ranks, inos } = await linkedTrees();
    ranks.world.logs.expectError(/metadata is damaged/);
    fault.spoil((rank) => ranks.get(rank).rank.core, inos);
    const seen = found(await scrub(ranks));
    t.is(seen.length, fault.says.length, seen.join('\n'));
    for (const says of fault.says)
      t.true(
        seen.some((line) => says.test(line)),
        seen.join('\n'),
      );
    const repaired = await scrub(ranks, { repair: true });
    const mended = repaired.reduce((sum, status) => sum + status.repaired, 0);
    t.is(mended, fault.left ? 0 : 1, found(repaired).join('\n'));
    if (fault.left) return;
    await ranks.world.until(ranks.world.sleep(500));
    t.deepEqual(found(await scrub(ranks)), []);
  });
}

test('scrub: objects of numbers that rank 1 has given out → rank 0 takes those that nobody knows of, never what has just been made', async (t) => {
  const { ranks, a, b, inos } = await linkedTrees();
  const { store } = ranks;
  const put = (ino: number): void =>
    void store.objects.set(`${dataPool}/${ino.toString(16)}.00000000`, {
      data: bytes('data'),
      xattrs: new Map(),
      omap: new Map(),
      counter: 1,
    });
  const lost = inos.file + 100_000;
  const made = recordOf(await b.create(inos.there, 'made')).ino;
  for (const ino of [lost, made]) put(ino);
  t.is(
    (await scrub(ranks)).reduce((sum, { leftovers }) => sum + leftovers, 0),
    1,
  );
  const [first, second] = await scrub(ranks, { repair: true });
  t.deepEqual([first?.leftovers, second?.leftovers], [1, 0]);
  const folder = recordOf(await a.request('lookup', { parent: 1, name: bytes('lost+found') })).ino;
  t.is(recordOf(await a.request('lookup', { parent: folder, name: bytes(lost.toString(16)) })).size, 4);
  t.is(
    (await scrub(ranks)).reduce((sum, { leftovers, errors }) => sum + leftovers + errors, 0),
    0,
  );
});

test('scrub: a rank that takes part no more → the others end, and say why', async (t) => {
  const { ranks } = await linkedTrees();
  const { scrub: part } = ranks.get(0).rank;
  const id = ++orders;
  part.order({ id, action: 'start', path: '/', repair: false, ranks: 2 });
  await ranks.until(() => part.status?.stage === 1);
  await ranks.world.until(ranks.world.sleep(1_000));
  t.like(part.status, { state: 'running', stage: 1 });
  part.turn({ began: id - 1, stage: 2, over: 'not meant' });
  part.turn({ began: id, stage: 0, over: 'rank 1 has gone' });
  await ranks.until(() => (part.status?.endedMs ?? 0) > 0);
  t.like(part.status, { state: 'stopped', trouble: 'rank 1 has gone' });
});
