/**
 * Settings of an MDS.
 * @module
 */
import { commonSchema, integer, type ConfigOf, type Schema } from '../common/config/schema.ts';

export const mdsSchema = {
  ...commonSchema,
  journalDelayMs: integer(
    'ms',
    20,
    0,
    1_000,
    'How long a change waits for company before the journal is written, when nobody waits for it.',
  ),
  journalSegmentBytes: integer('bytes', 4 * 1024 * 1024, 64 * 1024, 64 * 1024 * 1024, 'Size at which a journal segment is full.'),
  journalSegments: integer('count', 4, 1, 1_000, 'Full segments kept before their changes are written back to the directories.'),
  journalBatchBytes: integer(
    'bytes',
    256 * 1024,
    4 * 1024,
    4 * 1024 * 1024,
    'A batch of journal entries of this size is written without delay.',
  ),
  journalBatchesInFlight: integer('count', 4, 1, 64, 'Batches on their way to the OSDs at once.'),
  writeBackMs: integer('ms', 15_000, 10, 3_600_000, 'Changes older than this are written back even when the journal is short.'),
  writeBackBytes: integer('bytes', 512 * 1024, 4 * 1024, 2 * 1024 * 1024, 'Records written to one directory object at once.'),
  writeBackIntervalMs: integer('ms', 500, 1, 60_000, 'How often the journal is looked at for something to write back.'),
  cacheEntriesMax: integer('entries', 150_000, 16, 1_000_000_000, 'Names kept in memory; beyond it clean ones that no client holds go.'),
  fragmentSplitNames: integer(
    'names',
    10_000,
    2,
    1_000_000,
    'A directory fragment with more names is divided into eight; eight that have less than a quarter of it together are merged.',
  ),
  sessionLeaseMs: integer(
    'ms',
    15_000,
    100,
    3_600_000,
    'A client is not evicted before it was silent for so long. It trusts what it caches for 5 % less, as clocks differ, and renews three times as often.',
  ),
  reconnectMs: integer(
    'ms',
    15_000,
    10,
    600_000,
    'After a restart: how long the clients of before have to come back before new work is served.',
  ),
  recallTimeoutMs: integer(
    'ms',
    30_000,
    10,
    3_600_000,
    'A client that has not answered a recall for so long is evicted. Time in which OSDs do not serve all PGs does not count.',
  ),
  lateReleaseMs: integer(
    'ms',
    10_000,
    10,
    3_600_000,
    'A client that has not answered a recall, or ended a turn to append, for so long is in the health (MDS_CLIENT_LATE_RELEASE).',
  ),
  clientCapsMax: integer(
    'count',
    1_000_000,
    16,
    1_000_000_000,
    'Inodes that one client may hold something of; beyond it, it is asked to give back. As mds_max_caps_per_client of Ceph.',
  ),
  clientCapsMin: integer('count', 100, 0, 1_000_000, 'A client is not asked to hold fewer inodes than this, however short memory is.'),
  lateGiveBackMs: integer(
    'ms',
    30_000,
    10,
    3_600_000,
    'A client that has not given back what it was asked for, for so long, is in the health (MDS_CLIENT_RECALL).',
  ),
  answersKeptMax: integer(
    'count',
    50_000,
    16,
    100_000_000,
    'A client for which more answers have to be kept, as it does not confirm its oldest request, is in the health (MDS_CLIENT_OLDEST_TID).',
  ),
  locksMax: integer(
    'count',
    20_000,
    16,
    20_000,
    'File locks (ranges) that one client may hold, and waits for locks that it may have; beyond it ENOLCK.',
  ),
  inoRange: integer('count', 4_096, 16, 1_000_000, 'Inode numbers handed to a session at once.'),
  directoryQuietMs: integer(
    'ms',
    1_000,
    0,
    60_000,
    'A client gets a directory for itself alone, to change its names ahead, when for so long no other has come there.',
  ),
  purgeGraceMs: integer(
    'ms',
    1_000,
    0,
    60_000,
    'An unlinked file that several clients knew can still be opened for so long by one that had looked it up.',
  ),
  purgeFilesInFlight: integer('count', 4, 1, 1_000, 'Unlinked files whose objects are deleted at once.'),
  purgeObjectsInFlight: integer('count', 8, 1, 1_000, 'Objects of one file that are deleted or cut at once.'),
  recursiveDelayMs: integer('ms', 5_000, 10, 3_600_000, 'How often the counts of what lies below a directory are handed to its parent.'),
  followMs: integer('ms', 200, 10, 60_000, 'How often a standby that follows an active MDS looks for what is new in its journal.'),
  scrubPauseMs: integer('ms', 2, 0, 10_000, 'Between two steps of a scrub of the filesystem, for the work of clients.'),
  beaconMs: integer('ms', 1_000, 50, 30_000, 'How often the mon hears from this MDS.'),
} as const satisfies Schema;

export type MdsConfig = ConfigOf<typeof mdsSchema>;
