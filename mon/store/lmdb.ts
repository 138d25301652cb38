/**
 * A monitor's store in LMDB: `<dataDir>/mon.lmdb`. Keys and values:
 *
 *   format                   "nacre-mon 2"
 *   fsid                     UUID, text
 *   full                     MapRecord
 *   increment/0000000000042  IncrementRecord from epoch 41 to 42
 *   leases                   lease-codec.ts
 *
 * Each value is followed by the CRC-32C of its bytes, little-endian.
 * Each commit is one transaction, synced before its promise resolves.
 * @module
 */
import { join } from 'node:path';
import { crc32c } from '@node-rs/crc32';
import { FsError } from '../../common/errors/fs-error.ts';
import { decodeMap } from '../../common/maps/codec.ts';
import { lockDirectory, type DirectoryLock } from '../../common/runtime/node/directory-lock.ts';
import { type LmdbChange, LmdbDatabase, type LmdbFile, type LmdbOptions } from '../../common/runtime/node/lmdb-database.ts';
import type { MapCommit, MonStore, StoredMap } from './mon-store.ts';

const format = 'nacre-mon 2';
/** Knew nothing of `leases`, and would not have kept it true. */
const formatWithoutLeases = 'nacre-mon 1';
const prefix = 'increment/';
const checksumBytes = 4;
/** Of address space, to begin with. */
const mapBytes = 64 << 20;
const advice = 'restore it from a copy';

export type LmdbStoreOptions = Pick<LmdbOptions, 'log' | 'open'>;

export class LmdbStore implements MonStore {
  readonly #directory: string;
  readonly #options: LmdbStoreOptions;
  #database: LmdbDatabase | undefined;
  #lock: DirectoryLock | undefined;

  constructor(directory: string, options: LmdbStoreOptions) {
    this.#directory = directory;
    this.#options = options;
  }

  async open(): Promise<void> {
    this.#lock = await lockDirectory(this.#directory);
    try {
      this.#openDatabase();
    } catch (error) {
      await this.close();
      throw this.#unreadable(error);
    }
  }

  async load(): Promise<StoredMap | undefined> {
    try {
      return await Promise.resolve(this.#load());
    } catch (error) {
      throw this.#unreadable(error);
    }
  }

  async commit({ fsid, epoch, increment, full, trimTo }: MapCommit): Promise<void> {
    const changes: LmdbChange[] = [];
    if (increment && epoch > trimTo) changes.push({ key: keyOf(epoch), value: sealed(increment) });
    if (full) {
      changes.push(
        { key: 'format', value: sealed(Buffer.from(format)) },
        { key: 'fsid', value: sealed(Buffer.from(fsid)) },
        { key: 'full', value: sealed(full) },
      );
    }
    for (const key of this.#file.getKeys({ start: prefix, end: keyOf(trimTo + 1) })) changes.push({ key, value: null });
    await this.#db.write(changes);
  }

  loadLeases(): Promise<Buffer | undefined> {
    try {
      return Promise.resolve(this.#get('leases'));
    } catch (error) {
      return Promise.reject(this.#unreadable(error));
    }
  }

  saveLeases(bytes: Buffer): Promise<void> {
    return this.#db.write([
      { key: 'format', value: sealed(Buffer.from(format)) },
      { key: 'leases', value: sealed(bytes) },
    ]);
  }

  async close(): Promise<void> {
    const database = this.#database;
    this.#database = undefined;
    await database?.close();
    await this.#lock?.release();
    this.#lock = undefined;
  }

  #openDatabase(): void {
    const path = join(this.#directory, 'mon.lmdb');
    this.#database = new LmdbDatabase({ path, advice, mapBytes, ...this.#options });
    const found = this.#get('format')?.toString();
    if (found !== undefined && found !== format && found !== formatWithoutLeases) {
      throw new FsError('EILSEQ', `${this.#directory} holds "${found}", this release reads "${format}": run the release that wrote it`);
    }
  }

  #load(): StoredMap | undefined {
    const fsid = this.#get('fsid')?.toString();
    const full = this.#get('full');
    if (fsid === undefined || full === undefined) return undefined;
    const increments = [...this.#file.getRange({ start: prefix, end: `${prefix}~` })].map(({ key, value }) => ({
      epoch: Number(key.slice(prefix.length)),
      bytes: this.#open(key, value),
    }));
    return { fsid, full, fullEpoch: decodeMap(full).epoch, increments };
  }

  /** What LMDB itself reports is damage too. */
  #unreadable(error: unknown): FsError {
    if (error instanceof FsError) return error;
    const why = error instanceof Error ? error.message : String(error);
    return new FsError('EILSEQ', `cannot read the monitor's store in ${this.#directory}: ${why}: ${advice}`, { cause: error });
  }

  #get(key: string): Buffer | undefined {
    const value = this.#file.get(key);
    return value && this.#open(key, value);
  }

  /** A value without its checksum, as a copy of our own. Throws EILSEQ when it does not match. */
  #open(key: string, value: Buffer): Buffer {
    const length = value.length - checksumBytes;
    const bytes = Buffer.from(value.subarray(0, Math.max(0, length)));
    if (length < 0 || crc32c(bytes) !== value.readUInt32LE(length))
      throw new FsError('EILSEQ', `${this.#directory}: "${key}" is damaged: ${advice}`);
    return bytes;
  }

  get #db(): LmdbDatabase {
    if (!this.#database) throw new FsError('ESHUTDOWN', "the mon's store is closed");
    return this.#database;
  }

  get #file(): LmdbFile {
    return this.#db.file;
  }
}

function sealed(bytes: Buffer): Buffer {
  const value = Buffer.allocUnsafe(bytes.length + checksumBytes);
  bytes.copy(value);
  value.writeUInt32LE(crc32c(bytes), bytes.length);
  return value;
}

function keyOf(epoch: number): string {
  return `${prefix}${String(epoch).padStart(13, '0')}`;
}
