import test from 'ava';
import type { ByteString } from '../../../common/maps/ids.ts';
import { FileType } from '../../../mds/client/file-mode.ts';
import { Inode, SystemIno, type Dentry } from '../../../mds/core/inode.ts';
import type { MetadataCache } from '../../../mds/core/cache.ts';
import { limitUnasked } from '../../../mds/core/size-limit.ts';

const top = 100;
const below = 101;

function dentryOf(inode: Inode, directory: number): Dentry {
  return {
    directory,
    name: 'f' as ByteString,
    position: 16,
    inode,
    remoteIno: 0,
    remoteType: 0,
    stored: false,
    removed: false,
  };
}

/** A file of 10 bytes in a directory in a directory of the root. */
function tree(where: number): {
  readonly cache: Pick<MetadataCache, 'inodes'>;
  readonly file: Inode;
  readonly directories: readonly Inode[];
} {
  const root = new Inode(SystemIno.root, FileType.directory | 0o755);
  const outer = new Inode(top, FileType.directory | 0o755);
  const inner = new Inode(below, FileType.directory | 0o755);
  outer.parent = root.ino;
  inner.parent = top;
  const file = new Inode(200, FileType.regular | 0o644);
  file.size = 10;
  file.dentry = dentryOf(file, where);
  const inodes = new Map([root, outer, inner, file].map((inode) => [inode.ino, inode]));
  return { cache: { inodes }, file, directories: [root, outer, inner] };
}

test('quota: no quota above → no limit', (t) => {
  for (const where of [SystemIno.root, top, below]) {
    const { cache, file } = tree(where);
    t.is(limitUnasked(cache, file), 0);
  }
});

test('quota: one of bytes anywhere above → the client asks before it makes the file longer; one of names → it need not', (t) => {
  for (const n of [0, 1, 2]) {
    const { cache, file, directories } = tree(below);
    (directories[n] as Inode).quota = { maxBytes: 1, maxFiles: 0 };
    t.is(limitUnasked(cache, file), 11);
    (directories[n] as Inode).quota = { maxBytes: 0, maxFiles: 1 };
    t.is(limitUnasked(cache, file), 0);
  }
});

test('quota: a directory above is not in memory → the client asks', (t) => {
  const { cache, file } = tree(below);
  cache.inodes.delete(top);
  t.is(limitUnasked(cache, file), 11);
});

test('quota: a file of no name, or of none that is known → no limit, and nobody asks at every write', (t) => {
  for (const table of [SystemIno.linked, SystemIno.strays]) {
    const { cache, file, directories } = tree(table);
    (directories[1] as Inode).quota = { maxBytes: 1, maxFiles: 0 };
    t.is(limitUnasked(cache, file), 0);
  }
});

test('quota: a file of several names → bound by what is above the first that is known', (t) => {
  const { cache, file, directories } = tree(SystemIno.linked);
  file.names = [top, SystemIno.root].map((directory) => ({ directory, name: 'f' as ByteString }));
  t.is(limitUnasked(cache, file), 0);
  (directories[2] as Inode).quota = { maxBytes: 1, maxFiles: 0 };
  t.is(limitUnasked(cache, file), 0);
  (directories[1] as Inode).quota = { maxBytes: 1, maxFiles: 0 };
  t.is(limitUnasked(cache, file), 11);
});
