/**
 * Objects in pieces of bounded size, as recovery and repair carry them: data without their holes, then xattrs
 * and omap.
 * @module
 */
import type { PgId } from '../../common/maps/ids.ts';
import type { DataExtent, Init, ObjectPiece, PieceCursor } from '../../common/wire/gen/messages.ts';
import { omapPages } from '../core/omap-pages.ts';
import { zeroVersion } from '../core/version.ts';
import type { Mutation, ObjectStore } from '../store/object-store.ts';

const noBytes = new Uint8Array(0);
/** More frames than these are put together: a frame costs more than copying a small one. */
const framesMax = 32;

/** Reads the piece at `cursor` (absent: the first). The object must not change between its pieces. */
export async function readPiece(
  store: ObjectStore,
  pg: PgId,
  object: string,
  cursor: PieceCursor | undefined,
  bytesMax: number,
): Promise<{ readonly piece: Init<ObjectPiece>; readonly next: PieceCursor | undefined; readonly payload: readonly Buffer[] }> {
  const stat = store.stat(pg, object);
  if (stat === undefined) return { piece: { exists: false }, next: undefined, payload: [] };
  const head = { exists: true, size: stat.size, version: stat.version, mtimeMs: stat.mtimeMs };
  const extents: Init<DataExtent>[] = [];
  const payload: Buffer[] = [];
  let left = bytesMax;
  if (cursor?.omap !== true) {
    for (const extent of store.extents(pg, object, cursor?.offset ?? 0, stat.size - (cursor?.offset ?? 0))) {
      const length = Math.min(extent.length, left);
      const pieces = joined(await store.read(pg, object, extent.offset, length));
      payload.push(...pieces);
      extents.push({ offset: extent.offset, length, payloadFrames: pieces.length });
      left -= length;
      if (left <= 0) {
        const next = { offset: extent.offset + length, omapAfter: noBytes, omap: false };
        return { piece: { ...head, extents, next }, next, payload };
      }
    }
  }
  const xattrs =
    cursor?.omap === true ? [] : [...store.xattrs(pg, object)].map(([name, value]) => ({ key: Buffer.from(name, 'utf8'), value }));
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
    if (left > 0) return { piece: { ...head, extents, xattrs, omap }, next: undefined, payload };
  }
  const next = { offset: 0, omapAfter: after, omap: true };
  return { piece: { ...head, extents, xattrs, omap, next }, next, payload };
}

/** Pieces of one object gathered until the last: then they replace the object in one transaction. */
export class PieceCollector {
  readonly #pg: PgId;
  readonly #object: string;
  readonly #mutations: Mutation[] = [];
  bytes = 0;

  constructor(pg: PgId, object: string) {
    this.#pg = pg;
    this.#object = object;
    this.#mutations.push({ kind: 'remove', pg, object });
  }

  /** Takes a piece; after the last one, the transaction. */
  add(piece: ObjectPiece, payload: readonly Buffer[]): readonly Mutation[] | undefined {
    const pg = this.#pg;
    const object = this.#object;
    if (!piece.exists) return this.#mutations;
    if (this.#mutations.length === 1) this.#mutations.push({ kind: 'touch', pg, object });
    let frame = 0;
    for (const extent of piece.extents) {
      const data = payload.slice(frame, frame + extent.payloadFrames);
      frame += extent.payloadFrames;
      this.#mutations.push({ kind: 'write', pg, object, offset: extent.offset, data });
      this.bytes += extent.length;
    }
    for (const { key, value } of piece.xattrs) {
      this.#mutations.push({
        kind: 'set-xattr',
        pg,
        object,
        name: Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('utf8'),
        value,
      });
    }
    if (piece.omap.length > 0) this.#mutations.push({ kind: 'omap-set', pg, object, entries: piece.omap });
    if (piece.next !== null) return undefined;
    this.#mutations.push({ kind: 'truncate', pg, object, size: piece.size });
    this.#mutations.push({ kind: 'set-version', pg, object, version: piece.version ?? zeroVersion, mtimeMs: piece.mtimeMs });
    return this.#mutations;
  }
}

/** Few frames of the same bytes. */
export function joined(pieces: readonly Buffer[]): readonly Buffer[] {
  return pieces.length <= framesMax ? pieces : [Buffer.concat(pieces)];
}
