/**
 * What ranks write down of one another: messages on their way, subtrees that others hold. Drawn in docs/ON-DISK.md.
 * @module
 */
import type { Edit } from '../core/edit.ts';
import type { RecursiveCounts } from '../core/inode.ts';
import type { Given, RankMessage } from '../core/subtrees.ts';
import { BinaryReader, type BinaryWriter } from './binary.ts';
import { readPlace, readPlacedDentry, writePlace, writePlacedDentry } from './inode-codec.ts';

const Kind = { move: 1, counts: 2, lend: 3, return: 4, close: 5, estate: 6, heir: 7, open: 8 } as const;
const EditKind = { unname: 1, inode: 2, name: 3 } as const;
/** The rank of a {@link Given} has this bit when names that are remembered, and how many there are, follow. */
const severalNames = 0x100;

export function writeMessage(writer: BinaryWriter, message: RankMessage): void {
  switch (message.kind) {
    case 'move':
      writer.byte(Kind.move);
      writer.varint(message.barrierEpoch);
      writePlacedDentry(writer, message.root);
      return;
    case 'counts':
      writer.byte(Kind.counts);
      writer.varint(message.ino);
      writeCounts(writer, message.counts);
      return;
    case 'lend':
      writer.byte(Kind.lend);
      writer.latin1(message.loan);
      return;
    case 'return':
      writer.byte(Kind.return);
      writer.varint(message.loans.length);
      for (const loan of message.loans) writer.latin1(loan);
      writer.signed(message.now.sec);
      writer.varint(message.now.nsec);
      writer.varint(message.edits.length);
      for (const edit of message.edits) writeEdit(writer, edit);
      return;
    case 'close':
    case 'open':
      writer.byte(Kind[message.kind]);
      return;
    case 'estate':
      writer.byte(Kind.estate);
      writer.varint(message.barrierEpoch);
      writer.varint(message.dentries.length);
      for (const dentry of message.dentries) writePlacedDentry(writer, dentry);
      writer.varint(message.given.length);
      for (const [ino, given] of message.given) {
        writer.varint(ino);
        writeGiven(writer, given);
      }
      return;
    case 'heir':
      writer.byte(Kind.heir);
      writer.byte(Number(message.last));
      writer.varint(message.inos.length);
      for (const ino of message.inos) writer.varint(ino);
  }
}

export function readMessage(reader: BinaryReader): RankMessage {
  const kind = reader.byte();
  if (kind === Kind.move) {
    const barrierEpoch = reader.varint();
    const root = readPlacedDentry(reader);
    if (root.inode?.isDirectory !== true) throw reader.damaged('a subtree without a directory');
    return { kind: 'move', root, barrierEpoch };
  }
  if (kind === Kind.lend) return { kind: 'lend', loan: reader.latin1() };
  if (kind === Kind.return) {
    const loans = Array.from({ length: reader.count() }, () => reader.latin1());
    const now = { sec: reader.signed(), nsec: reader.varint() };
    return { kind: 'return', loans, now, edits: Array.from({ length: reader.count() }, () => readEdit(reader)) };
  }
  if (kind === Kind.close) return { kind: 'close' };
  if (kind === Kind.open) return { kind: 'open' };
  if (kind === Kind.estate) {
    const barrierEpoch = reader.varint();
    const dentries = Array.from({ length: reader.count() }, () => readPlacedDentry(reader));
    if (dentries.some(({ inode }) => inode === undefined))
      throw reader.damaged('a name without an inode is nothing to leave to another rank');
    const given = Array.from({ length: reader.count() }, () => [reader.varint(), readGiven(reader)] as const);
    return { kind: 'estate', dentries, given, barrierEpoch };
  }
  if (kind === Kind.heir) {
    const last = reader.byte() === 1;
    return { kind: 'heir', inos: Array.from({ length: reader.count() }, () => reader.varint()), last };
  }
  if (kind !== Kind.counts) throw reader.damaged(`unknown message ${kind}`);
  return { kind: 'counts', ino: reader.varint(), counts: readCounts(reader) };
}

function writeEdit(writer: BinaryWriter, edit: Edit): void {
  writer.byte(EditKind[edit.kind]);
  switch (edit.kind) {
    case 'unname':
      writePlace(writer, edit);
      return;
    case 'inode':
      writer.varint(edit.ino);
      for (const signed of [edit.links, edit.left, edit.came]) writer.signed(signed);
      writer.varint(edit.parent);
      return;
    case 'name':
      writePlace(writer, edit);
      for (const number of [edit.ino, edit.type, edit.rank, edit.position]) writer.varint(number);
  }
}

function readEdit(reader: BinaryReader): Edit {
  const kind = reader.byte();
  if (kind === EditKind.unname) return { kind: 'unname', ...readPlace(reader) };
  if (kind === EditKind.inode) {
    const ino = reader.varint();
    return { kind: 'inode', ino, links: reader.signed(), left: reader.signed(), came: reader.signed(), parent: reader.varint() };
  }
  if (kind !== EditKind.name) throw reader.damaged(`unknown edit ${kind}`);
  return {
    kind: 'name',
    ...readPlace(reader),
    ino: reader.varint(),
    type: reader.varint(),
    rank: reader.varint(),
    position: reader.varint(),
  };
}

/** As it goes from rank to rank. */
export function encodeMessage(writer: BinaryWriter, message: RankMessage): Buffer {
  writeMessage(writer, message);
  return writer.take();
}

/** FsError EILSEQ. */
export function decodeMessage(bytes: Uint8Array, what: string): RankMessage {
  const reader = new BinaryReader(bytes, what);
  const message = readMessage(reader);
  reader.end();
  return message;
}

export function writeGiven(writer: BinaryWriter, { place, rank, counted, names, others }: Given): void {
  writePlace(writer, place);
  writer.varint(names > 1 ? rank | severalNames : rank);
  writeCounts(writer, counted);
  if (names === 1) return;
  writer.varint(names);
  writer.varint(others.length);
  for (const other of others) writePlace(writer, other);
}

export function readGiven(reader: BinaryReader): Given {
  const place = readPlace(reader);
  const rank = reader.varint();
  const given = { place, rank: rank & ~severalNames, counted: readCounts(reader), names: 1, others: [] };
  if ((rank & severalNames) === 0) return given;
  return { ...given, names: reader.varint(), others: Array.from({ length: reader.count() }, () => readPlace(reader)) };
}

function writeCounts(writer: BinaryWriter, { bytes, files, subdirs }: RecursiveCounts): void {
  for (const count of [bytes, files, subdirs]) writer.varint(count);
}

function readCounts(reader: BinaryReader): RecursiveCounts {
  return { bytes: reader.varint(), files: reader.varint(), subdirs: reader.varint() };
}
