/**
 * A store on a volume that is really full: the file system's own ENOSPC, under the block file, the database and the log.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { FsError } from '../../common/errors/fs-error.ts';
import { pgId, poolId } from '../../common/maps/ids.ts';
import { BlockStore } from '../../osd/store/block.ts';
import type { Mutation } from '../../osd/store/object-store.ts';
import { nodeEnv } from '../conformance/object-store/stores.ts';

const mib = 2 ** 20;
const pg = pgId(poolId(1), 0);

/** A volume of its own, or undefined where we may not mount. */
function smallVolume(t: ExecutionContext, sizeMib: number): string | undefined {
  const dir = mkdtempSync(join(tmpdir(), 'nacre-full-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMib}m`, 'nacre-test', dir]);
  t.teardown(() => {
    if (status === 0) spawnSync('umount', ['-l', dir]);
    rmSync(dir, { recursive: true, force: true });
  });
  return status === 0 ? dir : undefined;
}

/** Writes objects of the kind until one is refused; returns how many were acknowledged, and the refusal. */
async function fill(store: BlockStore, prefix: string, mutation: (object: string) => Mutation): Promise<{ count: number; code: string }> {
  for (let count = 0; ; count++) {
    try {
      await store.commit([mutation(`${prefix}${count}`)]);
    } catch (error) {
      return { count, code: error instanceof FsError ? error.code : String(error) };
    }
  }
}

const kinds: Readonly<Record<string, (object: string) => Mutation>> = {
  bulk: (object) => ({ kind: 'write', pg, object, offset: 0, data: [Buffer.alloc(256 * 1024, object.length)] }),
  small: (object) => ({ kind: 'write', pg, object, offset: 0, data: [Buffer.alloc(3_000, object.length)] }),
  omap: (object) => ({
    kind: 'omap-set',
    pg,
    object,
    entries: Array.from({ length: 20 }, (_, n) => ({ key: Buffer.from(`key ${n}`), value: Buffer.alloc(4_000, n) })),
  }),
};

async function checkAll(t: ExecutionContext, store: BlockStore, prefix: string, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const object = `${prefix}${n}`;
    const mutation = (kinds[prefix] as (name: string) => Mutation)(object);
    if (mutation.kind === 'write') {
      const want = Buffer.concat(mutation.data);
      if (!Buffer.concat(await store.read(pg, object, 0, want.length)).equals(want)) t.fail(`${object} has changed`);
    } else if (mutation.kind === 'omap-set') {
      const found = store.omapRange(pg, object, Buffer.alloc(0), 100);
      if (found.length !== mutation.entries.length) t.fail(`${object} has ${found.length} keys`);
    }
  }
}

for (const kind of Object.keys(kinds)) {
  test.serial(`store: its volume fills up with ${kind} → ENOSPC, nothing is lost, deletes go on, all room can be used again`, async (t) => {
    const dataDir = smallVolume(t, 64);
    if (dataDir === undefined) {
      t.log('no right to mount: nothing tried');
      t.pass();
      return;
    }
    const make = (): BlockStore => new BlockStore(nodeEnv(), { dataDir, logSegmentBytes: mib, reserveBytes: 24 * mib });
    let store = make();
    await store.start();
    const mutation = kinds[kind] as (object: string) => Mutation;
    const first = await fill(store, kind, mutation);
    t.is(first.code, 'ENOSPC');
    const { bavail, bsize } = statfsSync(dataDir);
    t.true(bavail * bsize > 0, 'a reserve is left');
    await checkAll(t, store, kind, first.count);
    await store.stop();
    store = make();
    await store.start();
    await checkAll(t, store, kind, first.count);
    for (let n = 0; n < first.count; n++) await store.commit([{ kind: 'remove', pg, object: `${kind}${n}` }]);
    await store.stop();
    store = make();
    await store.start();
    // What large omaps took is given back in the background.
    const empty = 8 * mib;
    for (let n = 0; store.usage().usedBytes > empty && n < 600; n++) await new Promise((resolve) => setTimeout(resolve, 50));
    t.true(store.usage().usedBytes <= empty, `${store.usage().usedBytes} bytes are still taken`);
    const second = await fill(store, kind, mutation);
    t.is(second.code, 'ENOSPC');
    t.true(second.count >= first.count * 0.8, `${first.count}, then ${second.count} fitted`);
    await store.crash();
    store = make();
    await store.start();
    await checkAll(t, store, kind, second.count);
    await store.stop();
  });

  test.serial(
    `store: somebody else takes all that its volume has left, under writes of ${kind} → refused; with room again it opens with all that was acknowledged`,
    async (t) => {
      const dataDir = smallVolume(t, 64);
      if (dataDir === undefined) {
        t.log('no right to mount: nothing tried');
        t.pass();
        return;
      }
      const make = (): BlockStore => new BlockStore(nodeEnv(), { dataDir, logSegmentBytes: mib, reserveBytes: 24 * mib });
      let store = make();
      await store.start();
      const mutation = kinds[kind] as (object: string) => Mutation;
      let before = 0;
      for (; before < 20; before++) await store.commit([mutation(`${kind}${before}`)]);
      const hog = join(dataDir, 'hog');
      const { bavail, bsize } = statfsSync(dataDir);
      writeFileSync(hog, Buffer.alloc(bavail * bsize - 4096));
      let acknowledged = before;
      let code = '';
      while (code === '') {
        try {
          await store.commit([mutation(`${kind}${acknowledged}`)]);
          acknowledged++;
        } catch (error) {
          code = error instanceof FsError ? error.code : String(error);
        }
      }
      t.true(code === 'ENOSPC' || code === 'EIO', code);
      await checkAll(t, store, kind, before);
      await store.crash();
      // Still full: it says so, or opens; it never makes anything of half.
      store = make();
      const opened = await store.start().then(
        () => 'opens',
        (error: unknown) => (error as FsError).code,
      );
      t.true(['opens', 'ENOSPC', 'EIO'].includes(opened), opened);
      if (opened === 'opens') await store.crash();
      rmSync(hog);
      store = make();
      await store.start();
      await checkAll(t, store, kind, acknowledged);
      await store.commit([mutation('more')]);
      await store.stop();
    },
  );
}
