/**
 * The journal of one rank: entries are queued in memory, written together, and safe when durable on all OSDs.
 *
 * Segments are objects `journal.<index hex>` of the metadata pool (of ranks but the first: `rank<hex>.journal.<index hex>`). A batch is one atomic write at a known offset, several
 * may be on their way at once; a segment begins only when the one before is wholly durable. So the only end a journal can have
 * that is no damage is the end of its last segment, or a batch there that was never acknowledged.
 * A new life of the MDS always begins a new segment, exclusively: an older one that still lives fails at its next.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { PoolId } from '../../common/maps/ids.ts';
import type { Timer } from '../../common/runtime/clock.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { ObjectOperation } from '../../osd/client/object-client.ts';
import type { JournalEntry, JournalSink } from '../core/change.ts';
import { BinaryWriter } from './binary.ts';
import type { PatientObjects } from './patient-objects.ts';
import { encodeHead, encodeSegmentHeader, segmentHeaderBytes, writeEntry, type JournalHead, type SegmentHeader } from './journal-codec.ts';
import { headObject, JournalReader, segmentObject, type Segment } from './journal-reader.ts';

export interface JournalOptions {
  readonly rank: number;
  readonly objects: PatientObjects;
  readonly pool: PoolId;
  readonly fsid: string;
  readonly instance: number;
  /** How long an entry waits for company when nobody waits for it. */
  readonly delayMs: number;
  readonly segmentBytes: number;
  /** A batch of this size is not kept waiting. */
  readonly batchBytes: number;
  readonly batchesInFlight: number;
  /** Everything up to `seq` is durable. */
  readonly onSafe: (seq: number) => void;
  /** The journal cannot be written any more: another MDS has taken over, or this one was fenced. */
  readonly onLost: (error: FsError) => void;
}

interface Batch {
  readonly lastSeq: number;
  done: boolean;
}

export class Journal implements JournalSink {
  readonly #env: Env;
  readonly #options: JournalOptions;
  readonly #writer = new BinaryWriter();
  readonly #batches: Batch[] = [];
  #waiters: { readonly seq: number; readonly resolve: () => void; readonly reject: (error: FsError) => void }[] = [];
  /** Segments that are there, oldest first. */
  #segments: (Segment & { readonly startedMs: number })[] = [];
  /** Where it begins, as its head says, or is about to. */
  #first: Segment = { index: 0, firstSeq: 1 };
  /** One above the newest segment that is durable. */
  #begun = 0;
  /** The same, as the head says. */
  #begunNoted = 0;
  #seq = 0;
  #safeSeq = 0;
  #queuedSeq = 0;
  #segment = 0;
  /** Bytes written of the current segment; 0: it does not exist yet. */
  #offset = 0;
  #roll = false;
  #timer: Timer | undefined;
  #wanted = false;
  #lost: FsError | undefined;

  constructor(env: Env, options: JournalOptions) {
    this.#env = env;
    this.#options = options;
  }

  /** Position of the newest entry. */
  get seq(): number {
    return this.#seq;
  }

  /** Everything up to here is durable. */
  get safeSeq(): number {
    return this.#safeSeq;
  }

  get segment(): number {
    return this.#segment;
  }

  /** Oldest segment that is there. */
  get firstSegment(): number {
    return this.#segments[0]?.index ?? this.#segment;
  }

  /** Position of the first entry of `segment`, or behind it. */
  firstSeqOf(segment: number): number {
    return this.#segments.find(({ index }) => index >= segment)?.firstSeq ?? this.#seq + 1;
  }

  /** When the current segment was begun (monotonic); undefined while it is empty. */
  get segmentStartedMs(): number | undefined {
    return this.#offset === 0 ? undefined : this.#segments.at(-1)?.startedMs;
  }

  /** What is to be read of it. */
  reader(): JournalReader {
    return new JournalReader(this.#options);
  }

  /** Makes the journal of a new filesystem. FsError EEXIST when another was faster. */
  async make(): Promise<void> {
    const { instance: writer, fsid } = this.#options;
    const head = encodeHead({ firstSegment: 0, firstSeq: 1, writer, fsid, begun: 0 });
    await this.#operate(headObject(this.#options.rank), [
      { kind: 'create', exclusive: true },
      { kind: 'write-full', data: [head] },
    ]);
  }

  /** Gets ready to append after what `reader` has read: everything there is. FsError EILSEQ when something is missing. */
  async continueAfter(reader: JournalReader): Promise<void> {
    await reader.assertEnd();
    const startedMs = this.#env.clock.monotonicMs();
    this.#segments = reader.segments.map((segment) => ({ ...segment, startedMs }));
    this.#segment = reader.nextSegment;
    this.#first = reader.first;
    this.#begun = Math.max(reader.begun, ...this.#segments.map(({ index }) => index + 1));
    this.#seq = this.#queuedSeq = this.#safeSeq = reader.seq;
    await this.#sweep(this.firstSegment);
  }

  append(entry: JournalEntry): number {
    const seq = ++this.#seq;
    writeEntry(this.#writer, seq, this.#safeSeq, entry);
    if (this.#writer.length >= this.#options.batchBytes) this.#send();
    else if (this.#timer === undefined && !this.#wanted) {
      this.#timer = this.#env.clock.setTimer(this.#options.delayMs, () => {
        this.#timer = undefined;
        this.#send();
      });
    }
    return seq;
  }

  /** Resolves when everything up to `seq` is durable; commits at once. FsError ESHUTDOWN when that will not happen. */
  async flush(seq: number = this.#seq): Promise<void> {
    const wanted = Math.min(seq, this.#seq);
    if (wanted <= this.#safeSeq) return;
    if (wanted > this.#queuedSeq) this.#send();
    await this.safe(wanted);
  }

  /** Commits at once what has been appended: somebody is about to wait for it. */
  hurry(): void {
    if (this.#seq > this.#queuedSeq) this.#send();
  }

  /** Resolves when everything up to `seq` is durable, in its own time. */
  safe(seq: number): Promise<void> {
    if (seq <= this.#safeSeq) return Promise.resolve();
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    return new Promise((resolve, reject) => this.#waiters.push({ seq, resolve, reject }));
  }

  /** The next entry begins a new segment. */
  roll(): void {
    if (this.#offset > 0) this.#roll = true;
  }

  /** Drops the segments below `segment`: everything in them has been written back. Those that have begun since are missed from then on when they are not there. */
  async trim(segment: number): Promise<void> {
    const gone = this.#segments.filter(({ index }) => index < segment);
    if ((gone.length === 0 && this.#begun === this.#begunNoted) || this.#lost !== undefined) return;
    const kept = this.#segments.filter(({ index }) => index >= segment);
    this.#first = { index: kept[0]?.index ?? this.#segment, firstSeq: kept[0]?.firstSeq ?? this.#queuedSeq + 1 };
    await this.#writeHead();
    this.#segments = this.#segments.filter(({ index }) => index >= segment);
    for (const { index } of gone) await this.#remove(segmentObject(this.#options.rank, index));
  }

  /** After a clean write-back: the next life finds an empty journal. Nothing may be appended any more. */
  async close(): Promise<void> {
    await this.flush();
    if (this.#offset > 0) {
      this.#segment++;
      this.#offset = 0;
    }
    await this.trim(this.#segment);
  }

  /** Stops writing; waits for nothing. */
  abandon(): void {
    this.#fail(new FsError('ESHUTDOWN', 'the MDS is stopping'));
  }

  #send(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#writer.length === 0 || this.#lost !== undefined) return;
    const busy = this.#batches.length;
    const rolls = this.#roll || this.#offset >= this.#options.segmentBytes;
    if (busy >= this.#options.batchesInFlight || (rolls && busy > 0)) {
      this.#wanted = true;
      return;
    }
    this.#wanted = false;
    if (rolls) {
      this.#segment++;
      this.#offset = 0;
      this.#roll = false;
    }
    const firstSeq = this.#queuedSeq + 1;
    const data = this.#writer.detach();
    const batch: Batch = { lastSeq: this.#seq, done: false };
    this.#queuedSeq = this.#seq;
    this.#batches.push(batch);
    let operations: ObjectOperation[];
    if (this.#offset === 0) {
      const header: SegmentHeader = { index: this.#segment, firstSeq, writer: this.#options.instance };
      operations = [
        { kind: 'create', exclusive: true },
        { kind: 'write', offset: 0, data: [encodeSegmentHeader(header), data] },
      ];
      this.#segments.push({ index: this.#segment, firstSeq, startedMs: this.#env.clock.monotonicMs() });
      this.#offset = segmentHeaderBytes;
    } else operations = [{ kind: 'write', offset: this.#offset, data: [data] }];
    this.#offset += data.length;
    const index = this.#segment;
    this.#env.spawn('mds journal batch', () => this.#write(index, operations, batch));
  }

  async #writeHead(): Promise<void> {
    const { instance: writer, fsid } = this.#options;
    const begun = this.#begun;
    const head: JournalHead = { firstSegment: this.#first.index, firstSeq: this.#first.firstSeq, writer, fsid, begun };
    await this.#operate(headObject(this.#options.rank), [{ kind: 'write-full', data: [encodeHead(head)] }]);
    this.#begunNoted = begun;
  }

  async #write(index: number, operations: readonly ObjectOperation[], batch: Batch): Promise<void> {
    try {
      await this.#operate(segmentObject(this.#options.rank, index), operations);
    } catch (error) {
      this.#fail(toFsError(error));
      return;
    }
    this.#begun = Math.max(this.#begun, index + 1);
    batch.done = true;
    let safe = this.#safeSeq;
    while (this.#batches[0]?.done === true) safe = (this.#batches.shift() as Batch).lastSeq;
    if (safe > this.#safeSeq) this.#becomeSafe(safe);
    if (this.#wanted) this.#send();
  }

  #becomeSafe(seq: number): void {
    this.#safeSeq = seq;
    const waiters = this.#waiters;
    this.#waiters = waiters.filter((waiter) => waiter.seq > seq);
    // In the order in which they came: who was first is to find what he has waited for as it was then.
    for (const waiter of waiters) if (waiter.seq <= seq) waiter.resolve();
    this.#options.onSafe(seq);
  }

  #fail(error: FsError): void {
    if (this.#lost !== undefined) return;
    this.#lost = new FsError('ESHUTDOWN', `the MDS journal cannot be written any more: ${error.message}`, { cause: error });
    this.#timer?.cancel();
    this.#timer = undefined;
    for (const { reject } of this.#waiters.splice(0)) reject(this.#lost);
    this.#options.onLost(error);
  }

  async #operate(object: string, operations: readonly ObjectOperation[]): Promise<void> {
    await this.#options.objects.operate(this.#options.pool, object, operations);
  }

  /** Returns whether it was there. */
  async #remove(object: string): Promise<boolean> {
    try {
      await this.#operate(object, [{ kind: 'remove' }]);
      return true;
    } catch (error) {
      if (toFsError(error).code !== 'ENOENT') throw error;
      return false;
    }
  }

  /** Removes the segments that a life which died while trimming has left: those just before the first. */
  async #sweep(firstSegment: number): Promise<void> {
    for (let index = firstSegment - 1; index >= 0; index--) if (!(await this.#remove(segmentObject(this.#options.rank, index)))) return;
  }
}
