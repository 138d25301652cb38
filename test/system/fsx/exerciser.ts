/**
 * One file, read, written, mapped, cut, punched and copied within at random, through several descriptors at once; every answer
 * is compared with what a buffer in memory says.
 * @module
 */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { Prng } from '../../../common/runtime/sim/prng.ts';
import { FileCalls } from '../../support/file-calls.ts';

const sizeMax = 9 << 20;
const keepSizePunchHole = 3;
const zeroRange = 16;
const ways = ['plain', 'second', 'direct', 'synchronous'] as const;
type Way = (typeof ways)[number];
const flags: Readonly<Record<Way, number>> = {
  plain: 0,
  second: 0,
  direct: constants.O_DIRECT,
  synchronous: constants.O_SYNC,
};

export class Exerciser {
  readonly #path: string;
  readonly #random: Prng;
  readonly #unalignedDirect: boolean;
  readonly #handles = new Map<Way, FileHandle>();
  #calls: FileCalls | undefined;
  #model = Buffer.alloc(0);
  #stamp = 0;
  /** What it did, newest last. */
  readonly history: string[] = [];

  /** `unalignedDirect`: whether O_DIRECT takes any range, as ours does; others are not asked to. */
  constructor(path: string, random: Prng, unalignedDirect: boolean) {
    this.#path = path;
    this.#unalignedDirect = unalignedDirect;
    this.#random = random;
  }

  async start(): Promise<void> {
    await (await open(this.#path, 'w')).close();
    this.#calls = new FileCalls(this.#path);
    for (const way of ways) await this.#open(way);
  }

  async stop(): Promise<void> {
    await this.#compare(0, this.#model.length + 1, 'plain');
    for (const handle of this.#handles.values()) await handle.close();
    await this.#calls?.close();
  }

  async step(): Promise<void> {
    const random = this.#random;
    const way = random.pick(ways);
    const roll = random.below(100);
    if (roll < 25) await this.#write(way);
    else if (roll < 45) await this.#read(way);
    else if (roll < 53) await this.#truncate(way);
    else if (roll < 61) await this.#mappedWrite();
    else if (roll < 69) await this.#mappedRead();
    else if (roll < 77) await this.#punch();
    else if (roll < 84) await this.#copy();
    else if (roll < 89) await this.#seek();
    else if (roll < 95) await this.#sync(way);
    else if (roll < 98) await this.#reopen(way);
    else await this.#compare(0, this.#model.length + 1, way);
  }

  async #open(way: Way): Promise<void> {
    this.#handles.set(way, await open(this.#path, constants.O_RDWR | (way === 'direct' && !this.#unalignedDirect ? 0 : flags[way])));
  }

  #handle(way: Way): FileHandle {
    return this.#handles.get(way) as FileHandle;
  }

  /** A range that begins in the file or a little behind it, mostly short. */
  #range(beyond: number): { offset: number; length: number } {
    const random = this.#random;
    const offset = random.below(Math.min(sizeMax - 1, this.#model.length + beyond) + 1);
    const length = 1 + random.below(random.chance(0.1) ? 3 << 20 : random.chance(0.5) ? 10_000 : 200_000);
    return { offset, length: Math.min(length, sizeMax - offset) };
  }

  /** A range within the file; undefined when it is empty. */
  #inside(): { offset: number; length: number } | undefined {
    if (this.#model.length === 0) return undefined;
    const { offset, length } = this.#range(0);
    const from = Math.min(offset, this.#model.length - 1);
    return { offset: from, length: Math.min(length, this.#model.length - from) };
  }

  #note(what: string): void {
    this.history.push(`${this.history.length} ${what}`);
  }

  #grow(size: number): void {
    if (size > this.#model.length) this.#model = Buffer.concat([this.#model, Buffer.alloc(size - this.#model.length)]);
  }

  async #write(way: Way): Promise<void> {
    const { offset, length } = this.#range(this.#random.chance(0.2) ? 2 << 20 : 1000);
    this.#note(`write ${way} ${length} at ${offset}`);
    const bytes = Buffer.alloc(length);
    this.#stamp++;
    for (let at = 0; at < length; at++) bytes[at] = 1 + ((offset + at + this.#stamp * 7) % 255);
    const { bytesWritten } = await this.#handle(way).write(bytes, 0, length, offset);
    same('bytes written', bytesWritten, length);
    this.#grow(offset + length);
    bytes.copy(this.#model, offset);
  }

  async #read(way: Way): Promise<void> {
    const { offset, length } = this.#range(1000);
    this.#note(`read ${way} ${length} at ${offset}`);
    await this.#compare(offset, length, way);
  }

  async #compare(offset: number, length: number, way: Way): Promise<void> {
    const found = Buffer.alloc(length, 0xee);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await this.#handle(way).read(found, done, length - done, offset + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    sameBytes(`read ${way}`, found.subarray(0, done), this.#model.subarray(offset, offset + length), offset);
    const { size } = await this.#handle(way).stat();
    same('size', size, this.#model.length);
  }

  async #truncate(way: Way): Promise<void> {
    const random = this.#random;
    const size = random.chance(0.2) ? 0 : random.below(Math.min(sizeMax, this.#model.length + (random.chance(0.3) ? 5 << 20 : 5000)));
    this.#note(`truncate ${way} to ${size}`);
    await this.#handle(way).truncate(size);
    if (size < this.#model.length) this.#model = Buffer.from(this.#model.subarray(0, size));
    else this.#grow(size);
  }

  async #mappedWrite(): Promise<void> {
    const range = this.#inside();
    if (range === undefined) return;
    const byte = 1 + this.#random.below(255);
    this.#note(`mapped write ${range.length} at ${range.offset}`);
    await this.#calls?.mappedWrite(range.offset, range.length, byte);
    this.#model.fill(byte, range.offset, range.offset + range.length);
  }

  async #mappedRead(): Promise<void> {
    const range = this.#inside();
    if (range === undefined) return;
    const { offset, length } = range;
    this.#note(`mapped read ${length} at ${offset}`);
    const found = (await this.#calls?.mappedRead(offset, length)) ?? Buffer.alloc(0);
    sameBytes('mapped read', found, this.#model.subarray(offset, offset + length), offset);
  }

  async #punch(): Promise<void> {
    const { offset, length } = this.#range(1000);
    const grows = this.#random.chance(0.3);
    this.#note(`${grows ? 'zero' : 'punch'} ${length} at ${offset}`);
    await this.#calls?.allocate(grows ? zeroRange : keepSizePunchHole, offset, length);
    if (grows) this.#grow(offset + length);
    const { length: size } = this.#model;
    this.#model.fill(0, Math.min(size, offset), Math.min(size, offset + length));
  }

  async #copy(): Promise<void> {
    const range = this.#inside();
    if (range === undefined) return;
    const { offset } = range;
    const to = this.#random.below(Math.min(sizeMax - 1, this.#model.length + 100_000));
    const apart = Math.abs(to - offset);
    const length = Math.min(range.length, apart, sizeMax - to);
    if (length === 0) return;
    this.#note(`copy ${length} from ${offset} to ${to}`);
    let done = 0;
    while (done < length) {
      const copied = (await this.#calls?.copy(offset + done, to + done, length - done)) ?? 0;
      if (copied === 0) throw new Error(`copied ${done} of ${length}`);
      done += copied;
    }
    const bytes = Buffer.from(this.#model.subarray(offset, offset + length));
    this.#grow(to + length);
    bytes.copy(this.#model, to);
  }

  async #seek(): Promise<void> {
    const from = this.#random.below(this.#model.length + 1);
    this.#note(`seek data from ${from}`);
    const found = await this.#calls?.nextData(from);
    if (this.#model.subarray(from, found ?? this.#model.length).some((byte) => byte !== 0))
      throw new Error(`data between ${from} and ${String(found)}, said to be a hole`);
    const { blocks } = await this.#handle('plain').stat();
    if (blocks === 0 && this.#model.some((byte) => byte !== 0)) throw new Error('data, and no blocks');
  }

  async #sync(way: Way): Promise<void> {
    const dataOnly = this.#random.chance(0.5);
    this.#note(`${dataOnly ? 'fdatasync' : 'fsync'} ${way}`);
    if (dataOnly) await this.#handle(way).datasync();
    else await this.#handle(way).sync();
  }

  async #reopen(way: Way): Promise<void> {
    this.#note(`close and open ${way}`);
    await this.#handle(way).close();
    await this.#open(way);
  }
}

function same(what: string, found: number, wanted: number): void {
  if (found !== wanted) throw new Error(`${what}: ${found}, and should be ${wanted}`);
}

function sameBytes(what: string, found: Buffer, wanted: Buffer, offset: number): void {
  if (found.equals(wanted)) return;
  let at = 0;
  while (at < found.length && at < wanted.length && found[at] === wanted[at]) at++;
  throw new Error(
    `${what}: at ${offset + at} ${found[at] ?? 'the end'}, and should be ${wanted[at] ?? 'the end'} (${found.length} and ${wanted.length} bytes)`,
  );
}
