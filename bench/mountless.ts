/**
 * What the client itself can do, without a kernel: rates of operations against a cluster of real processes, and the
 * processor time that each of them took. `npx tsx bench/mountless.ts [--data DIR] [--only REGEX] [--count N]`; without
 * --data a cluster is made for it.
 * @module
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { byteStringOf, type ByteString, type Ino } from '../common/maps/ids.ts';
import { createNodeEnv } from '../common/runtime/node/env.ts';
import { connectFilesystem } from '../fuse-client/client/index.ts';
import { clientConfig } from '../fuse-client/config.ts';
import type { Credentials, Entry, Filesystem, Handle } from '../fuse-client/vfs/filesystem.ts';
import { RealCluster } from '../test/support/real-cluster.ts';
import { usageOf } from './processes.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    only: { type: 'string', default: '' },
    count: { type: 'string', default: '1000' },
    mib: { type: 'string', default: '64' },
  },
});
const only = new RegExp(values.only);
const count = Number(values.count);
const mebibytes = Number(values.mib);
const who: Credentials = { uid: 0, gid: 0, groups: [], pid: 1 };
const writeCreate = 0o301;
const mebibyte = 1 << 20;

const cluster = values.data === undefined ? new RealCluster() : undefined;
if (cluster !== undefined) await cluster.up();
const data = values.data ?? (cluster as RealCluster).data;
const mon = /mon\s*=\s*"([^"]+)"/.exec(readFileSync(join(data, 'cluster.toml'), 'utf8'))?.[1];
if (mon === undefined) throw new Error(`no monitor's address in ${data}/cluster.toml`);

const env = await createNodeEnv({ log: { name: 'client.bench', level: 'warn', file: '' } });
const client = await connectFilesystem(env, {
  name: 'client.bench',
  mons: [mon],
  config: clientConfig({ name: 'client.bench' }),
});

const { paths } = client;

try {
  await measureAll(client.filesystem);
} finally {
  await paths.rm('/bench', { recursive: true });
  await client.stop();
  await cluster?.remove();
}

async function measureAll(fs: Filesystem): Promise<void> {
  await paths.mkdir('/bench');
  const { ino: bench } = await paths.stat('/bench');
  await fs.lookup(who, fs.root, byteStringOf('bench'));
  const names = Array.from({ length: count }, (_, i) => byteStringOf(`file-${i}`));

  await measure('create', 'ops', names, async (name) => {
    await close(await fs.create(who, bench, name, 0o644, writeCreate, 0));
  });
  await measure('lookup, cached', 'ops', names, (name) => fs.lookup(who, bench, name) as Entry, 200);
  await measure('rename', 'ops', names, (name) => fs.rename(who, bench, name, bench, renamed(name), 0));
  await measure('unlink', 'ops', names, (name) => fs.unlink(who, bench, renamed(name)));
  const small = Buffer.alloc(4096, 7);
  const smallNames = names.map((name) => `${name}-small` as ByteString);
  await measure('4 KiB files: write, close', 'files', smallNames, async (name) => {
    const made = await fs.create(who, bench, name, 0o644, writeCreate, 0);
    await fs.write(who, made.handle, 0, small, { killSetId: false });
    await close(made);
  });
  await measure('4 KiB files: read, cached', 'files', smallNames, async (name) => {
    const { attributes } = (await fs.lookup(who, bench, name)) as Entry;
    const { handle } = await fs.open(who, attributes.ino, 0);
    await fs.read(handle, 0, 4096);
    await fs.release(handle);
  });
  await fs.syncAll();
  await measure('4 KiB files: write, fsync, close', 'files', names.slice(0, count / 5), async (name) => {
    const made = await fs.create(who, bench, `${name}-s` as ByteString, 0o644, writeCreate, 0);
    await fs.write(who, made.handle, 0, small, { killSetId: false });
    await fs.fsync(made.handle, false);
    await close(made);
  });

  const big = await fs.create(who, bench, byteStringOf('big'), 0o644, 0o302, 0);
  const block = Buffer.alloc(mebibyte, 5);
  const blocks = Array.from({ length: mebibytes }, (_, i) => i);
  await measure('sequential write, fsync at end', 'MiB', [...blocks, -1], async (i) => {
    if (i < 0) await fs.fsync(big.handle, false);
    else {
      const written = fs.write(who, big.handle, i * mebibyte, block, { killSetId: false });
      if (written instanceof Promise) await written;
    }
  });
  await measure('sequential read', 'MiB', blocks, (i) => fs.read(big.handle, i * mebibyte, mebibyte));
  const pages = Array.from({ length: 20 * count }, () => Math.floor(Math.random() * mebibytes * 256));
  await measure('random read 4 KiB, cached', 'ops', pages, (page) => fs.read(big.handle, page * 4096, 4096));
  await measure('random write 4 KiB', 'ops', pages, (page) => fs.write(who, big.handle, page * 4096, small, { killSetId: false }));
  await measure('fsync after it', 'ops', [0], () => fs.fsync(big.handle, false));
  await measure('random write 4 KiB + fsync', 'ops', pages.slice(0, count / 2), async (page) => {
    await fs.write(who, big.handle, page * 4096, small, { killSetId: false });
    await fs.fsync(big.handle, false);
  });
  const log = await fs.create(who, bench, byteStringOf('log'), 0o644, 0o2301, 0);
  const line = Buffer.alloc(256, 10);
  await measure('append 256 B', 'lines', pages, (_, i) => fs.write(who, log.handle, i * 256, line, { killSetId: false }));
  await measure('append 256 B + fsync', 'lines', pages.slice(0, count / 2), async (_, i) => {
    await fs.write(who, log.handle, i * 256, line, { killSetId: false });
    await fs.fsync(log.handle, false);
  });
  await close(log);
  await close(big);

  async function close({ handle, attributes }: { readonly handle: Handle; readonly attributes: { readonly ino: Ino } }): Promise<void> {
    await fs.flush(handle);
    await fs.release(handle);
    fs.forget(attributes.ino, 1);
  }
}

function renamed(name: ByteString): ByteString {
  return `${name}.renamed` as ByteString;
}

/** Runs `act` on every item (`rounds` times) and prints rate and processor time per operation, here and in the daemons. */
async function measure<T>(
  name: string,
  unit: string,
  items: readonly T[],
  act: (item: T, index: number) => unknown,
  rounds = 1,
): Promise<void> {
  if (!only.test(name) && !/^(create|4 KiB files: write, close|sequential write)/.test(name)) return;
  const before = daemonSeconds();
  const own = process.cpuUsage();
  const started = performance.now();
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < items.length; i++) {
      const result = act(items[i] as T, i);
      if (result instanceof Promise) await result;
    }
  }
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(own);
  const done = items.length * rounds;
  const perOperation = (microseconds: number): string => `${(microseconds / done).toFixed(1).padStart(8)} µs`;
  const after = daemonSeconds();
  const daemons = [...after]
    .map(([daemon, used]) => `${daemon} ${perOperation((used - (before.get(daemon) ?? 0)) * 1e6).trim()}`)
    .join(', ');
  console.log(
    `${name.padEnd(34)} ${(done / seconds).toFixed(0).padStart(9)} ${unit}/s   client ${perOperation(user + system)}   ${daemons}`,
  );
}

/** Processor seconds of the cluster's daemons. */
function daemonSeconds(): Map<string, number> {
  const used = new Map<string, number>();
  for (const file of readdirSync(join(data, 'run'))) {
    const [, name] = /^((?:mon|osd|mds)\..+)\.pid$/.exec(file) ?? [];
    if (name !== undefined) used.set(name, usageOf(name, Number.parseInt(readFileSync(join(data, 'run', file), 'utf8'), 10)).cpuSeconds);
  }
  return used;
}
