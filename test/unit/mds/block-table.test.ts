import test from 'ava';
import { BlockTable, blockNumbers, inoKey } from '../../../mds/core/block-table.ts';
import { locationObject } from '../../../mds/core/location-table.ts';
import { recordObject } from '../../../mds/core/record-table.ts';

function table(): BlockTable<string> {
  return new BlockTable<string>('location', locationObject);
}

test('block table: numbers of one block → one object', (t) => {
  const entries = table();
  const block = entries.block(2 * blockNumbers);
  t.is(entries.block(3 * blockNumbers - 1), block);
  t.not(entries.block(3 * blockNumbers), block);
  t.is(block.object, 'locations.2');
  t.is(recordObject(3 * blockNumbers - 1), 'records.2');
});

test('block table: something is to be written, or is being written → known without reading; as soon as it is written or forgotten → not', (t) => {
  const entries = table();
  const block = entries.block(7);
  t.is(entries.recent(7), undefined);
  block.set(inoKey(7), 'here', 1);
  block.set(inoKey(8), undefined, 1);
  t.deepEqual(
    [7, 8, 9].map((ino) => entries.recent(ino)),
    ['here', 'gone', undefined],
  );
  t.deepEqual(
    [...entries.unwritten()],
    [
      ['00000000000007', 'here'],
      ['00000000000008', undefined],
    ],
  );
  block.begin();
  block.set(inoKey(7), 'there', 2);
  t.deepEqual(
    [7, 8].map((ino) => entries.recent(ino)),
    ['there', 'gone'],
  );
  entries.forget(7);
  t.is(entries.recent(7), 'here');
  block.end();
  t.is(entries.recent(7), undefined);
});

test('block table: a block is dropped → forgotten only when nothing of it is unwritten', (t) => {
  const entries = table();
  const block = entries.block(7);
  block.set(inoKey(7), 'here', 1);
  entries.drop(block);
  t.is(entries.block(7), block);
  block.begin();
  entries.drop(block);
  t.is(entries.block(7), block);
  block.end();
  entries.drop(block);
  t.not(entries.block(7), block);
});
