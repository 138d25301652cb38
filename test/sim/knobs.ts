/**
 * What differs from seed to seed of the filesystem's simulation: how many clients and MDSs, and all settings.
 * @module
 */
import type { SimClusterOptions } from './cluster.ts';
import { shortLeaseMs } from './nemesis.ts';

/** Beside these there are one that is killed, and one that is away, again and again. */
export function clientsOf(seed: number): number {
  return [2, 3, 2, 4][Math.floor(seed / 3) % 4] as number;
}

/** Settings drawn from the seed: what holds must hold for all of them. */
export function knobs(seed: number): Partial<SimClusterOptions> {
  const pick = (values: readonly number[], shift: number): number => values[Math.floor(seed / shift) % values.length] as number;
  return {
    mds: ['a', 'b', 'c'].slice(0, pick([2, 1, 3, 1], 1)),
    pgNum: pick([4, 8, 1], 1),
    commitDelayMs: pick([0.3, 3, 20], 2),
    mdsConfig: {
      sessionLeaseMs: pick([20_000, 20_000, shortLeaseMs], 5),
      journalDelayMs: pick([20, 5, 100], 2),
      followMs: pick([50, 200, 2_000], 4),
      journalSegmentBytes: 64 * 1024,
      journalSegments: pick([1, 3], 3),
      writeBackMs: pick([500, 5_000], 5),
      cacheEntriesMax: pick([200, 150_000, 32], 2),
      clientCapsMax: pick([1_000_000, 24, 1_000_000], 3),
      clientCapsMin: pick([0, 100, 8], 2),
      fragmentSplitNames: pick([2, 5, 12], 1),
      directoryQuietMs: pick([0, 100, 1_000], 7),
    },
    osdConfig: { logEntriesMax: pick([512, 2_000], 2) },
    clientConfig: {
      writeBackDelayMs: pick([200, 1_000, 5_000], 3),
      cacheBytesMax: pick([96 << 20, 1 << 20], 4),
      readaheadBytesMax: pick([1 << 20, 0], 2),
      inodesMax: pick([50_000, 16], 3),
      namesMax: pick([50_000, 16], 5),
    },
  };
}
