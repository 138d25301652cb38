/**
 * Operations as OsdOpRequest carries them, and results as callers see them.
 * @module
 */
import { ObjectOpKind, type Init, type ObjectOp, type OsdOpReply } from '../../common/wire/gen/messages.ts';
import type { Extent, ObjectOperation, ObjectReply, OperationResult, Version } from './object-client.ts';

const zeroVersion: Version = { interval: 0, counter: 0 };
const noBytes = Buffer.alloc(0);
const noFrames: readonly Buffer[] = [];
const noExtents: readonly Extent[] = [];
/** Of an operation that has nothing to tell. */
export const emptyResult: OperationResult = {
  size: 0,
  offset: 0,
  version: zeroVersion,
  mtimeMs: 0,
  value: noBytes,
  entries: [],
  more: false,
  extents: noExtents,
  data: noFrames,
};

/** An operation as decoding leaves it, every field present, that does nothing. */
export const emptyOp: ObjectOp = {
  kind: ObjectOpKind.NONE,
  offset: 0,
  length: 0,
  exclusive: false,
  name: '',
  value: noBytes,
  keys: [],
  entries: [],
  after: noBytes,
  maxEntries: 0,
  version: null,
  payloadFrames: 0,
  sourcePool: 0,
  sourceOffset: 0,
};

const reads: ReadonlySet<ObjectOperation['kind']> = new Set([
  'read',
  'stat',
  'extents',
  'get-xattr',
  'get-xattrs',
  'compare-xattr',
  'omap-get',
  'omap-get-range',
  'assert-exists',
  'assert-version',
  'names',
] as const);

/** Encodes `operations`; their data are appended to `payload`, uncopied. */
export function encodeOperations(operations: readonly ObjectOperation[], payload: Uint8Array[]): Init<ObjectOp>[] {
  const ops: Init<ObjectOp>[] = [];
  for (const operation of operations) ops.push(encode(operation, payload));
  return ops;
}

/** Whether none of `operations` can change anything. */
export function onlyReads(operations: readonly ObjectOperation[]): boolean {
  return operations.every(({ kind }) => reads.has(kind));
}

function encode(operation: ObjectOperation, payload: Uint8Array[]): Init<ObjectOp> {
  switch (operation.kind) {
    case 'read':
      return { kind: ObjectOpKind.READ, offset: operation.offset, length: operation.length };
    case 'stat':
      return { kind: ObjectOpKind.STAT };
    case 'extents':
      return { kind: ObjectOpKind.EXTENTS, offset: operation.offset, length: operation.length };
    case 'write':
      return { kind: ObjectOpKind.WRITE, offset: operation.offset, payloadFrames: take(operation.data, payload) };
    case 'write-full':
      return { kind: ObjectOpKind.WRITE_FULL, payloadFrames: take(operation.data, payload) };
    case 'append':
      return { kind: ObjectOpKind.APPEND, payloadFrames: take(operation.data, payload) };
    case 'zero':
      return { kind: ObjectOpKind.ZERO, offset: operation.offset, length: operation.length };
    case 'copy-range': {
      const { offset, length, source } = operation;
      return { kind: ObjectOpKind.COPY_RANGE, offset, length, name: source.object, sourcePool: source.pool, sourceOffset: source.offset };
    }
    case 'truncate':
      return { kind: ObjectOpKind.TRUNCATE, offset: operation.size };
    case 'create':
      return { kind: ObjectOpKind.CREATE, exclusive: operation.exclusive };
    case 'remove':
      return { kind: ObjectOpKind.REMOVE };
    case 'get-xattr':
      return { kind: ObjectOpKind.GET_XATTR, name: operation.name };
    case 'get-xattrs':
      return { kind: ObjectOpKind.GET_XATTRS };
    case 'set-xattr':
      return { kind: ObjectOpKind.SET_XATTR, name: operation.name, value: operation.value };
    case 'remove-xattr':
      return { kind: ObjectOpKind.REMOVE_XATTR, name: operation.name };
    case 'compare-xattr':
      return { kind: ObjectOpKind.COMPARE_XATTR, name: operation.name, value: operation.value };
    case 'omap-get':
      return { kind: ObjectOpKind.OMAP_GET, keys: operation.keys };
    case 'omap-get-range':
      return { kind: ObjectOpKind.OMAP_GET_RANGE, after: operation.after, maxEntries: operation.maxEntries };
    case 'omap-set':
      return { kind: ObjectOpKind.OMAP_SET, entries: operation.entries };
    case 'omap-remove':
      return { kind: ObjectOpKind.OMAP_REMOVE, keys: operation.keys };
    case 'omap-clear':
      return { kind: ObjectOpKind.OMAP_CLEAR };
    case 'assert-exists':
      return { kind: ObjectOpKind.ASSERT_EXISTS };
    case 'assert-version':
      return { kind: ObjectOpKind.ASSERT_VERSION, version: operation.version };
    case 'names': {
      const { prefix, after, maxEntries } = operation;
      return { kind: ObjectOpKind.NAMES, name: prefix, after: Buffer.from(after, 'utf8'), maxEntries };
    }
  }
}

function take(data: readonly Uint8Array[], payload: Uint8Array[]): number {
  for (const piece of data) payload.push(piece);
  return data.length;
}

/** A reply and its data as the caller gets them. */
export function decodeReply(message: OsdOpReply, payload: readonly Buffer[]): ObjectReply {
  const results: OperationResult[] = [];
  let frame = 0;
  for (const result of message.results) {
    const { size, offset, mtimeMs, value, entries, more, extents, payloadFrames } = result;
    if (
      size === 0 &&
      offset === 0 &&
      result.version === null &&
      value.length === 0 &&
      entries.length === 0 &&
      extents.length === 0 &&
      payloadFrames === 0 &&
      !more
    ) {
      results.push(emptyResult);
      continue;
    }
    const data = payloadFrames === 0 ? noFrames : payload.slice(frame, frame + payloadFrames);
    frame += payloadFrames;
    results.push({ size, offset, version: result.version ?? zeroVersion, mtimeMs, value, entries, more, extents, data });
  }
  return { version: message.version ?? zeroVersion, results };
}
