/**
 * Disks that fill up: who is told what, what goes on, and that all of it passes when there is room again.
 * @module
 */
import test from 'ava';
import { FsError } from '../../common/errors/fs-error.ts';
import type { ClusterStatus } from '../../mon/core/status.ts';
import { OsdCluster, type OsdClusterOptions } from '../support/osd-cluster.ts';

const block = [Buffer.alloc(64 * 1024, 1)];
const sizeBytesMax = 8 * 1024 * 1024;

class FillingCluster {
  readonly cluster: OsdCluster;
  readonly written: string[] = [];
  #next = 0;

  constructor(cluster: OsdCluster) {
    this.cluster = cluster;
  }

  static tell(options: OsdClusterOptions, story: (filling: FillingCluster) => Promise<void>): Promise<void> {
    return OsdCluster.tell({ sizeBytesMax, ...options }, (cluster) => story(new FillingCluster(cluster)));
  }

  /** Writes objects until one of them is refused or `count` are there; what the refusal was. */
  async write(count: number): Promise<string> {
    const { objects } = await this.cluster.client('a');
    for (let n = 0; n < count; n++) {
      const name = `o${this.#next++}`;
      try {
        await objects.operate(this.cluster.pool, name, [{ kind: 'write-full', data: block }]);
      } catch (error) {
        return error instanceof FsError ? error.code : String(error);
      }
      this.written.push(name);
    }
    return '';
  }

  async remove(count: number): Promise<void> {
    const { objects } = await this.cluster.client('a');
    for (const name of this.written.splice(0, count)) await objects.operate(this.cluster.pool, name, [{ kind: 'remove' }]);
  }

  async status(): Promise<ClusterStatus> {
    return (await this.cluster.client('admin')).monClient.command({ prefix: 'status' });
  }

  async codes(): Promise<string[]> {
    return Object.keys((await this.status()).health.checks);
  }

  async command(prefix: string, args: object = {}): Promise<unknown> {
    return (await this.cluster.client('admin')).monClient.command({ prefix, ...args });
  }

  async until(what: string, condition: () => Promise<boolean>): Promise<void> {
    for (let n = 0; !(await condition()); n++) {
      if (n === 300)
        throw new Error(`never: ${what}; ${JSON.stringify((({ osds, pgs, health }) => ({ osds, pgs, health }))(await this.status()))}`);
      await this.cluster.world.sleep(100);
    }
  }

  async codesBecome(...codes: string[]): Promise<void> {
    await this.until(`health ${codes.join(', ')}`, async () => (await this.codes()).join() === codes.join());
  }

  share(osd: number): number {
    const { usedBytes, totalBytes } = this.cluster.store(osd).usage();
    return usedBytes / totalBytes;
  }
}

test('full: OSDs pass each ratio → health says so, writes get ENOSPC, deletes go on; with room again all goes on by itself', async (t) => {
  await FillingCluster.tell({ seed: 40 }, async (filling) => {
    const { cluster } = filling;
    const { objects } = await cluster.client('a');
    t.is(await filling.write(112), '');
    await filling.codesBecome('OSD_NEARFULL');
    t.is(await filling.write(5), '');
    await filling.codesBecome('OSD_BACKFILLFULL');
    t.is(await filling.write(100), 'ENOSPC');
    for (const osd of [0, 1, 2]) t.true(filling.share(osd) <= 0.95, `osd.${osd} is at ${filling.share(osd)}`);
    // Full to the brim, for the sake of the reports.
    await objects.operate(cluster.pool, 'small', [{ kind: 'write-full', data: [Buffer.alloc(4096)] }]).catch(() => undefined);
    await filling.command('osd set-nearfull-ratio', { ratio: 0.8 });
    await filling.command('osd set-backfillfull-ratio', { ratio: 0.85 });
    await filling.command('osd set-full-ratio', { ratio: 0.9 });
    await filling.codesBecome('OSD_FULL', 'POOL_FULL');
    t.is((await filling.status()).usage.totalBytes, 3 * sizeBytesMax);
    // Nobody has said anything for a while: the map knows.
    await cluster.world.sleep(10_000);
    t.is(await filling.write(1), 'ENOSPC');
    const [first] = filling.written as [string];
    await objects.operate(cluster.pool, first, [{ kind: 'truncate', size: 4096 }]);
    t.is((await objects.operate(cluster.pool, first, [{ kind: 'stat' }])).results[0]?.size, 4096);
    await filling.remove(60);
    t.is(await filling.write(10), '');
    await filling.codesBecome();
    t.deepEqual(await cluster.differences(), []);
  });
});

test('full: ratios that contradict each other or leave no reserve → refused', async (t) => {
  await FillingCluster.tell({ seed: 41 }, async (filling) => {
    const refusal = (prefix: string, ratio: unknown): Promise<string> =>
      filling.command(prefix, { ratio }).then(
        () => 'no error',
        (error: unknown) => (error as FsError).code,
      );
    t.is(await refusal('osd set-nearfull-ratio', 0.91), 'EINVAL');
    t.is(await refusal('osd set-full-ratio', 0.89), 'EINVAL');
    t.is(await refusal('osd set-full-ratio', 0.98), 'EINVAL');
    t.is(await refusal('osd set-full-ratio', 95), 'EINVAL');
    t.is(await refusal('osd set-full-ratio', 0.00001), 'EINVAL');
    t.deepEqual((await filling.cluster.client('admin')).monClient.map.fullRatios, { nearfull: 0.85, backfillfull: 0.9, full: 0.95 });
    t.is(await refusal('osd set-full-ratio', 0.96), 'no error');
  });
});

test('full: many clients write at once to OSDs that were silent → none passes the full ratio', async (t) => {
  await FillingCluster.tell({ seed: 42, pgNum: 8 }, async (filling) => {
    const { cluster } = filling;
    t.is(await filling.write(118), '');
    await cluster.world.sleep(10_000);
    const clients = await Promise.all(['a', 'b', 'c', 'd'].map((name) => cluster.client(name)));
    const outcomes = await Promise.allSettled(
      clients.flatMap(({ objects }, c) =>
        Array.from({ length: 20 }, (_, n) => objects.operate(cluster.pool, `burst${c}.${n}`, [{ kind: 'write-full', data: block }])),
      ),
    );
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    t.true(refused.length > 60);
    t.true(refused.every((outcome) => (outcome as { reason: FsError }).reason.code === 'ENOSPC'));
    for (const osd of [0, 1, 2]) t.true(filling.share(osd) <= 0.95, `osd.${osd} is at ${filling.share(osd)}`);
    t.deepEqual(await cluster.differences(), []);
  });
});

test('backfill: it would fill an OSD beyond the backfillfull ratio → waits as backfill_toofull; with room it is done', async (t) => {
  await FillingCluster.tell({ seed: 43, osds: 4, size: 3, pgNum: 32 }, async (filling) => {
    const { cluster } = filling;
    t.is(await filling.write(120), '');
    await filling.command('osd out', { osd: 3 });
    await filling.until('backfill_toofull', async () =>
      Object.keys((await filling.status()).pgs.byState).some((state) => state.includes('backfill_toofull')),
    );
    await cluster.world.sleep(5_000);
    t.true((await filling.codes()).includes('PG_BACKFILL_FULL'));
    for (const osd of [0, 1, 2]) t.true(filling.share(osd) <= 0.9, `osd.${osd} is at ${filling.share(osd)}`);
    // Clients are served meanwhile.
    await filling.remove(40);
    await filling.until('clean', async () => Object.keys((await filling.status()).pgs.byState).join() === 'active+clean');
    for (const osd of [0, 1, 2]) t.true(filling.share(osd) <= 0.9, `osd.${osd} is at ${filling.share(osd)}`);
    await filling.codesBecome();
    t.deepEqual(await cluster.differences(), []);
  });
});

test('recovery: a member that was away returns full → waits as recovery_toofull; what was removed meanwhile makes room', async (t) => {
  await FillingCluster.tell({ seed: 44 }, async (filling) => {
    const { cluster } = filling;
    t.is(await filling.write(100), '');
    cluster.crash(2);
    await cluster.world.sleep(2_000);
    t.is(await filling.write(10), '');
    await filling.command('osd set-nearfull-ratio', { ratio: 0.6 });
    await filling.command('osd set-backfillfull-ratio', { ratio: 0.65 });
    await filling.command('osd set-full-ratio', { ratio: 0.7 });
    await cluster.boot(2);
    await filling.until('recovery_toofull', async () =>
      Object.keys((await filling.status()).pgs.byState).some((state) => state.includes('recovery_toofull')),
    );
    t.true((await filling.codes()).includes('PG_RECOVERY_FULL'));
    t.is(await filling.write(1), 'ENOSPC');
    await filling.remove(40);
    await filling.until('clean', async () => Object.keys((await filling.status()).pgs.byState).join() === 'active+clean');
    t.is(await filling.write(1), '');
    t.deepEqual(await cluster.differences(), []);
  });
});
