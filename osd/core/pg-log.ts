/**
 * The log of one PG in memory: its entries in order of (counter, interval), and which request made which.
 *
 * A complete copy's counters have no gaps. A copy being recovered holds an entry exactly if its object's
 * data contain that write, so that the difference of two logs names the objects that differ.
 * @module
 */
import { assert } from '../../common/errors/assert.ts';
import type { LogRun } from '../../common/wire/gen/messages.ts';
import type { Version } from '../client/object-client.ts';
import type { LogEntry } from './log-entry.ts';
import { zeroVersion } from './version.ts';

/** Entries removed at a time, so that trimming is not paid by every write. */
const trimBatch = 64;

export class PgLog {
  readonly #entriesMax: number;
  #entries: LogEntry[] = [];
  /** Entries before this index are trimmed; compacted now and then. */
  #start = 0;
  readonly #requests = new Map<number, Map<number, LogEntry>>();

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

  /** The entry that a request made, if the log still has it. */
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
    let tids = this.#requests.get(entry.instance);
    if (tids === undefined) this.#requests.set(entry.instance, (tids = new Map()));
    tids.set(entry.tid, entry);
  }

  /** Removes an entry; undefined when it was not there. */
  remove(version: Version): LogEntry | undefined {
    const at = this.#lowerBound(version);
    const entry = this.#entries[at];
    if (entry === undefined || order(entry.version, version) !== 0) return undefined;
    this.#entries.splice(at, 1);
    this.#forgetRequest(entry);
    return entry;
  }

  has(version: Version): boolean {
    const entry = this.#entries[this.#lowerBound(version)];
    return entry !== undefined && order(entry.version, version) === 0;
  }

  /** Entries beyond the bound, oldest first, removed from here; none until a batch has gathered. */
  trim(): readonly LogEntry[] {
    if (this.size < this.#entriesMax + trimBatch) return [];
    const trimmed = this.#entries.slice(this.#start, this.#start + trimBatch);
    this.#start += trimBatch;
    for (const entry of trimmed) this.#forgetRequest(entry);
    if (this.#start >= this.#entriesMax) {
      this.#entries = this.#entries.slice(this.#start);
      this.#start = 0;
    }
    return trimmed;
  }

  clear(): void {
    this.#entries = [];
    this.#start = 0;
    this.#requests.clear();
  }

  /** Entries with counters above `counter`, in order. */
  *after(counter: number): Generator<LogEntry> {
    for (let i = this.#lowerBound({ interval: 0, counter: counter + 1 }); i < this.#entries.length; i++) yield this.#entries[i] as LogEntry;
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

  #forgetRequest(entry: LogEntry): void {
    const tids = this.#requests.get(entry.instance);
    if (tids?.get(entry.tid) !== entry) return;
    tids.delete(entry.tid);
    if (tids.size === 0) this.#requests.delete(entry.instance);
    assert(this.#requests.size <= this.#entries.length, 'more requesters than log entries');
  }
}

/** By counter, then interval: equal counters of two intervals are the two sides of a divergence. */
function order(a: Version, b: Version): number {
  return a.counter - b.counter || a.interval - b.interval;
}
