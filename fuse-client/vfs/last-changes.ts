import type { Change } from '../../mds/client/index.ts';

/**
 * Of the changes that the MDS was told of about one inode, those that have to be in its journal before all are: the last one, and one that was
 * answered while the last was not, and may lie behind it. (A request waits until a restarted MDS serves new work, an update that is sent behind it is
 * taken meanwhile; and what is answered later need not lie behind.)
 */
export class LastChanges {
  #last: Change | undefined;
  #answered: Change | undefined;

  /** It was told, or answered. */
  note(change: Change): void {
    const last = this.#last;
    if (last === undefined || last.safe || change.journalSeq >= last.journalSeq) this.#last = change;
    else if (this.#answered === undefined || this.#answered.safe || change.journalSeq >= this.#answered.journalSeq) this.#answered = change;
  }

  /** All that the MDS was told of is in its journal. */
  get durable(): boolean {
    return this.#last?.durable !== false && this.#answered?.durable !== false;
  }

  /** Those that are not in the journal, or never will be. */
  get open(): readonly Change[] {
    return [this.#last, this.#answered].filter((change): change is Change => change?.durable === false);
  }

  /** Somebody has been told that it is lost. */
  forget(change: Change): void {
    if (this.#last === change) this.#last = undefined;
    if (this.#answered === change) this.#answered = undefined;
  }
}
