/**
 * What splitting PGs costs an OSD: `node --import=tsx bench/pg-split.ts [OBJECTS] [PGS]` makes a block store with so many
 * objects (100,000) in so many PGs (1), each with a full log, and splits each into two. What is named "turn" holds up everything else
 * that the OSD does; clients of a PG wait for it and for the peering that follows.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pgId, poolId } from '../common/maps/ids.ts';
import { objectHash, stableMod } from '../common/maps/object-hash.ts';
import type { Env } from '../common/runtime/env.ts';
import type { Log } from '../common/runtime/log.ts';
import { NodeClock } from '../common/runtime/node/clock.ts';
import { NodeDisk } from '../common/runtime/node/disk.ts';
import { NodeRandom } from '../common/runtime/node/random.ts';
import { encodeLogEntry, type LogEntry } from '../osd/core/log-entry.ts';
import { freshInfo, Pg } from '../osd/core/pg.ts';
import { infoMutation, logKey } from '../osd/ops/transaction.ts';
import { splitCopy } from '../osd/split-pgs.ts';
import { BlockStore } from '../osd/store/block.ts';
import type { Mutation } from '../osd/store/object-store.ts';

const [objects = 100_000, pgNum = 1] = process.argv.slice(2).map(Number);
const logEntries = 2_000;
const silent: Log = { debug() {}, info() {}, warn() {}, error: console.error, child: () => silent };
const env: Env = {
  clock: new NodeClock(),
  random: new NodeRandom(),
  disk: new NodeDisk(),
  log: silent,
  network: undefined as never,
  spawn: (_name, fn) => void fn(),
};

const dataDir = mkdtempSync(join(tmpdir(), 'nacre-pg-split-'));
const store = new BlockStore(env, { dataDir });
await store.start();
try {
  const pgs = await fill();
  const ctx = {
    store,
    env,
    fatal: (what: string, error: unknown) => {
      throw new Error(what, { cause: error });
    },
  };
  const turns: number[] = [];
  let parts: Pg[] = [];
  const before = process.cpuUsage();
  const startedMs = performance.now();
  for (const pg of pgs) {
    const beginMs = performance.now();
    parts = parts.concat(splitCopy(ctx, pg, pgNum * 2, { logEntriesMax: logEntries, budget: { bytes: 0 } }));
    turns.push(performance.now() - beginMs);
  }
  const turnMs = performance.now() - startedMs;
  const turnCpu = process.cpuUsage(before);
  await store.commit([{ kind: 'set-daemon-meta', key: 'x', value: Buffer.from('x') }]);
  const durableMs = performance.now() - startedMs;
  const pages: number[] = [];
  const listMs = list(pgs[0] as Pg, pages);
  const row = (name: string, ms: number): void => console.log(`${name.padEnd(52)} ${ms.toFixed(1).padStart(9)} ms`);
  console.log(`${objects} objects in ${pgNum} PGs, ${logEntries} log entries each`);
  row('turn: all PGs', turnMs);
  row('  of which the longest PG', Math.max(...turns));
  row('  CPU', (turnCpu.user + turnCpu.system) / 1000);
  row('until all of it is durable', durableMs);
  row('listing one part, all of its pages', listMs);
  row('  of which the longest page of 512', Math.max(...pages));
} finally {
  await store.stop();
  rmSync(dataDir, { recursive: true });
}

/** The objects, most of them durable in the database, as they would be. */
async function fill(): Promise<Pg[]> {
  const pgs = Array.from({ length: pgNum }, (_, seq) => {
    const info = { ...freshInfo, pgNum, completeTo: { interval: 1, counter: logEntries } };
    return new Pg(poolId(1), seq, info, { logEntriesMax: logEntries, budget: { bytes: 0 } });
  });
  const counters = pgs.map(() => 0);
  for (let at = 0; at < objects;) {
    const transaction: Mutation[] = [];
    for (const end = Math.min(objects, at + 200); at < end; at++) {
      const object = `${(1_099_511_627_776 + at).toString(16)}.00000000`;
      const seq = stableMod(objectHash(object), pgNum);
      const pg = pgs[seq] as Pg;
      const counter = (counters[seq] = (counters[seq] as number) + 1);
      const version = { interval: 1, counter };
      transaction.push({ kind: 'touch', pg: pg.id, object }, { kind: 'set-version', pg: pg.id, object, version, mtimeMs: 1 });
      if (counter > logEntries) continue;
      const entry: LogEntry = { version, kind: 'modify', object, instance: 2 ** 50, tid: at, mtimeMs: 1, outcome: Buffer.alloc(40) };
      pg.log.add(entry);
      transaction.push({ kind: 'set-meta', pg: pg.id, key: logKey(version), value: encodeLogEntry(entry) });
    }
    await store.commit(transaction);
  }
  await store.commit(pgs.map((pg) => infoMutation(pg.id, pg.info)));
  return pgs;
}

/** All names, as a count or a backfill goes over them. */
function list(pg: Pg, pages: number[]): number {
  const startedMs = performance.now();
  for (let after = ''; ;) {
    const beginMs = performance.now();
    const page = store.objects(pgId(pg.pool, pg.seq), after, 512);
    pages.push(performance.now() - beginMs);
    if (page.length < 512) return performance.now() - startedMs;
    after = page.at(-1)?.name ?? '';
  }
}
