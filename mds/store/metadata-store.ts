/**
 * The metadata pool's omap objects as the MDS knows them: fragments, locations, tables. Reads are checked; writes are
 * whole batches, each atomic.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import { byteString, bytesOf, type ByteString, type PoolId } from '../../common/maps/ids.ts';
import type { ObjectOperation, OmapEntry } from '../../osd/client/object-client.ts';
import { fragmentObject } from '../core/directory.ts';
import type { FragmentId } from '../core/fragment-shape.ts';
import type { Dentry, Place } from '../core/inode.ts';
import { locationKey, locationObject } from '../core/location-table.ts';
import type { MdsSession } from '../core/session.ts';
import type { WriteBackKind } from '../core/write-back-set.ts';
import { BinaryWriter } from './binary.ts';
import { decodeDentry, encodeDentry } from './inode-codec.ts';
import { ignoringAbsence, type PatientObjects } from './patient-objects.ts';
import { decodeLocation, decodeNumber, decodeSession, encodeLocation, encodeNumber, encodeSession } from './table-codec.ts';

/** Entries asked for at once. */
const pageEntries = 1000;
const noKey = new Uint8Array(0);

export class MetadataStore {
  readonly #objects: PatientObjects;
  readonly #pool: PoolId;
  readonly #writer = new BinaryWriter();

  constructor(objects: PatientObjects, pool: PoolId) {
    this.#objects = objects;
    this.#pool = pool;
  }

  /** All names in a fragment's object, page by page. FsError EIO when one of them is damaged. */
  async *readFragment(directory: number, id: FragmentId): AsyncGenerator<Dentry[]> {
    for await (const page of this.#pages(fragmentObject(directory, id))) yield page.map(({ key, value }) => decoded(key, value, directory));
  }

  /** One name of it; undefined: it is not there. */
  async readName(directory: number, id: FragmentId, name: ByteString): Promise<Dentry | undefined> {
    const [entry] = await this.#get(fragmentObject(directory, id), bytesOf(name));
    return entry === undefined ? undefined : decoded(entry.key, entry.value, directory);
  }

  /** Where the inode lies; undefined: there is none of that number. */
  async readLocation(ino: number): Promise<Place | undefined> {
    const [entry] = await this.#get(locationObject(ino), Buffer.from(locationKey(ino), 'latin1'));
    return entry === undefined ? undefined : decodeLocation(entry.value, `the location of inode ${ino.toString(16)}`);
  }

  async readSessions(): Promise<MdsSession[]> {
    const sessions: MdsSession[] = [];
    for await (const page of this.#pages('sessions')) for (const { value } of page) sessions.push(decodeSession(value));
    return sessions;
  }

  async readValue(key: string): Promise<number | undefined> {
    const [entry] = await this.#get('values', Buffer.from(key, 'latin1'));
    return entry === undefined ? undefined : decodeNumber(entry.value, `the value ${key}`);
  }

  /** The bytes of one changed value, as it is now. */
  encode(kind: WriteBackKind, value: unknown): Buffer {
    switch (kind) {
      case 'fragment':
        return encodeDentry(this.#writer, value as Dentry);
      case 'session':
        return encodeSession(this.#writer, value as MdsSession);
      case 'location':
        return encodeLocation(this.#writer, value as Place);
      case 'value':
        return encodeNumber(this.#writer, value as number);
    }
  }

  /** Sets and removes keys of one object, atomically. */
  async write(object: string, entries: readonly OmapEntry[], removed: readonly Uint8Array[]): Promise<void> {
    const operations: ObjectOperation[] = [];
    if (entries.length > 0) operations.push({ kind: 'omap-set', entries });
    // An object that has never been written has nothing to remove.
    if (removed.length > 0) operations.push({ kind: 'create', exclusive: false }, { kind: 'omap-remove', keys: removed });
    if (operations.length > 0) await this.#objects.operate(this.#pool, object, operations);
  }

  /** Deletes an object; harmless when it is not there. */
  async remove(object: string): Promise<void> {
    await ignoringAbsence(this.#objects.operate(this.#pool, object, [{ kind: 'remove' }]));
  }

  async *#pages(object: string): AsyncGenerator<readonly OmapEntry[]> {
    let after: Uint8Array = noKey;
    for (;;) {
      const reply = await ignoringAbsence(
        this.#objects.operate(this.#pool, object, [{ kind: 'omap-get-range', after, maxEntries: pageEntries }]),
      );
      const result = reply?.results[0];
      if (result === undefined || result.entries.length === 0) return;
      yield result.entries;
      if (!result.more) return;
      after = Buffer.from((result.entries.at(-1) as OmapEntry).key);
    }
  }

  async #get(object: string, key: Uint8Array): Promise<readonly OmapEntry[]> {
    const reply = await ignoringAbsence(this.#objects.operate(this.#pool, object, [{ kind: 'omap-get', keys: [key] }]));
    return reply?.results[0]?.entries ?? [];
  }
}

function decoded(key: Uint8Array, value: Uint8Array, directory: number): Dentry {
  try {
    const dentry = decodeDentry(value, directory, byteString(key));
    if (dentry.inode !== undefined) dentry.inode.location = dentry;
    return dentry;
  } catch (error) {
    throw new FsError('EIO', toFsError(error).message, { cause: error });
  }
}
