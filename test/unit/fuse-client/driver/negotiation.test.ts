import test from 'ava';
import { InitFlag, initReplyBytes } from '../../../../fuse-client/driver/kernel/abi.ts';
import { negotiate, writeInitReply } from '../../../../fuse-client/driver/kernel/negotiation.ts';
import { Reply } from '../../../../fuse-client/driver/kernel/reply.ts';
import { Request, RequestBuffer } from '../../../../fuse-client/driver/kernel/request.ts';

function init(minor: number, flags: number, flags2 = 0): Request {
  const buffer = new RequestBuffer(128);
  buffer.words.set([104, 26, 1, 0, 0, 0, 0, 0, 0, 0, 7, minor, 131_072, flags, flags2]);
  const request = new Request(buffer, { uid: 0, gid: 0, groups: [], pid: 0 });
  request.load(buffer);
  return request;
}

const options = { ioBytesMax: 1 << 20, readAheadBytes: 1 << 20, backgroundMax: 64 };
const has = (flags: number, flag: number): boolean => Math.floor(flags / flag) % 2 === 1;

test('negotiation: Linux 6.18 → its offer, less what we leave to it', (t) => {
  const agreed = negotiate(init(45, 0x73ff_fffb, 0x5fd));
  t.is(agreed.minor, 45);
  t.true(agreed.canIncreaseEpoch && agreed.canPrune);
  for (const flag of [
    'maxPages',
    'bigWrites',
    'readDirectoryPlus',
    'handleKillPrivilegesV2',
    'explicitInvalidation',
    'parallelDirectoryOperations',
  ] as const) {
    t.true(has(agreed.flags, InitFlag[flag]), flag);
  }
  t.false(has(agreed.flags, 2 ** 16), 'no writeback cache');
});

test('negotiation: newer kernel → the newest version we know', (t) => {
  t.is(negotiate(init(60, 0x73ff_fffb)).minor, 45);
});

test('negotiation: kernel before 7.44 → names are not cached', (t) => {
  t.false(negotiate(init(43, 0x73ff_fffb)).canIncreaseEpoch);
});

test('negotiation: kernel before 7.45 → it is told of each name that it is to let go of', (t) => {
  t.false(negotiate(init(44, 0x73ff_fffb)).canPrune);
});

test('negotiation: too old a kernel, or without large requests → refused, naming what is needed', (t) => {
  t.throws(() => negotiate(init(30, 0x73ff_fffb)), { message: /speaks FUSE 7\.30; 7\.31 \(Linux 5\.4\) or newer is needed/ });
  t.throws(() => negotiate(init(45, 0x73bf_fffb)), { name: 'FsError' });
});

test('negotiation: reply → struct fuse_init_out, golden bytes', (t) => {
  const reply = new Reply();
  reply.bytes.fill(0xff);
  const agreed = {
    minor: 45,
    canIncreaseEpoch: true,
    canPrune: true,
    setXattrExtended: true,
    flags: InitFlag.maxPages + InitFlag.asyncRead + 2 ** 36,
  };
  t.is(writeInitReply(reply, agreed, options), initReplyBytes);
  const expected = Buffer.alloc(initReplyBytes);
  Buffer.from('07000000 2d000000 00001000 01004000 40003000 00001000 01000000 00010000 10000000'.replaceAll(' ', ''), 'hex').copy(expected);
  t.deepEqual(reply.bytes.subarray(16, 16 + initReplyBytes), expected);
});
