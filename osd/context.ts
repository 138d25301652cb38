/**
 * What requests and duties see of the daemon they run in.
 * @module
 */
import type { ClusterMap } from '../common/maps/cluster-map.ts';
import type { OsdId, PoolId } from '../common/maps/ids.ts';
import type { Env } from '../common/runtime/env.ts';
import type { Messenger } from '../common/wire/session.ts';
import type { MonClient } from '../mon/client/mon-client.ts';
import type { OsdConfig } from './config.ts';
import type { RecoveryTraffic } from './background/recovery-traffic.ts';
import type { Slots } from './background/slots.ts';
import type { ClientOp } from './core/client-op.ts';
import type { Pg } from './core/pg.ts';
import type { WaitingOps } from './core/waiting-ops.ts';
import type { InFlightBudget } from './core/write-window.ts';
import type { AckBatch } from './ack-batch.ts';
import type { PeerSessions } from './peer-sessions.ts';
import type { Requesters } from './requesters.ts';
import type { ScrubSlots } from './scrub-slots.ts';
import type { Space } from './space.ts';
import type { ObjectStore } from './store/object-store.ts';

export interface OsdContext {
  readonly env: Env;
  readonly config: OsdConfig;
  readonly id: OsdId;
  readonly store: ObjectStore;
  readonly messenger: Messenger;
  readonly monClient: MonClient;
  readonly peers: PeerSessions;
  readonly acks: AckBatch;
  readonly space: Space;
  readonly requesters: Requesters;
  /** For PGs of which we are the primary. */
  readonly recoverySlots: Slots;
  readonly scrubSlots: ScrubSlots;
  /** For whole copies that come here. */
  readonly arrivalSlots: Slots;
  readonly traffic: RecoveryTraffic;
  /** The map that everything here acts by. */
  readonly map: ClusterMap;
  /** Aborts when the daemon stops. */
  readonly stopping: AbortSignal;
  /** The PG if this OSD has anything of it. */
  pg(pool: number, seq: number): Pg | undefined;
  allPgs(): Iterable<Pg>;
  /** The mon's lease still runs (DESIGN 4, R4). */
  leaseValid(): boolean;
  readonly budget: InFlightBudget;
  readonly waitingOps: WaitingOps;
  /** The operation waits until the PG may serve it. */
  wait(pg: Pg, op: ClientOp): void;
  /** Writes have completed: others may have room now. */
  budgetFreed(): void;
  /** Runs what waits for the PG, as far as it may be served now. */
  serveWaiting(pg: Pg): void;
  /** Takes up operations that waited for an object, in order. */
  resume(pg: Pg, ops: readonly ClientOp[]): void;
  /** Number of a new stream of writes to a member. */
  newStream(): number;
  /** Waits until our map is at the operation's epoch, then takes it up again. */
  waitForEpoch(op: ClientOp): void;
  /** A new PG record for a copy that is to come here. */
  ensurePg(pool: PoolId, seq: number): Pg;
  /** Drops the PG after its collection was removed. */
  forgetPg(pg: Pg): void;
  /** As primary: some member has met damage in its copy of the object, which is mended in the background. */
  mendSoon(pg: Pg, object: string): void;
  /** Something that the mon shows has changed: the next beacon goes out soon. */
  reportSoon(): void;
  /** The store failed: the daemon ends rather than go on with less than it promised. */
  fatal(what: string, error: unknown): void;
}
