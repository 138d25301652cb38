/**
 * What a daemon can be configured with, as data: each field has a unit, a default, a range and a sentence.
 * Keys are the field names, in camelCase, everywhere: `leaseMs = 5000` in the file, NACRE_LEASE_MS in the
 * environment, `--leaseMs 5000` (or `--lease-ms 5000`) as a flag.
 * @module
 */
import { FsError } from '../errors/fs-error.ts';

interface FieldBase {
  /** One sentence for `--help` and the docs. */
  readonly doc: string;
}

export interface IntegerField extends FieldBase {
  readonly type: 'integer';
  /** `ms`, `bytes`, `count`, ... */
  readonly unit: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

export interface BooleanField extends FieldBase {
  readonly type: 'boolean';
  readonly default: boolean;
}

export interface StringField extends FieldBase {
  readonly type: 'string';
  /** Absent: the field must be given. */
  readonly default?: string;
  readonly pattern?: RegExp;
}

export interface ChoiceField<T extends string = string> extends FieldBase {
  readonly type: 'choice';
  readonly choices: readonly T[];
  readonly default: T;
}

export interface ListField extends FieldBase {
  readonly type: 'list';
  /** Absent: the field must be given, and not empty. */
  readonly default?: readonly string[];
}

export type Field = IntegerField | BooleanField | StringField | ChoiceField | ListField;
export type Schema = Readonly<Record<string, Field>>;

/** The frozen object that a schema describes. */
export type ConfigOf<S extends Schema> = { readonly [K in keyof S]: ValueOf<S[K]> };
type ValueOf<F extends Field> = F extends IntegerField
  ? number
  : F extends BooleanField
    ? boolean
    : F extends ChoiceField<infer T>
      ? T
      : F extends ListField
        ? readonly string[]
        : string;

/** An integer field. */
export const integer = (unit: string, fallback: number, min: number, max: number, doc: string): IntegerField => ({
  type: 'integer',
  unit,
  default: fallback,
  min,
  max,
  doc,
});
/** A switch. */
export const boolean = (fallback: boolean, doc: string): BooleanField => ({ type: 'boolean', default: fallback, doc });
/** Text; without a default it must be given. */
export const string = (doc: string, options: { readonly default?: string; readonly pattern?: RegExp } = {}): StringField => ({
  type: 'string',
  doc,
  ...options,
});
/** One of several words. */
export const choice = <const T extends string>(choices: readonly T[], fallback: NoInfer<T>, doc: string): ChoiceField<T> => ({
  type: 'choice',
  choices,
  default: fallback,
  doc,
});
/** Several words; in the environment and flags separated by commas. Without a default it must be given. */
export const list = (doc: string, options: { readonly default?: readonly string[] } = {}): ListField => ({ type: 'list', doc, ...options });

/** The fields of every daemon. */
export const commonSchema = {
  fsid: string('UUID of the cluster; a client may leave it empty and takes that of the mon it reaches.', { default: '' }),
  name: string('Name of this daemon: mon.a, osd.0, mds.a, client.x.', { pattern: /^(mon|osd|mds|client)\.[A-Za-z0-9._-]{1,128}$/ }),
  mons: list('Addresses of the monitors, host:port.', { default: [] }),
  listen: string('Address to listen on; port 0 takes a free one.', { default: '127.0.0.1:0' }),
  dataDir: string('Folder for what this daemon stores.', { default: '' }),
  host: string('Failure domain this daemon belongs to: the name of its machine.', { default: 'localhost' }),
  logLevel: choice(['debug', 'info', 'warn', 'error'], 'info', 'Lines below this level are not written.'),
  logFile: string('File to append the log to; empty: standard output.', { default: '' }),
} as const satisfies Schema;

/** All defaults, with `values` over them, checked and frozen. For tests and composition in one process. */
export function makeConfig<const S extends Schema>(schema: S, values: Partial<ConfigOf<S>> = {}): ConfigOf<S> {
  const config: Record<string, unknown> = {};
  for (const key of Object.keys(values)) if (!Object.hasOwn(schema, key)) throw new FsError('EINVAL', `unknown setting "${key}"`);
  for (const [key, field] of Object.entries(schema)) {
    const given = (values as Record<string, unknown>)[key];
    config[key] = Object.freeze(given === undefined ? defaultOf(key, field) : checkValue(field, given, `setting "${key}"`));
  }
  return Object.freeze(config) as ConfigOf<S>;
}

function defaultOf(key: string, field: Field): unknown {
  if (field.default === undefined) throw new FsError('EINVAL', `setting "${key}" is missing: ${field.doc}`);
  return field.default;
}

/** `value` as the field wants it. Throws EINVAL that names `where`. */
export function checkValue(field: Field, value: unknown, where: string): unknown {
  const wrong = (wanted: string): FsError => new FsError('EINVAL', `${where} must be ${wanted}, not ${JSON.stringify(value)}`);
  switch (field.type) {
    case 'integer':
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrong(`a whole number of ${field.unit}`);
      if (value < field.min || value > field.max) throw wrong(`between ${field.min} and ${field.max} ${field.unit}`);
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw wrong('true or false');
      return value;
    case 'string':
      if (typeof value !== 'string') throw wrong('text');
      if (field.pattern !== undefined && !field.pattern.test(value)) throw wrong(`of the form ${field.pattern.source}`);
      return value;
    case 'choice':
      if (typeof value !== 'string' || !field.choices.includes(value)) throw wrong(`one of ${field.choices.join(', ')}`);
      return value;
    case 'list':
      if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) throw wrong('a list of texts');
      return [...value];
  }
}

/** `text` (from the environment or a flag) as the field's type, unchecked. */
export function parseText(field: Field, text: string): unknown {
  switch (field.type) {
    case 'integer':
      return /^-?\d+$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text;
    case 'list':
      return text === '' ? [] : text.split(',').map((item) => item.trim());
    case 'string':
    case 'choice':
      return text;
  }
}
