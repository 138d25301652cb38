/**
 * Positions in listings of names that were removed of late. A name that is made anew gets its old one back, so that who is reading the
 * directory meanwhile does not come upon it twice.
 * @module
 */
import { placeKey, type Place } from './inode.ts';

/** Names remembered; those removed longest ago are forgotten first. */
export const formerPositionsMax = 4096;

export class FormerPositions {
  /** In the order in which the names were removed. */
  readonly #positions = new Map<string, number>();

  add(place: Place, position: number): void {
    const key = placeKey(place);
    this.#positions.delete(key);
    this.#positions.set(key, position);
    if (this.#positions.size <= formerPositionsMax) return;
    for (const oldest of this.#positions.keys()) {
      this.#positions.delete(oldest);
      return;
    }
  }

  /** The position that the name had; undefined: it is not known to have been there. */
  take(place: Place): number | undefined {
    if (this.#positions.size === 0) return undefined;
    const key = placeKey(place);
    const position = this.#positions.get(key);
    if (position !== undefined) this.#positions.delete(key);
    return position;
  }
}
