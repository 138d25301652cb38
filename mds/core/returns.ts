/**
 * The return of the sessions that a life of the MDS has found in its journal. Each tells what it holds, then sends again
 * what the life before had answered and not written down. Until the last has done so, or is over, no new work is served: it
 * might take the names, or the room, that somebody was told to have.
 *
 *   silent ──▶ telling ──▶ owing ──▶ back
 *      ▲          │  ▲       │
 *      └──────────┘  └───────┘ (a new connection)
 *
 * Patience ends when for a while the client has done nothing of what it has to: never while it waits for us.
 * @module
 */

/** What a session has to do before it is back. */
type Return =
  /** Begin to tell. */
  | { readonly kind: 'silent'; readonly deadlineMs: number }
  /** It has told, and we read what that is about. */
  | { readonly kind: 'telling'; readonly deadlineMs: number }
  | Owing;

/** Send `replays` more, of which `running` have come and are not answered yet. */
export interface Owing {
  readonly kind: 'owing';
  readonly instance: number;
  replays: number;
  running: number;
  deadlineMs: number;
}

/** Times are those of Clock.monotonicMs. */
export class Returns {
  readonly #patienceMs: number;
  readonly #awaited = new Map<number, Return>();

  /** `patienceMs`: how long a client may take to begin, and between one step and the next. */
  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  /** Sessions that are not back. */
  get count(): number {
    return this.#awaited.size;
  }

  /** What it may hold is not known in full. */
  isUntold(instance: number): boolean {
    const state = this.#awaited.get(instance);
    return state !== undefined && state.kind !== 'owing';
  }

  expect(instance: number, nowMs: number): void {
    this.#awaited.set(instance, { kind: 'silent', deadlineMs: nowMs + this.#patienceMs });
  }

  /** It tells what it holds, on a connection of which nothing counted before. */
  tells(instance: number): void {
    const before = this.#awaited.get(instance);
    if (before !== undefined) this.#awaited.set(instance, { kind: 'telling', deadlineMs: before.deadlineMs });
  }

  /** What it told was in vain. */
  failed(instance: number): void {
    const { kind, deadlineMs } = this.#awaited.get(instance) ?? {};
    if (kind === 'telling' && deadlineMs !== undefined) this.#awaited.set(instance, { kind: 'silent', deadlineMs });
  }

  /** It has told everything and will send so many requests again. Returns whether it is back. */
  told(instance: number, replays: number, nowMs: number): boolean {
    if (!this.#awaited.has(instance)) return false;
    if (replays === 0) return this.end(instance);
    this.#awaited.set(instance, { kind: 'owing', instance, replays, running: 0, deadlineMs: nowMs + this.#patienceMs });
    return false;
  }

  /** A request that is sent again has come: for {@link replayed}. Undefined when nobody waits for it. */
  begin(instance: number): Owing | undefined {
    const state = this.#awaited.get(instance);
    if (state?.kind !== 'owing') return undefined;
    state.running++;
    return state;
  }

  /** It has been answered. Returns whether its session is back. */
  replayed(owing: Owing, nowMs: number): boolean {
    owing.running--;
    owing.replays--;
    owing.deadlineMs = nowMs + this.#patienceMs;
    // On a newer connection it owes anew.
    return owing.replays === 0 && this.#awaited.get(owing.instance) === owing && this.end(owing.instance);
  }

  /** It is back, or over. Returns whether it was awaited. */
  end(instance: number): boolean {
    return this.#awaited.delete(instance);
  }

  /** Those with whom patience is at its end. */
  overdue(nowMs: number): number[] {
    return [...this.#awaited]
      .filter(([, state]) => state.deadlineMs <= nowMs && state.kind !== 'telling' && !(state.kind === 'owing' && state.running > 0))
      .map(([instance]) => instance);
  }
}
