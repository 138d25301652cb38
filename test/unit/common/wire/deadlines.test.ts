import test from 'ava';
import type { Clock } from '../../../../common/runtime/clock.ts';
import { SimWorld } from '../../../../common/runtime/sim/world.ts';
import { Deadline, DeadlineWheel } from '../../../../common/wire/deadlines.ts';

class Probe extends Deadline {
  readonly dueMs: number;
  readonly fired: (probe: Probe) => void;

  constructor(dueMs: number, fired: (probe: Probe) => void) {
    super();
    this.dueMs = dueMs;
    this.fired = fired;
  }

  override onDeadline(): void {
    this.fired(this);
  }
}

test('wheel: deadlines near and far → each fires once, never early, at most a slot late', async (t) => {
  const world = new SimWorld({ seed: 1 });
  const { clock } = world.node('a').env;
  const wheel = new DeadlineWheel(clock);
  const random = world.fork('test');
  const late: number[] = [];
  const count = 2_000;
  for (let i = 0; i < count; i += 1) {
    world.schedule(random.below(20_000), 'add', () => {
      const ms = random.pick([0, 1, 15, 16, 17, 500, 8_191, 8_192, 8_193, 40_000]);
      wheel.add(new Probe(world.nowMs + ms, (probe) => late.push(world.nowMs - probe.dueMs)), ms);
    });
  }
  await world.advance(70_000);
  t.is(late.length, count);
  t.true(
    late.every((ms) => ms >= 0 && ms <= 33),
    `between ${Math.min(...late)} and ${Math.max(...late)} ms late`,
  );
});

test('wheel: removed → never fires; removed by another that fires in the same slot → neither', async (t) => {
  const world = new SimWorld({ seed: 1 });
  const wheel = new DeadlineWheel(world.node('a').env.clock);
  const fired: string[] = [];
  const second = new Probe(0, () => fired.push('second'));
  const first = new Probe(0, () => {
    fired.push('first');
    wheel.remove(second);
    wheel.add(new Probe(0, () => fired.push('again')), 0);
  });
  wheel.add(first, 100);
  wheel.add(second, 100);
  const third = new Probe(0, () => fired.push('third'));
  wheel.add(third, 50);
  wheel.remove(third);
  wheel.remove(third);
  await world.advance(1_000);
  t.deepEqual(fired, ['first', 'again']);
});

/* A clock so large that a timer of less than its rounding never moves it (seed 3200535: an hour of a clock that goes at 1.0162). */
test('deadlines: a timer fires a rounding error too early → the rest is waited for, not asked for again and again', (t) => {
  let nowMs = 16 - 2 ** -48;
  const timers: { readonly delayMs: number; readonly fn: () => void }[] = [];
  const clock = {
    monotonicMs: () => nowMs,
    setTimer: (delayMs: number, fn: () => void) => {
      timers.push({ delayMs, fn });
      return { cancel: () => undefined };
    },
  } as unknown as Clock;
  const wheel = new DeadlineWheel(clock);
  let fired = 0;
  wheel.add(new Probe(16, () => fired++), 0);
  for (let rounds = 0; rounds < 3 && fired === 0; rounds++) {
    const timer = timers.shift();
    // Added to a large number, what is too small vanishes.
    if (timer !== undefined && timer.delayMs > 2 ** -20) nowMs += timer.delayMs;
    timer?.fn();
  }
  t.is(fired, 1);
});
