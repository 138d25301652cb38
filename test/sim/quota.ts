/**
 * Files below a quota of bytes, which several clients fill and empty again: never is more there than may be, and nobody is refused while
 * there is room for what he asks.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { Prng } from '../../common/runtime/sim/prng.ts';
import type { OpenFile, Paths } from './paths.ts';

const bytesMax = 60_000;
const home = 'quota';

/** One file, and how long it is at least and at most: calls under way may have happened or not. */
class Bounded {
  readonly name: string;
  least = 0;
  most = 0;
  /** Calls under way that may make it longer. */
  growing = 0;

  constructor(name: string) {
    this.name = name;
  }
}

/** What all clients know together: the referee. */
export class QuotaDirectory {
  readonly #files: Bounded[] = [];
  /** Of each call under way, the most that there may have been since it began. */
  readonly #peaks = new Set<{ most: number }>();

  async setup(paths: Paths): Promise<void> {
    await paths.makeDirectory([home]);
    await paths.setXattr([home], 'nacre.quota.max_bytes', String(bytesMax));
  }

  async file(paths: Paths, name: string): Promise<Bounded> {
    await (await paths.create([home, name], true)).close();
    const file = new Bounded(name);
    this.#files.push(file);
    return file;
  }

  async grow(file: Bounded, from: number, to: number, write: () => Promise<void>): Promise<'written' | 'refused'> {
    const peak = { most: 0 };
    this.#peaks.add(peak);
    file.growing++;
    file.most = Math.max(file.most, to);
    this.#changed();
    try {
      await write();
      file.least = Math.max(file.least, to);
      this.#changed();
      return 'written';
    } catch (error) {
      if (!(error instanceof FsError) || error.code !== 'EDQUOT') throw error;
      if (peak.most <= bytesMax)
        throw new Error(`${file.name}: ${from} to ${to} is refused, though there were never more than ${peak.most} of ${bytesMax} bytes`, {
          cause: error,
        });
      return 'refused';
    } finally {
      this.#peaks.delete(peak);
      file.growing--;
      if (file.growing === 0) file.most = file.least;
    }
  }

  /** By its only user. */
  async cut(file: Bounded, size: number, truncate: () => Promise<void>): Promise<void> {
    file.least = 0;
    await truncate();
    file.least = size;
    file.most = size;
  }

  #changed(): void {
    let least = 0;
    let most = 0;
    for (const file of this.#files) {
      least += file.least;
      most += file.most;
    }
    if (least > bytesMax) throw new Error(`at least ${least} bytes are below a quota of ${bytesMax}`);
    for (const peak of this.#peaks) peak.most = Math.max(peak.most, most);
  }
}

/** One client's part in it: a file of its own, and one that all make longer. */
export class QuotaClient {
  readonly #directory: QuotaDirectory;
  readonly #paths: Paths;
  readonly #random: Prng;
  readonly #own: Bounded;
  readonly #shared: Bounded;
  readonly #open = new Map<Bounded, OpenFile>();

  constructor(directory: QuotaDirectory, own: Bounded, shared: Bounded, paths: Paths, random: Prng) {
    this.#directory = directory;
    this.#own = own;
    this.#shared = shared;
    this.#paths = paths;
    this.#random = random;
  }

  async step(): Promise<void> {
    const random = this.#random;
    const file = random.chance(0.15) && this.#shared.most < bytesMax / 4 ? this.#shared : this.#own;
    if (random.chance(0.1)) {
      await this.#open.get(file)?.close();
      this.#open.delete(file);
      return;
    }
    for (let writes = 1 + random.below(6); writes > 0; writes--) {
      if ((await this.#write(file)) === 'written') continue;
      await this.#cut(random.below(this.#own.least + 1));
      return;
    }
  }

  async #write(file: Bounded): Promise<'written' | 'refused'> {
    const random = this.#random;
    const open = await this.#opened(file);
    const from = random.chance(0.8) ? file.least : random.below(file.least + 1);
    const bytes = Buffer.alloc(1 + random.below(4_000), 7);
    return this.#directory.grow(file, from, from + bytes.length, () => open.write(from, bytes));
  }

  async #cut(size: number): Promise<void> {
    const open = await this.#opened(this.#own);
    await this.#directory.cut(this.#own, size, () => open.truncate(size));
  }

  async #opened(file: Bounded): Promise<OpenFile> {
    let open = this.#open.get(file);
    if (open === undefined) this.#open.set(file, (open = await this.#paths.open([home, file.name])));
    return open;
  }
}
