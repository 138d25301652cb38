import { createHash } from 'node:crypto';
import test from 'ava';
import { crushLn, lnTables } from '../../../common/crush/ln.ts';

/** SHA-256 of the tables in Ceph 16.2's libceph-common, as 64-bit little-endian integers. */
const published = {
  reciprocalsAndHighLogs: '304b097c8de73930d785af5802b1f6b4e9827a69175038f910f6120565e8364c',
  lowLogs: '56fecbea65b1d35d0d20f0327d783a870652a56356e9a5326b6ab16d6c31b6ca',
};

test('tables: computed → the published ones, to the bit', (t) => {
  const interleaved: bigint[] = [];
  lnTables.reciprocals.forEach((reciprocal, k) => interleaved.push(BigInt(reciprocal), BigInt(lnTables.highLogs[k] as number)));
  t.is(sha256(interleaved), published.reciprocalsAndHighLogs);
  t.is(sha256(Array.from(lnTables.lowLogs, BigInt)), published.lowLogs);
});

test("crushLn: every input → within the published tables' error of the logarithm", (t) => {
  for (let x = 0; x <= 0xffff; x++) {
    const exact = 2 ** 44 * Math.log2(x + 1);
    if (Math.abs(crushLn(x) - exact) > 2 ** 30) return t.fail(`crushLn(${x}) is ${crushLn(x)}, not near ${exact}`);
  }
  t.is(crushLn(0), 0);
  t.is(crushLn(0xffff), 2 ** 48 - 2 ** 28);
});

function sha256(values: readonly bigint[]): string {
  return createHash('sha256').update(BigInt64Array.from(values)).digest('hex');
}
