/**
 * The CRUSH tree and rules, as plain data. Placement itself is in `crush-rule.ts`.
 * Source: Weil et al., "CRUSH: Controlled, Scalable, Decentralized Placement of Replicated Data" (2006);
 * straw2 as in Ceph since Hammer.
 * @module
 */

export interface CrushMap {
  readonly buckets: readonly CrushBucket[];
  readonly rules: readonly CrushRule[];
  readonly tunables: CrushTunables;
}

export interface CrushBucket {
  /** Negative, unique. */
  readonly id: number;
  readonly name: string;
  readonly type: BucketType;
  readonly items: readonly CrushItem[];
}

export interface CrushItem {
  /** An OSD's number (>= 0) or a bucket's id (< 0). */
  readonly id: number;
  /** 16.16 fixed point. */
  readonly weight: number;
}

/** Failure domains, small to large. */
export const bucketTypes = ['osd', 'host', 'rack', 'root'] as const;
export type BucketType = (typeof bucketTypes)[number];

/** Replicated rule: take `root`, choose leaves under as many distinct `failureDomain`s as copies. */
export interface CrushRule {
  readonly name: string;
  readonly root: string;
  readonly failureDomain: BucketType;
}

/** Ceph's jewel profile by default: 0, 0, 50, 1, 1, 1. */
export interface CrushTunables {
  readonly chooseLocalTries: number;
  readonly chooseLocalFallbackTries: number;
  readonly chooseTotalTries: number;
  readonly chooseleafDescendOnce: number;
  readonly chooseleafVaryR: number;
  readonly chooseleafStable: number;
}

export const jewelTunables: CrushTunables = {
  chooseLocalTries: 0,
  chooseLocalFallbackTries: 0,
  chooseTotalTries: 50,
  chooseleafDescendOnce: 1,
  chooseleafVaryR: 1,
  chooseleafStable: 1,
};
