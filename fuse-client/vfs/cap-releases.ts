/**
 * Gives back caps of inodes that are not used any more, many with one message, and tells in passing of those whose handles want less, and of which
 * nothing else is left to tell: one by one that would cost the MDS an entry of its journal for each.
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
  /** Of which is told when the others go. */
  readonly #resting = new Set<Inode>();
  #timer: Timer | undefined;

  constructor(volume: Volume) {
    this.#volume = volume;
  }

  /** Nothing of it is held here any more. */
  release(held: Held, rank: number): void {
    this.#volume.inodes.returning(held.ino, rank, held.seq);
    this.#queued.push({ held, rank });
    this.#soon();
  }

  /** Nothing is left to tell of it but that, and what its handles want. */
  rest(inode: Inode): void {
    if (!inode.reachIsOver && inode.wantedTold === inode.wanted) return;
    this.#resting.add(inode);
    this.#soon();
  }

  /** What waits goes now: before whatever must not be taken back with it. */
  sendNow(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const { mds, inodes, env } = this.#volume;
    const settled: (() => void)[] = [];
    const released = [...this.#queued, ...this.#rested(settled)];
    this.#queued = [];
    if (released.length === 0) return;
    const release = (rank: number): Promise<void> => {
      // Nothing is held of it.
      if (mds.isGone(rank)) return Promise.resolve();
      const ofRank = released.filter((each) => each.rank === rank).map(({ held }) => held);
      return mds.of({ rank }).releaseCaps(ofRank, () => {
        // What only rests is held on: it may have been given back since, and that be on its way.
        for (const { ino, seq, caps } of ofRank) if (caps === 0) inodes.returned(ino, rank, seq);
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
    this.#resting.clear();
  }

  /** What is to be said of those that rest, as they are now. `settled`: to be called when it has been answered. */
  *#rested(settled: (() => void)[]): Generator<{ readonly held: Held; readonly rank: number }> {
    const resting = [...this.#resting];
    this.#resting.clear();
    for (const inode of resting) {
      const { ino, caps, wanted, seq, rank } = inode;
      // Given back since: that told what is wanted.
      if (caps === 0 || this.#volume.inodes.get(ino) !== inode) continue;
      const settles = inode.reachIsOver;
      if (settles) inode.settles(new Promise<void>((resolve) => settled.push(resolve)));
      inode.wantedTold = wanted;
      yield { held: { ino, caps, wanted, seq, settled: settles }, rank };
    }
  }

  #soon(): void {
    if (this.#queued.length + this.#resting.size >= releaseBatch) this.sendNow();
    else this.#timer ??= this.#volume.env.clock.setTimer(delayMs, () => this.sendNow());
  }
}
