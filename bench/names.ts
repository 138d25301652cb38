/**
 * `npm run bench -- names [--million] [--sizes N,N]`
 *
 * One directory that grows: how fast names are made when it has 1,000, 10,000 and 100,000 of them (with --million 1,000,000), how long
 * `ls -U` and lookups at random take on a mount that has just been made, the same with an MDS that has just been started, and the
 * memory of MDS and client. One process makes the names, one after the other, through the kernel.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { closeSync, lstatSync, mkdirSync, openSync } from 'node:fs';
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
  },
});
const sizes = [...options.sizes.split(',').map(Number), ...(options.million ? [1_000_000] : [])];
const lookups = Number(options.lookups);
/** The rate at a size is that of the last tenth of its names, and of so many at least. */
const windowMin = 1000;

console.log(`${cpus().length} processors, load ${figure(loadavg()[0] ?? 0)}, Node ${process.version}, ${new Date().toISOString()}`);
const cluster = new RealCluster();
let failed = true;
try {
  await cluster.up();
  mkdirSync(join(cluster.mount, 'dir'));
  const rows = [['names', 'made/s', 'ls -U, s', 'names/s', 'lookups/s', 'MDS MiB', 'client MiB', 'client that lists, MiB']];
  let made = 0;
  for (const size of sizes) {
    const rate = makeNames(made, size);
    made = size;
    rows.push([String(size), figure(rate), ...(await fromCold(size))]);
    console.log(rows.at(-1)?.join('  '));
  }
  await cluster.ok('stop', 'mds.a');
  await cluster.ok('start', 'mds.a');
  rows.push([`${made}, MDS started anew`, '', ...(await fromCold(made))]);
  console.log(`\n${table(rows)}\n\nload at the end: ${figure(loadavg()[0] ?? 0)}`);
  failed = false;
} catch (error) {
  console.log(error);
} finally {
  await cluster.remove();
}
process.exit(failed ? 1 : 0);

/** Makes the names from `from` up to `to`. Returns the rate at the end. */
function makeNames(from: number, to: number): number {
  const windowFrom = Math.max(from, to - Math.max(windowMin, to / 10));
  let started = performance.now();
  for (let i = from; i < to; i++) {
    if (i === windowFrom) started = performance.now();
    closeSync(openSync(join(cluster.mount, 'dir', nameOf(i)), 'wx'));
  }
  return (to - windowFrom) / ((performance.now() - started) / 1000);
}

/** What a mount that has just been made says of the directory, and what all of it takes. */
async function fromCold(size: number): Promise<string[]> {
  const mount = join(cluster.home, 'cold');
  await cluster.ok('mount', mount, '--detach');
  try {
    const directory = join(mount, 'dir');
    const random = Array.from({ length: Math.min(lookups, size) }, () => nameOf(Math.floor(Math.random() * size)));
    const lookupSeconds = seconds(() => {
      for (const name of random) lstatSync(join(directory, name));
    });
    let listed = 0;
    const listSeconds = seconds(() => {
      listed = Number(execFileSync('sh', ['-c', `ls -U '${directory}' | wc -l`], { encoding: 'utf8' }));
    });
    if (listed !== size) throw new Error(`${listed} names were listed of ${size}`);
    const resident = (name: string): string => usageOf(name, cluster.pid(name)).residentMib.toFixed(0);
    return [
      figure(listSeconds),
      figure(size / listSeconds),
      figure(random.length / lookupSeconds),
      resident('mds.a'),
      resident('client.mnt'),
      resident('client.cold'),
    ];
  } finally {
    await run(nacrePath, ['umount', mount]);
  }
}

function seconds(act: () => void): number {
  const started = performance.now();
  act();
  return (performance.now() - started) / 1000;
}

function nameOf(number: number): string {
  return `name-${String(number).padStart(7, '0')}`;
}
