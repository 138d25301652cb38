import type { Log } from '../../common/runtime/log.ts';

/** Prints warnings and errors to stderr; the rest goes nowhere. */
export const quietLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (fields, message) => console.error(message, fields),
  error: (fields, message) => console.error(message, fields),
  child: () => quietLog,
};
