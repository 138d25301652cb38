/**
 * `npx tsx bench/object-ops.ts [--seconds N] [--size N] [--only REGEX] [--cpu-prof DIR]`
 *
 * Object operations against a real cluster of one mon and three OSDs on this machine, each a process of its own on
 * the block store: rates and latencies of small writes, reads and omap changes, throughput of large ones.
 * @module
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync, readFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { entityName, instanceId, poolId, type PoolId } from '../common/maps/ids.ts';
import { createNodeEnv } from '../common/runtime/node/env.ts';
import { WireMessenger } from '../common/wire/messenger.ts';
import { MapFollower } from '../mon/client/map-follower.ts';
import { Objecter } from '../osd/client/objecter.ts';
import type { ObjectOperation } from '../osd/client/object-client.ts';
import { usageOf } from './processes.ts';
import { figure, table } from './table.ts';

const root = join(import.meta.dirname, '..');
const fsid = '6f1d6c0e-94a5-4c7e-9a70-0c9c1f0a5b11';
const monPort = 17_789;

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '1.5' },
    size: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    'cpu-prof': { type: 'string' },
  },
});
const seconds = Number(options.seconds);
const only = new RegExp(options.only);

interface Workload {
  readonly name: string;
  readonly depth: number;
  /** Bytes that one operation moves; 0: counted in operations. */
  readonly bytes: number;
  readonly operation: (n: number) => { readonly object: string; readonly operations: readonly ObjectOperation[] };
}

const small = [Buffer.alloc(4096, 0x5a)];
const large = Array.from({ length: 4 }, () => Buffer.alloc(1024 * 1024, 0xa5));
const key = (n: number): Buffer => Buffer.from(`key-${n % 5000}`);
const write4k = (n: number): ReturnType<Workload['operation']> => ({
  object: `small.${n % 64}`,
  operations: [{ kind: 'write', offset: ((n * 7) % 256) * 4096, data: small }],
});
const read4k = (n: number): ReturnType<Workload['operation']> => ({
  object: `small.${n % 64}`,
  operations: [{ kind: 'read', offset: ((n * 7) % 256) * 4096, length: 4096 }],
});
const omapSet = (n: number): ReturnType<Workload['operation']> => ({
  object: `omap.${n % 16}`,
  operations: [{ kind: 'omap-set', entries: [{ key: key(n), value: Buffer.alloc(200, n) }] }],
});
const write4m = (n: number): ReturnType<Workload['operation']> => ({
  object: `large.${n % 32}`,
  operations: [{ kind: 'write', offset: 0, data: large }],
});
const write1m = (n: number): ReturnType<Workload['operation']> => ({
  object: `large.${(n >> 2) % 32}`,
  operations: [{ kind: 'write', offset: (n % 4) * 1024 * 1024, data: large.slice(0, 1) }],
});
const read4m = (n: number): ReturnType<Workload['operation']> => ({
  object: `large.${n % 32}`,
  operations: [{ kind: 'read', offset: 0, length: 0 }],
});

const workloads: readonly Workload[] = [
  { name: 'write 4 KiB', depth: 1, bytes: 0, operation: write4k },
  { name: 'write 4 KiB', depth: 16, bytes: 0, operation: write4k },
  { name: 'read 4 KiB', depth: 1, bytes: 0, operation: read4k },
  { name: 'read 4 KiB', depth: 16, bytes: 0, operation: read4k },
  { name: 'omap-set 200 B', depth: 1, bytes: 0, operation: omapSet },
  { name: 'omap-set 200 B', depth: 16, bytes: 0, operation: omapSet },
  { name: 'write 1 MiB', depth: 4, bytes: 1 << 20, operation: write1m },
  { name: 'write 4 MiB', depth: 4, bytes: 4 << 20, operation: write4m },
  { name: 'read 4 MiB', depth: 4, bytes: 4 << 20, operation: read4m },
];

const directory = mkdtempSync(join(tmpdir(), 'nacre-object-ops-'));
const daemons = new Map<string, ChildProcess>();
try {
  start('mon.a', 'mon', `bootstrap = true\nlisten = "127.0.0.1:${monPort}"`);
  for (const id of [0, 1, 2]) start(`osd.${id}`, 'osd', `host = "host${id}"`);
  await measure();
} finally {
  await Promise.all([...daemons.values()].map(stop));
  rmSync(directory, { recursive: true });
}

async function measure(): Promise<void> {
  const env = await createNodeEnv({ log: { name: 'client.bench', level: 'warn', file: '' } });
  const messenger = new WireMessenger(env, { entity: entityName('client', 'bench'), instance: instanceId(env.random.id()), fsid });
  const monClient = new MapFollower(env, { messenger, mons: [`127.0.0.1:${monPort}`] });
  await monClient.start({ timeoutMs: 20_000 });
  while ([...monClient.map.osds.values()].filter(({ up }) => up).length < 3) await sleep(20);
  const made = await monClient.command<{ id: number }>({ prefix: 'pool create', name: 'bench', size: Number(options.size), pgNum: 32 });
  const pool = poolId(made.id);
  while (!monClient.map.pools.has(pool)) await sleep(5);
  const objects = new Objecter(env, { messenger, monClient });
  const rows = [['', 'depth', 'rate', 'median µs', '99 % µs']];
  for (const workload of workloads) {
    if (only.test(workload.name)) rows.push(await run(objects, pool, workload));
  }
  console.log(table(rows));
  console.log(
    [...daemons]
      .map(
        ([name, { pid }]) =>
          `${name} ${usageOf(name, pid ?? 0).residentMib.toFixed(0)} MiB ${usageOf(name, pid ?? 0).cpuSeconds.toFixed(1)} s`,
      )
      .join(', '),
  );
  await objects.stop();
  await monClient.stop();
  await messenger.stop();
}

async function run(objects: Objecter, pool: PoolId, { name, depth, bytes, operation }: Workload): Promise<string[]> {
  const latencies: number[] = [];
  let next = 0;
  let end = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < end) {
      const { object, operations } = operation(next++);
      const sent = performance.now();
      await objects.operate(pool, object, operations);
      latencies.push(performance.now() - sent);
    }
  };
  // Once without counting, so that objects exist and code is compiled.
  for (let n = 0; n < 64; n++)
    await objects.operate(pool, operation(n).object, [{ kind: 'create', exclusive: false }, ...operation(n).operations]);
  const started = performance.now();
  end = started + seconds * 1000;
  await Promise.all(Array.from({ length: depth }, worker));
  const perSecond = latencies.length / ((performance.now() - started) / 1000);
  latencies.sort((a, b) => a - b);
  const at = (share: number): string => figure((latencies[Math.floor(latencies.length * share)] ?? 0) * 1000);
  const rate = bytes === 0 ? `${figure(perSecond)}/s` : `${figure((perSecond * bytes) / 2 ** 20)} MiB/s`;
  return [name, String(depth), rate, at(0.5), at(0.99)];
}

function start(name: string, service: string, more: string): void {
  const file = join(directory, `${name}.toml`);
  const log = join(directory, `${name}.log`);
  writeFileSync(
    file,
    `name = "${name}"\nfsid = "${fsid}"\nmons = ["127.0.0.1:${monPort}"]\ndataDir = "${join(directory, name)}"\nlogFile = "${log}"\n${more}\n`,
  );
  const profile = options['cpu-prof'];
  const flags = profile === undefined || service !== 'osd' ? [] : ['--cpu-prof', `--cpu-prof-dir=${join(profile, name)}`];
  const child = spawn(process.execPath, [...flags, '--import=tsx', join(root, service, 'main.ts'), '--config', file], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  child.once('exit', (code) => {
    if (code !== 0)
      console.error(`${name} ended with ${String(code)}${existsSync(log) ? `: ${readFileSync(log, 'utf8').slice(-2000)}` : ''}`);
  });
  daemons.set(name, child);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}
