/**
 * Brings dirty blocks to the OSDs: full ones at once (so that little is left for an fsync after a stream),
 * the oldest when there is too much dirty data, everything at its age, and what fsync, close or a recall ask
 * for before all others. Neighbouring blocks of one object travel in one operation.
 * @module
 */
import { toFsError } from '../../common/errors/fs-error.ts';
import type { Timer } from '../../common/runtime/clock.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { Block } from './block.ts';
import { blockBytes } from './block.ts';
import type { BlockCache } from './block-cache.ts';
import type { FileData } from './file-data.ts';
import type { ObjectIo } from './object-io.ts';
import type { Segment } from './segment.ts';

/** Blocks queued because there is too much dirty data: more are looked for below the first number, up to the second. */
const queuedMin = 16;
const queuedMax = 64;

export interface WriteBackOptions {
  readonly dirtyBytesMax: number;
  readonly dirtyBytesBackground: number;
  readonly writeBackDelayMs: number;
  readonly writesInFlightMax: number;
}

interface Entry {
  readonly file: FileData;
  readonly sinceMs: number;
}

export class WriteBack {
  readonly #env: Env;
  readonly #io: ObjectIo;
  readonly #cache: BlockCache;
  readonly #options: WriteBackOptions;
  /** Blocks with something dirty, in the order in which they became so. */
  readonly #dirty = new Map<Block, Entry>();
  /** Blocks to send, and who waits for each; urgent ones first. */
  readonly #urgent = new Map<Block, { readonly file: FileData; readonly wake: (() => void)[] }>();
  readonly #queued = new Map<Block, FileData>();
  /** Files closed with something dirty, and when. */
  readonly #closed = new Map<FileData, number>();
  #inFlight = 0;
  #tick: Timer | undefined;
  #throttled: (() => void)[] = [];
  #pumping = false;

  constructor(env: Env, io: ObjectIo, cache: BlockCache, options: WriteBackOptions) {
    this.#env = env;
    this.#io = io;
    this.#cache = cache;
    this.#options = options;
  }

  /** Undefined when so many more bytes may become dirty; else resolves when it is worth asking again. */
  room(bytes: number): Promise<void> | undefined {
    const unsafe = this.#cache.unsafeBytes;
    if (unsafe === 0 || unsafe + bytes <= this.#options.dirtyBytesMax) return undefined;
    this.#relieve(bytes);
    return new Promise((resolve) => this.#throttled.push(resolve));
  }

  /** The block has just been written to. */
  wrote(file: FileData, block: Block): void {
    if (!this.#dirty.has(block)) {
      this.#dirty.set(block, { file, sinceMs: this.#env.clock.monotonicMs() });
      if (this.#tick === undefined) this.#schedule();
    }
    if (block.dirtyBytes === blockBytes) {
      this.#queued.set(block, file);
      this.#pump();
    } else {
      this.#relieve();
    }
  }

  /** Resolves when everything of the file that is dirty or on its way now has been answered; see `file.error`. */
  async flush(file: FileData): Promise<void> {
    if (file.settled) return;
    const waits: Promise<void>[] = [];
    for (const carrier of file.carriers) waits.push(carrier.done);
    for (const block of file.blocks.values()) {
      if (block.dirtyBytes === 0) continue;
      let entry = this.#urgent.get(block);
      if (entry === undefined) this.#urgent.set(block, (entry = { file, wake: [] }));
      const { wake } = entry;
      waits.push(new Promise((resolve) => wake.push(resolve)));
    }
    this.#pump();
    await Promise.all(waits);
  }

  /** The last handle is closed: what is dirty goes out soon, unless the file is opened or deleted before. */
  closed(file: FileData): void {
    this.#closed.set(file, this.#env.clock.monotonicMs());
  }

  /** Resolves when nothing of the file is on its way. */
  async settled(file: FileData): Promise<void> {
    while (file.carriers.size > 0) await Promise.all([...file.carriers].map((carrier) => carrier.done));
  }

  /** Everything dirty of every file. */
  async flushAll(): Promise<void> {
    const files = new Set<FileData>();
    for (const { file } of this.#dirty.values()) files.add(file);
    await Promise.all([...files].map((file) => this.flush(file)));
  }

  stop(): void {
    this.#tick?.cancel();
    this.#tick = undefined;
  }

  #schedule(): void {
    const { writeBackDelayMs } = this.#options;
    this.#tick = this.#env.clock.setTimer(writeBackDelayMs / 8, () => {
      this.#tick = undefined;
      const due = this.#env.clock.monotonicMs() - writeBackDelayMs * 0.75;
      for (const [block, { file, sinceMs }] of this.#dirty) {
        if (sinceMs > due) break;
        if (block.dirtyBytes === 0) this.#dirty.delete(block);
        else this.#queued.set(block, file);
      }
      this.#queueClosed(writeBackDelayMs / 5);
      this.#pump();
      if (this.#dirty.size > 0) this.#schedule();
    });
  }

  #queueClosed(delayMs: number): void {
    const due = this.#env.clock.monotonicMs() - delayMs;
    for (const [file, sinceMs] of this.#closed) {
      if (sinceMs > due) break;
      this.#closed.delete(file);
      for (const block of file.blocks.values()) if (block.dirtyBytes > 0) this.#queued.set(block, file);
    }
  }

  /** While there is too much dirty data: keeps some of what has been dirty longest queued. */
  #relieve(wantedBytes = 0): void {
    const { dirtyBytesBackground, dirtyBytesMax } = this.#options;
    let rest = this.#cache.unsafeBytes - Math.max(0, Math.min(dirtyBytesBackground, dirtyBytesMax / 2, dirtyBytesMax - wantedBytes));
    if (rest <= 0 || this.#queued.size >= queuedMin) return;
    for (const [block, { file }] of this.#dirty) {
      if (rest <= 0 || this.#queued.size >= queuedMax) break;
      if (this.#queued.has(block)) continue;
      this.#queued.set(block, file);
      rest -= block.dirtyBytes;
    }
    this.#pump();
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    const { writesInFlightMax } = this.#options;
    for (;;) {
      const [urgent] = this.#urgent as Iterable<[Block, { readonly file: FileData }]>;
      // What someone waits for may overtake the background's share, but not without limit.
      if (urgent !== undefined && this.#inFlight < 2 * writesInFlightMax) {
        this.#send(urgent[1].file, urgent[0]);
        continue;
      }
      const [queued] = this.#queued as Iterable<[Block, FileData]>;
      if (queued === undefined || this.#inFlight >= writesInFlightMax) break;
      this.#send(queued[1], queued[0]);
    }
    this.#pumping = false;
  }

  /** Sends the block, with those blocks of the same object that are due or full. */
  #send(file: FileData, block: Block): void {
    const blocks = [block];
    const { objectSize, stripeCount } = file.layout;
    if (stripeCount === 1 && objectSize > blockBytes) {
      const first = Math.floor((block.index * blockBytes) / objectSize) * (objectSize / blockBytes);
      for (let index = Math.ceil(first); index < first + objectSize / blockBytes; index++) {
        const other = file.blocks.get(index);
        if (other !== undefined && other !== block && other.dirtyBytes > 0 && (this.#urgent.has(other) || this.#queued.has(other)))
          blocks.push(other);
      }
      blocks.sort((a, b) => a.index - b.index);
    }
    const wake: (() => void)[] = [];
    const carrier = { done: Promise.resolve() };
    const segments: Segment[] = [];
    for (const each of blocks) {
      const waiting = this.#urgent.get(each);
      if (waiting !== undefined) wake.push(...waiting.wake);
      this.#urgent.delete(each);
      this.#queued.delete(each);
      this.#dirty.delete(each);
      if (each.dirtyBytes > 0) segments.push(...each.take(carrier));
    }
    if (segments.length === 0) {
      for (const each of wake) each();
      return;
    }
    this.#inFlight++;
    const write = this.#io.write(file, segments).then(() => undefined, toFsError);
    carrier.done = write.then((failure) => {
      file.carriers.delete(carrier);
      let lost = 0;
      for (const each of blocks) {
        const bytes = each.settle(carrier, failure === undefined);
        if (failure !== undefined) lost += bytes;
      }
      if (failure !== undefined && lost > 0) {
        file.fail(failure);
        this.#env.log.error(
          { ino: file.ino, code: failure.code, from: segments[0]?.start, to: segments.at(-1)?.end, err: failure },
          'data not written: it is lost, fsync or close will report it',
        );
      }
      this.#inFlight--;
      for (const each of wake) each();
      this.#cache.trim();
      this.#release();
      this.#relieve();
      this.#pump();
    });
    file.carriers.add(carrier);
    file.everSent = true;
  }

  #release(): void {
    if (this.#throttled.length === 0 || this.#cache.unsafeBytes > this.#options.dirtyBytesMax * 0.9) return;
    const waiting = this.#throttled;
    this.#throttled = [];
    for (const wake of waiting) wake();
  }
}
