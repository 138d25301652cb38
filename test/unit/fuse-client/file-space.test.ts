import test from 'ava';
import { FileSpace } from '../../../fuse-client/vfs/file-space.ts';
import { blocksOf, nothingFilled, spaceBlockBytes as block, type Filled } from '../../../mds/client/index.ts';
import { dataBlocks, spaceResized, spaceWritten } from '../../../mds/client/file-space.ts';
import type { FileSpace as SpaceRecord } from '../../../common/wire/gen/messages.ts';

/** The MDS's side. */
class Record {
  size = 0;
  space: SpaceRecord | null = null;

  told(size: number, filled: Filled): void {
    this.space = spaceWritten(this, Math.max(size, this.size), filled);
    this.size = Math.max(size, this.size);
  }

  cut(size: number): void {
    this.space = spaceResized(this, size);
    this.size = size;
  }

  get blocks(): number {
    return dataBlocks(this.size, this.space);
  }
}

test('space: written from the start on, or over again → no holes, nothing to keep', (t) => {
  const record = new Record();
  const space = new FileSpace();
  for (const to of [10, 5000, 5000, 9000]) {
    space.wrote(to === 5000 ? 0 : Math.max(0, to - 4000), to);
    t.false(space.uncounted);
    record.told(Math.max(record.size, to), space.takeUntold(to, false));
    t.is(record.space, null, `to ${to}`);
  }
  t.is(space.blocks(9000, 0), 3);
  record.cut(0);
  t.is(record.space, null);
});

test('space: made longer, then written at its start → head of data, nobody asked', (t) => {
  const record = new Record();
  const space = new FileSpace();
  const size = 2 ** 40;
  record.told(size, space.takeUntold(size, true));
  t.is(record.blocks, 0);
  for (let at = 0; at < 10; at++) space.wrote(at * 1000, (at + 1) * 1000);
  t.false(space.uncounted);
  t.is(space.blocks(size, 3), 3);
  record.told(size, space.takeUntold(size, false));
  t.is(record.blocks, 3);
  t.deepEqual(record.space, { holes: blocksOf(size) - 3, dataEnd: 10_000 });
  t.false(space.untold);
});

test('space: written behind a hole → shown whole until the OSDs have said, told when they have, exactly', (t) => {
  const record = new Record();
  const space = new FileSpace();
  const size = 100 * block;
  space.wrote(size - 10, size);
  t.true(space.uncounted);
  t.is(space.blocks(size, 1), 1, 'never empty');
  record.told(size, space.takeUntold(size, false));
  t.is(record.blocks, 0, 'what is not known is not told');
  space.found(1);
  t.true(space.untold);
  space.wrote(50 * block, 60 * block);
  space.wrote(50 * block, 60 * block);
  t.is(space.blocks(size, 10), 11);
  record.told(size, space.takeUntold(size, false));
  t.is(record.blocks, 1);
  t.true(space.tells(60 * block), 'the rest is still to be told');
  space.found(10);
  record.told(size, space.takeUntold(size, true));
  t.is(record.blocks, 11);
  t.false(space.untold);
  t.false(space.tells(60 * block));
  space.punched(50 * block);
  space.found(-10);
  record.told(size, space.takeUntold(size, true));
  t.is(record.blocks, 1);
});

test('space: written behind a hole, then from the start on up to there while that is on its way → counted once', (t) => {
  const space = new FileSpace();
  space.wrote(3 * block, 5 * block);
  space.wrote(0, 4 * block);
  t.is(space.head, 0, 'the OSDs are asked, who have the first then');
  space.found(2);
  space.found(3);
  t.is(space.blocks(5 * block, 0), 5);
});

test('space: in doubt → the MDS hears so, once, and again when it refused to', (t) => {
  const space = new FileSpace();
  space.doubt();
  t.true(space.untold);
  const refused = space.takeUntold(block, true);
  t.true(refused.unsure);
  t.false(space.untold);
  space.untell(refused);
  t.true(space.untold);
  space.takeUntold(block, true);
  t.true(space.unsure, 'until it has been counted');
  space.recount(1);
  t.deepEqual(space.takeUntold(block, true), { filled: 1, dataEnd: 0, unsure: false });
});

test('space: another filled some of it, of which the MDS tells in passing → it is not told as ours', (t) => {
  const space = new FileSpace();
  space.take(10 * block, { holes: 8, dataEnd: 10 * block }, 'no');
  space.take(10 * block, { holes: 5, dataEnd: 10 * block }, 'shared');
  t.is(space.blocks(10 * block, 0), 5);
  t.false(space.untold);
  space.take(10 * block, { holes: 7, dataEnd: 10 * block }, 'shared');
  t.is(space.blocks(10 * block, 0), 5, 'it may be from before');
});

test('space: what the MDS refused to hear → told again', (t) => {
  const record = new Record();
  const space = new FileSpace();
  space.wrote(0, 3 * block);
  const refused = space.takeUntold(3 * block, true);
  space.untell(refused);
  t.true(space.untold);
  record.told(3 * block, space.takeUntold(3 * block, true));
  t.is(record.space, null);
});

test('space: several write through to one file → what was not counted counts whole, the MDS keeps it possible', (t) => {
  const record = new Record();
  const [a, b] = [new FileSpace(), new FileSpace()];
  const through = (space: FileSpace, from: number, to: number): void => {
    space.take(record.size, record.space, 'no');
    space.writesThrough(from, record.size);
    if (space.uncounted) space.found(blocksOf(to - from));
    space.wroteThrough(from, to);
    record.told(to, space.takeUntold(Math.max(record.size, to), true));
  };
  through(a, 0, block);
  through(b, block, 2 * block);
  through(a, 0, block);
  through(b, 100, 200);
  t.is(record.space, null);
  through(a, 1000 * block, 1001 * block);
  t.is(record.blocks, 3);
  b.take(record.size, record.space, 'no');
  b.writesThrough(500 * block, record.size);
  t.true(b.uncounted, 'a file with holes: the OSDs are asked');
});

test('space: another told of it meanwhile → what is untold here comes on top', (t) => {
  const space = new FileSpace();
  space.take(10 * block, { holes: 10, dataEnd: 0 }, 'no');
  space.found(2);
  space.take(10 * block, { holes: 7, dataEnd: 5 * block }, 'no');
  t.is(space.blocks(10 * block, 0), 5);
  t.deepEqual(space.takeUntold(10 * block, true), { filled: 2, dataEnd: 5 * block, unsure: false });
  t.deepEqual(nothingFilled, { filled: 0, dataEnd: 0, unsure: false });
});

test('space: cut where more may be left than is → what is written then is counted by asking', (t) => {
  const record = new Record();
  const space = new FileSpace();
  space.wrote(0, block);
  space.wrote(5 * block, 10 * block);
  space.found(5);
  record.told(10 * block, space.takeUntold(10 * block, true));
  t.is(record.blocks, 6);
  record.cut(5 * block);
  t.is(record.space, null, 'until what was cut has been counted');
  space.set(record.size, record.space);
  space.wrote(0, block);
  t.false(space.uncounted, 'data before, and still');
  space.wrote(2 * block, 3 * block);
  t.true(space.uncounted);
});

test('space: cut, without holes → what is written on is not asked about', (t) => {
  const space = new FileSpace();
  space.wrote(0, 10 * block);
  space.set(5 * block, null);
  space.wrote(4 * block, 8 * block);
  t.false(space.uncounted);
  t.is(space.blocks(8 * block, 0), 8);
});
