import test from 'ava';
import type { Call } from '../../support/posix/call.ts';
import { times, utimeNow, utimeOmit } from '../../support/posix/constants.ts';
import { sameMove, type TimeField } from '../../support/posix/moves.ts';
import type { Stat } from '../../support/posix/stat.ts';
import { root } from '../../support/posix/syscalls.ts';

/** Milliseconds of a second, as a stat has them. */
function at(ms: number): string {
  return `1700000000.${String(Math.round(ms * 1e6)).padStart(9, '0')}`;
}

function inode(atime: number, mtime: number, ctime: number): Stat {
  const unchanged = { ino: '1', type: 0o040000, mode: 0o755, nlink: 2, uid: 0, gid: 0, rdev: '0:0', size: 0 };
  return { ...unchanged, atime: at(atime), mtime: at(mtime), ctime: at(ctime) };
}

const list: Call = { user: root, name: 'list', args: ['d'] };
function utimensat(atime: number, mtime: number): Call {
  return { user: root, name: 'utimensat', args: [-100, 'd', times([0, atime], [0, mtime]), 0] };
}
const touch: Call = { user: root, name: 'utimensat', args: [-100, 'd', 0, 0] };

/** Times before and after the call on both, with the right one's clock before it. */
interface Case {
  readonly call: Call;
  readonly field?: TimeField;
  readonly model: readonly [Stat, Stat];
  readonly tick: number | undefined;
  readonly tested: readonly [Stat, Stat];
}

function same({ call, field = 'atime', model, tick, tested }: Case): boolean {
  return sameMove(
    call,
    field,
    { before: model[0], after: model[1], tick: tick === undefined ? undefined : at(tick) },
    { before: tested[0], after: tested[1] },
  );
}

test('times moved: a listing and utimensat to now in one tick → the access time may look as before', (t) => {
  const inOneTick: Case = {
    call: touch,
    model: [inode(8, 1, 1), inode(8, 8.5, 8.5)],
    tick: 8,
    tested: [inode(9.1, 1, 1), inode(9.2, 9.2, 9.2)],
  };
  t.true(same(inOneTick));
  t.true(same({ ...inOneTick, call: utimensat(utimeNow, utimeOmit) }));
  t.false(same({ ...inOneTick, call: utimensat(utimeOmit, utimeNow) }), 'it was told to leave it');
  t.false(same({ ...inOneTick, call: list }), 'a second listing does not move it');
  t.false(same({ ...inOneTick, tick: 12 }), 'a tick later it would have been seen');
  t.false(same({ ...inOneTick, tick: undefined }), 'a clock that moves with every call');
  t.false(same({ ...inOneTick, tested: [inode(9.1, 1, 1), inode(9.0, 9.2, 9.2)] }), 'never back');
});

test('times moved: mtime and ctime → told apart within a tick as well', (t) => {
  for (const field of ['mtime', 'ctime'] as const)
    t.false(
      same({ call: touch, field, model: [inode(8, 8, 8), inode(8, 8, 8)], tick: 8, tested: [inode(8, 8, 8), inode(9, 9, 9)] }),
      field,
    );
});

test('times moved: read in the tick of a change → relatime may move the access time once more', (t) => {
  const tied: Case = {
    call: list,
    model: [inode(8, 8, 8), inode(12, 8, 8)],
    tick: 12,
    tested: [inode(9.2, 9.1, 9.1), inode(9.2, 9.1, 9.1)],
  };
  t.true(same(tied));
  t.false(same({ ...tied, model: [inode(8, 7, 7), inode(12, 7, 7)] }), 'it was read after the change');
  t.false(same({ ...tied, tested: [inode(9.1, 9.1, 9.1), inode(9.1, 9.1, 9.1)] }), 'a tie there too');
  t.false(same({ ...tied, model: [inode(8, 8, 8), inode(8, 8, 8)], tested: [inode(9.2, 9.1, 9.1), inode(9.3, 9.1, 9.1)] }), 'the reverse');
});

test('times moved: alike → the same', (t) => {
  t.true(same({ call: list, model: [inode(1, 2, 2), inode(3, 2, 2)], tick: 3, tested: [inode(1, 2, 2), inode(3, 2, 2)] }));
  t.true(same({ call: list, model: [inode(3, 2, 2), inode(3, 2, 2)], tick: 3, tested: [inode(3, 2, 2), inode(3, 2, 2)] }));
});
