/**
 * Damages the list of free pages of an LMDB file. LMDB knows of it by the next transaction, if it has the file open.
 * @module
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

const pageBytes = 4096;
const headerBytes = 24;
/** In a meta page: root page of the list of free pages, root page of the records, transaction. */
const freeRootAt = 88;
const recordsRootAt = 136;
const transactionAt = 152;

export interface ListPage {
  /** The list's root page, to be changed. */
  readonly page: Buffer;
  readonly number: number;
  /** Root page of the records. */
  readonly records: number;
}

/** Changes the root page of the list. All records stay readable. */
export function changeFreeList(path: string, change: (list: ListPage) => void): void {
  const file = openSync(path, 'r+');
  try {
    const [first, second] = [readPage(file, 0), readPage(file, 1)];
    const newest = first.readBigUInt64LE(transactionAt) > second.readBigUInt64LE(transactionAt) ? first : second;
    const number = Number(newest.readBigUInt64LE(freeRootAt));
    const page = readPage(file, number);
    change({ page, number, records: Number(newest.readBigUInt64LE(recordsRootAt)) });
    writeSync(file, page, 0, pageBytes, number * pageBytes);
  } finally {
    closeSync(file);
  }
}

/** So that LMDB refuses every commit. */
export function loseFreeList(path: string): void {
  changeFreeList(path, ({ page }) => page.fill(0));
}

/** Where the first page of the first entry of a list is in its only page, whose value is not on pages of its own. */
export function firstFreePageAt(page: Buffer): number {
  const node = headerBytes + page.readUInt16LE(headerBytes);
  const value = node + 8 + page.readUInt16LE(node + 6);
  const count = Number(page.readBigUInt64LE(value));
  for (let at = value + 8; at <= value + count * 8; at += 8) if (page.readBigInt64LE(at) > 0n) return at;
  throw new Error('the first entry of the list has no page');
}

function readPage(file: number, page: number): Buffer {
  const bytes = Buffer.alloc(pageBytes);
  readSync(file, bytes, 0, pageBytes, page * pageBytes);
  return bytes;
}
