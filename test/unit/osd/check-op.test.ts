import test from 'ava';
import { FsError } from '../../../common/errors/fs-error.ts';
import { instanceId, poolId } from '../../../common/maps/ids.ts';
import { ObjectOpKind, type Init, type ObjectOp, type OsdOpRequest } from '../../../common/wire/gen/messages.ts';
import { objectLimits } from '../../../osd/client/limits.ts';
import { checkOp } from '../../../osd/core/check-op.ts';
import { Pg, freshInfo } from '../../../osd/core/pg.ts';
import { planOp, type ObjectChange } from '../../../osd/core/plan-op.ts';
import { writeTransaction } from '../../../osd/ops/transaction.ts';
import { Requesters } from '../../../osd/requesters.ts';
import { everything } from '../../../osd/store/scope.ts';
import { checkTransaction, recordBytesMax } from '../../../osd/store/transaction-check.ts';
import { decodedOp } from '../../support/object-op.ts';

/** Of every store's log: what one transaction may take. */
const segmentBytes = 16 << 20;
const object = 'é'.repeat(objectLimits.nameBytes / 2);

const absent = {
  stat: () => undefined,
  extents: () => [],
  xattr: () => undefined,
  xattrs: () => new Map<string, Buffer>(),
  omapGet: () => [],
  omapRange: () => [],
  names: () => [],
};

const op = (kind: ObjectOpKind, fields: Init<ObjectOp>): ObjectOp => decodedOp({ ...fields, kind });

function writes(count: number, bytes: number): { ops: ObjectOp[]; payload: Buffer[] } {
  const frame = Buffer.alloc(bytes);
  return {
    ops: Array.from({ length: count }, (_, i) => op(ObjectOpKind.WRITE, { offset: i * bytes, payloadFrames: 1 })),
    payload: Array.from({ length: count }, () => frame),
  };
}

const request = (ops: readonly ObjectOp[]): OsdOpRequest => ({ object, ops }) as unknown as OsdOpRequest;

/** What the store's log must take for the request, on a PG whose log lets go of large outcomes at the same time. */
function logBytes(ops: readonly ObjectOp[], payload: readonly Buffer[]): number {
  const pg = new Pg(poolId(1), 0, freshInfo, { logEntriesMax: 512, budget: { bytes: 0 } });
  const outcome = Buffer.alloc(objectLimits.outcomeBytes);
  const entry = (counter: number) =>
    ({ version: { interval: 1, counter }, kind: 'modify', object, instance: instanceId(7), tid: counter, mtimeMs: 0, outcome }) as const;
  for (let counter = 1; counter < 512 + 64; counter++) pg.log.add(entry(counter));
  const changes: readonly ObjectChange[] = planOp(ops, payload, absent).changes;
  const transaction = writeTransaction(pg, new Requesters(), entry(576), Buffer.alloc(objectLimits.outcomeBytes), changes, payload);
  return recordBytesMax(
    transaction,
    checkTransaction(transaction, () => everything),
    64 << 10,
  );
}

test('many small writes in a request, more than the log of a store takes at once → E2BIG', (t) => {
  const { ops, payload } = writes(256, 65_535);
  t.true(logBytes(ops, payload) > segmentBytes, 'it would end the primary and every member');
  const error = t.throws(() => checkOp(request(ops), payload), { instanceOf: FsError });
  t.is(error.code, 'E2BIG');
});

test('the largest requests that are taken → their transactions fit the log of a store', (t) => {
  const small = writes(64, 65_535);
  const large = writes(100, 300_000);
  const value = Buffer.alloc(100);
  const entries = Array.from({ length: objectLimits.omapEntries }, (_, i) => ({ key: Buffer.from(`${i}`.padStart(80)), value }));
  const ops = [
    ...small.ops,
    ...large.ops,
    op(ObjectOpKind.OMAP_SET, { entries }),
    ...Array.from({ length: 90 }, () => op(ObjectOpKind.ZERO, { offset: 1, length: 20_000 })),
  ];
  const payload = [...small.payload, ...large.payload];
  checkOp(request(ops), payload);
  t.true(logBytes(ops, payload) <= segmentBytes);
});
