/**
 * Settings of a run, drawn from its seed: what holds must hold for all of them.
 * @module
 */
import { Prng } from '../../../common/runtime/sim/prng.ts';
import type { OsdClusterOptions } from '../../support/osd-cluster.ts';
import type { NemesisOptions } from './nemesis.ts';
import type { WorkloadOptions } from './workload.ts';

export interface PoolKnobs {
  readonly size: number;
  readonly minSize: number;
  readonly pgNum: number;
  readonly objects: number;
}

export interface BurstKnobs {
  /** Time of work and faults. */
  readonly ms: number;
  /** Whether everything is healed and compared after it, before the quiet stretch. */
  readonly heals: boolean;
  /** What is done when it has healed. */
  readonly then: 'replace disk' | 'remove OSD' | 'rot' | 'nothing';
  /** Time after it in which nothing is done. */
  readonly quietMs: number;
}

export interface Knobs {
  readonly cluster: Partial<OsdClusterOptions>;
  readonly clients: number;
  readonly workersPerClient: number;
  readonly workload: WorkloadOptions;
  readonly nemesis: NemesisOptions;
  /** The first is made with the cluster. */
  readonly pools: readonly PoolKnobs[];
  readonly bursts: readonly BurstKnobs[];
  readonly strayCheckMs: number;
}

const minuteMs = 60_000;

export function drawKnobs(seed: number, short: boolean): Knobs {
  const random = new Prng(`knobs/${seed}`);
  const osds = short ? 3 + random.below(3) : random.pick([3, 3, 4, 4, 5, 5, 6, 7, 9, 12]);
  // Some machines carry two OSDs.
  const perHost = osds >= 6 && random.chance(0.5) ? 2 : 1;
  const leaseMs = random.pick([5_000, 5_000, 2_000, 10_000]);
  const rot = random.chance(0.3);
  // Drawn apart: what a seed was before stays as it was.
  const badReads = new Prng(`bad reads/${seed}`).chance(0.3);
  const monCommitMs = new Prng(`mon store/${seed}`).pick([0, 5, 30]);
  const pools = Array.from({ length: random.chance(0.3) ? 2 : 1 }, () => drawPool(random, Math.ceil(osds / perHost), rot));
  const [first] = pools as [PoolKnobs];
  const strayCheckMs = random.pick([1_000, 10_000]);
  return {
    cluster: {
      osds,
      hostOf: (id) => `host${Math.floor(id / perHost)}`,
      size: first.size,
      minSize: first.minSize,
      pgNum: first.pgNum,
      commitDelayMs: random.pick([0.3, 0.3, 3, 20]),
      monCommitMs,
      network: { latencyMs: 0.1, jitterMs: random.pick([0.05, 0.5, 5]) },
      monConfig: {
        leaseMs,
        leaseMarginMs: leaseMs / 20,
        tickMs: random.pick([100, 500]),
        downOutMs: random.pick([20_000, 60_000, 600_000]),
        goneMs: random.pick([100, 100, 0, 1_000]),
        returnMs: random.pick([5_000, 0, 1_000]),
        batchMs: random.pick([2, 0, 50]),
        keepEpochs: random.pick([500, 10]),
        flapDownsMax: random.pick([0, 3, 5]),
        flapWaitMs: 5_000,
      },
      osdConfig: {
        beaconMs: leaseMs / 5,
        logEntriesMax: 512,
        strayCheckMs,
        peerTimeoutMs: random.pick([10_000, 2_000]),
        recoveryRetryMs: random.pick([1_000, 100]),
        recoveryPgsMax: random.pick([4, 1]),
        recoveryObjectsMax: random.pick([4, 1, 16]),
        recoveryPiecesMax: random.pick([1, 1, 4]),
        recoveryBytesPerSecond: random.pick([0, 200_000, 32 * 1024 * 1024]),
        backfillsMax: random.pick([1, 4]),
        pieceBytes: random.pick([4_096, 16_384, 1_048_576]),
        scrubIntervalMs: random.pick(short ? [86_400_000, 3_000] : [86_400_000, 300_000, 60_000]),
        deepScrubIntervalMs: random.pick(short ? [604_800_000, 7_000] : [604_800_000, 900_000, 200_000]),
        scrubCheckMs: random.pick([10_000, 1_000]),
        scrubChunkObjects: random.pick([64, 3]),
      },
    },
    clients: 2 + random.below(2),
    workersPerClient: 1 + random.below(3),
    workload: {
      // The fastest make logs too short for those that were away.
      thinkMs: random.pick(short ? [60, 150] : [20, 100, 100, 300, 300, 300]),
      bytesMax: random.pick([6_000, 20_000]),
      keysMax: random.pick([5, 60]),
      impatient: random.chance(0.4),
    },
    nemesis: {
      pauseMs: random.pick([600, 2_000, 4_000]),
      leaseMs,
      harmMs: 3 * leaseMs,
      clockDrift: 0.02,
      osdsMax: osds + 3,
      rot,
      badReads,
    },
    pools,
    bursts: drawBursts(random, short, rot),
    strayCheckMs,
  };
}

function drawPool(random: Prng, hosts: number, rot: boolean): PoolKnobs {
  const size = rot ? 3 : Math.min(hosts, random.pick([3, 3, 3, 2]));
  const minSize = rot ? 2 : 1 + random.below(Math.min(2, size));
  return { size, minSize, pgNum: random.pick([1, 2, 4, 8]), objects: random.pick([4, 12, 30]) };
}

function drawBursts(random: Prng, short: boolean, rot: boolean): BurstKnobs[] {
  const drawAct = (): BurstKnobs['then'] => random.pick([rot ? 'rot' : 'replace disk', 'remove OSD', rot ? 'rot' : 'nothing', 'nothing']);
  if (short) {
    return [
      { ms: 7_000, heals: random.chance(0.5), then: drawAct(), quietMs: random.below(minuteMs) },
      { ms: 5_000, heals: false, then: 'nothing', quietMs: 0 },
    ];
  }
  const bursts = 3 + random.below(4);
  const beforeNight = random.below(bursts);
  return Array.from({ length: bursts }, (_, n) => ({
    ms: 3_000 + random.below(12_000),
    heals: random.chance(0.5),
    then: drawAct(),
    // Mostly minutes, and one night of an hour or two.
    quietMs: n === beforeNight ? (45 + random.below(75)) * minuteMs : random.below(5 * minuteMs),
  }));
}
