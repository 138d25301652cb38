/**
 * What is looked at when a thrashed cluster has healed.
 * @module
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterMap } from '../../../common/maps/cluster-map.ts';
import { allPgs } from '../../../common/maps/placement.ts';
import { createNodeEnv } from '../../../common/runtime/node/env.ts';
import type { InconsistentPg, PgStatus, ScrubOrdered } from '../../../mon/client/reports.ts';
import type { MonClient } from '../../../mon/client/mon-client.ts';
import { BlockStore } from '../../../osd/store/block.ts';
import { compareCopies } from '../../support/compare-copies.ts';
import type { Stall } from '../../support/stalls.ts';
import type { Blocked } from './thrasher.ts';

/** Longest time in which all PGs must have been scrubbed. */
const scrubMs = 300_000;

/** A stall with what of it the rules do not explain. */
export interface UnexplainedStall extends Stall {
  readonly unexplainedMs: number;
}

/** The stalls, longest unexplained first: without the time for which the rules let those clients wait. */
export function unexplained(stalls: readonly Stall[], blocked: readonly Blocked[]): readonly UnexplainedStall[] {
  const spans = merged(blocked);
  return stalls
    .map((stall) => ({ ...stall, unexplainedMs: stall.ms - overlap(stall.fromMs, stall.fromMs + stall.ms, spans) }))
    .sort((a, b) => b.unexplainedMs - a.unexplainedMs);
}

type Span = readonly [fromMs: number, toMs: number];

function merged(blocked: readonly Blocked[]): readonly Span[] {
  const spans: [number, number][] = [];
  for (const { fromMs, toMs } of [...blocked].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = spans.at(-1);
    if (last !== undefined && fromMs <= last[1]) last[1] = Math.max(last[1], toMs);
    else spans.push([fromMs, toMs]);
  }
  return spans;
}

function overlap(fromMs: number, toMs: number, spans: readonly Span[]): number {
  return spans.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(to, toMs) - Math.max(from, fromMs)), 0);
}

/** Has every PG compare its copies byte for byte while it serves. Resolves to what was found wrong, in words. */
export async function deepScrub(mon: MonClient): Promise<{ readonly pgs: number; readonly wrong: readonly string[] }> {
  const pgs = [...allPgs(mon.map)].map(({ pgId }) => pgId);
  const orders = await Promise.all(pgs.map((pg) => mon.command<ScrubOrdered>({ prefix: 'pg deep-scrub', pg })));
  const deadline = performance.now() + scrubMs;
  for (;;) {
    const done = new Map((await mon.command<readonly PgStatus[]>({ prefix: 'pg ls' })).map(({ pg, lastOrder }) => [pg, lastOrder]));
    const left = orders.filter(({ pg, order }) => (done.get(pg) ?? 0) < order);
    if (left.length === 0) break;
    if (performance.now() > deadline)
      return { pgs: pgs.length, wrong: left.map(({ pg }) => `PG ${pg} was not scrubbed in ${scrubMs / 1000} s`) };
    await sleep(200);
  }
  const inconsistent = await mon.command<readonly InconsistentPg[]>({ prefix: 'pg list-inconsistent' });
  const wrong = inconsistent.flatMap(({ pg, findings }) =>
    findings.map(({ object, osd, what, detail }) => `scrub: PG ${pg} ${object} on osd.${osd}: ${what.join(', ')} (${detail})`),
  );
  return { pgs: pgs.length, wrong };
}

/**
 * Opens the stores of a cluster that is down and compares the copies of every PG byte for byte. Resolves to what differs or belongs to
 * nobody, in words.
 */
export async function compareStores(
  map: ClusterMap,
  data: string,
): Promise<{ readonly copies: number; readonly wrong: readonly string[] }> {
  const env = await createNodeEnv({ log: { name: 'client.compare', level: 'error', file: '' } });
  const stores = new Map(
    [...map.osds.keys()].map((osd) => [osd, new BlockStore(env, { dataDir: join(data, `osd.${osd}`), fsid: map.fsid })]),
  );
  const wrong: string[] = [];
  let copies = 0;
  try {
    for (const store of stores.values()) await store.start();
    const homes = new Map([...allPgs(map)].map(({ pgId, acting }) => [pgId, acting]));
    for (const [pg, acting] of homes) {
      copies += acting.length;
      wrong.push(
        ...(await compareCopies(
          pg,
          acting.map((osd) => ({ name: `osd.${osd}`, store: stores.get(osd) as BlockStore })),
        )),
      );
    }
    for (const [osd, store] of stores) {
      for (const pg of store.collections())
        if (homes.get(pg)?.includes(osd) !== true) wrong.push(`osd.${osd} still has PG ${pg}, which is elsewhere`);
    }
  } finally {
    for (const store of stores.values()) await store.stop();
  }
  return { copies, wrong };
}

/** What daemons have logged as an error: something that a person must see to. Nothing that is done here calls for one. */
export function loggedErrors(data: string): readonly string[] {
  const folder = join(data, 'log');
  return readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .filter((line) => line.includes('"level":"error"') || line.includes('"level":"fatal"')),
  );
}
