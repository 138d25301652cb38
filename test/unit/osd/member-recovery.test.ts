import test from 'ava';
import { FsError } from '../../../common/errors/fs-error.ts';
import { osdId } from '../../../common/maps/ids.ts';
import type { LogEntry } from '../../../osd/core/log-entry.ts';
import { MemberRecovery } from '../../../osd/core/member-recovery.ts';

const write = (object: string, counter = 1): LogEntry => ({
  version: { interval: 1, counter },
  kind: 'modify',
  object,
  instance: 1,
  tid: counter,
  mtimeMs: 0,
  outcome: Buffer.alloc(0),
});

test('member recovery: by log → writes of missing objects wait for their copy, others go at once', (t) => {
  const recovery = new MemberRecovery(osdId(1));
  const missing = new Set(['a']);
  recovery.phase = { kind: 'log', missing, complete: true };
  t.false(recovery.takes(write('a', 2)));
  t.true(recovery.takes(write('b', 3)));
  missing.delete('a');
  t.true(recovery.takes(write('a', 4)));
});

test('member recovery: while it is not known what must be dropped → nothing goes, all is remembered', (t) => {
  const recovery = new MemberRecovery(osdId(1));
  recovery.phase = { kind: 'log', missing: new Set(), complete: false };
  t.false(recovery.takes(write('b')));
  t.is(recovery.unsent.size, 1);
});

test('member recovery: it becomes known what must be dropped → that and all written meanwhile is missing, the rest goes', (t) => {
  const recovery = new MemberRecovery(osdId(1));
  const missing = new Set(['a']);
  recovery.phase = { kind: 'log', missing, complete: false };
  for (const object of ['w', 'a', 'd', 'w']) t.false(recovery.takes(write(object)));
  recovery.dropsAreKnown(['d', 'e']);
  t.is(recovery.unsent.size, 0);
  t.deepEqual([...missing].sort(), ['a', 'd', 'e', 'w']);
  t.false(recovery.takes(write('w', 2)));
  t.true(recovery.takes(write('other', 3)));
});

test('member recovery: backfill → writes up to the cursor go, in order of UTF-8 bytes', (t) => {
  const recovery = new MemberRecovery(osdId(1));
  const missing = new Set(['b']);
  recovery.phase = { kind: 'backfill', missing, complete: true };
  t.false(recovery.takes(write('a')));
  recovery.reach('\u{ff5e}');
  t.true(recovery.takes(write('a')));
  t.true(recovery.takes(write('\u{ff5e}')));
  t.false(recovery.takes(write('b')));
  missing.delete('b');
  t.true(recovery.takes(write('b')));
  // Later in bytes, though earlier in UTF-16 units.
  t.false(recovery.takes(write('\u{10000}')));
});

test('member recovery: being asked → nothing; caught up → everything', (t) => {
  const recovery = new MemberRecovery(osdId(1));
  t.false(recovery.takes(write('a')));
  recovery.phase = { kind: 'caught-up' };
  t.true(recovery.takes(write('a')));
});

test('member recovery: an object held back → it may not be told that it has everything', (t) => {
  const recovery = new MemberRecovery(osdId(2));
  t.notThrows(() => recovery.requireNothingHeld());
  recovery.held.add('x');
  t.throws(() => recovery.requireNothingHeld(), { instanceOf: FsError, code: 'EAGAIN', message: /osd\.2 waits for a copy of x that/ });
  recovery.held.add('y');
  t.throws(() => recovery.requireNothingHeld(), { message: /x and 1 others/ });
});
