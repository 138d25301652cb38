import test from 'ava';
import type { ByteString } from '../../../common/maps/ids.ts';
import { decodeBacktrace, encodeBacktrace, lineageMax, type Backtrace } from '../../../mds/client/backtrace.ts';
import { FileType } from '../../../mds/client/file-mode.ts';
import { Inode, type Dentry } from '../../../mds/core/inode.ts';
import { BinaryWriter } from '../../../mds/store/binary.ts';
import { decodeRecord, encodeRecord } from '../../../mds/store/table-codec.ts';
import { sealed } from '../../support/pool-objects.ts';

const damaged = { code: 'EILSEQ' };

const backtrace: Backtrace = {
  ino: 2 ** 40 + 5,
  mode: FileType.regular | 0o640,
  uid: 1000,
  gid: 4_294_967_294,
  layout: { pool: 3, objectSize: 1 << 22, stripeUnit: 1 << 16, stripeCount: 4 },
  lineage: [
    { directory: 2 ** 40 + 1, name: 'n\xffme' as ByteString, version: 300 },
    { directory: 1, name: 'top' as ByteString, version: 2 },
  ],
};

test('backtrace: what a file is to say of itself → golden bytes, and back', (t) => {
  const encoded = encodeBacktrace(backtrace);
  t.is(
    encoded.toString('hex'),
    // version, ino, mode, uid, gid
    '01' +
      '8580808080' +
      '20' +
      'a08302' +
      'e807' +
      'feffffff0f' +
      // a layout
      '01' +
      '03' +
      '80808002' +
      '808004' +
      '04' +
      // where it is, where that is
      '02' +
      '8180808080' +
      '20' +
      '04' +
      '6eff6d65' +
      'ac02' +
      '01' +
      '03' +
      '746f70' +
      '02' +
      // CRC-32C
      encoded.subarray(-4).toString('hex'),
  );
  t.deepEqual(encoded, sealed(encoded.subarray(0, -4)));
  t.deepEqual(decodeBacktrace(encoded, 'it'), backtrace);
  const least = { ...backtrace, layout: null, lineage: [] };
  t.deepEqual(decodeBacktrace(encodeBacktrace(least), 'it'), least);
});

test('backtrace: directories deeper than it may tell of → the nearest ones', (t) => {
  const lineage = Array.from({ length: lineageMax + 9 }, (_, i) => ({ directory: i + 1, name: `${i}` as ByteString, version: i }));
  t.deepEqual(decodeBacktrace(encodeBacktrace({ ...backtrace, lineage }), 'it').lineage, lineage.slice(0, lineageMax));
});

test('backtrace: cut or changed anywhere, or of the future → said so, and nothing is taken from it', (t) => {
  const encoded = encodeBacktrace(backtrace);
  for (let length = 0; length < encoded.length; length++) t.throws(() => decodeBacktrace(encoded.subarray(0, length), 'it'), damaged);
  for (let at = 0; at < encoded.length; at++) {
    const changed = Buffer.from(encoded);
    changed[at] = (changed[at] as number) ^ 16;
    t.throws(() => decodeBacktrace(changed, 'it'), damaged);
  }
  t.throws(() => decodeBacktrace(sealed(Buffer.concat([Buffer.of(2), encoded.subarray(1, -4)])), 'it'), { code: 'EINVAL' });
  t.throws(() => decodeBacktrace(sealed(Buffer.concat([encoded.subarray(0, -4), Buffer.of(0)])), 'it'), damaged);
});

function dentry(inode: Inode | undefined): Dentry {
  const name = 'n\xffme' as ByteString;
  return { directory: 1, name, position: 17, inode, remoteIno: 0, remoteType: 0, stored: true, removed: false };
}

test('record of an inode: its place and itself → comes back; damaged, or without an inode → said so', (t) => {
  const inode = new Inode(2 ** 40 + 7, FileType.symlink | 0o777);
  inode.symlink = Uint8Array.of(47, 120);
  inode.version = 9;
  const encoded = encodeRecord(new BinaryWriter(), dentry(inode));
  const read = decodeRecord(encoded, 'it');
  t.deepEqual([read.directory, read.name, read.inode.ino, read.inode.mode, read.inode.version], [1, 'n\xffme', inode.ino, inode.mode, 9]);
  t.deepEqual(Buffer.from(read.inode.symlink), Buffer.of(47, 120));
  for (let length = 0; length < encoded.length; length++) t.throws(() => decodeRecord(encoded.subarray(0, length), 'it'), damaged);
  t.throws(() => decodeRecord(encodeRecord(new BinaryWriter(), dentry(undefined)), 'it'), damaged);
});
