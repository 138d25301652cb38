/**
 * What several clients do with the same files and names: every call that returned on one is seen by every call
 * that starts later on any other (DESIGN §7).
 * @module
 */
import type { Prng } from '../../common/runtime/sim/prng.ts';
import { toFsError } from '../../common/errors/fs-error.ts';
import type { Paths } from './paths.ts';

/** Of a {@link record}. */
export const recordBytes = 64;

/** A file that one client writes and all read: each version replaces the whole. Its owner is a version as well. */
class Register {
  readonly name: string;
  /** Newest version whose write was begun, and which is there to stay: its write has returned, or somebody has read it. */
  begun = 0;
  done = 0;
  /** The same of its owner. */
  ownerBegun = 0;
  ownerDone = 0;

  constructor(name: string) {
    this.name = name;
  }
}

/** When a name was made and removed, in a clock that ticks with every call's start and end. */
interface NameLife {
  createStart: number;
  createEnd: number;
  removeStart: number;
  removeEnd: number;
}

const never = Number.MAX_SAFE_INTEGER;

/** What all clients know together: the referee. */
export class SharedState {
  readonly registers: readonly Register[];
  readonly names = new Map<string, NameLife>();
  #tick = 0;
  #made = 0;

  constructor(registers: number) {
    this.registers = Array.from({ length: registers }, (_, i) => new Register(`register${i}`));
  }

  tick(): number {
    return ++this.#tick;
  }

  newName(client: string): string {
    return `${client}-${++this.#made}`;
  }
}

/** One client's part in it. */
export class SharedClient {
  readonly #state: SharedState;
  readonly #paths: Paths;
  readonly #random: Prng;
  readonly #client: string;
  readonly #own: Register | undefined;

  constructor(state: SharedState, client: string, index: number, paths: Paths, random: Prng) {
    this.#state = state;
    this.#client = client;
    this.#paths = paths;
    this.#random = random;
    this.#own = state.registers[index];
  }

  /** By one client, before the others start. */
  static async setup(state: SharedState, paths: Paths): Promise<void> {
    await paths.makeDirectory(['shared']);
    await paths.makeDirectory(['shared', 'names']);
    for (const register of state.registers) {
      const file = await paths.create(['shared', register.name], true);
      await file.write(0, record(0));
      await file.fsync();
      await file.close();
    }
  }

  async step(): Promise<void> {
    const roll = this.#random.below(10);
    if (roll < 3 && this.#own !== undefined) await this.#write(this.#own);
    else if (roll < 6) await this.#read(this.#random.pick(this.#state.registers));
    else if (roll < 8) await this.#makeName();
    else if (roll < 9) await this.#removeName();
    else await this.listNames();
  }

  /** All names that must be there are, and no other. */
  async listNames(): Promise<void> {
    const start = this.#state.tick();
    const listed = new Set(await this.#paths.list(['shared', 'names']));
    const end = this.#state.tick();
    for (const [name, life] of this.#state.names) {
      if (life.createEnd < start && life.removeStart > end && !listed.has(name))
        throw new Error(`${this.#client} does not see ${name}, made before it looked`);
      if ((life.createStart > end || life.removeEnd < start) && listed.has(name))
        throw new Error(`${this.#client} sees ${name}, removed before it looked`);
    }
    for (const name of listed) if (!this.#state.names.has(name)) throw new Error(`${this.#client} sees ${name}, which nobody made`);
  }

  async #write(register: Register): Promise<void> {
    const file = await this.#paths.open(['shared', register.name]);
    const version = ++register.begun;
    await file.write(0, record(version));
    register.done = Math.max(register.done, version);
    if (this.#random.chance(0.5)) {
      const uid = ++register.ownerBegun;
      await file.change({ uid });
      register.ownerDone = Math.max(register.ownerDone, uid);
    }
    if (this.#random.chance(0.3)) await file.fsync();
    await file.close();
  }

  async #read(register: Register): Promise<void> {
    const known = register.ownerDone;
    const { uid } = await this.#paths.attributes(['shared', register.name]);
    if (uid < known || uid > register.ownerBegun)
      throw new Error(
        `${this.#client} sees owner ${uid} of ${register.name}; ${known} was set before, ${register.ownerBegun} is the newest`,
      );
    register.ownerDone = Math.max(register.ownerDone, uid);
    const file = await this.#paths.open(['shared', register.name]);
    const reads = 1 + this.#random.below(3);
    for (let i = 0; i < reads; i += 1) {
      const oldest = register.done;
      const bytes = await file.read(0, recordBytes);
      const version = versionIn(bytes);
      if (version === undefined) throw new Error(`${this.#client} reads a torn ${register.name}: ${bytes.toString('latin1')}`);
      if (version < oldest || version > register.begun)
        throw new Error(
          `${this.#client} reads version ${version} of ${register.name}; ${oldest} was written before, ${register.begun} is the newest`,
        );
      register.done = Math.max(register.done, version);
    }
    await file.close();
  }

  async #makeName(): Promise<void> {
    const name = this.#state.newName(this.#client);
    const life: NameLife = { createStart: this.#state.tick(), createEnd: never, removeStart: never, removeEnd: never };
    this.#state.names.set(name, life);
    const file = await this.#paths.create(['shared', 'names', name], true);
    life.createEnd = this.#state.tick();
    await file.close();
  }

  async #removeName(): Promise<void> {
    // Anybody's: each is taken once.
    const candidates = [...this.#state.names].filter(([, life]) => life.createEnd !== never && life.removeStart === never);
    if (candidates.length === 0) return;
    const [name, life] = this.#random.pick(candidates);
    life.removeStart = this.#state.tick();
    try {
      await this.#paths.unlink(['shared', 'names', name]);
    } catch (error) {
      throw new Error(`${this.#client} cannot remove ${name}: ${toFsError(error).code}`, { cause: error });
    }
    life.removeEnd = this.#state.tick();
  }
}

/** What a version of a register looks like. */
export function record(version: number): Buffer {
  return Buffer.from(
    String(version)
      .padStart(12, '0')
      .padEnd(recordBytes, String(version % 10)),
    'latin1',
  );
}

/** The version that it is the record of; undefined: none. */
export function versionIn(bytes: Buffer): number | undefined {
  const version = Number(bytes.toString('latin1', 0, 12));
  return bytes.equals(record(version)) ? version : undefined;
}
