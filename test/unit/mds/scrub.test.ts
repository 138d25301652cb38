import test from 'ava';
import type { FsScrubStatus } from '../../../common/wire/gen/messages.ts';
import type { ByteString } from '../../../common/maps/ids.ts';
import type { Inode } from '../../../mds/core/inode.ts';
import { dataPool, givenBy, metadataPool, recordOf, RankFixture, type RankClient } from '../../support/mds-rank.ts';

const config = { writeBackIntervalMs: 10, writeBackMs: 20, journalDelayMs: 0, recursiveDelayMs: 20 };

/** `/d` with files, subdirectories, and a file of three names; all written back. */
async function tree(fixture: RankFixture): Promise<RankClient> {
  const client = await fixture.connect(50);
  const d = recordOf(await client.mkdir(1, 'd')).ino;
  const sub = recordOf(await client.mkdir(d, 'sub')).ino;
  for (let i = 0; i < 20; i++) await client.create(i % 3 === 0 ? sub : d, `f${i}`);
  const { ino } = recordOf(await client.create(d, 'linked'));
  await client.request('link', { ino, parent: d, name: Buffer.from('second') });
  await client.request('link', { ino, parent: sub, name: Buffer.from('third') });
  await client.flush();
  return client;
}

/** The client gives back whatever it is asked for, a moment later. */
function answerRecalls(fixture: RankFixture, client: RankClient): void {
  client.onRecall = ({ ino, seq }) => fixture.env.clock.setTimer(1, () => void client.capUpdate({ ino, seq, caps: 0 }));
}

let orders = 0;

async function scrub(fixture: RankFixture, options: { readonly path?: string; readonly repair?: boolean } = {}): Promise<FsScrubStatus> {
  const id = ++orders;
  fixture.rank.scrub.order({ id, action: 'start', path: options.path ?? '/', repair: options.repair ?? false, ranks: 1 });
  for (;;) {
    const { status } = fixture.rank.scrub;
    if (status?.order === id && status.endedMs > 0) return status;
    await fixture.until(fixture.world.sleep(10));
  }
}

test('scrub: a whole tree, in memory and after a restart → everything was looked at, nothing is wrong', async (t) => {
  const fixture = await new RankFixture({ config }).start();
  await tree(fixture);
  const first = await scrub(fixture);
  t.deepEqual(first.findings, []);
  t.is(first.state, 'done');
  t.is(first.errors, 0);
  t.deepEqual([first.directories, first.names, first.linked], [3, 1 + 1 + 20 + 3, 1]);
  await fixture.until(fixture.rank.stop(true));
  const second = await new RankFixture({ world: fixture.world, store: fixture.store, config: { ...config, cacheEntriesMax: 16 } }).start();
  const again = await scrub(second);
  t.deepEqual(again.findings, []);
  t.deepEqual([again.directories, again.names, again.linked], [3, 1 + 1 + 20 + 3, 1]);
});

test('scrub: a file of several names that is in the journal only, read again → looked at too', async (t) => {
  const unwritten = { ...config, writeBackMs: 3_600_000, reconnectMs: 100, sessionLeaseMs: 100 };
  const first = await new RankFixture({ config: unwritten }).start();
  await tree(first);
  await first.until(first.rank.stop(false));
  const second = await new RankFixture({ world: first.world, store: first.store, config: unwritten }).start();
  await second.until(second.world.sleep(1_000));
  t.is(second.rank.state, 'active');
  const { findings, linked } = await scrub(second);
  t.deepEqual([findings, linked], [[], 1]);
});

/** Changes what is in memory, as a bug would. */
function spoil(fixture: RankFixture, ino: number, change: (inode: Inode) => void): void {
  const { core } = fixture.rank;
  const inode = core.cache.inode(ino);
  change(inode);
  if (inode.dentry !== undefined) core.commit([{ kind: 'set', dentry: inode.dentry }]);
}

const faults: Readonly<
  Record<string, { readonly spoil: (inode: Inode) => void; readonly of: 'd' | 'f1' | 'linked'; readonly says: RegExp }>
> = {
  'a directory’s entries': { of: 'd', spoil: (inode) => inode.entries++, says: /^\/d: entries 17 instead of 16$/ },
  'recursive counts': {
    of: 'd',
    spoil: (inode) => (inode.recursive = { bytes: 7, files: 1, subdirs: 9, ctime: null }),
    says: /^\/d: recursive bytes 7 instead of 0, recursive files 1 instead of 15, recursive subdirectories 9 instead of 1$/,
  },
  'a directory’s parent': { of: 'd', spoil: (inode) => (inode.parent = 77), says: /^\/d: its parent is said to be 4d$/ },
  'links of a file with one name': { of: 'f1', spoil: (inode) => (inode.nlink = 3), says: /it has one name, and is said to have 3/ },
  'a name that a linked inode remembers and that is not there': {
    of: 'linked',
    spoil: (inode) => {
      inode.nlink++;
      inode.names = [...inode.names, { directory: 1, name: 'nothing' as ByteString }];
    },
    says: /names that it should have are missing: "nothing" in directory 1$/,
  },
  'all names that a linked inode remembers': {
    of: 'linked',
    spoil: (inode) => (inode.names = inode.names.map(({ name }) => ({ directory: 1, name }))),
    says: /names that it should have are missing: "linked" in directory 1, "second" in directory 1, "third" in directory 1$/,
  },
  'a name that a linked inode does not know': {
    of: 'linked',
    spoil: (inode) => {
      inode.nlink--;
      inode.names = inode.names.slice(0, -1);
    },
    says: /the name is not among the 2 of inode/,
  },
  'links of a file that does not remember all its names': {
    of: 'linked',
    spoil: (inode) => (inode.nlink = 5),
    says: /5 links instead of 3/,
  },
};

for (const [what, { of, spoil: change, says }] of Object.entries(faults)) {
  test(`scrub: wrong ${what} → found, mended by a repair, and right from then on`, async (t) => {
    const fixture = await new RankFixture({ config }).start();
    fixture.world.logs.expectError(/metadata is damaged/);
    const client = await tree(fixture);
    const parent = recordOf(await client.request('lookup', { parent: 1, name: Buffer.from('d') })).ino;
    const ino = of === 'd' ? parent : recordOf(await client.request('lookup', { parent, name: Buffer.from(of) })).ino;
    spoil(fixture, ino, change);
    const found = await scrub(fixture);
    t.is(found.repaired, 0);
    t.true(found.errors > 0);
    t.true(
      found.findings.some((line) => says.test(line)),
      found.findings.join('\n'),
    );
    t.is(fixture.rank.damage.count, found.errors);
    answerRecalls(fixture, client);
    const mended = await scrub(fixture, { repair: true });
    t.is(mended.repaired, mended.errors, mended.findings.join('\n'));
    t.true(mended.repaired > 0);
    t.is(fixture.rank.damage.count, 0);
    t.deepEqual((await scrub(fixture)).findings, []);
  });
}

test('scrub: a location that points elsewhere → found, mended', async (t) => {
  const first = await new RankFixture({ config }).start();
  await tree(first);
  await first.until(first.rank.stop(true));
  const fixture = await new RankFixture({ world: first.world, store: first.store, config }).start();
  fixture.world.logs.expectError(/metadata is damaged/);
  const object = first.store.names(metadataPool).find((name) => name.startsWith('locations.')) as string;
  const { omap } = first.store.object(metadataPool, object) as { readonly omap: Map<string, Buffer> };
  const [[one, place], [other]] = [...omap] as [[string, Buffer], [string]];
  omap.set(other, place);
  omap.delete(one);
  const found = await scrub(fixture);
  t.is(found.errors, 2, found.findings.join('\n'));
  t.true(found.findings.every((line) => line.includes('the table of locations')));
  t.is((await scrub(fixture, { repair: true })).repaired, 2);
  await fixture.until(fixture.world.sleep(1_000));
  t.deepEqual((await scrub(fixture)).findings, []);
});

test('scrub: objects of nothing → told; a repair puts them into /lost+found, not a byte is gone', async (t) => {
  const fixture = await new RankFixture({ config }).start();
  const client = await tree(fixture);
  const orphan = 0xffff0000001;
  const put = (index: number, text: string): void => {
    fixture.store.objects.set(`${dataPool}/${orphan.toString(16)}.${index.toString(16).padStart(8, '0')}`, {
      data: Buffer.from(text),
      xattrs: new Map(),
      omap: new Map(),
      counter: 1,
    });
  };
  answerRecalls(fixture, client);
  put(0, 'begin');
  put(2, 'the end');
  const found = await scrub(fixture);
  t.is(found.errors, 0);
  t.is(found.leftovers, 2);
  t.is((await scrub(fixture, { repair: true })).leftovers, 2);
  const after = await scrub(fixture);
  t.deepEqual(after.findings, []);
  const folder = recordOf(await client.request('lookup', { parent: 1, name: Buffer.from('lost+found') })).ino;
  const file = recordOf(await client.request('lookup', { parent: folder, name: Buffer.from(orphan.toString(16)) }));
  t.is(file.ino, orphan);
  t.is(file.size, 2 * 4_194_304 + 7);
  t.truthy(fixture.store.object(dataPool, `${orphan.toString(16)}.00000002`));
});

test('scrub: objects beyond a file’s end → told; a repair removes them', async (t) => {
  const fixture = await new RankFixture({ config }).start();
  const client = await tree(fixture);
  const { ino } = recordOf(await client.request('lookup', { parent: 1, name: Buffer.from('d') }));
  const file = givenBy(await client.request('lookup', { parent: ino, name: Buffer.from('f1') }));
  client.release([file]);
  const name = `${file.ino.toString(16)}.00000003`;
  fixture.store.objects.set(`${dataPool}/${name}`, { data: Buffer.from('late'), xattrs: new Map(), omap: new Map(), counter: 1 });
  const found = await scrub(fixture);
  t.deepEqual([found.errors, found.leftovers], [0, 1], found.findings.join('\n'));
  await scrub(fixture, { repair: true });
  await fixture.until(fixture.world.sleep(1_000));
  t.is(fixture.store.object(dataPool, name), undefined);
  t.deepEqual((await scrub(fixture)).findings, []);
});

test('scrub: a directory whose inode is lost → found; a repair gives it and all below it a place in /lost+found', async (t) => {
  const first = await new RankFixture({ config: { ...config, fragmentSplitNames: 4 } }).start();
  const before = await tree(first);
  await first.until(first.world.sleep(1_000));
  const whole = await first.tree(before);
  await first.until(first.rank.stop(true));
  // The name of /d goes, and with it the place of its inode.
  const root = first.store.object(metadataPool, '1.00000000') as { readonly omap: Map<string, Buffer> };
  root.omap.delete('d');
  const d = [...whole].find(([path]) => path === '/d')?.[1].split(' ')[0] as string;
  const block = first.store.object(metadataPool, `locations.${Math.floor(parseInt(d, 16) / 4096).toString(16)}`);
  block?.omap.delete(d.padStart(14, '0'));
  const fixture = await new RankFixture({ world: first.world, store: first.store, config: { ...config, fragmentSplitNames: 4 } }).start();
  fixture.world.logs.expectError(/metadata is damaged/);
  const found = await scrub(fixture);
  t.true(
    found.findings.some((line) => line.includes('a directory without an inode')),
    found.findings.join('\n'),
  );
  const mended = await scrub(fixture, { repair: true });
  t.is(mended.repaired, mended.errors, mended.findings.join('\n'));
  await fixture.until(fixture.world.sleep(1_000));
  t.deepEqual((await scrub(fixture)).findings, []);
  const client = await fixture.connect(51);
  const after = await fixture.tree(client);
  for (const [path, record] of whole) {
    if (path === '/d') continue;
    t.is(after.get(path.replace(/^\/d/, `/lost+found/${d}`)), record, path);
  }
});

test('scrub: paused, resumed, stopped → as ordered', async (t) => {
  const fixture = await new RankFixture({ config: { ...config, scrubPauseMs: 50 } }).start();
  await tree(fixture);
  const order = (action: string): void => fixture.rank.scrub.order({ id: ++orders, action, path: '/', repair: false, ranks: 1 });
  order('start');
  t.is(fixture.rank.scrub.status?.state, 'running');
  order('pause');
  await fixture.until(fixture.world.sleep(5_000));
  t.is(fixture.rank.scrub.status?.state, 'paused');
  order('resume');
  await fixture.until(fixture.world.sleep(60));
  t.is(fixture.rank.scrub.status?.state, 'running');
  order('stop');
  await fixture.until(fixture.world.sleep(1_000));
  t.is(fixture.rank.scrub.status?.state, 'stopped');
  t.is((await scrub(fixture, { path: '/nothing' })).state, 'failed');
});

const broken: Readonly<Record<string, (omap: Map<string, Buffer>) => boolean>> = {
  'a record of it is damaged': (omap) => {
    omap.get('f1')?.fill(0xee, 3, 6);
    return true;
  },
  'it is missing': () => false,
};

for (const [what, harm] of Object.entries(broken)) {
  test(`scrub: a directory cannot be read, ${what} → a repair keeps what can be; what is lost is set aside or found by its data`, async (t) => {
    const first = await new RankFixture({ config }).start();
    const client = await tree(first);
    const d = recordOf(await client.request('lookup', { parent: 1, name: Buffer.from('d') })).ino;
    const f1 = recordOf(await client.request('lookup', { parent: d, name: Buffer.from('f1') })).ino;
    await first.until(first.rank.stop(true));
    const object = `${d.toString(16)}.00000000`;
    const { omap } = first.store.object(metadataPool, object) as { readonly omap: Map<string, Buffer> };
    if (!harm(omap)) first.store.objects.delete(`${metadataPool}/${object}`);
    const data = { data: Buffer.from('precious'), xattrs: new Map<string, Buffer>(), omap: new Map<string, Buffer>(), counter: 1 };
    first.store.objects.set(`${dataPool}/${f1.toString(16)}.00000000`, data);
    const fixture = await new RankFixture({ world: first.world, store: first.store, config }).start();
    fixture.world.logs.expectError(/metadata is damaged/);
    t.true((await scrub(fixture)).errors > 0);
    const mended = await scrub(fixture, { repair: true });
    t.is(mended.repaired, mended.errors, mended.findings.join('\n'));
    await fixture.until(fixture.world.sleep(1_000));
    if (harm(new Map())) t.deepEqual([...(fixture.store.object(metadataPool, `damaged.${object}`)?.omap.keys() ?? [])], ['f1']);
    const again = await connected(fixture);
    const now = await again.fixture.tree(again);
    if (harm(new Map())) t.true(now.has('/d/f2') && !now.has('/d/f1'));
    t.true(now.has('/d'));
    const file = `/lost+found/${f1.toString(16)}`;
    t.regex(now.get(file) ?? '', / s8 /, [...now.keys()].join());
    t.deepEqual((await scrub(fixture)).findings, []);
  });
}

async function connected(fixture: RankFixture): Promise<RankClient> {
  const client = await fixture.connect(60);
  answerRecalls(fixture, client);
  return client;
}

test('scrub: of a part of the tree → what only a scrub of all compares stays known until one finds it right', async (t) => {
  const fixture = await new RankFixture({ config }).start();
  fixture.world.logs.expectError(/metadata is damaged/);
  const client = await tree(fixture);
  await fixture.until(fixture.world.sleep(1_000));
  const d = recordOf(await client.request('lookup', { parent: 1, name: Buffer.from('d') })).ino;
  const stranger = `${metadataPool}/${d.toString(16)}.03000001`;
  fixture.store.objects.set(stranger, { data: Buffer.alloc(0), xattrs: new Map(), omap: new Map(), counter: 1 });
  t.regex((await scrub(fixture)).findings.join(), /^\/d: the fragment is no part of its directory$/);
  t.deepEqual((await scrub(fixture, { path: '/d' })).findings, []);
  t.is(fixture.rank.damage.count, 1);
  fixture.store.objects.delete(stranger);
  t.deepEqual((await scrub(fixture)).findings, []);
  t.is(fixture.rank.damage.count, 0);
});

test('scrub: the record of an unlinked file is damaged → found, and known until it is right', async (t) => {
  const first = await new RankFixture({ config }).start();
  const client = await tree(first);
  await client.create(1, 'open');
  await client.request('unlink', { parent: 1, name: Buffer.from('open') });
  await client.flush();
  await first.until(first.rank.stop(true));
  const object = first.store.names(metadataPool).find((name) => name.startsWith('4.')) as string;
  const [[key, value]] = [...(first.store.object(metadataPool, object) as { readonly omap: Map<string, Buffer> }).omap] as [
    [string, Buffer],
  ];
  const good = Buffer.from(value);
  value.fill(0xee, 3, 6);
  const fixture = await new RankFixture({ world: first.world, store: first.store, config }).start();
  fixture.world.logs.expectError(/metadata is damaged/);
  for (let times = 0; times < 2; times++) {
    const found = await scrub(fixture);
    t.is(found.errors, 1, found.findings.join('\n'));
    t.regex(found.findings.join(), /^\[unlinked files\]: /);
    t.is(fixture.rank.damage.count, 1);
  }
  good.copy(value);
  t.true(first.store.object(metadataPool, object)?.omap.has(key));
  t.deepEqual((await scrub(fixture)).findings, []);
  t.is(fixture.rank.damage.count, 0);
});

test('damage: what is known of it cannot be read by the next MDS → that says so, and finds it again', async (t) => {
  const first = await new RankFixture({ config }).start();
  first.world.logs.expectError(/metadata is damaged/);
  first.rank.damage.note({ key: 'fragment 77', ino: 0x77, what: 'known' });
  first.rank.damage.note({ key: 'fragment 78', ino: 0x78, what: 'known too' });
  await first.until(first.world.sleep(1_000));
  await first.until(first.rank.stop(true));
  const { omap } = first.store.object(metadataPool, 'damage') as { readonly omap: Map<string, Buffer> };
  omap.get('fragment 77')?.fill(0xee, 3, 6);
  const fixture = await new RankFixture({ world: first.world, store: first.store, config }).start();
  t.deepEqual([...fixture.rank.damage.entries.keys()], ['fragment 78']);
  t.is(first.world.logs.matching(/^a record of what is known to be damaged cannot be read/).length, 1);
  t.is((await scrub(fixture)).errors, 0);
  t.is(fixture.rank.damage.count, 0, 'there are no such directories');
});
