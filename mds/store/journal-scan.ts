/**
 * Looks through a journal that is damaged: hands over, in order, every entry that can be read, and says where which are missing.
 *
 * {@link JournalReader} obeys nothing behind damage, and is what serves. This is for who repairs: behind damage the next entry is where the
 * damaged one's length says, or else the first place from which entries follow one another up to the segment's end. So bytes that merely look
 * like an entry (in an attribute that somebody has set) are never taken for one: what is behind them does not follow.
 * Behind a hole, where a write has never come, nothing counts unless the next segment says that it was there: it was never acknowledged.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import { rankObject } from '../core/rank-object.ts';
import { BinaryReader } from './binary.ts';
import {
  decodeHead,
  decodeSegmentHeader,
  entryHeaderBytes,
  readEntryAt,
  segmentHeaderBytes,
  type JournalHead,
  type PlacedEntry,
  type SegmentHeader,
} from './journal-codec.ts';
import { headObject, segmentObject, type JournalReaderOptions } from './journal-reader.ts';
import { ignoringAbsence } from './patient-objects.ts';

/** Something in the journal that cannot be read, and the positions that are missing because of it. */
export interface JournalGap {
  readonly object: string;
  /** Where it begins there; undefined: it is about the object as a whole. */
  readonly byte: number | undefined;
  readonly what: string;
  /** First and last position that is missing; `to` undefined: how many were there nobody can tell; below `from`: none is. */
  readonly from: number;
  to: number | undefined;
}

export interface ScannedSegment {
  readonly index: number;
  readonly object: string;
  readonly bytes: number;
  readonly entries: number;
  /** Of the entries that could be read; 0: none. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly damaged: boolean;
}

export interface ScannedJournal {
  /** Undefined: it cannot be read. */
  readonly head: JournalHead | undefined;
  readonly segments: readonly ScannedSegment[];
  /** In order. Empty: the journal is whole. */
  readonly gaps: readonly JournalGap[];
  readonly entries: number;
  /** The lowest position that may not have been used by an entry that is known of. */
  readonly nextSeq: number;
  /** Above every segment that is, or is known to have been, there. */
  readonly nextSegment: number;
}

export type ApplyScanned = (placed: PlacedEntry, segment: number) => void;

/** Names asked for at once, of one PG. */
const namesPerPg = 256;
const nothing = Number.MAX_SAFE_INTEGER;

/** Whether entries are missing, or may be. */
export function isLossy(gaps: readonly JournalGap[]): boolean {
  return gaps.some(({ from, to }) => to === undefined || to >= from);
}

/** Scans the journal from where its head says on, or, without that, all there is. FsError EINVAL: it is not ours, or of another version. */
export async function scanJournal(options: JournalReaderOptions, apply: ApplyScanned): Promise<ScannedJournal> {
  return await new Scan(options, apply).run();
}

interface LoadedSegment {
  readonly index: number;
  readonly object: string;
  /** Undefined: it cannot be read at all. */
  readonly bytes: Buffer | undefined;
  readonly header: SegmentHeader | undefined;
  readonly trouble: string;
}

class Scan {
  readonly #options: JournalReaderOptions;
  readonly #apply: ApplyScanned;
  readonly #segments: ScannedSegment[] = [];
  readonly #gaps: JournalGap[] = [];
  /** The position that comes next; 0: nobody knows. */
  #next = 0;
  /** Everything up to here was durable once. */
  #promised = 0;
  #entries = 0;
  #lastRead = 0;

  constructor(options: JournalReaderOptions, apply: ApplyScanned) {
    this.#options = options;
    this.#apply = apply;
  }

  async run(): Promise<ScannedJournal> {
    const head = await this.#readHead();
    const first = head?.firstSegment ?? 0;
    const indexes = (await this.#list()).filter((index) => index >= first);
    this.#next = head?.firstSeq ?? 0;
    let expected = head?.firstSegment;
    let following = indexes[0] === undefined ? undefined : await this.#load(indexes[0]);
    for (let i = 0; following !== undefined; i++) {
      const segment = following;
      const after = indexes[i + 1];
      following = after === undefined ? undefined : await this.#load(after);
      if (expected !== undefined && segment.index > expected) this.#missing(expected, segment.index - 1);
      this.#scanSegment(segment, following?.index === segment.index + 1 ? following : undefined);
      expected = segment.index + 1;
    }
    const nextSegment = Math.max(head?.begun ?? 0, expected ?? 0);
    if (nextSegment > (expected ?? 0)) this.#missing(expected ?? 0, nextSegment - 1);
    if (this.#promised >= this.#next && this.#open().length === 0)
      this.#gap(
        segmentObject(this.#options.rank, nextSegment - 1),
        undefined,
        'the journal ends before what was durable once',
        this.#promised,
      );
    return {
      head,
      segments: this.#segments,
      gaps: this.#gaps,
      entries: this.#entries,
      nextSeq: Math.max(this.#next, this.#promised + 1),
      nextSegment,
    };
  }

  async #readHead(): Promise<JournalHead | undefined> {
    const object = headObject(this.#options.rank);
    try {
      const bytes = await this.#read(object);
      if (bytes === undefined) throw new FsError('EILSEQ', 'it is missing');
      const head = decodeHead(bytes, 'the head of the MDS journal');
      if (head.fsid === this.#options.fsid) return head;
      throw new FsError('EINVAL', `the MDS journal belongs to cluster ${head.fsid}, this one is ${this.#options.fsid}`);
    } catch (error) {
      this.#gaps.push({ object, byte: undefined, what: damageOf(error), from: 1, to: 0 });
      return undefined;
    }
  }

  async #list(): Promise<number[]> {
    const { rank, objects, pool } = this.#options;
    const prefix = rankObject(rank, 'journal.');
    const indexes: number[] = [];
    for (let after: string | undefined = ''; after !== undefined;) {
      const page: { readonly names: readonly string[]; readonly through: string | undefined } = await objects.names(
        pool,
        prefix,
        after,
        namesPerPg,
      );
      for (const name of page.names) {
        const digits = name.slice(prefix.length);
        if (/^[0-9a-f]{8,13}$/.test(digits)) indexes.push(Number.parseInt(digits, 16));
      }
      after = page.through;
    }
    return indexes.sort((a, b) => a - b);
  }

  async #load(index: number): Promise<LoadedSegment> {
    const object = segmentObject(this.#options.rank, index);
    try {
      const bytes = await this.#read(object);
      if (bytes === undefined) throw new FsError('EILSEQ', 'it is gone');
      try {
        const header = decodeSegmentHeader(bytes, `journal segment ${index}`);
        if (header.index !== index) throw new FsError('EILSEQ', `journal segment ${index} says that it is ${header.index}`);
        return { index, object, bytes, header, trouble: '' };
      } catch (error) {
        return { index, object, bytes, header: undefined, trouble: damageOf(error) };
      }
    } catch (error) {
      return { index, object, bytes: undefined, header: undefined, trouble: damageOf(error) };
    }
  }

  /** `following`: the segment right after it, if that is there. */
  #scanSegment({ index, object, bytes, header, trouble }: LoadedSegment, following: LoadedSegment | undefined): void {
    const gapsBefore = this.#gaps.length;
    const entriesBefore = this.#entries;
    if (header !== undefined) this.#reach(header.firstSeq, object, 'positions are missing before it');
    const limit = following === undefined ? nothing : firstSeqOf(following);
    let firstSeq = 0;
    if (bytes === undefined) this.#gap(object, undefined, trouble);
    else {
      if (header === undefined) this.#gap(object, 0, trouble, this.#next - 1);
      firstSeq = this.#walk(index, object, bytes, limit);
    }
    if (limit !== nothing) this.#reach(limit, object, `it ends before ${limit}, where the next one begins`);
    const entries = this.#entries - entriesBefore;
    this.#segments.push({
      index,
      object,
      bytes: bytes?.length ?? 0,
      entries,
      firstSeq,
      lastSeq: entries === 0 ? 0 : this.#lastRead,
      damaged: this.#gaps.length > gapsBefore,
    });
  }

  /** Returns the position of the first entry that could be read; 0: none. */
  #walk(index: number, object: string, bytes: Buffer, limit: number): number {
    let firstSeq = 0;
    for (let at = segmentHeaderBytes; ;) {
      const found = look(bytes, at, this.#next, limit);
      if (found.kind === 'end') return firstSeq;
      if (found.kind === 'entry') {
        const { placed } = found;
        this.#reach(placed.seq, object, `positions are missing before ${placed.seq}`, at);
        this.#next = placed.seq + 1;
        this.#promised = Math.max(this.#promised, placed.safeSeq);
        this.#entries++;
        this.#lastRead = placed.seq;
        firstSeq ||= placed.seq;
        this.#apply(placed, index);
        at += entryHeaderBytes + placed.length;
        continue;
      }
      // In a hole nothing was ever written, unless the next segment says that there was something.
      if (found.kind === 'hole' && limit === nothing) return firstSeq;
      if (found.kind === 'hole' && this.#next >= limit) return firstSeq;
      this.#gap(object, at, found.what);
      const resumed = resume(bytes, at, this.#next, limit);
      if (resumed === undefined) return firstSeq;
      at = resumed;
    }
  }

  /** `seq` is the next position that there is: all up to there that has not been read is missing. */
  #reach(seq: number, object: string, what: string, byte?: number): void {
    const open = this.#open();
    for (const gap of open) gap.to = Math.max(seq - 1, gap.from - 1);
    if (open.length > 0) this.#next = Math.max(this.#next, seq);
    else if (this.#next > 0 && seq > this.#next) this.#gap(object, byte, what, seq - 1);
    this.#next = Math.max(this.#next, seq);
  }

  #missing(from: number, to: number): void {
    const { rank } = this.#options;
    const what = from === to ? 'it is missing' : `it is missing, and all up to ${segmentObject(rank, to)}`;
    this.#gap(segmentObject(rank, from), undefined, what);
  }

  #gap(object: string, byte: number | undefined, what: string, to?: number): void {
    this.#gaps.push({ object, byte, what, from: this.#next, to });
  }

  /** The gaps of which it is not known yet where they end. */
  #open(): JournalGap[] {
    return this.#gaps.filter(({ to }) => to === undefined);
  }

  async #read(object: string): Promise<Buffer | undefined> {
    const { objects, pool } = this.#options;
    const reply = await ignoringAbsence(objects.operate(pool, object, [{ kind: 'read', offset: 0, length: 0 }]));
    return reply === undefined ? undefined : Buffer.concat(reply.results[0]?.data ?? []);
  }
}

type Found =
  | { readonly kind: 'entry'; readonly placed: PlacedEntry }
  /** Nothing of the journal comes here any more. */
  | { readonly kind: 'end' }
  /** Zeros, where a write has never come. */
  | { readonly kind: 'hole'; readonly what: string }
  | { readonly kind: 'damaged'; readonly what: string };

/** What is at `at`, where an entry with a position of `next` or above, but below `limit`, is to be. */
function look(bytes: Buffer, at: number, next: number, limit: number): Found {
  if (at >= bytes.length) return { kind: 'end' };
  try {
    const placed = readEntryAt(bytes, at, 'it');
    if (placed === undefined) return { kind: 'hole', what: 'nothing is written there' };
    if (placed.seq >= limit) return { kind: 'end' };
    if (placed.seq < next) return { kind: 'damaged', what: `it has entry ${placed.seq} in the place of ${next}` };
    return { kind: 'entry', placed };
  } catch (error) {
    return { kind: 'damaged', what: damageOf(error) };
  }
}

/** Where entries go on behind what is damaged at `at`, in the place of `next`; undefined: nowhere. */
function resume(bytes: Buffer, at: number, next: number, limit: number): number | undefined {
  if (bytes.length - at >= entryHeaderBytes) {
    const behind = at + entryHeaderBytes + bytes.readUInt32LE(at);
    const found = behind > at + entryHeaderBytes && behind < bytes.length ? look(bytes, behind, next + 1, limit) : undefined;
    if (found?.kind === 'entry' && (found.placed.seq === next + 1 || next === 0)) return behind;
  }
  for (let candidate = at + 1; candidate + entryHeaderBytes < bytes.length; candidate++)
    if (isPlausible(bytes, candidate, next, limit) && leadsToEnd(bytes, candidate, next, limit)) return candidate;
  return undefined;
}

/** Cheap: whether a position that may come is where that of an entry would be. */
function isPlausible(bytes: Buffer, at: number, next: number, limit: number): boolean {
  const length = bytes.readUInt32LE(at);
  if (length < 4 || at + entryHeaderBytes + length > bytes.length) return false;
  try {
    const reader = new BinaryReader(bytes.subarray(at + entryHeaderBytes, at + entryHeaderBytes + length), 'it');
    const seq = reader.varint();
    // An entry takes more than a byte.
    return seq >= next && seq < limit && (next === 0 || seq <= next + bytes.length) && reader.varint() < seq;
  } catch {
    // It is no number, so this is no entry.
    return false;
  }
}

/** Whether from `at` on entries follow one another, without a gap, until there is nothing more in the segment. */
function leadsToEnd(bytes: Buffer, at: number, next: number, limit: number): boolean {
  let found = look(bytes, at, next, limit);
  if (found.kind !== 'entry') return false;
  for (let { seq } = found.placed, from = at; ;) {
    from += entryHeaderBytes + found.placed.length;
    seq++;
    found = look(bytes, from, seq, nothing);
    if (found.kind !== 'entry') return found.kind !== 'damaged' && bytes.subarray(from).every((byte) => byte === 0);
    if (found.placed.seq !== seq) return false;
  }
}

/** Position of the first entry of a segment, by its header, or else by that entry; or nobody knows. */
function firstSeqOf({ bytes, header }: LoadedSegment): number {
  if (header !== undefined) return header.firstSeq;
  const found = bytes === undefined ? undefined : look(bytes, segmentHeaderBytes, 0, nothing);
  return found?.kind === 'entry' ? found.placed.seq : nothing;
}

/** What an error says is wrong with what was read. Any other is thrown. */
function damageOf(error: unknown): string {
  const failure = toFsError(error);
  if (failure.code === 'EIO' || failure.code === 'EILSEQ') return failure.message;
  throw failure;
}
