/**
 * A monitor's store in LMDB: `<dataDir>/mon.lmdb`. Keys and values:
 *
 *   format                   "nacre-mon 1"
 *   fsid                     UUID, text
 *   full                     MapRecord
 *   increment/0000000000042  IncrementRecord from epoch 41 to 42
 *
 * Each value is followed by the CRC-32C of its bytes, little-endian.
 * Each commit is one transaction, synced before its promise resolves.
 * @module
 */
import { join } from 'node:path';
import { crc32c } from '@node-rs/crc32';
import { open, type RootDatabase } from 'lmdb';
import { FsError } from '../../common/errors/fs-error.ts';
import { decodeMap } from '../../common/maps/codec.ts';
import { checkLmdbFile } from '../../common/runtime/node/lmdb-file.ts';
import { lockDirectory, type DirectoryLock } from '../../common/runtime/node/directory-lock.ts';
import type { MapCommit, MonStore, StoredMap } from './mon-store.ts';

const format = 'nacre-mon 1';
const prefix = 'increment/';
const checksumBytes = 4;
const advice = 'restore it from a copy';

export class LmdbStore implements MonStore {
  readonly #directory: string;
  #database: RootDatabase<Buffer, string> | undefined;
  #lock: DirectoryLock | undefined;

  constructor(directory: string) {
    this.#directory = directory;
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
    const db = this.#db;
    await db.transaction(() => {
      if (increment) db.putSync(keyOf(epoch), sealed(increment));
      if (full) {
        db.putSync('format', sealed(Buffer.from(format)));
        db.putSync('fsid', sealed(Buffer.from(fsid)));
        db.putSync('full', sealed(full));
      }
      for (const key of [...db.getKeys({ start: prefix, end: keyOf(trimTo + 1) })]) db.removeSync(key);
    });
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
    checkLmdbFile(path, advice);
    this.#database = open<Buffer, string>({
      path,
      encoding: 'binary',
      noSubdir: true,
      // The promise of a commit must mean that it is on the disk.
      overlappingSync: false,
      cache: false,
      maxReaders: 8,
    });
    const found = this.#get('format')?.toString();
    if (found !== undefined && found !== format) {
      throw new FsError('EILSEQ', `${this.#directory} holds "${found}", this release reads "${format}": run the release that wrote it`);
    }
  }

  #load(): StoredMap | undefined {
    const fsid = this.#get('fsid')?.toString();
    const full = this.#get('full');
    if (fsid === undefined || full === undefined) return undefined;
    const increments = [...this.#db.getRange({ start: prefix, end: `${prefix}~` })].map(({ key, value }) => ({
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
    const value = this.#db.get(key);
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

  get #db(): RootDatabase<Buffer, string> {
    if (!this.#database) throw new FsError('ESHUTDOWN', "the mon's store is closed");
    return this.#database;
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
