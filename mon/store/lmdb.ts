/**
 * A monitor's store in LMDB: `<dataDir>/mon.lmdb`. Keys and values:
 *
 *   format                   "nacre-mon 1"
 *   fsid                     UUID, text
 *   full                     MapRecord
 *   increment/0000000000042  IncrementRecord from epoch 41 to 42
 *
 * Each commit is one transaction, synced before its promise resolves.
 * @module
 */
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import { decodeMap } from '../../common/maps/codec.ts';
import { lockDirectory, type DirectoryLock } from '../../common/runtime/node/directory-lock.ts';
import type { MapCommit, MonStore, StoredMap } from './mon-store.ts';

const format = 'nacre-mon 1';
const prefix = 'increment/';

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
      this.#database = open<Buffer, string>({
        path: join(this.#directory, 'mon.lmdb'),
        encoding: 'binary',
        noSubdir: true,
        // The promise of a commit must mean that it is on the disk.
        overlappingSync: false,
        cache: false,
        maxReaders: 8,
      });
    } catch (error) {
      await this.close();
      throw new FsError('EILSEQ', `cannot open the mon's store in ${this.#directory}: ${toFsError(error).message}`, { cause: error });
    }
    const found = this.#db.get('format')?.toString();
    if (found === undefined || found === format) return;
    await this.close();
    throw new FsError('EILSEQ', `${this.#directory} holds "${found}", this release reads "${format}": run the release that wrote it`);
  }

  load(): Promise<StoredMap | undefined> {
    const db = this.#db;
    const fsid = db.get('fsid')?.toString();
    const full = db.get('full');
    if (fsid === undefined || full === undefined) return Promise.resolve(undefined);
    const increments = [...db.getRange({ start: prefix, end: `${prefix}~` })].map(({ key, value }) => ({
      epoch: Number(key.slice(prefix.length)),
      bytes: Buffer.from(value),
    }));
    const copy = Buffer.from(full);
    return Promise.resolve({ fsid, full: copy, fullEpoch: decodeMap(copy).epoch, increments });
  }

  async commit({ fsid, epoch, increment, full, trimTo }: MapCommit): Promise<void> {
    const db = this.#db;
    await db.transaction(() => {
      if (increment) db.putSync(keyOf(epoch), increment);
      if (full) {
        db.putSync('format', Buffer.from(format));
        db.putSync('fsid', Buffer.from(fsid));
        db.putSync('full', full);
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

  get #db(): RootDatabase<Buffer, string> {
    if (!this.#database) throw new FsError('ESHUTDOWN', "the mon's store is closed");
    return this.#database;
  }
}

function keyOf(epoch: number): string {
  return `${prefix}${String(epoch).padStart(13, '0')}`;
}
