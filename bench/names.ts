/**
 * `npm run bench -- names [--million] [--sizes N,N] [--lookups N] [--removed N]`
 *
 * Directories that grow: how fast names are made when there are 1,000, 10,000 and 100,000 of them (with --million 1,000,000), how long
 * `ls -U` and lookups at random take on a mount that has just been made, the same with an MDS that has just been started, how
 * fast all of it is removed, and the memory of MDS and clients. One process does it all, one call after the other, through the kernel.
 *
 * Beside each rate stands the processor time that every process took for one name: on a machine that others use too, it is
 * that which can be compared from line to line. A line of names made begins when what was made before has been written back, and ends
 * when that has been done for its own: journal, write-back and dividing are in it, and some seconds of doing nothing.
 * After a large directory has grown small ones are made again, with the same caches and the same load beside them.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { closeSync, lstatSync, mkdirSync, openSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nacrePath, RealCluster, run } from '../test/support/real-cluster.ts';
import { usageOf } from './processes.ts';
import { figure, table } from './table.ts';

const { values: options } = parseArgs({
  // The word `names` itself.
  allowPositionals: true,
  options: {
    million: { type: 'boolean', default: false },
    sizes: { type: 'string', default: '1000,10000,100000' },
    lookups: { type: 'string', default: '2000' },
    removed: { type: 'string', default: 'Infinity' },
  },
});
const sizes = [...options.sizes.split(',').map(Number), ...(options.million ? [1_000_000] : [])];
const lookups = Number(options.lookups);
/** Names removed of each size at most. */
const removedMax = Number(options.removed);
/** A rate is that of so many names at least: of as many small directories, or of the last names of a large one. */
const windowMin = 40_000;
/** After so long the MDS has written back what was changed: writeBackMs and some more. */
const settleMs = 18_000;
/** Names made before, in small directories, and in one that is divided: V8 compiles what is called often. */
const warmUp = 10_000;
const warmUpDivided = 15_000;
const smallest = 1_000;

/** What was done, and what it took. */
interface Cost {
  readonly count: number;
  readonly seconds: number;
  /** Processor seconds of this process, of the mount's, of the MDS and of all OSDs. */
  readonly cpu: readonly [caller: number, client: number, mds: number, osds: number];
}

console.log(`${cpus().length} processors, load ${figure(loadavg()[0] ?? 0)}, Node ${process.version}, ${new Date().toISOString()}`);
const cluster = new RealCluster();
const rates = [['names', 'made/s', 'ls -U, s', 'listed/s', 'lookups/s', 'removed/s', 'MDS MiB', 'client MiB', 'client that lists, MiB']];
const times = [['µs of processor time a name', 'caller', 'client', 'MDS', 'OSDs', 'together']];
let failed = true;
try {
  await cluster.up();
  for (const directory of small('warm-up', smallest, warmUp)) makeNames(directory, 0, smallest);
  makeNames(directoryOf('warm-up-divided'), 0, warmUpDivided);
  await settle();
  const made: { readonly size: number; readonly directories: readonly string[] }[] = [];
  let largest = 0;
  for (const size of sizes) {
    const isSmall = size <= windowMin;
    const directories = isSmall ? small(`of-${size}`, size, windowMin) : [directoryOf('large')];
    const from = isSmall ? 0 : Math.min(size, Math.max(largest, size - Math.max(windowMin, size / 10)));
    if (!isSmall) for (const directory of directories) makeNames(directory, largest, from);
    await settle();
    const making = await costOf('client.mnt', (size - from) * directories.length, settle, () => {
      for (const directory of directories) makeNames(directory, from, size);
    });
    if (!isSmall) largest = size;
    made.push({ size, directories });
    noteTimes(`${size}: make`, making);
    if (!isSmall) {
      // With the same caches, and the same others on the machine: what is left of the difference is the directory's size.
      const beside = small(`beside-${size}`, smallest, windowMin);
      const control = await costOf('client.mnt', windowMin, settle, () => {
        for (const directory of beside) makeNames(directory, 0, smallest);
      });
      noteTimes(`${smallest} beside it: make`, control);
      rates.push([`${smallest} beside the next`, rateOf(control), '', '', '', '', '', '', '']);
    }
    rates.push([String(size), rateOf(making), ...(await fromCold(String(size), size, directories[0] as string))]);
    show(rates);
  }
  const last = made.at(-1);
  if (last !== undefined) {
    await cluster.ok('stop', 'mds.a');
    await cluster.ok('start', 'mds.a');
    const label = `${last.size}, MDS started anew`;
    rates.push([label, '', ...(await fromCold(label, last.size, last.directories[0] as string))]);
    show(rates);
  }
  for (const [at, { size, directories }] of made.entries()) {
    // What a larger size has grown from.
    if (made.slice(at + 1).some((later) => later.directories[0] === directories[0])) continue;
    const each = Math.min(size, Math.floor(removedMax / directories.length));
    const removing = await costOf('client.mnt', each * directories.length, atOnce, () => {
      for (const directory of directories) removeNames(directory, each);
    });
    noteTimes(`${size}: remove`, removing);
    (rates.find(([label]) => label === String(size)) as string[])[5] = rateOf(removing);
  }
  console.log(`\n${table(rates)}\n\n${table(times)}\n\nat the end: MDS ${resident('mds.a')} MiB, client ${resident('client.mnt')} MiB`);
  console.log(`load at the end: ${figure(loadavg()[0] ?? 0)}`);
  failed = false;
} catch (error) {
  console.log(error);
} finally {
  await cluster.remove();
}
process.exit(failed ? 1 : 0);

/** As many new directories of `size` names as make up `names` together. */
function small(prefix: string, size: number, names: number): string[] {
  return Array.from({ length: Math.ceil(names / size) }, (_, i) => directoryOf(`${prefix}-${i}`));
}

function directoryOf(name: string): string {
  const path = join(cluster.mount, name);
  mkdirSync(path, { recursive: true });
  return path;
}

function makeNames(directory: string, from: number, to: number): void {
  for (let i = from; i < to; i++) closeSync(openSync(join(directory, nameOf(i)), 'wx'));
}

/** As rm -r does it: in the order of the listing. Only `max` names of it. */
function removeNames(directory: string, max: number): void {
  const names = readdirSync(directory);
  for (const name of names.slice(0, max)) unlinkSync(join(directory, name));
  if (max >= names.length) rmdirSync(directory);
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, settleMs));
}

async function atOnce(): Promise<void> {
  // What it leaves to the background is not the matter.
}

/** What a mount that has just been made says of the directory, and what all of it takes. */
async function fromCold(label: string, size: number, path: string): Promise<string[]> {
  const mount = join(cluster.home, 'cold');
  await cluster.ok('mount', mount, '--detach');
  try {
    const directory = path.replace(cluster.mount, mount);
    const random = Array.from({ length: Math.min(lookups, size) }, () => nameOf(Math.floor(Math.random() * size)));
    const looking = await costOf('client.cold', random.length, atOnce, () => {
      for (const name of random) lstatSync(join(directory, name));
    });
    let listed = 0;
    const listing = await costOf('client.cold', size, atOnce, () => {
      listed = Number(execFileSync('sh', ['-c', `ls -U '${directory}' | wc -l`], { encoding: 'utf8' }));
    });
    if (listed !== size) throw new Error(`${listed} names were listed of ${size}`);
    noteTimes(`${label}: look up`, looking);
    noteTimes(`${label}: list`, listing);
    const memory = ['mds.a', 'client.mnt', 'client.cold'].map(resident);
    return [figure(listing.seconds), rateOf(listing), rateOf(looking), '', ...memory];
  } finally {
    await run(nacrePath, ['umount', mount]);
  }
}

/** What `act` takes; the processor time until `ended`. */
async function costOf(client: string, count: number, ended: () => Promise<void>, act: () => void): Promise<Cost> {
  const before = cpuNow(client);
  const started = performance.now();
  act();
  const seconds = (performance.now() - started) / 1000;
  await ended();
  const after = cpuNow(client);
  return { count, seconds, cpu: after.map((value, i) => value - (before[i] as number)) as unknown as Cost['cpu'] };
}

function cpuNow(client: string): Cost['cpu'] {
  const of = (name: string): number => usageOf(name, cluster.pid(name)).cpuSeconds;
  const { user, system } = process.cpuUsage();
  const osds = cluster.names().filter((name) => name.startsWith('osd.'));
  return [(user + system) / 1e6, of(client), of('mds.a'), osds.reduce((sum, name) => sum + of(name), 0)];
}

function noteTimes(label: string, { cpu, count }: Cost): void {
  const micros = [...cpu, cpu.reduce((sum, value) => sum + value, 0)].map((value) => ((value / count) * 1e6).toFixed(0));
  times.push([label, ...micros]);
  show(times);
}

function rateOf({ count, seconds }: Cost): string {
  return figure(count / seconds);
}

/** The newest line, while the rest is still to come. */
function show([heads = [], ...rows]: readonly (readonly string[])[]): void {
  const cells = (rows.at(-1) ?? []).map((cell, column) => (cell === '' ? '' : `${heads[column] ?? ''} ${cell}`));
  console.log(`load ${figure(loadavg()[0] ?? 0)}  ${cells.join('  ')}`);
}

function resident(name: string): string {
  return usageOf(name, cluster.pid(name)).residentMib.toFixed(0);
}

function nameOf(number: number): string {
  return `name-${String(number).padStart(7, '0')}`;
}
