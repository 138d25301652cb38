/**
 * A look at an LMDB file before LMDB maps it. LMDB trusts its file: a page beyond the end, or a file of another
 * kind, ends the process with a signal instead of an error.
 *
 * Looked at are its two meta pages (0 and 1) and the list of free pages, a tree beside that of the records. Little-endian:
 *
 *   meta      24 u32 magic   48 u32 page size   48 tree of the list   96 tree of the records
 *             144 u64 last page in use   152 u64 transaction
 *   tree      6 u16 depth   24 u64 overflow pages   40 u64 root page, or all ones: it is empty
 *   page      0 u64 its number   18 u16 kind: 1 branch, 2 leaf, 4 overflow   20 u16 bytes of the table   24 table of u16: where
 *             its nodes are, from byte 24 on
 *   node      0 u32 length of the value   4 u16 flags: 1 value is on overflow pages   6 u16 length of the key   8 key, value
 *             in a branch, 0 u48 is the page below
 *   overflow  as a value: 0 u64 first page   16 u64 count of pages; the value begins at byte 24 of the first
 *   value     0 u64 count, then so many i64: a page, or minus a number and the first of so many pages, or 0 for none
 * @module
 */
import { closeSync, ftruncateSync, openSync, readSync, statSync } from 'node:fs';
import { FsError } from '../../errors/fs-error.ts';

const pageBytes = 4096;
const headerBytes = 24;
const magic = 0xbeefc0de;
const sizeMax = 2 ** 44;
const noPage = 2n ** 64n - 1n;
const kinds = { branch: 1, leaf: 2, overflow: 4 } as const;

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
    const head = readPages(file, 0, 2);
    const metas = [head.subarray(0, pageBytes), head.subarray(pageBytes)] as const;
    if (metas.some((meta) => meta.readUInt32LE(24) !== magic))
      throw new FsError('EILSEQ', `${path} is not a database, or damaged: ${advice}`);
    const newest = newestOf(metas);
    const needed = (Number(newest.readBigUInt64LE(144)) + 1) * newest.readUInt32LE(48);
    if (size < needed && needed < sizeMax) ftruncateSync(file, needed);
  } finally {
    closeSync(file);
  }
}

/**
 * What is wrong with the list of free pages of a file that {@link checkLmdbFile} lets pass; undefined: nothing. LMDB would end the process
 * over a list that is none, and write over records where the list has a page of theirs. They can be read whatever is wrong with it.
 */
export function freeListDamage(path: string): string | undefined {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return undefined;
  const file = openSync(path, 'r');
  try {
    const head = readPages(file, 0, 2);
    const meta = newestOf([head.subarray(0, pageBytes), head.subarray(pageBytes)]);
    // Pages of another size are those of another machine: LMDB says so.
    if (meta.readUInt32LE(48) !== pageBytes) return undefined;
    const pages = new Pages(file, Math.min(Number(meta.readBigUInt64LE(144)) + 1, Math.floor(size / pageBytes)));
    // What is wrong with the records' own tree, LMDB says.
    if (damageOf(() => pages.readRecords(treeOf(meta, 96))) !== undefined) return undefined;
    return damageOf(() => pages.readFreeList(treeOf(meta, 48)));
  } finally {
    closeSync(file);
  }
}

interface Tree {
  readonly depth: number;
  readonly hasOverflow: boolean;
  /** Undefined: there is nothing in it. */
  readonly root: number | undefined;
}

function treeOf(meta: Buffer, at: number): Tree {
  const root = meta.readBigUInt64LE(at + 40);
  return {
    depth: meta.readUInt16LE(at + 6),
    hasOverflow: meta.readBigUInt64LE(at + 24) > 0n,
    root: root === noPage ? undefined : Number(root),
  };
}

class DamageError extends Error {}

function damageOf(read: () => void): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    // A number that leads out of its page is a RangeError.
    if (error instanceof DamageError || error instanceof RangeError) return `its list of free pages is damaged: ${error.message}`;
    throw error;
  }
}

/** Gives each page of a file to the one that has it, once. Its methods throw DamageError or RangeError. */
class Pages {
  readonly #file: number;
  readonly #count: number;
  /** A bit for each page. */
  readonly #taken: Uint8Array;

  constructor(file: number, count: number) {
    this.#file = file;
    this.#count = count;
    this.#taken = new Uint8Array(Math.ceil(count / 8));
  }

  readRecords({ root, depth, hasOverflow }: Tree): void {
    if (root === undefined) return;
    // Leaves are only looked into where one may tell of further pages.
    const leaf = (node: Buffer): void => {
      if (isLarge(node)) this.#takeOverflow(node);
    };
    this.#readTree(root, depth, hasOverflow ? leaf : undefined);
  }

  readFreeList({ root, depth }: Tree): void {
    if (root === undefined) return;
    this.#readTree(root, depth, (node) => {
      const value = isLarge(node) ? this.#readOverflow(node) : valueOf(node).subarray(0, node.readUInt32LE(0));
      const count = Number(value.readBigUInt64LE(0));
      for (let i = 1; i <= count; i++) {
        const entry = Number(value.readBigInt64LE(i * 8));
        if (entry > 0) this.#take(entry, 1);
        else if (entry < 0) this.#take(Number(value.readBigInt64LE(++i * 8)), -entry);
      }
    });
  }

  #readTree(root: number, depth: number, leaf: ((node: Buffer) => void) | undefined): void {
    this.#take(root, 1);
    if (depth === 1 && leaf === undefined) return;
    const page = this.#read(root, 1, depth > 1 ? kinds.branch : kinds.leaf);
    const tableEnd = headerBytes + page.readUInt16LE(20);
    for (let at = headerBytes; at < tableEnd; at += 2) {
      const node = page.subarray(headerBytes + page.readUInt16LE(at));
      if (depth > 1) this.#readTree(node.readUIntLE(0, 6), depth - 1, leaf);
      else leaf?.(node);
    }
  }

  #takeOverflow(node: Buffer): { readonly first: number; readonly count: number } {
    const value = valueOf(node);
    const first = Number(value.readBigUInt64LE(0));
    const count = Math.ceil((headerBytes + node.readUInt32LE(0)) / pageBytes);
    if (Number(value.readBigUInt64LE(16)) !== count) throw new DamageError(`a value at page ${first} has a wrong number of pages`);
    this.#take(first, count);
    return { first, count };
  }

  #readOverflow(node: Buffer): Buffer {
    const { first, count } = this.#takeOverflow(node);
    return this.#read(first, count, kinds.overflow).subarray(headerBytes, headerBytes + node.readUInt32LE(0));
  }

  #read(first: number, count: number, kind: number): Buffer {
    const bytes = readPages(this.#file, first, count);
    if (Number(bytes.readBigUInt64LE(0)) !== first || bytes.readUInt16LE(18) !== kind) throw new DamageError(`page ${first} is none of it`);
    return bytes;
  }

  #take(first: number, count: number): void {
    if (first < 2 || first + count > this.#count) throw new DamageError(`${count} pages from ${first} on are none of the database`);
    for (let page = first; page < first + count; page++) {
      const index = page >> 3;
      const bit = 1 << (page & 7);
      const taken = this.#taken[index] as number;
      if ((taken & bit) !== 0) throw new DamageError(`page ${page} is in it, and in use or in it twice`);
      this.#taken[index] = taken | bit;
    }
  }
}

function isLarge(node: Buffer): boolean {
  return (node.readUInt16LE(4) & 1) !== 0;
}

function valueOf(node: Buffer): Buffer {
  return node.subarray(8 + node.readUInt16LE(6));
}

function newestOf([first, second]: readonly [Buffer, Buffer]): Buffer {
  return first.readBigUInt64LE(152) > second.readBigUInt64LE(152) ? first : second;
}

/** Zeros beyond the end of the file. */
function readPages(file: number, first: number, count: number): Buffer {
  const bytes = Buffer.alloc(count * pageBytes);
  readSync(file, bytes, 0, bytes.length, first * pageBytes);
  return bytes;
}
