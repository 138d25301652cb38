/**
 * A filesystem whose journal holds much of what was done to it, and what is to be expected of a repair when some of that is lost.
 * @module
 */
import type { FsScrubStatus } from '../../common/wire/gen/messages.ts';
import type { MdsConfig } from '../../mds/config.ts';
import type {
  JournalReport,
  RebuildReport,
  RecoverReport,
  RepairAction,
  ResetReport,
  TableReport,
} from '../../mds/client/repair-report.ts';
import { FileType } from '../../mds/client/file-mode.ts';
import { decodeHead, entryHeaderBytes, readEntries, segmentHeaderBytes, type PlacedEntry } from '../../mds/store/journal-codec.ts';
import { rankObject } from '../../mds/core/rank-object.ts';
import { decodeDentry } from '../../mds/store/inode-codec.ts';
import type { ByteString } from '../../common/maps/ids.ts';
import { toFsError } from '../../common/errors/fs-error.ts';
import type { SimWorld } from '../../common/runtime/sim/world.ts';
import type { MemoryObjects } from './memory-objects.ts';
import { bytes, metadataPool, RankFixture, recordOf, type RankClient } from './mds-rank.ts';

/** Nothing is written back, but directories are divided, and soon. */
export const repairConfig: Partial<MdsConfig> = {
  writeBackMs: 3_600_000,
  writeBackIntervalMs: 20,
  journalDelayMs: 0,
  recursiveDelayMs: 50,
  fragmentSplitNames: 8,
  reconnectMs: 100,
  sessionLeaseMs: 100,
};

interface Reports {
  readonly inspect: JournalReport;
  readonly recover: RecoverReport;
  readonly reset: ResetReport;
  readonly 'reset-sessions': TableReport;
  readonly 'reset-numbers': TableReport;
  readonly 'look-at-data': RebuildReport;
  readonly rebuild: RebuildReport;
}

/** Orders a repair, and waits for what comes of it. Throws what it has failed with. */
export async function repair<K extends Exclude<RepairAction, 'start'>>(
  fixture: RankFixture,
  action: K,
  discard = false,
): Promise<Reports[K]> {
  fixture.rank.repair.order(action, discard);
  while (fixture.rank.repair.status.running) await fixture.until(fixture.world.sleep(5));
  const { trouble, result } = fixture.rank.repair.status;
  if (trouble !== '') throw new Error(trouble);
  return result as Reports[K];
}

/** A life that finds `store` damaged. */
export async function damagedLife(world: SimWorld, store: MemoryObjects, config = repairConfig): Promise<RankFixture> {
  const fixture = new RankFixture({ world, store, config });
  try {
    await fixture.until(fixture.rank.start());
  } catch (error) {
    fixture.rank.giveUp(toFsError(error));
    return fixture;
  }
  throw new Error('nothing was found to be damaged');
}

/** The next life, for which all of `fenced` are refused. */
export async function nextLife(before: RankFixture, config = repairConfig): Promise<RankFixture> {
  const { world, store, fenced } = before;
  await before.until(before.rank.stop(false));
  const fixture = new RankFixture({ world, store, config });
  fixture.fenced.push(...fenced);
  await fixture.start();
  while (fixture.rank.state !== 'active') await fixture.until(world.sleep(20));
  return fixture;
}

let orders = 0;

export async function scrub(fixture: RankFixture, repairs: boolean): Promise<FsScrubStatus> {
  const id = ++orders;
  fixture.rank.scrub.order({ id, action: 'start', path: '/', repair: repairs, ranks: 1 });
  for (;;) {
    const { status } = fixture.rank.scrub;
    if (status?.order === id && status.endedMs > 0) return status;
    await fixture.until(fixture.world.sleep(20));
  }
}

/** Every name with its inode, by path. */
export type Tree = ReadonlyMap<string, { readonly ino: number; readonly text: string }>;

export async function treeOf(fixture: RankFixture, client: RankClient): Promise<Tree> {
  return new Map([...(await fixture.tree(client))].map(([path, text]) => [path, { ino: Number.parseInt(text, 16), text }]));
}

export interface Used {
  readonly fixture: RankFixture;
  readonly client: RankClient;
  /** By path, all inodes that were ever there. */
  readonly history: ReadonlyMap<string, ReadonlySet<number>>;
  /** Of each, at how many places it was at the same time. */
  readonly together: ReadonlyMap<number, number>;
  readonly last: Tree;
}

/**
 * Directories that are made, filled until they are divided, renamed into one another and removed; links, and files that go. Half way all is
 * written back, and the journal trimmed. `segments`: it has many, since a file's attributes are in it again and again.
 */
export async function usedFilesystem(options: { readonly segments?: boolean } = {}): Promise<Used> {
  const config = options.segments === true ? { ...repairConfig, journalSegmentBytes: 64 * 1024, journalSegments: 100 } : repairConfig;
  let fixture = await new RankFixture({ config }).start();
  let client = await fixture.connect(50);
  const history = new Map<string, Set<number>>();
  const together = new Map<number, number>();
  let last: Tree = new Map();
  let bulky = 0;
  const look = async (): Promise<void> => {
    if (bulky > 0 && options.segments === true) {
      await client.request('setXattr', { ino: bulky, name: bytes('user.bulk'), value: Buffer.alloc(40_000, history.size) });
      await client.flush();
    }
    last = await treeOf(fixture, client);
    const places = new Map<number, number>();
    for (const [path, { ino }] of last) {
      history.set(path, (history.get(path) ?? new Set()).add(ino));
      places.set(ino, (places.get(ino) ?? 0) + 1);
    }
    for (const [ino, count] of places) together.set(ino, Math.max(together.get(ino) ?? 0, count));
  };
  const rename = async (parent: number, name: string, newParent: number, newName: string): Promise<void> => {
    await client.request('rename', { parent, name: bytes(name), newParent, newName: bytes(newName) });
    await look();
  };
  const unlink = async (parent: number, name: string, directory = false): Promise<void> => {
    await client.request('unlink', { parent, name: bytes(name), directory });
    await look();
  };
  const mkdir = async (parent: number, name: string): Promise<number> => {
    const { ino } = recordOf(await client.mkdir(parent, name));
    await look();
    return ino;
  };
  const create = async (parent: number, name: string): Promise<number> => {
    const { ino } = recordOf(await client.create(parent, name, FileType.regular | 0o640));
    await look();
    return ino;
  };
  const a = await mkdir(1, 'a');
  const b = await mkdir(1, 'b');
  const inner = await mkdir(a, 'inner');
  const old = await create(a, 'old');
  await create(inner, 'leaf');
  await create(a, 'plain');
  const big = await mkdir(1, 'big');
  for (let i = 0; i < 7; i++) await create(big, `n${i}`);
  await client.flush();
  await fixture.until(fixture.rank.stop(true));
  const { world, store } = fixture;
  fixture = await new RankFixture({ world, store, config }).start();
  while (fixture.rank.state !== 'active') await fixture.until(world.sleep(20));
  client = await fixture.connect(51);
  // Everything from here on is in the journal only.
  bulky = await create(b, 'bulky');
  const c = await mkdir(1, 'c');
  await create(c, 'in-c');
  await rename(a, 'old', b, 'moved');
  await rename(b, 'moved', c, 'again');
  await rename(a, 'plain', b, 'plain');
  await rename(b, 'plain', c, 'plain');
  await create(c, 'made');
  await rename(c, 'made', b, 'made');
  await rename(b, 'made', a, 'made');
  await client.request('link', { ino: old, parent: b, name: bytes('second') });
  await look();
  for (let i = 7; i < 14; i++) await create(big, `n${i}`);
  await rename(a, 'inner', 1, 'outer');
  await rename(1, 'a', inner, 'below');
  await unlink(big, 'n3');
  await unlink(big, 'n12');
  await unlink(b, 'second');
  const gone = await mkdir(c, 'gone');
  await create(gone, 'x');
  await rename(gone, 'x', c, 'saved');
  await unlink(c, 'gone', true);
  await create(a, 'late');
  await client.flush();
  await fixture.until(fixture.world.sleep(200));
  await client.flush();
  await look();
  return { fixture, client, history, together, last };
}

/** The first segment that counts. */
export function firstSegmentOf(store: MemoryObjects): number {
  return decodeHead(store.object(metadataPool, 'journal.head')?.data ?? Buffer.alloc(0), 'the head').firstSegment;
}

export interface StoredEntry extends PlacedEntry {
  readonly object: string;
  /** Of its header. */
  readonly at: number;
}

export function journalObjects(store: MemoryObjects, rank = 0): string[] {
  const prefix = rankObject(rank, 'journal.');
  return store.names(metadataPool).filter((name) => name.startsWith(prefix) && /^[0-9a-f]{8}$/.test(name.slice(prefix.length)));
}

export function journalEntries(store: MemoryObjects, rank = 0): StoredEntry[] {
  const found: StoredEntry[] = [];
  for (const object of journalObjects(store, rank)) {
    const data = store.object(metadataPool, object)?.data ?? Buffer.alloc(0);
    let at = segmentHeaderBytes;
    for (const placed of readEntries(data.subarray(at), object, at)) {
      found.push({ ...placed, object, at });
      at += entryHeaderBytes + placed.length;
    }
  }
  return found;
}

/** Flips a byte of an object's data. */
export function spoil(store: MemoryObjects, object: string, at: number): void {
  const stored = store.object(metadataPool, object);
  if (stored === undefined) throw new Error(`there is no ${object}`);
  stored.data = Buffer.from(stored.data);
  stored.data[at] = (stored.data[at] as number) ^ 0x5a;
}

/** Inodes that are embedded in several stored names: which of them is shown depends on what is read first. */
export function embeddedTwice(store: MemoryObjects): string[] {
  const places = new Map<number, string[]>();
  for (const object of store.names(metadataPool)) {
    const [, directory] = /^([0-9a-f]{1,13})\.[0-9a-f]{8}$/.exec(object) ?? [];
    if (directory === undefined) continue;
    for (const [name, value] of store.object(metadataPool, object)?.omap ?? []) {
      const { inode } = decodeDentry(value, Number.parseInt(directory, 16), name as ByteString);
      if (inode !== undefined) places.set(inode.ino, [...(places.get(inode.ino) ?? []), `${object}/${name}`]);
    }
  }
  return [...places.values()].filter(({ length }) => length > 1).map((each) => each.join(' and '));
}
