/**
 * Settings of a monitor.
 * @module
 */
import { boolean, commonSchema, integer, type ConfigOf, type Schema } from '../common/config/schema.ts';

export const monSchema = {
  ...commonSchema,
  bootstrap: boolean(false, 'Begin a new cluster when the store is empty. Without it an empty store is an error.'),
  leaseMs: integer('ms', 5_000, 500, 60_000, 'A daemon that the mon has not heard for so long is down; it serves only under its lease.'),
  leaseMarginMs: integer('ms', 250, 0, 10_000, 'A lease is granted for so much less than the mon itself waits.'),
  downOutMs: integer('ms', 600_000, 1_000, 31_536_000_000, 'An OSD that is down for so long is taken out: its data is copied elsewhere.'),
  minInPercent: integer('%', 50, 0, 100, 'OSDs are not taken out by themselves when fewer than this share of all would be left in.'),
  blocklistMs: integer('ms', 86_400_000, 60_000, 31_536_000_000, 'How long an MDS that was replaced stays blocklisted.'),
  clientTimeoutMs: integer('ms', 30_000, 1_000, 3_600_000, 'A client that was silent for so long is no longer listed.'),
  goneMs: integer(
    'ms',
    100,
    0,
    10_000,
    'From knowing that the process of an OSD is gone to marking it down; what dies together goes down together.',
  ),
  returnMs: integer(
    'ms',
    5_000,
    0,
    600_000,
    'A PG that had nobody left waits so long for members that went down only now, before the first to return serves without them.',
  ),
  tickMs: integer('ms', 100, 10, 5_000, 'Leases and times are looked at so often.'),
  batchMs: integer('ms', 2, 0, 1_000, 'Changes that come within this time share an epoch.'),
  probeMs: integer('ms', 1_000, 50, 30_000, 'How long a connection may take when the mon checks whether a daemon is gone.'),
  keepEpochs: integer('epochs', 500, 10, 100_000, 'Increments kept for those that are behind; others are sent the whole map.'),
  flapWindowMs: integer('ms', 600_000, 1_000, 86_400_000, 'An OSD that goes down too often within this time is flapping.'),
  flapDownsMax: integer('times', 5, 0, 1_000, 'So often it may go down within flapWindowMs. 0: flapping is not looked at.'),
  flapWaitMs: integer('ms', 10_000, 0, 600_000, 'A flapping OSD stays down for so long; twice as long each further time it goes down.'),
  flapWaitMaxMs: integer('ms', 300_000, 0, 86_400_000, 'A flapping OSD never stays down for longer than this.'),
  apartMs: integer('ms', 4_000, 500, 600_000, 'OSDs that have not reached each other for so long do not serve a PG together.'),
  apartHoldMs: integer(
    'ms',
    60_000,
    0,
    3_600_000,
    'OSDs that were apart are given different roles for so long after they reach each other again.',
  ),
  pgsPerOsdMax: integer('PGs', 250, 1, 65_536, 'Copies of PGs that each OSD may hold on average: what would make more of them is refused.'),
} as const satisfies Schema;

export type MonConfig = ConfigOf<typeof monSchema>;
