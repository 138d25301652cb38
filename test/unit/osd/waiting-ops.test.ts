import test from 'ava';
import type { ClientOp } from '../../../osd/core/client-op.ts';
import { WaitingOps } from '../../../osd/core/waiting-ops.ts';

const op = (bytes: number): ClientOp => ({ bytes }) as ClientOp;

test('waiting operations: bytes up to the bound → held, each once; beyond → refused; released → room again', (t) => {
  const waiting = new WaitingOps(100);
  const [a, b, c] = [op(60), op(40), op(1)];
  t.true(waiting.hold(a));
  t.true(waiting.hold(b));
  t.true(waiting.hold(a));
  t.false(waiting.hold(c));
  t.is(waiting.bytes, 100);
  waiting.release(c);
  waiting.release(b);
  waiting.release(b);
  t.is(waiting.bytes, 60);
  t.true(waiting.hold(c));
});
