/**
 * Damage in the block store's database that the other stores cannot have: a part of an object's block map.
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { FsError } from '../../../../common/errors/fs-error.ts';
import type { PgId } from '../../../../common/maps/ids.ts';
import { BlockStore } from '../../../../osd/store/block.ts';
import { flipRecord, nodeEnv } from '../../../conformance/object-store/stores.ts';

const pg = '1.0' as PgId;
const blockBytes = 4096;
/** More than one shard of a block map covers. */
const size = 200 * blockBytes;
/** Key of the second shard, after kind and node. */
const secondShard = Buffer.of(0, 0, 0, 1);

for (const when of ['open', 'closed'] as const) {
  test(`block map damaged while the store is ${when} → that object is damaged; removed, its space is free after a restart`, async (t) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'nacre-damage-'));
    t.teardown(() => rmSync(dataDir, { recursive: true }));
    let store = new BlockStore(nodeEnv(), { dataDir, reserveBytes: 0, logSegmentBytes: 4 << 20 });
    const reopen = async (): Promise<void> => {
      store = new BlockStore(nodeEnv(), { dataDir, reserveBytes: 0, logSegmentBytes: 4 << 20 });
      await store.start();
    };
    const code = async (read: () => unknown): Promise<string> => {
      try {
        await read();
        return 'fine';
      } catch (error) {
        return error instanceof FsError ? error.code : String(error);
      }
    };
    await store.start();
    await store.commit([
      { kind: 'write', pg, object: 'x', offset: 0, data: [Buffer.alloc(size, 1)] },
      { kind: 'write', pg, object: 'small', offset: 0, data: [Buffer.alloc(blockBytes, 2)] },
    ]);
    await store.stop();
    if (when === 'open') await reopen();
    flipRecord(join(dataDir, 'meta.mdb'), 'X', secondShard);
    if (when === 'closed') await reopen();
    t.is(await code(() => store.read(pg, 'x', 0, size)), 'EILSEQ');
    t.is(await code(() => store.verify(pg, 'x')), 'EILSEQ');
    if (when === 'open') {
      t.is(await code(() => store.read(pg, 'x', 0, blockBytes)), 'fine');
      await store.commit([{ kind: 'write', pg, object: 'x', offset: 150 * blockBytes, data: [Buffer.alloc(10, 3)] }]);
    }
    t.is(await code(() => store.stat(pg, 'x')), 'EILSEQ');
    t.is(await code(() => store.read(pg, 'small', 0, blockBytes)), 'fine');
    await store.crash();
    await reopen();
    t.is(await code(() => store.stat(pg, 'x')), 'EILSEQ');
    await store.commit([
      { kind: 'remove', pg, object: 'x' },
      { kind: 'write', pg, object: 'x', offset: 0, data: [Buffer.alloc(blockBytes, 4)] },
    ]);
    await store.crash();
    await reopen();
    t.deepEqual(Buffer.concat(await store.read(pg, 'x', 0, size)), Buffer.alloc(blockBytes, 4));
    t.is(store.usage().storedBytes, 2 * blockBytes);
    await store.stop();
  });
}
