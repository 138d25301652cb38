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
import type { Damage } from '../core/damage-table.ts';
import type { Dentry, Inode, Place } from '../core/inode.ts';
import { rankObject } from '../core/rank-object.ts';
import { isToldByData, recorded, recordObject } from '../core/record-table.ts';
import { inoKey } from '../core/block-table.ts';
import { locationObject } from '../core/location-table.ts';
import type { MdsSession } from '../core/session.ts';
import type { Given, Posted, RankMessage } from '../core/subtrees.ts';
import type { WriteBackKind } from '../core/write-back-set.ts';
import { BinaryWriter } from './binary.ts';
import { decodeDentry, encodeDentry } from './inode-codec.ts';
import { ignoringAbsence, type PatientObjects } from './patient-objects.ts';
import {
  decodeDamage,
  decodeGiven,
  decodeLocation,
  decodeNumber,
  decodeRecord,
  decodeSession,
  decodeStoredMessage,
  encodeDamage,
  encodeGiven,
  encodeLocation,
  encodeNumber,
  encodeRecord,
  encodeSession,
  encodeStoredMessage,
} from './table-codec.ts';

/** Entries asked for at once. */
const pageEntries = 1000;
const noKey = new Uint8Array(0);

/** What a reader of a fragment may want to hear of. */
export interface FragmentReader {
  /** The object is not there: no name was ever written to it, or it was lost. */
  readonly onAbsent?: () => void;
  /** A name's record is damaged: it is passed over. Without it reading ends there with EIO. */
  readonly onDamaged?: (name: ByteString, error: FsError) => void;
}

/** Of a table: the record of that key is damaged. */
export type OnDamagedRecord = (key: ByteString, error: FsError) => void;

export class MetadataStore {
  readonly #objects: PatientObjects;
  readonly #pool: PoolId;
  readonly #rank: number;
  readonly #dataPool: PoolId;
  readonly #writer = new BinaryWriter();

  /** `dataPool`: has the records (core/record-table.ts). */
  constructor(objects: PatientObjects, pool: PoolId, rank: number, dataPool: PoolId) {
    this.#dataPool = dataPool;
    this.#objects = objects;
    this.#pool = pool;
    this.#rank = rank;
  }

  /** All names in a fragment's object, page by page. FsError EIO when one of them is damaged. */
  async *readFragment(directory: number, id: FragmentId, { onAbsent, onDamaged }: FragmentReader = {}): AsyncGenerator<Dentry[]> {
    for await (const page of this.#pages(fragmentObject(directory, id), onAbsent)) {
      const dentries: Dentry[] = [];
      for (const { key, value } of page) {
        try {
          dentries.push(decoded(key, value, directory));
        } catch (error) {
          if (onDamaged === undefined) throw error;
          onDamaged(byteString(key), toFsError(error));
        }
      }
      yield dentries;
    }
  }

  /** One name of it; undefined: it is not there. */
  async readName(directory: number, id: FragmentId, name: ByteString): Promise<Dentry | undefined> {
    const [entry] = await this.#get(fragmentObject(directory, id), bytesOf(name));
    return entry === undefined ? undefined : decoded(entry.key, entry.value, directory);
  }

  /** Those of `names` that it has. FsError EIO. */
  async readNames(directory: number, id: FragmentId, names: readonly ByteString[]): Promise<Map<ByteString, Dentry>> {
    const operation = this.#objects.operate(this.#pool, fragmentObject(directory, id), [{ kind: 'omap-get', keys: names.map(bytesOf) }]);
    const entries = (await ignoringAbsence(operation))?.results[0]?.entries ?? [];
    return new Map(entries.map(({ key, value }) => [byteString(key), decoded(key, value, directory)]));
  }

  /** Where the inode lies; undefined: there is none of that number. */
  async readLocation(ino: number): Promise<Place | undefined> {
    const [entry] = await this.#get(locationObject(ino), Buffer.from(inoKey(ino), 'latin1'));
    return entry === undefined ? undefined : decodeLocation(entry.value, `the location of inode ${ino.toString(16)}`);
  }

  /** Of several inodes of one block: their places, or what is wrong with a record. FsError as of reading any object. */
  async readLocations(inos: readonly number[]): Promise<Map<number, Place | string>> {
    const [first] = inos;
    const places = new Map<number, Place | string>();
    if (first === undefined) return places;
    const keys = inos.map((ino) => Buffer.from(inoKey(ino), 'latin1'));
    const reply = await ignoringAbsence(this.#objects.operate(this.#pool, locationObject(first), [{ kind: 'omap-get', keys }]));
    for (const { key, value } of reply?.results[0]?.entries ?? []) {
      const ino = parseInt(Buffer.from(key).toString('latin1'), 16);
      try {
        places.set(ino, decodeLocation(value, `the location of inode ${ino.toString(16)}`));
      } catch (error) {
        places.set(ino, toFsError(error).message);
      }
    }
    return places;
  }

  /** Of several inodes of one block: their records in the data pool that can be read. */
  async readRecords(inos: readonly number[]): Promise<Map<number, Dentry & { readonly inode: Inode }>> {
    const records = new Map<number, Dentry & { readonly inode: Inode }>();
    const [first] = inos;
    if (first === undefined) return records;
    const keys = inos.map((ino) => Buffer.from(inoKey(ino), 'latin1'));
    const asked = this.#objects.operate(this.#dataPool, recordObject(first), [{ kind: 'omap-get', keys }]);
    for (const { key, value } of (await ignoringAbsence(asked))?.results[0]?.entries ?? []) {
      const ino = parseInt(Buffer.from(key).toString('latin1'), 16);
      passingOver(
        key,
        () => undefined,
        () => records.set(ino, decodeRecord(value, `the record of inode ${ino.toString(16)}`)),
      );
    }
    return records;
  }

  /** Undefined: there is no such table. `onDamaged`: a record cannot be read, and is passed over. */
  async readSessions(onDamaged?: OnDamagedRecord): Promise<MdsSession[] | undefined> {
    const sessions: MdsSession[] = [];
    let absent = false as boolean;
    const onAbsent = (): void => {
      absent = true;
    };
    for await (const page of this.#pages(this.#own('sessions'), onAbsent))
      for (const { key, value } of page) passingOver(key, onDamaged, () => sessions.push(decodeSession(value)));
    return absent ? undefined : sessions;
  }

  async readValue(key: string): Promise<number | undefined> {
    const [entry] = await this.#get(this.#own('values'), Buffer.from(key, 'latin1'));
    return entry === undefined ? undefined : decodeNumber(entry.value, `the value ${key}`);
  }

  /** All single values, by key. `onDamaged`: one cannot be read, and is passed over. */
  async readValues(onDamaged?: OnDamagedRecord): Promise<Map<string, number>> {
    const values = new Map<string, number>();
    for await (const page of this.#pages(this.#own('values')))
      for (const { key, value } of page) {
        const name = byteString(key);
        passingOver(key, onDamaged, () => values.set(name, decodeNumber(value, `the value ${name}`)));
      }
    return values;
  }

  /** Messages to other ranks on their way, by rank and number. */
  async readMessages(): Promise<Posted[]> {
    const posted: Posted[] = [];
    for await (const page of this.#pages(this.#own('messages')))
      for (const { key, value } of page) {
        const [rank = 0, seq = 0] = byteString(key)
          .split('.')
          .map((digits) => parseInt(digits, 16));
        posted.push({ rank, seq, message: decodeStoredMessage(value, `message ${byteString(key)}`) });
      }
    return posted;
  }

  /** Roots of subtrees that other ranks hold. */
  async readGiven(): Promise<Map<number, Given>> {
    const given = new Map<number, Given>();
    for await (const page of this.#pages(this.#own('given')))
      for (const { key, value } of page)
        given.set(parseInt(byteString(key), 16), decodeGiven(value, `the subtree of inode ${byteString(key)}`));
    return given;
  }

  /** The table of what is known to be damaged, but for what cannot be read of it. */
  async readDamage(onDamaged: (error: FsError) => void): Promise<Map<string, Damage>> {
    const table = new Map<string, Damage>();
    for await (const page of this.#pages(this.#own('damage'))) {
      for (const { key, value } of page) {
        try {
          table.set(Buffer.from(key).toString(), decodeDamage(value));
        } catch (error) {
          if (!(error instanceof FsError)) throw error;
          onDamaged(error);
        }
      }
    }
    return table;
  }

  /** Undefined: it is none any more. */
  async writeDamage(changes: readonly (readonly [key: string, damage: Damage | undefined])[]): Promise<void> {
    const entries: OmapEntry[] = [];
    const removed: Uint8Array[] = [];
    for (const [name, damage] of changes) {
      const key = Buffer.from(name);
      if (damage === undefined) removed.push(key);
      else entries.push({ key, value: encodeDamage(this.#writer, damage) });
    }
    await this.write(this.#own('damage'), entries, removed);
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
      case 'message':
        return encodeStoredMessage(this.#writer, value as RankMessage);
      case 'given':
        return encodeGiven(this.#writer, value as Given);
      case 'record':
        return encodeRecord(this.#writer, value as Dentry);
    }
  }

  /** Sets and removes keys of one object, atomically. `makes`: it is there afterwards even without any. */
  async write(object: string, entries: readonly OmapEntry[], removed: readonly Uint8Array[], makes = false): Promise<void> {
    const operations: ObjectOperation[] = [];
    // An object that has never been written has nothing to remove.
    if (makes || removed.length > 0) operations.push({ kind: 'create', exclusive: false });
    if (entries.length > 0) operations.push({ kind: 'omap-set', entries });
    if (removed.length > 0) operations.push({ kind: 'omap-remove', keys: removed });
    if (operations.length > 0) await this.#objects.operate(this.#pool, object, operations);
  }

  /** Likewise of an object of the data pool, which has something or is not made. */
  async writeRecords(object: string, entries: readonly OmapEntry[], removed: readonly Uint8Array[]): Promise<void> {
    if (entries.length + removed.length === 0) return;
    const remove: ObjectOperation[] = removed.length === 0 ? [] : [{ kind: 'omap-remove', keys: removed }];
    const operations: ObjectOperation[] =
      entries.length > 0 ? [{ kind: 'omap-set', entries }, ...remove] : [{ kind: 'assert-exists' }, ...remove];
    await ignoringAbsence(this.#objects.operate(this.#dataPool, object, operations));
  }

  /** Moves values, as they are, from an object to `damaged.<object>`. A crash between leaves them in both. */
  async setAside(object: string, keys: readonly Uint8Array[]): Promise<void> {
    const { results } = await this.#objects.operate(this.#pool, object, [{ kind: 'omap-get', keys }]);
    const entries = (results[0]?.entries ?? []).map(({ key, value }) => ({ key: Buffer.from(key), value: Buffer.from(value) }));
    await this.write(`damaged.${object}`, entries, []);
    await this.write(object, [], keys);
  }

  /** Deletes an object; harmless when it is not there. */
  async remove(object: string): Promise<void> {
    await ignoringAbsence(this.#objects.operate(this.#pool, object, [{ kind: 'remove' }]));
  }

  #own(table: string): string {
    return rankObject(this.#rank, table);
  }

  async *#pages(object: string, onAbsent?: () => void): AsyncGenerator<readonly OmapEntry[]> {
    let after: Uint8Array = noKey;
    for (;;) {
      const reply = await ignoringAbsence(
        this.#objects.operate(this.#pool, object, [{ kind: 'omap-get-range', after, maxEntries: pageEntries }]),
      );
      if (reply === undefined) onAbsent?.();
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
    const { inode } = dentry;
    if (inode !== undefined) {
      inode.location = dentry;
      // Of a directory that was made before there were records there is none. Those that are in use get one.
      if (!inode.isDirectory) inode.recorded = recorded(inode, dentry, isToldByData(inode) ? 'perhaps' : 'no');
    }
    return dentry;
  } catch (error) {
    throw new FsError('EIO', toFsError(error).message, { cause: error });
  }
}

/** Reads a record; when it is damaged and somebody wants to hear of that, he does. */
function passingOver(key: Uint8Array, onDamaged: OnDamagedRecord | undefined, read: () => unknown): void {
  try {
    read();
  } catch (error) {
    const failure = toFsError(error);
    if (onDamaged === undefined || !(failure.code === 'EIO' || failure.code === 'EILSEQ')) throw error;
    onDamaged(byteString(key), failure);
  }
}
