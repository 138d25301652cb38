/**
 * A directory that one client has mostly to itself, so that it changes names there ahead of the MDS; now and then another looks, or
 * makes something there, the moment a call has returned: each sees exactly what has been done.
 * @module
 */
import type { Prng } from '../../common/runtime/sim/prng.ts';
import type { Paths } from './paths.ts';

const namesMax = 12;
const burstMax = 12;

export class LoneDirectory {
  readonly #home: string;
  readonly #owner: Paths;
  readonly #others: readonly Paths[];
  readonly #random: Prng;
  /** Inode and kind behind each name; directories are empty. */
  readonly #names = new Map<string, { readonly ino: number; readonly kind: 'file' | 'directory' }>();

  /** `others`: the filesystem as other clients see it. */
  constructor(home: string, owner: Paths, others: readonly Paths[], random: Prng) {
    this.#home = home;
    this.#owner = owner;
    this.#others = others;
    this.#random = random;
  }

  async setup(): Promise<void> {
    await this.#owner.makeDirectory([this.#home]);
  }

  async step(): Promise<void> {
    const random = this.#random;
    for (let changes = 1 + random.below(burstMax); changes > 0; changes--) await this.#change(this.#owner);
    if (random.chance(0.2)) await this.check(this.#owner);
    if (!random.chance(0.3)) return;
    const other = random.pick(this.#others);
    if (random.chance(0.5)) await this.#lookUp(other);
    else await this.check(other);
    if (!random.chance(0.3)) return;
    await this.#change(other);
    await this.check(this.#owner);
  }

  /** All of it, as `paths` sees it. */
  async check(paths: Paths): Promise<void> {
    const listed = (await paths.list([this.#home])).sort();
    const expected = [...this.#names.keys()].sort();
    if (listed.join() !== expected.join()) throw new Error(`${this.#home} has ${listed.join()} instead of ${expected.join()}`);
    const { nlink } = await paths.attributes([this.#home]);
    const directories = [...this.#names.values()].filter(({ kind }) => kind === 'directory').length;
    if (nlink !== 2 + directories) throw new Error(`${this.#home} has ${nlink} links, and ${directories} directories in it`);
  }

  async #lookUp(paths: Paths): Promise<void> {
    const name = this.#name();
    const expected = this.#names.get(name)?.ino;
    const found = await paths.attributes([this.#home, name]).then(
      ({ ino }) => ino,
      (error: unknown) => {
        if ((error as { readonly code?: string }).code === 'ENOENT') return undefined;
        throw error;
      },
    );
    if (found !== expected) throw new Error(`${this.#home}/${name} is inode ${found ?? 'none'} instead of ${expected ?? 'none'}`);
  }

  async #change(paths: Paths): Promise<void> {
    const random = this.#random;
    const name = this.#name();
    const path = [this.#home, name];
    const there = this.#names.get(name);
    if (there === undefined) {
      const kind = random.chance(0.3) ? 'directory' : 'file';
      if (kind === 'directory') await paths.makeDirectory(path);
      else await (await paths.create(path, random.chance(0.5))).close();
      this.#names.set(name, { ino: (await paths.attributes(path)).ino, kind });
    } else if (random.chance(0.5)) {
      await (there.kind === 'directory' ? paths.removeDirectory(path) : paths.unlink(path));
      this.#names.delete(name);
    } else {
      const to = this.#name();
      const victim = this.#names.get(to);
      if (to === name || (victim !== undefined && victim.kind !== there.kind)) return;
      await paths.rename(path, [this.#home, to]);
      this.#names.delete(name);
      this.#names.set(to, there);
    }
  }

  #name(): string {
    return `n${this.#random.below(namesMax)}`;
  }
}
