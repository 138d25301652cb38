/**
 * What a file's first data object says of the file it is of: where that lay when the object was written, and what cannot be told from data. Written by the
 * client together with the data, as an xattr of the object; read only when the metadata is lost. Drawn in docs/ON-DISK.md.
 *
 * It may be old: what came later is in the table of records (store/record-table.ts), and of two the one with the higher version counts.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { ByteString } from '../../common/maps/ids.ts';
import type { Layout } from '../../common/wire/gen/messages.ts';
import { BinaryReader, BinaryWriter, checksum } from '../store/binary.ts';

/** Name of the xattr. */
export const backtraceXattr = 'backtrace';
const backtraceVersion = 1;
/** Directories told of, upwards. */
export const lineageMax = 64;

/** That something lay in `directory` under `name`, at one moment: when its inode had that version. */
export interface Home {
  readonly directory: number;
  readonly name: ByteString;
  readonly version: number;
}

export interface Backtrace {
  readonly ino: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Null: that of files whose directories say nothing else. */
  readonly layout: Layout | null;
  /** Where the file is, where its directory is, and so on, as far up as the writer knew. */
  readonly lineage: readonly Home[];
}

const writer = new BinaryWriter();

/** Version, record, CRC-32C of both. */
export function encodeBacktrace({ ino, mode, uid, gid, layout, lineage }: Backtrace): Buffer {
  writer.byte(backtraceVersion);
  for (const number of [ino, mode, uid, gid]) writer.varint(number);
  writer.byte(layout === null ? 0 : 1);
  if (layout !== null) for (const number of [layout.pool, layout.objectSize, layout.stripeUnit, layout.stripeCount]) writer.varint(number);
  const count = Math.min(lineage.length, lineageMax);
  writer.varint(count);
  for (let at = 0; at < count; at++) {
    const { directory, name, version } = lineage[at] as Home;
    writer.varint(directory);
    writer.latin1(name);
    writer.varint(version);
  }
  writer.fixed32(writer.checksumFrom(0));
  return writer.take();
}

/** FsError EILSEQ when it is damaged, EINVAL for a version of the future. */
export function decodeBacktrace(value: Uint8Array, what: string): Backtrace {
  const inside = value.subarray(0, Math.max(0, value.length - 4));
  const reader = new BinaryReader(inside, what);
  if (new BinaryReader(value.subarray(inside.length), what).fixed32() !== checksum(inside))
    throw reader.damaged('its checksum does not match');
  const version = reader.byte();
  if (version !== backtraceVersion)
    throw new FsError('EINVAL', `${what} has format version ${version}, this MDS knows ${backtraceVersion}: run the version that wrote it`);
  const [ino, mode, uid, gid] = [reader.varint(), reader.varint(), reader.varint(), reader.varint()];
  const layout =
    reader.byte() === 0
      ? null
      : { pool: reader.varint(), objectSize: reader.varint(), stripeUnit: reader.varint(), stripeCount: reader.varint() };
  const lineage = Array.from({ length: reader.count() }, () => ({
    directory: reader.varint(),
    name: reader.latin1() as ByteString,
    version: reader.varint(),
  }));
  reader.end();
  return { ino, mode, uid, gid, layout, lineage };
}
