/**
 * Clients that die when what they have written is with the OSDs, and its size is not with the MDS.
 * @module
 */
import test, { type ExecutionContext } from 'ava';
import type { SimWorld } from '../../common/runtime/sim/world.ts';
import type { ConnectedFilesystem } from '../../fuse-client/client/index.ts';
import type { PathFile } from '../../fuse-client/client/path-file.ts';
import { Admin } from '../support/admin.ts';
import { dataObjects } from '../support/data-objects.ts';
import { tell } from '../support/tell.ts';
import { assertScrubClean } from '../sim/fs-scrub.ts';
import type { SimCluster, SimClusterOptions } from '../sim/cluster.ts';

const mebi = 1 << 20;
const block = 4096;
const seekData = 3;
const seekHole = 4;
/** A client that is silent is evicted soon; one that is to tell a size does so late. */
const impatient = {
  mdsConfig: { sessionLeaseMs: 5_000, reconnectMs: 5_000, recursiveDelayMs: 100 },
  clientConfig: { writeBackDelayMs: 5_000 },
};

interface Two {
  readonly cluster: SimCluster;
  readonly world: SimWorld;
  /** Who writes, and dies. */
  readonly a: ConnectedFilesystem;
  /** Who looks at what is left. */
  readonly b: ConnectedFilesystem;
}

/** A story of two clients, who have an empty directory `/d`. */
async function tellOfTwo(seed: number, story: (two: Two) => Promise<void>, options: Partial<SimClusterOptions> = {}): Promise<void> {
  await tell(
    seed,
    async (cluster) => {
      const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
      await a.paths.mkdir('/d');
      await story({ cluster, world: cluster.world, a, b });
    },
    { ...impatient, ...options },
  );
}

/** `/d/f`, of 100 MiB with nothing in it. */
async function hollow({ paths }: ConnectedFilesystem): Promise<PathFile> {
  const file = await paths.open('/d/f', 'w');
  await file.truncate(100 * mebi);
  await file.fsync();
  return file;
}

/** Files of which the OSDs are being asked how long they are. */
function doubtful(cluster: SimCluster): number | undefined {
  return cluster.mds('mds.a')?.rank?.core.doubtful.size;
}

/** Writes, and lets go out what goes out at once: whole blocks of 1 MiB. */
async function writeUntold({ world }: SimCluster, file: PathFile, bytes: Buffer, at?: number): Promise<void> {
  await file.write(bytes, at);
  await world.sleep(300);
}

/** Bytes of the file that the OSDs have stored. */
async function stored(file: PathFile): Promise<number> {
  let bytes = 0;
  for (let at = 0; ;) {
    const from = await file.seek(at, seekData).catch(() => undefined);
    if (from === undefined) return bytes;
    at = await file.seek(from, seekHole);
    bytes += Math.ceil(at / block) * block - from;
  }
}

/** Behind `told` bytes is what was written; where it had not gone out yet, zeros. */
function assertLeft(t: ExecutionContext, bytes: Buffer, told: number, letter: string): void {
  const code = letter.charCodeAt(0);
  t.true(bytes.subarray(told, mebi).every((byte) => byte === code || byte === 0));
  t.true(bytes.subarray(mebi).every((byte) => byte === code));
}

/** What is known of the file and its directory is what the OSDs have, and what it grows by is zeros. */
async function assertTrue(t: ExecutionContext, { world }: SimCluster, { paths }: ConnectedFilesystem, path: string): Promise<void> {
  const file = await paths.open(path, 'r+');
  const { size, blocks } = await file.stat();
  t.is(blocks * 512, await stored(file), 'st_blocks');
  await file.truncate(size + 2 * mebi);
  t.true(
    (await file.read(2 * mebi, size)).every((byte) => byte === 0),
    'what it grows by is zeros',
  );
  await file.truncate(size);
  await file.close();
  const directory = path.slice(0, path.lastIndexOf('/'));
  await world.sleep(2_000);
  let bytes = 0;
  for (const name of await paths.readdir(directory)) bytes += (await paths.stat(`${directory}/${name}`)).size;
  t.is(Number(await paths.getXattr(directory, 'nacre.dir.rbytes')), bytes, 'recursive bytes');
}

test('a dead writer: what it had on the OSDs and not told → is there for who reads next, and counts', async (t) => {
  await tellOfTwo(1, async ({ cluster, a, b }) => {
    const file = await a.paths.open('/d/f', 'w');
    await file.write('safe');
    await file.fsync();
    await writeUntold(cluster, file, Buffer.alloc(3 * mebi, 'x'));
    cluster.crashClient('a');
    const found = await b.paths.readFile('/d/f');
    t.is(found.length, 3 * mebi);
    t.is(found.toString('latin1', 0, 4), 'safe');
    assertLeft(t, found, 4, 'x');
    await assertTrue(t, cluster, b, '/d/f');
    await assertScrubClean(cluster);
  });
});

test('a dead writer: evicted by command, of a file that it had before → likewise, and it comes back to what is there', async (t) => {
  await tellOfTwo(2, async ({ cluster, world, a, b }) => {
    world.logs.expectError(/evicted before this was written|data not written/);
    await a.paths.writeFile('/d/f', 'old');
    // All is told by then, and no reach is left.
    await world.sleep(12_000);
    const file = await a.paths.open('/d/f', 'r+');
    await writeUntold(cluster, file, Buffer.alloc(5 * mebi, 'y'), 3);
    const admin = new Admin(cluster);
    await admin.evict(await admin.instanceOf('a'));
    const found = await b.paths.readFile('/d/f');
    t.is(found.length, 5 * mebi);
    assertLeft(t, found, 3, 'y');
    await assertTrue(t, cluster, b, '/d/f');
    t.is((await a.paths.stat('/d/f')).size, 5 * mebi);
    await file.close().catch(() => undefined);
  });
});

for (const [seed, mds, follow] of [
  [3, ['a'], 'that one again'],
  [4, ['a', 'b'], 'one that followed'],
] as const) {
  test(`a dead writer: the MDS dies at the same time, after it comes ${follow} → likewise`, async (t) => {
    await tellOfTwo(
      seed,
      async ({ cluster, world, a, b }) => {
        await a.paths.writeFile('/d/told', Buffer.alloc(mebi, 't'));
        await a.paths.writeFile('/d/old', 'old');
        await b.paths.stat('/d/told');
        await world.sleep(12_000);
        const made = await a.paths.open('/d/new', 'w');
        const old = await a.paths.open('/d/old', 'a');
        await writeUntold(cluster, made, Buffer.alloc(2 * mebi, 'n'));
        await writeUntold(cluster, old, Buffer.alloc(9 * mebi, 'o'));
        cluster.crashClient('a');
        cluster.crash('mds.a');
        if (mds.length === 1) await cluster.boot('mds.a');
        t.is((await b.paths.stat('/d/new')).size, 2 * mebi);
        const found = await b.paths.readFile('/d/old');
        t.is(found.length, 9 * mebi);
        assertLeft(t, found, 3, 'o');
        t.is((await b.paths.stat('/d/told')).size, mebi);
        await assertTrue(t, cluster, b, '/d/old');
        await assertScrubClean(cluster);
      },
      { mds },
    );
  });
}

test('a dead writer: filled holes far out, with others missing between → st_blocks and what is read agree', async (t) => {
  await tellOfTwo(5, async ({ cluster, a, b }) => {
    const file = await hollow(a);
    await writeUntold(cluster, file, Buffer.alloc(mebi, 1), 50 * mebi);
    await writeUntold(cluster, file, Buffer.alloc(mebi, 2), 2 ** 36);
    cluster.crashClient('a');
    const other = await b.paths.open('/d/f', 'r');
    t.is((await other.stat()).size, 2 ** 36 + mebi);
    t.is((await other.stat()).blocks * 512, 2 * mebi);
    t.true((await other.read(mebi, 50 * mebi)).every((byte) => byte === 1));
    t.true((await other.read(mebi, 60 * mebi)).every((byte) => byte === 0));
    await other.close();
    await assertTrue(t, cluster, b, '/d/f');
  });
});

test('a dead writer: dies in its turn to append → what it had not told is no record, and what follows is whole', async (t) => {
  await tellOfTwo(6, async ({ cluster, world, a, b }) => {
    const [mine, other] = [await a.paths.open('/d/f', 'a'), await b.paths.open('/d/f', 'a')];
    await mine.write('of a\n');
    await other.write('of b\n');
    await mine.write('of a again\n');
    // What it sends to the MDS is lost from here on: the record reaches the OSDs, and its end nobody.
    world.fabric.partition(['a'], ['mds.a']);
    const lost = mine.write(Buffer.alloc(6 * mebi, 'l')).then(
      () => 'written',
      () => 'refused',
    );
    await world.sleep(1_000);
    cluster.crashClient('a');
    world.fabric.heal();
    await other.write('of b again\n');
    t.is((await b.paths.readFile('/d/f')).toString(), 'of a\nof b\nof a again\nof b again\n');
    await assertTrue(t, cluster, b, '/d/f');
    void lost;
  });
});

test('a dead writer: of a file without a name, and of one that another unlinks meanwhile → nothing is left of them', async (t) => {
  await tellOfTwo(7, async ({ cluster, world, a, b }) => {
    const [gone, going] = [await a.paths.open('/d/gone', 'w'), await a.paths.open('/d/going', 'w')];
    await writeUntold(cluster, gone, Buffer.alloc(3 * mebi, 'x'));
    await a.paths.unlink('/d/gone');
    await writeUntold(cluster, going, Buffer.alloc(9 * mebi, 'x'));
    t.true((await dataObjects(cluster)) > 0);
    cluster.crashClient('a');
    await b.paths.unlink('/d/going');
    await world.sleep(120_000);
    t.is(await dataObjects(cluster), 0);
    t.is(Number(await b.paths.getXattr('/d', 'nacre.dir.rbytes')), 0);
  });
});

test('a dead writer: below a quota → what it left counts before others have its room', async (t) => {
  await tellOfTwo(8, async ({ cluster, a, b }) => {
    await a.paths.setXattr('/d', 'ceph.quota.max_bytes', String(16 * mebi));
    const file = await a.paths.open('/d/f', 'w');
    await writeUntold(cluster, file, Buffer.alloc(10 * mebi, 'x'));
    cluster.crashClient('a');
    cluster.crash('mds.a');
    await cluster.boot('mds.a');
    const other = await b.paths.open('/d/other', 'w');
    await t.throwsAsync(other.write(Buffer.alloc(7 * mebi, 'y')), { code: 'EDQUOT' });
    await other.write(Buffer.alloc(6 * mebi, 'y'));
    await other.close();
    await assertTrueBelowQuota(t, b);
  });
});

async function assertTrueBelowQuota(t: ExecutionContext, { paths }: ConnectedFilesystem): Promise<void> {
  t.is((await paths.stat('/d/f')).size, 10 * mebi);
  t.is((await paths.stat('/d/other')).size, 6 * mebi);
}

test('a dead writer: the MDS dies again while it asks the OSDs → the next one does', async (t) => {
  await tellOfTwo(9, async ({ cluster, world, a, b }) => {
    const file = await a.paths.open('/d/f', 'w');
    await writeUntold(cluster, file, Buffer.alloc(9 * mebi, 'x'));
    cluster.crashClient('a');
    const size = b.paths.stat('/d/f').then((found) => found.size);
    while (doubtful(cluster) !== 1) await world.sleep(0.2);
    cluster.crash('mds.a');
    await world.sleep(500);
    await cluster.boot('mds.a');
    t.is(await size, 9 * mebi);
    await assertTrue(t, cluster, b, '/d/f');
  });
});

test('a dead writer: what the OSDs say of its file is not in the journal yet → nobody sees it before it is, and the next MDS asks anew', async (t) => {
  await tellOfTwo(14, async ({ cluster, world, a, b }) => {
    const file = await hollow(a);
    await writeUntold(cluster, file, Buffer.alloc(mebi, 1), 50 * mebi);
    cluster.crashClient('a');
    let seen = false;
    const other = b.paths.open('/d/f', 'r+').finally(() => (seen = true));
    while (doubtful(cluster) !== 1) await world.sleep(0.1);
    while (doubtful(cluster) !== 0) await world.sleep(0.1);
    // From here on nothing comes into the journal.
    const osds = [...cluster.images.keys()].filter((name) => name.startsWith('osd.'));
    for (const name of osds) cluster.crash(name);
    await world.sleep(1_000);
    t.false(seen);
    cluster.crash('mds.a');
    for (const name of [...osds, 'mds.a']) cluster.restart(name);
    const late = await other;
    await late.write(Buffer.alloc(mebi, 2), 20 * mebi);
    await late.close();
    t.is((await b.paths.stat('/d/f')).blocks * 512, 2 * mebi);
    await assertTrue(t, cluster, b, '/d/f');
  });
});

test('a dead writer: it told a size when no MDS was there → what the next one does not know of was not sent', async (t) => {
  await tellOfTwo(12, async ({ cluster, world, a, b }) => {
    await a.paths.setXattr('/d', 'ceph.dir.layout', Buffer.from('stripe_unit=65536 stripe_count=1 object_size=65536'));
    const file = await a.paths.open('/d/f', 'w');
    await file.write('x');
    await world.sleep(200);
    cluster.crash('mds.a');
    // Less than a block: fsync sends it, and its size, together.
    await file.write(Buffer.alloc(mebi / 2, 'x'));
    file.fsync().catch(() => undefined);
    await world.sleep(200);
    cluster.crashClient('a');
    cluster.restart('mds.a');
    await assertTrue(t, cluster, b, '/d/f');
  });
});

test('a dead writer: it told a new MDS of what it had not stored, and asked in vain how far it might write → what has not arrived is no data', async (t) => {
  await tellOfTwo(13, async ({ cluster, world, a, b }) => {
    await a.paths.writeFile('/d/f', Buffer.alloc(mebi / 2, 'x'));
    // All is told by then, and no reach is left.
    await world.sleep(12_000);
    const file = await a.paths.open('/d/f', 'r+');
    await cluster.connect('absent');
    world.node('absent').pause();
    cluster.crash('mds.a');
    await file.write(Buffer.alloc(mebi, 'y'), 1000);
    file.fsync().catch(() => undefined);
    cluster.restart('mds.a');
    // Whose return is waited for: until then nothing new is served.
    await world.sleep(1_000);
    cluster.crashClient('a');
    t.is((await b.paths.stat('/d/f')).size, mebi + 1000);
    await assertTrue(t, cluster, b, '/d/f');
  });
});
