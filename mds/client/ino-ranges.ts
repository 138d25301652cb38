import { ino, type Ino } from '../../common/maps/ids.ts';
import type { InoRange } from '../../common/wire/gen/messages.ts';

/** Inode numbers handed to this session and not used yet, taken in order. */
export class InoRanges {
  readonly #ranges: { first: number; count: number }[] = [];
  #remaining = 0;

  /** Numbers left. */
  get remaining(): number {
    return this.#remaining;
  }

  add(ranges: readonly InoRange[]): void {
    for (const range of ranges) {
      if (range.count === 0) continue;
      this.#ranges.push({ first: range.first, count: range.count });
      this.#remaining += range.count;
    }
  }

  /** The next number, or undefined when none is left. */
  take(): Ino | undefined {
    const range = this.#ranges[0];
    if (range === undefined) return undefined;
    const taken = ino(range.first++);
    this.#remaining--;
    if (--range.count === 0) this.#ranges.shift();
    return taken;
  }
}
