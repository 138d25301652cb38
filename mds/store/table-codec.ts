/**
 * Values of the small tables: locations, sessions, single values. Version, record, CRC-32C. Drawn in docs/ON-DISK.md.
 * @module
 */
import type { Dentry, Inode, Place } from '../core/inode.ts';
import type { Damage } from '../core/damage-table.ts';
import { MdsSession } from '../core/session.ts';
import type { Given, RankMessage } from '../core/subtrees.ts';
import type { BinaryWriter } from './binary.ts';
import { checkedRecord, readPlace, readPlacedDentry, writePlace, writePlacedDentry } from './inode-codec.ts';
import { readGiven, readMessage, writeGiven, writeMessage } from './subtree-codec.ts';

const recordVersion = 1;
const locationVersion = 2;

export function encodeNumber(writer: BinaryWriter, value: number): Buffer {
  writer.byte(recordVersion);
  writer.varint(value);
  writer.fixed32(writer.checksumFrom(0));
  return writer.take();
}

export function decodeNumber(value: Uint8Array, what: string): number {
  const reader = checkedRecord(value, what);
  const number = reader.varint();
  reader.end();
  return number;
}

export function encodeLocation(writer: BinaryWriter, place: Place): Buffer {
  writer.byte(locationVersion);
  writePlace(writer, place);
  writer.fixed32(writer.checksumFrom(0));
  return writer.take();
}

export function decodeLocation(value: Uint8Array, what: string): Place {
  const reader = checkedRecord(value, what, locationVersion);
  const place = readPlace(reader);
  reader.end();
  return place;
}

/** What the data pool has of an inode: its name, with itself. */
export function encodeRecord(writer: BinaryWriter, dentry: Dentry): Buffer {
  writer.byte(recordVersion);
  writePlacedDentry(writer, dentry);
  writer.fixed32(writer.checksumFrom(0));
  return writer.take();
}

/** FsError EILSEQ, EINVAL. */
export function decodeRecord(value: Uint8Array, what: string): Dentry & { readonly inode: Inode } {
  const reader = checkedRecord(value, what);
  const dentry = readPlacedDentry(reader);
  reader.end();
  const { inode } = dentry;
  if (inode === undefined) throw reader.damaged('it has no inode');
  return Object.assign(dentry, { inode });
}

export function encodeSession(writer: BinaryWriter, session: MdsSession): Buffer {
  writer.byte(recordVersion);
  writer.varint(session.instance);
  writer.bytes(Buffer.from(session.name));
  writer.bytes(Buffer.from(session.root));
  writer.varint(session.ranges.length);
  for (const { first, count } of session.ranges) {
    writer.varint(first);
    writer.varint(count);
  }
  writer.varint(session.oldestTid);
  writer.varint(session.completed.size);
  for (const [tid, { inos, flag, journalSeq }] of session.completed) {
    writer.varint(tid);
    writer.varint(journalSeq);
    writer.byte(flag ? 1 : 0);
    writer.varint(inos.length);
    for (const ino of inos) writer.varint(ino);
  }
  writer.fixed32(writer.checksumFrom(0));
  return writer.take();
}

export function decodeSession(value: Uint8Array): MdsSession {
  const reader = checkedRecord(value, 'a record of the session table');
  const session = new MdsSession(reader.varint(), Buffer.from(reader.bytes()).toString(), Buffer.from(reader.bytes()).toString());
  for (let left = reader.count(); left > 0; left--) session.ranges.push({ first: reader.varint(), count: reader.varint() });
  session.oldestTid = reader.varint();
  for (let left = reader.count(); left > 0; left--) {
    const tid = reader.varint();
    const journalSeq = reader.varint();
    const flag = reader.byte() === 1;
    const inos: number[] = [];
    for (let more = reader.count(); more > 0; more--) inos.push(reader.varint());
    session.complete(tid, { inos, flag, journalSeq });
  }
  reader.end();
  return session;
}

export function encodeStoredMessage(writer: BinaryWriter, message: RankMessage): Buffer {
  writer.byte(recordVersion);
  writeMessage(writer, message);
  writer.fixed32(writer.checksumFrom(0));
  return writer.take();
}

export function decodeStoredMessage(value: Uint8Array, what: string): RankMessage {
  const reader = checkedRecord(value, what);
  const message = readMessage(reader);
  reader.end();
  return message;
}

export function encodeGiven(writer: BinaryWriter, given: Given): Buffer {
  writer.byte(recordVersion);
  writeGiven(writer, given);
  writer.fixed32(writer.checksumFrom(0));
  return writer.take();
}

export function decodeGiven(value: Uint8Array, what: string): Given {
  const reader = checkedRecord(value, what);
  const given = readGiven(reader);
  reader.end();
  return given;
}

export function encodeDamage(writer: BinaryWriter, { path, ino, object, what }: Damage): Buffer {
  writer.byte(recordVersion);
  writer.varint(ino);
  for (const text of [path, object, what]) writer.bytes(Buffer.from(text));
  writer.fixed32(writer.checksumFrom(0));
  return writer.take();
}

export function decodeDamage(value: Uint8Array): Damage {
  const reader = checkedRecord(value, 'a record of the table of damage');
  const ino = reader.varint();
  const text = (): string => Buffer.from(reader.bytes()).toString();
  const damage = { ino, path: text(), object: text(), what: text() };
  reader.end();
  return damage;
}
