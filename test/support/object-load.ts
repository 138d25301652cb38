/**
 * `object-load.ts OPTIONS` (JSON): a client that changes raw objects and keeps a record of what was acknowledged, reads
 * its own back, and reads what the other such clients write, from primaries and from any member: nothing older than what those
 * have been acknowledged, nothing that nobody sent. Obeys lines on its standard input: `check` stops the work, compares everything with the record,
 * prints one line of JSON (`ObjectLoadReport`) and goes on; `end` ends it. Ends with 1 at the first error or difference.
 * @module
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { poolId, type PoolId } from '../../common/maps/ids.ts';
import { Prng } from '../../common/runtime/sim/prng.ts';
import { connectClient, type ClusterClient } from './cluster-client.ts';
import { Blocks, Difference, Entries, Lines, type Operate, type RecordedObject, Register, readRegister } from './object-records.ts';
import { type Stall, Stalls } from './stalls.ts';

export interface ObjectLoadOptions {
  readonly name: string;
  readonly fsid: string;
  readonly mon: string;
  readonly pool: number;
  readonly seed: string;
  readonly workers: number;
  /** Files in which each of the clients publishes what it has sent and what was acknowledged. */
  readonly boards: Readonly<Record<string, string>>;
}

export interface ObjectLoadReport {
  readonly operations: number;
  readonly objects: number;
  readonly bytesChecked: number;
  readonly wrong: readonly string[];
  readonly longestMs: number;
  readonly stalls: readonly Stall[];
}

const registersOfWorker = 16;
/** On a board, for each register: the version sent last and the version acknowledged last, 32 bits each. */
const boardEntryBytes = 8;

async function main(options: ObjectLoadOptions): Promise<void> {
  const client = await connectClient(options.name, options);
  const load = new ObjectLoad(client, options);
  load.start();
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'end') break;
    process.stdout.write(`${JSON.stringify(await load.check())}\n`);
    load.start();
  }
  await load.stop();
  await client.stop();
}

class ObjectLoad {
  readonly #options: ObjectLoadOptions;
  readonly #operate: Operate;
  readonly #stalls = new Stalls();
  readonly #boards: ReadonlyMap<string, number>;
  readonly #random: Prng;
  readonly #objects: (readonly RecordedObject[])[];
  /** Newest version seen of the others' registers. */
  readonly #seen = new Map<string, number>();
  #operations = 0;
  #stopping = false;
  #running: Promise<unknown> = Promise.resolve();

  constructor(client: ClusterClient, options: ObjectLoadOptions) {
    this.#options = options;
    const pool: PoolId = poolId(options.pool);
    this.#operate = (object, operations) => {
      this.#operations++;
      const readFrom = this.#random.chance(0.5) ? 'any' : 'primary';
      return this.#stalls.timed(object, () => client.objects.operate(pool, object, operations, { readFrom }));
    };
    this.#random = new Prng(`${options.seed} ${options.name}`);
    this.#boards = new Map(
      Object.entries(options.boards).map(([name, path]) => [name, openSync(path, name === options.name ? 'r+' : 'r')]),
    );
    this.#objects = Array.from({ length: options.workers }, (_, worker) => this.#objectsOf(worker));
  }

  start(): void {
    this.#stopping = false;
    this.#running = Promise.all(this.#objects.map((objects) => this.#work(objects))).catch(fail);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#running;
    for (const board of this.#boards.values()) closeSync(board);
  }

  /** Nothing is in flight any more: everything must be exactly as recorded. */
  async check(): Promise<ObjectLoadReport> {
    this.#stopping = true;
    await this.#running;
    const wrong: string[] = [];
    let bytesChecked = 0;
    const objects = this.#objects.flat();
    for (const object of objects) {
      try {
        bytesChecked += await object.check(this.#operate);
      } catch (error) {
        if (!(error instanceof Difference)) throw error;
        wrong.push(error.message);
      }
    }
    const { longestMs, kept } = this.#stalls;
    return { operations: this.#operations, objects: objects.length, bytesChecked, wrong, longestMs, stalls: kept };
  }

  async #work(objects: readonly RecordedObject[]): Promise<void> {
    while (!this.#stopping) {
      const object = this.#random.pick(objects);
      await object.change(this.#operate, this.#random);
      const roll = this.#random.below(10);
      if (roll < 2) await object.check(this.#operate);
      else if (roll < 5) await this.#watch();
    }
  }

  /** Reads a register of another client while that may be writing to it. */
  async #watch(): Promise<void> {
    const others = [...this.#boards.keys()].filter((name) => name !== this.#options.name);
    if (others.length === 0) return;
    const other = this.#random.pick(others);
    const index = this.#random.below(registersOfWorker * this.#options.workers);
    const object = registerName(other, index);
    const board = this.#boards.get(other) as number;
    const oldest = Math.max(entryOf(board, index).acknowledged, this.#seen.get(object) ?? 0);
    const { version } = await readRegister(this.#operate, object);
    const newest = entryOf(board, index).sent;
    if (version === undefined) {
      for (let each = oldest; each <= newest; each++) if (Register.absentAt(each)) return;
    } else if (version >= oldest && version <= newest) {
      this.#seen.set(object, Math.max(version, this.#seen.get(object) ?? 0));
      return;
    }
    throw new Difference(
      `${object} was read as ${version ?? 'absent'}, when ${oldest} had been acknowledged or seen and ${newest} was the last that was sent`,
    );
  }

  #objectsOf(worker: number): RecordedObject[] {
    const { name } = this.#options;
    const registers = Array.from({ length: registersOfWorker }, (_, n) => this.#register(worker * registersOfWorker + n));
    const others = [0, 1, 2].flatMap((n) => [
      new Blocks(`${name}.blocks.${worker}.${n}`),
      new Lines(`${name}.lines.${worker}.${n}`),
      new Entries(`${name}.entries.${worker}.${n}`),
    ]);
    return [...registers, ...others];
  }

  #register(index: number): Register {
    const { name } = this.#options;
    const board = this.#boards.get(name) as number;
    return new Register(registerName(name, index), (sent, acknowledged) => {
      writeSync(board, Uint32Array.of(sent, acknowledged), 0, boardEntryBytes, index * boardEntryBytes);
    });
  }
}

function registerName(client: string, index: number): string {
  return `${client}.register.${index}`;
}

function entryOf(board: number, index: number): { readonly sent: number; readonly acknowledged: number } {
  const entry = new Uint32Array(2);
  readSync(board, entry, 0, boardEntryBytes, index * boardEntryBytes);
  return { sent: entry[0] as number, acknowledged: entry[1] as number };
}

function fail(error: unknown): never {
  console.error(error instanceof Difference ? error.message : error);
  process.exit(1);
}

if (process.argv[1] === import.meta.filename) await main(JSON.parse(process.argv[2] as string) as ObjectLoadOptions).catch(fail);
