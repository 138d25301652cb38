/**
 * Scrubs of a simulated cluster's filesystem: whatever is under way, nothing may be found wrong.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { Prng } from '../../common/runtime/sim/prng.ts';
import type { FsScrubStatus } from '../../common/wire/gen/messages.ts';
import type { FsScrubOrdered, FsScrubReport } from '../../mon/client/reports.ts';
import type { SimCluster } from './cluster.ts';

const pollMs = 100;
const retryMs = 500;

/** Orders a scrub and waits for its end; anew when the MDS ends before. */
export async function scrubFilesystem(cluster: SimCluster, options: { readonly repair?: boolean } = {}): Promise<FsScrubStatus> {
  for (;;) {
    const status = await tryToScrub(cluster, options.repair ?? false);
    if (status?.state === 'done') return status;
    if (status?.state === 'failed') throw new Error(`scrub failed: ${status.trouble}`);
    await cluster.world.sleep(retryMs);
  }
}

/** Throws when a scrub finds anything wrong. */
export async function assertScrubClean(cluster: SimCluster): Promise<FsScrubStatus> {
  const status = await scrubFilesystem(cluster);
  checkClean(status);
  return status;
}

/** Scrubs again and again while others work and daemons die, until `untilMs`. Throws when anything is found wrong. */
export async function scrubUnderLoad(cluster: SimCluster, random: Prng, untilMs: number): Promise<void> {
  const { world } = cluster;
  while (world.nowMs < untilMs) {
    await world.sleep(random.below(3_000));
    if (world.nowMs < untilMs) checkClean(await tryToScrub(cluster, false));
  }
}

function checkClean(status: FsScrubStatus | undefined): void {
  if (status !== undefined && status.errors > 0)
    throw new Error(`scrub finds ${status.errors} things wrong:\n${status.findings.join('\n')}`);
}

/** Undefined: nobody could, or whoever began has ended. */
async function tryToScrub(cluster: SimCluster, repair: boolean): Promise<FsScrubStatus | undefined> {
  try {
    const { order } = await cluster.command<FsScrubOrdered>({ prefix: 'fs scrub start', path: '/', repair });
    for (let begun = false; ;) {
      await cluster.world.sleep(pollMs);
      const report = await cluster.command<FsScrubReport>({ prefix: 'fs scrub status' });
      if (report.status?.order === order) {
        begun = true;
        if (report.status.endedMs > 0) return report.status;
      } else if (begun || report.order !== order) return undefined;
    }
  } catch (error) {
    // No MDS serves, or the mon is away.
    if (!(error instanceof FsError) || !['EAGAIN', 'EBUSY', 'ETIMEDOUT', 'ECONNRESET'].includes(error.code)) throw error;
    return undefined;
  }
}
