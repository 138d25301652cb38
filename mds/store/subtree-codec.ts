/**
 * What ranks write down of one another: messages on their way, subtrees that others hold. Drawn in docs/ON-DISK.md.
 * @module
 */
import type { ByteString } from '../../common/maps/ids.ts';
import type { RecursiveCounts } from '../core/inode.ts';
import type { Given, RankMessage } from '../core/subtrees.ts';
import { BinaryReader, type BinaryWriter } from './binary.ts';
import { readDentry, writeDentry } from './inode-codec.ts';

const Kind = { move: 1, counts: 2 } as const;

export function writeMessage(writer: BinaryWriter, message: RankMessage): void {
  switch (message.kind) {
    case 'move':
      writer.byte(Kind.move);
      writer.varint(message.barrierEpoch);
      writer.varint(message.root.directory);
      writer.latin1(message.root.name);
      writeDentry(writer, message.root);
      return;
    case 'counts':
      writer.byte(Kind.counts);
      writer.varint(message.ino);
      writeCounts(writer, message.counts);
  }
}

export function readMessage(reader: BinaryReader): RankMessage {
  const kind = reader.byte();
  if (kind === Kind.move) {
    const barrierEpoch = reader.varint();
    const directory = reader.varint();
    const root = readDentry(reader, directory, reader.latin1() as ByteString);
    if (root.inode?.isDirectory !== true) throw reader.damaged('a subtree without a directory');
    return { kind: 'move', root, barrierEpoch };
  }
  if (kind !== Kind.counts) throw reader.damaged(`unknown message ${kind}`);
  return { kind: 'counts', ino: reader.varint(), counts: readCounts(reader) };
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

export function writeGiven(writer: BinaryWriter, { place, rank, counted }: Given): void {
  writer.varint(place.directory);
  writer.latin1(place.name);
  writer.varint(rank);
  writeCounts(writer, counted);
}

export function readGiven(reader: BinaryReader): Given {
  const place = { directory: reader.varint(), name: reader.latin1() as ByteString };
  return { place, rank: reader.varint(), counted: readCounts(reader) };
}

function writeCounts(writer: BinaryWriter, { bytes, files, subdirs }: RecursiveCounts): void {
  for (const count of [bytes, files, subdirs]) writer.varint(count);
}

function readCounts(reader: BinaryReader): RecursiveCounts {
  return { bytes: reader.varint(), files: reader.varint(), subdirs: reader.varint() };
}
