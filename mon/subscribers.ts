import type { Session } from '../common/wire/session.ts';
import type { MapJournal } from './store/map-journal.ts';

/** Sessions that are sent every new epoch, each from the one it has. */
export class Subscribers {
  readonly #journal: MapJournal;
  readonly #epochs = new Map<Session, number>();

  constructor(journal: MapJournal) {
    this.#journal = journal;
  }

  /** Begins, or begins anew, from `haveEpoch`; what the session lacks is sent at once. */
  add(session: Session, haveEpoch: number): void {
    this.#epochs.set(session, haveEpoch);
    this.#send(session, haveEpoch);
  }

  remove(session: Session): void {
    this.#epochs.delete(session);
  }

  /** A new epoch is durable. */
  publish(): void {
    for (const [session, haveEpoch] of this.#epochs) this.#send(session, haveEpoch);
  }

  #send(session: Session, haveEpoch: number): void {
    const update = this.#journal.updateFrom(haveEpoch);
    if (!update) return;
    this.#epochs.set(session, this.#journal.map.epoch);
    session.push('mapUpdate', update);
  }
}
