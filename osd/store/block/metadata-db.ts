/**
 * The metadata database: LMDB behind a few calls on byte-string keys.
 *
 * Every value ends with the crc32c of what is before it and of its key. Writes are batches: each is one LMDB transaction on
 * LMDB's own thread, and its promise resolves when it is durable. Reads are of the last committed state, from the memory map.
 * @module
 */
import fs from 'node:fs';
import { FsError } from '../../../common/errors/fs-error.ts';
import {
  type LmdbChange,
  LmdbDatabase,
  type LmdbFile,
  lmdbKeyBytesMax,
  type LmdbOptions,
} from '../../../common/runtime/node/lmdb-database.ts';
import { crc32c } from './crc.ts';

export type DbChange = LmdbChange;

type MetadataDbOptions = Omit<LmdbOptions, 'path' | 'advice'>;

const trailerBytes = 4;

export class MetadataDb {
  readonly #database: LmdbDatabase;
  readonly #path: string;

  /** Opens or makes it. FsError EILSEQ when it is no database of ours. */
  constructor(path: string, { mapBytes, log, open }: MetadataDbOptions) {
    this.#path = path;
    try {
      this.#database = new LmdbDatabase({ path, advice: rebuildAdvice, mapBytes, log, ...(open && { open }) });
    } catch (error) {
      if (error instanceof FsError) throw error;
      throw new FsError('EILSEQ', `${path}: cannot be opened as a database (${(error as Error).message}); ${rebuildAdvice}`, {
        cause: error,
      });
    }
  }

  get #db(): LmdbFile {
    return this.#database.file;
  }

  /** The value as a copy. */
  get(key: string): Buffer | undefined {
    const value = this.view(key);
    return value && Buffer.from(value);
  }

  /** The value in memory that the next read overwrites. */
  view(key: string): Buffer | undefined {
    const db = this.#db as LmdbFile & { lastSize: number };
    try {
      const bytes = db.getBinaryFast(key);
      return bytes && this.#checked(key, bytes.subarray(0, db.lastSize));
    } catch (error) {
      throw this.#damaged(error);
    }
  }

  /** Entries with keys in [from, end) or, `exclusive`, (from, end), in order. Finish or `return` it before anything is awaited. */
  *range(from: string, end: string, exclusive: boolean): Generator<{ key: string; value: Buffer }> {
    for (const { key, value } of this.rangeWithDamaged(from, end, exclusive)) {
      if (value === undefined) throw this.damagedRecord(key);
      yield { key, value };
    }
  }

  /** As {@link range}, with undefined for the value of a damaged record. */
  *rangeWithDamaged(from: string, end: string, exclusive: boolean): Generator<{ key: string; value: Buffer | undefined }> {
    try {
      for (const { key, value } of this.#db.getRange({ start: from, end, exclusiveStart: exclusive }))
        yield { key, value: opened(key, value) };
    } catch (error) {
      throw this.#damaged(error);
    }
  }

  keys(from: string, end: string, limit: number): string[] {
    try {
      return [...this.#db.getKeys({ start: from, end, limit })];
    } catch (error) {
      throw this.#damaged(error);
    }
  }

  /** Applies all changes in one transaction; resolves when it is durable. FsError ENOSPC or EIO when it is not. */
  write(changes: readonly DbChange[]): Promise<void> {
    return this.#database.write(changes.map(({ key, value }) => ({ key, value: value && sealed(key, value) })));
  }

  /** Of the file, what the next commits may use again. */
  freeBytes(): number {
    const { lastPageNumber, pageSize, free, ...tree } = this.#db.getStats() as DbStats;
    return Math.max(0, (lastPageNumber + 1 - metaPages - pagesOf(tree) - pagesOf(free)) * pageSize);
  }

  /** Bytes of the file. */
  sizeBytes(): number {
    return fs.statSync(this.#path).size;
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  #checked(key: string, bytes: Buffer): Buffer {
    const value = opened(key, bytes);
    if (value === undefined) throw this.damagedRecord(key);
    return value;
  }

  /** What is said of a record whose checksum does not match. */
  damagedRecord(key: string): FsError {
    return new FsError(
      'EILSEQ',
      `${this.#path}: the record of key ${Buffer.from(key, 'latin1').toString('hex')} is damaged; ${rebuildAdvice}`,
    );
  }

  /** lmdb's own errors (a page that is none) are damage too. */
  #damaged(error: unknown): FsError {
    if (error instanceof FsError) return error;
    return new FsError('EILSEQ', `${this.#path}: cannot be read (${(error as Error).message}); ${rebuildAdvice}`, { cause: error });
  }
}

/** What a person does about damage to the store itself. */
export const rebuildAdvice = 'remove the data directory and start this OSD again: it is refilled from the other copies';

function sealed(key: string, value: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(value.length + trailerBytes);
  value.copy(bytes);
  bytes.writeUInt32LE(checksum(key, value), value.length);
  return bytes;
}

/** Undefined when it is damaged, or under another key than it was written. */
function opened(key: string, bytes: Buffer): Buffer | undefined {
  const length = bytes.length - trailerBytes;
  const value = bytes.subarray(0, Math.max(0, length));
  return length >= 0 && checksum(key, value) === bytes.readUInt32LE(length) ? value : undefined;
}

const keyBytes = Buffer.alloc(lmdbKeyBytesMax);

function checksum(key: string, value: Buffer): number {
  return crc32c(value, crc32c(keyBytes.subarray(0, keyBytes.write(key, 'latin1'))));
}

interface TreeStats {
  readonly treeBranchPageCount: number;
  readonly treeLeafPageCount: number;
  readonly overflowPages: number;
}

interface DbStats extends TreeStats {
  readonly lastPageNumber: number;
  readonly pageSize: number;
  readonly free: TreeStats;
}

const metaPages = 2;

function pagesOf({ treeBranchPageCount, treeLeafPageCount, overflowPages }: TreeStats): number {
  return treeBranchPageCount + treeLeafPageCount + overflowPages;
}
