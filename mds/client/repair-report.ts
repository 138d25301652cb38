/**
 * What a repair of a rank's journal and tables is asked for, and what it says (as JSON in RankRepairReply).
 * @module
 */

/** `inspect` and `look-at-data` only read; all others need a rank that is damaged. */
export const repairActions = [
  'inspect',
  'recover',
  'reset',
  'reset-sessions',
  'reset-numbers',
  'look-at-data',
  'rebuild',
  'start',
] as const;
export type RepairAction = (typeof repairActions)[number];

/** Something that cannot be read of the journal. */
export interface GapReport {
  readonly object: string;
  /** Where it begins there; null: it is about the object as a whole. */
  readonly byte: number | null;
  readonly what: string;
  /** First and last position that is missing; `to` null: how many there were nobody can tell; below `from`: none is. */
  readonly from: number;
  readonly to: number | null;
}

export interface SegmentReport {
  readonly index: number;
  readonly object: string;
  readonly bytes: number;
  readonly entries: number;
  /** Of the entries that can be read; 0: none. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly damaged: boolean;
}

export interface JournalReport {
  readonly rank: number;
  /** Whether its head can be read. */
  readonly head: boolean;
  readonly segments: readonly SegmentReport[];
  readonly gaps: readonly GapReport[];
  /** That can be read. */
  readonly entries: number;
  readonly nextSeq: number;
  /** What is wrong with the tables that the journal lies over. */
  readonly tables: readonly string[];
  /** Paths, as far as the journal knows them, that its entries are about: the newest. */
  readonly paths: readonly string[];
  /** How many there are. */
  readonly pathsTotal: number;
  /** Clients that it names. */
  readonly clients: number;
}

export interface RecoverReport {
  readonly rank: number;
  /** Entries applied. */
  readonly entries: number;
  /** What could not be read, and was passed over. */
  readonly gaps: readonly GapReport[];
  /** Names that were taken away: what moved or removed their inodes is lost, but not what came after. */
  readonly stale: readonly string[];
  readonly staleTotal: number;
  /** Directories whose names lay in objects that they were not known to have. */
  readonly gathered: number;
  /** Directories whose inode is lost: a scrub with --repair gives them one in /lost+found. */
  readonly orphans: readonly string[];
  /** Objects whose changes could not be written. */
  readonly unwritten: readonly string[];
  /** Of several ranks: what was between this one and others, and agrees now with what these know. */
  readonly settled: readonly string[];
  /** Of that what does not. */
  readonly unsettled: readonly string[];
}

export interface ResetReport {
  readonly rank: number;
  /** The journal goes on from here. */
  readonly firstSegment: number;
  readonly firstSeq: number;
  /** Lowest inode number that is given out from now on. */
  readonly nextIno: number;
  /** Clients that the OSDs refuse from now on. */
  readonly fenced: number;
  /** Objects of the metadata pool that have what could not be read, as it was. */
  readonly kept: readonly string[];
  /** Objects that could not be kept, and are gone. */
  readonly lost: readonly string[];
}

export interface TableReport {
  readonly rank: number;
  /** Clients that the OSDs refuse from now on. */
  readonly fenced: number;
  /** Records that could not be read, and are in `damaged.<table>`. */
  readonly setAside: number;
  readonly nextIno: number;
}

export interface RebuildReport {
  readonly rank: number;
  /** Nothing was changed. */
  readonly dryRun: boolean;
  /** Of files, in the data pools. */
  readonly objects: number;
  /** With data, and what they come to. */
  readonly files: number;
  readonly bytes: number;
  readonly directories: number;
  /** Symbolic links, empty files, devices. */
  readonly others: number;
  /** Files that have several names. */
  readonly linked: number;
  /** Files without a name whose objects are to be deleted. */
  readonly strays: number;
  /** What has no place that is known, and is in /lost+found. */
  readonly lost: number;
  /** Of these, those whose name something else has. */
  readonly displaced: number;
  /** What could not be read, some of it. */
  readonly unreadable: readonly string[];
  readonly unreadableTotal: number;
  /** Lowest inode number that is given out from now on. */
  readonly nextIno: number;
}

/** What became of the last order, or how it goes. */
export interface RepairStatus {
  /** 0: there has been none in this life of the MDS. */
  readonly order: number;
  readonly action: RepairAction | null;
  readonly running: boolean;
  /** Why it failed; empty: it did not. */
  readonly trouble: string;
  readonly result: JournalReport | RecoverReport | ResetReport | TableReport | RebuildReport | null;
}
