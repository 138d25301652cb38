import test from 'ava';
import { keyOfText, lowerBound, SortedMap, textOfKey } from '../../../../osd/store/sorted-map.ts';
import { dice } from '../../../conformance/object-store/history.ts';

test('sorted map: random changes → the keys of a plain map, in order', (t) => {
  const roll = dice(3);
  const map = new SortedMap<number>();
  const plain = new Map<string, number>();
  for (let i = 0; i < 3000; i++) {
    const key = String(roll(500));
    if (roll(4) === 0) t.is(map.delete(key), plain.delete(key));
    else {
      map.set(key, i);
      plain.set(key, i);
    }
    t.is(map.get(key), plain.get(key));
    if (roll(10) === 0) t.deepEqual(map.sortedKeys(), [...plain.keys()].sort());
  }
  t.is(map.size, plain.size);
});

test('sorted map: keys of text → in order of UTF-8 bytes, and back', (t) => {
  const texts = ['', 'a', 'ab', 'b', 'ä', '\uffee', '\u{1f600}'];
  const keys = texts.map(keyOfText);
  t.deepEqual([...keys].sort(), keys);
  t.deepEqual(keys.map(textOfKey), texts);
});

test('lower bound: at, between and beyond', (t) => {
  const keys = ['b', 'd'];
  t.deepEqual(
    ['a', 'b', 'c', 'd', 'e'].map((key) => lowerBound(keys, key, false)),
    [0, 0, 1, 1, 2],
  );
  t.deepEqual(
    ['a', 'b', 'c', 'd', 'e'].map((key) => lowerBound(keys, key, true)),
    [0, 1, 1, 2, 2],
  );
});
