/** Thrown by {@link assert}: a broken invariant. It ends the daemon, never the data. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** Ends the operation (and, uncaught, the process) when an invariant does not hold. On in production. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(`broken invariant: ${message}`);
}

/** Closes an exhaustive `switch` over a `kind` union. */
export function unreachable(value: never): never {
  throw new AssertionError(`broken invariant: unexpected ${JSON.stringify(value)}`);
}
