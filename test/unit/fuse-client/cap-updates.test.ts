import test from 'ava';
import { ino } from '../../../common/maps/ids.ts';
import { CapUpdates } from '../../../fuse-client/vfs/cap-updates.ts';
import { bufferCaps, Inode } from '../../../fuse-client/vfs/inode.ts';
import { InodeTable } from '../../../fuse-client/vfs/inode-table.ts';
import type { Volume } from '../../../fuse-client/vfs/volume.ts';
import { Change } from '../../../mds/client/change.ts';
import { FileType } from '../../../mds/client/index.ts';

const number = ino(9);
let tid = 0;

/** A file below a quota, and updates of it that the MDS does not answer. */
function setUp(): { updates: CapUpdates; tell: (size: number) => void; cut: (size: number) => Change; limit: () => number | undefined } {
  const rank = { updateCaps: () => ({ change: new Change(++tid, 'capUpdate', () => ({})), done: new Promise<void>(() => undefined) }) };
  const updates = new CapUpdates({ inodes: new InodeTable(), mds: { of: () => rank } } as unknown as Volume);
  const inode = new Inode(number);
  inode.mode = FileType.regular | 0o644;
  inode.caps = bufferCaps;
  inode.sizeLimit = 1;
  return {
    updates,
    tell: (size) => {
      inode.setSize(size);
      void updates.send(inode, {});
    },
    cut: (size) => {
      const change = new Change(++tid, 'setAttr', () => ({}));
      inode.size = size;
      updates.sizeSet(inode, change);
      return change;
    },
    limit: () => updates.heldByTelling(0).get(number)?.sizeLimit,
  };
}

test('cap updates: sizes told and not answered → the largest counts as promised', (t) => {
  const { tell, limit } = setUp();
  t.is(limit(), undefined);
  tell(500);
  tell(300);
  t.is(limit(), 501);
});

test('cap updates: a size told and not answered, and a cut that was → counts until the cut is in the journal, and not with what is told later', (t) => {
  const { tell, cut, limit } = setUp();
  tell(25_289);
  const first = cut(9_846);
  t.is(limit(), 25_290, 'the next life may have neither');
  tell(10_000);
  t.is(limit(), 25_290);
  first.settle();
  t.is(limit(), 10_001);
  const second = cut(100);
  t.is(limit(), 10_001);
  second.settle();
  t.is(limit(), 0);
});
