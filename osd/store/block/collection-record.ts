/**
 * A collection, and how it is written down. Collections that came out of one by splitting share its objects: each
 * sees those within its scope. So a split moves nothing, and neither the log's nor the database's records of objects
 * say to which PG they belong.
 *
 *     'C' cid    name of the PG, and if it shares objects: ' ' objectsCid ' ' pgNum      (text, decimal)
 *     'U' cid    nothing, or objectsCid ' ' seq ' ' pgNum                                (text, decimal)
 * @module
 */
import type { PgId } from '../../../common/maps/ids.ts';
import { everything, type Scope, scopeOf } from '../scope.ts';
import { headPrefix, metaPrefix } from './keys.ts';

/** Objects under one cid, of which those within the scope count. */
export interface ObjectView {
  readonly objectsCid: number;
  readonly headPrefix: string;
  readonly scope: Scope;
}

/** A placement group's objects and meta, under numbers that are never used again. */
export interface Collection extends ObjectView {
  /** Under which its meta is. */
  readonly cid: number;
  readonly pg: PgId;
  readonly metaPrefix: string;
}

export function newCollection(cid: number, pg: PgId, objectsCid = cid, pgNum = 0): Collection {
  return { cid, pg, objectsCid, headPrefix: headPrefix(objectsCid), metaPrefix: metaPrefix(cid), scope: scopeOf(pg, pgNum) };
}

export function encodeCollection({ cid, pg, objectsCid, scope }: Collection): Buffer {
  return Buffer.from(objectsCid === cid && scope.pgNum === 0 ? pg : `${pg} ${objectsCid} ${scope.pgNum}`, 'latin1');
}

export function decodeCollection(cid: number, record: Buffer): Collection {
  const [pg, objectsCid, pgNum] = record.toString('latin1').split(' ');
  return newCollection(cid, pg as PgId, objectsCid === undefined ? cid : Number(objectsCid), Number(pgNum ?? 0));
}

/** Of a collection that is being removed: what is still to go. */
export function encodeDropped(cid: number, { objectsCid, scope }: ObjectView): Buffer {
  return Buffer.from(objectsCid === cid && scope.pgNum === 0 ? '' : `${objectsCid} ${scope.seq} ${scope.pgNum}`, 'latin1');
}

export function decodeDropped(cid: number, record: Buffer): ObjectView {
  const [objectsCid, seq, pgNum] = record.toString('latin1').split(' ');
  if (seq === undefined) return { objectsCid: cid, headPrefix: headPrefix(cid), scope: everything };
  return { objectsCid: Number(objectsCid), headPrefix: headPrefix(Number(objectsCid)), scope: { seq: Number(seq), pgNum: Number(pgNum) } };
}
