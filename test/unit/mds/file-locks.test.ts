import fc from 'fast-check';
import test from 'ava';
import { lastByte, LockTable, LockType, wholeFile } from '../../../mds/client/lock-table.ts';
import { FileLocks, type LockOutcome, type LockWish } from '../../../mds/core/file-locks.ts';

const bytes = 8;
const sessions = 2;
const owners = ['a', 'b'];

interface Call {
  readonly kind: 'lock' | 'cancel' | 'test' | 'end' | 'interrupted';
  readonly session: number;
  readonly owner: number;
  readonly file: number;
  readonly flock: boolean;
  readonly type: LockType;
  readonly start: number;
  readonly length: number;
  readonly wait: boolean;
}

const anyCall: fc.Arbitrary<Call> = fc.record({
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constant('lock' as const) },
    { weight: 1, arbitrary: fc.constantFrom('cancel' as const, 'end' as const, 'interrupted' as const, 'test' as const) },
  ),
  session: fc.nat(sessions - 1),
  owner: fc.nat(owners.length - 1),
  file: fc.nat(1),
  flock: fc.boolean(),
  type: fc.constantFrom(0 as const, 1 as const, 2 as const),
  start: fc.nat(bytes - 1),
  length: fc.integer({ min: 1, max: bytes }),
  wait: fc.boolean(),
});

/** What the rules say, byte by byte; the last byte stands for all that follow. */
class Model {
  readonly held = new Map<string, LockType[]>();
  queue: { readonly id: number; readonly wish: LockWish }[] = [];

  cells(wish: LockWish): LockType[] {
    const key = `${Number(wish.flock)} ${wish.ino} ${wish.instance}/${wish.owner}`;
    let cells = this.held.get(key);
    if (cells === undefined) this.held.set(key, (cells = new Array<LockType>(bytes).fill(0)));
    return cells;
  }

  /** Who is in the way. */
  blockers(wish: LockWish): string[] {
    const mine = `${Number(wish.flock)} ${wish.ino} ${wish.instance}/${wish.owner}`;
    const blockers: string[] = [];
    for (const [key, cells] of this.held) {
      if (key === mine || !key.startsWith(`${Number(wish.flock)} ${wish.ino} `)) continue;
      if (range(wish).some((at) => cells[at] !== 0 && (cells[at] === 2 || wish.type === 2))) blockers.push(key.split(' ')[2] as string);
    }
    return wish.type === 0 ? [] : blockers;
  }

  apply(wish: LockWish): void {
    for (const at of range(wish)) this.cells(wish)[at] = wish.type;
  }

  /** Those who need not wait any more, in order. */
  serve(): number[] {
    const served: number[] = [];
    for (let again = true; again;) {
      again = false;
      for (const waiter of this.queue) {
        if (this.blockers(waiter.wish).length > 0) continue;
        this.queue = this.queue.filter((each) => each !== waiter);
        this.apply(waiter.wish);
        served.push(waiter.id);
        again = true;
        break;
      }
    }
    return served;
  }

  waitsFor(from: string, target: string, seen = new Set<string>()): boolean {
    if (from === target) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return this.queue.some(
      ({ wish }) =>
        !wish.flock && `${wish.instance}/${wish.owner}` === from && this.blockers(wish).some((next) => this.waitsFor(next, target, seen)),
    );
  }

  request(wish: LockWish, id: number | undefined): LockOutcome {
    if (wish.flock) {
      const cells = this.cells(wish);
      if (wish.type !== 0 && cells[0] === wish.type) return 'granted';
      if (this.blockers(wish).length > 0) cells.fill(0);
    }
    const blockers = this.blockers(wish);
    if (blockers.length === 0) {
      this.apply(wish);
      return 'granted';
    }
    if (id === undefined) return 'busy';
    if (!wish.flock && blockers.some((each) => this.waitsFor(each, `${wish.instance}/${wish.owner}`))) return 'deadlock';
    this.queue.push({ id, wish });
    return 'waiting';
  }

  drop(instance: number, locks: boolean): void {
    this.queue = this.queue.filter(({ wish }) => wish.instance !== instance);
    if (locks) for (const [key, cells] of this.held) if (key.split(' ')[2]?.startsWith(`${instance}/`) === true) cells.fill(0);
  }
}

function range({ start, end }: LockWish): number[] {
  const last = end === lastByte ? bytes - 1 : Number(end);
  return Array.from({ length: last - Number(start) + 1 }, (_, i) => Number(start) + i);
}

/** Waits that end in one step, file by file: only of one file is there an order in which they came. */
function byFile(ids: readonly number[], calls: readonly Call[]): number[] {
  const fileOf = (id: number): number => 2 * (calls[id - 1]?.file ?? 0) + Number(calls[id - 1]?.flock);
  return ids.toSorted((a, b) => fileOf(a) - fileOf(b));
}

test('file locks: any calls of several sessions → as the rules say, nobody waits whom nothing is in the way of', (t) => {
  fc.assert(
    fc.property(fc.array(anyCall, { maxLength: 60 }), (calls) => {
      let served: number[] = [];
      const locks = new FileLocks({ locksMax: 1_000, granted: (_instance, id) => served.push(id) });
      const model = new Model();
      for (const [number, call] of calls.entries()) {
        const id = number + 1;
        served = [];
        const last = call.start + call.length - 1;
        const span = call.flock ? wholeFile : { start: BigInt(call.start), end: last >= bytes - 1 ? lastByte : BigInt(last) };
        const wish = {
          ino: call.file,
          flock: call.flock,
          instance: call.session,
          owner: owners[call.owner] as string,
          pid: 7,
          type: call.type,
          ...span,
        };
        if (call.kind === 'lock') {
          t.is(locks.request(wish, call.wait ? id : undefined), model.request(wish, call.wait ? id : undefined));
        } else if (call.kind === 'cancel') {
          const waiter = model.queue[0];
          if (waiter !== undefined) {
            t.true(locks.cancel(waiter.wish.instance, waiter.id));
            model.queue.shift();
          }
          t.false(locks.cancel(call.session, 0));
        } else if (call.kind === 'test') {
          const found = locks.test(wish);
          t.is(found !== undefined, model.blockers(wish).length > 0);
          if (found !== undefined) t.true(found.start <= wish.end && found.end >= wish.start);
        } else {
          if (call.kind === 'end') locks.end(call.session);
          else locks.interrupted(call.session);
          model.drop(call.session, call.kind === 'end');
        }
        t.deepEqual(byFile(served, calls), byFile(model.serve(), calls));
      }
      for (let session = 0; session < sessions; session += 1) locks.end(session);
      t.is(locks.size, 0);
    }),
    { numRuns: 400 },
  );
});

test('file locks: ranges of one owner → apart, merged where they touch, counted', (t) => {
  const table = new LockTable<number>();
  const set = (type: LockType, start: bigint, end: bigint): string => {
    table.set('a', 1, type, { start, end });
    t.is(table.size, table.ranges('a').length);
    return table
      .ranges('a')
      .map((each) => `${each.start}-${each.end === lastByte ? 'end' : each.end}${'-rw'[each.type] ?? ''}`)
      .join(' ');
  };
  t.is(set(LockType.write, 0n, 99n), '0-99w');
  t.is(set(LockType.none, 40n, 59n), '0-39w 60-99w');
  t.is(set(LockType.read, 60n, 99n), '0-39w 60-99r');
  t.is(set(LockType.write, 30n, 79n), '0-79w 80-99r');
  t.is(set(LockType.read, 100n, lastByte), '0-79w 80-endr');
  t.is(set(LockType.read, 2n ** 60n, 2n ** 62n), '0-79w 80-endr');
  t.is(set(LockType.none, lastByte, lastByte), `0-79w 80-${lastByte - 1n}r`);
  t.is(set(LockType.write, 80n, lastByte), '0-endw');
  t.is(set(LockType.none, 0n, lastByte), '');
  t.false(table.has('a'));
});

test('file locks: more than a session may hold, or wait for → refused; unlocking is not', (t) => {
  const locks = new FileLocks({ locksMax: 3, granted: () => undefined });
  const wish = (owner: string, at: bigint, type: LockType): LockWish => ({
    ino: 1,
    flock: false,
    instance: 1,
    owner,
    pid: 1,
    type,
    start: at,
    end: at,
  });
  for (const at of [0n, 2n, 4n]) t.is(locks.request(wish('a', at, 2)), 'granted');
  t.is(locks.request(wish('a', 6n, 2)), 'too-many');
  t.is(locks.request({ ...wish('a', 1n, 0), end: 2n }), 'granted');
  t.is(locks.request(wish('a', 6n, 2)), 'granted');
});

test('file locks: a session tells what it holds → what others hold already is refused, what was known before is void', (t) => {
  const served: number[] = [];
  const locks = new FileLocks({ locksMax: 10, granted: (instance, id) => served.push(instance, id) });
  const wish = (instance: number, start: bigint, type: LockType = 2): LockWish => ({
    ino: 1,
    flock: false,
    instance,
    owner: 'x',
    pid: 1,
    type,
    start,
    end: start,
  });
  t.is(locks.request(wish(1, 0n)), 'granted');
  t.is(locks.request(wish(1, 1n)), 'granted');
  t.is(locks.request(wish(2, 1n), 9), 'waiting');
  t.deepEqual([...locks.takeContested()], [1]);
  t.deepEqual(locks.restore(1, [wish(1, 0n), wish(1, 1n)]), []);
  t.deepEqual(served, []);
  t.deepEqual(locks.restore(1, [wish(1, 0n)]), []);
  t.deepEqual(served, [2, 9]);
  t.deepEqual(locks.restore(1, [wish(1, 1n)]), [wish(1, 1n)]);
  t.is(locks.size, 1);
  // An unlock does not say whose it is.
  t.is(locks.request({ ...wish(2, 1n), start: 0n, end: 9n, pid: 7 }), 'granted');
  t.is(locks.request({ ...wish(2, 4n, 0), pid: 0 }), 'granted');
  t.is(locks.test(wish(1, 0n))?.pid, 7);
});
