import test from 'ava';
import type { InodeGrant, InodeRecord } from '../../../common/wire/gen/messages.ts';
import { InodeTable } from '../../../fuse-client/vfs/inode-table.ts';
import type { Inode } from '../../../fuse-client/vfs/inode.ts';
import { Cap, Change, DirtyField } from '../../../mds/client/index.ts';

const through = Cap.fileRead | Cap.fileWrite;
const everything = through | Cap.fileCache | Cap.fileBuffer | Cap.fileExclusive | Cap.attrShared | Cap.attrExclusive;
const at = (sec: number): { sec: number; nsec: number } => ({ sec, nsec: 0 });

/** What the MDS says of file 9. */
function grant(version: number, size: number, mtime: number, caps: number, seq: number): InodeGrant {
  const record: Partial<InodeRecord> = {
    ino: 9,
    version,
    mode: 0o100644,
    nlink: 1,
    size,
    mtime: at(mtime),
    atime: at(1),
    ctime: at(mtime),
    btime: at(1),
    timeWarpSeq: 0,
    xattrs: [],
    symlink: new Uint8Array(0),
    layout: null,
  };
  return { inode: record as InodeRecord, caps, seq, unsafe: false };
}

function apply(table: InodeTable, said: InodeGrant, own = 0): Inode {
  return table.apply(said, 0, own) as Inode;
}

test('inode table: all caps granted while a new size is on its way → the answer to it still counts', (t) => {
  const table = new InodeTable();
  const inode = apply(table, grant(1, 1_000, 1, through, 1));
  inode.wrote(2_000, at(5));
  inode.takeDirty(); // told, and not yet heard by the MDS when it grants:
  apply(table, grant(1, 1_000, 1, everything, 2));
  apply(table, grant(2, 2_000, 5, everything, 2));
  t.is(inode.size, 2_000);
  t.deepEqual(inode.mtime, at(5));
});

test('inode table: a record sent before a new size arrived, while the attributes are held → the new size stays', (t) => {
  const table = new InodeTable();
  const inode = apply(table, grant(1, 1_000, 1, everything, 1));
  inode.wrote(2_000, at(5));
  inode.takeDirty();
  inode.caps = Cap.attrShared | Cap.fileRead | Cap.fileCache; // a recall has been answered, which carried the size
  apply(table, grant(1, 1_000, 1, inode.caps, 1));
  t.is(inode.size, 2_000);
});

test('inode table: cut, by us or by others → shorter', (t) => {
  const table = new InodeTable();
  const inode = apply(table, grant(1, 1_000, 1, everything, 1));
  apply(table, grant(2, 300, 2, everything, 1), DirtyField.size | DirtyField.mtime);
  t.is(inode.size, 300);
  inode.caps = through;
  apply(table, grant(3, 100, 3, through, 2));
  t.is(inode.size, 100);
});

test('inode table: forgotten and found again → its last change is known for as long as it may not be in the journal, or is lost', (t) => {
  const table = new InodeTable();
  const foundAgain = (inode: Inode): Inode => {
    table.remove(inode);
    return apply(table, grant(1, 1_000, 1, through, 1));
  };
  const change = new Change(1, 'setAttr', () => ({}));
  let inode = apply(table, grant(1, 1_000, 1, through, 1));
  inode.changedBy(change);
  for (let round = 0; round < 2; round++) {
    inode = foundAgain(inode);
    t.deepEqual(inode.lastChanges?.open, [change]);
  }
  change.settle();
  t.is(foundAgain(inode).lastChanges, undefined);

  const refused = new Change(2, 'setAttr', () => ({}));
  inode = apply(table, grant(1, 1_000, 1, through, 1));
  inode.changedBy(refused);
  table.remove(inode);
  refused.lost = new Error('refused when it was sent again');
  refused.settle();
  inode = apply(table, grant(1, 1_000, 1, through, 1));
  t.deepEqual(inode.lastChanges?.open, [refused]);
  t.deepEqual(foundAgain(inode).lastChanges?.open, [refused]);

  inode = apply(table, grant(1, 1_000, 1, through, 1));
  inode.changedBy(new Change(3, 'setAttr', () => ({})));
  table.remove(inode);
  table.forgetChanges();
  t.is(apply(table, grant(1, 1_000, 1, through, 1)).lastChanges, undefined);
});

test('inode: of two changes the later one is answered first, or the earlier one lies behind it → both have to be in the journal', (t) => {
  const told = (tid: number): Change => new Change(tid, 'setAttr', () => ({}));
  const answer = (inode: Inode, change: Change, seq: number): void => {
    change.journalSeq = seq;
    inode.changedBy(change);
  };
  const inode = apply(new InodeTable(), grant(1, 1_000, 1, through, 1));
  const [first, second, third] = [told(1), told(2), told(3)];
  for (const change of [first, second]) inode.changedBy(change);
  answer(inode, first, 170);
  answer(inode, second, 169);
  second.settle();
  t.deepEqual(inode.lastChanges?.open, [first]);
  inode.changedBy(third);
  t.deepEqual(inode.lastChanges?.open, [third, first]);
  first.settle();
  answer(inode, third, 171);
  t.deepEqual(inode.lastChanges?.open, [third]);
  third.settle();
  t.true(inode.lastChanges?.durable);
});
