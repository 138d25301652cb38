/**
 * The log of one PG in memory: its entries in order of (counter, interval), and which request made which.
 * Entries that leave it by its bound are kept aside for as long as their client may still repeat the request.
 *
 * A complete copy's counters have no gaps, but where entries went to other PGs as it was split. A copy being recovered holds an entry exactly if its object's
 * data contain that write, so that the difference of two logs names the objects that differ.
 * @module
 */
import type { LogRun } from '../../common/wire/gen/messages.ts';
import type { Version } from '../client/object-client.ts';
import type { LogEntry } from './log-entry.ts';
import { zeroVersion } from './version.ts';

/** Entries removed at a time, so that trimming is not paid by every write. */
const trimBatch = 64;

/** What a trim changes. */
export interface LogTrim {
  /** Left the log. */
  readonly trimmed: readonly LogEntry[];
  /** Those of them that are kept aside. */
  readonly kept: readonly LogEntry[];
  /** Were kept aside, and are no more. */
  readonly released: readonly LogEntry[];
}

/** Entries taken out of a log. */
export interface LogPart {
  readonly entries: LogEntry[];
  readonly kept: LogEntry[];
}
/**
 * Bytes that a log holds, and four times that kept aside; each entry counts `entryOverheadBytes` more than it has. Bounded
 * because all that a log says of one object must fit one transaction of a store, together with the object's block map.
 */
const logBytesMax = 6 * 1024 * 1024;
const keptBytesMax = 4 * logBytesMax;
const entryOverheadBytes = 512;

const nothingTrimmed: LogTrim = { trimmed: [], kept: [], released: [] };

/** Entries kept aside that are so much older than the newest write are given up: no client repeats for so long. */
const keptMs = 3_600_000;

export class PgLog {
  readonly #entriesMax: number;
  #bytes = 0;
  #entries: LogEntry[] = [];
  /** Entries before this index are trimmed; compacted now and then. */
  #start = 0;
  readonly #requests = new Map<number, Map<number, LogEntry>>();
  /** Kept aside, oldest first. */
  #kept: LogEntry[] = [];
  #floor = 0;

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  get size(): number {
    return this.#entries.length - this.#start;
  }

  get newest(): LogEntry | undefined {
    return this.size === 0 ? undefined : this.#entries[this.#entries.length - 1];
  }

  get oldest(): LogEntry | undefined {
    return this.#entries[this.#start];
  }

  /** Version of the newest entry; zero when there is none. */
  get head(): Version {
    return this.newest?.version ?? zeroVersion;
  }

  /**
   * Entries with lower counters have left it by its bound, or never came: one of them alone would make it look as if it reached
   * back to there without a gap.
   */
  get floor(): number {
    return this.#floor;
  }

  raiseFloor(counter: number): void {
    this.#floor = Math.max(this.#floor, counter);
  }

  /** Entries kept aside. */
  get kept(): readonly LogEntry[] {
    return this.#kept;
  }

  /** The entry that a request made, if it is still remembered. */
  find(instance: number, tid: number): LogEntry | undefined {
    return this.#requests.get(instance)?.get(tid);
  }

  /** Adds an entry; normally the newest. Adding one it has changes nothing. */
  add(entry: LogEntry): void {
    const last = this.#entries[this.#entries.length - 1];
    if (last === undefined || this.size === 0 || order(last.version, entry.version) < 0) this.#entries.push(entry);
    else {
      const at = this.#lowerBound(entry.version);
      const there = this.#entries[at];
      if (there !== undefined && order(there.version, entry.version) === 0) return;
      this.#entries.splice(at, 0, entry);
    }
    this.#bytes += bytesOf(entry);
    this.#remember(entry);
  }

  /** Puts an entry aside that the log does not have. */
  keep(entry: LogEntry): void {
    if (this.has(entry.version) || this.#kept.some((other) => order(other.version, entry.version) === 0)) return;
    this.#kept.push(entry);
    this.#remember(entry);
  }

  /** Removes an entry; undefined when it was not there. */
  remove(version: Version): LogEntry | undefined {
    const at = this.#lowerBound(version);
    const entry = this.#entries[at];
    if (entry === undefined || order(entry.version, version) !== 0) return undefined;
    this.#entries.splice(at, 1);
    this.#bytes -= bytesOf(entry);
    this.#forgetRequest(entry);
    return entry;
  }

  has(version: Version): boolean {
    // Asked of every write that comes in: those are newer than all.
    if (order(this.head, version) < 0) return false;
    const entry = this.#entries[this.#lowerBound(version)];
    return entry !== undefined && order(entry.version, version) === 0;
  }

  /**
   * Removes entries beyond the bound, once a batch of them has gathered. `oldestTid` says for a client below which
   * tid it repeats nothing any more; 0 when that is not known.
   */
  trim(oldestTid: (instance: number) => number): LogTrim {
    return this.#trimOldest(this.#excess(), oldestTid);
  }

  /** Removes all entries with counters below `counter`, as {@link trim} does. */
  trimBelow(counter: number, oldestTid: (instance: number) => number): LogTrim {
    this.raiseFloor(counter);
    return this.#trimOldest(this.#lowerBound({ interval: 0, counter }) - this.#start, oldestTid);
  }

  #trimOldest(count: number, oldestTid: (instance: number) => number): LogTrim {
    if (count === 0) return nothingTrimmed;
    const trimmed = this.#entries.slice(this.#start, this.#start + count);
    this.#start += count;
    this.raiseFloor((trimmed.at(-1)?.version.counter ?? 0) + 1);
    for (const entry of trimmed) this.#bytes -= bytesOf(entry);
    const isWanted = (entry: LogEntry): boolean => entry.tid >= oldestTid(entry.instance);
    const kept = trimmed.filter(isWanted);
    const candidates = this.#kept.concat(kept);
    const newestMs = this.newest?.mtimeMs ?? 0;
    const excess = Math.max(candidates.length - this.#entriesMax, beyondBytes(candidates, keptBytesMax));
    this.#kept = candidates.filter((entry, at) => at >= excess && isWanted(entry) && newestMs - entry.mtimeMs < keptMs);
    const still = new Set(this.#kept);
    for (const entry of trimmed) if (!still.has(entry)) this.#forgetRequest(entry);
    const released = candidates.filter((entry) => !still.has(entry));
    for (const entry of released) this.#forgetRequest(entry);
    if (this.#start >= this.#entriesMax) {
      this.#entries = this.#entries.slice(this.#start);
      this.#start = 0;
    }
    return { trimmed, kept, released };
  }

  /** Takes out the entries that are not `own` by `owner` of their object, and returns them by theirs. */
  divide(own: number, owner: (object: string) => number): Map<number, LogPart> {
    const parts = new Map<number, LogPart>();
    const owns = (entry: LogEntry, kind: keyof LogPart): boolean => {
      const to = owner(entry.object);
      if (to === own) return true;
      let part = parts.get(to);
      if (part === undefined) parts.set(to, (part = { entries: [], kept: [] }));
      part[kind].push(entry);
      this.#forgetRequest(entry);
      return false;
    };
    this.#entries = this.#entries.slice(this.#start).filter((entry) => owns(entry, 'entries'));
    this.#start = 0;
    this.#kept = this.#kept.filter((entry) => owns(entry, 'kept'));
    this.#bytes = this.#entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
    return parts;
  }

  /** How many of the oldest entries are to go now: a batch of them at most, so that what is noted of that stays small. */
  #excess(): number {
    if (this.size >= this.#entriesMax + trimBatch) return trimBatch;
    if (this.#bytes <= logBytesMax) return 0;
    let bytes = this.#bytes;
    let count = 0;
    while (count < trimBatch && count < this.size - 1 && bytes > logBytesMax - logBytesMax / 16)
      bytes -= bytesOf(this.#entries[this.#start + count++] as LogEntry);
    return count;
  }

  clear(): void {
    this.#bytes = 0;
    this.#entries = [];
    this.#start = 0;
    this.#kept = [];
    this.#floor = 0;
    this.#requests.clear();
  }

  /** Entries with counters above `counter`, in order. */
  *after(counter: number): Generator<LogEntry> {
    for (let i = this.#lowerBound({ interval: 0, counter: counter + 1 }); i < this.#entries.length; i++) yield this.#entries[i] as LogEntry;
  }

  /** The newest entry with a counter below `counter`. */
  before(counter: number): LogEntry | undefined {
    const at = this.#lowerBound({ interval: 0, counter }) - 1;
    return at < this.#start ? undefined : this.#entries[at];
  }

  /** The newest entry about `object`. Looks through all of them. */
  newestOf(object: string): LogEntry | undefined {
    for (let i = this.#entries.length - 1; i >= this.#start; i--) {
      const entry = this.#entries[i] as LogEntry;
      if (entry.object === object) return entry;
    }
    return undefined;
  }

  /** Entries about one object, in order. */
  of(object: string): LogEntry[] {
    const found: LogEntry[] = [];
    for (let i = this.#start; i < this.#entries.length; i++) {
      const entry = this.#entries[i] as LogEntry;
      if (entry.object === object) found.push(entry);
    }
    return found;
  }

  /** All versions, compressed. */
  runs(): LogRun[] {
    const runs: { interval: number; first: number; last: number }[] = [];
    for (const { version } of this.after(-1)) {
      const run = runs[runs.length - 1];
      if (run?.interval === version.interval && run.last + 1 === version.counter) run.last++;
      else runs.push({ interval: version.interval, first: version.counter, last: version.counter });
    }
    return runs;
  }

  /** First index whose entry is not before `version`. */
  #lowerBound(version: Version): number {
    let low = this.#start;
    let high = this.#entries.length;
    // The newest are asked about most.
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (order((this.#entries[middle] as LogEntry).version, version) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #remember(entry: LogEntry): void {
    let tids = this.#requests.get(entry.instance);
    if (tids === undefined) this.#requests.set(entry.instance, (tids = new Map<number, LogEntry>()));
    tids.set(entry.tid, entry);
  }

  #forgetRequest(entry: LogEntry): void {
    const tids = this.#requests.get(entry.instance);
    if (tids?.get(entry.tid) !== entry) return;
    tids.delete(entry.tid);
    if (tids.size === 0) this.#requests.delete(entry.instance);
  }
}

function bytesOf(entry: LogEntry): number {
  return entryOverheadBytes + entry.object.length + entry.outcome.length;
}

/** How many of the first entries must go for the rest to have no more than `bytesMax`. */
function beyondBytes(entries: readonly LogEntry[], bytesMax: number): number {
  let bytes = 0;
  for (let i = entries.length - 1; i >= 0; i--) {
    bytes += bytesOf(entries[i] as LogEntry);
    if (bytes > bytesMax) return i + 1;
  }
  return 0;
}

/** By counter, then interval: equal counters of two intervals are the two sides of a divergence. */
function order(a: Version, b: Version): number {
  return a.counter - b.counter || a.interval - b.interval;
}
