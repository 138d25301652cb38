/**
 * How many caps each client may hold, and whom to ask for how many: who holds more than any client may, and, where memory is short, those
 * who hold most. A client has given what it was asked for when it has once held no more than that since: what it takes anew later is
 * another matter, for which it is asked anew.
 * @module
 */
import type { MdsSession } from './session.ts';

export interface CapBudgetLimits {
  /** Nobody may hold more. */
  readonly capsMax: number;
  /** However short memory is, nobody is asked to hold fewer. */
  readonly capsMin: number;
}

/** What a client was asked for and has not given. */
export interface CapsAsk {
  /** It was asked for the first time, in a row. */
  readonly sinceMs: number;
  /** It is to hold no more, as was said last. */
  readonly capsMax: number;
}

/** Who has not given for so long is not counted on: others are asked as well. */
const patienceMs = 5_000;

export class CapBudget {
  readonly #limits: CapBudgetLimits;
  #asks = new Map<MdsSession, CapsAsk>();

  constructor(limits: CapBudgetLimits) {
    this.#limits = limits;
  }

  /** The limit of every client. */
  get capsMax(): number {
    return this.#limits.capsMax;
  }

  /** Whom to ask now, and for what; whoever is not among them owes nothing. `surplus`: as many names should go that clients hold. */
  round(sessions: Iterable<MdsSession>, surplus: number, nowMs: number): ReadonlyMap<MdsSession, CapsAsk> {
    const { capsMax, capsMin } = this.#limits;
    const asks = new Map<MdsSession, CapsAsk>();
    const from = surplus > 0 ? Math.min(capsMin, capsMax) : capsMax;
    const most = [...sessions].filter(({ caps }) => caps.size > from).sort((a, b) => b.caps.size - a.caps.size || a.instance - b.instance);
    let left = Math.max(0, surplus);
    for (const session of most) {
      const held = session.caps.size;
      const kept = Math.min(capsMax, Math.max(capsMin, held - left), held);
      if (kept === held) continue;
      const before = this.#asks.get(session);
      const owes = before !== undefined && session.capsLowest > before.capsMax;
      const sinceMs = owes ? before.sinceMs : nowMs;
      if (nowMs - sinceMs < patienceMs) left = Math.max(0, left - (held - kept));
      session.capsLowest = held;
      asks.set(session, { sinceMs, capsMax: kept });
    }
    this.#asks = asks;
    return asks;
  }

  /** Who was asked `afterMs` ago, or before, and has not given since; longest first. */
  owing(nowMs: number, afterMs: number): (readonly [session: MdsSession, ask: CapsAsk])[] {
    return [...this.#asks]
      .filter(([{ ended, capsLowest }, { sinceMs, capsMax }]) => !ended && capsLowest > capsMax && nowMs - sinceMs >= afterMs)
      .sort(([, a], [, b]) => a.sinceMs - b.sinceMs);
  }
}
