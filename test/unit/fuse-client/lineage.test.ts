import test from 'ava';
import { ino, poolId, type ByteString } from '../../../common/maps/ids.ts';
import { SimWorld } from '../../../common/runtime/sim/world.ts';
import type { InodeGrant, InodeRecord } from '../../../common/wire/gen/messages.ts';
import { BlockCache } from '../../../fuse-client/vfs/block-cache.ts';
import { FileData } from '../../../fuse-client/vfs/file-data.ts';
import { InodeTable } from '../../../fuse-client/vfs/inode-table.ts';
import { backtraceOf, foundAt, putAt } from '../../../fuse-client/vfs/lineage.ts';
import { ObjectIo } from '../../../fuse-client/vfs/object-io.ts';
import { Segment } from '../../../fuse-client/vfs/segment.ts';
import { decodeBacktrace } from '../../../mds/client/backtrace.ts';
import { FileType } from '../../../mds/client/index.ts';
import { MemoryObjectClient, MemoryObjects } from '../../support/memory-objects.ts';

const block = 4096;
const layout = { pool: poolId(2), objectSize: 16 * block, stripeUnit: 16 * block, stripeCount: 1 };

function recordOf(number: number, mode: number, version: number): InodeRecord {
  const times = { atime: null, mtime: null, ctime: null, btime: null };
  const counts = { size: 0, rdev: 0, nlink: 1, timeWarpSeq: 0, entries: 0, subdirs: 0, recursive: null, parent: 0, truncateFrom: 0 };
  const rest = { symlink: new Uint8Array(0), xattrs: [], layout: null, quota: null, space: null, sizeLimit: 0 };
  return { ino: number, mode, uid: 1, gid: 2, version, ...times, ...counts, ...rest };
}

function grantOf(number: number, mode: number, version: number, unsafe = false): InodeGrant {
  return { inode: recordOf(number, mode, version), caps: 0, seq: 0, unsafe };
}

function named(text: string): ByteString {
  return text as ByteString;
}

test('lineage: answers of the MDS, in any order → each inode where the newest says, as of the version that it says', (t) => {
  const inodes = new InodeTable();
  const root = inodes.make(recordOf(1, FileType.directory | 0o755, 1), 0);
  const directory = inodes.make(recordOf(10, FileType.directory | 0o755, 1), 0);
  const file = inodes.make(recordOf(11, FileType.regular | 0o640, 0), 0);
  const lineage = (): readonly string[] =>
    decodeBacktrace(backtraceOf(inodes, file), 'it').lineage.map((home) => `${home.directory}/${home.name}@${home.version}`);
  t.deepEqual(lineage(), []);
  putAt(file, directory, named('ahead'));
  t.deepEqual(lineage(), ['10/ahead@0']);
  foundAt(directory, root, named('d'), grantOf(10, FileType.directory, 7));
  t.deepEqual(lineage(), ['10/ahead@0', '1/d@7']);
  // Its record is newer by now, but nobody has said that it has this name still.
  inodes.apply(grantOf(11, FileType.regular | 0o600, 9), 0);
  t.deepEqual(lineage(), ['10/ahead@0', '1/d@7']);
  foundAt(file, directory, named('renamed'), grantOf(11, FileType.regular, 9));
  foundAt(file, directory, named('late answer'), grantOf(11, FileType.regular, 5));
  foundAt(file, directory, named('of another'), grantOf(12, FileType.regular, 20));
  foundAt(file, directory, named('nothing'), undefined);
  t.deepEqual(lineage(), ['10/renamed@9', '1/d@7']);
  t.is(decodeBacktrace(backtraceOf(inodes, file), 'it').mode, FileType.regular | 0o600);
});

test('lineage: where it is said to be in no journal yet → counts only while nothing else is known, and for less than any version', (t) => {
  const inodes = new InodeTable();
  const file = inodes.make(recordOf(11, FileType.regular | 0o640, 0), 0);
  const directory = inodes.make(recordOf(10, FileType.directory | 0o755, 1), 0);
  const lineage = (): readonly string[] =>
    decodeBacktrace(backtraceOf(inodes, file), 'it').lineage.map(({ name, version }) => `${name}@${version}`);
  foundAt(file, directory, named('made'), grantOf(11, FileType.regular, 13, true));
  t.deepEqual(lineage(), ['made@0']);
  // The life of the MDS that said so is over, and another counts on from what it found.
  foundAt(file, directory, named('renamed'), grantOf(11, FileType.regular, 12));
  t.deepEqual(lineage(), ['renamed@12']);
  foundAt(file, directory, named('renamed again'), grantOf(11, FileType.regular, 14, true));
  putAt(file, directory, named('renamed again'));
  t.deepEqual(lineage(), ['renamed@12']);
});

test('lineage: directories that were each in the other → an end', (t) => {
  const inodes = new InodeTable();
  const [a, b] = [20, 21].map((number) => inodes.make(recordOf(number, FileType.directory | 0o755, 1), 0));
  if (a === undefined || b === undefined) throw new Error('two were made');
  putAt(a, b, named('a'));
  putAt(b, a, named('b'));
  t.is(decodeBacktrace(backtraceOf(inodes, a), 'it').lineage.length, 64);
});

test('backtrace: written with the first bytes of the first object, and when that begins anew → in the same operation, never in one of its own', async (t) => {
  const world = new SimWorld({ seed: t.title });
  const { env } = world.node('client');
  const client = new MemoryObjectClient(new MemoryObjects(), { clock: env.clock });
  const io = new ObjectIo(
    () => client,
    undefined,
    undefined,
    ({ ino: number }) => Buffer.from(`of ${number}`),
  );
  const file = new FileData(ino(0x1000), layout, new BlockCache(1 << 20));
  const write = async (from: number, blocks: number): Promise<readonly string[]> => {
    const before = client.log.length;
    const slab = { bytes: Buffer.alloc(blocks * block, 1), used: blocks * block, writable: false, shown: true };
    file.space.wrote(from * block, (from + blocks) * block);
    await world.until(io.write(file, [new Segment(from * block, (from + blocks) * block, slab, 0, 'writing')]));
    return client.log
      .slice(before)
      .filter(({ kinds }) => !kinds.includes('extents'))
      .map(({ object, kinds }) => `${object.slice(-1)} ${kinds.join('+')}`);
  };
  t.deepEqual(await write(20, 2), ['1 write']);
  t.deepEqual(await write(14, 4), ['0 write+set-xattr', '1 write']);
  t.deepEqual(await write(3, 2), ['0 write']);
  t.deepEqual(await write(0, 1), ['0 write+set-xattr']);
  t.deepEqual(await write(1, 1), ['0 write']);
  // Of what is cut to nothing the object goes; it may come again by whatever makes its first block (seed 91314).
  t.deepEqual(await write(0.5, 0.25), ['0 write+set-xattr']);
});
