/**
 * `npm run bench -- failover [--rounds N] [--objects N] [--bytes N] [--only REGEX]`
 *
 * What clients notice when an OSD dies, falls silent or comes back, against a cluster of real processes on a network of
 * its own: the longest that an operation waits, the time to full health after 10,000 objects were written behind an
 * OSD's back, and throughput and latency meanwhile beside those before and after.
 * @module
 */
import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { poolId, type PoolId } from '../common/maps/ids.ts';
import { NetworkCluster } from '../test/support/network-cluster.ts';
import { enterOwnNamespaces } from '../test/support/own-namespaces.ts';
import { ObjectLoad, type Figures } from './object-load.ts';
import { figure, table } from './table.ts';

const osds = 4;
const normalMs = 6_000;
const healthTimeoutMs = 300_000;

const { values: options } = parseArgs({
  // The word `failover` itself.
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    objects: { type: 'string', default: '10000' },
    bytes: { type: 'string', default: '16384' },
    only: { type: 'string', default: '' },
    keep: { type: 'boolean', default: false },
  },
});
const only = new RegExp(options.only);
const objectCount = Number(options.objects);
const objectBytes = Number(options.bytes);

const interrupt = await enterOwnNamespaces();
console.log(`${cpus().length} processors, load ${figure(loadavg()[0] ?? 0)}, Node ${process.version}, ${new Date().toISOString()}`);
const cluster = new NetworkCluster({ osds, mds: 1 });
let failed = true;
try {
  await cluster.up();
  await measureStalls();
  await measureReturn('by log', 32);
  // So few PGs that their logs (2,000 entries each) do not reach back over all objects.
  await measureReturn('by backfill', 4);
  failed = false;
} catch (error) {
  console.log(interrupt.aborted ? 'interrupted' : error);
} finally {
  if (options.keep) console.log(`left for a look: ${cluster.home}`);
  else await cluster.abandon();
}
process.exit(failed ? 1 : 0);

/** The longest wait of any operation after a fault, several times for each kind. */
async function measureStalls(): Promise<void> {
  const pool = await makePool('stalls', 32);
  const load = new ObjectLoad(cluster.client.objects, pool);
  const kinds: readonly (readonly [string, number, (osd: string) => () => unknown])[] = [
    ['kill -9', 1.5, kill],
    ['stop (SIGTERM)', 1.5, shutDown],
    ['SIGSTOP', 7, standStill],
    ['cut off', 7, (osd) => cluster.fabric.cut([osd], cluster.fabric.names, { oneWay: false })],
    ['cut off, one way: heard by nobody', 7, (osd) => cluster.fabric.cut([osd], cluster.fabric.names, { oneWay: true })],
    ['cut off, one way: hears nobody', 7, (osd) => cluster.fabric.cut(cluster.fabric.names, [osd], { oneWay: true })],
    [
      'cut off from another OSD only',
      7,
      (osd) => cluster.fabric.cut([osd], [`osd.${(Number(osd.slice(4)) + 1) % osds}`], { oneWay: false }),
    ],
  ];
  const rows = [['longest wait, s', ...Array.from({ length: Number(options.rounds) }, (_, n) => `${n + 1}`), 'target']];
  for (const [name, targetSeconds, strike] of kinds.filter(([kind]) => only.test(kind))) {
    const longest: number[] = [];
    for (let round = 0; round < Number(options.rounds); round++) {
      await whenClean();
      await sleep(500, undefined, { signal: interrupt });
      const from = performance.now();
      const mend = strike(`osd.${round % osds}`);
      await sleep(12_000, undefined, { signal: interrupt });
      // Whoever still waits is freed by the mending.
      await mend();
      await load.passed();
      await whenClean();
      longest.push(load.between(from, performance.now()).longestMs / 1000);
    }
    rows.push([name, ...longest.map(figure), `< ${targetSeconds}`]);
  }
  await load.stop();
  console.log(`\n${table(rows)}`);
}

/** An OSD that was away while every object was written again. */
async function measureReturn(how: string, pgNum: number): Promise<void> {
  if (!only.test(how)) return;
  const pool = await makePool(how.replaceAll(' ', '-'), pgNum);
  await fill(pool);
  await whenClean();
  const load = new ObjectLoad(cluster.client.objects, pool);
  await sleep(2_000, undefined, { signal: interrupt });
  const normalFrom = performance.now();
  await sleep(normalMs, undefined, { signal: interrupt });
  const normal = load.between(normalFrom, performance.now());
  const osd = 'osd.1';
  cluster.kill(osd);
  await cluster.until('the OSD going down', ({ osds: all }) => all.some(({ id, up }) => id === 1 && !up));
  await fill(pool);
  const returned = performance.now();
  await cluster.start(osd);
  const up = performance.now();
  await whenClean();
  const clean = performance.now();
  await sleep(2_000, undefined, { signal: interrupt });
  const afterFrom = performance.now();
  await sleep(normalMs, undefined, { signal: interrupt });
  const after = load.between(afterFrom, performance.now());
  await load.stop();
  const meanwhile = load.between(up, clean);
  const seconds = (clean - up) / 1000;
  const compared = (name: string, figureOf: (figures: Figures) => number): string[] => {
    const normals = (figureOf(normal) + figureOf(after)) / 2;
    return [
      name,
      ...[normal, meanwhile, after].map((figures) => figure(figureOf(figures))),
      `${figure(figureOf(meanwhile) / normals)} times`,
    ];
  };
  console.log(
    `\n${table([
      [`${objectCount} objects of ${objectBytes} bytes, OSD back, ${how}`, 'before', 'meanwhile', 'after', ''],
      compared('operations/s', ({ perSecond }) => perSecond),
      compared('median, ms', ({ medianMs }) => medianMs),
      compared('99 %, ms', ({ p99Ms }) => p99Ms),
      compared('longest, ms', ({ longestMs }) => longestMs),
      ['start of the process, s', '', figure((up - returned) / 1000), '', ''],
      ['to full health from there, s', '', figure(seconds), '', `${figure(objectCount / seconds)} objects/s`],
    ])}`,
  );
}

/** Writes every object of the pool whole. */
async function fill(pool: PoolId): Promise<void> {
  const data = [Buffer.alloc(objectBytes, Math.floor(Math.random() * 256))];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < objectCount) await cluster.client.objects.operate(pool, `object.${next++}`, [{ kind: 'write-full', data }]);
  };
  await Promise.all(Array.from({ length: 32 }, worker));
}

async function makePool(name: string, pgNum: number): Promise<PoolId> {
  const { mon } = cluster.client;
  const { id } = await mon.command<{ id: number }>({ prefix: 'pool create', name, size: 3, minSize: 2, pgNum, failureDomain: 'osd' });
  const pool = poolId(id);
  while (!mon.map.pools.has(pool)) await sleep(5);
  await whenClean();
  return pool;
}

async function whenClean(): Promise<void> {
  await cluster.until(
    'full health',
    ({ osds: all, pgs }) => all.every(({ up }) => up) && Object.keys(pgs.byState).every((state) => state.split('+').includes('clean')),
    healthTimeoutMs,
  );
}

function kill(osd: string): () => Promise<void> {
  cluster.kill(osd);
  return () => cluster.start(osd);
}

function shutDown(osd: string): () => Promise<void> {
  process.kill(cluster.pid(osd), 'SIGTERM');
  return () => cluster.start(osd);
}

function standStill(osd: string): () => void {
  const pid = cluster.pid(osd);
  process.kill(pid, 'SIGSTOP');
  return () => void process.kill(pid, 'SIGCONT');
}
