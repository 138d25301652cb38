/**
 * An LMDB database that gets over a commit that fails.
 *
 * LMDB's list of free pages is the part of it that has been seen to go wrong: it then refuses to commit, now or for ever,
 * though every record is readable. So a commit that fails for another reason than the device's is no end: the records
 * are copied into a new file beside the old one, which takes its name, and the changes that failed are committed there.
 * What waits behind them goes on waiting; reads go on from the old file. Dying at any moment of it leaves one whole
 * database under the name: the old one, or the new one with the same records. A second failure stands, and all writes
 * after it fail with it. The same is done before the first commit when the list is seen to be damaged as the file is opened.
 *
 * Writes go to LMDB one transaction at a time, so nothing is ever on its way behind the one that failed. Their changes are
 * absolute: it does no harm to commit them again.
 * @module
 */
import { constants, rmSync } from 'node:fs';
import { open as openFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { open as openLmdb, type RootDatabase } from 'lmdb';
import { assert } from '../../errors/assert.ts';
import { type ErrorCode, FsError, toFsError } from '../../errors/fs-error.ts';
import type { Log } from '../log.ts';
import { checkLmdbFile, freeListDamage } from './lmdb-file.ts';

/** Key with one byte per character; null removes. */
export interface LmdbChange {
  readonly key: string;
  readonly value: Buffer | null;
}

export type LmdbFile = RootDatabase<Buffer, string>;

export interface LmdbOptions {
  readonly path: string;
  /** Of address space, to begin with. */
  readonly mapBytes: number;
  readonly log: Log;
  /** What a person does when the file is none of LMDB's. */
  readonly advice: string;
  /** How a file is opened; tests put faults between LMDB and us here. */
  readonly open?: (path: string, mapBytes: number) => LmdbFile;
}

/** What LMDB takes. */
export const lmdbKeyBytesMax = 1978;

/** What one transaction copies. */
const sliceEntries = 512;
const sliceBytes = 1 << 20;

/** Key codec for lmdb: our keys are byte strings already. */
const keyEncoder = {
  writeKey(key: string, target: Buffer, start: number): number {
    return start + target.write(key, start, 'latin1');
  },
  readKey(target: Buffer, start: number, end: number): string {
    return target.toString('latin1', start, end);
  },
};

export class LmdbDatabase {
  readonly #options: LmdbOptions;
  readonly #copyPath: string;
  #file: LmdbFile;
  /** Settles when the last write that was asked for has. */
  #last: Promise<void> = Promise.resolve();
  #failure: FsError | undefined;
  #closing: Promise<void> | undefined;

  /** Opens or makes it. FsError EILSEQ when it is no database; what LMDB itself throws is thrown as it is. */
  constructor(options: LmdbOptions) {
    const { path, advice } = options;
    this.#options = options;
    this.#copyPath = `${path}.new`;
    // A copy that was not finished by the process before this one.
    for (const name of [this.#copyPath, lockOf(this.#copyPath)]) rmSync(name, { force: true });
    checkLmdbFile(path, advice);
    const damage = freeListDamage(path);
    this.#file = this.#open(path);
    if (damage !== undefined) {
      // Before LMDB looks for a free page. What fails here fails the writes that wait.
      const failure = new FsError('EILSEQ', `${path}: ${damage}`);
      this.#last = this.#goOnInCopy(failure, []).catch(() => undefined);
    }
  }

  /** To read from. Another one takes its place: neither it nor an iterator of it is kept over an await. */
  get file(): LmdbFile {
    // Reading a closed database upsets lmdb itself.
    if (this.#closing) throw this.#closed();
    return this.#file;
  }

  /**
   * Applies all changes in one transaction, after those asked for before; resolves when it is durable. FsError ENOSPC or EIO
   * when it is not.
   */
  write(changes: readonly LmdbChange[]): Promise<void> {
    if (this.#closing) return Promise.reject(this.#closed());
    // A key that LMDB refuses would leave it with half of the batch.
    for (const { key } of changes) assert(key.length > 0 && key.length <= lmdbKeyBytesMax, `a key of ${key.length} bytes`);
    const written = this.#last.then(() => this.#commit(changes));
    this.#last = written.catch(() => undefined);
    return written;
  }

  /** After what was asked for before. */
  close(): Promise<void> {
    this.#closing ??= this.#last.then(() => this.#file.close());
    return this.#closing;
  }

  async #commit(changes: readonly LmdbChange[]): Promise<void> {
    if (this.#failure) throw this.#failure;
    try {
      await commitTo(this.#file, changes);
    } catch (error) {
      const failure = this.#commitFailed(error);
      // Room may be made.
      if (failure.code === 'ENOSPC') throw failure;
      if (!isDeviceError(error)) return this.#goOnInCopy(failure, changes);
      this.#failure = failure;
      throw failure;
    }
  }

  async #goOnInCopy(failure: FsError, changes: readonly LmdbChange[]): Promise<void> {
    const { log, path } = this.#options;
    log.warn({ err: failure, path }, 'the database takes no commits; its records are copied into a new file');
    let records: number;
    try {
      records = await this.#replaceFile();
      if (changes.length > 0) await commitTo(this.#file, changes);
    } catch (error) {
      const { code, message } = error instanceof FsError ? error : this.#commitFailed(error);
      this.#failure = new FsError(code, `${failure.message}; going on in a new file failed too: ${message}`, { cause: failure });
      throw this.#failure;
    }
    log.warn({ path, records }, 'the database goes on in a new file with the same records');
  }

  /** Puts a new file with the same records in the place of the file. Returns how many they are. */
  async #replaceFile(): Promise<number> {
    const { path } = this.#options;
    const copy = this.#open(this.#copyPath);
    let records: number;
    try {
      records = await copyRecords(this.#file, copy, path);
      await sync(this.#copyPath, constants.O_RDWR);
      await rename(this.#copyPath, path);
      await sync(dirname(path), constants.O_RDONLY);
      // The next copy makes its own.
      await rm(lockOf(this.#copyPath));
    } catch (error) {
      await copy.close();
      for (const name of [this.#copyPath, lockOf(this.#copyPath)]) await rm(name, { force: true });
      throw error instanceof FsError || !isSystemError(error) ? error : toFsError(error);
    }
    const old = this.#file;
    this.#file = copy;
    await old.close();
    return records;
  }

  #open(path: string): LmdbFile {
    return (this.#options.open ?? openLmdbFile)(path, this.#options.mapBytes);
  }

  #closed(): FsError {
    return new FsError('ESHUTDOWN', `${this.#options.path}: is closed`, { retry: 'safe' });
  }

  #commitFailed(error: unknown): FsError {
    return new FsError(codeOf(error), `${this.#options.path}: commit failed: ${(error as Error).message}`, { cause: error });
  }
}

/** Opens a file as ours are. */
export function openLmdbFile(path: string, mapBytes: number): LmdbFile {
  return openLmdb<Buffer, string>({
    path,
    noSubdir: true,
    encoding: 'binary',
    keyEncoder,
    noReadAhead: true,
    noMemInit: true,
    // The promise of a commit must mean that it is on the disk.
    overlappingSync: false,
    // With it, a commit that fails rejects a promise that nobody has.
    eventTurnBatching: false,
    // Free pages are looked up in the file by each transaction. Kept in memory between them, their list comes to no entries now and then,
    // which is then saved as one that LMDB cannot find: once in a thousand transactions, and refused where the stack has a zero.
    maxFreeSpaceToRetain: 0,
    mapSize: mapBytes,
    maxDbs: 1,
    maxReaders: 16,
  } as Parameters<typeof openLmdb>[0]);
}

function lockOf(path: string): string {
  return `${path}-lock`;
}

/** Throws LMDB's own error, which it tells by another promise. */
async function commitTo(file: LmdbFile, changes: readonly LmdbChange[]): Promise<void> {
  let last: Promise<boolean> | undefined;
  try {
    await file.batch(() => {
      for (const { key, value } of changes) last = value ? file.put(key, value) : file.remove(key);
      // All of a batch share one promise, which fails with the batch's own.
      last?.catch(() => undefined);
    });
  } catch (error) {
    const { commitError } = error as { readonly commitError?: Promise<never> };
    throw (await Promise.resolve(commitError).catch((reason: unknown) => reason)) ?? error;
  }
}

/**
 * Copies all records as they are, damaged ones too: their checksums go with them. Nothing may be written to `from` meanwhile.
 * FsError EILSEQ when they are not all there: then some of LMDB's pages are lost, and the copy would hide it.
 */
async function copyRecords(from: LmdbFile, to: LmdbFile, path: string): Promise<number> {
  const { entryCount } = from.getStats() as { readonly entryCount: number };
  let records = 0;
  let last = '';
  for (;;) {
    const slice = nextRecords(from, last);
    for (const { key } of slice) {
      if (key <= last) throw new FsError('EILSEQ', `${path}: its records are not in order`);
      last = key;
    }
    if (slice.length === 0) break;
    await commitTo(to, slice);
    records += slice.length;
  }
  if (records !== entryCount) throw new FsError('EILSEQ', `${path}: ${records} of its ${entryCount} records can be read`);
  return records;
}

/** The records behind `after`, as many as one transaction copies. */
function nextRecords(from: LmdbFile, after: string): LmdbChange[] {
  const slice: LmdbChange[] = [];
  let bytes = 0;
  for (const { key, value } of from.getRange({ start: after, exclusiveStart: after !== '' })) {
    slice.push({ key, value });
    bytes += value.length;
    if (slice.length === sliceEntries || bytes >= sliceBytes) break;
  }
  return slice;
}

async function sync(path: string, flags: number): Promise<void> {
  const file = await openFile(path, flags);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** LMDB gives the system's error numbers as they are; its own are below zero. */
function numberOf(error: unknown): number | undefined {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'number' ? code : undefined;
}

const deviceErrors: ReadonlyMap<number, ErrorCode> = new Map([
  [5, 'EIO'],
  [28, 'ENOSPC'],
  [30, 'EROFS'],
  [122, 'EDQUOT'],
]);

function isDeviceError(error: unknown): boolean {
  return deviceErrors.has(numberOf(error) ?? 0);
}

function codeOf(error: unknown): ErrorCode {
  const code = deviceErrors.get(numberOf(error) ?? 0);
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'ENOSPC' : 'EIO';
}

function isSystemError(error: unknown): boolean {
  return typeof (error as { readonly code?: unknown }).code === 'string';
}
