/**
 * A write of a PG as one store transaction: the changes, the object's version and the log entry together.
 * The same on the primary and its replicas.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { PgId } from '../../common/maps/ids.ts';
import { ObjectOpKind, type KeyValue } from '../../common/wire/gen/messages.ts';
import { encodeLogEntry, type LogEntry } from '../core/log-entry.ts';
import type { LogTrim } from '../core/pg-log.ts';
import type { Pg, PgInfo } from '../core/pg.ts';
import type { ObjectChange } from '../core/plan-op.ts';
import { encodeScrubRecord, type ScrubRecord } from '../core/scrub-record.ts';
import type { OmapEntry, Version } from '../client/object-client.ts';
import { cutRuns } from '../core/version-runs.ts';
import type { Requesters } from '../requesters.ts';
import type { Mutation } from '../store/object-store.ts';

const noBytes = new Uint8Array(0);
const noEntries: readonly never[] = [];
/** The bound of how much of a log's chain is known only from its entries. */
const completeToEvery = 256;

/** Key of a log entry's record: sorts by counter. */
export function logKey(version: Version): string {
  return `l${version.counter.toString(36).padStart(11, '0')}.${version.interval.toString(36)}`;
}

/** Key of an entry that left the log and is kept aside. */
export function keptKey(version: Version): string {
  return `k${logKey(version).slice(1)}`;
}

/** Key of the record that {@link infoMutation} writes. */
export const infoKey = 'info';

/** 1 did not know of splits. */
export const infoFormat = 2;

export function infoMutation(pg: PgId, info: PgInfo): Mutation {
  return { kind: 'set-meta', pg, key: infoKey, value: Buffer.from(JSON.stringify({ format: infoFormat, ...info })) };
}

/** Says of a PG that it is being split off another and has nothing yet but a part of its log. */
export function formingMutation(pg: PgId): Mutation {
  return { kind: 'set-meta', pg, key: infoKey, value: Buffer.from(JSON.stringify({ format: infoFormat, forming: true })) };
}

/** Key of the record that {@link scrubRecordMutation} writes. */
export const scrubKey = 'scrub';

export function scrubRecordMutation(pg: PgId, record: ScrubRecord): Mutation {
  return { kind: 'set-meta', pg, key: scrubKey, value: encodeScrubRecord(record) };
}

/**
 * Adds `entry` to the PG's log and makes the transaction that says so; `entryBytes` are its encoding, `requesters`
 * tell which old entries may still be asked for.
 */
export function writeTransaction(
  pg: Pg,
  requesters: Requesters,
  entry: LogEntry,
  entryBytes: Uint8Array,
  changes: readonly ObjectChange[],
  payload: readonly Uint8Array[],
): Mutation[] {
  const { id } = pg;
  const { object, version } = entry;
  const mutations: Mutation[] = [];
  let frame = 0;
  for (const change of changes) {
    const frames = change.payloadFrames ?? 0;
    mutations.push(
      mutationOf(id, object, change, frames === 0 ? noEntries : frames === payload.length ? payload : payload.slice(frame, frame + frames)),
    );
    frame += frames;
  }
  if (entry.kind === 'modify') mutations.push({ kind: 'set-version', pg: id, object, version, mtimeMs: entry.mtimeMs });
  pg.log.add(entry);
  mutations.push({ kind: 'set-meta', pg: id, key: logKey(version), value: entryBytes });
  const trim = pg.log.trim(requesters.oldestTid);
  const { trimmed } = trim;
  mutations.push(...trimMutations(id, trim));
  const { condition, past } = pg.info;
  const oldest = trimmed.at(-1);
  const isOutOfReach = oldest !== undefined && (past[0]?.first ?? Infinity) <= oldest.version.counter;
  // Only a whole copy's entries are without gaps: its mark moves on with them.
  if (
    condition === 'whole'
      ? version.counter % completeToEvery === 0 || trimmed.length > 0
      : trimmed.length > 0 && (!pg.info.trimmed || isOutOfReach)
  ) {
    pg.info = {
      ...pg.info,
      trimmed: pg.info.trimmed || trimmed.length > 0,
      past: isOutOfReach ? cutRuns(past, oldest.version.counter + 1, Infinity) : past,
      completeTo: pg.info.condition === 'whole' ? version : pg.info.completeTo,
    };
    mutations.push(infoMutation(id, pg.info));
  }
  return mutations;
}

/** What the store notes of a trim of the log. */
export function trimMutations(pg: PgId, { trimmed, kept, released }: LogTrim): Mutation[] {
  if (trimmed.length + released.length === 0) return [];
  return [
    ...trimmed.map((old): Mutation => ({ kind: 'set-meta', pg, key: logKey(old.version), value: noBytes })),
    ...kept.map((old): Mutation => ({ kind: 'set-meta', pg, key: keptKey(old.version), value: encodeLogEntry(old) })),
    ...released.map((old): Mutation => ({ kind: 'set-meta', pg, key: keptKey(old.version), value: noBytes })),
  ];
}

function mutationOf(pg: PgId, object: string, change: ObjectChange, data: readonly Uint8Array[]): Mutation {
  switch (change.kind) {
    case ObjectOpKind.WRITE:
      return { kind: 'write', pg, object, offset: change.offset ?? 0, data };
    case ObjectOpKind.ZERO:
      return { kind: 'zero', pg, object, offset: change.offset ?? 0, length: change.length ?? 0 };
    case ObjectOpKind.TRUNCATE:
      return { kind: 'truncate', pg, object, size: change.offset ?? 0 };
    case ObjectOpKind.CREATE:
      return { kind: 'touch', pg, object };
    case ObjectOpKind.REMOVE:
      return { kind: 'remove', pg, object };
    case ObjectOpKind.SET_XATTR:
      return { kind: 'set-xattr', pg, object, name: change.name ?? '', value: change.value ?? noBytes };
    case ObjectOpKind.REMOVE_XATTR:
      return { kind: 'remove-xattr', pg, object, name: change.name ?? '' };
    case ObjectOpKind.OMAP_SET:
      return { kind: 'omap-set', pg, object, entries: entriesOf(change.entries ?? noEntries) };
    case ObjectOpKind.OMAP_REMOVE:
      return { kind: 'omap-remove', pg, object, keys: change.keys ?? noEntries };
    case ObjectOpKind.OMAP_CLEAR:
      return { kind: 'omap-clear', pg, object };
    default:
      throw new FsError('EPROTO', `operation ${change.kind} is not a change`);
  }
}

/** Decoded entries always have both fields. */
function entriesOf(
  entries: readonly { readonly key?: Uint8Array | undefined; readonly value?: Uint8Array | undefined }[],
): readonly OmapEntry[] {
  return entries as readonly KeyValue[];
}
