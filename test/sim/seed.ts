import type { SimWorld } from '../../common/runtime/sim/world.ts';

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

/** A run of one seed. */
export interface SeedRun<R extends SeedResult> {
  readonly cluster: { readonly world: SimWorld };
  run(): Promise<R>;
  /** All that is known when it has failed. */
  report(error: unknown): string;
}

/** Runs it; a promise that nobody waits for and that rejects fails it too. Rejects with {@link SeedFailure}. */
export async function runReported<R extends SeedResult>(run: SeedRun<R>): Promise<R> {
  const onRejection = (error: unknown): void => {
    run.cluster.world.fail(new Error(`unhandled rejection: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`));
  };
  process.on('unhandledRejection', onRejection);
  try {
    return await run.run();
  } catch (error) {
    throw new SeedFailure(run.report(error), { cause: error });
  } finally {
    process.off('unhandledRejection', onRejection);
  }
}
