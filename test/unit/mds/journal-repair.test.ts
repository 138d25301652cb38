import test, { type ExecutionContext } from 'ava';
import type { RecoverReport } from '../../../mds/client/repair-report.ts';
import type { MemoryObjects } from '../../support/memory-objects.ts';
import { bytes, givenBy, metadataPool, RankFixture, recordOf } from '../../support/mds-rank.ts';
import { toFsError } from '../../../common/errors/fs-error.ts';
import type { ByteString } from '../../../common/maps/ids.ts';
import { BinaryWriter } from '../../../mds/store/binary.ts';
import { writeEntry } from '../../../mds/store/journal-codec.ts';
import {
  damagedLife,
  embeddedTwice,
  firstSegmentOf,
  journalEntries,
  journalObjects,
  nextLife,
  repair,
  repairConfig,
  scrub,
  spoil,
  treeOf,
  usedFilesystem,
  type StoredEntry,
  type Tree,
  type Used,
} from '../../support/journal-repair.ts';

/** Lives that find damage say so. */
function expectErrors({ fixture }: Used): void {
  fixture.world.logs.expectError(/metadata is damaged|cannot be written back|cannot be read/);
}

/** Recovers, begins the journal anew, starts the rank, mends the rest: what there is then, and the life that serves it. */
async function repaired(
  t: ExecutionContext,
  used: Used,
  store: MemoryObjects,
  what: string,
): Promise<{ report: RecoverReport; tree: Tree }> {
  const { world } = used.fixture;
  const damaged = await damagedLife(world, store);
  const report = await repair(damaged, 'recover');
  t.deepEqual(report.unwritten, [], what);
  const reset = await repair(damaged, 'reset');
  const used1 = Math.max(...[...used.history.values()].flatMap((inos) => [...inos]));
  t.true(reset.nextIno > used1, what);
  t.true(reset.firstSeq > Math.max(...journalEntries(used.fixture.store).map(({ seq }) => seq)), what);
  const next = await nextLife(damaged);
  await scrub(next, true);
  await scrub(next, true);
  const last = await scrub(next, false);
  t.deepEqual(last.findings, [], what);
  const client = await next.connect(90);
  const tree = await treeOf(next, client);
  t.true(client.nextIno > used1, what);
  await next.until(next.rank.stop(true));
  t.deepEqual(embeddedTwice(store), [], what);
  return { report, tree };
}

/** Nothing is there that never was, or that some readable entry says is gone for good; and no inode is at more places than ever. */
function nothingInvented(
  t: ExecutionContext,
  { history, together }: Used,
  tree: Tree,
  entries: readonly StoredEntry[],
  lost: ReadonlySet<number>,
  what: string,
): void {
  const places = new Map<number, string[]>();
  for (const [path, { ino, text }] of tree) {
    if (path === '/lost+found') continue;
    const isFound = path.startsWith('/lost+found/');
    const ever = [...history].some(([known, inos]) => inos.has(ino) && (isFound || known.endsWith(path.slice(path.lastIndexOf('/')))));
    t.true(ever, `${what}: ${path} ${text}`);
    places.set(ino, [...(places.get(ino) ?? []), path]);
  }
  for (const [ino, paths] of places) t.true(paths.length <= (together.get(ino) ?? 0), `${what}: ${paths.join(' and ')} are one`);
  for (const { seq, entry } of entries)
    for (const change of entry.changes)
      if (change.kind === 'forget' && !lost.has(seq) && !places.get(change.ino)?.every((path) => path.startsWith('/lost+found/')))
        t.false(places.has(change.ino), `${what}: ${places.get(change.ino)?.join()} is gone`);
}

/** Names of the last state that some readable entry says last are there; the others are only told by what is lost. */
function expected({ last }: Used, entries: readonly StoredEntry[], lost: ReadonlySet<number>): Set<number> {
  const inos = new Set([...last.values()].map(({ ino }) => ino));
  const told = new Map<number, boolean>();
  for (const { seq, entry } of entries)
    for (const change of entry.changes)
      if (change.kind === 'set' && change.dentry.inode !== undefined && inos.has(change.dentry.inode.ino)) {
        const { ino } = change.dentry.inode;
        if (!lost.has(seq)) told.set(ino, true);
        else if (!told.has(ino)) told.set(ino, false);
      }
  return new Set([...inos].filter((ino) => told.get(ino) !== false));
}

test('journal repair: whatever entry is damaged → the others are all applied, nothing is invented, a scrub is clean', async (t) => {
  const used = await usedFilesystem();
  expectErrors(used);
  await used.fixture.until(used.fixture.rank.stop(false));
  const entries = journalEntries(used.fixture.store);
  t.true(entries.length > 20 && entries.some(({ entry }) => entry.changes.some(({ kind }) => kind === 'reshaped')));
  for (const [i, entry] of entries.entries()) {
    // In turn its length, its checksum, its inside.
    const at = entry.at + ([1, 5][i % 3] ?? 8 + (entry.length >> 1));
    const store = used.fixture.store.clone();
    spoil(store, entry.object, at);
    const what = `entry ${entry.seq}, byte ${at}: ${entry.entry.changes.map(({ kind }) => kind).join(' ')}`;
    const { report, tree } = await repaired(t, used, store, what);
    t.is(report.entries, entries.length - 1, what);
    const isLast = i === entries.length - 1;
    t.deepEqual(
      report.gaps.map(({ object, byte, from, to }) => ({ object, byte, from, to })),
      [{ object: entry.object, byte: entry.at, from: entry.seq, to: isLast ? null : entry.seq }],
      what,
    );
    nothingInvented(t, used, tree, entries, new Set([entry.seq]), what);
    const there = new Set([...tree.values()].map(({ ino }) => ino));
    for (const ino of expected(used, entries, new Set([entry.seq]))) t.true(there.has(ino), `${what}: inode ${ino.toString(16)} is lost`);
    // Of most of them nothing is seen but times.
    if (entry.entry.changes.every(({ kind }) => kind === 'next-ino')) t.deepEqual([...tree], [...used.last], what);
  }
});

test('journal repair: the end is torn → all before it is there', async (t) => {
  const used = await usedFilesystem();
  expectErrors(used);
  await used.fixture.until(used.fixture.rank.stop(false));
  const store = used.fixture.store.clone();
  const entries = journalEntries(store);
  const torn = entries.at(-4) as StoredEntry;
  const stored = store.object(metadataPool, torn.object);
  if (stored === undefined) throw new Error('no segment');
  stored.data = Buffer.from(stored.data.subarray(0, torn.at + 20));
  const { report, tree } = await repaired(t, used, store, 'torn');
  t.is(report.entries, entries.length - 4);
  t.deepEqual(
    report.gaps.map(({ from, to }) => [from, to]),
    [[torn.seq, null]],
  );
  nothingInvented(t, used, tree, entries, new Set(entries.slice(-4).map(({ seq }) => seq)), 'torn');
});

/** A journal of several segments is harmed as a whole. */
const harm: Readonly<Record<string, (store: MemoryObjects, segments: readonly string[]) => void>> = {
  'a segment in the middle is missing': (store, segments) => store.objects.delete(`${metadataPool}/${segments[segments.length >> 1]}`),
  'two segments in the middle are missing': (store, segments) => {
    for (const object of segments.slice(3, 5)) store.objects.delete(`${metadataPool}/${object}`);
  },
  'the first segment is missing': (store, segments) => store.objects.delete(`${metadataPool}/${segments[0]}`),
  'the header of a segment is damaged': (store, segments) => spoil(store, segments[2] as string, 21),
  'a segment is cut short': (store, segments) => {
    const stored = store.object(metadataPool, segments[2] as string);
    if (stored !== undefined) stored.data = Buffer.from(stored.data.subarray(0, stored.data.length >> 1));
  },
  'a segment is empty': (store, segments) => {
    const stored = store.object(metadataPool, segments[2] as string);
    if (stored !== undefined) stored.data = Buffer.alloc(0);
  },
  'the middle of a segment is zeros': (store, segments) => {
    const stored = store.object(metadataPool, segments[2] as string);
    if (stored !== undefined) stored.data = Buffer.from(stored.data).fill(0, 64, 1_000);
  },
  'the head is damaged': (store) => spoil(store, 'journal.head', 30),
  'the head is missing': (store) => store.objects.delete(`${metadataPool}/journal.head`),
  'the head and a segment are damaged': (store, segments) => {
    spoil(store, 'journal.head', 30);
    spoil(store, segments[3] as string, 90);
  },
  'two entries of one segment are damaged': (store, segments) => {
    const inside = journalEntries(store).filter(({ object }) => object === segments[2]);
    for (const entry of [inside[0], inside[2]]) if (entry !== undefined) spoil(store, entry.object, entry.at + 9);
  },
};

for (const [what, act] of Object.entries(harm)) {
  test(`journal repair: ${what} → all that can be read is applied`, async (t) => {
    const used = await usedFilesystem({ segments: true });
    expectErrors(used);
    await used.fixture.until(used.fixture.rank.stop(false));
    const store = used.fixture.store.clone();
    const entries = journalEntries(store);
    const segments = journalObjects(store);
    t.true(segments.length > 6, segments.join());
    act(store, segments);
    const { report, tree } = await repaired(t, used, store, what);
    t.true(report.gaps.length > 0);
    const lost = new Set(
      report.gaps.flatMap(({ from, to }) => entries.map(({ seq }) => seq).filter((seq) => seq >= from && seq <= (to ?? seq))),
    );
    nothingInvented(t, used, tree, entries, lost, what);
    t.is(report.entries, entries.length - lost.size, JSON.stringify(report.gaps));
    const there = new Set([...tree.values()].map(({ ino }) => ino));
    for (const ino of expected(used, entries, lost))
      t.true(there.has(ino), `inode ${ino.toString(16)} is lost: ${JSON.stringify(report.gaps)}`);
    if (lost.size === 0)
      t.deepEqual(
        [...tree].filter(([path]) => !path.startsWith('/lost+found')),
        [...used.last],
      );
  });
}

test('journal repair: an entry is damaged that was half written back → no inode is at two places', async (t) => {
  const used = await usedFilesystem();
  expectErrors(used);
  const { world } = used.fixture;
  await used.fixture.until(used.fixture.rank.stop(false));
  const entries = journalEntries(used.fixture.store);
  const config = { ...repairConfig, writeBackMs: 10, writeBackIntervalMs: 10 };
  let stale = 0;
  const divides = entries.find(({ entry }) => entry.changes.some(({ kind }) => kind === 'reshaped')) as StoredEntry;
  for (let changes = 1, turn = 0; changes < 80; changes += 3) {
    const half = used.fixture.store.clone();
    const dying = new RankFixture({ world, store: half, config, objects: { changesMax: changes } });
    void dying.rank.start().catch(() => undefined);
    await used.fixture.until(world.sleep(1_500));
    await used.fixture.until(dying.client.stop());
    void dying.rank.stop(false);
    if (firstSegmentOf(half) > firstSegmentOf(used.fixture.store)) break;
    for (const entry of [divides, entries[(turn += 7) % entries.length], entries[(turn += 7) % entries.length]] as StoredEntry[]) {
      const store = half.clone();
      spoil(store, entry.object, entry.at + 8 + (entry.length >> 1));
      const what = `${changes} changes, entry ${entry.seq}: ${entry.entry.changes.map(({ kind }) => kind).join(' ')}`;
      const { report, tree } = await repaired(t, used, store, what);
      stale += report.staleTotal;
      nothingInvented(t, used, tree, entries, new Set([entry.seq]), what);
      const inos = new Set([...tree.values()].map(({ ino }) => ino));
      for (const ino of expected(used, entries, new Set([entry.seq]))) t.true(inos.has(ino), `${what}: inode ${ino.toString(16)} is lost`);
    }
  }
  t.true(stale > 0);
});

test('journal repair: killed at any change and begun again → the same end', async (t) => {
  const used = await usedFilesystem();
  expectErrors(used);
  const { world } = used.fixture;
  await used.fixture.until(used.fixture.rank.stop(false));
  const entries = journalEntries(used.fixture.store);
  const broken = used.fixture.store.clone();
  const entry = entries.find(({ entry: { changes } }) => changes.filter(({ kind }) => kind === 'remove').length > 0) as StoredEntry;
  spoil(broken, entry.object, entry.at + 8 + (entry.length >> 1));
  const whole = await repaired(t, used, broken.clone(), 'whole');
  for (let changes = 1; changes < 40; changes += 3) {
    const store = broken.clone();
    const dying = new RankFixture({ world, store, config: repairConfig, objects: { changesMax: changes } });
    await used.fixture.until(dying.rank.start().catch((error: unknown) => dying.rank.giveUp(toFsError(error))));
    dying.rank.repair.order('recover', false);
    await used.fixture.until(world.sleep(1_500));
    if (!dying.rank.repair.status.running) {
      dying.rank.repair.order('reset', false);
      await used.fixture.until(world.sleep(1_500));
    }
    if (!dying.client.dead) break;
    await used.fixture.until(dying.client.stop());
    // The head may have been written already.
    const begun = new RankFixture({ world, store: store.clone(), config: repairConfig });
    const isWhole = await used.fixture.until(
      begun.rank.start().then(
        () => true,
        () => false,
      ),
    );
    await used.fixture.until(begun.rank.stop(false));
    if (isWhole) continue;
    const { tree } = await repaired(t, used, store, `${changes} changes`);
    t.deepEqual([...tree], [...whole.tree], `${changes} changes`);
  }
});

test('journal repair: an attribute holds what looks like an entry, and the entry around it is damaged → it is not taken for one', async (t) => {
  const used = await usedFilesystem();
  expectErrors(used);
  const { fixture, client } = used;
  const { journal } = fixture.rank;
  const writer = new BinaryWriter();
  const forged = { kind: 'remove', directory: 1, name: 'outer' as ByteString, unstored: false } as const;
  for (const seq of [journal.seq + 2, 2 ** 50]) writeEntry(writer, seq, 0, { mark: undefined, changes: [forged] });
  const value = Buffer.concat([writer.take(), Buffer.alloc(64)]);
  const file = [...used.last].find(([path]) => path === '/c/in-c')?.[1].ino ?? 0;
  const { seq } = journal;
  await client.request('setXattr', { ino: file, name: bytes('user.x'), value });
  for (const last of ['one', 'two']) await client.create(1, last);
  await client.flush();
  await fixture.until(fixture.rank.stop(false));
  const store = fixture.store.clone();
  const entry = journalEntries(store).find((each) => each.seq === seq + 1) as StoredEntry;
  // Its length: what comes next is to be looked for.
  spoil(store, entry.object, entry.at + 2);
  const { report, tree } = await repaired(t, used, store, 'forged');
  t.deepEqual(
    report.gaps.map(({ from, to }) => [from, to]),
    [[entry.seq, entry.seq]],
  );
  for (const path of ['/outer', '/one', '/two']) t.true(tree.has(path), path);
});

test('journal repair: a directory was moved into itself, when what moved the other is lost → both are in /lost+found', async (t) => {
  const used = await usedFilesystem();
  expectErrors(used);
  const { fixture, client } = used;
  // Deeper by one than what the second rename tells of, as it tells of what it changes.
  const above = recordOf(await client.mkdir(1, 'above')).ino;
  const below = recordOf(await client.mkdir(above, 'below')).ino;
  const deep = recordOf(await client.mkdir(below, 'deep')).ino;
  const { ino } = recordOf(await client.create(deep, 'precious'));
  await client.flush();
  await fixture.until(fixture.world.sleep(200));
  const { seq } = fixture.rank.journal;
  await client.request('rename', { parent: above, name: bytes('below'), newParent: 1, newName: bytes('below') });
  await client.request('rename', { parent: 1, name: bytes('above'), newParent: deep, newName: bytes('above') });
  await client.flush();
  await fixture.until(fixture.rank.stop(false));
  const store = fixture.store.clone();
  const entry = journalEntries(store).find(
    (each) => each.seq > seq && each.entry.changes.some(({ kind }) => kind === 'remove'),
  ) as StoredEntry;
  spoil(store, entry.object, entry.at + 8 + (entry.length >> 1));
  const looking = await damagedLife(fixture.world, store.clone());
  t.true((await repair(looking, 'inspect')).paths.some((path) => path.endsWith('/precious')));
  const { tree } = await repaired(t, used, store, 'circle');
  const found = [...tree].find(([, { ino: each }]) => each === ino)?.[0];
  t.regex(found ?? '', /^\/lost\+found\/.*\/precious$/);
});

test('journal repair: the removal of a file is lost, and not that it is gone → it does not come back', async (t) => {
  const config = { ...repairConfig, purgeGraceMs: 0 };
  for (const isStored of [false, true]) {
    const what = isStored ? 'stored' : 'in the journal';
    let fixture = await new RankFixture({ config }).start();
    fixture.world.logs.expectError(/metadata is damaged|cannot be written back|cannot be read/);
    let client = await fixture.connect(50);
    const made = await client.create(1, 'x');
    await client.create(1, 'stays');
    client.release([givenBy(made)]);
    await client.flush();
    if (isStored) {
      await fixture.until(fixture.rank.stop(true));
      fixture = await nextLife(fixture, config);
      client = await fixture.connect(51);
    }
    const { seq } = fixture.rank.journal;
    await client.request('unlink', { parent: 1, name: bytes('x') });
    await client.flush();
    await fixture.until(fixture.world.sleep(1_000));
    await fixture.until(fixture.rank.stop(false));
    const store = fixture.store.clone();
    const entries = journalEntries(store);
    const isGone = ({ entry }: StoredEntry): boolean =>
      entry.changes.some((change) => change.kind === 'forget' && change.ino === recordOf(made).ino);
    t.true(entries.some(isGone), what);
    const removal = entries.find((each) => each.seq > seq && each.entry.changes.some(({ kind }) => kind === 'remove')) as StoredEntry;
    t.false(isGone(removal));
    spoil(store, removal.object, removal.at + 8 + (removal.length >> 1));
    const damaged = await damagedLife(fixture.world, store, config);
    t.deepEqual((await repair(damaged, 'recover')).stale, ['/x'], what);
    await repair(damaged, 'reset');
    const next = await nextLife(damaged, config);
    await scrub(next, true);
    t.deepEqual((await scrub(next, false)).findings, [], what);
    t.deepEqual([...(await treeOf(next, await next.connect(90))).keys()], ['/stays'], what);
  }
});

test('journal repair: that a directory was divided is lost, and not what came after → all of its names are there', async (t) => {
  const undivided = { ...repairConfig, fragmentSplitNames: 1_000 };
  let fixture = await new RankFixture({ config: undivided }).start();
  fixture.world.logs.expectError(/metadata is damaged|cannot be written back|cannot be read/);
  let client = await fixture.connect(50);
  const { ino } = recordOf(await client.mkdir(1, 'd'));
  for (let i = 0; i < 30; i++) await client.create(ino, `n${i}`);
  await client.flush();
  await fixture.until(fixture.rank.stop(true));
  fixture = await nextLife(fixture);
  client = await fixture.connect(51);
  // Read, it is found to be too large.
  const whole = await treeOf(fixture, client);
  t.is(whole.size, 31);
  await fixture.until(fixture.world.sleep(500));
  await client.request('setXattr', { ino, name: bytes('user.x'), value: bytes('y') });
  await client.flush();
  await fixture.until(fixture.rank.stop(false));
  const entries = journalEntries(fixture.store);
  const divided = entries.filter(({ entry }) => entry.changes.some(({ kind }) => kind === 'reshaped'));
  t.true(divided.length > 0);
  const { world } = fixture;
  // Some of it may have been written back, up to all of its old object being gone.
  for (let changes = 0; changes < 40; changes += 3) {
    const half = fixture.store.clone();
    const config = { ...repairConfig, writeBackMs: 10, writeBackIntervalMs: 10 };
    if (changes > 0) {
      const dying = new RankFixture({ world, store: half, config, objects: { changesMax: changes } });
      void dying.rank.start().catch(() => undefined);
      await fixture.until(world.sleep(1_500));
      await fixture.until(dying.client.stop());
      void dying.rank.stop(false);
    }
    if (firstSegmentOf(half) > firstSegmentOf(fixture.store)) break;
    for (const { object, at, length } of divided) spoil(half, object, at + 8 + (length >> 1));
    const damaged = await damagedLife(world, half);
    await repair(damaged, 'recover');
    await repair(damaged, 'reset');
    const next = await nextLife(damaged);
    await scrub(next, true);
    await scrub(next, true);
    t.deepEqual((await scrub(next, false)).findings, [], `${changes} changes`);
    t.deepEqual([...(await treeOf(next, await next.connect(90))).keys()].sort(), [...whole.keys()].sort(), `${changes} changes`);
  }
});

test('journal repair: nothing has been recovered → the journal is not begun anew, unless that is meant; its segments are kept', async (t) => {
  const used = await usedFilesystem();
  expectErrors(used);
  await used.fixture.until(used.fixture.rank.stop(false));
  const store = used.fixture.store.clone();
  const [first] = journalEntries(store);
  spoil(store, (first as StoredEntry).object, (first as StoredEntry).at + 5);
  const names = journalObjects(store);
  const bytesOf = (object: string): string | undefined => store.object(metadataPool, object)?.data.toString('hex');
  const before = names.map(bytesOf);
  const damaged = await damagedLife(used.fixture.world, store);
  const { changes } = store;
  await t.throwsAsync(repair(damaged, 'reset'), { message: /recover them first/ });
  t.is(store.changes, changes);
  const { kept } = await repair(damaged, 'reset', true);
  t.deepEqual(
    kept,
    names.map((name) => `damaged.${name}`),
  );
  t.deepEqual(kept.map(bytesOf), before);
  const next = await nextLife(damaged);
  await scrub(next, true);
  t.is((await scrub(next, false)).errors, 0);
});

test('journal repair: a rank that serves → looked at only', async (t) => {
  const { fixture } = await usedFilesystem();
  for (const action of ['recover', 'reset', 'reset-sessions', 'reset-numbers'])
    t.throws(() => fixture.rank.repair.order(action, true), { code: 'EBUSY', message: /not damaged \(active\)/ });
  t.throws(() => fixture.rank.repair.order('start', true), { code: 'EINVAL' });
  t.throws(() => fixture.rank.repair.requireDamaged(), { code: 'EBUSY' });
  const { gaps, entries } = await repair(fixture, 'inspect');
  t.deepEqual(gaps, []);
  t.is(entries, journalEntries(fixture.store).length);
});
