/**
 * What the mon answers to administrative commands, as JSON: one home for those who make it and those who show it.
 * @module
 */
import type { FsScrubStatus, MetadataDamage } from '../../common/wire/gen/messages.ts';

/** Of `osd tree`: a bucket with what is in it, or an OSD. */
export interface TreeNode {
  readonly type: string;
  readonly name: string;
  /** Share of the data: 1 is 1 TiB. Of a bucket the sum of what is in it. */
  readonly weight: number;
  /** Of buckets. */
  readonly children?: readonly TreeNode[];
  /** The rest is of OSDs. */
  readonly id?: number;
  readonly up?: boolean;
  readonly in?: boolean;
  readonly reweight?: number;
  readonly host?: string;
  readonly address?: string;
  readonly pgs?: number;
}

/** What an OSD stores. The numbers that only it can tell are null until it has reported in this life. */
export interface OsdSpace {
  readonly id: number;
  readonly host: string;
  readonly up: boolean;
  readonly in: boolean;
  readonly weight: number;
  readonly reweight: number;
  /** PGs it acts for. */
  readonly pgs: number;
  readonly totalBytes: number | null;
  readonly usedBytes: number | null;
  readonly freeBytes: number | null;
  /** Data and metadata of objects, without the store's own overhead. */
  readonly storedBytes: number | null;
  readonly objects: number | null;
  readonly usedPercent: number | null;
  /** Its share in use divided by that of all together: 1 is as full as the average. */
  readonly variance: number | null;
}

/** Of `osd df`. */
export interface SpaceReport {
  readonly osds: readonly OsdSpace[];
  /** Of the OSDs that have reported. */
  readonly total: {
    readonly totalBytes: number;
    readonly usedBytes: number;
    readonly freeBytes: number;
    readonly storedBytes: number;
    readonly usedPercent: number;
  };
}

/** Of `osd lost`: PGs of which no member is left. */
export interface LostReport {
  readonly osd: number;
  /** They go on with what that OSD has, which left them earlier: what was acknowledged since is lost. */
  readonly olderCopies: readonly { readonly pg: string; readonly osd: number }[];
  /** They begin anew: all that was in them is lost. */
  readonly empty: readonly string[];
}

/** Of `pg ls`: one PG. */
export interface PgStatus {
  readonly pg: string;
  readonly pool: string;
  /** Words joined by `+`. */
  readonly state: string;
  /** What CRUSH proposes, without those that are down. */
  readonly up: readonly number[];
  /** Who serves it, primary first. */
  readonly acting: readonly number[];
  /** Null while the PG is down. */
  readonly primary: number | null;
  readonly interval: number;
  /** As last reported; 0 before that. */
  readonly objects: number;
  readonly bytes: number;
  /** Object copies that are missing. */
  readonly degraded: number;
  /** Object copies that are not where CRUSH wants them. */
  readonly misplaced: number;
  /** In ms since 1970; 0: never. */
  readonly lastScrubMs: number;
  readonly lastDeepScrubMs: number;
  /** Copies that scrub found wrong. */
  readonly scrubErrors: number;
  /** The last ordered scrub that was carried out. */
  readonly lastOrder: number;
  /** The one that is to be carried out; 0: none. */
  readonly order: number;
}

/** Of `pg scrub`, `pg deep-scrub` and `pg repair`. */
export interface ScrubOrdered {
  readonly pg: string;
  readonly kind: 'scrub' | 'deep-scrub' | 'repair';
  /** Who carries it out. */
  readonly primary: number;
  /** Reported as `lastOrder` by `pg ls` when it has. */
  readonly order: number;
}

/** Of `pg list-inconsistent`: a PG with copies that scrub found wrong. */
export interface InconsistentPg {
  readonly pg: string;
  readonly state: string;
  /** In ms since 1970; 0: never. */
  readonly lastScrubMs: number;
  readonly lastDeepScrubMs: number;
  /** Wrong copies; `findings` has the first of them. */
  readonly errors: number;
  readonly findings: readonly {
    /** Empty: the PG's log. */
    readonly object: string;
    readonly osd: number;
    /** missing, extra, unreadable, version, size, mtime, data, xattr, omap, log */
    readonly what: readonly string[];
    /** OSDs whose copy is right; none: it cannot be told which is. */
    readonly good: readonly number[];
    readonly detail: string;
  }[];
}

/** Of `osd safe-to-stop`. */
export interface StopAdvice {
  readonly osds: readonly number[];
  /** Whether every PG goes on serving writes when these OSDs stop now, together. */
  readonly safe: boolean;
  /** PGs that any of them acts for. */
  readonly pgs: number;
  /** PGs that would not, each with the reason. */
  readonly blocked: readonly { readonly pg: string; readonly pool: string; readonly reason: string }[];
}

/** Of `rule ls`: one rule, and the pools that follow it. */
export interface RuleReport {
  readonly name: string;
  readonly root: string;
  readonly failureDomain: string;
  readonly pools: readonly string[];
}

/** Of `fs scrub start`, `pause`, `resume` and `stop`. */
export interface FsScrubOrdered {
  /** It is carried out when `status.order` of {@link FsScrubReport} has reached it. */
  readonly order: number;
  readonly mds: string;
}

/** Of `fs scrub status`. */
export interface FsScrubReport {
  /** An order that has not been carried out yet. */
  readonly order: number | null;
  /** Null: the MDS that serves has not scrubbed anything since it took over. */
  readonly status: FsScrubStatus | null;
}

/** Of `fs damage ls`. */
export interface DamageReport {
  readonly count: number;
  /** Some of them. */
  readonly damage: readonly MetadataDamage[];
}

/** Of `health`: a client with which an MDS has trouble. */
export interface ClientInTrouble {
  readonly client: string;
  readonly instance: number;
  /** Empty, as is `mountpoint`: the mon has not heard of it. */
  readonly host: string;
  readonly mountpoint: string;
  readonly mds: string;
  readonly rank: number;
  /** Since 1970. */
  readonly sinceMs: number;
  readonly forSeconds: number;
  /** What it does not do, in words that follow its name. */
  readonly what: string;
}
