/**
 * What commits cost: `node --import=tsx bench/store-commit.ts [DIR]` prints a table for a store made in DIR (a
 * folder under /tmp by default; it is removed afterwards). CPU is that of the whole process, per operation.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pgId, poolId } from '../common/maps/ids.ts';
import type { Env } from '../common/runtime/env.ts';
import type { Log } from '../common/runtime/log.ts';
import { NodeClock } from '../common/runtime/node/clock.ts';
import { NodeDisk } from '../common/runtime/node/disk.ts';
import { NodeRandom } from '../common/runtime/node/random.ts';
import { BlockStore } from '../osd/store/block.ts';
import type { Mutation } from '../osd/store/object-store.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error: console.error, child: () => silent };
const env: Env = {
  clock: new NodeClock(),
  random: new NodeRandom(),
  disk: new NodeDisk(),
  log: silent,
  network: undefined as never,
  spawn: (_name, fn) => void fn(),
};

const pg = pgId(poolId(1), 0);
const mib = 1 << 20;

interface Row {
  readonly name: string;
  readonly depth: number;
  readonly count: number;
  readonly bytes: number;
  readonly make: (i: number) => Mutation[];
}

const version = (object: string, i: number): Mutation[] => [
  { kind: 'set-version', pg, object, version: { interval: 1, counter: i }, mtimeMs: 1e12 + i },
  { kind: 'set-meta', pg, key: `log.${String(i).padStart(12, '0')}`, value: Buffer.alloc(120, i) },
];
const write = (object: string, offset: number, data: Uint8Array): Mutation => ({ kind: 'write', pg, object, offset, data: [data] });
const data = Buffer.alloc(4 * mib);
for (let i = 0; i < data.length; i += 8) data.writeUInt32LE(i, i);
const random = (i: number, below: number): number => (Math.imul(i + 1, 0x9e3779b1) % below) >>> 0;

const rows: Row[] = [
  {
    name: 'new 4 KiB object',
    depth: 1,
    count: 3000,
    bytes: 4096,
    make: (i) => [write(`a${i}`, 0, data.subarray(0, 4096)), ...version(`a${i}`, i)],
  },
  {
    name: 'new 4 KiB object',
    depth: 16,
    count: 10_000,
    bytes: 4096,
    make: (i) => [write(`b${i}`, 0, data.subarray(0, 4096)), ...version(`b${i}`, i)],
  },
  {
    name: '1 MiB write',
    depth: 4,
    count: 256,
    bytes: mib,
    make: (i) => [write(`c${i >> 2}`, (i & 3) * mib, data.subarray(0, mib)), ...version(`c${i >> 2}`, i)],
  },
  { name: '4 MiB write', depth: 4, count: 128, bytes: 4 * mib, make: (i) => [write(`d${i}`, 0, data), ...version(`d${i}`, i)] },
  { name: '4 MiB overwrite', depth: 4, count: 128, bytes: 4 * mib, make: (i) => [write(`d${i}`, 0, data), ...version(`d${i}`, i)] },
  {
    name: '4 KiB random overwrite',
    depth: 1,
    count: 3000,
    bytes: 4096,
    make: (i) => [write(`d${i & 15}`, random(i, 1024) * 4096, data.subarray(0, 4096)), ...version(`d${i & 15}`, i)],
  },
  {
    name: '4 KiB random overwrite',
    depth: 16,
    count: 10_000,
    bytes: 4096,
    make: (i) => [write(`d${i & 15}`, random(i, 1024) * 4096, data.subarray(0, 4096)), ...version(`d${i & 15}`, i)],
  },
  {
    name: '256 B append',
    depth: 1,
    count: 3000,
    bytes: 256,
    make: (i) => [write('e', i * 256, data.subarray(0, 256)), ...version('e', i)],
  },
  {
    name: '256 B append',
    depth: 16,
    count: 20_000,
    bytes: 256,
    make: (i) => [write('f', i * 256, data.subarray(0, 256)), ...version('f', i)],
  },
  { name: 'omap-set, 1 key of 200 B', depth: 1, count: 3000, bytes: 200, make: (i) => [omapSet('g', i, 1), ...version('g', i)] },
  { name: 'omap-set, 1 key of 200 B', depth: 16, count: 20_000, bytes: 200, make: (i) => [omapSet('h', i, 1), ...version('h', i)] },
  { name: 'omap-set, 64 keys of 200 B', depth: 4, count: 1000, bytes: 64 * 200, make: (i) => [omapSet('i', i, 64), ...version('i', i)] },
  { name: 'remove', depth: 16, count: 10_000, bytes: 0, make: (i) => [{ kind: 'remove', pg, object: `b${i}` }] },
];

function omapSet(object: string, i: number, keys: number): Mutation {
  const entries = Array.from({ length: keys }, (_, k) => ({
    key: Buffer.from(`key ${random(i * keys + k, 1e6)}`),
    value: data.subarray(k, k + 200),
  }));
  return { kind: 'omap-set', pg, object, entries };
}

async function run(store: BlockStore, row: Row): Promise<string[]> {
  const latencies: number[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < row.count) {
      const transaction = row.make(next++);
      const from = performance.now();
      await store.commit(transaction);
      latencies.push(performance.now() - from);
    }
  };
  const cpu = process.cpuUsage();
  const from = performance.now();
  await Promise.all(Array.from({ length: row.depth }, worker));
  const seconds = (performance.now() - from) / 1000;
  const used = process.cpuUsage(cpu);
  latencies.sort((a, b) => a - b);
  const at = (share: number): string => (latencies[Math.floor(latencies.length * share)] as number).toFixed(2);
  const cpuMicros = (used.user + used.system) / row.count;
  return [
    row.name,
    String(row.depth),
    (row.count / seconds).toFixed(0),
    ((row.count * row.bytes) / mib / seconds).toFixed(1),
    at(0.5),
    at(0.99),
    (latencies.at(-1) as number).toFixed(1),
    cpuMicros.toFixed(0),
    String(process.memoryUsage().rss >> 20),
  ];
}

async function readRow(
  store: BlockStore,
  name: string,
  count: number,
  bytes: number,
  place: (i: number) => [string, number],
): Promise<string[]> {
  const cpu = process.cpuUsage();
  const from = performance.now();
  for (let i = 0; i < count; i++) await store.read(pg, ...place(i), bytes);
  const seconds = (performance.now() - from) / 1000;
  const used = process.cpuUsage(cpu);
  const cpuMicros = (used.user + used.system) / count;
  return [
    name,
    '1',
    (count / seconds).toFixed(0),
    ((count * bytes) / mib / seconds).toFixed(1),
    '',
    '',
    '',
    cpuMicros.toFixed(0),
    String(process.memoryUsage().rss >> 20),
  ];
}

const parent = process.argv[2] ?? '/tmp';
mkdirSync(parent, { recursive: true });
const dataDir = mkdtempSync(join(parent, 'nacre-bench-'));
const store = new BlockStore(env, { dataDir });
const table = [['operation', 'depth', 'per s', 'MiB/s', 'p50 ms', 'p99 ms', 'max ms', 'CPU us', 'RSS MiB']];
try {
  await store.start();
  for (const row of rows) table.push(await run(store, row));
  table.push(await readRow(store, 'read 4 MiB', 256, 4 * mib, (i) => [`d${i % 128}`, 0]));
  table.push(await readRow(store, 'read 4 KiB random', 10_000, 4096, (i) => [`d${i % 128}`, random(i, 1024) * 4096]));
  const from = performance.now();
  await store.stop();
  const stopped = performance.now();
  await store.start();
  console.log(`stop ${(stopped - from).toFixed(0)} ms, start ${(performance.now() - stopped).toFixed(0)} ms\n`);
  await store.stop();
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
const widths = (table[0] as string[]).map((_, column) => Math.max(...table.map((row) => (row[column] as string).length)));
for (const row of table)
  console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number))).join('  '));
