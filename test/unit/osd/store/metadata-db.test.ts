/** The metadata database and the store above it when LMDB refuses to commit. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { pgId, poolId } from '../../../../common/maps/ids.ts';
import { BlockStore } from '../../../../osd/store/block.ts';
import { MetadataDb } from '../../../../osd/store/block/metadata-db.ts';
import { nodeEnv } from '../../../conformance/object-store/stores.ts';
import { loseFreeList } from '../../../support/lmdb-damage.ts';

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-metadata-'));
  try {
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('metadata database: records are copied into a new file → damaged ones stay damaged, under their keys', async (t) => {
  await inFolder(async (folder) => {
    const path = join(folder, 'meta.mdb');
    const make = (): MetadataDb => new MetadataDb(path, { mapBytes: 1 << 20, log: nodeEnv().log });
    const before = make();
    for (const value of ['old', 'new']) {
      for (const key of ['Ka', 'Kb\x00\xff', 'Kc']) await before.write([{ key, value: Buffer.from(`${value} value of ${key}`, 'latin1') }]);
    }
    await before.close();
    const bytes = readFileSync(path);
    const name = Buffer.from('new value of Kb', 'latin1');
    for (let at = bytes.indexOf(name); at >= 0; at = bytes.indexOf(name, at + 1)) bytes[at] = 0x58;
    writeFileSync(path, bytes);
    loseFreeList(path);
    const database = make();
    await database.write([{ key: 'Kd', value: Buffer.from('d') }]);
    const records = [...database.rangeWithDamaged('K', 'L', false)].map(({ key, value }) => [key, value?.toString('latin1')]);
    t.deepEqual(records, [
      ['Ka', 'new value of Ka'],
      ['Kb\x00\xff', undefined],
      ['Kc', 'new value of Kc'],
      ['Kd', 'd'],
    ]);
    await database.close();
    t.deepEqual(readdirSync(folder).sort(), ['meta.mdb', 'meta.mdb-lock']);
  });
});

test('store: the list of free pages of its database is lost while it is closed → opens, takes writes, and has all that was acknowledged', async (t) => {
  await inFolder(async (dataDir) => {
    const pg = pgId(poolId(1), 0);
    const make = (): BlockStore =>
      new BlockStore(nodeEnv(), { dataDir, fsid: 'f-1', reserveBytes: 0, logSegmentBytes: 1 << 20, flushIntervalMs: 1, sliceEntries: 16 });
    const value = (round: number, i: number): Buffer => Buffer.from(`round ${round} of ${i}`);
    let store = make();
    for (let round = 0; round < 4; round++) {
      await store.start();
      const rounds = Array.from({ length: 100 }, (_, i) => store.commit([{ kind: 'set-meta', pg, key: `k${i}`, value: value(round, i) }]));
      await Promise.all(rounds);
      // Once with the log applied, once with everything in the database.
      if (round % 2 === 0) await store.crash();
      else await store.stop();
      loseFreeList(join(dataDir, 'meta.mdb'));
      store = make();
    }
    await store.start();
    for (let i = 0; i < 100; i++) t.deepEqual(store.meta(pg, `k${i}`), value(3, i));
    await store.stop();
    t.deepEqual(readdirSync(dataDir).sort(), ['block', 'log', 'meta.mdb', 'meta.mdb-lock']);
  });
});
