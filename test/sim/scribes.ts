/**
 * One file to which all clients append at once, and which they follow: each record is there once and whole, in an order that agrees with
 * when their writes began and returned; what has returned is seen by whoever looks later; and whoever looks sees the beginning of what
 * those see who look after him.
 * @module
 */
import type { Prng } from '../../common/runtime/sim/prng.ts';
import type { OpenFile, Paths } from './paths.ts';

const path = ['log'];
const mark = 0x5ec0_4d1e;
const headerBytes = 12;
/** Not much more is appended, so that looking stays cheap. */
const bytesMax = 1 << 20;
/** What the MDS does not take, but leaves to clients. */
const largeBytes = 70_000;

interface Entry {
  readonly number: number;
  readonly length: number;
  readonly began: number;
  /** When its write returned; undefined: it has not, or not with success. */
  done: number | undefined;
  /** Its writer may die together with the MDS that had heard of it: what nobody has seen may go with them. */
  readonly mortal: boolean;
  /** Where somebody has seen it. */
  at: number | undefined;
}

/** What all clients know together: the referee. */
export class Log {
  readonly #entries: Entry[] = [];
  /** The longest that anybody has seen. */
  #seen = Buffer.alloc(0);
  /** Records in it, in their order; and where the next one begins. */
  readonly #order: Entry[] = [];
  #parsed = 0;
  /** Of those: the last one of which the write began. */
  #lastBegan = 0;
  #tick = 0;

  /** By one client, before the others start. */
  async setup(paths: Paths): Promise<void> {
    await (await paths.create(path, true)).close();
  }

  get isFull(): boolean {
    return this.#seen.length > bytesMax;
  }

  begin(length: number, mortal: boolean): Entry {
    const entry: Entry = { number: this.#entries.length, length, began: ++this.#tick, done: undefined, mortal, at: undefined };
    this.#entries.push(entry);
    return entry;
  }

  end(entry: Entry): void {
    entry.done = ++this.#tick;
  }

  /** What has returned before the look that begins now. */
  look(): number {
    return ++this.#tick;
  }

  /** The file, as a look that began at `began` has found it. */
  found(what: string, began: number, content: Buffer): void {
    const common = Math.min(content.length, this.#seen.length);
    const known = this.#seen;
    if (!content.subarray(0, common).equals(known.subarray(0, common))) {
      const at = content.findIndex((byte, i) => byte !== known[i]);
      throw new Error(`${what}: byte ${at} of the log is not what somebody has seen there before`);
    }
    if (content.length > known.length) this.#grow(what, content);
    for (const entry of this.#entries) {
      if (entry.done === undefined || entry.done > began || (entry.mortal && entry.at === undefined)) continue;
      if (entry.at === undefined || entry.at + headerBytes + entry.length > content.length)
        throw new Error(`${what}: record ${entry.number} is not among ${content.length} bytes of the log, though its write had returned`);
    }
  }

  size(what: string, began: number, size: number): void {
    let least = 0;
    for (const { at, done, length } of this.#entries)
      if (at !== undefined && done !== undefined && done <= began) least = Math.max(least, at + headerBytes + length);
    if (size < least) throw new Error(`${what}: the log has ${size} bytes, and had ${least} before`);
  }

  #grow(what: string, content: Buffer): void {
    this.#seen = Buffer.from(content);
    while (this.#parsed < content.length) {
      const entry = this.#parse(what, content);
      if (entry.at !== undefined)
        throw new Error(`${what}: record ${entry.number} is in the log twice, at ${entry.at} and ${this.#parsed}`);
      if (entry.done !== undefined && entry.done < this.#lastBegan)
        throw new Error(`${what}: record ${entry.number} lies behind one whose write began when its own had returned`);
      entry.at = this.#parsed;
      this.#order.push(entry);
      this.#lastBegan = Math.max(this.#lastBegan, entry.began);
      this.#parsed += headerBytes + entry.length;
    }
  }

  #parse(what: string, content: Buffer): Entry {
    const at = this.#parsed;
    const entry =
      at + headerBytes <= content.length && content.readUInt32LE(at) === mark ? this.#entries[content.readUInt32LE(at + 4)] : undefined;
    if (entry === undefined || !content.subarray(at, at + headerBytes + entry.length).equals(recordOf(entry)))
      throw new Error(`${what}: no whole record at ${at} of ${content.length} bytes of the log`);
    return entry;
  }
}

/** One client's part in it. */
export class Scribe {
  readonly #log: Log;
  readonly #client: string;
  readonly #paths: Paths;
  readonly #random: Prng;
  readonly #mortal: boolean;
  #file: OpenFile | undefined;

  constructor(log: Log, client: string, paths: Paths, random: Prng, mortal = false) {
    this.#log = log;
    this.#client = client;
    this.#paths = paths;
    this.#random = random;
    this.#mortal = mortal;
  }

  async step(): Promise<void> {
    const file = (this.#file ??= await this.#paths.open(path, { append: true }));
    const roll = this.#random.below(10);
    if (roll < 6 && !this.#log.isFull) {
      // Of several processes.
      await Promise.all(Array.from({ length: 1 + this.#random.below(3) }, () => this.#append(file)));
    } else if (roll < 8) await this.check();
    else await this.#size(file);
  }

  /** All that has returned is there. */
  async check(): Promise<void> {
    const file = (this.#file ??= await this.#paths.open(path, { append: true }));
    const began = this.#log.look();
    const content = await file.read(0, 2 * bytesMax + 10 * largeBytes);
    this.#log.found(`${this.#client} looks`, began, content);
  }

  async #size(file: OpenFile): Promise<void> {
    const began = this.#log.look();
    this.#log.size(this.#client, began, await file.size());
  }

  async #append(file: OpenFile): Promise<void> {
    const random = this.#random;
    const length = random.chance(0.04) ? largeBytes + random.below(1_000) : random.below(400);
    const entry = this.#log.begin(length, this.#mortal);
    await file.write(0, recordOf(entry));
    this.#log.end(entry);
  }
}

/** It shows which one it is, and whether it is whole. */
function recordOf({ number, length }: Entry): Buffer {
  const bytes = Buffer.alloc(headerBytes + length, 1 + (number % 250));
  for (const [i, value] of [mark, number, length].entries()) bytes.writeUInt32LE(value, 4 * i);
  return bytes;
}
