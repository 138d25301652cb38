/**
 * `npm run bench -- [--peer PROGRAM] [--fsbench PROGRAM] [--only REGEX] [--full] [--size N]`
 *
 * Measures a fresh cluster on this machine: time to a usable mount, memory idle and after, the round trip through
 * FUSE, and every workload of fsbench. With --peer, the same workloads on another system in the same session, side by
 * side: PROGRAM is called with `up`, `mount DIR`, `status` and `down`.
 *
 * `npm run bench -- failover` measures what clients notice when OSDs die: failover.ts; `npm run bench -- mds-failover` when MDSs do: mds-failover.ts; `npm run bench -- names` directories with many
 * names: names.ts; `npm run bench -- hosts` several hosts at the same files: hosts.ts; `npm run bench -- ranks` two trees with one MDS rank and with two: ranks.ts.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { RealCluster } from '../test/support/real-cluster.ts';
import { fsbench } from './fsbench.ts';
import { Peer } from './peer.ts';
import { total, usageOf, type Usage } from './processes.ts';
import { comparison, type Row } from './rows.ts';
import { table } from './table.ts';

if (process.argv[2] === 'failover') await import('./failover.ts');
if (process.argv[2] === 'mds-failover') await import('./mds-failover.ts');
if (process.argv[2] === 'names') await import('./names.ts');
if (process.argv[2] === 'hosts') await import('./hosts.ts');
if (process.argv[2] === 'ranks') await import('./ranks.ts');

const root = join(import.meta.dirname, '..');
/** Time for a cluster to come to rest before its idle memory is read. */
const settleMs = 5000;
const largeMib = 512;
const roundTrips = 20_000;

const { values: options } = parseArgs({
  options: {
    peer: { type: 'string' },
    fsbench: { type: 'string', default: join(root, '../shared/bench/fsbench') },
    only: { type: 'string', default: '' },
    full: { type: 'boolean', default: false },
    size: { type: 'string', default: '3' },
  },
});
const benchArgs = [...(options.full ? [] : ['--quick']), '--only', options.only];

console.log(
  `${cpus().length} processors (${cpus()[0]?.model ?? '?'}), Node ${process.version}, size ${options.size}, ${new Date().toISOString()}`,
);
const ours = await measureOurs();
const theirs = options.peer === undefined ? [] : await measurePeer(options.peer);
console.log(`\n${comparison(ours, theirs)}`);

async function measureOurs(): Promise<readonly Row[]> {
  const cluster = new RealCluster();
  try {
    const started = performance.now();
    await cluster.up('--size', options.size);
    console.log(`\nup to a usable mount: ${((performance.now() - started) / 1000).toFixed(2)} s`);
    await sleep(settleMs);
    const idle = usages(cluster);
    console.log(`round trip through FUSE, answered by the client: ${roundTripMicroseconds(cluster.mount).toFixed(1)} µs median`);
    const growth = largeWriteGrowth(cluster);
    const rows = await fsbench(options.fsbench, cluster.mount, benchArgs);
    console.log(`\n${memoryTable(idle, growth, usages(cluster))}`);
    return rows;
  } finally {
    await cluster.remove();
  }
}

async function measurePeer(program: string): Promise<readonly Row[]> {
  const peer = new Peer(program);
  try {
    const started = performance.now();
    peer.up(options.size);
    const mount = peer.mount('mnt');
    console.log(`\npeer: up to a usable mount: ${((performance.now() - started) / 1000).toFixed(2)} s`);
    await sleep(settleMs);
    peer.status();
    const rows = await fsbench(options.fsbench, mount, benchArgs);
    peer.status();
    return rows;
  } finally {
    peer.remove();
  }
}

function usages(cluster: RealCluster): Usage[] {
  return cluster.names().map((name) => usageOf(name, cluster.pid(name)));
}

/** How much each daemon's peak grows while one large file is written, MiB by name. */
function largeWriteGrowth(cluster: RealCluster): ReadonlyMap<string, number> {
  const before = new Map(usages(cluster).map(({ name, residentMib }) => [name, residentMib]));
  const file = join(cluster.mount, 'large');
  execFileSync('dd', ['if=/dev/urandom', `of=${file}`, 'bs=1M', `count=${largeMib}`, 'conv=fsync', 'status=none']);
  const growth = new Map(usages(cluster).map(({ name, peakMib }) => [name, peakMib - (before.get(name) ?? 0)]));
  rmSync(file);
  return growth;
}

/** Reading an xattr: the kernel caches none, so each call is one request to the client, which answers from its cache. */
function roundTripMicroseconds(mount: string): number {
  const file = join(mount, 'round-trip');
  writeFileSync(file, '');
  const script = [
    'import os, sys, time',
    'path, took = sys.argv[1], []',
    'os.setxattr(path, "user.x", b"y")',
    `for _ in range(${roundTrips}):`,
    '    t = time.perf_counter_ns(); os.getxattr(path, "user.x"); took.append(time.perf_counter_ns() - t)',
    'print(sorted(took)[len(took) // 2] / 1000)',
  ].join('\n');
  const median = Number(execFileSync('python3', ['-c', script, file], { encoding: 'utf8' }));
  rmSync(file);
  return median;
}

function memoryTable(idle: readonly Usage[], growth: ReadonlyMap<string, number>, after: readonly Usage[]): string {
  const line = (name: string, rest: Usage, end: Usage | undefined): string[] => [
    name,
    rest.residentMib.toFixed(0),
    growth.get(name)?.toFixed(0) ?? '',
    end?.residentMib.toFixed(0) ?? '',
    end?.peakMib.toFixed(0) ?? '',
    end?.cpuSeconds.toFixed(1) ?? '',
  ];
  return table([
    ['MiB resident', 'idle', `peak growth, ${largeMib} MiB write`, 'after', 'peak', 'CPU s'],
    ...idle.map((usage) =>
      line(
        usage.name,
        usage,
        after.find(({ name }) => name === usage.name),
      ),
    ),
    line('together', total(idle), total(after)),
  ]);
}
