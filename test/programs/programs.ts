/**
 * `npm run programs`: real programs inside a mount of a real cluster, and on a directory of the machine itself. See `help`.
 * @module
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { table } from '../../bench/table.ts';
import { RealCluster, noMountReason } from '../support/real-cluster.ts';
import { type Case, type CaseRun, allCases, outputDifference, runCase } from './case.ts';
import { Faults } from './faults.ts';

const help = `npm run programs -- [--only REGEX] [--driver kernel|fuse-native] [--no-local] [--no-faults] [--limit-times N] [--list]

Brings up a cluster with a mount and runs real programs in it (test/programs/cases), each also on a local directory: they must end
well and print the same in both places. Then some of them again while OSDs and the MDS are killed with -9 and started again.

Runs as root, as it mounts. Debian packages that a case needs are INSTALLED on this machine with apt-get when they are missing; with
--no-install such a case fails. Sources and packages come from Debian's and npm's registries, once: they are kept in
${join(tmpdir(), 'nacre-programs-cache')}.

  --only REGEX      cases whose names match
  --driver NAME     how to mount (default kernel)
  --no-local        not on the local directory: nothing is compared
  --no-faults       not while daemons die
  --only-faults     nothing but that
  --no-install      don't install packages
  --limit-times N   give every case N times its time, on a busy machine (default 1)
  --list            say which cases there are, and end`;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    driver: { type: 'string', default: 'kernel' },
    'no-local': { type: 'boolean', default: false },
    'no-faults': { type: 'boolean', default: false },
    'only-faults': { type: 'boolean', default: false },
    'no-install': { type: 'boolean', default: false },
    'limit-times': { type: 'string', default: '1' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const cases = allCases()
  .filter(({ name }) => new RegExp(options.only).test(name))
  .map((one) => ({ ...one, limitMs: one.limitMs * Number(options['limit-times']) }));
if (options.help) finish(help);
if (options.list)
  finish(table(cases.map(({ name, about, faults }) => [`${name.padEnd(12)} ${about}${faults ? ' (also while daemons die)' : ''}`])));
if (noMountReason !== undefined) finish(`no mount can be made here: ${noMountReason}`, 1);
if (cases.length === 0) finish(`no case matches ${options.only}`, 1);

/** Each daemon dies at least once while a case goes on or is repeated. */
const faultsMin = 6;

interface Row {
  readonly name: string;
  readonly local?: CaseRun;
  readonly mount?: CaseRun;
  /** What went wrong, or why it was left out. */
  readonly verdict: 'ok' | 'FAIL' | 'skip';
  readonly why?: string;
  readonly note?: string;
}

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupt.abort());
const cluster = new RealCluster();
// Users other than root work in the mount.
chmodSync(cluster.home, 0o755);
const work = mkdtempSync(join(tmpdir(), 'nacre-programs-'));
chmodSync(work, 0o755);
const cache = join(tmpdir(), 'nacre-programs-cache');
mkdirSync(cache, { recursive: true });
const rows: Row[] = [];
/** What cases have done and printed on the local directory. */
const localRuns = new Map<string, CaseRun>();
let runs = 0;
console.log(`cluster in ${cluster.home}, logs in ${work}`);
try {
  await bringUp();
  for (const one of cases) if (!interrupt.signal.aborted && !options['only-faults']) note(await compared(one));
  for (const one of cases) if (!interrupt.signal.aborted && one.faults && !options['no-faults']) note(await whileDaemonsDie(one));
} finally {
  const ok = rows.every(({ verdict }) => verdict !== 'FAIL');
  console.log(`\n${table([['case', 'local s', 'mount s', 'ratio', 'verdict'], ...rows.map(cells)])}`);
  await cluster.remove();
  if (ok) rmSync(work, { recursive: true, force: true });
  else console.log(`\nthe logs are left in ${work}`);
  process.exitCode = ok && !interrupt.signal.aborted ? 0 : 1;
}

async function bringUp(): Promise<void> {
  await cluster.ok('up', '--detach');
  await cluster.mountBy(options.driver);
}

/** Runs a case on the local directory, then in the mount. */
async function compared(one: Case): Promise<Row> {
  const { name, kernelOnly } = one;
  if (options.driver === 'fuse-native' && kernelOnly !== undefined) return { name, verdict: 'skip', why: kernelOnly };
  const missing = provide(one.packages);
  if (missing !== undefined) return { name, verdict: 'FAIL', why: missing };
  const local = options['no-local'] ? undefined : await runIn(work, one, 'local');
  if (local?.failure !== undefined) return { name, local, verdict: 'FAIL', why: `on the local directory: ${local.failure}` };
  if (local !== undefined) localRuns.set(name, local);
  const mount = await runIn(cluster.mount, one, 'mount');
  const both = { name, mount, ...(local === undefined ? {} : { local }) };
  if (mount.failure !== undefined) return { ...both, verdict: 'FAIL', why: mount.failure };
  const difference = local === undefined ? undefined : outputDifference(one, local.output, mount.output);
  return difference === undefined ? { ...both, verdict: 'ok' } : { ...both, verdict: 'FAIL', why: `it prints otherwise\n${difference}` };
}

/** Runs a case again and again until enough daemons have died meanwhile. */
async function whileDaemonsDie(one: Case): Promise<Row> {
  const name = `${one.name}, daemons die`;
  const missing = provide(one.packages);
  if (missing !== undefined) return { name, verdict: 'FAIL', why: missing };
  const local = options['no-local'] ? undefined : (localRuns.get(one.name) ?? (await runIn(work, one, 'local')));
  if (local?.failure !== undefined) return { name, local, verdict: 'FAIL', why: `on the local directory: ${local.failure}` };
  const faults = new Faults(cluster);
  await faults.healthy('health');
  const done = new AbortController();
  let trouble: Error | undefined;
  const faulting = faults.run(done.signal).catch((error: unknown) => (trouble = error as Error));
  let times = 0;
  let mount: CaseRun;
  let why: string | undefined;
  const started = performance.now();
  do {
    mount = await runIn(cluster.mount, { ...one, limitMs: one.limitMs * 3 }, `faults${times++}`);
    why = mount.failure;
    const difference = local === undefined ? undefined : outputDifference(one, local.output, mount.output);
    if (difference !== undefined) why ??= `it prints otherwise\n${difference}`;
  } while (why === undefined && trouble === undefined && faults.count < faultsMin && !interrupt.signal.aborted);
  done.abort();
  await faulting;
  if (trouble !== undefined) why ??= trouble.message;
  const ms = performance.now() - started;
  const text = `${faults.count} deaths, ${times} ${times === 1 ? 'run' : 'runs'}`;
  return { name, mount: { ...mount, ms }, note: text, ...(why === undefined ? { verdict: 'ok' } : { verdict: 'FAIL', why }) };
}

/** Runs a case in a new directory below `parent`, which goes when all was well. */
async function runIn(parent: string, one: Case, where: string): Promise<CaseRun> {
  const dir = join(parent, `${one.name}-${runs++}`);
  const outside = join(work, `${one.name}-outside-${runs}`);
  mkdirSync(dir);
  mkdirSync(outside);
  const result = await runCase(one, { dir, outside, cache }, join(work, `${one.name}.${where}.log`), interrupt.signal);
  writeFileSync(join(work, `${one.name}.${where}.out`), result.output);
  rmSync(outside, { recursive: true, force: true });
  if (result.failure === undefined) rmSync(dir, { recursive: true });
  return result;
}

/** Installs what is missing of `packages`. Returns what cannot be had. */
function provide(packages: readonly string[]): string | undefined {
  const lacking = packages.filter((name) => {
    const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}', name], { encoding: 'utf8' });
    return stdout !== 'installed';
  });
  if (lacking.length === 0) return undefined;
  const command = ['install', '-y', '--no-install-recommends', ...lacking];
  if (options['no-install']) return `needs apt-get ${command.join(' ')}`;
  console.log(`installing ${lacking.join(' ')}`);
  try {
    execFileSync('apt-get', command, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
    return undefined;
  } catch (error) {
    return `${lacking.join(' ')} cannot be installed: ${(error as Error).message}`;
  }
}

function note(row: Row): void {
  rows.push(row);
  console.log(cells(row).join('  '));
  if (row.why !== undefined) console.log(row.why.replaceAll(/^/gm, '    '));
}

function cells({ name, local, mount, verdict, note: text }: Row): string[] {
  const seconds = (run: CaseRun | undefined): string => (run === undefined ? '' : (run.ms / 1000).toFixed(1));
  const ratio = local === undefined || mount === undefined ? '' : (mount.ms / local.ms).toFixed(1);
  return [name, seconds(local), seconds(mount), ratio, text === undefined ? verdict : `${verdict} (${text})`];
}

function finish(text: string, code = 0): never {
  console.log(text);
  process.exit(code);
}
