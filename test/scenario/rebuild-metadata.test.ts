import test from 'ava';
import type { Paths } from '../../fuse-client/client/index.ts';
import { FileType, type RebuildReport } from '../../mds/client/index.ts';
import { scrubFilesystem } from '../sim/fs-scrub.ts';
import type { SimCluster } from '../sim/cluster.ts';
import { Admin } from '../support/admin.ts';
import { PoolObjects } from '../support/pool-objects.ts';
import { tell } from '../support/tell.ts';

const mdsConfig = { writeBackMs: 200, writeBackIntervalMs: 50, journalDelayMs: 5, purgeGraceMs: 100 };

/** Every path with what a user sees of it: kind and mode, owner, size, content, names, xattrs. */
async function treeOf(paths: Paths, path = '', out = new Map<string, string>()): Promise<Map<string, string>> {
  for (const name of await paths.readdir(`${path}/`)) {
    const at = `${path}/${name}`;
    const { mode, uid, gid, size, nlink } = await paths.lstat(at);
    const type = mode & FileType.mask;
    const content =
      type === FileType.regular ? digest(await paths.readFile(at)) : type === FileType.symlink ? await paths.readlink(at) : '';
    out.set(at, `${mode.toString(8)} ${uid}:${gid} ${type === FileType.directory ? '' : `${size} n${nlink}`} ${content}`);
    if (type === FileType.directory) await treeOf(paths, at, out);
  }
  return out;
}

function digest(data: Buffer): string {
  let sum = 0;
  for (const byte of data) sum = (sum * 31 + byte) >>> 0;
  return `${data.length}/${sum}`;
}

function pattern(length: number, seed: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, i) => (i * 7 + (i >> 9) + seed) & 255));
}

async function isDamaged(cluster: SimCluster): Promise<boolean> {
  return [...(await cluster.map()).mdss.values()].some(({ rank, state }) => rank === 0 && state === 'damaged');
}

async function isActive(cluster: SimCluster): Promise<boolean> {
  return [...(await cluster.map()).mdss.values()].some(({ rank, state }) => rank === 0 && state === 'active');
}

async function until(cluster: SimCluster, what: () => Promise<boolean>): Promise<void> {
  while (!(await what())) await cluster.world.sleep(200);
}

/** All that the metadata pool had is gone. */
async function loseMetadata(cluster: SimCluster): Promise<void> {
  cluster.crash('mds.a');
  const metadata = new PoolObjects(cluster, 'meta');
  for (const name of await metadata.names()) await metadata.remove(name);
  await cluster.boot('mds.a');
  await until(cluster, () => isDamaged(cluster));
}

/** Likewise; then it is rebuilt, and served again. */
async function loseAndRebuild(cluster: SimCluster): Promise<RebuildReport> {
  const admin = new Admin(cluster);
  await loseMetadata(cluster);
  const looked = (await admin.repair('look-at-data')) as RebuildReport;
  const report = (await admin.repair('rebuild')) as RebuildReport;
  for (const field of ['objects', 'files', 'bytes', 'directories', 'others', 'linked', 'strays'] as const)
    if (looked[field] !== report[field]) throw new Error(`${field}: ${looked[field]} by a look, ${report[field]} rebuilt`);
  await admin.repair('start');
  await until(cluster, () => isActive(cluster));
  return report;
}

test('rebuild: all of the metadata pool is lost → every path, size, mode and byte is there again, and a scrub finds nothing', async (t) => {
  await tell(
    'rebuild',
    async (cluster) => {
      cluster.world.logs.expectError(/what the rank needs is damaged/);
      const maker = await cluster.connect('maker');
      const { paths } = maker;
      await paths.mkdir('/deep/er/and/deeper/still', { recursive: true });
      for (let i = 0; i < 30; i++) await paths.writeFile(`/deep/er/and/deeper/still/file ${i}`, pattern(100 * i + 1, i));
      await paths.writeFile('/deep/large', pattern(9 << 20, 3));
      // Written, on the OSDs, then moved; and moved before it is written back.
      await paths.writeFile('/deep/before', 'moved file', { fsync: true });
      await cluster.world.sleep(3_000);
      await paths.rename('/deep/before', '/deep/er/after');
      await paths.writeFile('/deep/tmp', 'moved at once');
      await paths.rename('/deep/tmp', '/moved');
      // A directory moves, with all below it; and its old name is another's.
      await paths.mkdir('/here/below', { recursive: true });
      await paths.writeFile('/here/below/child', 'of a moved directory', { fsync: true });
      await cluster.world.sleep(3_000);
      await paths.rename('/here', '/deep/there');
      await paths.mkdir('/here');
      await paths.writeFile('/here/other', 'under the old name');
      // Laid out in stripes, by its directory and by itself.
      await paths.mkdir('/striped');
      await paths.setXattr('/striped', 'ceph.dir.layout', Buffer.from('stripe_unit=65536 stripe_count=3 object_size=131072'));
      await paths.writeFile('/striped/f', pattern(1_000_001, 9));
      // No first object; holes.
      const sparse = await paths.open('/no first object', 'w');
      await sparse.write(pattern(70_000, 5), 9 << 20);
      await sparse.close();
      const holes = await paths.open('/holes', 'w');
      await holes.write(pattern(5_000, 1), 0);
      await holes.write(pattern(5_000, 2), 13 << 20);
      await holes.close();
      await paths.writeFile('/ends with a hole', 'data');
      await paths.truncate('/ends with a hole', 11 << 20);
      await paths.writeFile('/was longer', 'data');
      await paths.truncate('/was longer', 11 << 20);
      await paths.writeFile('/hole', '');
      await paths.truncate('/hole', 6 << 20);
      // Several names, of which the first goes.
      await paths.writeFile('/first', 'of three names');
      await paths.link('/first', '/here/second');
      await paths.link('/first', '/deep/third');
      await paths.writeFile('/one', 'of two names');
      await paths.link('/one', '/two');
      await paths.unlink('/one');
      await cluster.world.sleep(2_000);
      await paths.unlink('/first');
      // What data cannot tell.
      await paths.writeFile('/empty', '');
      await paths.mkdir('/empty directory');
      await paths.symlink('deep/er', '/symbolic');
      await paths.writeFile('/secret', 'for its owner');
      await cluster.world.sleep(3_000);
      await paths.truncate('/was longer', 3);
      await paths.chmod('/secret', 0o600);
      await paths.chown('/secret', 1001, 1002);
      await paths.chmod('/deep/er', 0o750);
      await paths.setXattr('/secret', 'user.tag', Buffer.from('kept'));
      // Deleted, and replaced.
      await paths.writeFile('/gone', pattern(5 << 20, 1), { fsync: true });
      await paths.unlink('/gone');
      await paths.writeFile('/replaced', 'old', { fsync: true });
      await paths.writeFile('/new', 'new content', { fsync: true });
      await paths.rename('/new', '/replaced');
      await paths.mkdir('/removed');
      await cluster.world.sleep(2_000);
      await paths.rmdir('/removed');
      await cluster.world.sleep(8_000);
      const before = await treeOf(paths);
      const inos = new Map<string, number>();
      for (const path of before.keys()) inos.set(path, (await paths.lstat(path)).ino);
      await maker.stop();
      await cluster.world.sleep(2_000);

      const report = await loseAndRebuild(cluster);
      t.deepEqual(report.unreadable, []);
      t.deepEqual([report.lost, report.displaced, report.linked], [0, 0, 1]);
      const scrub = await scrubFilesystem(cluster);
      t.is(scrub.errors, 0, scrub.findings.join('\n'));
      const after = await cluster.connect('after');
      t.deepEqual(await treeOf(after.paths), before);
      for (const [path, ino] of inos) t.is<number, number>((await after.paths.lstat(path)).ino, ino, path);
      t.is((await after.paths.getXattr('/secret', 'user.tag')).toString(), 'kept');
      t.is((await after.paths.lstat('/holes')).blocks, 2 * 16);
      // New files get new numbers, and it is a filesystem like any other.
      await after.paths.writeFile('/made after', 'x', { fsync: true });
      const made: number = (await after.paths.stat('/made after')).ino;
      t.true(made > Math.max(...inos.values()));
      await after.paths.rename('/deep/there', '/back');
      t.is((await after.paths.readFile('/back/below/child')).toString(), 'of a moved directory');
      await cluster.world.sleep(3_000);
      const again = await treeOf(after.paths);
      await after.stop();
      await cluster.world.sleep(2_000);
      t.is((await loseAndRebuild(cluster)).lost, 0);
      t.deepEqual(await treeOf((await cluster.connect('last')).paths), again);
    },
    { mdsConfig },
  );
});

test('rebuild: a filesystem from before there was anything to rebuild it from, scrubbed with --repair → all of it', async (t) => {
  await tell(
    'from before',
    async (cluster) => {
      cluster.world.logs.expectError(/what the rank needs is damaged/);
      const { paths, stop } = await cluster.connect('maker');
      await paths.mkdir('/a/b', { recursive: true });
      for (let i = 0; i < 40; i++) await paths.writeFile(`/a/b/${i}`, pattern(i + 1, i), { fsync: true });
      await paths.writeFile('/a/empty', '');
      await paths.symlink('a/b', '/link');
      await paths.link('/a/b/7', '/seven');
      const before = await treeOf(paths);
      await stop();
      await cluster.world.sleep(3_000);
      // Another segment of the journal begins: those before go.
      await (await cluster.connect('later')).stop();
      await cluster.world.sleep(1_000);
      cluster.crash('mds.a');
      const data = new PoolObjects(cluster, 'data');
      let files = 0;
      for (const name of await data.names()) {
        if (name.startsWith('records.')) await data.remove(name);
        else if (++files > 0) await data.removeXattr(name, 'backtrace');
      }
      t.is(files, 40);
      await cluster.boot('mds.a');
      await until(cluster, () => isActive(cluster));
      await cluster.world.sleep(3_000);
      t.is(((await new Admin(cluster).repair('look-at-data')) as RebuildReport).lost, 40);
      t.is((await scrubFilesystem(cluster, { repair: true })).errors, 0);
      await cluster.world.sleep(3_000);
      t.is((await loseAndRebuild(cluster)).lost, 0);
      t.deepEqual(await treeOf((await cluster.connect('after')).paths), before);
    },
    { mdsConfig },
  );
});
