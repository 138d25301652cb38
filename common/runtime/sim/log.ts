import type { Log, LogFields } from '../log.ts';
import type { SimTime } from './parts.ts';

export interface SimLine {
  readonly timeMs: number;
  readonly node: string;
  readonly level: keyof Omit<Log, 'child'>;
  readonly fields: LogFields;
  readonly message: string;
}

export interface SimLogsOptions {
  /** Lines kept, the newest. */
  readonly linesMax: number;
  /** Called with each line of that level or above. */
  readonly onLine: ((line: SimLine) => void) | undefined;
  /** `error` lines with these messages are part of the scenario. */
  readonly expectedErrors: readonly RegExp[];
}

const levels = ['debug', 'info', 'warn', 'error'] as const;

/** Collects what all nodes log. An unexpected `error` fails the run. */
export class SimLogs {
  readonly #world: SimTime;
  readonly #options: SimLogsOptions;
  readonly #expected: { readonly message: RegExp; readonly node: string | undefined }[];
  #lines: SimLine[] = [];

  constructor(world: SimTime, options: Partial<SimLogsOptions>) {
    this.#world = world;
    this.#options = { linesMax: 5_000, onLine: undefined, expectedErrors: [], ...options };
    this.#expected = this.#options.expectedErrors.map((message) => ({ message, node: undefined }));
  }

  get lines(): readonly SimLine[] {
    return this.#lines;
  }

  /** Errors of that message end nothing; with `node`, those that it logs. */
  expectError(message: RegExp, node?: string): void {
    this.#expected.push({ message, node });
  }

  /** Lines whose message matches. */
  matching(message: RegExp): readonly SimLine[] {
    return this.#lines.filter((line) => message.test(line.message));
  }

  logOf(node: string, isAlive: () => boolean, bound: LogFields = {}): Log {
    const [debug, info, warn, error] = levels.map((level) => (fields: LogFields, message: string) => {
      if (isAlive()) this.#add({ timeMs: this.#world.nowMs, node, level, fields: { ...bound, ...fields }, message });
    }) as [Log['debug'], Log['info'], Log['warn'], Log['error']];
    return { debug, info, warn, error, child: (fields) => this.logOf(node, isAlive, { ...bound, ...fields }) };
  }

  #add(line: SimLine): void {
    this.#lines.push(line);
    if (this.#lines.length > 2 * this.#options.linesMax) this.#lines = this.#lines.slice(-this.#options.linesMax);
    this.#options.onLine?.(line);
    if (
      line.level === 'error' &&
      !this.#expected.some(({ message, node }) => message.test(line.message) && (node ?? line.node) === line.node)
    ) {
      this.#world.fail(new Error(`unexpected error in the log: ${formatLine(line)}`));
    }
  }
}

/** One line for people. */
export function formatLine(line: SimLine): string {
  const fields = Object.entries(line.fields).map(
    ([key, value]) =>
      `${key}=${value instanceof Error ? (value.stack ?? value.message) : typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return `${line.timeMs.toFixed(3).padStart(12)} ${line.level.padEnd(5)} ${line.node.padEnd(10)} ${line.message}${fields.length > 0 ? ` ${fields.join(' ')}` : ''}`;
}
