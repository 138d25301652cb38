/**
 * What the data pools' objects say of files, one after the other: objects of a file come together, as their names begin with its number. Their bytes are not
 * read, but for what the first one says of which file it is.
 * @module
 */
import { toFsError } from '../../../../common/errors/fs-error.ts';
import type { PoolId } from '../../../../common/maps/ids.ts';
import type { Layout } from '../../../../common/wire/gen/messages.ts';
import type { NamesPage, ObjectOperation, OperationResult } from '../../../../osd/client/object-client.ts';
import { backtraceXattr, decodeBacktrace, type Backtrace } from '../../../client/backtrace.ts';
import { dataObject } from '../../../client/data-objects.ts';
import { spaceBlockBytes } from '../../../client/file-space.ts';
import { fileEnd } from '../../../core/layout.ts';
import { ignoringAbsence, type PatientObjects } from '../../../store/patient-objects.ts';
import { isDamage } from '../../damage-keeper.ts';

/** Names of one PG in a page. */
const namesPerPg = 256;
/** Of a file's objects, how many of the last are remembered: those of which one has its end. */
const lastMax = 1024;

/** The objects of one file. */
export interface FileObjects {
  readonly ino: number;
  readonly pool: PoolId;
  readonly first: number;
  /** The last of them, ascending. */
  readonly last: readonly number[];
  readonly count: number;
}

/** What they say. */
export interface StoredFile {
  readonly objects: FileObjects;
  readonly backtrace: Backtrace | undefined;
  /** When something was written last, as far as that was looked at. */
  readonly mtimeMs: number;
  /** Of the first object. */
  readonly firstBytes: number;
  /** Blocks of data, if it has one object and they could be counted. */
  readonly blocks: number | undefined;
}

/** Page by page; a file's objects are in one page. Also the numbers of pages that end within a file are right. */
export async function* fileObjects(objects: PatientObjects, pool: PoolId): AsyncGenerator<readonly FileObjects[]> {
  let open: { readonly ino: number; readonly first: number; last: number[]; count: number } | undefined;
  for (let after: string | undefined = ''; after !== undefined;) {
    const { names, through }: NamesPage = await objects.names(pool, '', after, namesPerPg);
    const ended: FileObjects[] = [];
    for (const name of names) {
      const match = /^([0-9a-f]{1,13})\.([0-9a-f]{8})$/.exec(name);
      if (match === null) continue;
      const ino = Number.parseInt(match[1] as string, 16);
      const index = Number.parseInt(match[2] as string, 16);
      if (open?.ino !== ino) {
        if (open !== undefined) ended.push({ ...open, pool });
        open = { ino, first: index, last: [], count: 0 };
      }
      open.count++;
      open.last.push(index);
      if (open.last.length >= 2 * lastMax) open.last = open.last.slice(-lastMax);
    }
    if (through === undefined && open !== undefined) ended.push({ ...open, pool });
    yield ended;
    after = through;
  }
}

/** Asks the first object, or what comes first. `onDamaged`: it says something that cannot be read. */
export async function storedFile(
  objects: PatientObjects,
  { ino, pool, first, last, count }: FileObjects,
  onDamaged: (what: string) => void,
): Promise<StoredFile> {
  const file = { ino, pool, first, last, count };
  const steps: ObjectOperation[] = [{ kind: 'stat' }, { kind: 'get-xattrs' }];
  if (count === 1) steps.push({ kind: 'extents', offset: 0, length: 0 });
  const nothing = { objects: file, backtrace: undefined, mtimeMs: 0, firstBytes: 0, blocks: undefined };
  let results: readonly OperationResult[] | undefined;
  try {
    results = (await ignoringAbsence(objects.operate(pool, dataObject(ino, first), steps)))?.results;
  } catch (error) {
    const failure = toFsError(error);
    if (!isDamage(failure)) throw failure;
    onDamaged(`${dataObject(ino, first)}: ${failure.message}`);
  }
  const [stat, xattrs, extents] = results ?? [];
  if (stat === undefined || xattrs === undefined) return nothing;
  const value = first > 0 ? undefined : xattrs.entries.find(({ key }) => Buffer.from(key).toString() === backtraceXattr)?.value;
  let backtrace: Backtrace | undefined;
  try {
    if (value !== undefined) backtrace = decodeBacktrace(value, `the backtrace of inode ${ino.toString(16)}`);
    if (backtrace !== undefined && backtrace.ino !== ino) {
      onDamaged(`${dataObject(ino, first)} says that it is of inode ${backtrace.ino.toString(16)}`);
      backtrace = undefined;
    }
  } catch (error) {
    onDamaged(`${dataObject(ino, first)}: ${toFsError(error).message}`);
  }
  let blocks: number | undefined;
  if (extents?.more === false) {
    blocks = 0;
    for (const { length } of extents.extents) blocks += Math.ceil(length / spaceBlockBytes);
  }
  return { objects: file, backtrace, mtimeMs: stat.mtimeMs, firstBytes: stat.size, blocks };
}

/** How long the file is, laid out as `layout` says: where the last byte is that any of its objects has. And when that was written. */
export async function fileSize(
  objects: PatientObjects,
  { objects: { ino, pool, first, last }, firstBytes, mtimeMs }: StoredFile,
  layout: Layout,
  onDamaged: (what: string) => void,
): Promise<{ readonly size: number; readonly mtimeMs: number }> {
  const stripeCount = Math.max(1, layout.stripeCount);
  const set = Math.floor((last.at(-1) ?? 0) / stripeCount);
  let size = 0;
  let latestMs = mtimeMs;
  for (const index of last) {
    if (Math.floor(index / stripeCount) !== set) continue;
    let bytes = firstBytes;
    if (index !== first) {
      const name = dataObject(ino, index);
      try {
        const stat = (await ignoringAbsence(objects.operate(pool, name, [{ kind: 'stat' }])))?.results[0];
        if (stat === undefined) continue;
        bytes = stat.size;
        latestMs = Math.max(latestMs, stat.mtimeMs);
      } catch (error) {
        const failure = toFsError(error);
        if (!isDamage(failure)) throw failure;
        onDamaged(`${name}: ${failure.message}`);
        bytes = layout.objectSize;
      }
    }
    if (bytes > 0) size = Math.max(size, fileEnd(layout, index, bytes));
  }
  return { size, mtimeMs: latestMs };
}
