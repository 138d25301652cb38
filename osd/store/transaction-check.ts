/**
 * What is checked of a transaction before any of it is applied: shapes and limits, and what it may cost.
 * Shared by the implementations, so that they refuse the same things.
 * @module
 */
import { unreachable } from '../../common/errors/assert.ts';
import { FsError } from '../../common/errors/fs-error.ts';
import { parsePgId, type PgId } from '../../common/maps/ids.ts';
import type { Mutation } from './object-store.ts';
import { isWithin, type Scope, splitTargets } from './scope.ts';
import { keyOfText } from './sorted-map.ts';

/** Longest object name, in UTF-8 bytes. */
export const objectNameBytesMax = 1024;
/** Longest omap key. LMDB's own limit (1978) less the prefix. */
export const omapKeyBytesMax = 1024;
/** Longest key of a PG's or the daemon's meta record, and longest xattr name, in UTF-8 bytes. */
export const metaKeyBytesMax = 1024;
/** Largest object: what 2^32 blocks of 4 KiB hold. */
export const objectSizeBytesMax = 2 ** 44;
/** Unit of allocation and of checksums. */
export const blockBytes = 4096;
/** What a step of a log record takes at most besides names and contents. */
const stepBytesMax = 96;
/** Bytes of UTF-8 that a UTF-16 unit takes at most. */
const utf8Max = 3;

export interface TransactionCost {
  /** Bytes written to objects. */
  readonly dataBytes: number;
  /** Bytes of names, xattrs, omap and meta, with what is noted beside each; at most. */
  readonly metaBytes: number;
  /** Blocks that it may need at most. */
  readonly blocksMax: number;
  /** It only removes, or keeps records of what was removed: allowed when the store is full. */
  readonly shrinking: boolean;
}

/** FsError EINVAL, EFBIG for what no implementation stores. `scopeOf` is undefined of a PG that has no collection. */
export function checkTransaction(transaction: readonly Mutation[], scopeOf: (pg: PgId) => Scope | undefined): TransactionCost {
  let dataBytes = 0;
  let metaBytes = 0;
  let blocksMax = 0;
  let shrinking = true;
  for (const mutation of transaction) {
    const scope = mutation.kind === 'set-daemon-meta' ? undefined : scopeOf(mutation.pg);
    if (mutation.kind !== 'set-daemon-meta' && !scope) checkPg(mutation.pg);
    if ('object' in mutation) {
      checkText('object name', mutation.object, objectNameBytesMax);
      metaBytes += mutation.object.length * utf8Max + 64;
      if (scope && !isWithin(scope, keyOfText(mutation.object)))
        throw new FsError('EINVAL', `object ${JSON.stringify(mutation.object)} is not one of pg ${mutation.pg}`);
    }
    switch (mutation.kind) {
      case 'write': {
        const length = totalLength(mutation.data);
        checkRange(mutation.offset, length);
        dataBytes += length;
        blocksMax += Math.ceil(length / blockBytes) + 1;
        shrinking = false;
        break;
      }
      case 'zero':
        checkRange(mutation.offset, mutation.length);
        break;
      case 'truncate':
        checkRange(mutation.size, 0);
        break;
      case 'set-xattr':
        checkText('xattr name', mutation.name, metaKeyBytesMax);
        metaBytes += mutation.name.length * utf8Max + mutation.value.byteLength;
        shrinking = false;
        break;
      case 'remove-xattr':
        metaBytes += mutation.name.length * utf8Max;
        break;
      case 'omap-set':
        for (const { key, value } of mutation.entries) {
          checkOmapKey(key);
          metaBytes += key.byteLength + value.byteLength + 16;
        }
        shrinking = false;
        break;
      case 'omap-remove':
        for (const key of mutation.keys) {
          checkOmapKey(key);
          metaBytes += key.byteLength + 16;
        }
        break;
      case 'set-meta':
      case 'set-daemon-meta':
        checkText('meta key', mutation.key, metaKeyBytesMax);
        metaBytes += mutation.key.length * utf8Max + mutation.value.byteLength + 64;
        break;
      case 'split-collection':
        checkSplit(mutation, scope);
        metaBytes += splitTargets(mutation.pg, mutation.pgNumBefore, mutation.pgNumAfter).length * 2 * stepBytesMax;
        break;
      case 'touch':
      case 'mark-damaged':
      case 'remove':
      case 'set-version':
      case 'omap-clear':
      case 'unshelve':
      case 'remove-collection':
        break;
      default:
        unreachable(mutation);
    }
  }
  return { dataBytes, metaBytes, blocksMax, shrinking };
}

/** Upper bound of a transaction's log record, given the size from which on writes do not go through the log. */
export function recordBytesMax(transaction: readonly Mutation[], cost: TransactionCost, bulkBytesMin: number): number {
  let bytes = 64 + cost.metaBytes;
  for (const mutation of transaction) {
    bytes += stepBytesMax * 4;
    if (mutation.kind === 'write') {
      const length = totalLength(mutation.data);
      const blocks = Math.ceil(length / blockBytes) + 1;
      // In bulk: a crc per block, a step per run, and the two edges; else all of it in steps of one block.
      bytes += length >= bulkBytesMin ? blocks * 4 + blocks * 24 + 2 * blockBytes : length + blocks * stepBytesMax;
    } else if (mutation.kind === 'zero' || mutation.kind === 'truncate') {
      bytes += 2 * blockBytes;
    }
  }
  return bytes;
}

export function totalLength(pieces: readonly Uint8Array[]): number {
  if (pieces.length === 1) return (pieces[0] as Uint8Array).byteLength;
  let length = 0;
  for (const piece of pieces) length += piece.byteLength;
  return length;
}

function checkPg(pg: PgId): void {
  const parts = parsePgId(pg);
  if (!parts || parts.pool > 0xffffffff || parts.seq > 0xffffffff || pg !== `${parts.pool}.${parts.seq.toString(16)}`) {
    throw new FsError('EINVAL', `${JSON.stringify(pg)} is not the name of a placement group`);
  }
}

function checkSplit({ pg, pgNumBefore, pgNumAfter }: Extract<Mutation, { kind: 'split-collection' }>, scope: Scope | undefined): void {
  const seq = parsePgId(pg)?.seq ?? 0;
  const isSplit = seq < pgNumBefore && pgNumBefore < pgNumAfter && pgNumAfter <= 0xffffffff;
  if (!isSplit) throw new FsError('EINVAL', `pg ${pg} cannot be one of ${pgNumBefore} and then one of ${pgNumAfter}`);
  if (scope && scope.pgNum > 0 && scope.pgNum !== pgNumBefore)
    throw new FsError('EINVAL', `pg ${pg} is one of ${scope.pgNum}, not of ${pgNumBefore}`);
}

function checkText(what: string, text: string, bytesMax: number): void {
  // A character takes at most three bytes of UTF-8: the exact count only where that could matter.
  if (text.length === 0 || (text.length * 3 > bytesMax && Buffer.byteLength(text) > bytesMax)) {
    throw new FsError('EINVAL', `${what} must have 1 to ${bytesMax} bytes, not ${Buffer.byteLength(text)}`);
  }
}

function checkOmapKey(key: Uint8Array): void {
  if (key.byteLength === 0 || key.byteLength > omapKeyBytesMax) {
    throw new FsError('EINVAL', `omap key must have 1 to ${omapKeyBytesMax} bytes, not ${key.byteLength}`);
  }
}

function checkRange(offset: number, length: number): void {
  if (!Number.isSafeInteger(offset) || offset < 0 || !Number.isSafeInteger(length) || length < 0) {
    throw new FsError('EINVAL', `object range ${offset}+${length} is not one of natural numbers`);
  }
  if (offset + length > objectSizeBytesMax) {
    throw new FsError('EFBIG', `object range ${offset}+${length} ends beyond ${objectSizeBytesMax} bytes`);
  }
}
