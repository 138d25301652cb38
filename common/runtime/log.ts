/** Structured log. A constant message plus fields; never file contents or keys. */
export interface Log {
  /** Per message. */
  debug(fields: LogFields, message: string): void;
  /** State changes. */
  info(fields: LogFields, message: string): void;
  /** Degraded and handled. */
  warn(fields: LogFields, message: string): void;
  /** Someone must act. */
  error(fields: LogFields, message: string): void;
  child(fields: LogFields): Log;
}

/** `err` holds an Error where there is one. */
export type LogFields = Readonly<Record<string, unknown>>;
