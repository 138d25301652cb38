import test from 'ava';
import { SimWorld } from '../../../common/runtime/sim/world.ts';
import type { JournalEntry } from '../../../mds/core/change.ts';
import type { MdsCore } from '../../../mds/core/mds-core.ts';
import { Journal } from '../../../mds/store/journal.ts';
import { readEntries, segmentHeaderBytes, type PlacedEntry } from '../../../mds/store/journal-codec.ts';
import { PatientObjects } from '../../../mds/store/patient-objects.ts';
import { MemoryObjectClient, MemoryObjects } from '../../support/memory-objects.ts';
import { bytes, metadataPool, RankFixture, recordOf } from '../../support/mds-rank.ts';
import { emptyCore } from '../../support/replayed-state.ts';

const fsid = '6ad05c17-8c77-4b09-9b1a-52f5f2c01c5a';

interface Opened {
  readonly journal: Journal;
  readonly client: MemoryObjectClient;
  readonly safe: number[];
  readonly lost: Error[];
}

function open(
  world: SimWorld,
  store: MemoryObjects,
  options: { readonly instance?: number; readonly segmentBytes?: number; readonly before?: (object: string) => void } = {},
): Opened {
  const { env } = world.node('journal');
  const client = new MemoryObjectClient(store, {
    clock: env.clock,
    latencyMs: 2,
    ...(options.before === undefined ? {} : { before: options.before }),
  });
  const safe: number[] = [];
  const lost: Error[] = [];
  const journal = new Journal(env, {
    rank: 0,
    objects: new PatientObjects(env, client),
    pool: metadataPool,
    fsid,
    instance: options.instance ?? 1,
    delayMs: 20,
    segmentBytes: options.segmentBytes ?? 1 << 20,
    batchBytes: 1 << 16,
    batchesInFlight: 4,
    onSafe: (seq) => safe.push(seq),
    onLost: (error) => lost.push(error),
  });
  return { journal, client, safe, lost };
}

const entry = (ino: number): JournalEntry => ({ mark: undefined, changes: [{ kind: 'forget', ino }] });

async function replay(journal: Journal, apply: (placed: PlacedEntry) => void): Promise<void> {
  const reader = journal.reader();
  const head = await reader.head();
  if (head === undefined) throw new Error('no head');
  reader.begin(head);
  await reader.advance(apply);
  await journal.continueAfter(reader);
}

async function read(world: SimWorld, opened: Opened): Promise<number[]> {
  const seen: number[] = [];
  await world.until(replay(opened.journal, ({ seq }) => seen.push(seq)));
  return seen;
}

async function fresh(options: Parameters<typeof open>[2] = {}): Promise<{ world: SimWorld; store: MemoryObjects; opened: Opened }> {
  const world = new SimWorld({ seed: 1 });
  const store = new MemoryObjects();
  const opened = open(world, store, options);
  await world.until(opened.journal.make());
  await read(world, opened);
  return { world, store, opened };
}

test('journal: nobody waits → one write for all that came within the delay', async (t) => {
  const { world, opened } = await fresh();
  const { journal, client, safe } = opened;
  const before = client.log.length;
  for (let i = 1; i <= 50; i++) t.is(journal.append(entry(i)), i);
  await world.advance(19);
  t.is(client.log.length, before);
  await world.advance(10);
  t.is(client.log.length, before + 1);
  t.deepEqual(safe, [50]);
});

test('journal: somebody waits → written at once, batches overlap and become safe in order', async (t) => {
  const { world, opened } = await fresh();
  const { journal, safe } = opened;
  const started = world.nowMs;
  journal.append(entry(1));
  const first = journal.flush();
  journal.append(entry(2));
  const second = journal.flush();
  await world.until(Promise.all([first, second]));
  t.true(world.nowMs - started < 5);
  t.deepEqual(safe, [1, 2]);
});

test('journal: many segments, trimmed → the next life reads what is left, in order, and goes on after it', async (t) => {
  const { world, store, opened } = await fresh({ segmentBytes: 200 });
  for (let i = 1; i <= 60; i++) {
    opened.journal.append(entry(i));
    if (i % 5 === 0) await world.until(opened.journal.flush());
  }
  const { segment } = opened.journal;
  t.true(segment > 3);
  await world.until(opened.journal.trim(segment - 1));
  t.is(opened.journal.firstSegment, segment - 1);
  const next = open(world, store, { instance: 2, segmentBytes: 200 });
  const seen = await read(world, next);
  t.is(seen.at(-1), 60);
  t.deepEqual(
    seen,
    seen.map((_, i) => (seen[0] ?? 0) + i),
  );
  t.is(next.journal.append(entry(7)), 61);
  await world.until(next.journal.flush());
  t.is((await read(world, open(world, store))).at(-1), 61);
});

test('journal: died while trimming → the next life removes what was left', async (t) => {
  const { world, store, opened } = await fresh({ segmentBytes: 150 });
  for (let i = 1; i <= 40; i++) {
    opened.journal.append(entry(i));
    if (i % 4 === 0) await world.until(opened.journal.flush());
  }
  const { segment } = opened.journal;
  const leftovers = [segment - 3, segment - 2].map((index) => `journal.${index.toString(16).padStart(8, '0')}`);
  const copies = leftovers.map((name) => store.object(metadataPool, name));
  await world.until(opened.journal.trim(segment - 1));
  leftovers.forEach((name, i) => store.objects.set(`${metadataPool}/${name}`, copies[i] as never));
  t.is((await read(world, open(world, store))).at(-1), 40);
  t.false(store.names(metadataPool).some((name) => leftovers.includes(name)));
});

test('journal: closed after everything was written back → nothing to read, positions go on', async (t) => {
  const { world, store, opened } = await fresh();
  opened.journal.append(entry(1));
  opened.journal.append(entry(2));
  await world.until(opened.journal.close());
  t.deepEqual(store.names(metadataPool), ['journal.head']);
  const next = open(world, store);
  t.deepEqual(await read(world, next), []);
  t.is(next.journal.append(entry(3)), 3);
});

test('journal: two MDSs believe that they have the rank → the older fails at its next segment, what it wrote late is not obeyed', async (t) => {
  const { world, store, opened } = await fresh({ segmentBytes: 200 });
  opened.journal.append(entry(1));
  await world.until(opened.journal.flush());
  const newer = open(world, store, { instance: 2 });
  t.deepEqual(await read(world, newer), [1]);
  newer.journal.append(entry(20));
  await world.until(newer.journal.flush());
  opened.journal.append(entry(30));
  opened.journal.append(entry(31));
  await world.until(opened.journal.flush());
  const seen: number[] = [];
  const third = open(world, store, { instance: 3 });
  await world.until(
    replay(third.journal, ({ entry: { changes } }) => seen.push(...changes.map((change) => (change as { ino: number }).ino))),
  );
  t.deepEqual(seen, [1, 20]);
  for (let i = 0; i < 20 && opened.lost.length === 0; i++) {
    opened.journal.append(entry(i));
    await world.until(opened.journal.flush().catch(() => undefined));
  }
  t.is(opened.lost.length, 1);
});

test('journal: the cluster is full for a while → entries wait, nothing is lost or out of order', async (t) => {
  let full = false;
  const { world, store, opened } = await fresh({
    before: (object) => {
      if (full && object !== 'journal.head') throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    },
  });
  opened.journal.append(entry(1));
  await world.until(opened.journal.flush());
  full = true;
  for (let i = 2; i <= 4; i++) {
    opened.journal.append(entry(i));
    opened.journal.flush().catch(() => undefined);
  }
  await world.advance(3_000);
  t.is(opened.journal.safeSeq, 1);
  full = false;
  await world.advance(3_000);
  t.is(opened.journal.safeSeq, 4);
  t.deepEqual(opened.lost, []);
  t.deepEqual(await read(world, open(world, store)), [1, 2, 3, 4]);
});

test('journal: a write in the middle never happened → ends there when nobody was told more, is damage when somebody was', async (t) => {
  const { world, store, opened } = await fresh();
  for (const i of [1, 2, 3]) {
    opened.journal.append(entry(i));
    await world.until(opened.journal.flush());
  }
  const segment = store.object(metadataPool, 'journal.00000000');
  if (segment === undefined) throw new Error('no segment');
  const whole = Buffer.from(segment.data);
  const lengths = [...readEntries(whole.subarray(segmentHeaderBytes), 'it')].length;
  t.is(lengths, 3);
  const second = segmentHeaderBytes + 8 + whole.readUInt32LE(segmentHeaderBytes);
  const third = second + 8 + whole.readUInt32LE(second);
  // Entry 3 was queued when 2 was safe: a hole in the place of 2 cannot be a write that was on its way.
  segment.data = Buffer.from(whole);
  segment.data.fill(0, third);
  t.deepEqual(await read(world, open(world, store)), [1, 2]);
  segment.data = whole.subarray(0, third);
  t.deepEqual(await read(world, open(world, store)), [1, 2]);
});

test('journal: damage anywhere in it → EILSEQ, and the MDS does not serve', async (t) => {
  const { world, store, opened } = await fresh({ segmentBytes: 150 });
  for (let i = 1; i <= 40; i++) {
    opened.journal.append(entry(i));
    if (i % 4 === 0) await world.until(opened.journal.flush());
  }
  const expected = { code: 'EILSEQ' };
  for (const name of store.names(metadataPool)) {
    const object = store.object(metadataPool, name);
    if (object === undefined) continue;
    const good = Buffer.from(object.data);
    for (let at = 0; at < good.length; at += 7) {
      object.data = Buffer.from(good);
      object.data[at] = (good[at] as number) ^ 0x20;
      await t.throwsAsync(() => read(world, open(world, store)), expected, `${name} byte ${at}`);
    }
    object.data = good;
  }
  const removed = store.clone();
  removed.objects.delete(`${metadataPool}/journal.00000001`);
  await t.throwsAsync(() => read(world, open(world, removed)), expected);
  const short = store.clone();
  const middle = short.object(metadataPool, 'journal.00000001');
  if (middle === undefined) throw new Error('no segment');
  middle.data = middle.data.subarray(0, middle.data.length - 20);
  await t.throwsAsync(() => read(world, open(world, short)), expected);
  const foreign = new RankFixture({ world, store: removed });
  await t.throwsAsync(() => foreign.until(foreign.rank.start()), expected);
});

test('journal: of another cluster → EINVAL that says so', async (t) => {
  const { world, store } = await fresh();
  const mds = new RankFixture({ world, store });
  const head = store.object(metadataPool, 'journal.head');
  if (head === undefined) throw new Error('no head');
  await mds.until(mds.rank.start());
  const other = new Journal(world.node('other').env, {
    rank: 0,
    objects: new PatientObjects(world.node('other').env, new MemoryObjectClient(store, { clock: world.node('other').env.clock })),
    pool: metadataPool,
    fsid: '00000000-0000-4000-8000-000000000000',
    instance: 9,
    delayMs: 1,
    segmentBytes: 1000,
    batchBytes: 1000,
    batchesInFlight: 1,
    onSafe: () => undefined,
    onLost: () => undefined,
  });
  const error = await t.throwsAsync(() => world.until(other.reader().head()), { code: 'EINVAL' });
  t.regex(error.message, /belongs to cluster 6ad05c17/);
});

// --- replaying ---

/** A live rank's entries, and what it had in memory at the end. */
async function lived(): Promise<{ entries: { entry: JournalEntry; seq: number }[][]; end: string }> {
  const mds = await new RankFixture({ config: { writeBackMs: 3_600_000 } }).start();
  const client = await mds.connect(4);
  const dir = recordOf(await client.mkdir(1, 'dir')).ino;
  const other = recordOf(await client.mkdir(dir, 'other')).ino;
  const files: number[] = [];
  for (let i = 0; i < 5; i++) files.push(recordOf(await client.create(dir, `f${i}`)).ino);
  await client.request('link', { ino: files[0], parent: other, name: bytes('hard') });
  await client.request('rename', { parent: dir, name: bytes('f1'), newParent: other, newName: bytes('g1') });
  await client.request('rename', { parent: dir, name: bytes('f2'), newParent: dir, newName: bytes('f3') });
  await client.request('rename', { parent: dir, name: bytes('other'), newParent: 1, newName: bytes('moved') });
  await client.request('unlink', { parent: dir, name: bytes('f0') });
  await client.request('unlink', { parent: other, name: bytes('hard') });
  await client.request('setXattr', { ino: files[4], name: bytes('user.k'), value: bytes('v') });
  client.release([{ ino: files[0] as number, seq: 1 }]);
  await client.flush();
  await mds.until(mds.world.sleep(100));
  await client.flush();
  const raw = (): { entry: JournalEntry; seq: number }[] => {
    const segment = mds.store.object(metadataPool, 'journal.00000000');
    if (segment === undefined) throw new Error('no segment');
    return [...readEntries(segment.data.subarray(segmentHeaderBytes), 'it')];
  };
  // Decoded afresh for every use: entries hold the inodes that replaying puts into the cache.
  return { entries: [raw(), raw(), raw()], end: dump(mds.rank.core) };
}

/** All that is in memory of the namespace and sessions, but for what is only cached. */
function dump(core: MdsCore): string {
  const inodes = [...core.cache.inodes.values()]
    .filter(({ ino }) => ino >= 2 ** 40)
    .map(({ ino, mode, nlink, size, parent, entries, subdirs, version, recursive, xattrs, dentry }) =>
      JSON.stringify([
        ino,
        mode,
        nlink,
        size,
        parent,
        entries,
        subdirs,
        version,
        recursive?.files,
        xattrs.length,
        dentry?.directory,
        dentry?.name,
        dentry?.position,
      ]),
    );
  const names = [...core.cache.directories.values()].flatMap(({ ino, fragments }) =>
    fragments.flatMap(({ dentries }) =>
      [...dentries.values()].map(({ name, remoteIno, inode }) => JSON.stringify([ino, name, remoteIno, inode?.ino])),
    ),
  );
  const sessions = [...core.sessions.values()].map(({ instance, ranges, completed }) =>
    JSON.stringify([instance, ranges, [...completed.keys()]]),
  );
  return [...inodes.sort(), ...names.filter((name) => !name.startsWith('[2,')).sort(), ...sessions, core.nextIno].join('\n');
}

test('replay: the whole journal → what the life before had in memory', async (t) => {
  const { entries, end } = await lived();
  const core = emptyCore();
  for (const { entry: each, seq } of entries[0] ?? []) core.replay(each, seq, 0);
  t.is(dump(core), end);
});

test('replay: any prefix, then all from the start again → the same state', async (t) => {
  const {
    entries: [once = [], twice = []],
    end,
  } = await lived();
  for (let prefix = 1; prefix <= once.length; prefix++) {
    const [first, second] = [await decodeAgain(once), await decodeAgain(twice)];
    const core = emptyCore();
    for (const { entry: each, seq } of first.slice(0, prefix)) core.replay(each, seq, 0);
    const half = dump(core);
    for (const { entry: each, seq } of second.slice(0, prefix)) core.replay(each, seq, 0);
    t.is(dump(core), half, `prefix ${prefix} twice`);
    for (const { entry: each, seq } of (await decodeAgain(once)).slice(prefix)) core.replay(each, seq, 0);
    t.is(dump(core), end, `prefix ${prefix} twice, then the rest`);
  }
});

/** Copies of the inodes too: replaying takes them over. */
async function decodeAgain(
  entries: readonly { readonly entry: JournalEntry; readonly seq: number }[],
): Promise<{ entry: JournalEntry; seq: number }[]> {
  const { BinaryWriter } = await import('../../../mds/store/binary.ts');
  const { writeEntry } = await import('../../../mds/store/journal-codec.ts');
  const writer = new BinaryWriter();
  for (const { entry: each, seq } of entries) writeEntry(writer, seq, 0, { mark: each.mark, changes: each.changes });
  return [...readEntries(writer.take(), 'it')];
}
