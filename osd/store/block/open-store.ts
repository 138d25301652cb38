/**
 * Opens the files of a store, or makes them, and brings the database up to what the log has.
 * @module
 */
import fs from 'node:fs';
import { join } from 'node:path';
import { FsError, toFsError } from '../../../common/errors/fs-error.ts';
import type { DiskFile } from '../../../common/runtime/disk.ts';
import type { Env } from '../../../common/runtime/env.ts';
import { lockDirectory, type DirectoryLock } from '../../../common/runtime/node/directory-lock.ts';
import { blockBytes } from '../transaction-check.ts';
import { Allocator } from './allocator.ts';
import { BlockFile } from './block-file.ts';
import { ByteReader, ByteWriter } from './byte-codec.ts';
import { checkpoint } from './checkpoint.ts';
import { crc32c } from './crc.ts';
import { decodeEffects } from './effects.ts';
import { endOf, formatKey, idOfKey, stateKey } from './keys.ts';
import { LogFile, type LogIdentity } from './log-file.ts';
import { type DbChange, MetadataDb, rebuildAdvice } from './metadata-db.ts';
import { damagedOnode, decodeHead, decodeShard, encodeHead, type Onode, type Shard } from './onode.ts';
import { Replay } from './replay.ts';
import { nameOf, StoreState } from './state.ts';
import { decodeState, decodeSuperblock, encodeState, encodeSuperblock, type StoreStateRecord, type Superblock } from './superblock.ts';

export interface OpenOptions {
  readonly dataDir: string;
  readonly fsid: string | undefined;
  readonly sizeBytesMax: number;
  readonly logSegmentBytes: number;
  readonly cacheWeight: number;
  readonly mapBytes: number;
  readonly sliceEntries: number;
}

export interface OpenedStore {
  readonly superblock: Superblock;
  readonly identity: LogIdentity;
  /** Last transaction that the database has. */
  readonly appliedSeq: number;
  readonly state: StoreState;
  readonly allocator: Allocator;
  readonly db: MetadataDb;
  readonly log: LogFile;
  readonly file: BlockFile;
  readonly lock: DirectoryLock;
}

interface Files {
  readonly block: DiskFile;
  readonly log: DiskFile;
  readonly db: MetadataDb;
}

export async function openStore(env: Env, options: OpenOptions): Promise<OpenedStore> {
  const lock = await lockDirectory(options.dataDir);
  let db: MetadataDb | undefined;
  const opened: DiskFile[] = [];
  try {
    checkAccess(options.dataDir);
    db = new MetadataDb(join(options.dataDir, 'meta.mdb'), { mapBytes: options.mapBytes, log: env.log });
    opened.push(await env.disk.open(join(options.dataDir, 'block'), { create: true, uncached: true }));
    opened.push(await env.disk.open(join(options.dataDir, 'log'), { create: true, durable: true }));
    const [block, log] = opened as [DiskFile, DiskFile];
    return { ...(await openFiles(env, options, { block, log, db })), lock };
  } catch (error) {
    await db?.close();
    for (const file of opened) await file.close();
    await lock.release();
    throw error;
  }
}

function checkAccess(dataDir: string): void {
  try {
    fs.accessSync(dataDir, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK);
  } catch (error) {
    const { code, message } = toFsError(error);
    throw new FsError(code, `${dataDir}: cannot be used as a data directory: ${message}`, { cause: error });
  }
}

async function openFiles(env: Env, options: OpenOptions, files: Files): Promise<Omit<OpenedStore, 'lock'>> {
  const superblock = await readOrMake(env, options, files);
  const { db } = files;
  const before = readState(db);
  const salt = crc32c(superblock.uuid);
  const log = new LogFile(files.log, superblock.logSegmentBytes);
  const file = new BlockFile(files.block);
  const state = new StoreState(db, { nextId: before.nextId, cacheWeight: options.cacheWeight });
  const appliedSeq = before.clean
    ? before.appliedSeq
    : await replay(env, { log, state, file }, { salt, incarnation: before.incarnation }, before.appliedSeq);
  // A new incarnation begins: what the log holds now is never looked at again.
  const now: StoreStateRecord = { appliedSeq, incarnation: before.incarnation + 1, clean: false, nextId: state.nextId };
  const generation = state.freeze();
  await checkpoint(generation, file, db, now, { sliceEntries: options.sliceEntries, goOn: () => true });
  state.thaw(generation);
  state.cache.clear();
  const allocator = new Allocator(Math.floor(options.sizeBytesMax / blockBytes));
  await countBlocks(env, db, state, allocator);
  const usedBytes = allocator.highWater * blockBytes;
  if (files.block.sizeBytes < usedBytes) {
    const ends = `ends at byte ${files.block.sizeBytes}, but objects have blocks up to byte ${usedBytes}`;
    throw new FsError('EILSEQ', `${join(options.dataDir, 'block')}: ${ends}: it was cut short; ${rebuildAdvice}`);
  }
  // What is free at its end is given back to the volume.
  if (files.block.sizeBytes > usedBytes) await files.block.truncate(usedBytes);
  return { superblock, identity: { salt, incarnation: now.incarnation }, appliedSeq, state, allocator, db, log, file };
}

async function readOrMake(env: Env, options: OpenOptions, { block, log, db }: Files): Promise<Superblock> {
  const where = (name: string): string => join(options.dataDir, name);
  const stored = db.get(formatKey);
  const superblock = stored && decodeSuperblock(stored, where('meta.mdb'));
  if (!superblock?.complete) {
    // A database says from the start that its store is being made: an empty one beside the other files was lost.
    if (!superblock && !((await isBlank(block)) && (await isBlank(log)))) {
      throw new FsError('EILSEQ', `${where('meta.mdb')}: the metadata database of this store is missing; ${rebuildAdvice}`);
    }
    return makeStore(env, options, { block, log, db });
  }
  if (options.fsid !== undefined && superblock.fsid !== options.fsid) {
    throw new FsError(
      'EINVAL',
      `${options.dataDir}: belongs to cluster ${superblock.fsid}, not to ${options.fsid}; give this OSD another data directory, or remove what is in this one`,
    );
  }
  for (const [name, file] of [
    ['block', block],
    ['log', log],
  ] as const) {
    if (file.sizeBytes === 0) throw new FsError('EILSEQ', `${where(name)}: is missing or empty; ${rebuildAdvice}`);
    const theirs = decodeSuperblock(await file.read(0, blockBytes), where(name));
    if (!theirs.uuid.equals(superblock.uuid))
      throw new FsError('EINVAL', `${where(name)}: belongs to another store than meta.mdb; put the right file back, or ${rebuildAdvice}`);
  }
  return superblock;
}

async function isBlank(file: DiskFile): Promise<boolean> {
  const bytes = await file.read(0, blockBytes);
  return bytes.every((byte) => byte === 0);
}

async function makeStore(env: Env, options: OpenOptions, { block, log, db }: Files): Promise<Superblock> {
  const superblock: Superblock = {
    uuid: Buffer.from(env.random.bytes(16)),
    fsid: options.fsid ?? '',
    logSegmentBytes: options.logSegmentBytes,
    createdMs: env.clock.nowMs(),
    complete: true,
  };
  await db.write([{ key: formatKey, value: encodeSuperblock({ ...superblock, complete: false }) }]);
  const bytes = Buffer.alloc(blockBytes);
  encodeSuperblock(superblock).copy(bytes);
  await log.write(0, [bytes]);
  await new LogFile(log, options.logSegmentBytes).fill();
  await block.write(0, [bytes]);
  await block.sync();
  await db.write([
    { key: formatKey, value: encodeSuperblock(superblock) },
    { key: stateKey, value: encodeState({ appliedSeq: 0, incarnation: 0, clean: true, nextId: 1 }) },
  ]);
  env.log.info({ dataDir: options.dataDir, uuid: superblock.uuid.toString('hex') }, 'object store made');
  return superblock;
}

function readState(db: MetadataDb): StoreStateRecord {
  const bytes = db.get(stateKey);
  if (!bytes) throw new FsError('EILSEQ', `the metadata database has no state record; ${rebuildAdvice}`);
  return decodeState(bytes);
}

/** Applies the log to the state; returns the seq of its last transaction. */
async function replay(
  env: Env,
  store: { log: LogFile; state: StoreState; file: BlockFile },
  identity: LogIdentity,
  appliedSeq: number,
): Promise<number> {
  const startedMs = env.clock.monotonicMs();
  const records = await store.log.recover(identity, appliedSeq);
  const handler = new Replay(store.state, store.file);
  for (const { seq, payload } of records) {
    store.state.freed = [];
    try {
      decodeEffects(new ByteReader(payload), handler);
    } catch (error) {
      throw new FsError('EILSEQ', `the write-ahead log is damaged: transaction ${seq}: ${(error as Error).message}; ${rebuildAdvice}`, {
        cause: error,
      });
    }
  }
  const damaged = await handler.finish();
  for (const block of damaged)
    env.log.warn({ block }, 'a block does not match its checksum after the log was applied; reads of it fail until it is repaired');
  store.state.active.lastSeq = appliedSeq + records.length;
  env.log.info({ transactions: records.length, ms: Math.round(env.clock.monotonicMs() - startedMs) }, 'write-ahead log applied');
  return appliedSeq + records.length;
}

/**
 * Finds out from all block maps which blocks are in use. An object whose head or block map cannot be read is made a
 * damaged one, for good: its blocks are free. What is left of the block maps of such objects goes.
 */
async function countBlocks(env: Env, db: MetadataDb, state: StoreState, allocator: Allocator): Promise<void> {
  allocator.take(0, 1);
  state.counts.objects = 0;
  state.counts.mappedBlocks = 0;
  const unreadable = unreadableMaps(db);
  const nids = new Set<number>();
  const changes: DbChange[] = [];
  for (const { key, value } of db.rangeWithDamaged('O', endOf('O'), false)) {
    const head = value && readHead(key, value);
    state.counts.objects++;
    if (head?.damaged === true) continue;
    if (head === undefined || unreadable.has(head.nid)) {
      const damaged = damagedOnode(idOfKey(key, 1), key.slice(7));
      env.log.warn({ object: nameOf(damaged) }, 'the record of an object is damaged; reads of it fail until it is repaired');
      changes.push({ key, value: damagedHead(damaged) });
      continue;
    }
    nids.add(head.nid);
    countShard(head.shards.get(0), state, allocator);
  }
  for (const { key, value } of db.rangeWithDamaged('X', endOf('X'), false)) {
    if (value === undefined || !nids.has(idOfKey(key, 1))) changes.push({ key, value: null });
    else countShard(decodeShard(new ByteReader(value)), state, allocator);
  }
  if (changes.length > 0) await db.write(changes);
}

/** Objects with a shard of their block map that cannot be read, by node number. */
function unreadableMaps(db: MetadataDb): Set<number> {
  const nids = new Set<number>();
  for (const { key, value } of db.rangeWithDamaged('X', endOf('X'), false)) if (value === undefined) nids.add(idOfKey(key, 1));
  return nids;
}

function readHead(key: string, value: Buffer): Onode | undefined {
  try {
    return decodeHead(idOfKey(key, 1), key.slice(7), value);
  } catch (error) {
    if (error instanceof FsError && error.code === 'EILSEQ') return undefined;
    throw error;
  }
}

function damagedHead(onode: Onode): Buffer {
  const writer = new ByteWriter(Buffer.alloc(8));
  encodeHead(writer, onode);
  return writer.written();
}

function countShard(shard: Shard | undefined, state: StoreState, allocator: Allocator): void {
  if (!shard) return;
  for (let i = 0; i < shard.length; i++) {
    const block = shard.block(i);
    if (block === 0) continue;
    if (!allocator.take(block, 1)) {
      throw new FsError(
        'EILSEQ',
        `the metadata database is damaged: block ${block} is beyond the configured size or belongs to two objects; ${rebuildAdvice}`,
      );
    }
    state.counts.mappedBlocks++;
  }
}
