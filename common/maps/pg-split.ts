/**
 * What becomes of a pool's PGs when there are more of them. `stableMod` sees to it that the objects of every PG
 * afterwards come from exactly one PG of before.
 * @module
 */
import { stableMod } from './object-hash.ts';

/** The PG that had the objects of PG `seq` when there were `pgNum` of them. */
export function splitParent(seq: number, pgNum: number): number {
  return stableMod(seq, pgNum);
}

/** The PGs that get objects of PG `seq` when the number of PGs grows; besides `seq` itself, ascending. */
export function splitChildren(seq: number, pgNumBefore: number, pgNumAfter: number): number[] {
  const children: number[] = [];
  for (let child = pgNumBefore; child < pgNumAfter; child++) if (stableMod(child, pgNumBefore) === seq) children.push(child);
  return children;
}
