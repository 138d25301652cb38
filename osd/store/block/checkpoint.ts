/**
 * Brings a frozen generation into the block file and the database, after which the log needs its records no
 * longer: first the blocks to their places, made durable; then the database's records, in slices; with the
 * last slice the number of the last transaction. Dying anywhere on the way is harmless: the log is applied
 * again, over a state of which some of it is there (effects.ts says why that ends the same).
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import { blockBytes } from '../transaction-check.ts';
import type { BlockFile } from './block-file.ts';
import { ByteWriter } from './byte-codec.ts';
import type { DirtyBlock } from './dirty-blocks.ts';
import type { Generation } from './generation.ts';
import {
  collectionKey,
  daemonMetaKey,
  droppedCollectionKey,
  droppedOmapKey,
  endOf,
  headPrefix,
  idOfKey,
  metaPrefix,
  omapPrefix,
  shardKey,
  stateKey,
} from './keys.ts';
import type { DbChange, MetadataDb } from './metadata-db.ts';
import { encodeHead, encodeShard, type Onode } from './onode.ts';
import { encodeState, type StoreStateRecord } from './superblock.ts';

/** Blocks that one write joins, and writes at a time. */
const joinedBlocksMax = 256;
const writesAtOnce = 4;

export interface CheckpointOptions {
  /** Records per database transaction: what one turn of the event loop may take. */
  readonly sliceEntries: number;
  /** Asked before each slice: false ends it, with FsError ESHUTDOWN. */
  readonly goOn: () => boolean;
}

export async function checkpoint(
  generation: Generation,
  file: BlockFile,
  db: MetadataDb,
  state: StoreStateRecord,
  options: CheckpointOptions,
): Promise<void> {
  await writeBlocks(generation, file);
  let slice: DbChange[] = [];
  for (const change of changesOf(generation)) {
    slice.push(change);
    if (slice.length < options.sliceEntries) continue;
    await db.write(slice);
    slice = [];
    if (!options.goOn()) throw new FsError('ESHUTDOWN', 'the object store was abandoned');
  }
  slice.push({ key: stateKey, value: encodeState(state) });
  await db.write(slice);
}

/** Removes the entries of dropped omaps, a slice at a time. */
export async function purgeOmaps(db: MetadataDb, options: CheckpointOptions): Promise<void> {
  while (options.goOn()) {
    const dropped = db.keys(droppedOmapKey(0), endOf('T'), 1)[0];
    if (dropped === undefined) return;
    const prefix = omapPrefix(idOfKey(dropped, 1));
    const keys = db.keys(prefix, endOf(prefix), options.sliceEntries);
    await db.write((keys.length > 0 ? keys : [dropped]).map((key) => ({ key, value: null })));
  }
}

async function writeBlocks(generation: Generation, file: BlockFile): Promise<void> {
  // A damaged block's place keeps what it has: the crc recorded for it matches neither.
  const blocks = [...generation.blocks.values()].filter((block) => !block.damaged).sort((a, b) => a.start - b.start);
  if (blocks.length === 0) return;
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < blocks.length) {
      const first = next;
      while (++next < blocks.length && next - first < joinedBlocksMax && follows(blocks, next)) continue;
      const run = blocks.slice(first, next);
      await file.write((run[0] as DirtyBlock).start, joined(run));
    }
  };
  await Promise.all(Array.from({ length: writesAtOnce }, worker));
  await file.sync();
}

function follows(blocks: readonly DirtyBlock[], index: number): boolean {
  return (blocks[index] as DirtyBlock).start === (blocks[index - 1] as DirtyBlock).start + 1;
}

/** Their bytes, in one view where they lie side by side in memory too. */
function joined(run: readonly DirtyBlock[]): Uint8Array[] {
  const pieces: Buffer[] = [];
  for (const { bytes } of run) {
    const last = pieces.at(-1);
    if (last && last.buffer === bytes.buffer && last.byteOffset + last.length === bytes.byteOffset) {
      pieces[pieces.length - 1] = Buffer.from(bytes.buffer, last.byteOffset, last.length + blockBytes);
    } else {
      pieces.push(bytes);
    }
  }
  return pieces;
}

/**
 * What removes comes first: an object's head must not be gone from the database while its shards are there,
 * for then nobody would know of them.
 */
function* changesOf(generation: Generation): Generator<DbChange> {
  const scratch = new ByteWriter(Buffer.allocUnsafe(8192));
  for (const { nid, shardCount } of generation.removedNodes) {
    if (nid >= generation.firstId) continue;
    for (let i = 1; i < shardCount; i++) yield { key: shardKey(nid, i), value: null };
  }
  for (const omapId of generation.droppedOmaps) {
    if (omapId < generation.firstId) yield { key: droppedOmapKey(omapId), value: Buffer.alloc(0) };
  }
  yield* collectionChanges(generation);
  for (const [key, value] of generation.daemonMeta) yield { key: daemonMetaKey(key), value };
  for (const [cid, layer] of generation.meta) {
    const prefix = metaPrefix(cid);
    for (const [key, value] of layer.entries()) yield { key: prefix + key, value };
  }
  for (const [omapId, layer] of generation.omap) {
    if (generation.droppedOmaps.has(omapId)) continue;
    const prefix = omapPrefix(omapId);
    for (const [key, value] of layer.entries()) yield { key: prefix + key, value };
  }
  for (const [cid, layer] of generation.objects) {
    const prefix = headPrefix(cid);
    for (const [name, onode] of layer.entries()) {
      if (onode) yield* shardChanges(onode, scratch);
      yield { key: prefix + name, value: onode && encoded(scratch, (writer) => encodeHead(writer, onode)) };
    }
  }
}

function* collectionChanges(generation: Generation): Generator<DbChange> {
  for (const [cid, { kind, record }] of generation.collections) {
    if (kind === 'dropped') yield { key: droppedCollectionKey(cid), value: record };
    yield { key: collectionKey(cid), value: kind === 'there' ? record : null };
  }
  for (const cid of generation.purged) yield { key: droppedCollectionKey(cid), value: null };
}

function* shardChanges(onode: Onode, scratch: ByteWriter): Generator<DbChange> {
  for (const index of onode.dirtyShards) {
    const shard = onode.shards.get(index);
    if (index === 0 || !shard) continue;
    yield { key: shardKey(onode.nid, index), value: shard.isEmpty() ? null : encoded(scratch, (writer) => encodeShard(writer, shard)) };
  }
}

function encoded(scratch: ByteWriter, encode: (writer: ByteWriter) => void): Buffer {
  scratch.position = 0;
  encode(scratch);
  return Buffer.from(scratch.written());
}
