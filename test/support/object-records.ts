/**
 * Objects that know what they must hold: each makes one random change after the other, one at a time, and records it
 * when it was acknowledged. Their contents say what they are, so that a difference explains itself.
 * @module
 */
import type { Prng } from '../../common/runtime/sim/prng.ts';
import { toFsError } from '../../common/errors/fs-error.ts';
import type { ObjectOperation, ObjectReply } from '../../osd/client/object-client.ts';

/** One pool of a cluster. */
export type Operate = (object: string, operations: readonly ObjectOperation[]) => Promise<ObjectReply>;

export interface RecordedObject {
  readonly object: string;
  /** Makes one change; resolves when it was acknowledged. */
  change(operate: Operate, random: Prng): Promise<void>;
  /** Reads all of it. Resolves to its size in bytes; rejects with a {@link Difference}. */
  check(operate: Operate): Promise<number>;
}

/** An acknowledged change is missing, or something is there that nobody wrote. */
export class Difference extends Error {
  override readonly name = 'Difference';
}

const linePattern = (object: string, n: number): Buffer => Buffer.alloc(64, `${object}#${n};`);

/**
 * Written as a whole again and again, now and then removed; its size follows from the version. What has been sent and
 * acknowledged is published, so that others can tell whether what they read was too old.
 */
export class Register implements RecordedObject {
  readonly object: string;
  readonly #publish: (sent: number, acknowledged: number) => void;
  #version = 0;

  constructor(object: string, publish: (sent: number, acknowledged: number) => void = () => undefined) {
    this.object = object;
    this.#publish = publish;
  }

  /** Whether the object is absent at this version: before the first, and after every eighth. */
  static absentAt(version: number): boolean {
    return version % 8 === 0;
  }

  static contentsOf(object: string, version: number): Buffer {
    return Buffer.alloc(sizeOf(version), `${object}@${version};`);
  }

  /** The version that a content claims to be. */
  static versionIn(object: string, contents: Uint8Array): number {
    const head = Buffer.from(contents.subarray(0, object.length + 20)).toString('latin1');
    if (!head.startsWith(`${object}@`)) throw new Difference(`${object} holds something else: ${JSON.stringify(head)}`);
    return Number.parseInt(head.slice(object.length + 1), 10);
  }

  async change(operate: Operate): Promise<void> {
    const version = this.#version + 1;
    this.#publish(version, this.#version);
    if (Register.absentAt(version)) await operate(this.object, [{ kind: 'remove' }]);
    else await operate(this.object, [{ kind: 'write-full', data: [Register.contentsOf(this.object, version)] }]);
    this.#version = version;
    this.#publish(version, version);
  }

  async check(operate: Operate): Promise<number> {
    const found = await readRegister(operate, this.object);
    if (found.version !== undefined ? found.version === this.#version : Register.absentAt(this.#version)) return found.bytes;
    throw new Difference(`${this.object} is ${found.version ?? 'absent'} and must be ${this.#version}`);
  }
}

/** What a register holds; no version when it is absent. Rejects when its contents are not whole. */
export async function readRegister(
  operate: Operate,
  object: string,
): Promise<{ readonly version: number | undefined; readonly bytes: number }> {
  const contents = await read(operate, object);
  if (contents === undefined) return { version: undefined, bytes: 0 };
  const version = Register.versionIn(object, contents);
  if (!contents.equals(Register.contentsOf(object, version))) throw new Difference(`${object} says it is ${version}, and is not whole`);
  return { version, bytes: contents.length };
}

/** From 64 bytes to 256 KiB, mostly small. */
function sizeOf(version: number): number {
  const scrambled = Math.imul(version, 0x9e3779b1) >>> 0;
  return 64 + (scrambled % (version % 11 === 3 ? 262_144 : version % 3 === 0 ? 16_384 : 2_048));
}

/** Blocks of 4 KiB that are overwritten anywhere, some at a time. */
export class Blocks implements RecordedObject {
  static readonly #count = 128;
  static readonly #bytes = 4096;
  readonly object: string;
  readonly #versions = new Uint32Array(Blocks.#count);
  #newest = 0;

  constructor(object: string) {
    this.object = object;
  }

  async change(operate: Operate, random: Prng): Promise<void> {
    const version = this.#newest + 1;
    const first = random.below(Blocks.#count);
    const count = Math.min(1 + random.below(16), Blocks.#count - first);
    const data = Array.from({ length: count }, (_, n) => this.#block(first + n, version));
    await operate(this.object, [{ kind: 'write', offset: first * Blocks.#bytes, data }]);
    this.#newest = version;
    this.#versions.fill(version, first, first + count);
  }

  async check(operate: Operate): Promise<number> {
    const contents = (await read(operate, this.object)) ?? Buffer.alloc(0);
    const size = (this.#versions.findLastIndex((version) => version > 0) + 1) * Blocks.#bytes;
    if (contents.length !== size) throw new Difference(`${this.object} has ${contents.length} bytes and must have ${size}`);
    for (let n = 0; n * Blocks.#bytes < size; n++) {
      const wanted = this.#block(n, this.#versions[n] as number);
      const found = contents.subarray(n * Blocks.#bytes, (n + 1) * Blocks.#bytes);
      if (!found.equals(wanted)) throw new Difference(`${this.object} block ${n} is ${start(found)} and must be ${start(wanted)}`);
    }
    return size;
  }

  #block(n: number, version: number): Buffer {
    return version === 0 ? Buffer.alloc(Blocks.#bytes) : Buffer.alloc(Blocks.#bytes, `${this.object}/${n}@${version};`);
  }
}

/** Lines appended one after another: each exactly once, in order. Begins again when it is long. */
export class Lines implements RecordedObject {
  static readonly #linesMax = 2000;
  readonly object: string;
  #count = 0;

  constructor(object: string) {
    this.object = object;
  }

  async change(operate: Operate): Promise<void> {
    if (this.#count >= Lines.#linesMax) {
      await operate(this.object, [{ kind: 'remove' }]);
      this.#count = 0;
      return;
    }
    const { results } = await operate(this.object, [{ kind: 'append', data: [linePattern(this.object, this.#count)] }]);
    const offset = results[0]?.offset;
    if (offset !== this.#count * 64)
      throw new Difference(`${this.object}: line ${this.#count} was appended at ${offset}, not ${this.#count * 64}`);
    this.#count++;
  }

  async check(operate: Operate): Promise<number> {
    const contents = (await read(operate, this.object)) ?? Buffer.alloc(0);
    if (contents.length !== this.#count * 64)
      throw new Difference(`${this.object} has ${contents.length / 64} lines and must have ${this.#count}`);
    for (let n = 0; n < this.#count; n++) {
      const found = contents.subarray(n * 64, (n + 1) * 64);
      if (!found.equals(linePattern(this.object, n))) throw new Difference(`${this.object} line ${n} is ${start(found)}`);
    }
    return contents.length;
  }
}

/** An ordered map whose entries are set and removed, with an xattr that counts the changes in the same operation. */
export class Entries implements RecordedObject {
  static readonly #keysMax = 500;
  readonly object: string;
  readonly #entries = new Map<string, string>();
  #changes = 0;

  constructor(object: string) {
    this.object = object;
  }

  async change(operate: Operate, random: Prng): Promise<void> {
    const changes = this.#changes + 1;
    const keys = [...new Set(Array.from({ length: 1 + random.below(5) }, () => `key-${random.below(Entries.#keysMax)}`))];
    const remove = random.chance(0.3);
    const value = `${this.object}@${changes}`.padEnd(20 + random.below(200), '.');
    const count: ObjectOperation = { kind: 'set-xattr', name: 'changes', value: Buffer.from(String(changes)) };
    const bytes = keys.map((key) => Buffer.from(key));
    if (remove) await operate(this.object, [count, { kind: 'omap-remove', keys: bytes }]);
    else await operate(this.object, [count, { kind: 'omap-set', entries: bytes.map((key) => ({ key, value: Buffer.from(value) })) }]);
    this.#changes = changes;
    for (const key of keys)
      if (remove) this.#entries.delete(key);
      else this.#entries.set(key, value);
  }

  async check(operate: Operate): Promise<number> {
    if (this.#changes === 0) return 0;
    const { results } = await operate(this.object, [
      { kind: 'get-xattr', name: 'changes' },
      { kind: 'omap-get-range', after: Buffer.alloc(0), maxEntries: 2 * Entries.#keysMax },
    ]);
    const changes = Number(Buffer.from(results[0]?.value ?? []).toString());
    if (changes !== this.#changes) throw new Difference(`${this.object} counts ${changes} changes and must count ${this.#changes}`);
    const found = new Map(
      (results[1]?.entries ?? []).map(({ key, value }) => [Buffer.from(key).toString(), Buffer.from(value).toString()]),
    );
    for (const key of new Set([...found.keys(), ...this.#entries.keys()])) {
      if (found.get(key) === this.#entries.get(key)) continue;
      throw new Difference(`${this.object} ${key} is ${found.get(key) ?? 'absent'} and must be ${this.#entries.get(key) ?? 'absent'}`);
    }
    return [...found].reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  }
}

async function read(operate: Operate, object: string): Promise<Buffer | undefined> {
  try {
    const { results } = await operate(object, [{ kind: 'read', offset: 0, length: 0 }]);
    return Buffer.concat(results[0]?.data ?? []);
  } catch (error) {
    if (toFsError(error).code === 'ENOENT') return undefined;
    throw error;
  }
}

function start(bytes: Uint8Array): string {
  return JSON.stringify(Buffer.from(bytes.subarray(0, 60)).toString('latin1'));
}
