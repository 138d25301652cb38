/**
 * Whether there is room for a write, here and on the other members, before it is begun: a store that is
 * really full can no longer undo anything.
 * @module
 */
import { FsError } from '../common/errors/fs-error.ts';
import type { ClusterMap } from '../common/maps/cluster-map.ts';
import type { OsdId } from '../common/maps/ids.ts';
import type { Clock } from '../common/runtime/clock.ts';
import type { Pg } from './core/pg.ts';
import type { ObjectStore } from './store/object-store.ts';

/** Further fullness that metadata pools may use, so that files can still be deleted. */
const metadataPercent = 2;
/** What a peer said of its room counts for so long. */
const peerFreshMs = 2_000;
/** With less than this free, room is looked at more closely. */
const scarceShare = 0.2;
/** Bytes written after which the store is asked again. */
const recheckShare = 1 / 1024;

export class Space {
  readonly #store: ObjectStore;
  readonly #fullPercent: number;
  readonly #map: () => ClusterMap;
  #totalBytes = 0;
  #freeBytes = 0;
  #takenSince = Infinity;
  readonly #clock: Clock;
  readonly #peers = new Map<OsdId, { readonly freeBytes: number; readonly totalBytes: number; readonly untilMs: number }>();

  constructor(clock: Clock, store: ObjectStore, fullPercent: number, map: () => ClusterMap) {
    this.#clock = clock;
    this.#store = store;
    this.#fullPercent = fullPercent;
    this.#map = map;
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

  /** Another OSD says how much room it has. */
  notePeer(osd: OsdId, freeBytes: number, totalBytes: number): void {
    this.#peers.set(osd, { freeBytes, totalBytes, untilMs: this.#clock.monotonicMs() + peerFreshMs });
  }

  /** Throws ENOSPC when the write might not fit on every member. */
  check(pg: Pg, pool: number, bytes: number): void {
    const reserved = (100 - this.#fullPercent - (this.#isMetadata(pool) ? metadataPercent : 0)) / 100;
    this.#checkOne('this OSD', this.freeBytes, this.#totalBytes, reserved, bytes);
    for (const osd of pg.window.members.keys()) {
      const peer = this.#peers.get(osd);
      // What was said long ago may be wrong by now; the answer to the next write tells.
      if (peer !== undefined && peer.untilMs > this.#clock.monotonicMs())
        this.#checkOne(`osd.${osd}`, peer.freeBytes - pg.window.bytes, peer.totalBytes, reserved, bytes);
    }
    if (this.#map().flags.has('full') && !this.#isMetadata(pool)) throw new FsError('ENOSPC', 'the cluster is full');
  }

  #checkOne(who: string, freeBytes: number, totalBytes: number, reserved: number, bytes: number): void {
    if (totalBytes > 0 && freeBytes - bytes < totalBytes * reserved)
      throw new FsError('ENOSPC', `${who} has ${freeBytes} of ${totalBytes} bytes free`);
  }

  #isMetadata(pool: number): boolean {
    return this.#map().filesystems.some((filesystem) => filesystem.metadataPool === pool);
  }

  #refresh(): void {
    if (this.#takenSince <= this.#totalBytes * recheckShare) return;
    const usage = this.#store.usage();
    this.#totalBytes = usage.totalBytes;
    this.#freeBytes = usage.totalBytes - usage.usedBytes;
    this.#takenSince = 0;
  }
}
