/**
 * Who a store is: the same in the first block of the block file, in that of the log and, under key 'F', in the
 * metadata database, so that files of different stores are never taken together.
 *
 *     0  8 bytes magic 'NACREOSD'     12  u32 block size        36  varint n, n bytes: fsid (text)
 *     8  u32 format version           16  16 bytes uuid             then f64 time of making (ms),
 *                                     32  u32 log segment bytes     u8 complete (in the database only: 0
 *                                                                   while the files are being made), u32 crc32c
 *
 * Padded with zeros to 4096 bytes in the files. All numbers little-endian.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import { blockBytes } from '../transaction-check.ts';
import { ByteReader, ByteWriter } from './byte-codec.ts';
import { crc32c } from './crc.ts';
import { rebuildAdvice } from './metadata-db.ts';

export const formatVersion = 2;

const magic = Buffer.from('NACREOSD', 'latin1');

export interface Superblock {
  /** 16 bytes. */
  readonly uuid: Buffer;
  readonly fsid: string;
  readonly logSegmentBytes: number;
  readonly createdMs: number;
  /** False while the store is being made. */
  readonly complete: boolean;
}

export function encodeSuperblock(superblock: Superblock): Buffer {
  const writer = new ByteWriter(Buffer.alloc(blockBytes));
  writer.raw(magic);
  writer.u32(formatVersion);
  writer.u32(blockBytes);
  writer.raw(superblock.uuid);
  writer.u32(superblock.logSegmentBytes);
  writer.bytes(Buffer.from(superblock.fsid, 'utf8'));
  writer.f64(superblock.createdMs);
  writer.u8(superblock.complete ? 1 : 0);
  writer.u32(crc32c(writer.written()));
  return writer.written();
}

/** FsError EINVAL for another format, EILSEQ for damage; `where` is for the message. */
export function decodeSuperblock(bytes: Buffer, where: string): Superblock {
  const damaged = (why: string): FsError => new FsError('EILSEQ', `${where}: the superblock is damaged (${why}); ${rebuildAdvice}`);
  try {
    const reader = new ByteReader(bytes);
    if (!reader.raw(magic.length).equals(magic)) throw damaged('it does not begin with NACREOSD');
    const version = reader.u32();
    if (version !== formatVersion) {
      throw new FsError(
        'EINVAL',
        `${where}: has format version ${version}, this program reads version ${formatVersion}; run the version of nacre that made it`,
      );
    }
    const size = reader.u32();
    const uuid = Buffer.from(reader.raw(16));
    const logSegmentBytes = reader.u32();
    const fsid = reader.bytes().toString('utf8');
    const createdMs = reader.f64();
    const complete = reader.u8() === 1;
    const end = reader.position;
    if (reader.u32() !== crc32c(bytes.subarray(0, end))) throw damaged('its checksum does not match');
    if (size !== blockBytes) throw new FsError('EINVAL', `${where}: has blocks of ${size} bytes, this program uses ${blockBytes}`);
    return { uuid, fsid, logSegmentBytes, createdMs, complete };
  } catch (error) {
    if (error instanceof FsError && error.code === 'EILSEQ' && !error.message.startsWith(where)) throw damaged(error.message);
    throw error;
  }
}

/** The database's record of how far it is. */
export interface StoreStateRecord {
  /** Every transaction up to this is in the database. */
  readonly appliedSeq: number;
  /** How often the store has been opened. */
  readonly incarnation: number;
  /** Stopped in order: the log has nothing to add. */
  readonly clean: boolean;
  readonly nextId: number;
}

export function encodeState(state: StoreStateRecord): Buffer {
  const writer = new ByteWriter(Buffer.alloc(64));
  writer.varint(state.appliedSeq);
  writer.varint(state.incarnation);
  writer.u8(state.clean ? 1 : 0);
  writer.varint(state.nextId);
  return writer.written();
}

export function decodeState(bytes: Buffer): StoreStateRecord {
  const reader = new ByteReader(bytes);
  return { appliedSeq: reader.varint(), incarnation: reader.varint(), clean: reader.u8() === 1, nextId: reader.varint() };
}
