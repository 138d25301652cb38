/** Something that will happen. */
export interface SimEvent {
  readonly timeMs: number;
  readonly sequence: number;
  /** What kind of thing it is, for the trace. */
  readonly label: string;
  run: (() => void) | undefined;
}

/** Binary heap by (time, sequence): a total order, so that a run does not depend on anything else. */
export class EventQueue {
  readonly #heap: SimEvent[] = [];
  #sequence = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** Time of the next event; Infinity when there is none. */
  get nextMs(): number {
    return this.#heap[0]?.timeMs ?? Infinity;
  }

  push(timeMs: number, label: string, run: () => void): SimEvent {
    const event = { timeMs, sequence: ++this.#sequence, label, run };
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (before(heap[parent] as SimEvent, event)) break;
      heap[at] = heap[parent] as SimEvent;
      at = parent;
    }
    heap[at] = event;
    return event;
  }

  pop(): SimEvent | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as SimEvent, heap[child] as SimEvent)) child += 1;
      if (before(last, heap[child] as SimEvent)) break;
      heap[at] = heap[child] as SimEvent;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

function before(a: SimEvent, b: SimEvent): boolean {
  return a.timeMs < b.timeMs || (a.timeMs === b.timeMs && a.sequence < b.sequence);
}
