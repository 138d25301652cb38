import test from 'ava';
import fc from 'fast-check';
import { FsError } from '../../../common/errors/fs-error.ts';
import { decodeLogEntry, encodeLogEntry, logEntryHeaderBytes, type LogEntry } from '../../../osd/core/log-entry.ts';

const entry: LogEntry = {
  version: { interval: 5, counter: 258 },
  kind: 'delete',
  object: 'é',
  instance: 1,
  tid: 2,
  mtimeMs: 1000,
  outcome: Buffer.from([9]),
};

test('log entry: its bytes are those drawn in the header', (t) => {
  const golden = '01010200010000000000000000001440000000000020704000000000' + '0000f03f00000000000000400000000000408f40c3a909';
  t.is(encodeLogEntry(entry).toString('hex'), golden);
  t.is(encodeLogEntry(entry).length, logEntryHeaderBytes + 3);
  t.deepEqual(decodeLogEntry(Buffer.from(golden, 'hex')), entry);
});

test('log entry: anything encoded → decoded the same', (t) => {
  const id = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  const entries = fc.record({
    version: fc.record({ interval: id, counter: id }),
    kind: fc.constantFrom('modify' as const, 'delete' as const),
    object: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 }),
    instance: id,
    tid: id,
    mtimeMs: id,
    outcome: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
  });
  t.notThrows(() =>
    fc.assert(
      fc.property(entries, (value) => t.deepEqual(decodeLogEntry(encodeLogEntry(value)), { ...value, version: { ...value.version } })),
    ),
  );
});

test('log entry: cut, longer, or of another format → EILSEQ', (t) => {
  const bytes = encodeLogEntry(entry);
  const damaged = [
    bytes.subarray(0, 10),
    bytes.subarray(0, -1),
    Buffer.concat([bytes, bytes]),
    Buffer.from([2, ...bytes.subarray(1)]),
    Buffer.alloc(0),
  ];
  const fraction = Buffer.from(bytes);
  fraction.writeDoubleLE(1.5, 16);
  for (const wrong of [...damaged, fraction]) {
    const error = t.throws(() => decodeLogEntry(wrong), { instanceOf: FsError });
    t.is(error.code, 'EILSEQ');
  }
});
