/**
 * What commands with an ACTION have in common.
 * @module
 */
import type { Arguments } from './command.ts';
import { UsageError } from './errors.ts';

/** The first positional, which must be one of `actions`. */
export function actionOf(args: Arguments, actions: readonly string[]): string {
  const action = args.positionals[0];
  if (action === undefined || !actions.includes(action)) throw new UsageError(`an action is wanted: ${actions.join(', ')}`);
  return action;
}

/** Throws when there is one argument more than the action takes; `why` may say what is expected instead. */
export function refuseMore(extra: string | undefined, why?: string): void {
  if (extra !== undefined) throw new UsageError(`'${extra}' is one argument too many${why === undefined ? '' : `: ${why}`}`);
}

/** Writes the result as JSON when that is asked for, else as text. */
export function printResult(args: Arguments, result: unknown, text: string): void {
  process.stdout.write(`${args.flag('json') ? JSON.stringify(result, undefined, 2) : text}\n`);
}
