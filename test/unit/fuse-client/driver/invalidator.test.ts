import test from 'ava';
import { byteStringOf, ino } from '../../../../common/maps/ids.ts';
import { entryMessage, inodeMessage, pruneMessage } from '../../../../fuse-client/driver/kernel/invalidator.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('notification: inode → struct fuse_notify_inval_inode_out, golden bytes', (t) => {
  t.is(
    hex(inodeMessage(ino(0x1_0000_0002), -1, 0)),
    '28000000' + '02000000' + '0000000000000000' + '0200000001000000' + 'ffffffffffffffff' + '0000000000000000',
  );
});

test('notification: entry → struct fuse_notify_inval_entry_out and the name with its NUL, golden bytes', (t) => {
  t.is(
    hex(entryMessage(ino(1), byteStringOf('né'))),
    '24000000' + '03000000' + '0000000000000000' + '0100000000000000' + '0300000000000000' + '6ec3a900',
  );
});

test('notification: inodes to let go of → struct fuse_notify_prune_out and their numbers, golden bytes', (t) => {
  t.is(
    hex(pruneMessage([ino(7), ino(0x1_0000_0002)])),
    '30000000' + '09000000' + '0000000000000000' + '0200000000000000' + '0000000000000000' + '0700000000000000' + '0200000001000000',
  );
});
