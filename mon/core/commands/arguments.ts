/**
 * Reads a command's arguments, which come as JSON from outside.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';

/** A command as it arrives: an object with a `prefix`. */
export type CommandObject = Readonly<Record<string, unknown>> & { readonly prefix: string };

export class Arguments {
  readonly #command: CommandObject;

  constructor(command: CommandObject) {
    this.#command = command;
  }

  /** Non-empty text of at most 128 characters. */
  text(name: string): string {
    const value = this.#command[name];
    if (typeof value !== 'string' || value === '' || value.length > 128) throw this.#wrong(name, 'text of 1 to 128 characters');
    return value;
  }

  /** A name people give: letters, digits, `.`, `_`, `-`. */
  name(name: string): string {
    const value = this.text(name);
    if (!/^[A-Za-z0-9._-]+$/.test(value)) throw this.#wrong(name, 'made of letters, digits, ".", "_" and "-"');
    return value;
  }

  oneOf<T extends string>(name: string, known: readonly T[], fallback?: T): T {
    const value = this.#command[name] ?? fallback;
    const found = known.find((candidate) => candidate === value);
    if (found === undefined) throw this.#wrong(name, `one of ${known.join(', ')}`);
    return found;
  }

  integer(name: string, min: number, max: number, fallback?: number): number {
    const value = this.#command[name] ?? fallback;
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max)
      throw this.#wrong(name, `a whole number from ${min} to ${max}`);
    return value;
  }

  /** A list of 1 to 10,000 whole numbers. */
  integers(name: string, min: number, max: number): readonly number[] {
    const value = this.#command[name];
    const isOne = (item: unknown): boolean => Number.isSafeInteger(item) && (item as number) >= min && (item as number) <= max;
    if (!Array.isArray(value) || value.length === 0 || value.length > 10_000 || !value.every(isOne))
      throw this.#wrong(name, `a list of whole numbers from ${min} to ${max}`);
    return value as readonly number[];
  }

  /** Not necessarily whole. */
  number(name: string, min: number, max: number): number {
    const value = this.#command[name];
    if (typeof value !== 'number' || !(value >= min && value <= max)) throw this.#wrong(name, `a number from ${min} to ${max}`);
    return value;
  }

  /** Greater than 0, at most 1. */
  share(name: string): number {
    const value = this.#command[name];
    if (typeof value !== 'number' || !(value > 0 && value <= 1)) throw this.#wrong(name, 'a number above 0 and at most 1');
    return value;
  }

  boolean(name: string): boolean {
    const value = this.#command[name];
    if (typeof value !== 'boolean') throw this.#wrong(name, 'true or false');
    return value;
  }

  /** Absolute, at most 4096 characters. */
  path(name: string): string {
    const value = this.#command[name];
    if (typeof value !== 'string' || !value.startsWith('/') || value.length > 4096) throw this.#wrong(name, 'a path that begins with /');
    return value;
  }

  has(name: string): boolean {
    return this.#command[name] !== undefined;
  }

  #wrong(name: string, wanted: string): FsError {
    const shown = this.has(name) ? JSON.stringify(this.#command[name]).slice(0, 100) : 'missing';
    return new FsError('EINVAL', `${this.#command.prefix}: "${name}" must be ${wanted}; it is ${shown}`);
  }
}
