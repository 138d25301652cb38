/**
 * Journal entries, segment headers and the journal's head, as bytes. Drawn in docs/ON-DISK.md.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { Change, JournalEntry, RequestMark } from '../core/change.ts';
import type { FragmentId } from '../core/fragment-shape.ts';
import { BinaryReader, BinaryWriter, checksum } from './binary.ts';
import { readPlace, readPlacedDentry, writePlace, writePlacedDentry } from './inode-codec.ts';
import { readGiven, readMessage, writeGiven, writeMessage } from './subtree-codec.ts';

/** Length and CRC-32C before every entry. */
export const entryHeaderBytes = 8;
export const segmentHeaderBytes = 64;
export const headBytes = 64;
/** No entry is larger: a length above it is damage. */
export const entryBytesMax = 4 * 1024 * 1024;

const formatVersion = 1;
const segmentMagic = 'NACREJSG';
const headMagic = 'NACREJHD';
const Kind = {
  set: 1,
  remove: 2,
  forget: 3,
  session: 4,
  sessionEnd: 5,
  nextIno: 6,
  reshaped: 7,
  mark: 8,
  message: 9,
  given: 10,
  leave: 11,
  unmark: 12,
} as const;

/** An entry with its place. */
export interface PlacedEntry {
  readonly seq: number;
  /** What was safe when it was queued: proof that everything up to there was once durable. */
  readonly safeSeq: number;
  /** Bytes, without its header. */
  readonly length: number;
  readonly entry: JournalEntry;
}

export interface SegmentHeader {
  readonly index: number;
  /** Position of its first entry. Entries of the segment before it that are not below were written by a dead MDS. */
  readonly firstSeq: number;
  /** Instance of the MDS that writes it. */
  readonly writer: number;
}

/** Where the journal begins. */
export interface JournalHead {
  readonly firstSegment: number;
  /** Position of the first entry there. */
  readonly firstSeq: number;
  /** Instance of the MDS that wrote it. */
  readonly writer: number;
  readonly fsid: string;
  /** One above the newest segment that was there when it was written, or before; 0: none was. */
  readonly begun: number;
}

/** Appends `entry` with header to `writer`. */
export function writeEntry(writer: BinaryWriter, seq: number, safeSeq: number, { mark, changes }: JournalEntry): void {
  const header = writer.hole32();
  writer.hole32();
  writer.varint(seq);
  writer.varint(safeSeq);
  writer.byte(mark === undefined ? 0 : 1);
  if (mark !== undefined) writeMark(writer, mark);
  writer.varint(changes.length);
  for (const change of changes) writeChange(writer, change);
  writer.patch32(header, writer.length - header - entryHeaderBytes);
  writer.patch32(header + 4, writer.checksumFrom(header + entryHeaderBytes));
}

/**
 * The entries in `bytes`, which begins at an entry's header, `offset` in what it is of; ends before a header of zeros (a write that
 * never happened).
 */
export function* readEntries(bytes: Buffer, what: string, offset = 0): Generator<PlacedEntry> {
  for (let at = 0; ;) {
    const placed = readEntryAt(bytes, at, what, offset);
    if (placed === undefined) return;
    yield placed;
    at += entryHeaderBytes + placed.length;
  }
}

/** The entry whose header is at `at` in `bytes`; undefined: none was ever written there. FsError EILSEQ. */
export function readEntryAt(bytes: Buffer, at: number, what: string, offset = 0): PlacedEntry | undefined {
  if (at >= bytes.length) return undefined;
  if (bytes.length - at < entryHeaderBytes) throw damaged(what, offset + at, 'it is cut short');
  const length = bytes.readUInt32LE(at);
  if (length === 0 && bytes.readUInt32LE(at + 4) === 0) return undefined;
  if (length === 0 || length > entryBytesMax || at + entryHeaderBytes + length > bytes.length)
    throw damaged(what, offset + at, `it says that it has ${length} bytes`);
  const inside = bytes.subarray(at + entryHeaderBytes, at + entryHeaderBytes + length);
  if (checksum(inside) !== bytes.readUInt32LE(at + 4)) throw damaged(what, offset + at, 'its checksum does not match');
  return readEntry(new BinaryReader(inside, `the entry at ${offset + at} of ${what}`), length);
}

export function encodeSegmentHeader({ index, firstSeq, writer: instance }: SegmentHeader): Buffer {
  return sealed(segmentMagic, segmentHeaderBytes, (writer) => {
    writer.fixed64(index);
    writer.fixed64(firstSeq);
    writer.fixed64(instance);
  });
}

export function decodeSegmentHeader(bytes: Buffer, what: string): SegmentHeader {
  const reader = unsealed(bytes, segmentMagic, segmentHeaderBytes, what);
  return { index: reader.fixed64(), firstSeq: reader.fixed64(), writer: reader.fixed64() };
}

export function encodeHead({ firstSegment, firstSeq, writer: instance, fsid, begun }: JournalHead): Buffer {
  return sealed(headMagic, headBytes, (writer) => {
    writer.fixed64(firstSegment);
    writer.fixed64(firstSeq);
    writer.fixed64(instance);
    const id = Buffer.from(fsid.replaceAll('-', '').padEnd(32, '0').slice(0, 32), 'hex');
    for (const byte of id) writer.byte(byte);
    writer.fixed64(begun);
  });
}

export function decodeHead(bytes: Buffer, what: string): JournalHead {
  const reader = unsealed(bytes, headMagic, headBytes, what);
  const firstSegment = reader.fixed64();
  const firstSeq = reader.fixed64();
  const writer = reader.fixed64();
  const id = Buffer.from(Array.from({ length: 16 }, () => reader.byte())).toString('hex');
  const begun = reader.fixed64();
  return { firstSegment, firstSeq, writer, begun, fsid: id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') };
}

/** magic (8), version (4), fields, zeros, CRC-32C (4) of all before it. */
function sealed(magic: string, size: number, fields: (writer: BinaryWriter) => void): Buffer {
  const writer = new BinaryWriter();
  for (const character of magic) writer.byte(character.charCodeAt(0));
  writer.fixed32(formatVersion);
  fields(writer);
  while (writer.length < size - 4) writer.byte(0);
  writer.fixed32(writer.checksumFrom(0));
  return writer.take();
}

function unsealed(bytes: Buffer, magic: string, size: number, what: string): BinaryReader {
  if (bytes.length < size || bytes.toString('latin1', 0, 8) !== magic)
    throw new FsError('EILSEQ', `${what} is damaged: it does not begin like one`);
  if (bytes.readUInt32LE(size - 4) !== checksum(bytes.subarray(0, size - 4)))
    throw new FsError('EILSEQ', `${what} is damaged: its checksum does not match`);
  const version = bytes.readUInt32LE(8);
  if (version !== formatVersion)
    throw new FsError('EINVAL', `${what} has format version ${version}, this MDS knows ${formatVersion}: run the version that wrote it`);
  return new BinaryReader(bytes.subarray(12, size - 4), what);
}

function writeMark(writer: BinaryWriter, { instance, tid, oldestTid, usedIno, completed }: RequestMark): void {
  writer.varint(instance);
  writer.varint(tid);
  writer.varint(oldestTid);
  writer.varint(usedIno);
  writer.byte(completed.flag ? 1 : 0);
  writer.varint(completed.inos.length);
  for (const ino of completed.inos) writer.varint(ino);
}

function readMark(reader: BinaryReader, seq: number): RequestMark {
  const instance = reader.varint();
  const tid = reader.varint();
  const oldestTid = reader.varint();
  const usedIno = reader.varint();
  const flag = reader.byte() === 1;
  const inos: number[] = [];
  for (let left = reader.count(); left > 0; left--) inos.push(reader.varint());
  return { instance, tid, oldestTid, usedIno, completed: { inos, flag, journalSeq: seq } };
}

function readEntry(reader: BinaryReader, length: number): PlacedEntry {
  const seq = reader.varint();
  const safeSeq = reader.varint();
  const mark = reader.byte() === 1 ? readMark(reader, seq) : undefined;
  const changes: Change[] = [];
  for (let left = reader.count(); left > 0; left--) changes.push(readChange(reader));
  reader.end();
  return { seq, safeSeq, length, entry: { mark, changes } };
}

function writeChange(writer: BinaryWriter, change: Change): void {
  switch (change.kind) {
    case 'set':
      writer.byte(Kind.set);
      writePlacedDentry(writer, change.dentry);
      return;
    case 'remove':
      writer.byte(Kind.remove);
      writePlace(writer, change);
      return;
    case 'reshaped':
      writer.byte(Kind.reshaped);
      writer.varint(change.directory);
      writer.varint(change.sources.length);
      for (const { bits, value } of change.sources) {
        writer.varint(bits);
        writer.varint(value);
      }
      return;
    case 'forget':
      writer.byte(Kind.forget);
      writer.varint(change.ino);
      return;
    case 'session':
      writer.byte(Kind.session);
      writer.varint(change.instance);
      writer.bytes(Buffer.from(change.name));
      writer.bytes(Buffer.from(change.root));
      writer.varint(change.ranges.length);
      for (const { first, count } of change.ranges) {
        writer.varint(first);
        writer.varint(count);
      }
      return;
    case 'session-end':
      writer.byte(Kind.sessionEnd);
      writer.varint(change.instance);
      return;
    case 'next-ino':
      writer.byte(Kind.nextIno);
      writer.varint(change.ino);
      return;
    case 'mark':
      writer.byte(change.value === undefined ? Kind.unmark : Kind.mark);
      writer.latin1(change.key);
      if (change.value !== undefined) writer.varint(change.value);
      return;
    case 'message':
      writer.byte(Kind.message);
      writer.varint(change.rank);
      writer.varint(change.seq);
      writer.byte(change.message === undefined ? 0 : 1);
      if (change.message !== undefined) writeMessage(writer, change.message);
      return;
    case 'given':
      writer.byte(Kind.given);
      writer.varint(change.ino);
      writer.byte(change.given === undefined ? 0 : 1);
      if (change.given !== undefined) writeGiven(writer, change.given);
      return;
    case 'leave':
      writer.byte(Kind.leave);
      writer.varint(change.directories.length);
      for (const ino of change.directories) writer.varint(ino);
  }
}

function readChange(reader: BinaryReader): Change {
  const kind = reader.byte();
  switch (kind) {
    case Kind.set:
      return { kind: 'set', dentry: readPlacedDentry(reader) };
    case Kind.remove:
      return { kind: 'remove', ...readPlace(reader), unstored: false };
    case Kind.reshaped: {
      const directory = reader.varint();
      const sources: FragmentId[] = [];
      for (let left = reader.count(); left > 0; left--) sources.push({ bits: reader.varint(), value: reader.varint() });
      return { kind: 'reshaped', directory, sources };
    }
    case Kind.forget:
      return { kind: 'forget', ino: reader.varint() };
    case Kind.session: {
      const instance = reader.varint();
      const name = Buffer.from(reader.bytes()).toString();
      const root = Buffer.from(reader.bytes()).toString();
      const ranges = [];
      for (let left = reader.count(); left > 0; left--) ranges.push({ first: reader.varint(), count: reader.varint() });
      return { kind: 'session', instance, name, root, ranges };
    }
    case Kind.sessionEnd:
      return { kind: 'session-end', instance: reader.varint() };
    case Kind.nextIno:
      return { kind: 'next-ino', ino: reader.varint() };
    case Kind.mark:
      return { kind: 'mark', key: reader.latin1(), value: reader.varint() };
    case Kind.unmark:
      return { kind: 'mark', key: reader.latin1(), value: undefined };
    case Kind.message: {
      const rank = reader.varint();
      const seq = reader.varint();
      return { kind: 'message', rank, seq, message: reader.byte() === 0 ? undefined : readMessage(reader) };
    }
    case Kind.given: {
      const ino = reader.varint();
      return { kind: 'given', ino, given: reader.byte() === 0 ? undefined : readGiven(reader) };
    }
    case Kind.leave:
      return { kind: 'leave', directories: Array.from({ length: reader.count() }, () => reader.varint()) };
    default:
      throw reader.damaged(`unknown change ${kind}`);
  }
}

function damaged(what: string, at: number, why: string): FsError {
  return new FsError('EILSEQ', `${what} is damaged at byte ${at}: ${why}`);
}
