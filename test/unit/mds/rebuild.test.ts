import test, { type ExecutionContext } from 'ava';
import type { ByteString } from '../../../common/maps/ids.ts';
import { backtraceXattr, encodeBacktrace, type Home } from '../../../mds/client/backtrace.ts';
import { dataObject } from '../../../mds/client/data-objects.ts';
import { FileType } from '../../../mds/client/file-mode.ts';
import { inoKey } from '../../../mds/core/block-table.ts';
import { Inode, inosOf, SystemIno, type Dentry } from '../../../mds/core/inode.ts';
import { recordObject } from '../../../mds/core/record-table.ts';
import { shelfName } from '../../../mds/core/shelf-name.ts';
import { BinaryWriter } from '../../../mds/store/binary.ts';
import { decodeNumber, encodeRecord } from '../../../mds/store/table-codec.ts';
import { SimWorld } from '../../../common/runtime/sim/world.ts';
import { damagedLife, nextLife, repair, repairConfig, scrub } from '../../support/journal-repair.ts';
import { dataPool, metadataPool, RankFixture } from '../../support/mds-rank.ts';
import { MemoryObjects } from '../../support/memory-objects.ts';

const first = SystemIno.firstFree;
const root = SystemIno.root;

function name(text: string): ByteString {
  return text as ByteString;
}

function home(directory: number, text: string, version: number): Home {
  return { directory, name: name(text), version };
}

/** A data pool, made by hand. */
class Data {
  readonly store = new MemoryObjects();
  readonly #writer = new BinaryWriter();

  object(ino: number, index: number, bytes: number, xattrs: readonly (readonly [string, Buffer])[] = []): this {
    const made = { data: Buffer.alloc(bytes, 7), xattrs: new Map(xattrs), omap: new Map<string, Buffer>(), counter: 1 };
    this.store.objects.set(`${dataPool}/${dataObject(ino, index)}`, made);
    return this;
  }

  /** With one object, which says where it is. */
  file(ino: number, bytes: number, lineage: readonly Home[], mode = 0o640): this {
    const backtrace = { ino, mode: FileType.regular | mode, uid: 7, gid: 8, layout: null, lineage };
    return this.object(ino, 0, bytes, [[backtraceXattr, encodeBacktrace(backtrace)]]);
  }

  record(directory: number, text: string, inode: Inode): this {
    const key = `${dataPool}/${recordObject(inode.ino)}`;
    const object = this.store.objects.get(key) ?? { data: Buffer.alloc(0), xattrs: new Map(), omap: new Map<string, Buffer>(), counter: 1 };
    const dentry: Dentry = { directory, name: name(text), position: 20, inode, remoteIno: 0, remoteType: 0, stored: true, removed: false };
    object.omap.set(inoKey(inode.ino), encodeRecord(this.#writer, dentry));
    this.store.objects.set(key, object);
    return this;
  }

  directory(ino: number, parent: number, text: string, version = 5): this {
    return this.record(parent, text, inodeOf(ino, FileType.directory | 0o755, version));
  }
}

function inodeOf(ino: number, mode: number, version: number): Inode {
  const inode = new Inode(ino, mode);
  inode.version = version;
  return inode;
}

/** What is there when it was rebuilt, by path; a scrub has found nothing. */
async function rebuilt(t: ExecutionContext, data: Data) {
  const world = new SimWorld({ seed: 'rebuild' });
  world.logs.expectError(/what the rank needs is damaged/);
  const damaged = await damagedLife(world, data.store);
  const looked = await repair(damaged, 'look-at-data');
  t.deepEqual(data.store.names(metadataPool), []);
  const report = await repair(damaged, 'rebuild');
  t.deepEqual(
    [looked.files, looked.directories - Number(looked.lost < report.lost)],
    [report.files, report.directories - Number(looked.lost < report.lost)],
  );
  const next = await nextLife(damaged);
  const { findings } = await scrub(next, false);
  t.deepEqual(findings, []);
  const client = await next.connect(90);
  const tree = await next.tree(client);
  await next.until(next.rank.stop(true));
  return { report, tree, store: data.store, firstIno: client.nextIno };
}

test('rebuild: files that only their first objects tell of → where these say, with directories that their owner alone may enter', async (t) => {
  const [top, below, a, b, c, d] = [first + 1, first + 2, first + 3, first + 4, first + 5, first + 6];
  const data = new Data()
    .file(a, 100, [home(below, 'a', 0), home(top, 'below', 2), home(root, 'top', 3)])
    .file(b, 1, [home(below, 'b', 4), home(top, 'below', 2)], 0o755)
    .object(c, 2, 10)
    .object(d, 0, 10, [[backtraceXattr, Buffer.from('nonsense')]]);
  const { report, tree } = await rebuilt(t, data);
  t.is(tree.get('/top/below/a'), `${a.toString(16)} 100640 n1 s100 7:8`);
  t.is(tree.get('/top/below/b'), `${b.toString(16)} 100755 n1 s1 7:8`);
  t.is(tree.get('/top'), `${top.toString(16)} 40700 n3 s0 0:0`);
  t.is(tree.get(`/lost+found/${c.toString(16)}`), `${c.toString(16)} 100600 n1 s${(8 << 20) + 10} 0:0`);
  t.is(tree.get(`/lost+found/${d.toString(16)}`), `${d.toString(16)} 100600 n1 s10 0:0`);
  t.deepEqual([report.files, report.lost, report.unreadableTotal, tree.size], [4, 2, 1, 7]);
  t.regex(report.unreadable[0] ?? '', new RegExp(`^${dataObject(d, 0)}: .*damaged`));
});

test('rebuild: names of different times → the newest of each; records before what is older, deleted files do not come back', async (t) => {
  const [d1, d2, moved, f, g, h, dead] = [first + 1, first + 2, first + 3, first + 4, first + 5, first + 6, first + 7];
  const data = new Data()
    .directory(d1, root, 'one')
    .directory(d2, root, 'two')
    // Written before the directory moved, and after: at first by name only.
    .file(f, 1, [home(moved, 'f', 1), home(d1, 'old', 3), home(root, 'one', 1)])
    .file(g, 1, [home(moved, 'g', 1), home(d2, 'new', 9), home(root, 'elsewhere', 2)])
    .file(h, 1, [home(d1, 'before', 4)])
    .record(d2, 'after', inodeOf(h, FileType.regular | 0o600, 6))
    .file(dead, 10, [home(d1, 'dead', 1)])
    .record(inosOf(0).strays, shelfName(dead), inodeOf(dead, FileType.regular | 0o600, 2));
  const { report, tree, store } = await rebuilt(t, data);
  t.deepEqual([...tree.keys()].sort(), ['/one', '/two', '/two/after', '/two/new', '/two/new/f', '/two/new/g']);
  t.is(tree.get('/two/after')?.split(' ')[1], '100600');
  t.deepEqual([report.strays, report.lost], [1, 0]);
  t.false(store.names(dataPool).includes(dataObject(dead, 0)));
});

test('rebuild: directories in a circle, several claims to one name, a directory of which nothing is known → nothing is lost', async (t) => {
  const [a, b, one, two, file, older, younger, child] = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => first + n);
  const data = new Data()
    .directory(a as number, b as number, 'a')
    .directory(b as number, a as number, 'b')
    .directory(one as number, root, 'same')
    .directory(two as number, root, 'same')
    .file(file as number, 3, [home(root, 'same', 4)])
    .file(older as number, 1, [home(root, 'twice', 4)])
    .file(younger as number, 2, [home(root, 'twice', 1)])
    .file(child as number, 1, [home(first + 99, 'child', 1)]);
  const { report, tree } = await rebuilt(t, data);
  const hex = (n: number | undefined): string => (n ?? 0).toString(16);
  t.is(tree.get('/same')?.split(' ')[0], hex(two));
  t.is(tree.get('/twice')?.split(' ')[0], hex(younger));
  for (const each of [one, file, older]) t.true(tree.has(`/lost+found/${hex(each)}`), hex(each));
  t.true(tree.has(`/lost+found/${hex(first + 99)}/child`));
  t.true(tree.has(`/lost+found/${hex(a)}/b`) || tree.has(`/lost+found/${hex(b)}/a`));
  t.is(report.displaced, 2);
});

test('rebuild: numbers → go on above all that anything tells of, of other ranks too', async (t) => {
  const [second] = [inosOf(1).firstFree + 500];
  const data = new Data().file(first + 5, 1, [home(root, 'a', 1)]).file(second, 1, [home(first + 900, 'b', 1), home(root, 'd', 1)]);
  const { report, store, firstIno } = await rebuilt(t, data);
  t.true(report.nextIno > first + 900);
  t.true(firstIno >= report.nextIno);
  const other = store.object(metadataPool, 'rank1.values')?.omap.get('next-ino');
  t.true(decodeNumber(other ?? Buffer.alloc(0), 'it') > second);
});

test('rebuild: it dies after each change → ordered once more it ends the same', async (t) => {
  const make = (): Data => {
    const data = new Data().directory(first + 1, root, 'one').directory(first + 2, first + 1, 'two');
    for (let n = 3; n < 8; n++) data.file(first + n, n, [home(first + (n % 2) + 1, `f${n}`, 1)]);
    return data
      .object(first + 9, 1, 4)
      .record(root, 'link', Object.assign(inodeOf(first + 10, FileType.symlink | 0o777, 1), { symlink: Buffer.from('x') }));
  };
  const { tree } = await rebuilt(t, make());
  t.is(tree.size, 10);
  for (let changesMax = 1; ; changesMax++) {
    const { store } = make();
    const world = new SimWorld({ seed: `dies ${changesMax}` });
    world.logs.expectError(/what the rank needs is damaged/);
    const dying = new RankFixture({ world, store, config: repairConfig, objects: { changesMax } });
    await t.throwsAsync(dying.until(dying.rank.start()), { code: 'EILSEQ' });
    dying.rank.giveUp({ message: 'damaged' } as never);
    dying.rank.repair.order('rebuild', false);
    await dying.until(world.sleep(5_000));
    if (!dying.rank.repair.status.running) {
      t.true(changesMax > 10, `${changesMax} changes`);
      t.log(`${changesMax - 1} places to die`);
      return;
    }
    let next: RankFixture;
    if (store.object(metadataPool, 'journal.head') === undefined) {
      const damaged = await damagedLife(world, store);
      await repair(damaged, 'rebuild');
      next = await nextLife(damaged);
    } else {
      next = await new RankFixture({ world, store, config: repairConfig }).start();
      await next.until(world.sleep(200));
    }
    t.deepEqual((await scrub(next, false)).findings, [], `${changesMax}`);
    t.deepEqual(await next.tree(await next.connect(91)), tree, `${changesMax}`);
    await next.until(next.rank.stop(true));
  }
});

test('rebuild: a rank that is served, metadata that is not to be lost, another rank that is served → refused', async (t) => {
  const served = await new RankFixture({ config: repairConfig }).start();
  const client = await served.connect(80);
  await client.mkdir(root, 'here');
  await served.until(served.rank.stop(true));
  const again = await new RankFixture({ world: served.world, store: served.store, config: repairConfig }).start();
  t.throws(() => again.rank.repair.order('rebuild', true), { code: 'EBUSY' });
  await served.until(again.rank.stop(true));
  served.world.logs.expectError(/what the rank needs is damaged/);
  served.store.objects.delete(`${metadataPool}/journal.head`);
  const damaged = await damagedLife(served.world, served.store);
  const there = served.store.names(metadataPool);
  await t.throwsAsync(repair(damaged, 'rebuild'), { message: /the metadata pool is not empty/ });
  t.deepEqual(served.store.names(metadataPool), there);
  const beside = new RankFixture({
    world: served.world,
    store: served.store.clone(),
    config: repairConfig,
    rank: { ranks: () => 2, isServed: (rank) => rank === 1 },
  });
  await t.throwsAsync(beside.until(beside.rank.start()), { code: 'EILSEQ' });
  beside.rank.giveUp({ message: 'damaged' } as never);
  await t.throwsAsync(repair(beside, 'rebuild', true), { message: /rank 1 is served/ });
  // What is there of records is enough: it had been written back.
  await repair(damaged, 'rebuild', true);
  const next = await nextLife(damaged);
  t.deepEqual([...(await next.tree(await next.connect(81))).keys()], ['/here']);
});
