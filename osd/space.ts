/**
 * Whether there is room for a write, here and on the other members, before it is begun: a store that is
 * really full can no longer undo anything. The ratios are the map's.
 * @module
 */
import { FsError } from '../common/errors/fs-error.ts';
import type { ClusterMap } from '../common/maps/cluster-map.ts';
import type { OsdId, PgId } from '../common/maps/ids.ts';
import type { Clock } from '../common/runtime/clock.ts';
import type { Pg } from './core/pg.ts';
import { Reservations } from './core/reservations.ts';
import type { InFlightBudget } from './core/write-window.ts';
import type { ObjectStore } from './store/object-store.ts';

/** Further share that metadata pools may use, so that files can still be deleted. */
const metadataShare = 0.02;
/** What a peer said of its room counts for so long; after that, what the map says. Those nearly full say it with every beacon. */
const peerFreshMs = 2_000;
/** With less than this free, room is looked at more closely. */
const scarceShare = 0.2;
/** Bytes written after which the store is asked again. */
const recheckShare = 1 / 1024;

export interface SpaceParts {
  readonly clock: Clock;
  readonly store: ObjectStore;
  /** Of the writes of which we are the primary. */
  readonly inFlight: InFlightBudget;
  readonly map: () => ClusterMap;
}

interface PeerSpace {
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly untilMs: number;
}

export class Space {
  readonly #parts: SpaceParts;
  readonly #reservations = new Reservations();
  #totalBytes = 0;
  #freeBytes = 0;
  #takenSince = Infinity;
  readonly #peers = new Map<OsdId, PeerSpace>();

  constructor(parts: SpaceParts) {
    this.#parts = parts;
  }

  get totalBytes(): number {
    this.#refresh();
    return this.#totalBytes;
  }

  get freeBytes(): number {
    this.#refresh();
    return Math.max(0, this.#freeBytes - this.#takenSince);
  }

  /** A write with so many bytes of data was handed to the store. One without data may have made room. */
  taken(bytes: number): void {
    if (bytes === 0 && this.#freeBytes < this.#totalBytes * scarceShare) this.invalidate();
    else this.#takenSince += bytes;
  }

  /** The store is asked anew at the next look. */
  invalidate(): void {
    this.#takenSince = Infinity;
  }

  /** Whether primaries should hear how much room there is although they do not ask. */
  get isScarce(): boolean {
    return this.#totalBytes - this.freeBytes >= this.#totalBytes * this.#parts.map().fullRatios.nearfull;
  }

  /** Another OSD says how much room it has. */
  notePeer(osd: OsdId, freeBytes: number, totalBytes: number): void {
    this.#peers.set(osd, { freeBytes, totalBytes, untilMs: this.#parts.clock.monotonicMs() + peerFreshMs });
  }

  /** Throws ENOSPC when a client's write might not fit on every member. */
  check(pg: Pg, pool: number, bytes: number): void {
    const map = this.#parts.map();
    const isMetadata = map.filesystems.some((filesystem) => filesystem.metadataPool === pool);
    const reservedShare = 1 - map.fullRatios.full - (isMetadata ? metadataShare : 0);
    // Others may be about to write there too, by the same word: each takes only its part of the room.
    let writers = 0;
    for (const osd of map.osds.values()) if (osd.up) writers++;
    requireRoom('this OSD', this.freeBytes, this.#totalBytes, reservedShare, bytes * writers);
    const neededBytes = (this.#parts.inFlight.bytes + bytes) * writers;
    for (const osd of pg.window.members.keys()) {
      try {
        this.#checkPeer(map, osd, isMetadata, reservedShare, neededBytes);
      } catch (error) {
        const recovery = pg.recovering.get(osd);
        // The client need not suffer for one that does not act yet.
        if (recovery === undefined || recovery.certified) throw error;
        recovery.giveUp();
      }
    }
    if (!isMetadata && map.flags.has('full')) throw new FsError('ENOSPC', 'the cluster is full');
  }

  /**
   * Promises room for copies of the PG that are to come; false when there is not so much. A whole copy stops at the
   * backfillfull ratio; what a member only missed goes up to the full ratio.
   */
  reserve(pg: PgId, bytes: number, kind: 'backfill' | 'recovery'): boolean {
    this.invalidate();
    const { backfillfull, full } = this.#parts.map().fullRatios;
    const roomBytes = this.freeBytes - this.#totalBytes * (1 - (kind === 'backfill' ? backfillfull : full));
    return this.#reservations.reserve(pg, bytes, roomBytes);
  }

  /** Throws ENOSPC when a copy of an object does not fit any more; then nothing of it may be stored. */
  arrive(pg: PgId, bytes: number, kind: 'backfill' | 'recovery'): void {
    const { backfillfull, full } = this.#parts.map().fullRatios;
    requireRoom('this OSD', this.freeBytes, this.#totalBytes, 1 - (kind === 'backfill' ? backfillfull : full), bytes);
    this.#reservations.arrived(pg, bytes);
    this.taken(bytes);
  }

  /** No more copies of the PG come. */
  release(pg: PgId): void {
    this.#reservations.release(pg);
  }

  #checkPeer(map: ClusterMap, osd: OsdId, isMetadata: boolean, reservedShare: number, bytes: number): void {
    const peer = this.#peers.get(osd);
    if (peer !== undefined && peer.untilMs > this.#parts.clock.monotonicMs())
      requireRoom(`osd.${osd}`, peer.freeBytes, peer.totalBytes, reservedShare, bytes);
    // How far the metadata's share is used nobody knows: the answer to the write tells.
    else if (!isMetadata && map.osds.get(osd)?.fullness === 'full') throw new FsError('ENOSPC', `osd.${osd} is full`);
  }

  #refresh(): void {
    if (this.#takenSince <= this.#totalBytes * recheckShare) return;
    const usage = this.#parts.store.usage();
    this.#totalBytes = usage.totalBytes;
    this.#freeBytes = usage.totalBytes - usage.usedBytes;
    this.#takenSince = 0;
  }
}

function requireRoom(who: string, freeBytes: number, totalBytes: number, reservedShare: number, bytes: number): void {
  if (totalBytes > 0 && freeBytes - bytes < totalBytes * reservedShare)
    throw new FsError('ENOSPC', `${who} has ${freeBytes} of ${totalBytes} bytes free`);
}
