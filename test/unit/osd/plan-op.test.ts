import test from 'ava';
import { FsError, type ErrorCode } from '../../../common/errors/fs-error.ts';
import { ObjectOpKind } from '../../../common/wire/gen/messages.ts';
import { encodeOperations } from '../../../osd/client/encode-operations.ts';
import { objectLimits } from '../../../osd/client/limits.ts';
import type { Extent, ObjectOperation, OmapEntry } from '../../../osd/client/object-client.ts';
import type { StoredObject } from '../../../osd/core/object-view.ts';
import { planOp, type OpPlan } from '../../../osd/core/plan-op.ts';
import { decodedOp } from '../../support/object-op.ts';

const noBytes = Buffer.alloc(0);
const bytes = (text: string): Buffer => Buffer.from(text);

interface Content {
  readonly size?: number;
  readonly extents?: readonly Extent[];
  readonly xattrs?: Readonly<Record<string, string>>;
  readonly omap?: Readonly<Record<string, string>>;
  readonly names?: readonly string[];
}

function object(content: Content | undefined): StoredObject {
  const omap = Object.entries(content?.omap ?? {})
    .sort()
    .map(([key, value]): OmapEntry => ({ key: bytes(key), value: bytes(value) }));
  const xattrs = new Map(Object.entries(content?.xattrs ?? {}).map(([name, value]) => [name, bytes(value)]));
  return {
    stat: () => (content === undefined ? undefined : { size: content.size ?? 0, version: { interval: 1, counter: 7 }, mtimeMs: 5 }),
    extents: (offset, length) =>
      (content?.extents ?? []).filter((extent) => extent.offset < offset + length && offset < extent.offset + extent.length),
    xattr: (name) => xattrs.get(name),
    xattrs: () => xattrs,
    omapGet: (keys) => omap.filter(({ key }) => keys.some((wanted) => Buffer.compare(wanted, key) === 0)),
    omapRange: (after, max) => omap.filter(({ key }) => Buffer.compare(key, after) > 0).slice(0, max),
    names: (prefix, after, max) => (content?.names ?? []).filter((name) => name.startsWith(prefix) && name > after).slice(0, max),
  };
}

function plan(content: Content | undefined, ...operations: ObjectOperation[]): OpPlan {
  const payload: Uint8Array[] = [];
  return planOp(encodeOperations(operations, payload).map(decodedOp), payload, object(content));
}

const refuses = test.macro({
  exec(t, code: ErrorCode, content: Content | undefined, ...operations: ObjectOperation[]) {
    t.is(t.throws(() => plan(content, ...operations), { instanceOf: FsError }).code, code);
  },
  title: (title) => `plan: ${title ?? ''}`,
});

test('plan: append → a write at the size, also after a write in the same list', (t) => {
  const { results, changes } = plan(
    { size: 10 },
    { kind: 'append', data: [bytes('abc')] },
    { kind: 'write', offset: 20, data: [bytes('x')] },
    { kind: 'append', data: [bytes('de')] },
  );
  t.deepEqual(
    results.map(({ offset }) => offset),
    [10, undefined, 21],
  );
  t.deepEqual(
    changes.map(({ kind, offset }) => [kind, offset]),
    [
      [ObjectOpKind.WRITE, 10],
      [ObjectOpKind.WRITE, 20],
      [ObjectOpKind.WRITE, 21],
    ],
  );
});

test('plan: write-full of less → cut first, then written', (t) => {
  const { changes, draft } = plan({ size: 10 }, { kind: 'write-full', data: [bytes('abc')] });
  t.deepEqual(
    changes.map(({ kind, offset }) => [kind, offset]),
    [
      [ObjectOpKind.TRUNCATE, 3],
      [ObjectOpKind.WRITE, 0],
    ],
  );
  t.is(draft.size, 3);
});

test('plan: zero beyond the end → cut at the size, nothing at all past it or of an absent object', (t) => {
  t.deepEqual(
    plan({ size: 10 }, { kind: 'zero', offset: 8, length: 100 }).changes.map(({ offset, length }) => [offset, length]),
    [[8, 2]],
  );
  t.is(plan({ size: 10 }, { kind: 'zero', offset: 10, length: 5 }).changes.length, 0);
  t.is(plan(undefined, { kind: 'zero', offset: 0, length: 5 }).changes.length, 0);
});

test('plan: read → cut at the size; 0 means to the end', (t) => {
  const { reads } = plan(
    { size: 10 },
    { kind: 'read', offset: 4, length: 0 },
    { kind: 'read', offset: 8, length: 10 },
    { kind: 'read', offset: 50, length: 1 },
  );
  t.deepEqual(
    reads.map(({ offset, length }) => [offset, length]),
    [
      [4, 6],
      [8, 2],
      [50, 0],
    ],
  );
});

test('plan: reads see what came before them in the list', (t) => {
  const { results } = plan(
    { omap: { a: '1', c: '3' }, xattrs: { x: '1' } },
    { kind: 'omap-set', entries: [{ key: bytes('b'), value: bytes('2') }] },
    { kind: 'omap-remove', keys: [bytes('c')] },
    { kind: 'omap-get-range', after: noBytes, maxEntries: 10 },
    { kind: 'set-xattr', name: 'y', value: bytes('2') },
    { kind: 'remove-xattr', name: 'x' },
    { kind: 'get-xattrs' },
    { kind: 'omap-clear' },
    { kind: 'omap-get', keys: [bytes('a'), bytes('b')] },
    { kind: 'write', offset: 0, data: [bytes('abc')] },
    { kind: 'stat' },
  );
  t.deepEqual(
    results[2]?.entries?.map(({ key }) => String(key)),
    ['a', 'b'],
  );
  t.deepEqual(
    results[5]?.entries?.map(({ key }) => String(key)),
    ['y'],
  );
  t.deepEqual(results[7]?.entries, []);
  t.is(results[9]?.size, 3);
});

test('plan: removed and made again in one list → nothing of before shows', (t) => {
  const { draft, results, reads } = plan(
    { size: 10, xattrs: { x: '1' }, omap: { a: '1' } },
    { kind: 'remove' },
    { kind: 'create', exclusive: true },
    { kind: 'omap-get', keys: [bytes('a')] },
    { kind: 'write', offset: 5, data: [bytes('x')] },
    { kind: 'read', offset: 0, length: 0 },
  );
  t.true(draft.exists);
  t.deepEqual(results[2]?.entries, []);
  t.deepEqual(
    reads.map(({ length, showsStored, changesBefore }) => [length, showsStored, changesBefore]),
    [[6, false, 3]],
  );
});

test('plan: omap range longer than wanted → more', (t) => {
  const content = { omap: { a: '1', b: '2', c: '3' } };
  t.true(plan(content, { kind: 'omap-get-range', after: noBytes, maxEntries: 2 }).results[0]?.more);
  t.false(plan(content, { kind: 'omap-get-range', after: bytes('a'), maxEntries: 2 }).results[0]?.more);
});

test('plan: guards that hold → nothing changes', (t) => {
  const { changes } = plan(
    { xattrs: { x: '1' } },
    { kind: 'assert-exists' },
    { kind: 'assert-version', version: { interval: 1, counter: 7 } },
    { kind: 'compare-xattr', name: 'x', value: bytes('1') },
    { kind: 'create', exclusive: false },
  );
  t.is(changes.length, 0);
});

test('exclusive create of what exists → EEXIST', refuses, 'EEXIST', {}, { kind: 'create', exclusive: true });
test('remove of what is absent → ENOENT', refuses, 'ENOENT', undefined, { kind: 'remove' });
test('read of what is absent → ENOENT', refuses, 'ENOENT', undefined, { kind: 'read', offset: 0, length: 0 });
test('stat after remove in one list → ENOENT', refuses, 'ENOENT', {}, { kind: 'remove' }, { kind: 'stat' });
test('absent xattr → ENODATA', refuses, 'ENODATA', {}, { kind: 'get-xattr', name: 'x' });
test('removing an absent xattr → ENODATA', refuses, 'ENODATA', {}, { kind: 'remove-xattr', name: 'x' });
test(
  'xattr guard that differs → ECANCELED',
  refuses,
  'ECANCELED',
  { xattrs: { x: '1' } },
  { kind: 'compare-xattr', name: 'x', value: bytes('2') },
);
test('xattr guard on what is absent → ECANCELED', refuses, 'ECANCELED', undefined, { kind: 'compare-xattr', name: 'x', value: bytes('2') });
test('version guard that differs → ERANGE', refuses, 'ERANGE', {}, { kind: 'assert-version', version: { interval: 1, counter: 6 } });
test('write past the size limit → EFBIG', refuses, 'EFBIG', {}, { kind: 'write', offset: objectLimits.objectBytes, data: [bytes('x')] });
test('truncate past the size limit → EFBIG', refuses, 'EFBIG', {}, { kind: 'truncate', size: objectLimits.objectBytes + 1 });
test(
  'read of more than a reply may hold → E2BIG',
  refuses,
  'E2BIG',
  { size: objectLimits.readBytes + 1 },
  { kind: 'read', offset: 0, length: 0 },
);

test('plan: omap range → asked for in batches, cut at the limits of count and bytes', (t) => {
  const asked: number[] = [];
  const big = Buffer.alloc(100_000);
  const stored: StoredObject = {
    ...object({}),
    omapRange: (after, max) => {
      asked.push(max);
      const from = after.length === 0 ? 0 : Number(Buffer.from(after).toString()) + 1;
      return Array.from({ length: Math.min(max, 1_000 - from) }, (_, i): OmapEntry => ({
        key: bytes(String(from + i).padStart(6, '0')),
        value: big,
      }));
    },
  };
  const run = (maxEntries: number): OpPlan =>
    planOp(encodeOperations([{ kind: 'omap-get-range', after: noBytes, maxEntries }], []).map(decodedOp), [], stored);
  const all = run(0).results[0];
  t.is(all?.entries?.length, Math.floor(objectLimits.recordBytes / 100_014));
  t.true(all?.more);
  t.true(asked.every((max) => max <= 64));
  t.is(run(10).results[0]?.entries?.length, 10);
});

test('plan: extents → as stored, cut at the object’s end, at most so many', (t) => {
  const extents = [
    { offset: 0, length: 4096 },
    { offset: 8192, length: 100 },
  ];
  const all = plan({ size: 8292, extents }, { kind: 'extents', offset: 0, length: 0 });
  t.deepEqual(all.results[0]?.extents, extents);
  t.deepEqual(plan({ size: 8292, extents }, { kind: 'extents', offset: 9000, length: 5 }).results[0]?.extents ?? [], []);
  const many = Array.from({ length: objectLimits.extents + 1 }, (_, i) => ({ offset: i * 8192, length: 4096 }));
  const { extents: some, more } = plan({ size: 2 ** 26, extents: many }, { kind: 'extents', offset: 0, length: 0 }).results[0] ?? {};
  t.deepEqual([some?.length, more], [objectLimits.extents, true]);
});
test('plan: names → of the PG, whether there is the object itself or not, with word of more', (t) => {
  const names = ['a.0', 'a.1', 'a.2', 'b.0'];
  const list = (content: Content | undefined, after: string, maxEntries: number): [string[], boolean | undefined] => {
    const { results, ofPg } = plan(content, { kind: 'names', prefix: 'a.', after, maxEntries });
    t.true(ofPg);
    return [(results[0]?.entries ?? []).map(({ key }) => Buffer.from(key ?? noBytes).toString()), results[0]?.more];
  };
  t.deepEqual(list({ names }, '', 0), [['a.0', 'a.1', 'a.2'], false]);
  t.deepEqual(list({ names }, 'a.0', 1), [['a.1'], true]);
  t.deepEqual(list({ names }, 'a.2', 5), [[], false]);
  t.deepEqual(list(undefined, '', 5), [[], false]);
  t.false(plan({ size: 1 }, { kind: 'stat' }).ofPg);
});
test(
  'names together with a change → EINVAL',
  refuses,
  'EINVAL',
  { size: 9 },
  { kind: 'names', prefix: '', after: '', maxEntries: 0 },
  { kind: 'write', offset: 0, data: [bytes('x')] },
);
test('extents of what is absent → ENOENT', refuses, 'ENOENT', undefined, { kind: 'extents', offset: 0, length: 0 });
test(
  'extents together with a change → EINVAL',
  refuses,
  'EINVAL',
  { size: 9 },
  { kind: 'extents', offset: 0, length: 0 },
  { kind: 'write', offset: 0, data: [bytes('x')] },
);
