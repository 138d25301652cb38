/**
 * Damages the list of free pages of an LMDB file that nobody has open.
 * @module
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

const pageBytes = 4096;
/** In a meta page: root page of the list of free pages, transaction. */
const freeRootAt = 88;
const transactionAt = 152;

/** Empties the root page of the list, so that LMDB refuses every commit. All records stay readable. */
export function loseFreeList(path: string): void {
  const file = openSync(path, 'r+');
  try {
    const metas = [0, 1].map((page) => readPage(file, page)) as [Buffer, Buffer];
    const [first, second] = metas;
    const newest = first.readBigUInt64LE(transactionAt) > second.readBigUInt64LE(transactionAt) ? first : second;
    const root = Number(newest.readBigUInt64LE(freeRootAt));
    writeSync(file, Buffer.alloc(pageBytes), 0, pageBytes, root * pageBytes);
  } finally {
    closeSync(file);
  }
}

function readPage(file: number, page: number): Buffer {
  const bytes = Buffer.alloc(pageBytes);
  readSync(file, bytes, 0, pageBytes, page * pageBytes);
  return bytes;
}
