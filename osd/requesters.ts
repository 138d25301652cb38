/**
 * What each client has said it will not ask for again: below its oldest unanswered tid, nothing.
 * @module
 */

/** Clients remembered; of one forgotten, everything may still be asked for. */
const clientsMax = 65_536;

export class Requesters {
  readonly #oldestTids = new Map<number, number>();

  /** A request of the client says so. */
  note(instance: number, oldestTid: number): void {
    const known = this.#oldestTids.get(instance);
    if (known !== undefined && known >= oldestTid) return;
    if (known === undefined && this.#oldestTids.size >= clientsMax) this.#oldestTids.clear();
    this.#oldestTids.set(instance, oldestTid);
  }

  /** 0: not known. */
  readonly oldestTid = (instance: number): number => this.#oldestTids.get(instance) ?? 0;
}
