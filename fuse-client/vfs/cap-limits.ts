/**
 * Holds no more than an MDS asks for: gives back what nobody refers to, and has the kernel let go of as much as is still missing. What comes
 * back from there goes at once. What is open, or in use in the kernel, stays.
 * @module
 */
import { releaseBatch } from './cap-releases.ts';
import type { Inode } from './inode.ts';
import type { NameTrimmer } from './name-trimmer.ts';
import type { Volume } from './volume.ts';

/** The part of a limit that is given back beyond it, of what nobody refers to: there will be more. */
const releaseShare = 16;
/** The MDS asks again and again as long as it wants something: what it has not said for so long it does not want any more. */
const askedForMs = 3_000;

interface Owed {
  count: number;
  readonly untilMs: number;
}

export class CapLimits {
  readonly #volume: Volume;
  readonly #names: NameTrimmer;
  readonly #release: (inode: Inode) => void;
  /** By rank: inodes that are still to be given back. */
  readonly #owed = new Map<number, Owed>();

  /** `release`: gives back an inode that nobody refers to, and forgets it. */
  constructor(volume: Volume, names: NameTrimmer, release: (inode: Inode) => void) {
    this.#volume = volume;
    this.#names = names;
    this.#release = release;
  }

  /** Keeps the table within its own limit. */
  trim(): void {
    const { inodes, config } = this.#volume;
    this.#names.trim();
    // Some more than must go, so that the old end of the table is not looked for again with the next.
    if (inodes.idleCount > config.inodesMax) this.#releaseIdle(inodes.idleCount - slackBelow(config.inodesMax));
  }

  /** That rank asks to hold no more than so many inodes of it. */
  keepTo(capsMax: number, rank: number): void {
    const { inodes, env } = this.#volume;
    let held = 0;
    for (const inode of inodes.all()) if (inode.rank === rank && isHeld(inode)) held++;
    this.#owed.delete(rank);
    if (held <= capsMax) return;
    const released = this.#releaseIdle(held - slackBelow(capsMax), rank);
    const count = held - capsMax - released;
    if (count <= 0) return;
    this.#owed.set(rank, { count, untilMs: env.clock.monotonicMs() + askedForMs });
    this.#names.trimBy(count, rank);
  }

  /** Nobody refers to it any more. */
  rests(inode: Inode): void {
    const owed = this.#owed.get(inode.rank);
    if (owed === undefined) return;
    const { inodes, env } = this.#volume;
    if (owed.count <= 0 || env.clock.monotonicMs() > owed.untilMs) this.#owed.delete(inode.rank);
    else if (isHeld(inode) && inodes.isIdle(inode)) {
      owed.count--;
      this.#release(inode);
    }
  }

  /** Gives back up to so many of those that nobody has referred to for longest. Returns how many. */
  #releaseIdle(count: number, rank?: number): number {
    const { inodes } = this.#volume;
    let released = 0;
    while (released < count) {
      const idle = inodes.oldestIdle(Math.min(releaseBatch, count - released), rank);
      if (idle.length === 0) break;
      for (const inode of idle) this.#release(inode);
      released += idle.length;
    }
    return released;
  }
}

/** The MDS counts it as one that we hold. */
function isHeld({ caps, wantedTold }: Inode): boolean {
  return caps !== 0 || wantedTold !== 0;
}

function slackBelow(max: number): number {
  return max - Math.floor(max / releaseShare);
}
