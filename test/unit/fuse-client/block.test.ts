import test from 'ava';
import fc from 'fast-check';
import { Block, blockBytes, type BlockAccount } from '../../../fuse-client/vfs/block.ts';
import type { Segment } from '../../../fuse-client/vfs/segment.ts';

class Account implements BlockAccount {
  cached = 0;
  unsafe = 0;
  readonly spare: Uint8Array[] = [];
  changed(_block: Block, cached: number, unsafe: number): void {
    this.cached += cached;
    this.unsafe += unsafe;
  }
  takeMemory(): Uint8Array {
    return this.spare.pop() ?? new Uint8Array(blockBytes);
  }
  giveMemory(bytes: Uint8Array): void {
    this.spare.push(bytes);
  }
}

function bytes(length: number, value: number): Uint8Array {
  return new Uint8Array(length).fill(value);
}

function contents(block: Block, from: number, to: number): Buffer | undefined {
  const out: Uint8Array[] = [];
  return block.read(from, to, out) ? Buffer.concat(out) : undefined;
}

test('block: a partial overwrite of nothing → only that is cached, dirty', (t) => {
  const account = new Account();
  const block = new Block(3, account);
  block.write(block.start + 100, bytes(50, 7));
  t.is(block.cachedBytes, 50);
  t.is(block.dirtyBytes, 50);
  t.is(account.unsafe, 50);
  t.is(contents(block, block.start, block.start + 100), undefined);
  t.deepEqual(contents(block, block.start + 110, block.start + 120), Buffer.alloc(10, 7));
});

test('block: small appends → few segments, no copies of what is there', (t) => {
  const block = new Block(0, new Account());
  for (let at = 0; at < 64 * 1024; at += 256) block.write(at, bytes(256, at / 256));
  t.true(block.segments.length <= 6, `${block.segments.length} segments`);
  t.is(block.dirtyBytes, 64 * 1024);
});

test('block: overwrite of bytes being sent → the bytes on their way stay as they were', (t) => {
  const block = new Block(0, new Account());
  block.write(0, bytes(4096, 1));
  const carrier = {};
  const sent = block.take(carrier).map((segment) => segment.view(segment.start, segment.end));
  block.write(1000, bytes(1000, 2));
  block.write(4096, bytes(100, 3));
  t.true(sent.every((view) => view.every((value) => value === 1)));
  t.is(block.dirtyBytes, 1100);
  t.is(block.writingBytes, 3096);
  block.settle(carrier, true);
  t.is(block.writingBytes, 0);
  t.is(block.dirtyBytes, 1100);
  t.deepEqual(contents(block, 900, 1100), Buffer.concat([Buffer.alloc(100, 1), Buffer.alloc(100, 2)]));
});

test('block: a write that failed → what it carried is gone, what was written since stays', (t) => {
  const account = new Account();
  const block = new Block(0, account);
  block.write(0, bytes(100, 1));
  const carrier = {};
  block.take(carrier);
  block.write(50, bytes(10, 2));
  block.settle(carrier, false);
  t.is(block.cachedBytes, 10);
  t.is(account.cached, 10);
  t.is(account.unsafe, 10);
});

test('block: a whole block is evicted → its memory is used again, unless a reader may look at it', (t) => {
  const account = new Account();
  const block = new Block(0, account);
  for (const [round, spares] of [
    [0, 1],
    [1, 0],
  ] as const) {
    block.write(0, bytes(blockBytes, 1));
    const carrier = {};
    block.take(carrier);
    block.dropClean();
    t.is(account.spare.length, 0);
    block.settle(carrier, true);
    if (round === 1) block.read(0, 1, []);
    block.dropClean();
    t.is(account.spare.length, spares);
  }
});

test('block: clean data in zeros that are shared → an overwrite does not change them', (t) => {
  const shared = new Uint8Array(100);
  const block = new Block(0, new Account());
  block.fill(0, shared, false);
  block.write(10, bytes(10, 9));
  t.true(shared.every((value) => value === 0));
  t.deepEqual(contents(block, 5, 25), Buffer.concat([Buffer.alloc(5), Buffer.alloc(10, 9), Buffer.alloc(5)]));
});

const span = 4096;
const range = fc
  .tuple(fc.integer({ min: 0, max: span - 1 }), fc.integer({ min: 1, max: 600 }))
  .map(([from, length]) => ({ from, to: Math.min(span, from + length) }));
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('write' as const), range, value: fc.integer({ min: 1, max: 255 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      length: fc.integer({ min: 1, max: 300 }),
      value: fc.integer({ min: 1, max: 255 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fill' as const), range, value: fc.integer({ min: 1, max: 255 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const), range }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('take' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('settle' as const), written: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const) }) },
);

test('block: any operations → the same bytes and states as a flat model', (t) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const account = new Account();
      const block = new Block(0, account);
      /** Value and state of every byte; undefined when not cached. */
      const model = new Array<{ value: number; state: 'clean' | 'dirty' | 'writing'; carrier?: object } | undefined>(span).fill(undefined);
      const flights: { carrier: object; segments: Segment[]; expected: Buffer }[] = [];
      let end = 0;
      for (const each of steps) {
        switch (each.kind) {
          case 'write':
            block.write(each.range.from, bytes(each.range.to - each.range.from, each.value));
            for (let at = each.range.from; at < each.range.to; at++) model[at] = { value: each.value, state: 'dirty' };
            end = each.range.to;
            break;
          case 'append': {
            const to = Math.min(span, end + each.length);
            if (to > end) block.write(end, bytes(to - end, each.value));
            for (let at = end; at < to; at++) model[at] = { value: each.value, state: 'dirty' };
            end = to;
            break;
          }
          case 'fill':
            block.fill(each.range.from, bytes(each.range.to - each.range.from, each.value), true);
            for (let at = each.range.from; at < each.range.to; at++) model[at] ??= { value: each.value, state: 'clean' };
            break;
          case 'cut':
            block.cut(each.range.from, each.range.to);
            model.fill(undefined, each.range.from, each.range.to);
            break;
          case 'take': {
            const carrier = {};
            const segments = block.take(carrier);
            flights.push({ carrier, segments, expected: Buffer.concat(segments.map((s) => s.view(s.start, s.end))) });
            for (const byte of model) {
              if (byte?.state !== 'dirty') continue;
              byte.state = 'writing';
              byte.carrier = carrier;
            }
            break;
          }
          case 'settle': {
            const flight = flights.shift();
            if (flight === undefined) break;
            if (!Buffer.concat(flight.segments.map((s) => s.view(s.start, s.end))).equals(flight.expected))
              throw new Error('bytes changed on their way');
            block.settle(flight.carrier, each.written);
            for (let at = 0; at < span; at++) {
              if (model[at]?.carrier !== flight.carrier) continue;
              model[at] = each.written ? { value: (model[at] as { value: number }).value, state: 'clean' } : undefined;
            }
            break;
          }
          case 'drop':
            block.dropClean();
            for (let at = 0; at < span; at++) if (model[at]?.state === 'clean') model[at] = undefined;
            break;
        }
        check(block, account, model);
      }
    }),
    { numRuns: 300 },
  );
  t.true(blockBytes >= span);
});

function check(block: Block, account: Account, model: readonly ({ value: number; state: string } | undefined)[]): void {
  const seen = new Array<{ value: number; state: string } | undefined>(span).fill(undefined);
  let previous = 0;
  for (const segment of block.segments) {
    if (segment.start < previous || segment.end <= segment.start) throw new Error('segments overlap or are empty');
    previous = segment.end;
    const view = segment.view(segment.start, segment.end);
    for (let at = segment.start; at < segment.end; at++) seen[at] = { value: view[at - segment.start] as number, state: segment.state };
  }
  const count = (state?: string): number =>
    model.filter((byte) => byte !== undefined && (state === undefined || byte.state === state)).length;
  for (let at = 0; at < span; at++) {
    if (seen[at]?.value !== model[at]?.value || seen[at]?.state !== model[at]?.state)
      throw new Error(`byte ${at}: ${JSON.stringify(seen[at])} instead of ${JSON.stringify(model[at])}`);
  }
  if (block.cachedBytes !== count() || account.cached !== count()) throw new Error('cached bytes miscounted');
  if (block.dirtyBytes !== count('dirty') || block.writingBytes !== count('writing')) throw new Error('dirty bytes miscounted');
  if (account.unsafe !== count('dirty') + count('writing')) throw new Error('unsafe bytes miscounted');
}
