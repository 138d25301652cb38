/** A volume that fills up: nothing is ever wedged, and what was deleted can be used again. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import type { FsError } from '../../../../common/errors/fs-error.ts';
import { pgId, poolId } from '../../../../common/maps/ids.ts';
import { BlockStore } from '../../../../osd/store/block.ts';
import { FaultDisk } from '../../../conformance/object-store/fault-disk.ts';
import { nodeEnv } from '../../../conformance/object-store/stores.ts';

const pg = pgId(poolId(1), 0);

for (const bytes of [4096, 400_000]) {
  test(`volume full of objects of ${bytes} bytes → ENOSPC, deletes work, all of it can be used again, after a restart too`, async (t) => {
    const disk = new FaultDisk(() => 1);
    disk.totalBytes = 12 << 20;
    const dataDir = mkdtempSync(join(tmpdir(), 'nacre-space-'));
    const make = (): BlockStore => new BlockStore(nodeEnv({ disk }), { dataDir, reserveBytes: 3 << 20, logSegmentBytes: 1 << 20 });
    let store = make();
    await store.start();
    const data = Buffer.alloc(bytes, 9);
    const counts: number[] = [];
    for (let round = 0; round < 4; round++) {
      let count = 0;
      for (let failure: unknown; failure === undefined;) {
        await store.commit([{ kind: 'write', pg, object: `o${count}`, offset: 0, data: [data] }]).then(
          () => count++,
          (error: unknown) => {
            failure = error;
            t.is((error as FsError).code, 'ENOSPC');
          },
        );
      }
      counts.push(count);
      const { totalBytes, usedBytes } = store.usage();
      t.true(totalBytes - usedBytes < bytes + 8192, `${totalBytes - usedBytes} bytes are said to be free`);
      if (round === 1) {
        await store.stop();
        store = make();
        await store.start();
      }
      for (let i = 0; i < count; i++) {
        t.is(Buffer.concat(await store.read(pg, `o${i}`, bytes - 10, 100)).length, 10);
        await store.commit([{ kind: 'remove', pg, object: `o${i}` }]);
      }
      t.is(store.usage().storedBytes, 0);
      if (round === 2) {
        await store.stop();
        store = make();
        await store.start();
      }
    }
    const [first, ...later] = counts as [number, ...number[]];
    t.true(first * bytes > 5 << 20, `${first} objects fitted`);
    for (const count of later) t.true(count > first * 0.9, `${counts.join(', ')} objects fitted`);
    await store.stop();
    rmSync(dataDir, { recursive: true });
  });
}
