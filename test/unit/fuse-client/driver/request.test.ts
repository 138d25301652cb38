import test from 'ava';
import { Request, RequestBuffer } from '../../../../fuse-client/driver/kernel/request.ts';

const nobody = { uid: 0, gid: 0, groups: [], pid: 0 };

function loaded(hex: string): Request {
  const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  const buffer = new RequestBuffer(4096);
  buffer.bytes.fill(0xee); // what an earlier request left behind
  bytes.copy(buffer.bytes);
  const request = new Request(buffer, nobody);
  request.load(buffer);
  return request;
}

// A RENAME2 of "a" in inode 2^33+1 to "b\xff" in inode 5, flags 1, as the kernel sends it.
const rename2 =
  '3d000000 2d000000 0200000000000080 0100000002000000 e8030000 e9030000 7b000000 00000000' +
  '0500000000000000 01000000 00000000 6100 62ff00';

test('request: golden bytes → header, body and names', (t) => {
  const request = loaded(rename2);
  t.deepEqual([request.lengthBytes, request.opcode, request.uniqueLow, request.uniqueHigh], [61, 45, 2, 0x8000_0000]);
  t.is(Number(request.node), 2 ** 33 + 1);
  t.is(request.u64(40), 5);
  t.is(request.u32(48), 1);
  t.is(String(request.name(56)), 'a');
  t.is(String(request.name(58)), 'b\xff');
});

test('request: name without an end → cut at the end of the request, not beyond', (t) => {
  const request = loaded(rename2.replace('3d000000', '3c000000'));
  t.is(String(request.name(58)), 'b\xff');
  t.is(String(loaded(rename2.replace('3d000000', '3b000000')).name(58)), 'b');
});

test('request: data longer than the request → cut at its end', (t) => {
  t.is(loaded(rename2).bytes(56, 1000).length, 5);
});

test('request: 64-bit fields → signed and unsigned', (t) => {
  const request = loaded('30000000'.padEnd(80, '0') + 'feffffffffffffff');
  t.is(request.i64(40), -2);
  t.is(request.u64(40), 2 ** 64);
});
