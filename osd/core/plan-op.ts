/**
 * A compound operation, evaluated: guards checked, attributes and omap read, and everything that changes
 * turned into deterministic changes (append becomes a write at an offset) that every replica applies alike.
 * Synchronous, so that what the guards saw still holds when the changes are handed to the store.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { ObjectOpKind, type Init, type KeyValue, type ObjectOp, type OpResult } from '../../common/wire/gen/messages.ts';
import { objectLimits } from '../client/limits.ts';
import type { OmapEntry } from '../client/object-client.ts';
import { ObjectDraft, type StoredObject } from './object-view.ts';
import { omapBatches, omapPages } from './omap-pages.ts';
import { zeroVersion } from './version.ts';

/** A change, as RepOp carries it. Only the fields of its kind are set. */
export type ObjectChange = Init<ObjectOp> & { readonly kind: ObjectOpKind };

/** Data still to be read: a READ's range as it was at planning time, cut at the object's size. */
export interface PlannedRead {
  /** Of the operation in the list. */
  readonly index: number;
  readonly offset: number;
  readonly length: number;
  /** So many of the plan's changes came before it in the list and show in what it reads. */
  readonly changesBefore: number;
  /** The stored data show below those changes. */
  readonly showsStored: boolean;
}

export interface OpPlan {
  /** One per operation; of a READ to be completed with its data. */
  readonly results: Init<OpResult>[];
  readonly reads: readonly PlannedRead[];
  /** Empty: nothing changes. */
  readonly changes: readonly ObjectChange[];
  /** Data of the changes, in order. */
  readonly payload: readonly Uint8Array[];
  readonly draft: ObjectDraft;
  /** It tells of other objects of the PG. */
  readonly ofPg: boolean;
}

/** A piece of what a COPY_RANGE copies. */
export interface CopiedPiece {
  /** In the object copied to. */
  readonly offset: number;
  readonly length: number;
  /** Undefined: a hole. */
  readonly data: readonly Uint8Array[] | undefined;
}

const noResult: Init<OpResult> = {};
const none: readonly never[] = [];

/** Whether any of `ops` may change something. */
export function changesSomething(ops: readonly ObjectOp[]): boolean {
  for (const op of ops) {
    switch (op.kind) {
      case ObjectOpKind.WRITE:
      case ObjectOpKind.WRITE_FULL:
      case ObjectOpKind.APPEND:
      case ObjectOpKind.ZERO:
      case ObjectOpKind.COPY_RANGE:
      case ObjectOpKind.TRUNCATE:
      case ObjectOpKind.CREATE:
      case ObjectOpKind.REMOVE:
      case ObjectOpKind.SET_XATTR:
      case ObjectOpKind.REMOVE_XATTR:
      case ObjectOpKind.OMAP_SET:
      case ObjectOpKind.OMAP_REMOVE:
      case ObjectOpKind.OMAP_CLEAR:
        return true;
      default:
    }
  }
  return false;
}

/** Whether it removes the object before it does anything that depends on what the object is. */
export function removesFirst(ops: readonly ObjectOp[]): boolean {
  return ops.find(({ kind }) => kind !== ObjectOpKind.ASSERT_EXISTS)?.kind === ObjectOpKind.REMOVE;
}

/** Whether it adds nothing to the store: such requests are served when the disk is full. */
export function onlyShrinks(ops: readonly ObjectOp[]): boolean {
  for (const op of ops) {
    switch (op.kind) {
      case ObjectOpKind.WRITE:
      case ObjectOpKind.WRITE_FULL:
      case ObjectOpKind.APPEND:
      case ObjectOpKind.COPY_RANGE:
      case ObjectOpKind.CREATE:
      case ObjectOpKind.SET_XATTR:
      case ObjectOpKind.OMAP_SET:
        return false;
      default:
    }
  }
  return true;
}

/**
 * Plans `ops`, whose data are `payload`. Throws what the first failing operation calls for (ENOENT, EEXIST,
 * ENODATA, ECANCELED, ERANGE) or a broken limit (EFBIG, E2BIG, EINVAL); nothing has changed then. `copied`: what each COPY_RANGE
 * copies, at its place.
 */
export function planOp(
  ops: readonly ObjectOp[],
  payload: readonly Uint8Array[],
  stored: StoredObject,
  copied?: readonly (readonly CopiedPiece[] | undefined)[],
): OpPlan {
  const planner = new Planner(payload, stored, copied);
  for (let index = 0; index < ops.length; index++) planner.step(ops[index] as ObjectOp, index);
  return planner.plan();
}

class Planner {
  readonly #payload: readonly Uint8Array[];
  readonly #copied: readonly (readonly CopiedPiece[] | undefined)[] | undefined;
  /** With copies: the data of the changes so far, the request's own and what is copied. */
  readonly #taken: Uint8Array[] | undefined;
  readonly #draft: ObjectDraft;
  readonly #results: Init<OpResult>[] = [];
  #reads: PlannedRead[] | undefined;
  readonly #changes: ObjectChange[] = [];
  #frame = 0;
  #recordBytes = 0;
  #readBytes = 0;
  /** Tells what is stored, which would have to be kept with the log entry. */
  #tellsStored = false;
  #tellsNames = false;

  constructor(payload: readonly Uint8Array[], stored: StoredObject, copied: readonly (readonly CopiedPiece[] | undefined)[] | undefined) {
    this.#payload = payload;
    this.#copied = copied;
    this.#taken = copied === undefined ? undefined : [];
    this.#draft = new ObjectDraft(stored);
  }

  plan(): OpPlan {
    if (this.#tellsStored && this.#changes.length > 0) throw new FsError('EINVAL', 'extents and names are not told together with changes');
    // Every frame belongs to one change, in order: checkOp has seen to it.
    const payload = this.#taken ?? this.#payload;
    return {
      results: this.#results,
      reads: this.#reads ?? none,
      changes: this.#changes,
      payload,
      draft: this.#draft,
      ofPg: this.#tellsNames,
    };
  }

  step(op: ObjectOp, index: number): void {
    const draft = this.#draft;
    switch (op.kind) {
      case ObjectOpKind.READ:
        this.#results.push(this.#read(op, index));
        return;
      case ObjectOpKind.STAT:
        this.#mustExist('stat');
        this.#results.push({ size: draft.size, version: draft.version, mtimeMs: draft.mtimeMs });
        return;
      case ObjectOpKind.EXTENTS:
        this.#results.push(this.#extents(op));
        return;
      case ObjectOpKind.NAMES:
        this.#results.push(this.#names(op));
        return;
      case ObjectOpKind.WRITE:
        this.#write(op, op.offset);
        break;
      case ObjectOpKind.WRITE_FULL:
        this.#writeFull(op);
        break;
      case ObjectOpKind.APPEND: {
        const offset = draft.size;
        this.#write(op, offset);
        this.#results.push({ offset });
        return;
      }
      case ObjectOpKind.ZERO:
        this.#zeroRange(op.offset, op.length);
        break;
      case ObjectOpKind.TRUNCATE:
        if (op.offset > objectLimits.objectBytes) throw tooLarge(op.offset);
        this.#change({ kind: op.kind, offset: op.offset });
        draft.exists = true;
        draft.size = op.offset;
        break;
      case ObjectOpKind.CREATE:
        if (draft.exists && op.exclusive) throw new FsError('EEXIST', 'the object exists');
        if (!draft.exists) this.#touch();
        break;
      case ObjectOpKind.REMOVE:
        this.#mustExist('remove');
        this.#change({ kind: op.kind });
        draft.remove();
        break;
      case ObjectOpKind.GET_XATTR:
        this.#results.push({ value: this.#getXattr(op.name) });
        return;
      case ObjectOpKind.GET_XATTRS:
        this.#mustExist('get-xattrs');
        this.#results.push({
          entries: this.#counted([...draft.xattrs()].map(([name, value]) => ({ key: Buffer.from(name, 'utf8'), value }))),
        });
        return;
      case ObjectOpKind.SET_XATTR:
        this.#change({ kind: op.kind, name: op.name, value: op.value });
        draft.exists = true;
        draft.setXattr(op.name, op.value);
        this.#checkXattrs();
        break;
      case ObjectOpKind.REMOVE_XATTR:
        this.#getXattr(op.name);
        this.#change({ kind: op.kind, name: op.name });
        draft.setXattr(op.name, undefined);
        break;
      case ObjectOpKind.COMPARE_XATTR: {
        const value = draft.exists ? draft.xattr(op.name) : undefined;
        if (value === undefined || !sameBytes(value, op.value)) throw new FsError('ECANCELED', `xattr ${op.name} is not what was expected`);
        break;
      }
      case ObjectOpKind.OMAP_GET:
        this.#mustExist('omap-get');
        this.#results.push({ entries: this.#omapGet(op.keys) });
        return;
      case ObjectOpKind.OMAP_GET_RANGE:
        this.#mustExist('omap-get-range');
        this.#results.push(this.#omapRange(op));
        return;
      case ObjectOpKind.OMAP_SET:
        this.#change({ kind: op.kind, entries: op.entries });
        draft.exists = true;
        draft.omapChange(op.entries, none);
        break;
      case ObjectOpKind.OMAP_REMOVE:
        if (draft.exists && op.keys.length > 0) {
          this.#change({ kind: op.kind, keys: op.keys });
          draft.omapChange(none, op.keys);
        }
        break;
      case ObjectOpKind.OMAP_CLEAR:
        if (draft.exists) {
          this.#change({ kind: op.kind });
          draft.omapClear();
        }
        break;
      case ObjectOpKind.ASSERT_EXISTS:
        this.#mustExist('assert-exists');
        break;
      case ObjectOpKind.ASSERT_VERSION: {
        const have = (draft.exists ? draft.version : undefined) ?? zeroVersion;
        const want = op.version ?? zeroVersion;
        if (have.interval !== want.interval || have.counter !== want.counter) throw new FsError('ERANGE', 'the object has another version');
        break;
      }
      case ObjectOpKind.COPY_RANGE:
        for (const piece of this.#copied?.[index] ?? []) this.#copyPiece(piece);
        break;
      case ObjectOpKind.NONE:
        throw new FsError('EINVAL', 'an operation without a kind');
    }
    this.#results.push(noResult);
  }

  #mustExist(what: string): void {
    if (!this.#draft.exists) throw new FsError('ENOENT', `${what}: no such object`);
  }

  #change(change: ObjectChange): void {
    this.#changes.push(change);
  }

  #touch(): void {
    this.#change({ kind: ObjectOpKind.CREATE });
    this.#draft.exists = true;
  }

  #read(op: ObjectOp, index: number): Init<OpResult> {
    const draft = this.#draft;
    this.#mustExist('read');
    const end = op.length === 0 ? draft.size : Math.min(draft.size, op.offset + op.length);
    const length = Math.max(0, end - op.offset);
    this.#readBytes += length;
    if (this.#readBytes > objectLimits.readBytes)
      throw new FsError('E2BIG', `reads of ${this.#readBytes} bytes in a request, limit ${objectLimits.readBytes}`);
    (this.#reads ??= []).push({
      index,
      offset: op.offset,
      length,
      changesBefore: this.#changes.length,
      showsStored: draft.existed && !draft.fresh,
    });
    return noResult;
  }

  #extents({ offset, length }: ObjectOp): Init<OpResult> {
    this.#mustExist('extents');
    this.#tellsStored = true;
    const { size } = this.#draft;
    const end = length === 0 ? size : Math.min(size, offset + length);
    if (end <= offset) return noResult;
    const extents = this.#draft.extents(offset, end - offset);
    const { extents: extentsMax } = objectLimits;
    return extents.length <= extentsMax ? { extents } : { extents: extents.slice(0, extentsMax), more: true };
  }

  #names({ name, after, maxEntries }: ObjectOp): Init<OpResult> {
    this.#tellsStored = true;
    this.#tellsNames = true;
    const wanted = Math.min(maxEntries === 0 ? objectLimits.names : maxEntries, objectLimits.names);
    const names = this.#draft.names(name, Buffer.from(after).toString('utf8'), wanted + 1);
    const entries = names.slice(0, wanted).map((each) => ({ key: Buffer.from(each, 'utf8') }));
    return { entries, more: names.length > wanted };
  }

  #write(op: ObjectOp, offset: number): void {
    const length = this.#takeFrames(op.payloadFrames);
    const end = offset + length;
    if (end > objectLimits.objectBytes) throw tooLarge(end);
    const draft = this.#draft;
    if (length === 0) {
      // Its empty frames go with it.
      if (!draft.exists || op.payloadFrames > 0) this.#change({ kind: ObjectOpKind.CREATE, payloadFrames: op.payloadFrames });
    } else this.#change({ kind: ObjectOpKind.WRITE, offset, payloadFrames: op.payloadFrames });
    draft.exists = true;
    if (end > draft.size && length > 0) draft.size = end;
  }

  #copyPiece({ offset, length, data }: CopiedPiece): void {
    if (data === undefined) {
      this.#zeroRange(offset, length);
      return;
    }
    const end = offset + length;
    if (end > objectLimits.objectBytes) throw tooLarge(end);
    this.#taken?.push(...data);
    this.#change({ kind: ObjectOpKind.WRITE, offset, payloadFrames: data.length });
    const draft = this.#draft;
    draft.exists = true;
    draft.size = Math.max(draft.size, end);
  }

  #writeFull(op: ObjectOp): void {
    const length = this.#lengthOfFrames(op.payloadFrames);
    const draft = this.#draft;
    if (draft.exists && draft.size > length) {
      this.#change({ kind: ObjectOpKind.TRUNCATE, offset: length });
      draft.size = length;
    }
    this.#write(op, 0);
  }

  #zeroRange(offset: number, length: number): void {
    const draft = this.#draft;
    const end = Math.min(draft.size, offset + length);
    if (!draft.exists || end <= offset) return;
    this.#change({ kind: ObjectOpKind.ZERO, offset, length: end - offset });
  }

  /** They travel together, in one message. */
  #checkXattrs(): void {
    let bytes = 0;
    for (const [name, value] of this.#draft.xattrs()) bytes += Buffer.byteLength(name) + value.length;
    if (bytes > objectLimits.xattrsBytes)
      throw new FsError('E2BIG', `${bytes} bytes of xattrs on an object, limit ${objectLimits.xattrsBytes}`);
  }

  #getXattr(name: string): Uint8Array {
    this.#mustExist('xattr');
    const value = this.#draft.xattr(name);
    if (value === undefined) throw new FsError('ENODATA', `no xattr ${name}`);
    this.#recordBytes += value.length;
    return value;
  }

  #omapGet(keys: readonly Uint8Array[]): readonly KeyValue[] {
    const entries: KeyValue[] = [];
    for (const found of omapBatches((some) => this.#draft.omapGet(some), keys)) entries.push(...this.#counted(found));
    return entries;
  }

  #omapRange(op: ObjectOp): Init<OpResult> {
    const wanted = Math.min(op.maxEntries === 0 ? objectLimits.omapEntries : op.maxEntries, objectLimits.omapEntries);
    const entries: KeyValue[] = [];
    for (const page of omapPages((after, max) => this.#draft.omapRange(after, max), op.after, wanted + 1)) {
      for (const entry of page) {
        const bytes = entryBytes(entry);
        if (entries.length === wanted || (this.#recordBytes + bytes > objectLimits.recordBytes && entries.length > 0))
          return { entries, more: true };
        this.#recordBytes += bytes;
        entries.push(entry);
      }
    }
    return { entries, more: false };
  }

  #counted(entries: readonly OmapEntry[]): readonly KeyValue[] {
    for (const entry of entries) this.#recordBytes += entryBytes(entry);
    if (this.#recordBytes > objectLimits.recordBytes)
      throw new FsError('E2BIG', `results of ${this.#recordBytes} bytes, limit ${objectLimits.recordBytes}`);
    return entries;
  }

  #lengthOfFrames(frames: number): number {
    let length = 0;
    for (let i = this.#frame; i < this.#frame + frames; i++) length += (this.#payload[i] as Uint8Array).length;
    return length;
  }

  #takeFrames(frames: number): number {
    const length = this.#lengthOfFrames(frames);
    this.#taken?.push(...this.#payload.slice(this.#frame, this.#frame + frames));
    this.#frame += frames;
    return length;
  }
}

function entryBytes(entry: OmapEntry): number {
  return entry.key.length + entry.value.length + 8;
}

function tooLarge(size: number): FsError {
  return new FsError('EFBIG', `an object of ${size} bytes, limit ${objectLimits.objectBytes}`);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
