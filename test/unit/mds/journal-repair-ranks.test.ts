/** A journal of one of two ranks that has lost entries: made to fit what the other knows. */
import test, { type ExecutionContext } from 'ava';
import { FsError, toFsError } from '../../../common/errors/fs-error.ts';
import type { FsScrubStatus } from '../../../common/wire/gen/messages.ts';
import { emptyStatus } from '../../../mds/background/scrub.ts';
import { FileType } from '../../../mds/client/file-mode.ts';
import type { RecoverReport } from '../../../mds/client/repair-report.ts';
import type { JournalEntry } from '../../../mds/core/change.ts';
import { embeddedTwice, journalEntries, repair, repairConfig, spoil, type StoredEntry } from '../../support/journal-repair.ts';
import type { RankFixture } from '../../support/mds-rank.ts';
import type { MemoryObjects } from '../../support/memory-objects.ts';
import { bytes, metadataPool, recordOf, type RankClient } from '../../support/mds-rank.ts';
import { SeveralRanks } from '../../support/several-ranks.ts';

/** Every name, over both ranks. */
type Tree = ReadonlyMap<string, { readonly ino: number; readonly rank: number; readonly isDirectory: boolean }>;

async function treeOf(clients: readonly RankClient[], ino = 1, rank = 0, path = ''): Promise<Tree> {
  const client = clients[rank] as RankClient;
  const tree = new Map<string, { ino: number; rank: number; isDirectory: boolean }>();
  const { entries } = await client.request('readDir', { ino, maxEntries: 4096 });
  for (const { name, ino: child, mode } of entries) {
    const below = `${path}/${Buffer.from(name).toString('latin1')}`;
    const { found, elsewhereIno, elsewhereRank } = await client.request('lookup', { parent: ino, name });
    if (!found) throw new Error(`${below} is listed, and not there`);
    const at = elsewhereIno === 0 ? rank : elsewhereRank;
    const isDirectory = (mode & FileType.mask) === FileType.directory;
    tree.set(below, { ino: child, rank: at, isDirectory });
    if (isDirectory) for (const [key, value] of await treeOf(clients, child, at, below)) tree.set(key, value);
  }
  return tree;
}

/** Power failed everywhere just then. */
interface Moment {
  readonly when: string;
  readonly store: MemoryObjects;
  /** Undefined: in the midst of something. */
  readonly last: Tree | undefined;
}

/** Of the moments in between one in so many is looked at, and of the others what is new: REPAIR_STEP=1 for all. */
const step = Number(process.env['REPAIR_STEP'] ?? 40);
const looksAtAll = step < 40;

interface Used {
  readonly moments: readonly Moment[];
  /** All inodes that there ever were. */
  readonly ever: ReadonlySet<number>;
}

const config = { ...repairConfig, sessionLeaseMs: 30_000, fragmentSplitNames: 1_000 };

/** Directories that go between two ranks, and names that do, with links. What moves a directory trims the journal of who gives it. */
async function usedFilesystem(): Promise<Used> {
  const ranks = new SeveralRanks(config);
  for (const rank of [0, 1]) await ranks.start(rank);
  const [a, b] = [await ranks.connect(0, 11), await ranks.connect(1, 11)];
  const ever = new Set<number>([1]);
  const clients = [a, b];
  const moments: Moment[] = [];
  const look = async (): Promise<Tree> => {
    const tree = await treeOf(clients);

    for (const { ino } of tree.values()) ever.add(ino);
    return tree;
  };
  const moment = async (when: string): Promise<void> => {
    for (const client of clients) await client.flush();
    await ranks.world.until(ranks.world.sleep(200));
    for (const client of clients) await client.flush();
    moments.push({ when, last: await look(), store: ranks.store.clone() });
  };
  const mkdir = async (client: RankClient, parent: number, name: string): Promise<number> => {
    const { ino } = recordOf(await client.mkdir(parent, name));
    await look();
    return ino;
  };
  const create = async (client: RankClient, parent: number, name: string): Promise<number> => {
    const { ino } = recordOf(await client.create(parent, name));
    await look();
    return ino;
  };
  const pin = async (client: RankClient, ino: number, to: number): Promise<void> => {
    await client.request('setXattr', { ino, name: bytes('ceph.dir.pin'), value: bytes(`${to}`) });
    await ranks.until(() => ranks.has(to, ino));
  };
  const rename = async (client: RankClient, from: number, name: string, to: number, newName: string, rank: number): Promise<void> => {
    await client.request('rename', { parent: from, name: bytes(name), newParent: to, newName: bytes(newName), newParentRank: rank });
    await look();
  };
  const link = async (client: RankClient, ino: number, parent: number, name: string, rank: number): Promise<void> => {
    await client.request('link', { ino, parent, name: bytes(name), rank });
    await look();
  };
  const unlink = async (client: RankClient, parent: number, name: string, directory = false): Promise<void> => {
    await client.request('unlink', { parent, name: bytes(name), directory });
    await look();
  };
  let changes = 0;
  let looks = 0;
  let over = false;
  const watch = async (): Promise<void> => {
    while (!over) {
      if (ranks.store.changes !== changes && looks++ % step === 0) {
        ({ changes } = ranks.store);
        moments.push({ when: `${looks} changes on`, last: undefined, store: ranks.store.clone() });
      }
      await ranks.world.sleep(1);
    }
  };
  void watch();
  const here = await mkdir(a, 1, 'here');
  const there = await mkdir(a, 1, 'there');
  const back = await mkdir(a, 1, 'back');
  await create(a, here, 'old');
  await create(a, back, 'kept');
  await pin(a, there, 1);
  await pin(a, back, 1);
  const inner = await mkdir(b, there, 'inner');
  await create(b, inner, 'leaf');
  await pin(b, inner, 0);
  await moment('directories have gone to and fro');
  await create(a, inner, 'deep');
  const file = await create(a, here, 'file');
  const other = await create(b, there, 'other');
  await rename(a, here, 'file', there, 'moved', 1);
  await rename(b, there, 'other', here, 'came', 0);
  await moment('files have gone to and fro');
  await link(b, file, there, 'again', 0);
  await link(a, file, here, 'at-home', 0);
  await unlink(b, there, 'moved');
  await link(a, other, here, 'twice', 1);
  await moment('files have several names');
  const folder = await mkdir(a, here, 'folder');
  await create(a, folder, 'in-folder');
  await rename(a, here, 'folder', there, 'folder', 1);
  await moment('a directory is about to follow its name');
  await ranks.until(() => ranks.has(1, folder));
  await moment('a directory has followed its name');
  const doomed = await mkdir(b, there, 'doomed');
  await rename(b, there, 'doomed', here, 'doomed', 0);
  await ranks.until(() => ranks.has(0, doomed));
  await moment('a directory has followed its name from there');
  await unlink(a, here, 'doomed', true);
  const short = await create(a, here, 'short');
  await rename(a, here, 'short', there, 'short', 1);
  await unlink(b, there, 'short');
  await ranks.until(() => !ranks.has(0, short));
  await create(b, back, 'late');
  await moment('much is in the journals');
  await pin(b, back, 0);
  await create(a, back, 'later');
  await moment('a directory has come back');
  over = true;
  for (const rank of [0, 1]) ranks.kill(rank);
  await ranks.world.until(ranks.world.sleep(100));
  return { moments, ever };
}

let orders = 0;

/** Of both ranks; the mon's part is played here. What they find. */
async function scrub(ranks: SeveralRanks, repairs: boolean): Promise<string[]> {
  const id = ++orders;
  const parts = [0, 1].map((rank) => ranks.get(rank).rank.scrub);
  const statuses = (): FsScrubStatus[] => parts.map(({ status }) => status ?? emptyStatus);
  for (const part of parts) part.order({ id, action: 'start', path: '/', repair: repairs, ranks: 2 });
  while (statuses().some(({ endedMs }) => endedMs === 0)) {
    await ranks.world.until(ranks.world.sleep(10));
    const stage = Math.min(...statuses().map((each) => (each.state === 'done' ? Infinity : each.stage)));
    for (const part of parts) part.turn({ began: id, stage, over: '' });
  }
  return statuses().flatMap(({ findings, state, trouble, unsettled }) => [
    ...findings,
    ...(state === 'done' ? [] : [`${state}: ${trouble}`]),
    ...(unsettled > 0 ? [`${unsettled} unsettled`] : []),
  ]);
}

async function active(ranks: SeveralRanks, fixture: RankFixture): Promise<void> {
  await ranks.until(() => fixture.rank.state === 'active');
}

/** The last of what was written, which nobody has been told is durable. */
class Undamaged extends Error {}

/** A life of the rank that finds its journal damaged. */
async function damagedLife(ranks: SeveralRanks, rank: number, changesMax?: number): Promise<RankFixture> {
  const fixture = ranks.make(rank, changesMax === undefined ? {} : { changesMax });
  try {
    await fixture.until(fixture.rank.start());
  } catch (error) {
    fixture.rank.giveUp(toFsError(error));
    return fixture;
  }
  throw new Undamaged();
}

function ranksOn(store: MemoryObjects): SeveralRanks {
  const ranks = new SeveralRanks({ ...repairConfig, fragmentSplitNames: 1_000 }, store);
  ranks.world.logs.expectError(/metadata is damaged|cannot be written back|cannot be read/);
  return ranks;
}

/** What an administrator does. The rank that is damaged, the other served as ever. */
async function repaired(
  t: ExecutionContext,
  store: MemoryObjects,
  rank: number,
  what: string,
): Promise<{ report: RecoverReport; tree: Tree }> {
  const ranks = ranksOn(store);
  await active(ranks, await ranks.start(1 - rank));
  const damaged = await damagedLife(ranks, rank);
  await t.throwsAsync(repair(damaged, 'reset', true), { message: /is recovered first/ }, what);
  const report = await recovered(t, ranks, damaged, what);
  return { report, tree: await mended(t, ranks, what) };
}

/** Its journal is begun anew, and it is served again. */
async function recovered(t: ExecutionContext, ranks: SeveralRanks, damaged: RankFixture, what: string): Promise<RecoverReport> {
  const { rank } = damaged.rank.core;
  const report = await repair(damaged, 'recover');
  t.deepEqual([report.unwritten, report.unsettled], [[], []], what);
  await repair(damaged, 'reset');
  ranks.kill(rank);
  const next = ranks.make(rank);
  next.fenced.push(...damaged.fenced);
  await next.start();
  await active(ranks, next);
  return report;
}

/** A scrub mends the rest. Both ranks serve; and then end. */
async function mended(t: ExecutionContext, ranks: SeveralRanks, what: string): Promise<Tree> {
  for (let i = 0; i < 3; i++) await scrub(ranks, true);
  t.deepEqual(await scrub(ranks, false), [], what);
  const clients = [await ranks.connect(0, 90), await ranks.connect(1, 90)];
  const tree = await treeOf(clients);

  for (const [path, { ino, rank: at, isDirectory }] of tree) {
    if (isDirectory) continue;
    const { nlink } = recordOf(await (clients[at] as RankClient).request('getAttr', { ino }));
    t.is(nlink, [...tree.values()].filter((each) => each.ino === ino).length, `${what}: links of ${path}`);
  }
  t.deepEqual([...ranks.shared], [], what);
  for (const client of clients) await ranks.world.until(client.close());
  for (const each of [0, 1]) {
    await ranks.world.until(ranks.get(each).rank.stop(true));
    ranks.kill(each);
  }
  t.deepEqual(embeddedTwice(ranks.store), [], what);
  return tree;
}

/** Inodes that an entry tells of. */
function toldBy({ changes }: JournalEntry): Set<number> {
  const inos = new Set<number>();
  for (const change of changes) {
    if (change.kind === 'set') inos.add(change.dentry.inode?.ino ?? change.dentry.remoteIno);
    if (change.kind === 'given' || change.kind === 'forget') inos.add(change.ino);
    if (change.kind !== 'message' || change.message === undefined) continue;
    if (change.message.kind === 'move') inos.add(change.message.root.inode?.ino ?? 0);
    if (change.message.kind === 'return') for (const edit of change.message.edits) if (edit.kind !== 'unname') inos.add(edit.ino);
  }
  return inos;
}

function wordsOf({ entry: { changes } }: StoredEntry): string {
  return changes
    .map((change) => {
      if (change.kind === 'message') return `message ${change.seq} ${change.message?.kind ?? 'has come'}`;
      return change.kind === 'mark' ? change.key : change.kind;
    })
    .join(', ');
}

for (const rank of [0, 1]) {
  test(`journal repair: whatever entry of rank ${rank} of two is damaged → both agree, nothing is invented, a scrub is clean`, async (t) => {
    const { moments, ever } = await usedFilesystem();
    let count = 0;
    let known = 0;
    for (const { when, store: whole, last } of moments) {
      const entries = journalEntries(whole, rank);
      // Of what comes before these other moments tell.
      const newest = last === undefined ? 3 : Infinity;
      const after = looksAtAll || when === 'much is in the journals' ? 0 : known;
      if (last !== undefined) known = entries.at(-1)?.seq ?? known;
      for (const [i, entry] of entries.entries()) {
        if (i < entries.length - newest || entry.seq <= after) continue;
        const only = process.env['ONLY'];
        if (only !== undefined && only !== `${when} ${entry.seq}`) continue;
        count++;
        const store = whole.clone();
        spoil(store, entry.object, entry.at + ([1, 5][i % 3] ?? 8 + (entry.length >> 1)));
        const what = `${when}, rank ${rank}, entry ${entry.seq}: ${wordsOf(entry)}`;
        const outcome = await repaired(t, store, rank, what).catch((error: unknown) => {
          if (error instanceof Undamaged && last === undefined) return undefined;
          throw error instanceof FsError ? new Error(`${what}: ${error.message}`, { cause: error }) : error;
        });
        if (outcome === undefined) continue;
        const { report, tree } = outcome;
        if (only !== undefined) t.log(report, [...tree], [...(last ?? [])]);
        // In the midst of something, segments may be there that do not count any more.
        if (last !== undefined) t.is(report.entries, entries.length - 1, what);
        const found = new Set([...tree.values()].map(({ ino }) => ino));
        for (const [path, { ino, isDirectory }] of tree) {
          if (path !== '/lost+found') t.true(ever.has(ino), `${what}: ${path}`);
          if (isDirectory) t.is([...tree.values()].filter((each) => each.ino === ino).length, 1, `${what}: ${path}`);
        }
        const told = toldBy(entry.entry);
        for (const [path, { ino }] of last ?? []) if (!told.has(ino)) t.true(found.has(ino), `${what}: ${path} is lost`);
      }
    }
    t.log(`${count} entries`);
    t.true(count > 50, `${count} entries`);
  });
}

/** The last moment of the story, with one entry of a rank damaged that tells of something between the two. */
async function brokenBetween(
  rank: number,
): Promise<{ readonly store: MemoryObjects; readonly entry: StoredEntry; readonly moment: Moment }> {
  const { moments } = await usedFilesystem();
  const moment = moments.find(({ when }) => when === 'much is in the journals') as Moment;
  const store = moment.store.clone();
  const entry = journalEntries(store, rank).find(({ entry: { changes } }) =>
    changes.some((change) => change.kind === 'message' && change.message?.kind === 'return' && change.message.edits.length > 0),
  ) as StoredEntry;
  spoil(store, entry.object, entry.at + 8 + (entry.length >> 1));
  return { store, entry, moment };
}

for (const rank of [0, 1]) {
  test(`journal repair: rank ${rank} of two dies at any change of its recovery → begun again it ends the same`, async (t) => {
    const { store: broken } = await brokenBetween(rank);
    const whole = await repaired(t, broken.clone(), rank, 'whole');
    let deaths = 0;
    for (let changes = 1; changes < 60; changes += 2) {
      const store = broken.clone();
      const ranks = ranksOn(store);
      await active(ranks, await ranks.start(1 - rank));
      const dying = await damagedLife(ranks, rank, changes);
      dying.rank.repair.order('recover', false);
      await ranks.world.until(ranks.world.sleep(1_500));
      if (!dying.client.dead) break;
      deaths++;
      ranks.kill(rank);
      const what = `${changes} changes`;
      await recovered(t, ranks, await damagedLife(ranks, rank), what);
      t.deepEqual([...(await mended(t, ranks, what))], [...whole.tree], what);
    }
    t.true(deaths > 3, `${deaths} deaths`);
  });
}

for (const rank of [0, 1]) {
  test(`journal repair: an entry of rank ${rank} of two is damaged that was half written back → both agree, a scrub is clean`, async (t) => {
    const { moments, ever } = await usedFilesystem();
    const moment = moments.find(({ when }) => when === 'much is in the journals') as Moment;
    const entries = journalEntries(moment.store, rank);
    let turn = 0;
    let count = 0;
    for (let changes = 1; changes < 60; changes += looksAtAll ? 1 : 3) {
      const half = moment.store.clone();
      const dying = new SeveralRanks({ ...repairConfig, fragmentSplitNames: 1_000, writeBackMs: 10, writeBackIntervalMs: 10 }, half);
      const fixture = dying.make(rank, { changesMax: changes });
      void fixture.rank.start().catch(() => undefined);
      await dying.world.until(dying.world.sleep(1_500));
      if (!fixture.client.dead) break;
      dying.kill(rank);
      const some = [entries[(turn += 7) % entries.length], entries[(turn += 7) % entries.length]] as StoredEntry[];
      for (const entry of looksAtAll ? entries : some) {
        const store = half.clone();
        if (store.object(metadataPool, entry.object) === undefined) continue;
        spoil(store, entry.object, entry.at + 8 + (entry.length >> 1));
        const what = `${changes} changes, rank ${rank}, entry ${entry.seq}: ${wordsOf(entry)}`;
        const outcome = await repaired(t, store, rank, what).catch((error: unknown) => {
          if (error instanceof Undamaged) return undefined;
          throw error instanceof FsError ? new Error(`${what}: ${error.message}`, { cause: error }) : error;
        });
        if (outcome === undefined) continue;
        count++;
        const { tree } = outcome;
        for (const [path, { ino, isDirectory }] of tree) {
          if (path !== '/lost+found') t.true(ever.has(ino), `${what}: ${path}`);
          if (isDirectory) t.is([...tree.values()].filter((each) => each.ino === ino).length, 1, `${what}: ${path}`);
        }
      }
    }
    t.log(`${count} entries`);
    t.true(count > 5, `${count} entries`);
  });
}

test('journal repair: whole segments of one of two ranks, and journals of both, have lost entries → one after the other is made to fit', async (t) => {
  const { store, moment } = await brokenBetween(0);
  for (const entry of journalEntries(store.clone(), 1).slice(-3)) spoil(store, entry.object, entry.at + 9);
  const ranks = ranksOn(store);
  const damaged = [await damagedLife(ranks, 0), await damagedLife(ranks, 1)];
  for (const each of damaged) await recovered(t, ranks, each, 'both');
  const tree = await mended(t, ranks, 'both');
  const found = new Set([...tree.values()].map(({ ino }) => ino));
  for (const path of ['/here/old', '/back/kept', '/there/inner/leaf']) t.true(found.has(moment.last?.get(path)?.ino ?? 0), path);
  for (const [path, { ino, isDirectory }] of tree)
    if (isDirectory) t.is([...tree.values()].filter((each) => each.ino === ino).length, 1, path);
});

for (const rank of [0, 1]) {
  test(`journal repair: rank 1 is stopping, and rank ${rank} has lost an entry → that is not settled, and nothing is changed`, async (t) => {
    const ranks = new SeveralRanks(config);
    for (const each of [0, 1]) await ranks.start(each);
    const a = await ranks.connect(0, 11);
    const b = await ranks.connect(1, 11);
    for (const client of [a, b]) client.onRecall = () => undefined;
    const { ino } = recordOf(await a.mkdir(1, 'there'));
    await a.request('setXattr', { ino, name: bytes('ceph.dir.pin'), value: bytes('1') });
    await ranks.until(() => ranks.has(1, ino));
    ranks.stopping = 1;
    await ranks.until(() => ranks.get(1).rank.core.departures.stopping === 'handing');
    await b.flush();
    for (let i = 0; i < 3; i++) ranks.get(0).rank.core.commit([]);
    await a.flush();
    const store = ranks.store.clone();
    for (const each of [0, 1]) ranks.kill(each);
    // Also what says so itself.
    for (const entry of journalEntries(store, rank).slice(rank === 1 ? 0 : -1)) spoil(store, entry.object, entry.at + 9);
    const later = ranksOn(store);
    if (rank === 0) later.make(1);
    const damaged = await damagedLife(later, rank);
    const { changes } = store;
    await t.throwsAsync(repair(damaged, 'recover'), { message: /rank 1 is stopping/ });
    t.is(store.changes, changes);
    later.kill(rank);
  });
}
