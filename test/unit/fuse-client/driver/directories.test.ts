import test from 'ava';
import { byteStringOf } from '../../../../common/maps/ids.ts';
import { Opcode, requestHeaderBytes as head } from '../../../../fuse-client/driver/kernel/abi.ts';
import { Context } from '../../../../fuse-client/driver/kernel/operation.ts';
import { readDirectory } from '../../../../fuse-client/driver/kernel/operations/directories.ts';
import { Reply } from '../../../../fuse-client/driver/kernel/reply.ts';
import { Request, RequestBuffer } from '../../../../fuse-client/driver/kernel/request.ts';
import { MemoryFilesystem } from '../../../support/memory-filesystem.ts';

const nobody = { uid: 0, gid: 0, groups: [], pid: 0 };

/** Names in a READDIR's reply with room for `size` bytes, the reply's bytes, and those that were allocated for it. */
async function listed(names: readonly string[], size: number): Promise<{ readonly names: string[]; bytes: number; allocated: number }> {
  const filesystem = new MemoryFilesystem({ now: () => ({ sec: 0, nsec: 0 }), cacheable: true });
  const context = new Context(filesystem);
  for (const name of names) filesystem.makeDirectory(nobody, filesystem.root, byteStringOf(name), 0o755, 0);
  const { handle } = filesystem.openDirectory(nobody, filesystem.root, 0);
  context.addDirectoryHandle(handle);
  const buffer = new RequestBuffer(4096);
  buffer.words.set([head + 40, Opcode.readDirectory, 1, 0, filesystem.root, 0]);
  buffer.words.set([handle.id, 0, 0, 0, size], head >> 2);
  const request = new Request(buffer, nobody);
  request.load(buffer);
  const reply = new Reply();
  readDirectory.encode?.(context, reply, await readDirectory.run(context, request));
  const bytes = reply.pieces?.[0] as Buffer;
  const found: string[] = [];
  // struct fuse_dirent: inode, offset, length of the name, type; the name, padded to 8 bytes.
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32LE(at + 16);
    found.push(bytes.toString('latin1', at + 24, at + 24 + length));
    at = (at + 24 + length + 7) & ~7;
  }
  return { names: found.filter((name) => !name.startsWith('.')).sort(), bytes: bytes.length, allocated: bytes.buffer.byteLength };
}

test('readdir: a small directory, and room for a mebibyte → little memory', async (t) => {
  const { names, allocated } = await listed(['a', 'b', 'c'], 1 << 20);
  t.deepEqual(names, ['a', 'b', 'c']);
  t.true(allocated <= 16 << 10, `${allocated}`);
});

test('readdir: more names than the memory that it begins with → all that there is room for', async (t) => {
  const many = Array.from({ length: 5_000 }, (_, n) => `name-${String(n).padStart(6, '0')}`);
  t.deepEqual((await listed(many, 1 << 20)).names, many);
  const some = await listed(many, 100_003);
  t.true(some.bytes <= 100_003 && some.bytes > 100_003 - 64, `${some.bytes}`);
  t.true(some.names.length > 2_000 && some.names.every((name) => many.includes(name)));
});

test('readdir: room for less than it begins with → no more than that', async (t) => {
  const { bytes, allocated } = await listed(
    Array.from({ length: 50 }, (_, n) => `name-${n}`),
    512,
  );
  t.true(bytes <= 512 && allocated <= 512);
});
