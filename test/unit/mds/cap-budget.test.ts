import test from 'ava';
import type { Cap } from '../../../mds/core/cap.ts';
import { CapBudget } from '../../../mds/core/cap-budget.ts';
import { MdsSession } from '../../../mds/core/session.ts';

function holding(instance: number, count: number): MdsSession {
  const session = new MdsSession(instance, `client.${instance}`, '');
  take(session, count);
  return session;
}

function take(session: MdsSession, count: number): void {
  for (let left = count; left > 0; left--) session.caps.set(10_000_000 + session.caps.size, {} as Cap);
}

function giveBack(session: MdsSession, keeps: number): void {
  for (const ino of [...session.caps.keys()].slice(keeps)) session.caps.delete(ino);
  session.capsLowest = Math.min(session.capsLowest, session.caps.size);
}

const asked = (budget: CapBudget, sessions: readonly MdsSession[], surplus: number, nowMs: number): [number, number][] =>
  [...budget.round(sessions, surplus, nowMs)].map(([{ instance }, { capsMax }]) => [instance, capsMax]);

test('budget: nobody holds too much, and there is memory → nobody is asked', (t) => {
  const budget = new CapBudget({ capsMax: 100, capsMin: 10 });
  t.deepEqual(asked(budget, [holding(1, 100), holding(2, 5)], 0, 0), []);
});

test('budget: more than a client may hold → it is asked for that, and owes it until it has once held no more', (t) => {
  const budget = new CapBudget({ capsMax: 100, capsMin: 10 });
  const [large, small] = [holding(1, 160), holding(2, 100)];
  t.deepEqual(asked(budget, [small, large], 0, 1_000), [[1, 100]]);
  giveBack(large, 120);
  t.deepEqual(asked(budget, [small, large], 0, 1_500), [[1, 100]]);
  t.deepEqual(
    budget.owing(31_000, 30_000).map(([{ instance }]) => instance),
    [1],
  );
  t.deepEqual(budget.owing(30_999, 30_000), []);
  giveBack(large, 100);
  t.deepEqual(budget.owing(99_000, 30_000), [], 'given');
  // Taken anew since: for that it is asked anew.
  take(large, 50);
  t.deepEqual(asked(budget, [small, large], 0, 40_000), [[1, 100]]);
  t.deepEqual(budget.owing(69_999, 30_000), []);
  t.deepEqual(budget.owing(70_000, 30_000).length, 1);
});

test('budget: memory is short → those who hold most are asked, never for the last that anybody needs', (t) => {
  const budget = new CapBudget({ capsMax: 1_000, capsMin: 10 });
  const sessions = [holding(1, 50), holding(2, 80), holding(3, 10)];
  t.deepEqual(asked(budget, sessions, 30, 0), [[2, 50]]);
  t.deepEqual(asked(budget, sessions, 1_000, 0), [
    [2, 10],
    [1, 10],
  ]);
  t.deepEqual(asked(budget, sessions, 0, 0), []);
  t.deepEqual(budget.owing(1e9, 1), [], 'memory is not short any more');
});

test('budget: who holds most does not give → after a while others are asked as well', (t) => {
  const budget = new CapBudget({ capsMax: 1_000, capsMin: 10 });
  const sessions = [holding(1, 50), holding(2, 80)];
  for (let ms = 0; ms < 5_000; ms += 500) t.deepEqual(asked(budget, sessions, 20, ms), [[2, 60]]);
  t.deepEqual(asked(budget, sessions, 20, 5_000), [
    [2, 60],
    [1, 30],
  ]);
  t.deepEqual(
    budget.owing(5_000, 5_000).map(([{ instance }]) => instance),
    [2],
  );
});

test('budget: a session that has ended → owes nothing', (t) => {
  const budget = new CapBudget({ capsMax: 100, capsMin: 10 });
  const session = holding(1, 160);
  asked(budget, [session], 0, 0);
  session.ended = true;
  t.deepEqual(budget.owing(1e9, 1), []);
});
