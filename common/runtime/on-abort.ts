/**
 * Many that wait for the end of the same thing: one listener on its signal for all of them, so that neither their number
 * nor how often they come and go costs anything.
 * @module
 */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/** Runs `fn` when the signal aborts, in the order of these calls; not when it has aborted already. Returns what makes it forget `fn`. */
export function onAbort(signal: AbortSignal, fn: () => void): () => void {
  let fns = waiting.get(signal);
  if (fns === undefined) {
    waiting.set(signal, (fns = new Set()));
    const all = fns;
    signal.addEventListener('abort', () => {
      for (const each of all) each();
    });
  }
  // The same function may be there for two reasons.
  const own = (): void => fn();
  fns.add(own);
  return () => fns.delete(own);
}
