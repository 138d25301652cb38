import test from 'ava';
import { FsError } from '../../../common/errors/fs-error.ts';
import { osdId } from '../../../common/maps/ids.ts';
import type { Difference, Finding } from '../../../osd/core/scrub-compare.ts';
import { alsoFound, decodeScrubRecord, encodeScrubRecord, mended, noScrubs, scrubbed } from '../../../osd/core/scrub-record.ts';

const finding = (object: string, osd: number, ...what: Difference[]): Finding => ({
  object,
  osd: osdId(osd),
  what,
  good: [osdId(9)],
  detail: 'd',
});

test('record: written and read → the same; anything else → EILSEQ', (t) => {
  const record = scrubbed({ ...noScrubs, sinceMs: 5 }, 'repair', 1_234, [finding('a', 1, 'data'), finding('', 2, 'log')]);
  t.deepEqual(decodeScrubRecord(encodeScrubRecord(record)), record);
  for (const wrong of ['', 'x', 'null', '[]', '{"format":2}', encodeScrubRecord(record).toString().replace('1234', '-1')]) {
    t.is(t.throws(() => decodeScrubRecord(Buffer.from(wrong)), { instanceOf: FsError }).code, 'EILSEQ', wrong);
  }
});

test('record: a deep scrub replaces all findings, a light one keeps what only reading shows', (t) => {
  const deep = scrubbed(noScrubs, 'deep-scrub', 100, [finding('a', 1, 'data'), finding('b', 1, 'size'), finding('c', 1, 'omap')]);
  t.like(deep, { serial: 1, scrubbedMs: 100, deepScrubbedMs: 100, errors: 3 });
  const light = scrubbed(deep, 'scrub', 200, [finding('a', 1, 'version'), finding('d', 2, 'missing')]);
  t.like(light, { serial: 2, scrubbedMs: 200, deepScrubbedMs: 100, errors: 3 });
  t.deepEqual(
    light.findings.map(({ object, what }) => `${object} ${what.join()}`),
    ['a version', 'd missing', 'c omap'],
  );
  t.like(scrubbed(light, 'repair', 300, []), { errors: 0, findings: [], deepScrubbedMs: 300 });
});

test('record: found one by one, mended one by one → the serial rises with each change only', (t) => {
  const one = alsoFound(noScrubs, finding('a', 1, 'unreadable'));
  t.is(alsoFound(one, finding('a', 1, 'unreadable')), one);
  const two = alsoFound(one, finding('a', 2, 'unreadable'));
  t.like(two, { serial: 2, errors: 2 });
  t.is(mended(two, 'b', [osdId(1)]), two);
  t.like(mended(two, 'a', [osdId(1)]), { serial: 3, errors: 1 });
  t.like(mended(two, 'a', [osdId(1), osdId(2)]), { serial: 3, errors: 0 });
});

test('record: more findings than are kept → their number is', (t) => {
  const many = Array.from({ length: 500 }, (_, n) => finding(`o${n}`, 1, 'data'));
  const record = scrubbed(noScrubs, 'deep-scrub', 1, many);
  t.is(record.errors, 500);
  t.is(record.findings.length, 200);
});
