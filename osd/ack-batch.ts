/**
 * Acknowledgements of replicated writes, gathered: one group commit makes many writes durable at once, and
 * their primaries are told in one message each.
 * @module
 */
import type { Init, RepAckItem } from '../common/wire/gen/messages.ts';
import type { Session } from '../common/wire/session.ts';
import type { IncomingStream, Pg } from './core/pg.ts';
import type { Space } from './space.ts';

export class AckBatch {
  readonly #space: Space;
  /** By session, then by stream: only the newest position counts. */
  #pending = new Map<Session, Map<IncomingStream, Pg>>();
  #scheduled = false;

  constructor(space: Space) {
    this.#space = space;
  }

  /** Everything up to the stream's durable position is to be acknowledged on `session`. */
  add(session: Session, pg: Pg, stream: IncomingStream): void {
    let streams = this.#pending.get(session);
    if (streams === undefined) this.#pending.set(session, (streams = new Map<IncomingStream, Pg>()));
    streams.set(stream, pg);
    if (this.#scheduled) return;
    this.#scheduled = true;
    // The commits of one group resolve in a row: this runs after the last of them.
    void Promise.resolve().then(() => this.#flush());
  }

  #flush(): void {
    this.#scheduled = false;
    const pending = this.#pending;
    this.#pending = new Map();
    for (const [session, streams] of pending) {
      const items: Init<RepAckItem>[] = [];
      for (const [stream, pg] of streams)
        items.push({ pool: pg.pool, pg: pg.seq, interval: stream.interval, stream: stream.stream, position: stream.durable });
      session.push('repAck', { items, freeBytes: this.#space.freeBytes, totalBytes: this.#space.totalBytes });
    }
  }
}
