/** Cutting off a mount's connection: that of the client it belongs to, and never another's. */
import { readdirSync } from 'node:fs';
import test from 'ava';
import { FuseConnections } from '../../cli/cluster/fuse-connections.ts';
import { mountAt, type Mount } from '../../cli/cluster/mounts.ts';
import { cannotMount, clear, makeMountpoint, startMemoryMount, type MemoryMount } from '../support/mounted-memory.ts';

if (cannotMount !== undefined) {
  test('fuse connections: skipped', (t) => {
    t.log(`${cannotMount}: cutting off mounts is not tested`);
    t.pass();
  });
} else {
  test('fuse connections: a mount is over, and another has its number → that one is not cut off; its own is', async (t) => {
    const mounted: MemoryMount[] = [];
    const mount = async (source: string): Promise<{ readonly mount: MemoryMount; readonly listed: Mount }> => {
      const started = await startMemoryMount(makeMountpoint(), ['--source', source]);
      mounted.push(started);
      return { mount: started, listed: mountAt(started.path) as Mount };
    };
    const serves = (path: string): string => {
      try {
        readdirSync(path);
        return 'serves';
      } catch (error) {
        return String((error as NodeJS.ErrnoException).code);
      }
    };
    try {
      const first = await mount('client.first@a');
      const held = await FuseConnections.open('client.first@a', undefined);
      t.teardown(() => held.close());
      await first.mount.stop();
      // Numbers are given from the lowest that is free: somebody else's mount may be quicker, so as many as it takes.
      let later = await mount('client.second@b');
      for (let more = 0; later.listed.deviceMinor !== first.listed.deviceMinor && more < 8; more++) later = await mount('client.second@b');
      t.is(later.listed.deviceMinor, first.listed.deviceMinor);

      held.cutOff();
      t.is(serves(later.mount.path), 'serves', 'what was opened before it was mounted');
      // A process that had the number before, and goes on; and one by whose name nothing is mounted.
      for (const [source, pid] of [
        ['client.first@a', later.mount.process.pid],
        ['client.first@a', process.pid],
        ['client.second@a', undefined],
      ] as const) {
        const none = await FuseConnections.open(source, pid);
        none.cutOff();
        none.close();
      }
      t.is(serves(later.mount.path), 'serves', 'what is listed as another’s');

      const own = await FuseConnections.open('client.second@b', undefined);
      own.cutOff();
      own.close();
      t.true(['ENOTCONN', 'ECONNABORTED'].includes(serves(later.mount.path)), 'its own');
    } finally {
      await Promise.all(mounted.map((each) => each.kill()));
      for (const { path } of mounted) clear(path);
    }
  });
}
