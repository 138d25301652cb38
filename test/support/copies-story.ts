/**
 * A PG with a few objects whose copies are damaged one way or another, and what its cluster says of it.
 * @module
 */
import type { ExecutionContext } from 'ava';
import type { PgId } from '../../common/maps/ids.ts';
import type { ObjectOperation, ObjectReply } from '../../osd/client/object-client.ts';
import type { Mutation } from '../../osd/store/object-store.ts';
import { OsdCluster, type OsdClusterOptions } from './osd-cluster.ts';

/** Of each object at first. */
const firstBytes = 20_000;
/** What a damaged copy makes daemons say. */
const expected = [/scrub found a copy/, /a damaged copy cannot be mended/];

export interface PgStatus {
  readonly pg: string;
  readonly state: string;
  readonly lastScrubMs: number;
  readonly lastDeepScrubMs: number;
  readonly scrubErrors: number;
  readonly lastOrder: number;
}

interface Inconsistent {
  readonly findings: readonly {
    readonly object: string;
    readonly osd: number;
    readonly what: readonly string[];
    readonly good: readonly number[];
  }[];
}

export interface Health {
  readonly status: string;
  readonly checks: Readonly<Record<string, { readonly summary: string; readonly detail: readonly string[] }>>;
}

/** A cluster with an object `x` that has data, xattrs and omap, and a few others in its PG. */
export class CopiesStory {
  readonly cluster: OsdCluster;
  readonly pg: PgId;
  readonly primary: number;
  readonly replicas: readonly number[];

  constructor(cluster: OsdCluster, pg: PgId, acting: readonly number[]) {
    this.cluster = cluster;
    this.pg = pg;
    this.primary = acting[0] as number;
    this.replicas = acting.slice(1);
  }

  static async tell(options: OsdClusterOptions, story: (s: CopiesStory) => Promise<void>): Promise<void> {
    await OsdCluster.tell({ pgNum: 1, ...options }, async (cluster) => {
      for (const pattern of expected) cluster.world.logs.expectError(pattern);
      const { objects } = await cluster.client('a');
      for (const name of ['a', 'x', 'z']) {
        await objects.operate(cluster.pool, name, [
          { kind: 'write', offset: 0, data: [Buffer.alloc(firstBytes, 7)] },
          { kind: 'set-xattr', name: 'n', value: Buffer.from('value') },
          { kind: 'omap-set', entries: [1, 2, 3].map((n) => ({ key: Buffer.from(`k${n}`), value: Buffer.from(`v${n}`) })) },
        ]);
      }
      const { pgId, acting } = await cluster.mappingOf('x');
      await story(new CopiesStory(cluster, pgId, acting));
    });
  }

  async command<T>(prefix: string, args: object = {}): Promise<T> {
    return (await this.cluster.client('admin')).monClient.command<T>({ prefix, ...args });
  }

  async status(): Promise<PgStatus> {
    return (await this.command<PgStatus[]>('pg ls')).find(({ pg }) => pg === this.pg) as PgStatus;
  }

  /** Orders it and waits until it is done and reported. */
  async scrub(kind: 'scrub' | 'deep-scrub' | 'repair'): Promise<PgStatus> {
    const { order } = await this.command<{ order: number }>(`pg ${kind}`, { pg: this.pg });
    for (;;) {
      const status = await this.status();
      if (status.lastOrder >= order && !status.state.includes('scrubbing')) return status;
      await this.cluster.world.sleep(50);
    }
  }

  /** `x on osd.1: data` */
  async findings(): Promise<string[]> {
    const found = await this.command<Inconsistent[]>('pg list-inconsistent', { pg: this.pg });
    return found.flatMap(({ findings }) => findings.map(({ object, osd, what }) => `${object} on osd.${osd}: ${what.join(' ')}`)).sort();
  }

  async operate(object: string, ...operations: ObjectOperation[]): Promise<ObjectReply> {
    const { objects } = await this.cluster.client('a');
    return objects.operate(this.cluster.pool, object, operations);
  }

  /** What was added to it. */
  async textOf(object: string): Promise<string> {
    const { results } = await this.operate(object, { kind: 'read', offset: firstBytes, length: 0 });
    return Buffer.concat(results[0]?.data ?? []).toString();
  }

  /** Behind its OSD's back. */
  async change(osd: number, ...mutations: Mutation[]): Promise<void> {
    await this.cluster.store(osd).commit(mutations);
  }

  /** Found by `kind`, shown, repaired; then nothing is left of it. */
  async isFoundAndRepaired(t: ExecutionContext, kind: 'scrub' | 'deep-scrub', findings: readonly string[]): Promise<void> {
    const found = await this.scrub(kind);
    t.deepEqual(await this.findings(), findings);
    t.is(found.state, 'active+clean+inconsistent');
    t.is(found.scrubErrors, findings.length);
    const health = await this.command<Health>('health detail');
    t.is(health.status, 'HEALTH_ERR');
    t.regex(health.checks['PG_DAMAGED']?.summary ?? '', /^1 of 1 PGs/);
    for (const finding of findings) {
      const [object, osd] = finding.split(/ on |:/);
      t.true(health.checks['OSD_SCRUB_ERRORS']?.detail.some((line) => line.includes(`"${object}" on ${osd}`)));
    }
    const repaired = await this.scrub('repair');
    t.deepEqual(await this.findings(), []);
    t.is(repaired.state, 'active+clean');
    t.is((await this.command<Health>('health')).status, 'HEALTH_OK');
    t.deepEqual(await this.cluster.differences(), []);
    t.is((await this.scrub('deep-scrub')).scrubErrors, 0);
  }
}
