/**
 * The clients of a thrashed cluster: programs that write files with fsync through the mount, and programs that change raw
 * objects from machines of their own. Each keeps a record of what was acknowledged.
 * @module
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { differences } from '../../support/load.ts';
import type { NetworkCluster } from '../../support/network-cluster.ts';
import type { ObjectLoadOptions, ObjectLoadReport } from '../../support/object-load.ts';
import { Load } from '../../support/real-cluster.ts';
import type { Stall } from '../../support/stalls.ts';

const objectLoadPath = join(import.meta.dirname, '../../support/object-load.ts');
const fileLoads = 2;
const workersOfObjectLoad = 4;

/** What all writers found when everything was compared with their records. */
export interface Findings {
  readonly operations: number;
  readonly files: number;
  readonly objects: number;
  readonly bytesChecked: number;
  readonly wrong: readonly string[];
  readonly stalls: { readonly files: readonly Stall[]; readonly objects: readonly Stall[] };
}

export class Writers {
  /** Machines of the programs that change raw objects. */
  static readonly machines: readonly string[] = ['client.a', 'client.b'];
  readonly #files: readonly { readonly folder: string; readonly journal: string; readonly load: Load }[];
  readonly #objects: readonly ObjectLoad[];

  /** The machines must be in the cluster's network, and the pool exist. */
  constructor(cluster: NetworkCluster, options: { readonly pool: number; readonly seed: string }) {
    this.#files = Array.from({ length: fileLoads }, (_, n) => {
      const folder = join(cluster.mount, `files${n}`);
      const journal = join(cluster.home, `files${n}.journal`);
      return { folder, journal, load: new Load(folder, journal) };
    });
    const boards = Object.fromEntries(Writers.machines.map((machine) => [machine.slice(7), join(cluster.home, `${machine}.board`)]));
    for (const path of Object.values(boards)) writeFileSync(path, '');
    const { fsid, mon } = cluster.settings;
    this.#objects = Writers.machines.map((machine) => {
      const name = machine.slice(7);
      return new ObjectLoad(cluster.fabric.on(machine), { name, fsid, mon, ...options, workers: workersOfObjectLoad, boards });
    });
  }

  /** Why one of them has ended; undefined while all work. */
  failure(): string | undefined {
    return [...this.#files.map(({ load }) => load.failure()), ...this.#objects.map((load) => load.failure())].find(
      (reason) => reason !== undefined,
    );
  }

  /** Resolves when each of the file writers has made so many more files safe. */
  async progress(files: number, timeoutMs: number): Promise<void> {
    await Promise.all(this.#files.map(({ load }) => load.progress(files, timeoutMs)));
  }

  /** Stops all of them and compares everything with their records. Nothing may be broken any more. */
  async finish(): Promise<Findings> {
    const reports = await Promise.all(this.#objects.map((load) => load.check()));
    await Promise.all(this.#objects.map((load) => load.end()));
    const wrong = reports.flatMap((report) => report.wrong);
    const stalls: Stall[] = [];
    let files = 0;
    let bytes = 0;
    for (const { folder, journal, load } of this.#files) {
      const ended = await load.stop();
      if (ended.code !== 0) wrong.push(`a program got an error from its files: ${ended.errors}`);
      stalls.push(...ended.stalls);
      const compared = differences(folder, journal);
      files += compared.checked;
      bytes += compared.bytes;
      wrong.push(...compared.wrong);
    }
    const sum = (of: (report: ObjectLoadReport) => number): number => reports.reduce((so, report) => so + of(report), 0);
    return {
      operations: sum(({ operations }) => operations),
      files,
      objects: sum(({ objects }) => objects),
      bytesChecked: bytes + sum(({ bytesChecked }) => bytesChecked),
      wrong,
      stalls: { files: stalls, objects: reports.flatMap((report) => report.stalls) },
    };
  }

  /** Ends them at once. */
  async kill(): Promise<void> {
    await Promise.all([...this.#files.map(({ load }) => load.kill()), ...this.#objects.map((load) => load.kill())]);
  }
}

/** An object-load.ts and the conversation with it. */
class ObjectLoad {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #answers: Interface;
  readonly #ended: Promise<number | null>;
  #errors = '';

  constructor(before: readonly string[], options: ObjectLoadOptions) {
    const [program, ...args] = before as [string, ...string[]];
    this.#child = spawn(program, [...args, process.execPath, '--import=tsx', objectLoadPath, JSON.stringify(options)], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child.stderr.on('data', (chunk: Buffer) => (this.#errors += chunk.toString()));
    // It may end while being spoken to: what it said tells why.
    this.#child.stdin.on('error', (error) => (this.#errors ||= error.message));
    this.#answers = createInterface({ input: this.#child.stdout });
    this.#ended = new Promise((resolve) => this.#child.once('close', resolve));
  }

  failure(): string | undefined {
    return this.#child.exitCode === null && this.#child.signalCode === null ? undefined : this.#errors || 'it has ended';
  }

  async check(): Promise<ObjectLoadReport> {
    const answer = new Promise<string>((resolve) => this.#answers.once('line', resolve));
    this.#child.stdin.write('check\n');
    const line = await Promise.race([answer, this.#ended]);
    if (typeof line !== 'string') throw new Error(`a client of raw objects has ended: ${this.#errors}`);
    return JSON.parse(line) as ObjectLoadReport;
  }

  async end(): Promise<void> {
    this.#child.stdin.end('end\n');
    const code = await this.#ended;
    if (code !== 0) throw new Error(`a client of raw objects ended with ${String(code)}: ${this.#errors}`);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
