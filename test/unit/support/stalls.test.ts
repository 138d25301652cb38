import test from 'ava';
import { unexplained } from '../../system/thrash/verdict.ts';

const stall = (fromMs: number, ms: number): { what: string; fromMs: number; ms: number } => ({ what: 'x', fromMs, ms });
const everybody = (fromMs: number, toMs: number): { who: 'everybody'; fromMs: number; toMs: number } => ({
  who: 'everybody',
  fromMs,
  toMs,
});

test('stalls: partly within times when clients may wait → what is outside counts, overlapping times once', (t) => {
  const blocked = [everybody(3_000, 5_000), everybody(1_000, 4_000), everybody(20_000, 21_000)];
  const found = unexplained([stall(0, 10_000), stall(1_500, 2_000), stall(6_000, 500), stall(20_500, 4_000)], blocked);
  t.deepEqual(
    found.map(({ fromMs, unexplainedMs }) => [fromMs, unexplainedMs]),
    [
      [0, 6_000],
      [20_500, 3_500],
      [6_000, 500],
      [1_500, 0],
    ],
  );
});
