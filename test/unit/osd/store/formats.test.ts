/**
 * Golden bytes of the store's formats. If one of these changes, stores made before can no longer be read: raise
 * formatVersion and say in docs/ON-DISK.md what became of the old one.
 */
import test from 'ava';
import { FsError } from '../../../../common/errors/fs-error.ts';
import { pgId, poolId } from '../../../../common/maps/ids.ts';
import { ByteReader, ByteWriter } from '../../../../osd/store/block/byte-codec.ts';
import {
  decodeCollection,
  decodeDropped,
  encodeCollection,
  encodeDropped,
  newCollection,
} from '../../../../osd/store/block/collection-record.ts';
import { crc32c } from '../../../../osd/store/block/crc.ts';
import { decodeEffects, type EffectHandler, encodeHeadEffect } from '../../../../osd/store/block/effects.ts';
import { idKey, idOfKey, shardKey } from '../../../../osd/store/block/keys.ts';
import {
  paddedRecordBytes,
  readRecordHeader,
  recordHeaderBytes,
  recordIsWhole,
  RecordWriter,
  sealRecord,
} from '../../../../osd/store/block/log-record.ts';
import { decodeHead, decodeShard, encodeHead, encodeShard, newOnode, Shard } from '../../../../osd/store/block/onode.ts';
import { decodeState, decodeSuperblock, encodeState, encodeSuperblock, type Superblock } from '../../../../osd/store/block/superblock.ts';

const writer = (): ByteWriter => new ByteWriter(Buffer.alloc(4));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('crc32c: the check value of its definition', (t) => {
  t.is(crc32c(Buffer.from('123456789')), 0xe3069283);
});

test('byte codec: numbers of all sizes → come back; damage → EILSEQ', (t) => {
  const numbers = [0, 1, 127, 128, 16_383, 16_384, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 40 + 5, Number.MAX_SAFE_INTEGER];
  const w = writer();
  for (const n of numbers) w.varint(n);
  const reader = new ByteReader(w.written());
  t.deepEqual(
    numbers.map(() => reader.varint()),
    numbers,
  );
  t.is(reader.left, 0);
  const golden = writer();
  golden.varint(300);
  golden.key('aÿ');
  golden.optionalBytes(null);
  golden.optionalBytes(Buffer.alloc(0));
  golden.f64(1.5);
  t.is(hex(golden.written()), 'ac02' + '0261ff' + '00' + '01' + '000000000000f83f');
  for (const bytes of ['', 'ffff', 'ffffffffffffffffff01', '05aa']) {
    const error = t.throws(() => new ByteReader(Buffer.from(bytes, 'hex')).bytes(), { instanceOf: FsError });
    t.is(error.code, 'EILSEQ');
  }
});

test('keys: ids are six bytes, big-endian', (t) => {
  t.is(hex(Buffer.from(shardKey(0x0102_0304_0506, 7), 'latin1')), '58' + '010203040506' + '00000007');
  t.is(idOfKey(`O${idKey(2 ** 47 + 12)}name`, 1), 2 ** 47 + 12);
  t.true(idKey(255) < idKey(256) && idKey(2 ** 32 - 1) < idKey(2 ** 32));
});

test('object head: golden bytes', (t) => {
  const onode = newOnode(3, 'name', 17);
  Object.assign(onode, {
    omapId: 18,
    size: 12_388,
    interval: 4,
    counter: 1000,
    mtimeMs: 1.7e12,
    shardCount: 1,
    xattrs: new Map([['ä', Buffer.from('v')]]),
  });
  const shard = Shard.empty(undefined);
  for (const [index, block, crc] of [
    [0, 100, 1],
    [1, 101, 2],
    [3, 50, 0xffffffff],
  ] as const)
    shard.set(index, block, crc);
  onode.shards.set(0, shard);
  const w = writer();
  encodeHead(w, onode);
  t.is(
    hex(w.written()),
    '01' +
      '11' +
      '12' +
      'e460' +
      '04' +
      'e807' +
      '00008056febc7842' +
      '01' +
      '01' +
      '02c3a4' +
      '0176' +
      '02' +
      '000264' +
      '010132' +
      '01000000' +
      '02000000' +
      'ffffffff',
  );
  const decoded = decodeHead(3, 'name', w.written());
  const again = writer();
  encodeHead(again, decoded);
  t.deepEqual(again.written(), w.written());
  t.deepEqual(
    [0, 1, 2, 3, 4].map((i) => decoded.shards.get(0)?.block(i)),
    [100, 101, 0, 50, 0],
  );
  for (let cut = 0; cut < w.position; cut++) t.throws(() => decodeHead(3, 'name', w.written().subarray(0, cut)), { instanceOf: FsError });
});

test('block map: full, sparse and empty → come back; a map that leaves its shard → EILSEQ', (t) => {
  for (const step of [1, 2, 127, 1000]) {
    const shard = Shard.empty(undefined);
    for (let i = 0; i < 128; i += step) shard.set(i, 4_000_000_000 + i * 3, i * 7);
    const w = writer();
    encodeShard(w, shard);
    const decoded = decodeShard(new ByteReader(w.written()));
    for (let i = 0; i < 128; i++) t.deepEqual([decoded?.block(i), decoded?.crc(i)], [shard.block(i), shard.crc(i)]);
  }
  t.is(decodeShard(new ByteReader(Buffer.from([0]))), undefined);
  const w = writer();
  for (const value of [1, 100, 29, 5]) w.varint(value);
  t.throws(() => decodeShard(new ByteReader(w.written())), { message: /leaves its shard/ });
});

test('log record: golden bytes; every flipped bit → not whole', (t) => {
  const log = new RecordWriter();
  log.begin();
  log.u8(8);
  const record = log.finish();
  sealRecord(record, 2 ** 32 + 5, 2 ** 32 + 3, 9, 0x12345678);
  const bytes = Buffer.concat(record.pieces);
  t.is(
    hex(bytes),
    '4e4c5231' + '01000000' + '0500000001000000' + '0300000001000000' + '09000000' + hex(bytes.subarray(28, 32)) + '0800000000000000',
  );
  t.is(bytes.length, paddedRecordBytes(1));
  const header = readRecordHeader(bytes, 0);
  t.like(header, { payloadBytes: 1, seq: 2 ** 32 + 5, durableSeq: 2 ** 32 + 3, incarnation: 9 });
  t.is(header?.crc, crc32c(bytes.subarray(32, 33), crc32c(bytes.subarray(4, 28), 0x12345678)));
  t.true(header && recordIsWhole(bytes, 0, header, 0x12345678));
  t.false(header && recordIsWhole(bytes, 0, header, 0x12345679));
  for (let bit = 0; bit < (recordHeaderBytes + 1) * 8; bit++) {
    const damaged = Buffer.from(bytes);
    damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
    const found = readRecordHeader(damaged, 0);
    t.false(found !== undefined && recordIsWhole(damaged, 0, found, 0x12345678), `bit ${bit}`);
  }
});

test('log record: larger than its memory → in several pieces, memory used again', (t) => {
  const log = new RecordWriter();
  for (let round = 0; round < 20; round++) {
    log.begin();
    for (let i = 0; i < 100; i++) log.bytes(Buffer.alloc(7001, i));
    const record = log.finish();
    sealRecord(record, round + 1, round, 1, 5);
    const bytes = Buffer.concat(record.pieces);
    const header = readRecordHeader(bytes, 0);
    t.true(header && recordIsWhole(bytes, 0, header, 5));
    t.is(bytes.length, record.totalBytes);
    const reader = new ByteReader(bytes, recordHeaderBytes);
    for (let i = 0; i < 100; i++) t.is(reader.bytes()[7000], i);
    log.release(record);
  }
});

test('effects: what is encoded → is handed to the handler in order; unknown and cut ones → EILSEQ', (t) => {
  const w = writer();
  encodeHeadEffect(w, { nid: 1, omapId: 2, size: 3, interval: 4, counter: 5, mtimeMs: 6.5 });
  t.is(hex(w.written()), '07' + '0102030405' + '0000000000001a40');
  w.u8(12);
  for (const value of [9, 200]) w.varint(value);
  w.u8(1);
  w.varint(4090);
  w.u32(77);
  w.bytes(Buffer.from('bytes'));
  w.u8(15);
  w.raw(Buffer.from([16, 3, 2, 100, 1, 0, 0, 0, 2, 0, 0, 0]));
  const calls: unknown[] = [];
  const handler = new Proxy({} as EffectHandler, {
    get:
      (_, name) =>
      (...args: unknown[]) =>
        calls.push([name, ...args]),
  });
  decodeEffects(new ByteReader(w.written()), handler);
  t.deepEqual(calls, [
    ['head', { nid: 1, omapId: 2, size: 3, interval: 4, counter: 5, mtimeMs: 6.5 }],
    ['patch', 9, 200, true, 4090, 77, Buffer.from('bytes')],
    ['release'],
    ['adopt', 3, 100, [1, 2]],
  ]);
  t.throws(() => decodeEffects(new ByteReader(Buffer.from([99])), handler), { message: /step 99 is unknown/ });
  t.throws(() => decodeEffects(new ByteReader(w.written().subarray(0, w.position - 1)), handler), { message: /more blocks than bytes/ });
});

test('collection: golden bytes, alone and sharing its objects; what is left of a dropped one', (t) => {
  const pg = pgId(poolId(1), 26);
  const alone = newCollection(5, pg);
  const child = newCollection(9, pg, 5, 32);
  t.is(encodeCollection(alone).toString(), '1.1a');
  t.is(encodeCollection(child).toString(), '1.1a 5 32');
  for (const collection of [alone, child]) {
    t.deepEqual(decodeCollection(collection.cid, encodeCollection(collection)), collection);
    const { objectsCid, headPrefix, scope } = collection;
    t.deepEqual(decodeDropped(collection.cid, encodeDropped(collection.cid, collection)), { objectsCid, headPrefix, scope });
  }
  t.is(encodeDropped(5, alone).length, 0);
  t.is(encodeDropped(9, child).toString(), '5 26 32');
  const calls: unknown[] = [];
  const handler = { shareObjects: (...args: unknown[]) => calls.push(args) } as unknown as EffectHandler;
  decodeEffects(new ByteReader(Buffer.from('11090520', 'hex')), handler);
  t.deepEqual(calls, [[9, 5, 32]]);
});

const superblock: Superblock = { uuid: Buffer.alloc(16, 7), fsid: 'f-1', logSegmentBytes: 1 << 20, createdMs: 1.7e12, complete: true };

test('superblock: golden bytes; another version → EINVAL; any other change → EILSEQ', (t) => {
  const bytes = encodeSuperblock(superblock);
  const crc = bytes.subarray(-4);
  t.is(
    hex(bytes),
    hex(Buffer.from('NACREOSD')) +
      '02000000' +
      '00100000' +
      '07'.repeat(16) +
      '00001000' +
      '03' +
      hex(Buffer.from('f-1')) +
      '00008056febc7842' +
      '01' +
      hex(crc),
  );
  t.deepEqual(decodeSuperblock(bytes, 'x'), superblock);
  const newer = Buffer.from(bytes);
  newer.writeUInt32LE(3, 8);
  t.is(
    t.throws(() => decodeSuperblock(newer, '/d/block'), { instanceOf: FsError, message: /^\/d\/block: has format version 3/ }).code,
    'EINVAL',
  );
  for (let at = 0; at < bytes.length; at++) {
    if (at >= 8 && at < 12) continue;
    const damaged = Buffer.from(bytes);
    damaged[at] = (damaged[at] as number) ^ 4;
    const error = t.throws(() => decodeSuperblock(damaged, '/d/block'), {
      instanceOf: FsError,
      message: /^\/d\/block: .*start this OSD again/,
    });
    t.is(error.code, 'EILSEQ', `byte ${at}`);
  }
});

test('state: golden bytes', (t) => {
  const state = { appliedSeq: 300, incarnation: 2, clean: true, nextId: 5 };
  t.is(hex(encodeState(state)), 'ac02' + '02' + '01' + '05');
  t.deepEqual(decodeState(encodeState(state)), state);
});
