import test from 'ava';
import type { ByteString } from '../../../common/maps/ids.ts';
import { nameHash } from '../../../mds/client/hash-bag.ts';
import { positionOf } from '../../../mds/core/directory.ts';
import { FileType } from '../../../mds/client/file-mode.ts';
import type { Change } from '../../../mds/core/change.ts';
import { Inode, type Dentry } from '../../../mds/core/inode.ts';
import { MdsSession } from '../../../mds/core/session.ts';
import { BinaryReader, BinaryWriter } from '../../../mds/store/binary.ts';
import { decodeDentry, encodeDentry } from '../../../mds/store/inode-codec.ts';
import {
  decodeHead,
  decodeSegmentHeader,
  encodeHead,
  encodeSegmentHeader,
  headBytes,
  readEntries,
  segmentHeaderBytes,
  writeEntry,
} from '../../../mds/store/journal-codec.ts';
import {
  decodeLocation,
  decodeNumber,
  decodeSession,
  encodeLocation,
  encodeNumber,
  encodeSession,
} from '../../../mds/store/table-codec.ts';

const name = 'n\xffme' as ByteString;
const damaged = { code: 'EILSEQ' };

function fullInode(): Inode {
  const inode = new Inode(0x1_0000_0000_00ab, FileType.directory | 0o2755);
  Object.assign(inode, {
    uid: 1000,
    gid: 4_294_967_294,
    nlink: 3,
    rdev: 0x103,
    size: 2 ** 50,
    atime: { sec: -62_135_596_800, nsec: 999_999_999 },
    mtime: { sec: 0, nsec: 0 },
    ctime: { sec: 253_402_300_799, nsec: 1 },
    btime: { sec: 1_767_225_600, nsec: 500 },
    symlink: Uint8Array.of(1, 255),
    xattrs: [
      { key: Buffer.from('user.a'), value: Buffer.from([0, 1]) },
      { key: Buffer.from('user.b'), value: Buffer.alloc(0) },
    ],
    layout: { pool: 3, objectSize: 1 << 22, stripeUnit: 1 << 16, stripeCount: 4 },
    version: 77,
    timeWarpSeq: 2,
    entries: 5,
    subdirs: 1,
    recursive: { bytes: 10, files: 4, subdirs: 1, ctime: { sec: 5, nsec: 6 } },
    parent: 1,
    shape: Uint8Array.of(1, 0),
    truncateFrom: 99,
    quota: { maxBytes: 2 ** 40, maxFiles: 1000 },
    nextPosition: 21,
    counted: { bytes: 9, files: 3, subdirs: 1 },
  });
  return inode;
}

function dentryOf(inode: Inode | undefined): Dentry {
  return {
    directory: 1,
    name,
    position: 2 ** 51 + 16,
    inode,
    remoteIno: inode === undefined ? 0x1234 : 0,
    remoteType: inode === undefined ? FileType.regular : 0,
    stored: true,
    removed: false,
  };
}

test('dentry records: everything an inode has → comes back', (t) => {
  const writer = new BinaryWriter();
  const inode = fullInode();
  const decoded = decodeDentry(encodeDentry(writer, dentryOf(inode)), 1, name);
  t.is(decoded.position, 2 ** 51 + 16);
  const plain = (value: object): unknown =>
    JSON.parse(
      JSON.stringify(value, function (this: Record<string, unknown>, key, each: unknown) {
        const raw = this[key];
        return raw instanceof Uint8Array ? Buffer.from(raw).toString('hex') : each;
      }),
    );
  t.deepEqual(plain(decoded.inode ?? {}), plain(inode));
  const remote = decodeDentry(encodeDentry(writer, dentryOf(undefined)), 1, name);
  t.deepEqual([remote.inode, remote.remoteIno, remote.remoteType], [undefined, 0x1234, FileType.regular]);
});

test('dentry records: the bytes on disk → never change', (t) => {
  const writer = new BinaryWriter();
  const file = new Inode(2 ** 40, FileType.regular | 0o644);
  file.size = 300;
  file.mtime = { sec: 1_767_225_600, nsec: 1 };
  t.is(encodeDentry(writer, { ...dentryOf(file), position: 16 }).toString('hex'), golden.file);
  file.space = { holes: 200, dataEnd: 299 };
  t.is(encodeDentry(writer, { ...dentryOf(file), position: 16 }).toString('hex'), golden.sparse);
  t.deepEqual(decodeDentry(Buffer.from(golden.sparse, 'hex'), 1, name).inode?.space, file.space);
  file.space = null;
  file.names = [
    { directory: 1, name },
    { directory: 2 ** 40 + 7, name: '\xff' as ByteString },
  ];
  t.is(encodeDentry(writer, { ...dentryOf(file), position: 16 }).toString('hex'), golden.linked);
  t.deepEqual(decodeDentry(Buffer.from(golden.linked, 'hex'), 1, name).inode?.names, file.names);
  t.is(encodeDentry(writer, dentryOf(undefined)).toString('hex'), golden.remote);
  t.is(encodeDentry(writer, dentryOf(fullInode())).toString('hex'), golden.full);
  t.is(nameHash('name' as ByteString), 0xa484c34a);
  t.is(positionOf('name' as ByteString, 16), (0xa484c34a >>> 12) * 2 ** 32 + 16);
});

test('dentry records: any byte flipped or cut off → EILSEQ, never a wrong inode', (t) => {
  const good = encodeDentry(new BinaryWriter(), dentryOf(fullInode()));
  for (let at = 0; at < good.length; at++) {
    const bad = Buffer.from(good);
    bad[at] = (bad[at] as number) ^ 0x10;
    t.throws(() => decodeDentry(bad, 1, name), damaged, `byte ${at}`);
    t.throws(() => decodeDentry(good.subarray(0, at), 1, name), damaged, `cut at ${at}`);
  }
});

test('dentry records: a later format version → EINVAL that says so', (t) => {
  const writer = new BinaryWriter();
  writer.byte(2);
  writer.fixed32(writer.checksumFrom(0));
  const error = t.throws(() => decodeDentry(writer.take(), 1, name), { code: 'EINVAL' });
  t.regex(error.message, /format version 2/);
});

test('tables: sessions and numbers → come back; damage is told', (t) => {
  const writer = new BinaryWriter();
  const session = new MdsSession(2 ** 52, 'client.ä', '/sub');
  session.ranges = [{ first: 2 ** 40, count: 4096 }];
  session.oldestTid = 7;
  session.complete(7, { inos: [2 ** 40, 1], flag: true, journalSeq: 12 });
  session.complete(9, { inos: [], flag: false, journalSeq: 13 });
  const bytes = encodeSession(writer, session);
  t.deepEqual(decodeSession(bytes), session);
  const number = encodeNumber(writer, 2 ** 53 - 1);
  t.is(decodeNumber(number, 'it'), 2 ** 53 - 1);
  const place = { directory: 2 ** 41, name };
  const location = encodeLocation(writer, place);
  t.deepEqual(decodeLocation(location, 'it'), place);
  const decode = new Map<Buffer, (bytes: Buffer) => unknown>([
    [bytes, decodeSession],
    [number, (bad) => decodeNumber(bad, 'it')],
    [location, (bad) => decodeLocation(bad, 'it')],
  ]);
  for (const [good, read] of decode) {
    for (let at = 0; at < good.length; at++) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] as number) ^ 1;
      t.throws(() => read(bad), damaged);
    }
  }
});

test('journal headers: 64 bytes each, checked', (t) => {
  const header = { index: 5, firstSeq: 2 ** 40, writer: 2 ** 53 - 1 };
  const bytes = encodeSegmentHeader(header);
  t.is(bytes.length, segmentHeaderBytes);
  t.is(segmentHeaderBytes, 64);
  t.deepEqual(decodeSegmentHeader(bytes, 'it'), header);
  const head = { firstSegment: 1, firstSeq: 2, writer: 3, fsid: '6ad05c17-8c77-4b09-9b1a-52f5f2c01c5a', begun: 4 };
  const headed = encodeHead(head);
  t.is(headed.length, headBytes);
  t.deepEqual(decodeHead(headed, 'it'), head);
  for (let at = 0; at < 64; at++) {
    const bad = Buffer.from(bytes);
    bad[at] = (bad[at] as number) ^ 0x80;
    t.throws(() => decodeSegmentHeader(bad, 'it'), damaged, `byte ${at}`);
  }
  t.throws(() => decodeSegmentHeader(headed, 'it'), damaged);
});

test('journal entries: every kind of change → comes back in order', (t) => {
  const writer = new BinaryWriter();
  const mark = { instance: 2 ** 50, tid: 3, oldestTid: 2, usedIno: 2 ** 40, completed: { inos: [2 ** 40, 1], flag: true, journalSeq: 11 } };
  writeEntry(writer, 11, 9, {
    mark,
    changes: [
      { kind: 'set', dentry: dentryOf(fullInode()) },
      { kind: 'set', dentry: dentryOf(undefined) },
      { kind: 'remove', directory: 1, name, unstored: true },
      { kind: 'forget', ino: 5 },
    ],
  });
  writeEntry(writer, 12, 9, {
    mark: undefined,
    changes: [
      { kind: 'session', instance: 8, name: 'client.x', root: '', ranges: [{ first: 1, count: 2 }] },
      { kind: 'session-end', instance: 8 },
      { kind: 'next-ino', ino: 2 ** 41 },
      {
        kind: 'reshaped',
        directory: 2 ** 41,
        sources: [
          { bits: 0, value: 0 },
          { bits: 18, value: 2 ** 18 - 1 },
        ],
      },
    ],
  });
  const counts = { bytes: 2 ** 50, files: 3, subdirs: 0 };
  const between: Change[] = [
    { kind: 'mark', key: 'sent-1', value: 7 },
    { kind: 'message', rank: 1, seq: 7, message: { kind: 'counts', ino: 2 ** 48, counts } },
    { kind: 'message', rank: 15, seq: 1, message: undefined },
    { kind: 'mark', key: 'lent-1.0.7', value: undefined },
    { kind: 'given', ino: 2 ** 41, given: { place: { directory: 1, name }, rank: 2, counted: counts, names: 1, others: [] } },
    {
      kind: 'given',
      ino: 2 ** 42,
      given: { place: { directory: 1, name }, rank: 15, counted: counts, names: 70, others: [{ directory: 2 ** 41, name }] },
    },
    { kind: 'message', rank: 1, seq: 9, message: { kind: 'lend', loan: '1.0.abc.1' } },
    {
      kind: 'message',
      rank: 1,
      seq: 10,
      message: {
        kind: 'return',
        loans: ['1.0.abc.1', '1.0.abc.2'],
        now: { sec: -5, nsec: 7 },
        edits: [
          { kind: 'unname', directory: 2 ** 41, name },
          { kind: 'inode', ino: 2 ** 48, links: -1, left: 3, came: -1, parent: 0 },
          { kind: 'name', directory: 2 ** 41, name, ino: 2 ** 48, type: 0o100000, rank: 2, position: 2 ** 52 },
        ],
      },
    },
    { kind: 'given', ino: 2 ** 41, given: undefined },
    { kind: 'leave', directories: [2 ** 41, 2 ** 48 + 1] },
    { kind: 'message', rank: 0, seq: 11, message: { kind: 'close' } },
    { kind: 'message', rank: 0, seq: 12, message: { kind: 'open' } },
    { kind: 'message', rank: 2, seq: 13, message: { kind: 'heir', inos: [2 ** 41, 2 ** 48 + 1], last: false } },
    { kind: 'message', rank: 2, seq: 14, message: { kind: 'heir', inos: [], last: true } },
    {
      kind: 'message',
      rank: 0,
      seq: 15,
      message: {
        kind: 'estate',
        dentries: [],
        given: [[2 ** 41, { place: { directory: 1, name }, rank: 2, counted: counts, names: 1, others: [] }]],
        barrierEpoch: 77,
      },
    },
  ];
  const pinned = fullInode();
  pinned.pin = 3;
  const move: Change = { kind: 'message', rank: 1, seq: 8, message: { kind: 'move', root: dentryOf(pinned), barrierEpoch: 9 } };
  const left = { ...dentryOf(fullInode()), directory: 19, name: 'root' as ByteString };
  const estate: Change = { kind: 'message', rank: 0, seq: 16, message: { kind: 'estate', dentries: [left], given: [], barrierEpoch: 9 } };
  writeEntry(writer, 13, 9, { mark: undefined, changes: [...between, estate, move] });
  const bytes = writer.take();
  const entries = [...readEntries(bytes, 'it')];
  t.deepEqual(
    entries.map(({ seq, safeSeq }) => [seq, safeSeq]),
    [
      [11, 9],
      [12, 9],
      [13, 9],
    ],
  );
  t.deepEqual(entries[0]?.entry.mark, mark);
  t.deepEqual(
    entries[0]?.entry.changes.map(({ kind }) => kind),
    ['set', 'set', 'remove', 'forget'],
  );
  t.deepEqual(entries[1]?.entry.changes[0], { kind: 'session', instance: 8, name: 'client.x', root: '', ranges: [{ first: 1, count: 2 }] });
  t.deepEqual(entries[1]?.entry.changes.slice(1), [
    { kind: 'session-end', instance: 8 },
    { kind: 'next-ino', ino: 2 ** 41 },
    {
      kind: 'reshaped',
      directory: 2 ** 41,
      sources: [
        { bits: 0, value: 0 },
        { bits: 18, value: 2 ** 18 - 1 },
      ],
    },
  ]);
  t.deepEqual(entries[2]?.entry.changes.slice(0, -2), between);
  const inherited = entries[2]?.entry.changes.at(-2);
  const [heirloom] = inherited?.kind === 'message' && inherited.message?.kind === 'estate' ? inherited.message.dentries : [];
  t.like(heirloom, { directory: 19, name: 'root' });
  t.deepEqual([heirloom?.inode?.entries, heirloom?.inode?.xattrs.length], [pinned.entries, pinned.xattrs.length]);
  const moved = entries[2]?.entry.changes.at(-1);
  t.true(moved?.kind === 'message' && moved.message?.kind === 'move' && moved.message.barrierEpoch === 9);
  const root = moved?.kind === 'message' && moved.message?.kind === 'move' ? moved.message.root.inode : undefined;
  t.deepEqual([root?.pin, root?.xattrs.length, root?.entries], [3, pinned.xattrs.length, pinned.entries]);
  t.is([...readEntries(Buffer.concat([bytes, Buffer.alloc(16)]), 'it')].length, 3, 'zeros are a write that never happened');
  for (let at = 0; at < bytes.length; at++) {
    const bad = Buffer.from(bytes);
    bad[at] = (bad[at] as number) ^ 4;
    t.throws(() => [...readEntries(bad, 'it')], damaged, `byte ${at}`);
  }
});

test('binary: numbers up to 2^53 - 1 and strings of any bytes → come back; a reader never goes beyond its end', (t) => {
  const writer = new BinaryWriter();
  const numbers = [0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 35 + 1, 2 ** 49, 2 ** 53 - 1];
  for (const number of numbers) writer.varint(number);
  for (const number of numbers) writer.signed(-number);
  for (const number of numbers) writer.fixed64(number);
  const long = 'x'.repeat(40_000);
  writer.latin1(long);
  const bytes = writer.take();
  const reader = new BinaryReader(bytes, 'it');
  t.deepEqual(
    numbers.map(() => reader.varint()),
    numbers,
  );
  t.deepEqual(
    numbers.map(() => reader.signed() + 0),
    numbers.map((number) => -number + 0),
  );
  t.deepEqual(
    numbers.map(() => reader.fixed64()),
    numbers,
  );
  t.is(reader.latin1(), long);
  reader.end();
  t.throws(() => reader.byte(), damaged);
  t.throws(() => new BinaryReader(Buffer.alloc(9, 255), 'it').varint(), damaged);
  t.throws(() => new BinaryReader(Buffer.of(200, 1, 1), 'it').bytes(), damaged);
});

const golden = {
  file: '01011000808080808020a48302000001ac020000000080f2d6ca060100000000000001006697571c',
  linked: '01011020808080808020a48302000001ac020000000080f2d6ca060100000000000001000201046eff6d6587808080802001ff406588b7',
  sparse: '01011080808080808020a48302000001ac020000000080f2d6ca06010000000000000100c801ab02b5b213e7',
  remote: '01029080808080808004b42480800281146a21',
  full: '01019080808080808004ffab818080808040ed8b01e807feffffff0f0380808080808080020180eec7bce701ff93ebdc0300000000ff82d1ffaf07010080f2d6ca06f4034d020201ff0206757365722e6102000106757365722e6200038080800280800404050101150a040100050609030163808080808020e8078302020100feabb7a2',
};
