/**
 * Does things of one key in the order in which they came, though some have to wait; at once while none does.
 * @module
 */
export class KeyedOrder<K> {
  readonly #last = new Map<K, Promise<unknown>>();

  run<T>(key: K, act: () => T | Promise<T>): T | Promise<T> {
    const before = this.#last.get(key);
    // However that ends.
    const done = before === undefined ? act() : before.then(act, act);
    if (!(done instanceof Promise)) return done;
    this.#last.set(key, done);
    const end = (): void => {
      if (this.#last.get(key) === done) this.#last.delete(key);
    };
    done.then(end, end);
    return done;
  }
}
