/**
 * Which sessions others cannot wait for any longer, and why. Looked for again and again.
 * @module
 */
import type { Inode } from './inode.ts';
import type { MdsCore } from './mds-core.ts';
import type { MdsSession } from './session.ts';

export interface OverdueOptions {
  readonly core: MdsCore;
  /** For a recall that is not answered, or a turn that is not ended. */
  readonly recallTimeoutMs: number;
  readonly sessionLeaseMs: number;
  /** The session is one of the life before that is still to tell what it holds: it has heard of no recall yet. */
  readonly isUntold: (instance: number) => boolean;
  /** Its lease is over, and it is not for us that it waits. */
  readonly isSilent: (session: MdsSession) => boolean;
  /** Somebody waits to append to the file. */
  readonly isTurnWanted: (inode: Inode) => boolean;
  /** Whether OSDs serve all that there is, so that who is to give something back can write what it holds. */
  readonly isAvailable: () => boolean;
}

/** Leases without renewal after which a session goes even if nobody waits for it. */
const idleLeases = 20;

export class Overdue {
  readonly #options: OverdueOptions;
  /** When OSDs have begun to serve all again that there is. */
  #availableSinceMs = -Infinity;

  constructor(options: OverdueOptions) {
    this.#options = options;
  }

  /** Those that do not answer a recall, or end a turn. */
  *late(nowMs: number): Generator<[session: MdsSession, why: string]> {
    const { core, isUntold, isSilent, isTurnWanted, isAvailable, recallTimeoutMs, sessionLeaseMs } = this.#options;
    const { recalls, turns } = core.locker;
    if (recalls.size + turns.size > 0 && !isAvailable()) this.#availableSinceMs = nowMs;
    // Never before its lease has run out: cut off from us, it trusts its caps that long.
    const patienceMs = Math.max(recallTimeoutMs, sessionLeaseMs);
    const isOverdue = (session: MdsSession, sinceMs: number): boolean =>
      !isUntold(session.instance) && (nowMs - Math.max(sinceMs, this.#availableSinceMs) >= patienceMs || isSilent(session));
    for (const { instance, ino, recall } of recalls) {
      const session = core.sessions.get(instance);
      if (session !== undefined && recall !== undefined && isOverdue(session, recall.sinceMs))
        yield [session, `it has not answered a recall of inode ${ino.toString(16)}`];
    }
    for (const [inode, sinceMs] of turns) {
      if (!isTurnWanted(inode)) continue;
      for (const session of inode.appenders.flatMap((instance) => core.sessions.get(instance) ?? []))
        if (isOverdue(session, sinceMs)) yield [session, `it does not end its turn to append to inode ${inode.ino.toString(16)}`];
    }
  }

  /** Those of which nobody hears anything. The rank is active. */
  *silent(nowMs: number): Generator<[session: MdsSession, why: string]> {
    const { core, isSilent, sessionLeaseMs } = this.#options;
    for (const instance of core.fileLocks.takeContested()) {
      const session = core.sessions.get(instance);
      if (session !== undefined && isSilent(session)) yield [session, 'it is silent and holds file locks that others ask for'];
    }
    for (const session of core.sessions.values()) {
      if (core.departures.stopping === 'resigned' && isSilent(session)) yield [session, 'it is silent, and the rank is stopping'];
      if (nowMs - session.leaseEndsMs >= (idleLeases - 1) * sessionLeaseMs) yield [session, 'it has not renewed its session'];
    }
  }
}
