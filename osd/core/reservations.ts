/**
 * Room that copies on their way here will take: promised before they are sent, so that many primaries together do
 * not send more than there is room for.
 * @module
 */
import type { PgId } from '../../common/maps/ids.ts';

export class Reservations {
  readonly #bytes = new Map<PgId, number>();

  /** Promised and not yet arrived. */
  get bytes(): number {
    let sum = 0;
    for (const bytes of this.#bytes.values()) sum += bytes;
    return sum;
  }

  /** Promises `bytes` for the PG, in place of what it was promised before, if they leave `roomBytes` unexceeded. */
  reserve(pg: PgId, bytes: number, roomBytes: number): boolean {
    this.#bytes.delete(pg);
    if (this.bytes + bytes > roomBytes) return false;
    this.#bytes.set(pg, bytes);
    return true;
  }

  /** So much of it is in the store now. */
  arrived(pg: PgId, bytes: number): void {
    const left = this.#bytes.get(pg);
    if (left !== undefined) this.#bytes.set(pg, Math.max(0, left - bytes));
  }

  /** Nothing more comes. */
  release(pg: PgId): void {
    this.#bytes.delete(pg);
  }
}
