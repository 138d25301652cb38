import type { ByteWriter } from './byte-codec.ts';
import { opcode } from './effects.ts';
import { type Onode, type Shard, shardBlocks } from './onode.ts';
import type { StoreState } from './state.ts';

/**
 * `to`, a new object, gets the blocks of `from`, as they are: nothing is copied. `waitFor` is called with whatever must
 * have happened before the record is written: a block that is still being loaded has no checksum yet.
 */
export function adoptBlocks(
  state: StoreState,
  writer: ByteWriter,
  from: Onode,
  to: Onode,
  waitFor: (settle: (done: () => void) => void) => void,
): void {
  for (let index = 0; index < from.shardCount; index++) {
    const shard = state.adoptShard(from, to, index);
    for (let at = 0; shard && at < shard.length;) {
      const start = shard.block(at);
      if (start === 0) {
        at++;
        continue;
      }
      let count = 1;
      while (at + count < shard.length && shard.block(at + count) === start + count) count++;
      writer.u8(opcode.adopt);
      writer.varint(index * shardBlocks + at);
      writer.varint(count);
      writer.varint(start);
      for (let i = 0; i < count; i++) recordCrc(state, writer, shard, at + i, waitFor);
      at += count;
    }
  }
}

function recordCrc(
  state: StoreState,
  writer: ByteWriter,
  shard: Shard,
  at: number,
  waitFor: (settle: (done: () => void) => void) => void,
): void {
  const dirty = state.dirtyBlock(shard.block(at));
  if (dirty?.loading !== true) {
    writer.u32(shard.crc(at));
    return;
  }
  writer.ensure(4);
  const { buffer, position } = writer;
  writer.position += 4;
  waitFor((done) =>
    dirty.whenReady(() => {
      buffer.writeUInt32LE(dirty.crc(), position);
      done();
    }),
  );
}
