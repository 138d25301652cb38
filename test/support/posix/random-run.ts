/**
 * Random calls compared, until enough were made or something differs; what differs is shrunk to few calls.
 * @module
 */
import fc from 'fast-check';
import type { Comparison } from './compare.ts';
import { prelude, randomCall } from './random-calls.ts';

/** From one on: what differs shrinks to no fewer. */
const callsOfARun = { minLength: 1, maxLength: 80, size: 'max' } as const;

export interface RandomRun {
  /** At least so many calls. */
  readonly operations: number;
  readonly seed: number;
  /** Told now and then how many calls were made. */
  readonly onProgress?: (operations: number) => void;
}

/** Resolves with the number of calls. Rejects with those that show a difference. */
export async function runRandomCalls(
  comparison: Pick<Comparison, 'differs'>,
  { operations, seed, onProgress }: RandomRun,
): Promise<number> {
  let made = 0;
  for (let part = 0; made < operations; part++) {
    const property = fc.asyncProperty(fc.array(randomCall, callsOfARun), async (calls) => {
      made += calls.length;
      const difference = await comparison.differs([...prelude, ...calls], { accessTimes: 'of directories' });
      if (difference !== undefined) throw new Error(difference);
    });
    const result = await fc.check(property, { numRuns: 25, seed: seed + part, verbose: fc.VerbosityLevel.None });
    if (result.failed) throw new Error(`seed ${seed}, part ${part}: ${(result.errorInstance as Error | null)?.message ?? ''}`);
    onProgress?.(made);
  }
  return made;
}
