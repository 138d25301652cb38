/**
 * Reads an object's bytes: holes, blocks not yet in their place, and runs of the block file, each block of
 * which is checked against its crc.
 *
 * The object may change while the disk is read. A block that fails its check is then looked up again: only
 * one that is still mapped as it was is damaged.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import { blockBytes } from '../transaction-check.ts';
import type { BlockFile } from './block-file.ts';
import { crc32c } from './crc.ts';
import type { DirtyBlock } from './dirty-blocks.ts';
import { type Onode, shardBlocks } from './onode.ts';
import { isWithin } from '../scope.ts';
import type { Collection } from './collection-record.ts';
import { nameOf, type StoreState } from './state.ts';

/** What is shared among all that read holes; nobody may write to it. */
const zeros = Buffer.alloc(256 * 1024);
/** An object that changes faster than it is read is given up on. */
const attemptsMax = 100;

/** Blocks side by side in the file. */
interface DiskRun {
  readonly index: number;
  readonly start: number;
  readonly crcs: number[];
}

type Part =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'hole'; readonly blocks: number }
  | { readonly kind: 'disk'; readonly run: DiskRun };

export async function readObject(
  state: StoreState,
  file: BlockFile,
  collection: Collection | undefined,
  name: string,
  offset: number,
  length: number,
): Promise<Buffer[]> {
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const onode =
      collection && isWithin(collection.scope, name) ? state.find(collection.objectsCid, name, collection.headPrefix) : undefined;
    if (!onode) throw new FsError('ENOENT', `no such object`);
    if (onode.damaged) throw damagedObject(onode);
    const end = Math.min(offset + length, onode.size);
    if (end <= offset) return [];
    const firstBlock = Math.floor(offset / blockBytes);
    const plan = planOf(state, onode, firstBlock, Math.ceil(end / blockBytes));
    if (!Array.isArray(plan)) {
      await new Promise<void>((resolve) => plan.whenReady(resolve));
      continue;
    }
    const pieces = await readParts(state, file, onode, plan);
    if (pieces) return trimmed(pieces, offset - firstBlock * blockBytes, end - offset);
  }
  throw new FsError('EAGAIN', 'the object changes all the time', { retry: 'safe' });
}

/** The parts that make up blocks [from, to); or a block that must be loaded before that can be said. */
function planOf(state: StoreState, onode: Onode, from: number, to: number): Part[] | DirtyBlock {
  const parts: Part[] = [];
  for (let index = from; index < to; index++) {
    const shard = state.shard(onode, Math.floor(index / shardBlocks));
    const start = shard?.block(index % shardBlocks) ?? 0;
    const last = parts.at(-1);
    if (start === 0) {
      if (last?.kind === 'hole') parts[parts.length - 1] = { kind: 'hole', blocks: last.blocks + 1 };
      else parts.push({ kind: 'hole', blocks: 1 });
      continue;
    }
    const dirty = state.dirtyBlock(start);
    if (dirty) {
      if (dirty.loading) return dirty;
      if (dirty.damaged) throw damagedBlock(onode, index);
      parts.push({ kind: 'bytes', bytes: Buffer.from(dirty.bytes) });
      continue;
    }
    const crc = shard?.crc(index % shardBlocks) as number;
    if (last?.kind === 'disk' && last.run.start + last.run.crcs.length === start) last.run.crcs.push(crc);
    else parts.push({ kind: 'disk', run: { index, start, crcs: [crc] } });
  }
  return parts;
}

/** Undefined when the object has changed meanwhile. */
async function readParts(state: StoreState, file: BlockFile, onode: Onode, parts: readonly Part[]): Promise<Buffer[] | undefined> {
  const nothing = Promise.resolve(undefined);
  const results = await Promise.all(parts.map((part) => (part.kind === 'disk' ? readRun(state, file, onode, part.run) : nothing)));
  const pieces: Buffer[] = [];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as Part;
    if (part.kind === 'disk') {
      const bytes = results[i];
      if (!bytes) return undefined;
      pieces.push(bytes);
    } else if (part.kind === 'bytes') {
      pieces.push(part.bytes);
    } else {
      for (let left = part.blocks * blockBytes; left > 0; left -= zeros.length) pieces.push(zeros.subarray(0, left));
    }
  }
  return pieces;
}

async function readRun(state: StoreState, file: BlockFile, onode: Onode, run: DiskRun): Promise<Buffer | undefined> {
  let bytes: Buffer;
  try {
    bytes = await file.read(run.start, run.crcs.length);
  } catch (error) {
    if (error instanceof FsError && error.code === 'EILSEQ' && changed(state, onode, run, 0)) return undefined;
    throw error;
  }
  for (let i = 0; i < run.crcs.length; i++) {
    if (crc32c(bytes.subarray(i * blockBytes, (i + 1) * blockBytes)) === run.crcs[i]) continue;
    if (changed(state, onode, run, i)) return undefined;
    throw damagedBlock(onode, run.index + i);
  }
  return bytes;
}

/** Whether block `i` of the run is mapped otherwise by now, or has newer bytes. */
function changed(state: StoreState, before: Onode, run: DiskRun, i: number): boolean {
  const onode = state.find(before.cid, before.name);
  const index = run.index + i;
  const shard = onode && state.shard(onode, Math.floor(index / shardBlocks));
  if (!shard || onode.nid !== before.nid) return true;
  return (
    shard.block(index % shardBlocks) !== run.start + i ||
    shard.crc(index % shardBlocks) !== run.crcs[i] ||
    state.dirtyBlock(run.start + i) !== undefined
  );
}

/** For whoever reads of an object that is damaged as a whole. */
export function damagedObject(onode: Onode): FsError {
  return new FsError('EILSEQ', `object ${nameOf(onode)}: its record in the metadata database is damaged`);
}

function damagedBlock(onode: Onode, index: number): FsError {
  return new FsError('EILSEQ', `object ${nameOf(onode)}: block ${index} (bytes ${index * blockBytes} on) does not match its checksum`);
}

/** `length` bytes of the pieces, without the first `skip`. */
function trimmed(pieces: readonly Buffer[], skip: number, length: number): Buffer[] {
  const result: Buffer[] = [];
  let before = skip;
  let left = length;
  for (const piece of pieces) {
    if (left <= 0) break;
    if (before >= piece.length) {
      before -= piece.length;
      continue;
    }
    const view = piece.subarray(before, before + left);
    result.push(view);
    left -= view.length;
    before = 0;
  }
  return result;
}
