/**
 * `npm run bench -- hosts [--peer PROGRAM] [--seconds N] [--rounds N] [--only REGEX]`
 *
 * One filesystem from several hosts, each a mount of its own on this machine: how soon another host sees what one has done, how
 * often a lock and a file go to and fro, appends to one file and creates with 1, 2 and 4 hosts. With --peer, the same on
 * another system in the same session. Every host is one process that makes one call after the other (host-work.py).
 * @module
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { RealCluster } from '../test/support/real-cluster.ts';
import { Peer } from './peer.ts';
import { comparison, type Row } from './rows.ts';
import { figure } from './table.ts';

const { values: options } = parseArgs({
  // The word `hosts` itself.
  allowPositionals: true,
  options: {
    peer: { type: 'string' },
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '200' },
    only: { type: 'string', default: '' },
  },
});
const seconds = Number(options.seconds);
const rounds = Number(options.rounds);
const only = new RegExp(options.only);
const hostsMax = 4;
/** How long a host looks for what another has done, and how long one kind of it is tried. */
const patienceSeconds = 5;
const sightSeconds = 30;
/** From the word to the beginning: until then every process has read it. */
const headStartSeconds = 0.3;

/** A process that works on one mount. */
class Host {
  readonly mount: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  #stuck = false;
  readonly #waiting: { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }[] = [];

  constructor(mount: string) {
    this.mount = mount;
    this.#child = spawn('python3', [join(import.meta.dirname, 'host-work.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface(this.#child.stdout).on('line', (line) => {
      const { value, error } = JSON.parse(line) as { value?: unknown; error?: string };
      const waiting = this.#waiting.shift();
      if (error === undefined) waiting?.resolve(value);
      else waiting?.reject(new Error(`${mount}: ${error}`));
    });
    this.#child.once('exit', () => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error(`${mount}: the process has ended`));
    });
  }

  /** Rejects when it has no answer for so long that it never will: then it can be asked nothing more. */
  async do<T>(task: string, ...args: readonly unknown[]): Promise<T> {
    if (this.#stuck) throw new Error(`${this.mount}: hangs since an earlier call`);
    this.#child.stdin.write(`${JSON.stringify([task, ...args])}\n`);
    const answer = new Promise<T>((resolve, reject) => this.#waiting.push({ resolve: resolve as (value: unknown) => void, reject }));
    const timer = setTimeout(() => this.#giveUp(task), (seconds + 4 * patienceSeconds) * 1000);
    return await answer.finally(() => clearTimeout(timer));
  }

  #giveUp(task: string): void {
    this.#stuck = true;
    for (const { reject } of this.#waiting.splice(0)) reject(new Error(`${this.mount}: ${task} hangs`));
  }

  path(...names: string[]): string {
    return join(this.mount, ...names);
  }

  end(): void {
    this.#child.stdin.end();
  }
}

console.log(`${cpus().length} processors, load ${figure(loadavg()[0] ?? 0)}, Node ${process.version}, ${new Date().toISOString()}`);
const ours = await measureOurs();
const theirs = options.peer === undefined ? [] : await measurePeer(options.peer);
console.log(`\n${comparison(ours, theirs)}`);
process.exit(0);

async function measureOurs(): Promise<readonly Row[]> {
  const cluster = new RealCluster();
  try {
    await cluster.up();
    const mounts = [cluster.mount];
    for (let i = 1; i < hostsMax; i++) {
      const mount = join(cluster.home, `host-${i}`);
      await cluster.ok('mount', '--detach', mount);
      mounts.push(mount);
    }
    return await measure(mounts);
  } finally {
    await cluster.remove();
  }
}

async function measurePeer(program: string): Promise<readonly Row[]> {
  const peer = new Peer(program);
  try {
    peer.up('3');
    return await measure(Array.from({ length: hostsMax }, (_, i) => peer.mount(`host-${i}`)));
  } finally {
    peer.remove();
  }
}

async function measure(mounts: readonly string[]): Promise<readonly Row[]> {
  const hosts = mounts.map((mount) => new Host(mount));
  const rows: Row[] = [];
  const note = (group: string, name: string, value: number | null, unit: string, better: Row['better'], error?: string): void => {
    rows.push({ group, name, value, unit, better, ...(error === undefined ? {} : { error }) });
    console.log(`  ${name}: ${value === null ? (error ?? 'failed') : figure(value)} ${unit}`);
  };
  try {
    for (const [name, one] of sights(hosts)) await noteSight(name, one, note);
    for (const [name, task, file] of [
      ['a lock to and fro', 'lock_by_turns', 'lock'],
      ['a file to and fro', 'write_by_turns', 'turns'],
    ] as const) {
      const two = hosts.slice(0, 2);
      writeFileSync((two[0] as Host).path(file), Buffer.alloc(8));
      await noteRate(name, 'times/s', note, () =>
        together(two, (host, me, start) => host.do(task, host.path(file), me, two.length, start, seconds)),
      );
    }
    for (const count of [1, 2, 4]) await noteAppends(hosts.slice(0, count), note);
    for (const count of [1, 2, 4]) {
      const some = hosts.slice(0, count);
      for (const shared of count === 1 ? [false] : [false, true]) {
        const name = count === 1 ? 'creates, 1 host' : `creates, ${count} hosts, ${shared ? 'one shared directory' : 'own directories'}`;
        const folder = (me: number): string => `made-${count}-${shared ? 'shared' : me}`;
        for (let me = 0; me < (shared ? 1 : count); me++) mkdirSync((some[me] as Host).path(folder(me)));
        await noteRate(name, 'files/s', note, () =>
          together(some, (host, me, start) => host.do('make_files', host.path(folder(me)), me, start, seconds)),
        );
      }
    }
    return rows;
  } finally {
    for (const host of hosts) host.end();
  }
}

type Note = (group: string, name: string, value: number | null, unit: string, better: Row['better'], error?: string) => void;
/** One round: does something on a host, and resolves to the seconds from its beginning until another host has seen it. */
type Sight = (round: number) => Promise<number>;

function sights(hosts: readonly Host[]): readonly (readonly [name: string, sight: Sight])[] {
  const [here, there] = hosts as [Host, Host];
  const seen = async (watch: Promise<number | null>, act: () => Promise<number>): Promise<number> => {
    const begun = await act();
    return ((await watch) ?? Infinity) - begun;
  };
  for (const [file, bytes] of [
    ['number', 8],
    ['log', 0],
  ] as const)
    writeFileSync(here.path(file), Buffer.alloc(bytes));
  return [
    [
      'write',
      (i) => seen(there.do('see_number', there.path('number'), i, patienceSeconds), () => here.do('write_number', here.path('number'), i)),
    ],
    [
      'append, followed',
      (i) => seen(there.do('follow', there.path('log'), i, patienceSeconds), () => here.do('append_line', here.path('log'), i)),
    ],
    ['create', (i) => seen(there.do('see_name', there.path(`new-${i}`), patienceSeconds), () => here.do('create', here.path(`new-${i}`)))],
    [
      'rename',
      (i) =>
        seen(there.do('see_name', there.path(`renamed-${i}`), patienceSeconds), () =>
          here.do('rename', here.path(`new-${i}`), here.path(`renamed-${i}`)),
        ),
    ],
  ];
}

async function noteSight(name: string, sight: Sight, note: Note): Promise<void> {
  const took: number[] = [];
  const row = `seen by another host: ${name}`;
  if (!only.test(row)) return;
  const end = performance.now() + sightSeconds * 1000;
  try {
    for (let round = 1; round <= rounds && performance.now() < end; round++) took.push((await sight(round)) * 1000);
    for (const [what, share] of [
      ['median', 0.5],
      ['99 %', 0.99],
    ] as const) {
      const value = percentile(took, share);
      if (Number.isFinite(value)) note('sight', `${row}, ${what}`, value, 'ms', 'lower');
      else note('sight', `${row}, ${what}`, null, 'ms', 'lower', `not within ${patienceSeconds} s`);
    }
  } catch (error) {
    note('sight', row, null, 'ms', 'lower', (error as Error).message);
  }
}

async function noteAppends(hosts: readonly Host[], note: Note): Promise<void> {
  const { length } = hosts;
  const name = `appends to one file, ${length} host${length === 1 ? '' : 's'}`;
  const file = `appended-${length}`;
  const first = hosts[0] as Host;
  if (!only.test(name)) return;
  writeFileSync(first.path(file), '');
  let counts: readonly number[] = [];
  await noteRate(name, 'records/s', note, async () => {
    counts = await together(hosts, (host, me, start) => host.do('append', host.path(file), me, start, seconds));
    return counts;
  });
  const lost = await first.do<number>('lost_records', first.path(file), counts);
  note('appends', `${name}: lost`, lost, 'records', 'lower');
}

async function noteRate(name: string, unit: string, note: Note, work: () => Promise<readonly number[]>): Promise<void> {
  if (!only.test(name)) return;
  try {
    const counts = await work();
    note('rates', name, counts.reduce((sum, count) => sum + count, 0) / seconds, unit, 'higher');
  } catch (error) {
    note('rates', name, null, unit, 'higher', (error as Error).message);
  }
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number;
}

/** All begin at one time; what each has counted. */
function together(hosts: readonly Host[], work: (host: Host, me: number, start: number) => Promise<number>): Promise<readonly number[]> {
  const start = Number(process.hrtime.bigint()) / 1e9 + headStartSeconds;
  return Promise.all(hosts.map((host, me) => work(host, me, start)));
}
