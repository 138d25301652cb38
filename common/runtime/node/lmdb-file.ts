/**
 * A look at an LMDB file before LMDB maps it. LMDB trusts its file: a page beyond the end, or a file of another
 * kind, ends the process with a signal instead of an error.
 *
 * Looked at are its two meta pages (0 and 1), little-endian:
 *   24 u32 magic   48 u32 page size   144 u64 last page in use   152 u64 transaction
 * @module
 */
import { closeSync, ftruncateSync, openSync, readSync, statSync } from 'node:fs';
import { FsError } from '../../errors/fs-error.ts';

const pageBytes = 4096;
const magic = 0xbeefc0de;
const sizeMax = 2 ** 44;

/**
 * Throws EILSEQ, with the advice, when the file is no LMDB database. One that is shorter than it says (its last pages may be free,
 * or lost) is made as long as it should be: a page that was lost then reads as none, which LMDB reports.
 * A file that is missing or empty is fine: LMDB begins a new one.
 */
export function checkLmdbFile(path: string, advice: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return;
  const file = openSync(path, 'r+');
  try {
    const head = Buffer.alloc(2 * pageBytes);
    readSync(file, head, 0, head.length, 0);
    const metas = [head.subarray(0, pageBytes), head.subarray(pageBytes)] as const;
    if (metas.some((meta) => meta.readUInt32LE(24) !== magic))
      throw new FsError('EILSEQ', `${path} is not a database, or damaged: ${advice}`);
    const [first, second] = metas;
    const newest = first.readBigUInt64LE(152) > second.readBigUInt64LE(152) ? first : second;
    const needed = (Number(newest.readBigUInt64LE(144)) + 1) * newest.readUInt32LE(48);
    if (size < needed && needed < sizeMax) ftruncateSync(file, needed);
  } finally {
    closeSync(file);
  }
}
