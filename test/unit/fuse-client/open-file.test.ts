import test from 'ava';
import { ino } from '../../../common/maps/ids.ts';
import { Inode } from '../../../fuse-client/vfs/inode.ts';
import { OpenFile } from '../../../fuse-client/vfs/open-file.ts';

const kib = 1 << 10;
const mib = 1 << 20;

function open(): OpenFile {
  return new OpenFile(1, new Inode(ino(5)), 0, false);
}

test('readahead: a stream from the start → a window that doubles up to its limit, each byte asked for once', (t) => {
  const file = open();
  const size = 64 * mib;
  let asked = 0;
  let ahead = 0;
  for (let at = 0; at < 32 * mib; at += 128 * kib) {
    const range = file.advance(at, at + 128 * kib, size, 8 * mib);
    if (range === undefined) continue;
    t.true(range.from >= asked, 'asked for twice');
    asked = range.to;
    ahead = Math.max(ahead, range.to - (at + 128 * kib));
  }
  t.is(ahead, 8 * mib);
  t.true(file.streaming);
  t.true(asked >= 32 * mib + 4 * mib);
});

test('readahead: the kernel asks for a stream in parallel, out of order → still one stream', (t) => {
  const file = open();
  for (const at of [0, 2, 1, 3, 5, 4, 6]) file.advance(at * 128 * kib, (at + 1) * 128 * kib, 64 * mib, 8 * mib);
  t.true(file.streaming);
});

test('readahead: reads here and there → none, and a granule around each miss', (t) => {
  const file = open();
  const size = 64 * mib;
  for (const at of [40 * mib, 3 * mib, 22 * mib]) t.is(file.advance(at, at + 4096, size, 8 * mib), undefined);
  t.false(file.streaming);
  t.deepEqual(file.span(22 * mib + 5000, 22 * mib + 9096, size, mib), { from: 22 * mib, to: 22 * mib + 64 * kib });
});

test('readahead: at the end of the file → nothing beyond it', (t) => {
  const file = open();
  t.deepEqual(file.advance(0, 128 * kib, 300 * kib, 8 * mib), { from: 128 * kib, to: 300 * kib });
  t.is(file.advance(128 * kib, 256 * kib, 300 * kib, 8 * mib), undefined);
});

test('prefetch: a miss in a small file → all of it', (t) => {
  t.deepEqual(open().span(5000, 6000, 700_000, mib), { from: 0, to: 700_000 });
});
