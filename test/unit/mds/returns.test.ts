import test from 'ava';
import { Returns, type Owing } from '../../../mds/core/returns.ts';

const patienceMs = 100;

function begin(returns: Returns, instance: number): Owing {
  const owing = returns.begin(instance);
  if (owing === undefined) throw new Error(`${instance} owes nothing`);
  return owing;
}

test('returns: all that was promised has been sent again and answered → back, not before', (t) => {
  const returns = new Returns(patienceMs);
  returns.expect(1, 0);
  returns.tells(1);
  t.true(returns.isUntold(1));
  t.false(returns.told(1, 2, 10));
  t.false(returns.isUntold(1));
  const first = begin(returns, 1);
  const second = begin(returns, 1);
  t.false(returns.replayed(first, 20));
  t.true(returns.replayed(second, 20));
  t.is(returns.count, 0);
  t.is(returns.begin(1), undefined);
});

test('returns: nothing to send again → back when it has told; who is not awaited is none that comes back', (t) => {
  const returns = new Returns(patienceMs);
  returns.expect(1, 0);
  t.true(returns.told(1, 0, 10));
  t.false(returns.told(2, 0, 10));
  t.false(returns.told(2, 5, 10));
  t.is(returns.begin(2), undefined);
  t.is(returns.count, 0);
});

test('returns: patience ends with those who do nothing, never with those who wait for us', (t) => {
  const returns = new Returns(patienceMs);
  for (const instance of [1, 2, 3, 4]) returns.expect(instance, 0);
  returns.tells(2);
  returns.told(3, 2, 50);
  returns.told(4, 2, 50);
  const running = begin(returns, 4);
  t.deepEqual(returns.overdue(99), []);
  t.deepEqual(returns.overdue(100), [1]);
  t.deepEqual(returns.overdue(1_000), [1, 3]);
  returns.replayed(running, 1_000);
  t.deepEqual(returns.overdue(1_099), [1, 3]);
  t.deepEqual(returns.overdue(1_100), [1, 3, 4]);
  returns.failed(2);
  t.deepEqual(returns.overdue(1_000), [1, 2, 3]);
  t.true(returns.end(1));
  t.false(returns.end(1));
});

test('returns: its connection breaks while it sends again → answers to what came on the old one do not count for the new', (t) => {
  const returns = new Returns(patienceMs);
  returns.expect(1, 0);
  returns.told(1, 1, 10);
  const old = begin(returns, 1);
  returns.tells(1);
  t.false(returns.replayed(old, 20));
  t.is(returns.count, 1);
  t.false(returns.told(1, 1, 30));
  const again = begin(returns, 1);
  t.true(returns.replayed(again, 40));
});
