/**
 * Merges defaults, a TOML file, the environment and flags, later ones winning. Pure: main.ts hands in the
 * texts, so that nothing else reads files or `process.env`.
 * @module
 */
import { parse } from 'smol-toml';
import { FsError } from '../errors/fs-error.ts';
import { checkValue, makeConfig, parseText, type ConfigOf, type Schema } from './schema.ts';

export interface ConfigSources {
  readonly file?: { readonly path: string; readonly text: string };
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** `['--logLevel', 'debug', '--leaseMs=5000']`; `--config` has been taken out. */
  readonly flags?: readonly string[];
}

/** Variables with our prefix that are not settings of daemons. */
const otherVariables = new Set(['NACRE_HOME', 'NACRE_DATA', 'NACRE_NO_BUILD']);

/** The merged configuration, frozen. Throws FsError EINVAL that names the key, its source and what is allowed. */
export function loadConfig<const S extends Schema>(schema: S, sources: ConfigSources): ConfigOf<S> {
  const values: Record<string, unknown> = {};
  if (sources.file !== undefined) readFile(schema, sources.file, values);
  if (sources.environment !== undefined) readEnvironment(schema, sources.environment, values);
  if (sources.flags !== undefined) readFlags(schema, sources.flags, values);
  return makeConfig(schema, values as Partial<ConfigOf<S>>);
}

/** Takes `--config FILE` (or `--config=FILE`) out of the flags. */
export function splitConfigFlag(flags: readonly string[]): { readonly file: string | undefined; readonly rest: readonly string[] } {
  const rest: string[] = [];
  let file: string | undefined;
  for (let i = 0; i < flags.length; i += 1) {
    const flag = flags[i] as string;
    if (flag === '--config') {
      file = flags[++i];
      if (file === undefined) throw new FsError('EINVAL', '--config needs a file');
    } else if (flag.startsWith('--config=')) file = flag.slice('--config='.length);
    else rest.push(flag);
  }
  return { file, rest };
}

function readFile(schema: Schema, { path, text }: { readonly path: string; readonly text: string }, values: Record<string, unknown>): void {
  let table: Record<string, unknown>;
  try {
    table = parse(text);
  } catch (error) {
    throw new FsError('EINVAL', `${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  for (const [key, value] of Object.entries(table)) {
    const field = Object.hasOwn(schema, key) ? schema[key] : undefined;
    if (field === undefined) throw new FsError('EINVAL', `${path}: unknown setting "${key}"${suggestion(schema, key)}`);
    values[key] = checkValue(field, value, `${path}: "${key}"`);
  }
}

function readEnvironment(schema: Schema, environment: Readonly<Record<string, string | undefined>>, values: Record<string, unknown>): void {
  const keys = new Map(Object.keys(schema).map((key) => [variableOf(key), key]));
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith('NACRE_') || text === undefined || otherVariables.has(variable)) continue;
    const key = keys.get(variable);
    if (key === undefined) throw new FsError('EINVAL', `unknown setting in the environment: ${variable}`);
    const field = schema[key] as Schema[string];
    values[key] = checkValue(field, parseText(field, text), variable);
  }
}

function readFlags(schema: Schema, flags: readonly string[], values: Record<string, unknown>): void {
  const keys = new Map<string, string>(
    Object.keys(schema).flatMap(
      (key) =>
        [
          [`--${key}`, key],
          [`--${key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`, key],
        ] as const,
    ),
  );
  for (let i = 0; i < flags.length; i += 1) {
    const [flag, inline] = splitOnce(flags[i] as string);
    const key = keys.get(flag);
    if (key === undefined) throw new FsError('EINVAL', `unknown flag ${flag}${suggestion(schema, flag.replace(/^--/, ''))}`);
    const field = schema[key] as Schema[string];
    const next = flags[i + 1];
    let text = inline;
    if (text === undefined && field.type === 'boolean' && (next === undefined || next.startsWith('--'))) text = 'true';
    if (text === undefined) {
      text = next;
      i += 1;
    }
    if (text === undefined) throw new FsError('EINVAL', `${flag} needs a value: ${field.doc}`);
    values[key] = checkValue(field, parseText(field, text), flag);
  }
}

function splitOnce(flag: string): [string, string | undefined] {
  const at = flag.indexOf('=');
  return at < 0 ? [flag, undefined] : [flag.slice(0, at), flag.slice(at + 1)];
}

function variableOf(key: string): string {
  return `NACRE_${key.replace(/[A-Z]/g, (c) => `_${c}`).toUpperCase()}`;
}

/** The setting that was probably meant. */
function suggestion(schema: Schema, key: string): string {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_]/g, '');
  const near = Object.keys(schema).find((known) => plain(known) === plain(key) || plain(known).startsWith(plain(key)));
  return near === undefined ? '' : `; did you mean "${near}"?`;
}
