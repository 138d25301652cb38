/**
 * Objects in pieces of bounded size, as recovery and repair carry them: data without their holes, then xattrs
 * and omap.
 * @module
 */
import type { PgId } from '../../common/maps/ids.ts';
import type { DataExtent, Init, ObjectPiece, PieceCursor } from '../../common/wire/gen/messages.ts';
import { defaultLimits } from '../../common/wire/limits.ts';
import { omapPages } from '../core/omap-pages.ts';
import { zeroVersion } from '../core/version.ts';
import type { Mutation, ObjectStore } from '../store/object-store.ts';

const noBytes = new Uint8Array(0);
/** Xattrs and omap of one piece: they travel in the envelope. One entry, of a mebibyte at most, may go beyond. */
const envelopeBytesMax = 1024 * 1024;
/** A piece ends when it has so many; one extent may go beyond by `framesMax`. */
const framesOfPieceMax = 512;
const blockBytes = 4096;
/** More frames than these are put together: a frame costs more than copying a small one. */
const framesMax = 32;

export interface ReadPiece {
  readonly piece: Init<ObjectPiece>;
  /** Where the next one begins; undefined after the last. */
  readonly next: PieceCursor | undefined;
  readonly payload: readonly Buffer[];
  /** Of data, xattrs and omap. */
  readonly bytes: number;
}

/** Reads the piece at `cursor` (absent: the first). The object must not change between its pieces. */
export async function readPiece(
  store: ObjectStore,
  pg: PgId,
  object: string,
  cursor: PieceCursor | undefined,
  bytesMax: number,
): Promise<ReadPiece> {
  const stat = store.stat(pg, object);
  if (stat === undefined) return { piece: { exists: false }, next: undefined, payload: [], bytes: 0 };
  const head = { exists: true, size: stat.size, version: stat.version, mtimeMs: stat.mtimeMs };
  const extents: Init<DataExtent>[] = [];
  const payload: Buffer[] = [];
  let left = bytesMax;
  if (cursor?.omap !== true) {
    for (const extent of store.extents(pg, object, cursor?.offset ?? 0, stat.size - (cursor?.offset ?? 0))) {
      const length = extent.length <= left ? extent.length : wholeBlocks(extent.offset, left);
      if (length > 0) {
        const pieces = joined(await store.read(pg, object, extent.offset, length));
        payload.push(...pieces);
        extents.push({ offset: extent.offset, length, payloadFrames: pieces.length });
        left -= length;
      }
      if (length < extent.length || left <= 0 || payload.length > framesOfPieceMax) {
        const next = { offset: extent.offset + length, omapAfter: noBytes, omap: false };
        return { piece: { ...head, extents, next }, next, payload, bytes: bytesMax - left };
      }
    }
  }
  const xattrs =
    cursor?.omap === true ? [] : [...store.xattrs(pg, object)].map(([name, value]) => ({ key: Buffer.from(name, 'utf8'), value }));
  const dataBytes = bytesMax - left;
  const room = Math.min(left, envelopeBytesMax);
  left = room;
  for (const { key, value } of xattrs) left -= key.length + value.length;
  const omap: { readonly key: Uint8Array; readonly value: Uint8Array }[] = [];
  let after: Uint8Array = cursor?.omap === true ? cursor.omapAfter : noBytes;
  if (left > 0) {
    for (const page of omapPages((from, max) => store.omapRange(pg, object, from, max), after)) {
      for (const entry of page) {
        if (left <= 0) break;
        omap.push(entry);
        after = entry.key;
        left -= entry.key.length + entry.value.length + 16;
      }
      if (left <= 0) break;
    }
    if (left > 0) return { piece: { ...head, extents, xattrs, omap }, next: undefined, payload, bytes: dataBytes + room - left };
  }
  const next = { offset: 0, omapAfter: after, omap: true };
  return { piece: { ...head, extents, xattrs, omap, next }, next, payload, bytes: dataBytes + room - left };
}

/** As much of `bytes` from `offset` on as ends between blocks: so that no block is written twice. */
function wholeBlocks(offset: number, bytes: number): number {
  return Math.max(0, bytes - ((offset + bytes) % blockBytes));
}

/** The changes that add a piece, as {@link readPiece} gave it, to what was made of those before it. None when the object does not exist. */
export function mutationsOf(
  target: { readonly pg: PgId; readonly object: string; readonly shelf?: true },
  piece: ObjectPiece,
  payload: readonly Buffer[],
): Mutation[] {
  if (!piece.exists) return [];
  if (piece.damaged) return [{ kind: 'mark-damaged', ...target }];
  const mutations: Mutation[] = [{ kind: 'touch', ...target }];
  let frame = 0;
  for (const extent of piece.extents) {
    const data = payload.slice(frame, frame + extent.payloadFrames);
    frame += extent.payloadFrames;
    mutations.push({ kind: 'write', ...target, offset: extent.offset, data });
  }
  for (const { key, value } of piece.xattrs) {
    const name = Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('utf8');
    mutations.push({ kind: 'set-xattr', ...target, name, value });
  }
  if (piece.omap.length > 0) mutations.push({ kind: 'omap-set', ...target, entries: piece.omap });
  if (piece.next !== null) return mutations;
  mutations.push({ kind: 'truncate', ...target, size: piece.size });
  mutations.push({ kind: 'set-version', ...target, version: piece.version ?? zeroVersion, mtimeMs: piece.mtimeMs });
  return mutations;
}

/** Few frames of the same bytes, none longer than a message may carry. */
export function joined(pieces: readonly Buffer[]): readonly Buffer[] {
  const few = pieces.length <= framesMax ? pieces : [Buffer.concat(pieces)];
  return few.some(({ length }) => length > defaultLimits.payloadFrameBytes) ? few.flatMap(split) : few;
}

function split(piece: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < piece.length; at += defaultLimits.payloadFrameBytes)
    parts.push(piece.subarray(at, at + defaultLimits.payloadFrameBytes));
  return parts;
}
