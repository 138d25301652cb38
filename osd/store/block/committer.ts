/**
 * Group commit: accepted transactions in their order, as many as are ready at a time in one write of the log
 * and one sync. Behind it, frozen generations go into the database one by one.
 * @module
 */
import { FsError, toFsError } from '../../../common/errors/fs-error.ts';
import type { Env } from '../../../common/runtime/env.ts';
import type { Generation } from './generation.ts';
import type { LogFile, LogIdentity } from './log-file.ts';
import { segmentCount } from './log-file.ts';
import { type RecordWriter, sealRecord } from './log-record.ts';
import type { Pending } from './pending.ts';
import type { StoreState } from './state.ts';

/** Bytes of one write of the log. */
const groupBytesMax = 4 << 20;

export interface CommitterOptions {
  readonly identity: LogIdentity;
  /** Last transaction that the database has. */
  readonly appliedSeq: number;
  /** Its blocks are free now; called before its promise resolves. */
  readonly onDurable: (pending: Pending) => void;
  /** Brings a generation of which everything is durable into the database. */
  readonly checkpoint: (generation: Generation) => Promise<void>;
  readonly onFailure: (error: FsError) => void;
}

export class Committer {
  readonly #env: Env;
  readonly #log: LogFile;
  readonly #state: StoreState;
  readonly #writer: RecordWriter;
  readonly #options: CommitterOptions;
  readonly #freeSegments = Array.from({ length: segmentCount }, (_, i) => i);
  readonly #queue: Pending[] = [];
  /** How far each generation's segment has been written. */
  readonly #written = new Map<Generation, number>();
  readonly #idle: (() => void)[] = [];
  #failure: FsError | undefined;
  #abandoned = false;
  #scheduled = false;
  #writing = false;
  #checkpointing = false;
  #acceptedSeq: number;
  #durableSeq: number;

  constructor(env: Env, log: LogFile, state: StoreState, writer: RecordWriter, options: CommitterOptions) {
    this.#env = env;
    this.#log = log;
    this.#state = state;
    this.#writer = writer;
    this.#options = options;
    this.#acceptedSeq = options.appliedSeq;
    this.#durableSeq = options.appliedSeq;
    this.assignSegments();
  }

  get durableSeq(): number {
    return this.#durableSeq;
  }

  /** Set once writing has failed: nothing is written any more. */
  get failure(): FsError | undefined {
    return this.#failure;
  }

  /** A place in the order; the caller carries it out, then calls {@link accepted}. */
  next(resolve: () => void, reject: (error: FsError) => void): Pending {
    const generation = this.#state.active;
    const pending: Pending = { seq: ++this.#acceptedSeq, generation, record: undefined, waits: 0, freed: [], resolve, reject };
    generation.lastSeq = pending.seq;
    return pending;
  }

  accepted(pending: Pending): void {
    pending.generation.logBytes += pending.record?.totalBytes ?? 0;
    this.#queue.push(pending);
    if (pending.waits === 0) this.schedule();
  }

  /** Writes what is ready, at the end of this turn, so that what is committed together is written together. */
  schedule(): void {
    if (this.#scheduled || this.#writing) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (!this.#writing) void this.#run();
    });
  }

  /** Gives generations that have none a part of the log, oldest first. */
  assignSegments(): void {
    for (const generation of [...this.#state.frozen, this.#state.active]) {
      if (generation.segment === undefined) generation.segment = this.#freeSegments.shift();
    }
  }

  /** Resolves when everything accepted is durable and every frozen generation is in the database. */
  settled(): Promise<void> {
    if (this.#isSettled()) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Writing has failed: everything waiting is refused, and so is what comes. */
  fail(error: unknown): void {
    if (this.#failure) return;
    this.#failure = toFsError(error);
    for (const pending of this.#queue.splice(0)) pending.reject(this.#failure);
    this.#options.onFailure(this.#failure);
    this.#checkIdle();
  }

  /** Like {@link fail}, but nobody is told. */
  abandon(): void {
    this.#abandoned = true;
    this.#failure ??= new FsError('ESHUTDOWN', 'the object store was abandoned');
    this.#queue.length = 0;
    this.#checkIdle();
  }

  async #run(): Promise<void> {
    this.#writing = true;
    try {
      for (let group = this.#nextGroup(); group.length > 0; group = this.#nextGroup()) await this.#write(group);
    } catch (error) {
      this.fail(error);
    }
    this.#writing = false;
    this.#checkIdle();
  }

  /** Transactions from the queue's head that are ready, of one generation. */
  #nextGroup(): Pending[] {
    const generation = this.#queue[0]?.generation;
    if (this.#failure || generation?.segment === undefined) return [];
    let count = 0;
    let bytes = 0;
    while (count < this.#queue.length && bytes < groupBytesMax) {
      const pending = this.#queue[count] as Pending;
      if (pending.waits > 0 || pending.generation !== generation) break;
      bytes += pending.record?.totalBytes ?? 0;
      count++;
    }
    return this.#queue.splice(0, count);
  }

  async #write(group: readonly Pending[]): Promise<void> {
    const { generation } = group[0] as Pending;
    const { identity } = this.#options;
    const pieces: Buffer[] = [];
    let bytes = 0;
    for (const { record, seq } of group) {
      if (!record) continue;
      sealRecord(record, seq, this.#durableSeq, identity.incarnation, identity.salt);
      for (const piece of record.pieces) addPiece(pieces, piece);
      bytes += record.totalBytes;
    }
    const offset = this.#written.get(generation) ?? 0;
    this.#written.set(generation, offset + bytes);
    try {
      await this.#log.append(generation.segment as number, offset, pieces);
    } catch (error) {
      if (!this.#abandoned) for (const pending of group) pending.reject(toFsError(error));
      throw error;
    }
    if (this.#abandoned) return;
    this.#durableSeq = (group.at(-1) as Pending).seq;
    for (const pending of group) {
      if (pending.record) this.#writer.release(pending.record);
      pending.record = undefined;
      this.#options.onDurable(pending);
      pending.resolve();
    }
    this.startCheckpoints();
  }

  /** Begins with the oldest generation, if it is frozen and durable and none is on its way. */
  startCheckpoints(): void {
    if (this.#checkpointing || !this.#oldestIsDurable()) return;
    this.#checkpointing = true;
    this.#env.spawn('object store checkpoint', () => this.#checkpoints());
  }

  async #checkpoints(): Promise<void> {
    try {
      while (this.#oldestIsDurable()) {
        const generation = this.#state.frozen[0] as Generation;
        await this.#options.checkpoint(generation);
        this.#written.delete(generation);
        if (generation.segment !== undefined) this.#freeSegments.push(generation.segment);
        this.assignSegments();
        this.schedule();
      }
    } catch (error) {
      this.fail(error);
    }
    this.#checkpointing = false;
    this.#checkIdle();
  }

  #oldestIsDurable(): boolean {
    const oldest = this.#state.frozen[0];
    return oldest !== undefined && !this.#failure && this.#durableSeq >= oldest.lastSeq;
  }

  #isSettled(): boolean {
    if (this.#writing || this.#checkpointing || this.#scheduled) return false;
    return this.#failure !== undefined || (this.#queue.length === 0 && this.#state.frozen.length === 0);
  }

  #checkIdle(): void {
    if (this.#isSettled()) for (const resolve of this.#idle.splice(0)) resolve();
  }
}

/** Joins what lies side by side in memory. */
function addPiece(pieces: Buffer[], piece: Buffer): void {
  const last = pieces.at(-1);
  if (last && last.buffer === piece.buffer && last.byteOffset + last.length === piece.byteOffset) {
    pieces[pieces.length - 1] = Buffer.from(last.buffer, last.byteOffset, last.length + piece.length);
  } else {
    pieces.push(piece);
  }
}
