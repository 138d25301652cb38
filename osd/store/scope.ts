/**
 * Which objects are a collection's after it was split: those whose hash falls to its PG.
 * @module
 */
import { objectHashOfBytes, stableMod } from '../../common/maps/object-hash.ts';
import { parsePgId, pgId, type PgId } from '../../common/maps/ids.ts';
import { splitChildren } from '../../common/maps/pg-split.ts';
import { shelfPrefix } from './shelf.ts';
import { assert } from '../../common/errors/assert.ts';

export interface Scope {
  /** Number of the PG. */
  readonly seq: number;
  /** Number of PGs among which hashes are divided; 0: the collection was never split, it takes any name. */
  readonly pgNum: number;
}

/** Of a collection that was never split. */
export const everything: Scope = { seq: 0, pgNum: 0 };

/** Whether the object of that key (a name's bytes, see sorted-map.ts; on the shelf too) is within the scope. */
export function isWithin(scope: Scope, key: string): boolean {
  if (scope.pgNum === 0) return true;
  const name = key.startsWith(shelfPrefix) ? key.slice(shelfPrefix.length) : key;
  return stableMod(objectHashOfBytes(name), scope.pgNum) === scope.seq;
}

/** The PG's own scope among `pgNum`. */
export function scopeOf(pg: PgId, pgNum: number): Scope {
  return pgNum === 0 ? everything : { seq: seqOf(pg), pgNum };
}

/** The PGs that a split takes objects to. */
export function splitTargets(pg: PgId, pgNumBefore: number, pgNumAfter: number): PgId[] {
  const parts = parsePgId(pg);
  assert(parts, `${pg} names a PG`);
  return splitChildren(parts.seq, pgNumBefore, pgNumAfter).map((seq) => pgId(parts.pool, seq));
}

function seqOf(pg: PgId): number {
  const parts = parsePgId(pg);
  assert(parts, `${pg} names a PG`);
  return parts.seq;
}
