/**
 * The map's history as this mon serves it: stores new epochs and hands out what a peer lacks.
 * @module
 */
import { assert } from '../../common/errors/assert.ts';
import { FsError } from '../../common/errors/fs-error.ts';
import type { ClusterMap } from '../../common/maps/cluster-map.ts';
import { decodeIncrement, decodeMap, encodeIncrement, encodeMap } from '../../common/maps/codec.ts';
import { applyIncrement, type MapIncrement } from '../../common/maps/increment.ts';
import type { Init, MapUpdate } from '../../common/wire/gen/messages.ts';
import type { MonStore, StoredIncrement } from './mon-store.ts';

/** A whole map is stored so often; a start applies the increments since the last. */
const fullEvery = 16;
/** More bytes of increments than this are not sent when the whole map is smaller. */
const incrementBytesMax = 1024 * 1024;

export class MapJournal {
  readonly #store: MonStore;
  readonly #keepEpochs: number;
  /** Oldest first, without gaps, up to the newest epoch. */
  #increments: StoredIncrement[] = [];
  #map: ClusterMap | undefined;
  #fullEpoch = 0;
  /** The newest map encoded, made when it is first asked for. */
  #encoded: { readonly epoch: number; readonly bytes: Buffer } | undefined;

  constructor(store: MonStore, keepEpochs: number) {
    this.#store = store;
    this.#keepEpochs = keepEpochs;
  }

  /** Newest durable map. */
  get map(): ClusterMap {
    assert(this.#map, 'the journal has a map');
    return this.#map;
  }

  /** Reads what is stored; undefined when that is nothing. */
  async load(): Promise<ClusterMap | undefined> {
    const stored = await this.#store.load();
    if (!stored) return undefined;
    let map = decodeMap(stored.full);
    if (map.fsid !== stored.fsid)
      throw new FsError('EILSEQ', `the mon's store is of cluster ${stored.fsid}, its map of ${map.fsid}: restore it from a copy`);
    for (const { epoch, bytes } of stored.increments) if (epoch > map.epoch) map = applyIncrement(map, decodeIncrement(bytes));
    this.#map = map;
    this.#fullEpoch = stored.fullEpoch;
    this.#increments = [...stored.increments];
    return map;
  }

  /** Stores the next epoch (or the first); it is durable, and served, when this resolves. */
  async append(map: ClusterMap, increment: MapIncrement | undefined): Promise<void> {
    const bytes = increment && encodeIncrement(increment);
    const full = !increment || map.epoch - this.#fullEpoch >= fullEvery ? encodeMap(map) : undefined;
    const fullEpoch = full ? map.epoch : this.#fullEpoch;
    const trimTo = Math.max(0, Math.min(fullEpoch, map.epoch - this.#keepEpochs));
    await this.#store.commit({ fsid: map.fsid, epoch: map.epoch, increment: bytes, full, trimTo });
    this.#map = map;
    this.#fullEpoch = fullEpoch;
    if (bytes) this.#increments.push({ epoch: map.epoch, bytes });
    if (this.#increments.length > this.#keepEpochs)
      this.#increments = this.#increments.filter(({ epoch }) => epoch > map.epoch - this.#keepEpochs);
  }

  /** What takes a peer from `haveEpoch` to the newest map; undefined when it has that. */
  updateFrom(haveEpoch: number): Init<MapUpdate> | undefined {
    const { epoch } = this.map;
    if (haveEpoch >= epoch) return undefined;
    const missing = haveEpoch > 0 && haveEpoch >= epoch - this.#increments.length ? this.#increments.slice(haveEpoch - epoch) : [];
    const bytes = missing.reduce((sum, increment) => sum + increment.bytes.length, 0);
    if (missing.length === 0 || bytes > incrementBytesMax) return { epoch, baseEpoch: 0, full: this.#encode() };
    return { epoch, baseEpoch: haveEpoch, increments: missing.map((increment) => increment.bytes) };
  }

  #encode(): Buffer {
    if (this.#encoded?.epoch !== this.map.epoch) this.#encoded = { epoch: this.map.epoch, bytes: encodeMap(this.map) };
    return this.#encoded.bytes;
  }
}
