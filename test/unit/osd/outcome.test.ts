import test from 'ava';
import { FsError } from '../../../common/errors/fs-error.ts';
import { decodeOutcome, encodeOutcome } from '../../../osd/core/outcome.ts';

const none = (): readonly Uint8Array[] => [];

test('outcome: results that say nothing → no byte, and as many empty results again', (t) => {
  t.is(encodeOutcome([{}, {}], none).length, 0);
  t.deepEqual(decodeOutcome(Buffer.alloc(0), 2), { results: [{}, {}], payload: [] });
});

test('outcome: append offset, attributes and data → the same for a retry', (t) => {
  const results = [
    {},
    { offset: 4096 },
    { value: Buffer.from('v'), size: 5, version: { interval: 3, counter: 4 }, mtimeMs: 6, more: true },
    { entries: [{ key: Buffer.from('k'), value: Buffer.from('w') }] },
    {},
  ];
  const outcome = encodeOutcome(results, (index) => (index === 4 ? [Buffer.from('da'), Buffer.from('ta')] : []));
  const again = decodeOutcome(outcome, 5);
  t.is(again.results[1]?.offset, 4096);
  t.like(again.results[2], { size: 5, version: { interval: 3, counter: 4 }, mtimeMs: 6, more: true });
  t.is(String(again.results[2]?.value), 'v');
  t.deepEqual(
    again.results[3]?.entries?.map(({ key, value }) => [String(key), String(value)]),
    [['k', 'w']],
  );
  t.is(again.results[4]?.payloadFrames, 1);
  t.deepEqual(again.payload.map(String), ['data']);
});

test('outcome: more than a log entry may hold → E2BIG', (t) => {
  t.is(t.throws(() => encodeOutcome([{}], () => [Buffer.alloc(70_000)]), { instanceOf: FsError }).code, 'E2BIG');
});
