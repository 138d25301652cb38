/**
 * Reads the journal of a rank from its head on, as far as it goes and, as it grows, further: for who takes the rank, and for
 * who follows the one that has it.
 *
 * Whether there is a next segment is looked at before the rest of the current one is read: if so, the current one is complete.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { PoolId } from '../../common/maps/ids.ts';
import type { ObjectOperation, ObjectReply } from '../../osd/client/object-client.ts';
import { rankObject } from '../core/rank-object.ts';
import {
  decodeHead,
  decodeSegmentHeader,
  entryHeaderBytes,
  readEntries,
  segmentHeaderBytes,
  type JournalHead,
  type PlacedEntry,
  type SegmentHeader,
} from './journal-codec.ts';
import { ignoringAbsence, type PatientObjects } from './patient-objects.ts';

export interface JournalReaderOptions {
  readonly rank: number;
  readonly objects: PatientObjects;
  readonly pool: PoolId;
  readonly fsid: string;
}

/** A segment that is there. */
export interface Segment {
  readonly index: number;
  /** Position of its first entry. */
  readonly firstSeq: number;
}

export type Apply = (placed: PlacedEntry, segment: number) => void;

export class JournalReader {
  readonly #options: JournalReaderOptions;
  #segments: Segment[] = [];
  /** Of the segment that is read. */
  #index = 0;
  /** Bytes read of it; 0: it was not there yet. */
  #offset = 0;
  /** Position of the next entry. */
  #next = 0;
  #promised = 0;
  #first: Segment = { index: 0, firstSeq: 1 };
  #begun = 0;
  #bytesRead = 0;
  #entriesRead = 0;

  constructor(options: JournalReaderOptions) {
    this.#options = options;
  }

  /** Those that are there and have been begun to read, oldest first. */
  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** Where a new segment goes after all that has been read. */
  get nextSegment(): number {
    return this.#offset === 0 ? this.#index : this.#index + 1;
  }

  /** Position of the newest entry that was read. */
  get seq(): number {
    return this.#next - 1;
  }

  get bytesRead(): number {
    return this.#bytesRead;
  }

  get entriesRead(): number {
    return this.#entriesRead;
  }

  /** The journal's head; undefined when there is no journal yet. FsError EILSEQ, EINVAL. */
  async head(): Promise<JournalHead | undefined> {
    const bytes = await this.#read(headObject(this.#options.rank), 0, 0);
    if (bytes === undefined) return undefined;
    const head = decodeHead(bytes, 'the head of the MDS journal');
    if (head.fsid !== this.#options.fsid)
      throw new FsError('EINVAL', `the MDS journal belongs to cluster ${head.fsid}, this one is ${this.#options.fsid}`);
    this.#first = { index: head.firstSegment, firstSeq: head.firstSeq };
    this.#begun = Math.max(this.#begun, head.begun);
    return head;
  }

  /** Where the journal begins, by its head. */
  get first(): Segment {
    return this.#first;
  }

  /** One above the newest segment that was there once, by its head. */
  get begun(): number {
    return this.#begun;
  }

  begin({ firstSegment, firstSeq }: JournalHead): void {
    this.#segments = [];
    this.#index = firstSegment;
    this.#offset = 0;
    this.#next = firstSeq;
  }

  /** Bytes that there are to read just now. */
  async measure(): Promise<number> {
    let bytes = 0;
    for (let index = this.#index; ; index++) {
      const reply = await this.#operate(this.#segment(index), { kind: 'stat' });
      if (reply === undefined) return bytes;
      bytes += reply.results[0]?.size ?? 0;
    }
  }

  /**
   * Hands over, in order, every entry that is there and has not been handed over yet. FsError EILSEQ where something that was once
   * durable is missing or damaged: nothing of it is obeyed. To who only follows it may as well mean that what comes next has been
   * trimmed, or that what was read has been replaced, by an MDS that took over and had not seen it.
   */
  async advance(apply: Apply): Promise<void> {
    if (this.#offset === 0) {
      const header = await this.#readHeader(this.#index);
      if (header === undefined) return;
      this.#enter(header, 'its head says');
    }
    for (;;) {
      const following = await this.#readHeader(this.#index + 1);
      await this.#readRest(apply, following?.firstSeq ?? Number.MAX_SAFE_INTEGER);
      if (following === undefined) return;
      this.#enter(following, `segment ${this.#index} ends before`);
    }
  }

  /**
   * {@link advance} beside an MDS that writes the journal and trims it. Returns the first segment that is still there: what was in
   * those before has been written back.
   */
  async follow(apply: Apply): Promise<number> {
    for (let first = await this.#jump(); ;) {
      const before = first;
      try {
        await this.advance(apply);
        return await this.#jump();
      } catch (error) {
        first = await this.#jump();
        // What has been trimmed meanwhile could not be read.
        if (first === before) throw error;
      }
    }
  }

  /** Goes to where the journal begins by now, when all before that has been read. Returns its first segment. */
  async #jump(): Promise<number> {
    const head = await this.head();
    if (head === undefined) throw new FsError('EILSEQ', 'the head of the MDS journal is gone');
    const { firstSegment, firstSeq } = head;
    if (firstSegment > this.#index) {
      if (firstSeq !== this.#next)
        throw new FsError('EILSEQ', `the MDS journal begins at ${firstSeq} by now, ${this.#next} is next to be read`);
      this.begin(head);
    }
    this.#segments = this.#segments.filter(({ index }) => index >= firstSegment);
    return firstSegment;
  }

  /** Nothing comes after what has been read. FsError EILSEQ. */
  async assertEnd(): Promise<void> {
    const missing = this.nextSegment;
    if ((await this.#readHeader(missing + 1)) !== undefined)
      throw new FsError('EILSEQ', `journal segment ${missing} is missing: the one after it is there`);
    if (missing < this.#begun) throw new FsError('EILSEQ', `journal segment ${missing} is missing: it was there once`);
    if (this.#promised >= this.#next)
      throw new FsError('EILSEQ', `the MDS journal ends before ${this.#next}, but its entries up to ${this.#promised} were durable once`);
  }

  #enter({ index, firstSeq }: SegmentHeader, where: string): void {
    if (firstSeq !== this.#next) throw new FsError('EILSEQ', `journal segment ${index} begins at ${firstSeq}, ${where} ${this.#next}`);
    this.#segments.push({ index, firstSeq });
    this.#index = index;
    this.#offset = segmentHeaderBytes;
    this.#bytesRead += segmentHeaderBytes;
  }

  /** `limit`: entries from there on were written by an MDS that another had replaced, and never acknowledged. */
  async #readRest(apply: Apply, limit: number): Promise<void> {
    const index = this.#index;
    const bytes = await this.#read(this.#segment(index), this.#offset, 0);
    if (bytes === undefined) throw new FsError('EILSEQ', `journal segment ${index} is gone`);
    for (const placed of readEntries(bytes, `journal segment ${index}`, this.#offset)) {
      if (placed.seq >= limit) return;
      if (placed.seq !== this.#next)
        throw new FsError('EILSEQ', `journal segment ${index} has entry ${placed.seq} in the place of ${this.#next}`);
      this.#next++;
      this.#offset += entryHeaderBytes + placed.length;
      this.#bytesRead += entryHeaderBytes + placed.length;
      this.#entriesRead++;
      this.#promised = Math.max(this.#promised, placed.safeSeq);
      apply(placed, index);
    }
  }

  async #readHeader(index: number): Promise<SegmentHeader | undefined> {
    const bytes = await this.#read(this.#segment(index), 0, segmentHeaderBytes);
    if (bytes === undefined) return undefined;
    const header = decodeSegmentHeader(bytes, `journal segment ${index}`);
    if (header.index !== index) throw new FsError('EILSEQ', `journal segment ${index} says that it is ${header.index}`);
    return header;
  }

  #segment(index: number): string {
    return segmentObject(this.#options.rank, index);
  }

  async #read(object: string, offset: number, length: number): Promise<Buffer | undefined> {
    const reply = await this.#operate(object, { kind: 'read', offset, length });
    return reply === undefined ? undefined : Buffer.concat(reply.results[0]?.data ?? []);
  }

  async #operate(object: string, operation: ObjectOperation): Promise<ObjectReply | undefined> {
    return await ignoringAbsence(this.#options.objects.operate(this.#options.pool, object, [operation]));
  }
}

export function headObject(rank: number): string {
  return rankObject(rank, 'journal.head');
}

export function segmentObject(rank: number, index: number): string {
  return rankObject(rank, `journal.${index.toString(16).padStart(8, '0')}`);
}
