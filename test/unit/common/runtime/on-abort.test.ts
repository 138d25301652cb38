import { getEventListeners } from 'node:events';
import test from 'ava';
import { onAbort } from '../../../../common/runtime/on-abort.ts';

test('on abort: many wait for one signal → one listener; each runs once, in order, unless it was forgotten', (t) => {
  const controller = new AbortController();
  const { signal } = controller;
  const ran: number[] = [];
  const forgets = Array.from({ length: 100 }, (_, n) => onAbort(signal, () => ran.push(n)));
  for (const [n, forget] of forgets.entries()) if (n % 10 !== 3) forget();
  t.is(getEventListeners(signal, 'abort').length, 1);
  controller.abort();
  controller.abort();
  t.deepEqual(ran, [3, 13, 23, 33, 43, 53, 63, 73, 83, 93]);
});

test('on abort: the same function twice → forgotten one at a time', (t) => {
  const controller = new AbortController();
  let ran = 0;
  const fn = (): void => {
    ran++;
  };
  const forget = onAbort(controller.signal, fn);
  onAbort(controller.signal, fn);
  forget();
  controller.abort();
  t.is(ran, 1);
});
