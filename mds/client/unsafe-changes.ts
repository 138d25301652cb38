/**
 * What this client has asked one rank to change and its journal may not have yet: kept so that the next life of the MDS can be told again.
 * Synchronous: positions and lives of the MDS come in as facts.
 * @module
 */
import type { Change } from './change.ts';
import { inOrderOfEffect } from './change.ts';

export class UnsafeChanges {
  #nextTid = 1;
  /** By tid, in the order in which they were asked for. */
  readonly #changes = new Map<number, Change>();
  /** Up to this position the journal is on disk. */
  #safeSeq = 0;
  /** Lives of the MDS that the session has known, and the instance of the last. */
  #life = 0;
  #lifeInstance = 0;

  /** The instance of the life of the MDS that the session has known last; 0: none. */
  get life(): number {
    return this.#lifeInstance;
  }

  /** How many there are. */
  get count(): number {
    return this.#changes.size;
  }

  /** A tid for the next request. */
  takeTid(): number {
    return this.#nextTid++;
  }

  /** No request with a smaller tid will be sent again. */
  get oldestTid(): number {
    for (const tid of this.#changes.keys()) return tid;
    return this.#nextTid;
  }

  all(): readonly Change[] {
    return [...this.#changes.values()];
  }

  /** Those that were answered, in the order in which they took effect: what the next life of the MDS is told again. */
  acknowledged(): Change[] {
    return this.all()
      .filter(({ firstSeq }) => firstSeq > 0)
      .sort(inOrderOfEffect);
  }

  add(change: Change): void {
    this.#changes.set(change.tid, change);
  }

  /** The session is open with the MDS process `instance`. */
  metLife(instance: number): void {
    if (instance === this.#lifeInstance) return;
    this.#lifeInstance = instance;
    this.#life++;
  }

  /** The MDS has answered it, its journal entry is at `journalSeq`; 0: there is none. */
  answered(change: Change, journalSeq: number): void {
    if (journalSeq === 0 || journalSeq <= this.#safeSeq) {
      this.forget(change);
      return;
    }
    change.journalSeq = journalSeq;
    if (change.firstSeq === 0) {
      change.firstSeq = journalSeq;
      change.firstLife = this.#life;
    }
    change.notify();
  }

  /** The journal is on disk up to `seq`. */
  safeUpTo(seq: number): void {
    if (seq <= this.#safeSeq) return;
    this.#safeSeq = seq;
    for (const change of this.#changes.values()) if (change.journalSeq <= seq) this.forget(change);
  }

  /** Nobody needs to be told of it again. */
  forget(change: Change): void {
    this.#changes.delete(change.tid);
    change.settle();
  }

  /** None will be in a journal any more. */
  loseAll(error: Error): void {
    for (const change of this.#changes.values()) {
      change.lost = error;
      this.forget(change);
    }
  }

  /** Whoever waits for an answer looks whether it can still come. */
  lookUp(): void {
    for (const change of this.#changes.values()) change.notify();
  }
}
