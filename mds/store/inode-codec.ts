/**
 * Inodes and names as they lie in fragments and in the journal. Drawn in docs/ON-DISK.md; a change needs a new version.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { quoted, type ByteString } from '../../common/maps/ids.ts';
import type { KeyValue, Timespec } from '../../common/wire/gen/messages.ts';
import { fragmentsOf } from '../core/fragment-shape.ts';
import { Inode, type Dentry, type Place } from '../core/inode.ts';
import type { BinaryWriter } from './binary.ts';
import { BinaryReader, checksum } from './binary.ts';

const recordVersion = 1;
const Kind = { primary: 1, remote: 2 } as const;
const Reach = { beside: 1, doubtful: 2, unsure: 4 } as const;
/** Which optional parts of an inode follow; `directory`, `quota` and `shape` of a directory, `reach`, `names` and `space` of everything else. */
const Part = {
  symlink: 1,
  xattrs: 2,
  layout: 4,
  directory: 8,
  reach: 8,
  truncation: 16,
  quota: 32,
  names: 32,
  rdev: 64,
  shape: 128,
  space: 128,
} as const;

/** A directory's pin lies among the xattrs, where no client can put it. */
const pinKey = Buffer.from('nacre.dir.pin');

/** A name, and the directory that it is in. */
export function writePlace(writer: BinaryWriter, { directory, name }: Place): void {
  writer.varint(directory);
  writer.latin1(name);
}

export function readPlace(reader: BinaryReader): Place {
  return { directory: reader.varint(), name: reader.latin1() as ByteString };
}

/** With the place that it has. */
export function writePlacedDentry(writer: BinaryWriter, dentry: Dentry): void {
  writePlace(writer, dentry);
  writeDentry(writer, dentry);
}

export function readPlacedDentry(reader: BinaryReader): Dentry {
  const { directory, name } = readPlace(reader);
  return readDentry(reader, directory, name);
}

/** Without its name: what is stored under it. */
function writeDentry(writer: BinaryWriter, dentry: Dentry): void {
  const { inode } = dentry;
  if (inode === undefined) {
    writer.byte(Kind.remote);
    writer.varint(dentry.position);
    writer.varint(dentry.remoteIno);
    writer.varint(dentry.remoteType);
    return;
  }
  writer.byte(Kind.primary);
  writer.varint(dentry.position);
  writeInode(writer, inode);
}

function readDentry(reader: BinaryReader, directory: number, name: ByteString): Dentry {
  const kind = reader.byte();
  const position = reader.varint();
  if (kind === Kind.remote) {
    return {
      directory,
      name,
      position,
      inode: undefined,
      remoteIno: reader.varint(),
      remoteType: reader.varint(),
      stored: true,
      removed: false,
    };
  }
  if (kind !== Kind.primary) throw reader.damaged(`unknown kind ${kind}`);
  return { directory, name, position, inode: readInode(reader), remoteIno: 0, remoteType: 0, stored: true, removed: false };
}

/** Value of a name in its fragment's omap: version, record, CRC-32C of both. */
export function encodeDentry(writer: BinaryWriter, dentry: Dentry): Buffer {
  writer.byte(recordVersion);
  writeDentry(writer, dentry);
  writer.fixed32(writer.checksumFrom(0));
  return writer.take();
}

/** FsError EILSEQ when the checksum does not match, EINVAL for a version of the future. */
export function decodeDentry(value: Uint8Array, directory: number, name: ByteString): Dentry {
  const reader = checkedRecord(value, `the record of ${quoted(name)} in directory ${directory.toString(16)}`);
  const dentry = readDentry(reader, directory, name);
  reader.end();
  return dentry;
}

/** Reader of a record's inside, its checksum and version having been checked. */
export function checkedRecord(value: Uint8Array, what: string, knownVersion: number = recordVersion): BinaryReader {
  const inside = value.subarray(0, Math.max(0, value.length - 4));
  const reader = new BinaryReader(inside, what);
  const tail = new BinaryReader(value.subarray(inside.length), what);
  if (tail.fixed32() !== checksum(inside)) throw reader.damaged('its checksum does not match');
  const version = reader.byte();
  if (version !== knownVersion)
    throw new FsError('EINVAL', `${what} has format version ${version}, this MDS knows ${knownVersion}: run the version that wrote it`);
  return reader;
}

function writeInode(writer: BinaryWriter, inode: Inode): void {
  const xattrs = inode.pin < 0 ? inode.xattrs : [...inode.xattrs, { key: pinKey, value: Buffer.from(String(inode.pin)) }];
  const parts =
    (inode.symlink.length > 0 ? Part.symlink : 0) |
    (xattrs.length > 0 ? Part.xattrs : 0) |
    (inode.layout !== null ? Part.layout : 0) |
    (inode.isDirectory ? Part.directory : 0) |
    (hasReach(inode) ? Part.reach : 0) |
    (inode.truncateFrom > 0 ? Part.truncation : 0) |
    (inode.quota !== null ? Part.quota : 0) |
    (inode.names.length > 0 ? Part.names : 0) |
    (inode.rdev !== 0 ? Part.rdev : 0) |
    (inode.shape.length > 0 ? Part.shape : 0) |
    (inode.space !== null ? Part.space : 0);
  writer.byte(parts);
  writer.varint(inode.ino);
  writer.varint(inode.mode);
  writer.varint(inode.uid);
  writer.varint(inode.gid);
  writer.varint(inode.nlink);
  writer.varint(inode.size);
  writeTime(writer, inode.atime);
  writeTime(writer, inode.mtime);
  writeTime(writer, inode.ctime);
  writeTime(writer, inode.btime);
  writer.varint(inode.version);
  writer.varint(inode.timeWarpSeq);
  if (parts === 0) return;
  if (inode.symlink.length > 0) writer.bytes(inode.symlink);
  if (xattrs.length > 0) {
    writer.varint(xattrs.length);
    for (const { key, value } of xattrs) {
      writer.bytes(key);
      writer.bytes(value);
    }
  }
  if (inode.layout !== null) {
    const { pool, objectSize, stripeUnit, stripeCount } = inode.layout;
    for (const field of [pool, objectSize, stripeUnit, stripeCount]) writer.varint(field);
  }
  if (inode.isDirectory) {
    writer.varint(inode.entries);
    writer.varint(inode.subdirs);
    writer.varint(inode.parent);
    writer.varint(inode.nextPosition);
    const recursive = inode.recursive;
    writer.varint(recursive?.bytes ?? 0);
    writer.varint(recursive?.files ?? 0);
    writer.varint(recursive?.subdirs ?? 0);
    writeTime(writer, recursive?.ctime ?? inode.ctime);
    writer.varint(inode.counted.bytes);
    writer.varint(inode.counted.files);
    writer.varint(inode.counted.subdirs);
  }
  if (hasReach(inode)) {
    writer.varint(inode.reach);
    const flags = (inode.reachedBeside ? Reach.beside : 0) | (inode.doubtful ? Reach.doubtful : 0) | (inode.unsure ? Reach.unsure : 0);
    writer.byte(flags);
  }
  if (inode.truncateFrom > 0) writer.varint(inode.truncateFrom);
  if (inode.quota !== null) {
    writer.varint(inode.quota.maxBytes);
    writer.varint(inode.quota.maxFiles);
  }
  if (inode.names.length > 0) {
    writer.varint(inode.names.length);
    for (const place of inode.names) writePlace(writer, place);
  }
  if (inode.rdev !== 0) writer.varint(inode.rdev);
  if (inode.shape.length > 0) writer.bytes(inode.shape);
  if (inode.space !== null) {
    writer.varint(inode.space.holes);
    writer.varint(inode.space.dataEnd);
  }
}

function hasReach({ reach, unsure }: Inode): boolean {
  return reach > 0 || unsure;
}

function readInode(reader: BinaryReader): Inode {
  const parts = reader.byte();
  const inode = new Inode(reader.varint(), reader.varint());
  inode.uid = reader.varint();
  inode.gid = reader.varint();
  inode.nlink = reader.varint();
  inode.size = reader.varint();
  inode.atime = readTime(reader);
  inode.mtime = readTime(reader);
  inode.ctime = readTime(reader);
  inode.btime = readTime(reader);
  inode.version = reader.varint();
  inode.timeWarpSeq = reader.varint();
  if ((parts & Part.symlink) !== 0) inode.symlink = reader.bytes();
  if ((parts & Part.xattrs) !== 0) {
    const xattrs: KeyValue[] = [];
    for (let left = reader.count(); left > 0; left--) {
      const xattr = { key: reader.bytes(), value: reader.bytes() };
      if (pinKey.equals(xattr.key)) inode.pin = Number(Buffer.from(xattr.value).toString());
      else xattrs.push(xattr);
    }
    inode.xattrs = xattrs;
  }
  if ((parts & Part.layout) !== 0)
    inode.layout = { pool: reader.varint(), objectSize: reader.varint(), stripeUnit: reader.varint(), stripeCount: reader.varint() };
  if ((parts & Part.reach) !== 0 && !inode.isDirectory) {
    if (!inode.isRegular) throw reader.damaged('what is no file has been written to');
    inode.reach = reader.varint();
    const flags = reader.byte();
    inode.reachedBeside = (flags & Reach.beside) !== 0;
    inode.doubtful = (flags & Reach.doubtful) !== 0;
    inode.unsure = (flags & Reach.unsure) !== 0;
  }
  if ((parts & Part.directory) !== 0 && inode.isDirectory) {
    inode.entries = reader.varint();
    inode.subdirs = reader.varint();
    inode.parent = reader.varint();
    inode.nextPosition = reader.varint();
    inode.recursive = { bytes: reader.varint(), files: reader.varint(), subdirs: reader.varint(), ctime: readTime(reader) };
    inode.counted = { bytes: reader.varint(), files: reader.varint(), subdirs: reader.varint() };
  }
  if ((parts & Part.truncation) !== 0) inode.truncateFrom = reader.varint();
  if ((parts & Part.names) !== 0 && !inode.isDirectory) inode.names = readNames(reader);
  if ((parts & Part.quota) !== 0 && inode.isDirectory) inode.quota = { maxBytes: reader.varint(), maxFiles: reader.varint() };
  if ((parts & Part.rdev) !== 0) inode.rdev = reader.varint();
  if ((parts & Part.space) !== 0 && !inode.isDirectory) inode.space = { holes: reader.varint(), dataEnd: reader.varint() };
  if ((parts & Part.shape) !== 0 && inode.isDirectory) {
    inode.shape = reader.bytes();
    // Damage is told here, where it is read.
    fragmentsOf(inode.shape);
  }
  return inode;
}

function readNames(reader: BinaryReader): Place[] {
  return Array.from({ length: reader.count() }, () => readPlace(reader));
}

function writeTime(writer: BinaryWriter, { sec, nsec }: Timespec): void {
  writer.signed(sec);
  writer.varint(nsec);
}

function readTime(reader: BinaryReader): Timespec {
  const sec = reader.signed();
  const nsec = reader.varint();
  if (nsec > 999_999_999) throw reader.damaged('a time has more than a second of nanoseconds');
  return { sec, nsec };
}
