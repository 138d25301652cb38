import test from 'ava';
import { Allocator } from '../../../../osd/store/block/allocator.ts';
import { dice } from '../../../conformance/object-store/history.ts';

test('allocator: empty → one run from the cursor on', (t) => {
  const allocator = new Allocator(1000);
  t.deepEqual(allocator.allocate(10), [{ start: 0, count: 10 }]);
  t.deepEqual(allocator.allocate(5), [{ start: 10, count: 5 }]);
  t.is(allocator.freeBlocks, 985);
  t.is(allocator.highWater, 15);
});

test('allocator: room after the block named → taken there first', (t) => {
  const allocator = new Allocator(1000);
  allocator.take(100, 10);
  t.deepEqual(allocator.allocate(4, 110), [{ start: 110, count: 4 }]);
  t.deepEqual(allocator.allocate(1, 105), [{ start: 0, count: 1 }]);
});

test('allocator: a run that is long enough → preferred to pieces', (t) => {
  const allocator = new Allocator(100);
  for (let block = 0; block < 60; block += 2) allocator.take(block, 1);
  t.deepEqual(allocator.allocate(20), [{ start: 59, count: 20 }]);
});

test('allocator: only pieces left → all of them, then nothing', (t) => {
  const allocator = new Allocator(64);
  for (let block = 0; block < 64; block += 2) allocator.take(block, 1);
  const runs = allocator.allocate(32);
  t.deepEqual(
    runs.map((run) => run.start).sort((a, b) => a - b),
    Array.from({ length: 32 }, (_, i) => i * 2 + 1),
  );
  t.is(allocator.freeBlocks, 0);
  t.throws(() => allocator.allocate(1), { message: /1 blocks wanted, 0 available/ });
});

test('allocator: a block freed twice, or taken twice → told', (t) => {
  const allocator = new Allocator(64);
  t.true(allocator.take(3, 2));
  t.false(allocator.take(4, 1));
  t.false(allocator.take(63, 2));
  allocator.free(3, 1);
  t.throws(() => allocator.free(3, 1), { message: /freed twice/ });
});

test('allocator: much of the file is free → used again before it grows; little → it grows', (t) => {
  const allocator = new Allocator(100_000);
  const [run] = allocator.allocate(1000);
  allocator.free((run?.start ?? 0) + 200, 600);
  t.deepEqual(allocator.allocate(100), [{ start: 200, count: 100 }]);
  t.deepEqual(allocator.allocate(500), [{ start: 300, count: 500 }]);
  allocator.free(500, 50);
  t.deepEqual(allocator.allocate(50), [{ start: 1000, count: 50 }]);
});

test('allocator: the file may not grow → what is free in it, and no more', (t) => {
  const allocator = new Allocator(100_000);
  allocator.allocate(1000);
  allocator.free(500, 50);
  allocator.limitGrowth(0);
  t.is(allocator.available, 50);
  t.deepEqual(allocator.allocate(50), [{ start: 500, count: 50 }]);
  t.throws(() => allocator.allocate(1), { message: /0 available/ });
  allocator.limitGrowth(1001);
  t.deepEqual(allocator.allocate(1), [{ start: 1000, count: 1 }]);
});

test('allocator: random use over several groups → never gives a block twice, loses none', (t) => {
  const roll = dice(7);
  const blocksMax = 100_000;
  const allocator = new Allocator(blocksMax);
  const used = new Set<number>();
  const held: { start: number; count: number }[] = [];
  for (let i = 0; i < 5000; i++) {
    if (roll(5) < 3 && allocator.freeBlocks > 3000) {
      const wanted = 1 + roll(roll(4) === 0 ? 2000 : 30);
      const runs = allocator.allocate(wanted, roll(2) * roll(blocksMax));
      t.is(
        runs.reduce((sum, run) => sum + run.count, 0),
        wanted,
      );
      for (const run of runs) {
        for (let block = run.start; block < run.start + run.count; block++) {
          if (used.has(block)) t.fail(`block ${block} given twice`);
          used.add(block);
        }
        held.push(run);
      }
    } else if (held.length > 0) {
      const [run] = held.splice(roll(held.length), 1);
      if (!run) continue;
      allocator.free(run.start, run.count);
      for (let block = run.start; block < run.start + run.count; block++) used.delete(block);
    }
  }
  t.is(allocator.freeBlocks, blocksMax - used.size);
});
