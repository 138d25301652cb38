import test from 'ava';
import { ino } from '../../../../common/maps/ids.ts';
import * as abi from '../../../../fuse-client/driver/kernel/abi.ts';
import { Reply, writeStatx } from '../../../../fuse-client/driver/kernel/reply.ts';
import type { Attributes } from '../../../../fuse-client/vfs/filesystem.ts';

const attributes: Attributes = {
  ino: ino(0x1_2345_6789_abcd),
  mode: 0o100644,
  nlink: 3,
  uid: 4_000_000_000,
  gid: 7,
  rdev: 0x1111_2c70,
  size: 0x2_0000_0001,
  blocks: 0x1000_0001,
  blockSize: 4096,
  atime: { sec: 0x1_0000_0002, nsec: 999_999_999 },
  mtime: { sec: -2, nsec: 123_456_789 },
  ctime: { sec: 1, nsec: 2 },
  btime: { sec: 3, nsec: 4 },
};

const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('hex')
    .replaceAll(/(.{16})(?=.)/g, '$1 ');

/** struct fuse_attr of `attributes`, eight bytes a group. */
const attributesHex = [
  'cdab896745230100', // ino
  '0100000002000000', // size
  '0100001000000000', // blocks
  '0200000001000000', // atime
  'feffffffffffffff', // mtime: -2
  '0100000000000000', // ctime
  'ffc99a3b15cd5b07', // atimensec, mtimensec
  '02000000a4810000', // ctimensec, mode
  '0300000000286bee', // nlink, uid
  '07000000702c1111', // gid, rdev
  '0010000000000000', // blksize, flags
].join(' ');

test("reply: header → length, negative errno, the request's id", (t) => {
  const reply = new Reply();
  t.is(reply.finish(0x89abcdef, 0x01234567, 2, 0), abi.replyHeaderBytes);
  t.is(hex(reply.bytes.subarray(0, 16)), '10000000feffffff efcdab8967452301');
});

test('reply: attributes → struct fuse_attr_out, valid for ever or not at all', (t) => {
  const reply = new Reply();
  t.is(reply.attributesReply(0, attributes, false), abi.attributesReplyBytes);
  t.is(hex(reply.bytes.subarray(0, abi.attributesReplyBytes)), `0000000000000000 0000000000000000 ${attributesHex}`);
  reply.attributesReply(0, attributes, true);
  t.is(hex(reply.bytes.subarray(0, 16)), '8033e10100000000 0000000000000000');
});

test('reply: entry → struct fuse_entry_out', (t) => {
  const reply = new Reply();
  t.is(reply.entry(0, attributes, true, false), abi.entryBytes);
  const header = 'cdab896745230100 0000000000000000 0000000000000000 8033e10100000000 0000000000000000';
  t.is(hex(reply.bytes.subarray(0, abi.entryBytes)), `${header} ${attributesHex}`);
});

test('reply: absent name → inode 0 and how long that holds, whatever was there before', (t) => {
  const reply = new Reply();
  reply.bytes.fill(0xff);
  t.is(reply.negativeEntry(16, true), abi.entryBytes);
  const expected = Buffer.alloc(abi.entryBytes);
  expected.writeUInt32LE(365 * 86_400, 16);
  t.deepEqual(reply.bytes.subarray(16, 16 + abi.entryBytes), expected);
});

test('reply: open → struct fuse_open_out', (t) => {
  const reply = new Reply();
  t.is(reply.open(0, 0x1_0000_0005, abi.OpenFlag.keepCache | abi.OpenFlag.directIo), abi.openReplyBytes);
  t.is(hex(reply.bytes.subarray(0, 16)), '0500000001000000 0300000000000000');
});

test('reply: statx → birth time and a split device number', (t) => {
  const words = new Uint32Array(abi.statxReplyBytes / 4).fill(0xffff_ffff);
  writeStatx(words, 0, attributes, false);
  const at = (offset: number): number => words[(32 + offset) / 4] as number; // struct fuse_statx within the reply
  t.is(words[0], 0);
  t.is(at(0), 0xfff);
  t.is(at(28), 0o100644);
  t.deepEqual([at(64), at(68), at(72)], [2, 1, 999_999_999], 'atime');
  t.deepEqual([at(80), at(84), at(88)], [3, 0, 4], 'btime');
  t.deepEqual([at(112), at(116), at(120)], [0xffff_fffe, 0xffff_ffff, 123_456_789], 'mtime');
  t.deepEqual([at(128), at(132)], [300, 70_000], 'device');
});
