/**
 * How a directory is divided into fragments: a tree whose inner nodes have eight children each, by the next three bits of the
 * names' hash. As bytes: one bit per node, parents before their children, 1 where it is divided; none for a whole directory.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';

/** The names whose hash begins with the upper `bits` bits `value`. */
export interface FragmentId {
  readonly bits: number;
  readonly value: number;
}

export type Shape = Uint8Array;

export const wholeShape: Shape = new Uint8Array(0);
/** Bits of the hash that one division takes: what has grown too large is rewritten seldom, into pieces that have room. */
export const divisionBits = 3;
export const divisionCount = 1 << divisionBits;
/** A position has 20 bits of the hash, so a fragment can have no more. */
export const fragmentBitsMax = 18;

export const wholeId: FragmentId = { bits: 0, value: 0 };

/** The fragments, in the order of the hashes. FsError EILSEQ for bytes that describe no tree. */
export function fragmentsOf(shape: Shape): FragmentId[] {
  if (shape.length === 0) return [wholeId];
  const fragments: FragmentId[] = [];
  let at = 0;
  const walk = (id: FragmentId): void => {
    const byte = shape[at >>> 3];
    if (byte === undefined) throw damagedShape('it ends too early');
    const divided = ((byte >>> (at & 7)) & 1) === 1;
    at++;
    if (!divided) fragments.push(id);
    else if (id.bits >= fragmentBitsMax) throw damagedShape('it is too deep');
    else for (const child of childrenOf(id)) walk(child);
  };
  walk(wholeId);
  if (shape.length !== (at + 7) >>> 3) throw damagedShape('it goes on after its end');
  return fragments;
}

/** The inverse of {@link fragmentsOf}, for fragments that make up the whole in the order of the hashes. */
export function shapeOf(fragments: readonly FragmentId[]): Shape {
  if (fragments.length === 1) return wholeShape;
  const bits: number[] = [];
  let next = 0;
  const walk = (id: FragmentId): void => {
    if (isSame(fragments[next] as FragmentId, id)) {
      next++;
      bits.push(0);
      return;
    }
    bits.push(1);
    for (const child of childrenOf(id)) walk(child);
  };
  walk(wholeId);
  const shape = new Uint8Array((bits.length + 7) >>> 3);
  for (const [at, bit] of bits.entries()) shape[at >>> 3] = (shape[at >>> 3] as number) | (bit << (at & 7));
  return shape;
}

/** The least divided shape that has all of `fragments`, of which none is a part of another. */
export function shapeAround(fragments: readonly FragmentId[]): Shape {
  const leaves: FragmentId[] = [];
  const walk = (id: FragmentId): void => {
    const within = fragments.some((fragment) => fragment.bits > id.bits && overlaps(fragment, id));
    if (!within) leaves.push(id);
    else for (const child of childrenOf(id)) walk(child);
  };
  walk(wholeId);
  return shapeOf(leaves);
}

export function childrenOf({ bits, value }: FragmentId): FragmentId[] {
  return Array.from({ length: divisionCount }, (_, i) => ({ bits: bits + divisionBits, value: value * divisionCount + i }));
}

/** What it came from by division. */
export function parentOf({ bits, value }: FragmentId): FragmentId {
  return { bits: bits - divisionBits, value: value >>> divisionBits };
}

export function isSame(a: FragmentId, b: FragmentId): boolean {
  return a.bits === b.bits && a.value === b.value;
}

/** Whether a hash can be in both: then one is a part of the other. */
export function overlaps(a: FragmentId, b: FragmentId): boolean {
  const bits = Math.min(a.bits, b.bits);
  return a.value >>> (a.bits - bits) === b.value >>> (b.bits - bits);
}

/** The lowest hash that is in it. */
export function firstHash({ bits, value }: FragmentId): number {
  return bits === 0 ? 0 : (value << (32 - bits)) >>> 0;
}

export function hasHash({ bits, value }: FragmentId, hash: number): boolean {
  return bits === 0 || hash >>> (32 - bits) === value;
}

function damagedShape(why: string): FsError {
  return new FsError('EILSEQ', `the list of a directory's fragments is damaged: ${why}`);
}
