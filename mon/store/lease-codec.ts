/**
 * The record of leases to bytes and back: JSON, as drawn in docs/ON-DISK.md.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { type EntityName, instanceId, parseEntityName } from '../../common/maps/ids.ts';
import type { LeaseRecord, Silence } from '../core/silences.ts';

export function encodeLeaseRecord({ leaseMs, silences }: LeaseRecord): Buffer {
  return Buffer.from(
    JSON.stringify({
      leaseMs,
      silences: Array.from(silences, ([name, { instance, leftMs, excused }]) => ({ name, instance, leftMs, excused })),
    }),
  );
}

/** Throws EILSEQ when it is none. */
export function decodeLeaseRecord(bytes: Buffer): LeaseRecord {
  let record: unknown;
  try {
    record = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw malformed(error);
  }
  const { leaseMs, silences } = (record ?? {}) as { readonly leaseMs?: unknown; readonly silences?: unknown };
  if (!isCount(leaseMs) || !Array.isArray(silences)) throw malformed();
  return { leaseMs, silences: new Map(silences.map(silenceFrom)) };
}

function silenceFrom(value: unknown): [EntityName, Silence] {
  const { name, instance, leftMs, excused } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || !parseEntityName(name) || !isCount(instance) || !isCount(leftMs) || typeof excused !== 'boolean')
    throw malformed();
  return [name as EntityName, { instance: instanceId(instance), leftMs, excused }];
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function malformed(cause?: unknown): FsError {
  return new FsError('EILSEQ', "the mon's record of leases is malformed: restore its store from a copy", { cause });
}
