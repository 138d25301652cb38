/** What a run of one seed comes to. */
export interface SeedResult {
  readonly traceHash: string;
  readonly steps: number;
  readonly virtualMs: number;
  readonly calls: number;
  readonly faults: number;
}

/** Thrown with everything that is needed to understand the run. */
export class SeedFailure extends Error {
  override readonly name = 'SeedFailure';
}
