import test from 'ava';
import { History } from './linearizable.ts';
import { objectModel, type ObjectCall } from './object-model.ts';

type Step = readonly [client: string, op: ObjectCall, beganMs: number, endedMs: number, result?: string];

/** What is wrong with a history of calls that began and ended at those times (in the order of the list where equal). */
function verdict(steps: readonly Step[]): string | undefined {
  const history = new History<ObjectCall>();
  const moments = steps.flatMap((step, i) => [
    { atMs: step[2], i, begins: true },
    { atMs: step[3], i, begins: false },
  ]);
  moments.sort((a, b) => a.atMs - b.atMs || a.i - b.i);
  const calls = new Map<number, ReturnType<typeof history.begin>>();
  for (const { atMs, i, begins } of moments) {
    const [client, op, , , result] = steps[i] as Step;
    if (begins) calls.set(i, history.begin(client, op, atMs));
    else if (result !== undefined) history.end(calls.get(i) as ReturnType<typeof history.begin>, result, atMs);
  }
  return history.explain(objectModel);
}

const append = (text: string): ObjectCall => ({ kind: 'append', text });
const read: ObjectCall = { kind: 'read' };
const remove: ObjectCall = { kind: 'remove' };

/** What a read must show after the calls, one after the other. */
function shown(...ops: readonly ObjectCall[]): string {
  let state = objectModel.initial;
  for (const op of ops) ({ state } = objectModel.apply(state, op));
  return objectModel.apply(state, read).result;
}

test('linearizable: one after the other, as the model says → fine', (t) => {
  t.is(
    verdict([
      ['a', read, 0, 1, 'ENOENT'],
      ['a', append('x'), 2, 3, '0'],
      ['b', append('yy'), 4, 5, '1'],
      ['a', read, 6, 7, shown(append('x'), append('yy'))],
      ['b', remove, 8, 9, 'ok'],
      ['a', read, 10, 11, 'ENOENT'],
    ]),
    undefined,
  );
});

test('linearizable: an acknowledged write is gone, or there twice → told', (t) => {
  t.regex(
    verdict([
      ['a', append('x'), 0, 1, '0'],
      ['b', read, 2, 3, 'ENOENT'],
    ]) ?? '',
    /no order of calls/,
  );
  t.regex(
    verdict([
      ['a', append('x'), 0, 1, '0'],
      ['b', read, 2, 3, shown(append('x'), append('x'))],
    ]) ?? '',
    /no order of calls/,
  );
  t.regex(
    verdict([
      ['a', append('x'), 0, 1, '0'],
      ['b', append('y'), 2, 3, '0'],
    ]) ?? '',
    /no order of calls/,
  );
});

test('linearizable: calls at the same time → any order, but the same for everyone', (t) => {
  const both: Step[] = [
    ['a', append('x'), 0, 10, '0'],
    ['b', append('y'), 0, 10, '1'],
  ];
  t.is(verdict([...both, ['c', read, 11, 12, shown(append('x'), append('y'))]]), undefined);
  t.not(verdict([...both, ['c', read, 11, 12, shown(append('y'), append('x'))]]), undefined);
  t.is(
    verdict([
      ['a', append('x'), 0, 10, '0'],
      ['c', read, 1, 2, shown(append('x'))],
      ['c', read, 3, 4, shown(append('x'))],
    ]),
    undefined,
  );
});

test('linearizable: a read goes back behind what another has shown → told', (t) => {
  t.not(
    verdict([
      ['a', append('x'), 0, 10, '0'],
      ['c', read, 1, 2, shown(append('x'))],
      ['d', read, 3, 4, 'ENOENT'],
    ]),
    undefined,
  );
});

test('linearizable: the outcome was never heard → it may have happened, even late, or not', (t) => {
  const lost: Step = ['a', append('x'), 0, 100];
  t.is(verdict([lost, ['b', read, 1, 2, 'ENOENT']]), undefined);
  t.is(verdict([lost, ['b', read, 1, 2, 'ENOENT'], ['b', read, 3, 4, shown(append('x'))]]), undefined);
  t.not(verdict([lost, ['b', read, 1, 2, shown(append('x'))], ['b', read, 3, 4, 'ENOENT']]), undefined);
});

test('linearizable: writes of one client overtake one another → told; after a read of its own they may', (t) => {
  const order = (first: ObjectCall, result: string): Step[] => [
    ['a', first, 0, 10, result],
    ['a', append('y'), 0, 10, '0'],
  ];
  t.not(verdict(order(append('x'), '1')), undefined);
  t.is(verdict(order(read, shown(append('y')))), undefined);
});

test('linearizable: what is known not to have happened → must not show', (t) => {
  const history = new History<ObjectCall>();
  history.refuse(history.begin('a', append('x'), 0));
  history.end(history.begin('b', read, 1), shown(append('x')), 2);
  t.not(history.explain(objectModel), undefined);
});
