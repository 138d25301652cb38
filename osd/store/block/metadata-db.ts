/**
 * The metadata database: LMDB behind a few calls on byte-string keys.
 *
 * Every value ends with the crc32c of what is before it and of its key. Writes are batches: each is one LMDB transaction on
 * LMDB's own thread, and its promise resolves when LMDB has synced it (no overlapping sync). Reads are of the
 * last committed state, from the memory map.
 * @module
 */
import fs from 'node:fs';
import { open, type RootDatabase } from 'lmdb';
import { FsError } from '../../../common/errors/fs-error.ts';
import { checkLmdbFile } from '../../../common/runtime/node/lmdb-file.ts';
import { crc32c } from './crc.ts';

/** Key with one byte per character; null removes. */
export interface DbChange {
  readonly key: string;
  readonly value: Buffer | null;
}

const trailerBytes = 4;

/** Key codec for lmdb: our keys are byte strings already. */
const keyEncoder = {
  writeKey(key: string, target: Buffer, start: number): number {
    return start + target.write(key, start, 'latin1');
  },
  readKey(target: Buffer, start: number, end: number): string {
    return target.toString('latin1', start, end);
  },
};

export class MetadataDb {
  readonly #database: RootDatabase<Buffer, string>;
  readonly #path: string;
  #closed = false;

  /** Opens or makes it. FsError EILSEQ when it is no database of ours. */
  constructor(path: string, options: { readonly mapBytes: number }) {
    this.#path = path;
    checkLmdbFile(path, rebuildAdvice);
    try {
      this.#database = open<Buffer, string>({
        path,
        noSubdir: true,
        encoding: 'binary',
        keyEncoder,
        noReadAhead: true,
        noMemInit: true,
        overlappingSync: false,
        mapSize: options.mapBytes,
        maxDbs: 1,
        maxReaders: 16,
      } as Parameters<typeof open>[0]);
    } catch (error) {
      throw new FsError('EILSEQ', `${path}: cannot be opened as a database (${(error as Error).message}); ${rebuildAdvice}`, {
        cause: error,
      });
    }
  }

  /** Reading a closed database upsets lmdb itself. */
  get #db(): RootDatabase<Buffer, string> {
    if (this.#closed) throw new FsError('ESHUTDOWN', `${this.#path}: is closed`, { retry: 'safe' });
    return this.#database;
  }

  /** The value as a copy. */
  get(key: string): Buffer | undefined {
    const value = this.view(key);
    return value && Buffer.from(value);
  }

  /** The value in memory that the next read overwrites. */
  view(key: string): Buffer | undefined {
    const db = this.#db as RootDatabase<Buffer, string> & { lastSize: number };
    try {
      const bytes = db.getBinaryFast(key);
      return bytes && this.#checked(key, bytes.subarray(0, db.lastSize));
    } catch (error) {
      throw this.#damaged(error);
    }
  }

  /** Entries with keys in [from, end) or, `exclusive`, (from, end), in order. Finish or `return` it. */
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

  /** Applies all changes in one transaction; resolves when it is durable. */
  async write(changes: readonly DbChange[]): Promise<void> {
    const db = this.#db;
    let last: Promise<boolean> | undefined;
    try {
      await db.batch(() => {
        for (const { key, value } of changes) last = value ? db.put(key, sealed(key, value)) : db.remove(key);
        // All of a batch share one promise, which fails with the batch's own.
        last?.catch(() => undefined);
      });
    } catch (error) {
      const reason = await reasonOf(error);
      const code = /no space left/i.test(reason) ? 'ENOSPC' : 'EIO';
      throw new FsError(code, `${this.#path}: commit failed: ${reason}`, { cause: error });
    }
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
    if (this.#closed) return Promise.resolve();
    this.#closed = true;
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

/** LMDB takes keys up to 1978 bytes. */
const keyBytes = Buffer.alloc(2048);

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

/** lmdb tells why a commit failed by another promise. */
async function reasonOf(error: unknown): Promise<string> {
  const { commitError } = error as { readonly commitError?: Promise<never> };
  const reason = await Promise.resolve(commitError).catch((cause: unknown) => cause);
  return ((reason ?? error) as Error).message;
}
