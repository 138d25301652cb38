/**
 * Settings of an OSD.
 * @module
 */
import { commonSchema, integer, string, type ConfigOf, type Schema } from '../common/config/schema.ts';

export const osdSchema = {
  ...commonSchema,
  rack: string('Rack of the host, where it is new to the cluster. Empty: none.', { default: '' }),
  crushWeight: string('Share of the data that a new OSD takes, 1 for each TiB. Empty: by the size of its disk.', {
    default: '',
    pattern: /^(\d{1,6}(\.\d{1,5})?)?$/,
  }),
  beaconMs: integer('ms', 1_000, 100, 60_000, 'Time between beacons to the mon; each renews the lease.'),
  bootTimeoutMs: integer('ms', 60_000, 1_000, 600_000, 'How long the start waits for the first cluster map.'),
  logEntriesMax: integer(
    'entries',
    2_000,
    512,
    100_000,
    'Writes that the log of a PG remembers: for retries, and for recovery without comparing all objects.',
  ),
  waitingOpsMax: integer(
    'operations',
    16_384,
    64,
    1_048_576,
    'Operations of one PG that may wait for it to serve; a client that sends more is disconnected.',
  ),
  waitingBytesMax: integer(
    'bytes',
    256 * 1024 * 1024,
    1024 * 1024,
    2 ** 40,
    'Requests that may wait at this OSD, all PGs together; a client that sends more is disconnected.',
  ),
  inFlightBytesMax: integer(
    'bytes',
    96 * 1024 * 1024,
    1024 * 1024,
    2 ** 40,
    'Data of the writes that are not yet durable everywhere; more wait.',
  ),
  recoveryPgsMax: integer('PGs', 4, 1, 1_024, 'PGs of which this OSD is the primary that are brought up to date at the same time.'),
  backfillsMax: integer('PGs', 4, 1, 1_024, 'PGs of which whole copies are made on this OSD at the same time.'),
  recoveryObjectsMax: integer('objects', 4, 1, 256, 'Objects of one PG that are copied at the same time.'),
  recoveryPiecesMax: integer(
    'pieces',
    1,
    1,
    1_024,
    'Pieces of objects that this OSD sends to others at the same time while clients are at work; those of objects that clients wait for go at once.',
  ),
  recoveryBytesPerSecond: integer(
    'bytes/s',
    32 * 1024 * 1024,
    0,
    2 ** 40,
    'What copies to other OSDs may take while clients are at work, each object counted as 16 KiB more than it has; 0: no limit.',
  ),
  recoveryRetryMs: integer('ms', 1_000, 10, 600_000, 'Wait before a recovery that failed is tried again.'),
  peerTimeoutMs: integer('ms', 10_000, 100, 600_000, 'How long another OSD may take to answer in peering and recovery.'),
  pieceBytes: integer('bytes', 1024 * 1024, 4_096, 4 * 1024 * 1024, 'Data and omap of an object that are copied in one message.'),
  scrubIntervalMs: integer(
    'ms',
    86_400_000,
    100,
    31_536_000_000,
    'Each PG is scrubbed (lists and metadata compared) so often, give or take a quarter.',
  ),
  deepScrubIntervalMs: integer(
    'ms',
    604_800_000,
    100,
    31_536_000_000,
    'Each PG is scrubbed deep (everything read) so often, give or take a quarter.',
  ),
  scrubCheckMs: integer('ms', 10_000, 10, 3_600_000, 'Time between looks at which PG is due for a scrub.'),
  scrubsMax: integer('PGs', 1, 1, 64, 'Scrubs that this OSD takes part in at the same time.'),
  scrubChunkObjects: integer('objects', 64, 1, 1_000, 'Objects that one step of a scrub compares.'),
  scrubChunkBytes: integer('bytes', 4 * 1024 * 1024, 4_096, 256 * 1024 * 1024, 'Data after which one step of a deep scrub ends.'),
  scrubBytesPerSecond: integer('bytes', 64 * 1024 * 1024, 65_536, 2 ** 40, 'Data that a deep scrub of one PG reads per second at most.'),
  scrubPauseMs: integer('ms', 2, 0, 60_000, 'Pause after each step of a scrub, at least; it is never shorter than the step was.'),
  strayCheckMs: integer('ms', 10_000, 100, 3_600_000, 'Time between attempts to remove copies that belong elsewhere.'),
} as const satisfies Schema;

export type OsdConfig = ConfigOf<typeof osdSchema>;
