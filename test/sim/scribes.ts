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
  /** Who may die together with the MDS that had heard of it: what nobody else has seen may go with them. */
  readonly mortal: Scribe | undefined;
  /** Where somebody has seen it: not only its mortal writer. */
  at: number | undefined;
  /** Where that one has. */
  atOwn: number | undefined;
}

/** What all clients know together: the referee. */
export class Log {
  readonly #entries: Entry[] = [];
  /** The longest that anybody has seen. */
  #seen = Buffer.alloc(0);
  /** Of its records: the last one of which the write began. */
  #lastBegan = 0;
  #tick = 0;

  /** By one client, before the others start. */
  async setup(paths: Paths): Promise<void> {
    await (await paths.create(path, true)).close();
  }

  get isFull(): boolean {
    return this.#seen.length > bytesMax;
  }

  begin(length: number, mortal: Scribe | undefined): Entry {
    const number = this.#entries.length;
    const entry: Entry = { number, length, began: ++this.#tick, done: undefined, mortal, at: undefined, atOwn: undefined };
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

  /** The file, as a look of `who` that began at `began` has found it. */
  found(who: Scribe, began: number, content: Buffer): void {
    const what = `${who.client} looks`;
    const common = Math.min(content.length, this.#seen.length);
    const known = this.#seen;
    if (!content.subarray(0, common).equals(known.subarray(0, common))) {
      const at = content.findIndex((byte, i) => byte !== known[i]);
      throw new Error(`${what}: byte ${at} of the log is not what somebody has seen there before`);
    }
    if (content.length > known.length) this.#grow(who, content);
    for (const entry of this.#entries) {
      if (entry.done === undefined || entry.done > began) continue;
      const at = whereFor(who, entry);
      if (at === undefined && entry.mortal !== undefined && entry.mortal !== who) continue;
      if (entry.mortal === who && (entry.atOwn ?? at) !== at) throw new Error(`${what}: record ${entry.number} has moved to ${at}`);
      if (at === undefined || at + headerBytes + entry.length > content.length)
        throw new Error(`${what}: record ${entry.number} is not among ${content.length} bytes of the log, though its write had returned`);
    }
  }

  size(who: Scribe, began: number, size: number): void {
    let least = 0;
    for (const entry of this.#entries) {
      const at = whereFor(who, entry);
      if (at !== undefined && entry.done !== undefined && entry.done <= began) least = Math.max(least, at + headerBytes + entry.length);
    }
    if (size < least) throw new Error(`${who.client}: the log has ${size} bytes, and had ${least} before`);
  }

  /** All of it has to be right; what is kept ends before those last records that only their mortal writer has seen now. */
  #grow(who: Scribe, content: Buffer): void {
    const what = `${who.client} looks`;
    const fresh = new Map<Entry, number>();
    let lastBegan = this.#lastBegan;
    for (let at = this.#seen.length; at < content.length;) {
      const entry = this.#parse(what, content, at);
      const before = whereFor(who, entry);
      if (entry.at !== undefined || fresh.has(entry))
        throw new Error(`${what}: record ${entry.number} is in the log twice, the second time at ${at}`);
      if (before !== undefined && before !== at) throw new Error(`${what}: record ${entry.number} is at ${at}, and was at ${before}`);
      if (entry.done !== undefined && entry.done < lastBegan)
        throw new Error(`${what}: record ${entry.number} lies behind one whose write began when its own had returned`);
      lastBegan = Math.max(lastBegan, entry.began);
      fresh.set(entry, at);
      at += headerBytes + entry.length;
    }
    const order = [...fresh.keys()];
    const kept = order.findLastIndex(({ mortal }) => mortal !== who) + 1;
    for (const [i, entry] of order.entries()) {
      if (i >= kept) {
        entry.atOwn = fresh.get(entry);
        continue;
      }
      entry.at = fresh.get(entry);
      this.#lastBegan = Math.max(this.#lastBegan, entry.began);
    }
    const ownFrom = order[kept]?.atOwn;
    this.#seen = Buffer.from(content.subarray(0, ownFrom));
  }

  #parse(what: string, content: Buffer, at: number): Entry {
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
  readonly client: string;
  readonly #paths: Paths;
  readonly #random: Prng;
  readonly #mortal: boolean;
  #file: OpenFile | undefined;

  constructor(log: Log, client: string, paths: Paths, random: Prng, mortal = false) {
    this.#log = log;
    this.client = client;
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
    this.#log.found(this, began, content);
  }

  async #size(file: OpenFile): Promise<void> {
    const began = this.#log.look();
    this.#log.size(this, began, await file.size());
  }

  async #append(file: OpenFile): Promise<void> {
    const random = this.#random;
    const length = random.chance(0.04) ? largeBytes + random.below(1_000) : random.below(400);
    const entry = this.#log.begin(length, this.#mortal ? this : undefined);
    await file.write(0, recordOf(entry));
    this.#log.end(entry);
  }
}

/** Where `who` knows it to be. */
function whereFor(who: Scribe, { at, atOwn, mortal }: Entry): number | undefined {
  return at ?? (mortal === who ? atOwn : undefined);
}

/** It shows which one it is, and whether it is whole. */
function recordOf({ number, length }: Entry): Buffer {
  const bytes = Buffer.alloc(headerBytes + length, 1 + (number % 250));
  for (const [i, value] of [mark, number, length].entries()) bytes.writeUInt32LE(value, 4 * i);
  return bytes;
}
