/**
 * Gives back caps of inodes that are not used any more, many with one message, and tells in passing of those of which nothing is left to tell.
 * @module
 */
import type { Timer } from '../../common/runtime/clock.ts';
import type { HeldCaps, Init } from '../../common/wire/gen/messages.ts';
import type { Inode } from './inode.ts';
import type { Volume } from './volume.ts';

/** How many go together, and how long the first of them waits for company. */
export const releaseBatch = 256;
const delayMs = 20;

/** What is held of an inode from now on. */
type Held = { readonly ino: number; readonly seq: number } & Init<HeldCaps>;

export class CapReleases {
  readonly #volume: Volume;
  #queued: { readonly held: Held; readonly rank: number }[] = [];
  /** Wait until these have been answered. */
  #settled: (() => void)[] = [];
  #timer: Timer | undefined;

  constructor(volume: Volume) {
    this.#volume = volume;
  }

  /** Nothing of it is held here any more. */
  release(held: Held, rank: number): void {
    this.#volume.inodes.returning(held.ino, rank, held.seq);
    this.#queue(held, rank);
  }

  /** Nothing is left to tell of it. */
  settle(inode: Inode): void {
    if (!inode.reachIsOver) return;
    const { ino, caps, wanted, seq, rank } = inode;
    inode.settles(new Promise<void>((resolve) => this.#settled.push(resolve)));
    this.#queue({ ino, caps, wanted, seq, settled: true }, rank);
  }

  /** What waits goes now: before whatever must not be taken back with it. */
  sendNow(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const released = this.#queued;
    if (released.length === 0) return;
    const settled = this.#settled;
    this.#queued = [];
    this.#settled = [];
    const { mds, inodes, env } = this.#volume;
    const release = (rank: number): Promise<void> => {
      const ofRank = released.filter((each) => each.rank === rank).map(({ held }) => held);
      return mds.of({ rank }).releaseCaps(ofRank, () => {
        for (const { ino, seq } of ofRank) inodes.returned(ino, rank, seq);
      });
    };
    env.spawn('release caps', async () => {
      await Promise.all([...new Set(released.map(({ rank }) => rank))].map(release));
      for (const wake of settled) wake();
    });
  }

  /** The session is over: nothing is held in it. */
  forgetAll(): void {
    this.#queued = [];
    for (const wake of this.#settled.splice(0)) wake();
  }

  #queue(held: Held, rank: number): void {
    this.#queued.push({ held, rank });
    if (this.#queued.length >= releaseBatch) this.sendNow();
    else this.#timer ??= this.#volume.env.clock.setTimer(delayMs, () => this.sendNow());
  }
}
