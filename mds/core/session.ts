/**
 * Clients' sessions: what must survive a restart (name, ranges of inode numbers, answers to completed requests) and
 * what belongs to this life (lease, connection, caps).
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { HeldCaps, InoRange } from '../../common/wire/gen/messages.ts';
import type { Cap } from './cap.ts';

/** What a request that changed something did: enough to answer it again. */
export interface Completed {
  /** Inodes of its answer, the target first. */
  readonly inos: readonly number[];
  /** `created`, `replaced`, ... */
  readonly flag: boolean;
  readonly journalSeq: number;
  /** Of what was appended: where it ends. Not written down, since it is asked for only as long as the entry is not. */
  readonly end?: number;
}

export class MdsSession {
  /** The client's life: its identity. */
  readonly instance: number;
  readonly name: string;
  /** Path that is its root. */
  readonly root: string;
  /** Numbers it may still use, disjoint. */
  ranges: InoRange[] = [];
  /** By tid, rising. */
  readonly completed = new Map<number, Completed>();
  oldestTid = 0;

  /** By inode number. */
  readonly caps = new Map<number, Cap>();
  /** The fewest it has held since it was last asked to give some back (core/cap-budget.ts). */
  capsLowest = 0;
  /** Requests of it, for people. */
  requests = 0;
  /** Highest number that was used in caps it has given back: those it gets anew count on from there. */
  usedSeq = 0;
  /** Caps it had in the life before of inodes that do not exist yet: its replays will make them. */
  readonly expected = new Map<number, HeldCaps>();
  /** Clock.monotonicMs at which its lease ends. */
  leaseEndsMs = 0;
  /** Said goodbye or was evicted: nothing it sends counts. */
  ended = false;
  /** It has changed something that is not known to be safe yet, up to here. */
  newestSeq = 0;

  constructor(instance: number, name: string, root: string) {
    this.instance = instance;
    this.name = name;
    this.root = root;
  }

  /** FsError ESTALE when it is over: nothing that it still waits for is carried out. */
  checkOpen(): void {
    if (this.ended) throw new FsError('ESTALE', 'no session: it has ended', { retry: 'safe' });
  }

  /** Takes `ino` out of its ranges. FsError EINVAL when it is not (or no longer) in them. */
  checkNumber(ino: number): void {
    if (!this.ranges.some(({ first, count }) => ino >= first && ino < first + count)) {
      throw new FsError('EINVAL', `inode number ${ino.toString(16)} was not given to session ${this.name}, or is used already`);
    }
  }

  useNumber(ino: number): void {
    const ranges = this.ranges;
    for (let i = 0; i < ranges.length; i++) {
      const { first, count } = ranges[i] as InoRange;
      if (ino < first || ino >= first + count) continue;
      const rest: InoRange[] = [];
      if (ino > first) rest.push({ first, count: ino - first });
      if (ino < first + count - 1) rest.push({ first: ino + 1, count: first + count - 1 - ino });
      ranges.splice(i, 1, ...rest);
      return;
    }
  }

  /** How many numbers it still has. */
  get numbersLeft(): number {
    return this.ranges.reduce((sum, { count }) => sum + count, 0);
  }

  /** Forgets answers that will not be asked for again. */
  advance(oldestTid: number): void {
    if (oldestTid <= this.oldestTid) return;
    this.oldestTid = oldestTid;
    for (const tid of this.completed.keys()) {
      if (tid >= oldestTid) break;
      this.completed.delete(tid);
    }
  }

  /** Replay and resent requests may come out of order; the map stays sorted for {@link advance}. */
  complete(tid: number, completed: Completed): void {
    this.completed.set(tid, completed);
  }
}
