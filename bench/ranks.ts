/**
 * `npm run bench -- ranks [--count N] [--rounds N]`
 *
 * Creates per second in two trees, by a client each, when one MDS rank holds both and when each has its own; and the processor time that
 * the busier of the MDSs took for a create of either tree: with enough cores that is what bounds the rate, whatever else runs here.
 * The clients are processes of their own, without a kernel; each makes files one after the other in directories of a thousand, and has
 * all of them in the journal in the end.
 * @module
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { byteStringOf } from '../common/maps/ids.ts';
import { createNodeEnv } from '../common/runtime/node/env.ts';
import { connectFilesystem, type ConnectedFilesystem } from '../fuse-client/client/index.ts';
import { clientConfig } from '../fuse-client/config.ts';
import type { Credentials } from '../fuse-client/vfs/filesystem.ts';
import { RealCluster } from '../test/support/real-cluster.ts';
import { usageOf } from './processes.ts';
import { figure, table } from './table.ts';

const { values: options } = parseArgs({
  // The word `ranks` itself.
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '3' },
    worker: { type: 'string' },
    mon: { type: 'string', default: '' },
  },
});
const count = Number(options.count);
const rounds = Number(options.rounds);
const perDirectory = 1_000;
const pollMs = 50;
const trees = ['left', 'right'] as const;
const who: Credentials = { uid: 0, gid: 0, groups: [], pid: 1 };
const writeCreateExclusive = 0o301;

if (options.worker === undefined) await measure();
else await work(options.worker, options.mon);
process.exit(0);

async function measure(): Promise<void> {
  console.log(`${cpus().length} processors, load ${figure(loadavg()[0] ?? 0)}, Node ${process.version}, ${new Date().toISOString()}`);
  const cluster = new RealCluster();
  try {
    await cluster.up('--mds', '2');
    await cluster.ok('fs', 'set', 'max_mds', '2');
    await cluster.until('two ranks', (status) => status.mds.filter(({ state }) => state === 'active').length === 2);
    const mon = /mon\s*=\s*"([^"]+)"/.exec(readFileSync(join(cluster.data, 'cluster.toml'), 'utf8'))?.[1] ?? '';
    const { paths } = await connect('client.bench', mon);
    for (const tree of trees) await paths.mkdir(`/${tree}`);
    const rows = [['two trees', 'creates/s', 'µs of the busier MDS a create', 'that MDS could carry/s', 'load']];
    await round(cluster, mon, 'warm-up');
    for (let at = 1; at <= rounds; at++) {
      for (const ranks of [1, 2]) {
        const rank = ranks - 1;
        await paths.setXattr('/right', 'ceph.dir.pin', `${rank}`);
        while ((await paths.getXattr('/right', 'nacre.dir.rank')).toString() !== `${rank}`) await sleep(pollMs);
        const { rate, micros } = await round(cluster, mon, `${at}-${ranks}`);
        rows.push([
          ranks === 1 ? 'one rank' : 'a rank each',
          figure(rate),
          figure(micros),
          figure(1_000_000 / micros),
          figure(loadavg()[0] ?? 0),
        ]);
      }
    }
    console.log(`\n${table(rows)}`);
  } finally {
    await cluster.remove();
  }
}

/** Both clients at once. */
async function round(cluster: RealCluster, mon: string, name: string): Promise<{ readonly rate: number; readonly micros: number }> {
  const daemons = cluster.names().filter((each) => each.startsWith('mds.'));
  const used = (): number[] => daemons.map((each) => usageOf(each, cluster.pid(each)).cpuSeconds);
  const workers = trees.map((tree) => {
    const args = ['--import=tsx', import.meta.filename, '--worker', `/${tree}/${name}`, '--mon', mon, '--count', String(count)];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
  });
  const said = async (): Promise<string[]> => await Promise.all(workers.map(async ({ lines }) => String((await lines.next()).value)));
  for (const line of await said()) if (line !== 'ready') throw new Error(`a client said ${line}`);
  const before = used();
  const startedMs = performance.now();
  for (const { child } of workers) child.stdin.write('go\n');
  for (const line of await said()) if (line !== 'done') throw new Error(`a client said ${line}`);
  const seconds = (performance.now() - startedMs) / 1000;
  const busier = Math.max(...used().map((after, at) => after - (before[at] ?? 0)));
  await Promise.all(
    workers.map(async ({ child }) => {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    }),
  );
  const made = count * trees.length;
  return { rate: made / seconds, micros: (busier * 1_000_000) / made };
}

async function work(home: string, mon: string): Promise<void> {
  const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const client = await connect(`client.bench-${process.pid}`, mon);
  const { filesystem, paths } = client;
  await paths.mkdir(home);
  const directories = Math.ceil(count / perDirectory);
  for (let at = 0; at < directories; at++) await paths.mkdir(`${home}/${at}`);
  console.log('ready');
  await input.next();
  for (let at = 0; at < directories; at++) {
    const { ino } = await paths.stat(`${home}/${at}`);
    const handle = (await filesystem.openDirectory(who, ino, 0)).handle;
    for (let n = 0; n < perDirectory; n++) {
      const made = await filesystem.create(who, ino, byteStringOf(`file-${n}`), 0o644, writeCreateExclusive, 0);
      await filesystem.release(made.handle);
      filesystem.forget(made.attributes.ino, 1);
    }
    await filesystem.releaseDirectory(handle);
  }
  await filesystem.syncAll();
  console.log('done');
  await input.next();
  await client.stop();
}

async function connect(name: string, mon: string): Promise<ConnectedFilesystem> {
  const env = await createNodeEnv({ log: { name, level: 'warn', file: '' } });
  return await connectFilesystem(env, { name, mons: [mon], config: clientConfig({ name }) });
}
