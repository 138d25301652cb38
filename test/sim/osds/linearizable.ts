/**
 * Whether a history of calls on one object could have come from calls that took effect one at a time, each at some
 * moment between its beginning and its end, and none before an earlier one of its client that is sure to change something.
 *
 * The search of Wing and Gong (1993) with Lowe's memory (2017), done just in time: at the end of each call all ways
 * are kept in which the calls under way may have taken effect so far, and each way only makes the calls happen that
 * the ended one needs. A call whose outcome was never heard may take effect at any later time, or never.
 * @module
 */

/** What calls do. States are values: never changed. */
export interface Model<State, Op> {
  readonly initial: State;
  apply(state: State, op: Op): { readonly state: State; readonly result: string };
  /** Later calls of the same client, even while it is under way, take effect after it; unless the client gave up on it. */
  ordersLater(op: Op): boolean;
  /** Equal for equal states only. */
  key(state: State): string;
  /** For people. */
  show(op: Op): string;
}

export interface Call<Op> {
  readonly client: string;
  readonly op: Op;
  /** For people. */
  readonly beganMs: number;
  endedMs: number;
  /** What was answered; undefined while, or if ever, nobody knows. */
  result: string | undefined;
}

type HistoryEvent<Op> = { readonly kind: 'began' | 'ended'; readonly call: Call<Op> };

/** The calls on one object, as they began and ended. */
export class History<Op> {
  readonly #events: HistoryEvent<Op>[] = [];
  readonly #refused = new Set<Call<Op>>();

  get size(): number {
    return this.#events.length;
  }

  begin(client: string, op: Op, nowMs: number): Call<Op> {
    const call: Call<Op> = { client, op, beganMs: nowMs, endedMs: Infinity, result: undefined };
    this.#events.push({ kind: 'began', call });
    return call;
  }

  end(call: Call<Op>, result: string, nowMs: number): void {
    call.result = result;
    call.endedMs = nowMs;
    this.#events.push({ kind: 'ended', call });
  }

  /** It is known that it has not happened and never will. */
  refuse(call: Call<Op>): void {
    this.#refused.add(call);
  }

  /** What contradicts every order, in words; undefined when there is one; {@link undecided} when there are too many to look at. */
  explain<State>(model: Model<State, Op>): string | undefined {
    const events = this.#events.filter(({ call }) => !this.#refused.has(call));
    const search = new Search(model);
    for (const [at, { kind, call }] of events.entries()) {
      if (kind === 'began') search.begin(call);
      else if (search.tooMany) return undecided;
      else if (!search.end(call)) return this.#report(model, events, at, search.states);
    }
    return search.tooMany ? undecided : undefined;
  }

  #report<State>(model: Model<State, Op>, events: readonly HistoryEvent<Op>[], at: number, states: readonly State[]): string {
    const lines = events.slice(Math.max(0, at - linesBefore), at + 1).map(({ kind, call }) => {
      const time = (kind === 'began' ? call.beganMs : call.endedMs).toFixed(3);
      return `  ${time} ${call.client} ${kind} ${model.show(call.op)}${kind === 'ended' ? ` → ${call.result ?? ''}` : ''}`;
    });
    const shown = states.slice(0, statesShown).map((state) => `  ${model.key(state)}`);
    return ['no order of calls explains the last of these:', ...lines, 'states possible before it:', ...shown].join('\n');
  }
}

const linesBefore = 24;
const statesShown = 8;
/** More ways than these are not looked at: many calls were never answered. */
const waysMax = 200_000;
/** The verdict on a history with more. */
export const undecided = 'undecided';

/** One way in which things may have happened. */
interface Way<State, Op> {
  readonly state: State;
  /** Calls under way that have taken effect in it. */
  readonly done: ReadonlySet<Call<Op>>;
}

class Search<State, Op> {
  readonly #model: Model<State, Op>;
  /** In the order in which they began. */
  readonly #pending = new Map<Call<Op>, number>();
  #ways: readonly Way<State, Op>[];
  #begun = 0;
  /** There were too many ways: what it says of ends does not count. */
  tooMany = false;

  constructor(model: Model<State, Op>) {
    this.#model = model;
    this.#ways = [{ state: model.initial, done: new Set() }];
  }

  get states(): readonly State[] {
    return this.#ways.map(({ state }) => state);
  }

  begin(call: Call<Op>): void {
    this.#pending.set(call, ++this.#begun);
  }

  /** False when in no way the call can have ended as it did; the ways are then left as they were. */
  end(call: Call<Op>): boolean {
    const ended = new Map<string, Way<State, Op>>();
    const seen = new Set<string>();
    for (const way of this.#ways) this.#reach(way, call, seen, ended);
    this.#pending.delete(call);
    if (ended.size === 0) return this.tooMany;
    this.#ways = [...ended.values()];
    return true;
  }

  /** Adds to `ended` every way on from `way` in which `call` has taken effect, and nothing after it. */
  #reach(way: Way<State, Op>, call: Call<Op>, seen: Set<string>, ended: Map<string, Way<State, Op>>): void {
    if (way.done.has(call)) {
      const done = new Set(way.done);
      done.delete(call);
      this.#keep({ state: way.state, done }, ended);
      return;
    }
    const key = this.#keyOf(way);
    if (seen.has(key)) return;
    seen.add(key);
    if (seen.size > waysMax) this.tooMany = true;
    if (this.tooMany) return;
    for (const next of this.#possible(way)) {
      const { state, result } = this.#model.apply(way.state, next.op);
      if (next.result !== undefined && next.result !== result) continue;
      if (next === call) this.#keep({ state, done: way.done }, ended);
      else this.#reach({ state, done: new Set(way.done).add(next) }, call, seen, ended);
    }
  }

  /** The calls that may take effect next. */
  *#possible(way: Way<State, Op>): Generator<Call<Op>> {
    const held = new Set<string>();
    for (const call of this.#pending.keys()) {
      if (way.done.has(call) || held.has(call.client)) continue;
      if (call.result !== undefined && this.#model.ordersLater(call.op)) held.add(call.client);
      yield call;
    }
  }

  #keep(way: Way<State, Op>, ways: Map<string, Way<State, Op>>): void {
    ways.set(this.#keyOf(way), way);
  }

  #keyOf({ state, done }: Way<State, Op>): string {
    if (done.size === 0) return this.#model.key(state);
    const numbers = [...done].map((call) => this.#pending.get(call) ?? 0).sort((a, b) => a - b);
    return `${this.#model.key(state)} ${numbers.join(',')}`;
  }
}
