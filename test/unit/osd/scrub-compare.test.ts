import test from 'ava';
import { osdId, type OsdId } from '../../../common/maps/ids.ts';
import type { ScrubObject } from '../../../common/wire/gen/messages.ts';
import { copiesAgree, describeFinding, judgeCopies, type Copy, type NewestWrite } from '../../../osd/core/scrub-compare.ts';

const version = (counter: number): { interval: number; counter: number } => ({ interval: 5, counter });
const whole: ScrubObject = {
  name: 'x',
  version: version(10),
  size: 100,
  mtimeMs: 1,
  xattrDigest: 1,
  omapEntries: 3,
  omapDigest: 4,
  dataDigest: 5,
  changed: false,
  damage: '',
  withheld: false,
};
const unknown: NewestWrite = { kind: 'before', counter: 1_000 };
const written = (counter: number): NewestWrite => ({ kind: 'write', version: version(counter) });

/** Copies on osd.0, osd.1, ...: what is other than `whole`; null: none. */
function copies(...changes: readonly (Partial<ScrubObject> | null)[]): Copy[] {
  return changes.map((change, n) => ({ osd: osdId(n), object: change === null ? undefined : { ...whole, ...change } }));
}

function judged(newest: NewestWrite, ...changes: readonly (Partial<ScrubObject> | null)[]): { wrong: string[]; good: readonly OsdId[] } {
  const { findings, good, version: right } = judgeCopies('x', copies(...changes), newest);
  for (const finding of findings) if (finding.good !== good) throw new Error('findings and verdict disagree');
  if (good.length === 0 && right !== undefined) throw new Error('a version without a good copy');
  return { wrong: findings.map(({ osd, what }) => `${osd}: ${what.join(' ')}`), good };
}

test('copies: the same, all absent → agree; changed, damaged or different → not', (t) => {
  t.true(copiesAgree(copies({}, {}, {})));
  t.true(copiesAgree(copies(null, null)));
  t.false(copiesAgree(copies({}, null)));
  for (const change of [
    { version: version(11) },
    { size: 99 },
    { mtimeMs: 2 },
    { xattrDigest: 0 },
    { omapEntries: 2 },
    { omapDigest: 0 },
    { dataDigest: 0 },
    { changed: true },
    { damage: 'crc' },
  ]) {
    t.false(copiesAgree(copies({}, change)), JSON.stringify(change));
    t.false(copiesAgree(copies(change, {})), JSON.stringify(change));
  }
  t.false(copiesAgree(copies({ changed: true }, { changed: true })));
  t.false(copiesAgree(copies({ damage: 'crc' }, { damage: 'crc' })));
});

test('judgement: one that cannot be read → the others are right, few as they are', (t) => {
  t.deepEqual(judged(written(10), { damage: 'crc' }, {}), { wrong: ['0: unreadable'], good: [1] });
  t.deepEqual(judged(unknown, { damage: 'crc' }, { damage: 'crc' }, {}), { wrong: ['0: unreadable', '1: unreadable'], good: [2] });
  t.deepEqual(judged(unknown, { damage: 'crc' }, { damage: 'crc' }), { wrong: ['0: unreadable', '1: unreadable'], good: [] });
});

test('judgement: by the version of the newest write, whatever the majority has', (t) => {
  t.deepEqual(judged(written(10), {}, { version: version(9), size: 90 }, { version: version(9), size: 90 }), {
    wrong: ['1: version size', '2: version size'],
    good: [0],
  });
  t.deepEqual(judged(written(10), {}, null, null), { wrong: ['1: missing', '2: missing'], good: [0] });
  t.deepEqual(judged({ kind: 'delete' }, {}, {}, null), { wrong: ['0: extra', '1: extra'], good: [2] });
  // Nobody has what was acknowledged: nothing is made equal to a copy that is known to be old.
  t.deepEqual(judged(written(12), {}, {}), { wrong: ['0: version', '1: version'], good: [] });
  // A copy newer than a log that does not know it holds a write that was undone.
  t.deepEqual(judged({ kind: 'before', counter: 10 }, {}, { version: version(3) }), { wrong: ['0: version'], good: [1] });
});

test('judgement: one version, different contents → the majority; none → left to people', (t) => {
  t.deepEqual(judged(written(10), { dataDigest: 7 }, {}, {}), { wrong: ['0: data'], good: [1, 2] });
  t.deepEqual(judged(unknown, { xattrDigest: 7, omapEntries: 2, omapDigest: 9 }, {}, {}), { wrong: ['0: xattr omap'], good: [1, 2] });
  t.deepEqual(judged(written(10), { dataDigest: 7 }, {}), { wrong: ['0: data', '1: data'], good: [] });
  t.deepEqual(judged(written(10), { dataDigest: 7 }, { omapDigest: 7 }, {}), {
    wrong: ['0: data omap', '1: data omap', '2: data omap'],
    good: [],
  });
});

test('judgement: absent here, there elsewhere, and the log does not say → the majority; in doubt it should be there', (t) => {
  t.deepEqual(judged(unknown, {}, {}, null), { wrong: ['2: missing'], good: [0, 1] });
  t.deepEqual(judged(unknown, null, {}, null), { wrong: ['1: extra'], good: [0, 2] });
  t.deepEqual(judged(unknown, {}, null), { wrong: ['1: missing'], good: [0] });
  // What cannot be read is not taken away because others have lost it.
  t.deepEqual(judged(unknown, { damage: 'crc' }, null), { wrong: ['0: unreadable', '1: missing'], good: [] });
  t.deepEqual(judged(unknown, { damage: 'crc' }, null, null), { wrong: ['0: unreadable'], good: [1, 2] });
  t.deepEqual(judged({ kind: 'delete' }, { damage: 'crc' }, null), { wrong: ['0: unreadable'], good: [1] });
});

test('findings: described → OSD, what and where a good copy is', (t) => {
  const finding = { osd: osdId(2), what: ['data', 'xattr'] as const, good: [osdId(0), osdId(1)], detail: 'why' };
  t.is(describeFinding(finding), 'osd.2: data differs, xattrs differ (why); good on osd.0, osd.1');
  t.regex(describeFinding({ ...finding, good: [] }), /it cannot be told which copy is right/);
});
