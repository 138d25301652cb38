/**
 * Ctrl-C and its kin as an AbortSignal. A terminal sends SIGINT to npm and to us, and npm passes it on: the second
 * one means nothing new.
 * @module
 */
import { CommandError } from './errors.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Aborts at the first interrupting signal, from now to the end of the process. */
export function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  for (const name of signals) {
    process.on(name, () => {
      if (!controller.signal.aborted) controller.abort(new CommandError(`interrupted by ${name}`, { exitCode: 130 }));
    });
  }
  return controller.signal;
}

/** Resolves when `signal` aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** One line for the person at the terminal. */
export function say(line: string): void {
  process.stderr.write(`nacre: ${line}\n`);
}
