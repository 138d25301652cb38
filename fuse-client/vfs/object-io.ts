import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { PoolId } from '../../common/maps/ids.ts';
import { backtraceXattr, dataObject, spaceBlockBytes, storedObjects, type StoredObjects } from '../../mds/client/index.ts';
import type { Extent, ObjectClient, ObjectOperation, ObjectReply, Version } from '../../osd/client/object-client.ts';
import type { FileData } from './file-data.ts';
import { behind, blocksIn, blocksOfAll, joined, overlap, wholeBlocks, type Range } from './range.ts';
import type { Segment } from './segment.ts';
import { extentsOf, type FileLayout, type ObjectExtent } from './striper.ts';

/** Steps put in one compound operation at most. */
const stepsMax = 128;
/** Pieces copied by one compound operation at most: each is a read of its own for the OSD. */
const copiesMax = 16;
/** Pieces of a run shorter than this on average are gathered: a frame costs more than the copy. */
const gatherBelowBytes = 16 << 10;

/** Names of one PG in a page, where all objects of a range are sought. */
const namesPerPg = 128;
/** Sets of objects being worked on at a time. */
const setsInFlight = 32;

/** Zeros to show where objects have nothing. Never written to. */
export const zeros = Buffer.alloc(1 << 20);

/** Bytes of a file at an offset. */
export interface Piece {
  readonly offset: number;
  readonly data: Uint8Array;
  /** Whether the memory is ours to write into. */
  readonly owned: boolean;
}

/** What a change of a file up to `end` has to wait for; see Reach. */
type ReachBefore = (file: FileData, end: number, changes?: boolean) => Promise<void> | undefined;

/** What its first object is to say of a file; undefined: nothing is known. */
type BacktraceOf = (file: FileData) => Uint8Array | undefined;

/** What one object has stored of a range of its file, and the object's version then; undefined: there was no object. */
interface Stored {
  readonly index: number;
  readonly version: Version | undefined;
  readonly ranges: readonly Range[];
}

/** Reads and writes of files as operations on their objects. */
export class ObjectIo {
  readonly #objects: () => ObjectClient;
  readonly #barrier: () => Promise<void> | undefined;
  readonly #reach: ReachBefore;
  readonly #backtrace: BacktraceOf;

  /**
   * `barrier`: a promise to wait for before the next operation, the same one until operations may go on at once. `reach`: likewise before
   * the next change of one file. `backtrace`: what a file's first object is to say of the file.
   */
  constructor(
    objects: () => ObjectClient,
    barrier: () => Promise<void> | undefined = () => undefined,
    reach: ReachBefore = () => undefined,
    backtrace: BacktraceOf = () => undefined,
  ) {
    this.#objects = objects;
    this.#barrier = barrier;
    this.#reach = reach;
    this.#backtrace = backtrace;
  }

  /** Operations on one object are sent in the order of the calls. */
  #operate(pool: PoolId, name: string, steps: readonly ObjectOperation[]): Promise<ObjectReply> {
    const barrier = this.#barrier();
    if (barrier !== undefined) return barrier.then(() => this.#objects().operate(pool, name, steps));
    return this.#objects().operate(pool, name, steps);
  }

  /** The bytes of [from, to): holes and what lies beyond the objects' ends as zeros. In order, without gaps. */
  async read(file: FileData, from: number, to: number): Promise<Piece[]> {
    const extents = extentsOf(file.layout, from, to - from);
    const parts = await Promise.all(
      extents.map(async (extent) => {
        const pieces: Piece[] = [];
        let position = extent.fileOffset;
        const reply = await this.#operate(file.layout.pool, dataObject(file.ino, extent.index), [
          { kind: 'read', offset: extent.objectOffset, length: extent.length },
        ]).catch(absent);
        for (const data of reply?.results[0]?.data ?? []) {
          if (data.length === 0) continue;
          pieces.push({ offset: position, data, owned: true });
          position += data.length;
        }
        pushZeros(pieces, position, extent.fileOffset + extent.length);
        return pieces;
      }),
    );
    return parts.flat();
  }

  /** Writes segments (in file order), atomically for each object. `onSent`: what is asked for from now on is asked after it. */
  async write(file: FileData, segments: readonly Segment[], onSent?: () => void): Promise<void> {
    const held = this.#reach(file, segments.at(-1)?.end ?? 0);
    if (held !== undefined) await held;
    const objects = new Map<number, { offset: number; end: number; data: Uint8Array[] }[]>();
    // Asked before, so that it comes before: what the OSDs have there is no news.
    const filled = file.space.uncounted ? uncounted(file, segments) : [];
    const looking = this.#look(file, filled);
    for (const segment of segments) {
      for (const extent of extentsOf(file.layout, segment.start, segment.length)) {
        let runs = objects.get(extent.index);
        if (runs === undefined) objects.set(extent.index, (runs = []));
        const view = segment.view(extent.fileOffset, extent.fileOffset + extent.length);
        const last = runs.at(-1);
        if (last?.end === extent.objectOffset) {
          last.data.push(view);
          last.end += view.length;
        } else {
          runs.push({ offset: extent.objectOffset, end: extent.objectOffset + view.length, data: [view] });
        }
      }
    }
    const sent: Promise<unknown>[] = [];
    /** Of each object, the version that its first write gave it. */
    const written = new Map<number, Version>();
    for (const [index, runs] of objects) {
      const name = dataObject(file.ino, index);
      for (let at = 0; at < runs.length; at += stepsMax) {
        const steps: ObjectOperation[] = runs
          .slice(at, at + stepsMax)
          .map((run) => ({ kind: 'write', offset: run.offset, data: gather(run.data) }));
        if (index === 0 && at === 0) this.#trace(file, (runs[0]?.offset ?? 0) < spaceBlockBytes, steps);
        const operation = this.#operate(file.layout.pool, name, steps);
        sent.push(at > 0 ? operation : operation.then(({ version }) => written.set(index, version)));
      }
    }
    onSent?.();
    await (filled.length === 0 ? all(sent) : counted(file, all(sent)));
    if (filled.length === 0) return;
    // A look that had to be sent again may have come after the write, and found what that has stored: it says nothing.
    const looks = await looking;
    const before = looks?.filter(({ index, version }) => isEarlier(version, written.get(index))) ?? [];
    if (before.length !== looks?.length) file.space.doubt();
    const stored = joined(before.flatMap(({ ranges }) => ranges.map(wholeBlocks)));
    file.space.found(blocksIn(filled) - blocksIn(overlap(filled, stored)), blocksIn(filled));
  }

  /**
   * What changes a file's first object says of which file that is, where it may not be there yet: nobody has written to it from here, or it `begins` anew, as
   * after the file was cut, from wherever that was: its first block comes. It costs no request of its own.
   */
  #trace(file: FileData, begins: boolean, steps: ObjectOperation[]): void {
    if (file.traced && !begins) return;
    const value = this.#backtrace(file);
    if (value !== undefined) steps.push({ kind: 'set-xattr', name: backtraceXattr, value });
    file.traced = true;
  }

  /** What the OSDs have stored where `ranges` are. Undefined when that cannot be said: the write that follows will tell what is wrong there. */
  async #look(file: FileData, ranges: readonly Range[]): Promise<readonly Stored[] | undefined> {
    const [first, last] = [ranges[0], ranges.at(-1)];
    if (first === undefined || last === undefined) return [];
    return await this.#stored(file, first.from, last.to).catch(() => undefined);
  }

  /** Makes [from, to) read as zeros, giving space back. */
  async zero(file: FileData, from: number, to: number): Promise<void> {
    const { layout } = file;
    // Any reach will do: that some of what is there becomes a hole is told later.
    const held = this.#reach(file, 1, true);
    if (held !== undefined) await held;
    // All three at once: operations on an object are done in the order of the calls.
    const zeroed = new Map<number, Version>();
    const before = this.#stored(file, from, to);
    const zeroing = all([...byObject(extentsOf(layout, from, to - from))].flatMap((parts) => this.#zeroObject(file, ...parts, zeroed)));
    const after = this.#stored(file, from, to);
    const [had, , has] = await counted(file, Promise.all([before, zeroing, after]));
    // As in `write`.
    const versionIn = (stored: readonly Stored[], index: number): Version | undefined =>
      stored.find((each) => each.index === index)?.version;
    for (const [index, version] of zeroed) {
      const [first, last] = [versionIn(had, index), versionIn(has, index)];
      if (first === undefined || !isEarlier(first, version) || (last !== undefined && isEarlier(last, version))) file.space.doubt();
    }
    file.space.found(blocksOfAll(rangesOf(has)) - blocksOfAll(rangesOf(had)));
  }

  #zeroObject({ ino, layout }: FileData, index: number, parts: readonly ObjectExtent[], zeroed: Map<number, Version>): Promise<unknown>[] {
    const bytes = parts.reduce((sum, { length }) => sum + length, 0);
    const steps: readonly ObjectOperation[] =
      bytes === layout.objectSize
        ? [{ kind: 'remove' }]
        : parts.map(({ objectOffset, length }) => ({ kind: 'zero', offset: objectOffset, length }));
    const sent: Promise<unknown>[] = [];
    for (let at = 0; at < steps.length; at += stepsMax) {
      const some: ObjectOperation[] = [{ kind: 'assert-exists' }, ...steps.slice(at, at + stepsMax)];
      const operation = this.#operate(layout.pool, dataObject(ino, index), some);
      sent.push(operation.then(({ version }) => zeroed.set(index, version)).catch(absent));
    }
    return sent;
  }

  /** Whether [from, to) lies over so many objects that it is less to ask which of them exist. */
  isWide({ layout }: FileData, from: number, to: number): boolean {
    return (setOf(layout, to - 1) + 1 - setOf(layout, from)) * layout.stripeCount > this.#objects().listingRequests(layout.pool);
  }

  /** The first place in [from, to) where an object is, `to` if there is none: before that all is hole. */
  async firstStored(file: FileData, from: number, to: number): Promise<number> {
    const { layout } = file;
    const { indexes } = await this.#storedObjects(file, setOf(layout, from) * layout.stripeCount, 1);
    const [first] = indexes;
    return first === undefined ? to : Math.min(to, Math.max(from, Math.floor(first / layout.stripeCount) * setBytesOf(layout)));
  }

  /**
   * As {@link zero}, where a range {@link isWide}: only objects that exist are asked. Those must be all: nothing that is written there from
   * here may be on its way.
   */
  async zeroWide(file: FileData, from: number, to: number): Promise<void> {
    await this.#eachStored(file, from, to, (begin, end) => this.zero(file, begin, end));
  }

  /** How many blocks of [0, size) are data. */
  async countBlocks(file: FileData, size: number): Promise<number> {
    if (!this.isWide(file, 0, size)) return blocksOfAll(await this.extents(file, 0, size));
    let blocks = 0;
    await this.#eachStored(file, 0, size, async (begin, end) => {
      const stored = blocksOfAll(await this.extents(file, begin, end));
      blocks += stored;
    });
    return blocks;
  }

  /** Calls `act` for the part of [from, to) in each set of objects of which one exists. */
  async #eachStored(file: FileData, from: number, to: number, act: (begin: number, end: number) => Promise<void>): Promise<void> {
    const { layout } = file;
    const setBytes = setBytesOf(layout);
    const end = setOf(layout, to - 1) + 1;
    for (let next: number | undefined = setOf(layout, from) * layout.stripeCount; next !== undefined && next < end * layout.stripeCount;) {
      const stored: StoredObjects = await this.#storedObjects(file, next, namesPerPg);
      const sets = new Set(stored.indexes.map((index) => Math.floor(index / layout.stripeCount)));
      const pending = [...sets].filter((set) => set < end).values();
      const worker = async (): Promise<void> => {
        for (const set of pending) await act(Math.max(from, set * setBytes), Math.min(to, (set + 1) * setBytes));
      };
      await all(Array.from({ length: Math.min(setsInFlight, sets.size) }, worker));
      // Of a set that is told in two pages the first has taken all.
      next = stored.next === undefined ? undefined : Math.ceil(stored.next / layout.stripeCount) * layout.stripeCount;
    }
  }

  async #storedObjects({ ino, layout }: FileData, first: number, perPg: number): Promise<StoredObjects> {
    await this.#barrier();
    return await storedObjects(this.#objects(), layout.pool, ino, first, perPg);
  }

  /** Has the OSDs copy `length` bytes from one file to another, piece by piece. They are in order with nothing that is under way. */
  async copy(source: FileData, from: number, target: FileData, to: number, length: number): Promise<void> {
    const held = this.#reach(target, to + length, true);
    if (held !== undefined) await held;
    const { changes } = target.space;
    const had = to < target.space.dataEnd ? await this.extents(target, to, to + length) : [];
    const objects = new Map<number, ObjectOperation[]>();
    for (const piece of extentsOf(target.layout, to, length)) {
      const steps = objects.get(piece.index) ?? [];
      objects.set(piece.index, steps);
      for (const part of extentsOf(source.layout, from + piece.fileOffset - to, piece.length)) {
        const shift = part.fileOffset - from - (piece.fileOffset - to);
        const object = { pool: source.layout.pool, object: dataObject(source.ino, part.index), offset: part.objectOffset };
        steps.push({ kind: 'copy-range', offset: piece.objectOffset + shift, length: part.length, source: object });
      }
    }
    const { pool } = target.layout;
    const sent: Promise<unknown>[] = [];
    for (const [index, steps] of objects) {
      const name = dataObject(target.ino, index);
      if (index === 0) this.#trace(target, true, steps);
      for (let at = 0; at < steps.length; at += copiesMax) sent.push(this.#operate(pool, name, steps.slice(at, at + copiesMax)));
    }
    const has = await counted(
      target,
      all(sent).then(() => this.extents(target, to, to + length)),
    );
    // Something else was written meanwhile, perhaps there.
    if (target.space.changes !== changes) target.space.doubt();
    target.space.copied(to, to + length, blocksOfAll(had), blocksOfAll(has));
  }

  /** Where [from, to) has data on the OSDs, ascending; what is between reads as zeros. */
  async extents(file: FileData, from: number, to: number): Promise<Range[]> {
    return rangesOf(await this.#stored(file, from, to));
  }

  async #stored(file: FileData, from: number, to: number): Promise<Stored[]> {
    const objects = byObject(extentsOf(file.layout, from, to - from));
    return await Promise.all(
      [...objects].map(async ([index, parts]) => {
        const first = Math.min(...parts.map(({ objectOffset }) => objectOffset));
        const end = Math.max(...parts.map(({ objectOffset, length }) => objectOffset + length));
        const { version, extents } = await this.#objectExtents(file.layout.pool, dataObject(file.ino, index), first, end);
        return { index, version, ranges: parts.flatMap((part) => inFile(part, extents)) };
      }),
    );
  }

  /** With the version that the object had when all of it was told. */
  async #objectExtents(pool: PoolId, name: string, from: number, to: number): Promise<{ version: Version | undefined; extents: Extent[] }> {
    const extents: Extent[] = [];
    let version: Version | undefined;
    for (let position = from; position < to;) {
      const reply = await this.#operate(pool, name, [{ kind: 'extents', offset: position, length: to - position }]).catch(absent);
      const result = reply?.results[0];
      if (result === undefined) break;
      version = reply?.version;
      extents.push(...result.extents);
      const last = extents.at(-1);
      if (!result.more || last === undefined) break;
      position = last.offset + last.length;
    }
    return { version, extents };
  }

  /** Stored bytes of one object: 0 when it does not exist. */
  async objectSize(pool: PoolId, name: string): Promise<number> {
    const reply = await this.#operate(pool, name, [{ kind: 'stat' }]).catch(absent);
    return reply?.results[0]?.size ?? 0;
  }
}

/** The pieces' bytes of [range.from, range.to), zeros where there are none. */
export function pieceViews(pieces: readonly Piece[], range: Range): Uint8Array[] {
  const out: Uint8Array[] = [];
  for (const { offset, data } of pieces) {
    const from = Math.max(range.from, offset);
    const to = Math.min(range.to, offset + data.length);
    if (to > from) out.push(data.subarray(from - offset, to - offset));
  }
  return out;
}

function byObject(extents: readonly ObjectExtent[]): Map<number, ObjectExtent[]> {
  const objects = new Map<number, ObjectExtent[]>();
  for (const extent of extents) {
    const parts = objects.get(extent.index);
    if (parts === undefined) objects.set(extent.index, [extent]);
    else parts.push(extent);
  }
  return objects;
}

/** Bytes of the file in one set of objects. */
function setBytesOf({ objectSize, stripeCount }: FileLayout): number {
  return objectSize * stripeCount;
}

/** The set of objects that `position` is in. */
function setOf(layout: FileLayout, position: number): number {
  return Math.floor(position / setBytesOf(layout));
}

/** What is stored, in the whole file. */
function rangesOf(stored: readonly Stored[]): Range[] {
  return joined(stored.flatMap(({ ranges }) => ranges));
}

/** The blocks that writing `segments` fills, as far as they are not counted already. */
function uncounted({ space }: FileData, segments: readonly Segment[]): Range[] {
  const written = segments.map(({ start, end }) => ({ from: start, to: end }));
  return joined(behind(space.head * spaceBlockBytes, written).map(wholeBlocks));
}

/** Whether `look` is from before `write`. */
function isEarlier(look: Version | undefined, write: Version | undefined): boolean {
  if (look === undefined || write === undefined) return true;
  return look.interval < write.interval || (look.interval === write.interval && look.counter < write.counter);
}

/** The parts of an object's `extents` that `part` shows, as ranges of the file. */
function inFile({ objectOffset, fileOffset, length }: ObjectExtent, extents: readonly Extent[]): Range[] {
  const ranges: Range[] = [];
  for (const extent of extents) {
    const from = Math.max(objectOffset, extent.offset);
    const to = Math.min(objectOffset + length, extent.offset + extent.length);
    if (from < to) ranges.push({ from: fileOffset + from - objectOffset, to: fileOffset + to - objectOffset });
  }
  return ranges;
}

/** A change by which something becomes data or a hole: when it fails, some of it may have been done. */
async function counted<T>({ space }: FileData, change: Promise<T>): Promise<T> {
  try {
    return await change;
  } catch (error) {
    space.doubt();
    throw error;
  }
}

/** Waits for all, even when one fails: bytes must stay as they are until the last reply. */
async function all(sent: readonly Promise<unknown>[]): Promise<void> {
  if (sent.length === 1) {
    await sent[0];
    return;
  }
  for (const result of await Promise.allSettled(sent)) if (result.status === 'rejected') throw toFsError(result.reason);
}

function gather(pieces: readonly Uint8Array[]): readonly Uint8Array[] {
  if (pieces.length < 4) return pieces;
  let bytes = 0;
  for (const piece of pieces) bytes += piece.length;
  return bytes / pieces.length < gatherBelowBytes ? [Buffer.concat(pieces, bytes)] : pieces;
}

function pushZeros(pieces: Piece[], from: number, to: number): void {
  for (let position = from; position < to; position += zeros.length) {
    pieces.push({ offset: position, data: zeros.subarray(0, Math.min(zeros.length, to - position)), owned: false });
  }
}

/** An object that does not exist reads as a hole. */
function absent(error: unknown): undefined {
  if (error instanceof FsError && error.code === 'ENOENT') return undefined;
  throw error;
}
