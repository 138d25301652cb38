/**
 * What calls under way have asked the MDS for: how far they may make a file go that a quota binds.
 * @module
 */

/** The size that a call may make its file reach because it has asked; 0: none. Over with the session. */
export interface Allowance {
  to: number;
  /** What it has asked for at most, answered or not. */
  asked: number;
}

/** Of most files no call has asked for room. */
const none: readonly Allowance[] = [];

/** Those of one file. */
export class Allowances {
  #all = none;
  /** How often they have ended. */
  life = 0;

  /** The largest size that calls under way have been allowed; 0: none. */
  get to(): number {
    let size = 0;
    for (const { to } of this.#all) size = Math.max(size, to);
    return size;
  }

  /** The largest size that calls under way have asked for; 0: none. */
  get asked(): number {
    let size = 0;
    for (const { asked } of this.#all) size = Math.max(size, asked);
    return size;
  }

  /** Runs `act`, which may ask the MDS for more room than the limit leaves, and says how far it may go by that: until it is over, that counts. */
  async during<T>(act: (allowance: Allowance) => Promise<T>): Promise<T> {
    const allowance = { to: 0, asked: 0 };
    this.#all = [...this.#all, allowance];
    try {
      return await act(allowance);
    } finally {
      const left = this.#all.filter((other) => other !== allowance);
      this.#all = left.length === 0 ? none : left;
    }
  }

  /** Who allowed it has forgotten that, or is about to: what has not begun asks again. */
  end(): void {
    this.life++;
    for (const allowance of this.#all) allowance.to = 0;
  }
}
