/**
 * Files that several clients write, cut and read in turn, through handles that stay open: what a call sees when no
 * change overlaps it is exactly what the last change left, on whatever client that was made.
 * @module
 */
import type { Prng } from '../../common/runtime/sim/prng.ts';
import type { OpenFile, Paths } from './paths.ts';

const bytesMax = 30_000;

/** One such file, as it should be. */
class Tape {
  readonly name: string;
  content = Buffer.alloc(0);
  /** Changes begun so far; one at a time. */
  changes = 0;
  changing = false;

  constructor(name: string) {
    this.name = name;
  }
}

/** What all clients know together: the referee. */
export class Tapes {
  readonly all: readonly Tape[];

  constructor(count: number) {
    this.all = Array.from({ length: count }, (_, i) => new Tape(`tape${i}`));
  }

  /** By one client, before the others start. */
  async setup(paths: Paths): Promise<void> {
    for (const { name } of this.all) await (await paths.create([name], true)).close();
  }
}

/** One client's part in it. */
export class TapeClient {
  readonly #tapes: Tapes;
  readonly #client: string;
  readonly #paths: Paths;
  readonly #random: Prng;
  readonly #open = new Map<Tape, OpenFile>();

  constructor(tapes: Tapes, client: string, paths: Paths, random: Prng) {
    this.#tapes = tapes;
    this.#client = client;
    this.#paths = paths;
    this.#random = random;
  }

  async step(): Promise<void> {
    const random = this.#random;
    const tape = random.pick(this.#tapes.all);
    const roll = random.below(10);
    if (roll < 2) await this.#close(tape);
    else if (roll < 6 && !tape.changing) await this.#change(tape);
    else await this.#look(tape);
  }

  /** Every tape is as the last change left it. */
  async check(): Promise<void> {
    for (const tape of this.#tapes.all) await this.#look(tape);
  }

  async #change(tape: Tape): Promise<void> {
    const random = this.#random;
    tape.changing = true;
    tape.changes += 1;
    const file = await this.#file(tape);
    const { length } = tape.content;
    if (random.chance(0.3) || length > bytesMax) {
      const size = random.chance(0.3) ? 0 : random.below(Math.min(bytesMax, length + 500));
      await file.truncate(size);
      tape.content = Buffer.concat([tape.content.subarray(0, size), Buffer.alloc(Math.max(0, size - length))]);
    } else {
      const bytes = Buffer.alloc(1 + random.below(2_000), 1 + (tape.changes % 250));
      const offset = random.chance(0.5) ? length : random.below(length + 300);
      const content = Buffer.alloc(Math.max(length, offset + bytes.length));
      tape.content.copy(content);
      bytes.copy(content, offset);
      await file.write(offset, bytes);
      tape.content = content;
    }
    tape.changing = false;
  }

  async #look(tape: Tape): Promise<void> {
    const file = await this.#file(tape);
    const { changes, content, changing } = tape;
    const bySize = this.#random.chance(0.3);
    const seen = bySize ? await file.size() : await file.read(0, 2 * bytesMax);
    if (changing || tape.changes !== changes) return;
    const what = `${this.#client} looks at ${tape.name} (inode ${file.handle.ino}) after change ${changes}`;
    if (typeof seen === 'number') {
      if (seen !== content.length) throw new Error(`${what}: a size of ${seen}, not ${content.length}`);
    } else if (!seen.equals(content)) {
      const at = content.findIndex((byte, i) => seen[i] !== byte);
      throw new Error(`${what}: ${seen.length} bytes, not ${content.length}, different from ${at}`);
    }
  }

  async #file(tape: Tape): Promise<OpenFile> {
    let file = this.#open.get(tape);
    if (file === undefined) this.#open.set(tape, (file = await this.#paths.open([tape.name])));
    return file;
  }

  async #close(tape: Tape): Promise<void> {
    const file = this.#open.get(tape);
    this.#open.delete(tape);
    await file?.close();
  }
}
