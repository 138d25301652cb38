/**
 * What a subcommand is: its words, its options, and what it does.
 * @module
 */
import { parseArgs } from 'node:util';
import { UsageError } from './errors.ts';

export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** Placeholder of a string's value in the help. */
  readonly value?: string;
  readonly help: string;
}

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** Arguments as shown after `nacre NAME`. */
  readonly usage: string;
  /** Paragraphs under the usage line. */
  readonly details?: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Names of the positional arguments, for messages; those after `optionalFrom` may be left out. */
  readonly positionals: readonly string[];
  readonly optionalFrom?: number;
  /** The last positional may be given several times. */
  readonly repeats?: boolean;
  /** Resolves to the exit code. */
  run(args: Arguments): Promise<number>;
}

/** A parsed command line. */
export class Arguments {
  readonly positionals: readonly string[];
  readonly #values: Readonly<Record<string, string | boolean | undefined>>;

  constructor(positionals: readonly string[], values: Readonly<Record<string, string | boolean | undefined>>) {
    this.positionals = positionals;
    this.#values = values;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** An option that is a whole number within bounds. */
  count(name: string, bounds: { readonly min: number; readonly max: number }): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!/^[0-9]+$/.test(text) || value < bounds.min || value > bounds.max) {
      throw new UsageError(`--${name} ${text}: a whole number from ${bounds.min} to ${bounds.max} is wanted`);
    }
    return value;
  }
}

/** Parses `argv` for `command`; `undefined` when help was asked for. */
export function parse(command: Command, argv: readonly string[]): Arguments | undefined {
  const options = Object.fromEntries(Object.entries(command.options).map(([name, { type }]) => [name, { type }]));
  let parsed;
  try {
    parsed = parseArgs({
      args: [...argv],
      options: { ...options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ')[0] ?? 'wrong arguments');
  }
  const { values, positionals } = parsed;
  if (values['help'] === true) return undefined;
  const required = command.positionals.slice(0, command.optionalFrom ?? command.positionals.length);
  const missing = required[positionals.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing`);
  const extra = command.repeats === true ? undefined : positionals[command.positionals.length];
  if (extra !== undefined) throw new UsageError(`'${extra}' is one argument too many`);
  return new Arguments(positionals, values);
}

/** The help page of one command. */
export function helpOf(name: string, command: Command): string {
  const lines = [`nacre ${name} ${command.usage}`.trimEnd(), '', command.summary];
  if (command.details !== undefined) lines.push('', command.details);
  const rows = Object.entries(command.options).map(([option, spec]) => [
    `--${option}${spec.type === 'string' ? ` ${spec.value ?? 'VALUE'}` : ''}`,
    spec.help,
  ]);
  const width = Math.max(0, ...rows.map(([left]) => left?.length ?? 0));
  if (rows.length > 0) lines.push('', ...rows.map(([left, right]) => `  ${left?.padEnd(width)}  ${right}`));
  return lines.join('\n');
}

/** The option every command on a local cluster has. */
export const dataOption: OptionSpec = { type: 'string', value: 'DIR', help: "the cluster's directory (default ./data)" };
