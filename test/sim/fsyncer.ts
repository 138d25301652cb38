/**
 * A client that is killed: what it had fsynced before must be there afterwards, byte for byte, name for name.
 * @module
 */
import type { Prng } from '../../common/runtime/sim/prng.ts';
import type { Paths } from './paths.ts';

export class Fsyncer {
  readonly #home: string;
  readonly #random: Prng;
  /** Content and owner at the last fsync of each file that has not been touched since. */
  readonly #durable = new Map<string, { readonly content: Buffer; readonly uid: number }>();
  /** Names that were taken away before the directory was fsynced. */
  readonly #gone = new Set<string>();
  #made = 0;
  #owner = 0;

  constructor(home: string, random: Prng) {
    this.#home = home;
    this.#random = random;
  }

  async setup(paths: Paths): Promise<void> {
    await paths.makeDirectory([this.#home]);
    // Else it may go with this client and the MDS, before there is anything in it that was promised.
    await paths.syncAll();
  }

  /** Makes or changes one file and fsyncs it; or renames or removes one, and fsyncs the directory. */
  async step(paths: Paths): Promise<void> {
    const old = [...this.#durable.keys()];
    if (old.length > 2 && this.#random.chance(0.2)) await this.#takeAway(paths, this.#random.pick(old));
    else await this.#write(paths, old);
  }

  /** By its name: by another one it may go on. */
  async #takeAway(paths: Paths, name: string): Promise<void> {
    const known = this.#durable.get(name);
    this.#durable.delete(name);
    const to = this.#random.chance(0.6) ? `file${++this.#made}` : undefined;
    if (to === undefined) await paths.unlink([this.#home, name]);
    else await paths.rename([this.#home, name], [this.#home, to]);
    await paths.syncDirectory([this.#home]);
    this.#gone.add(name);
    if (to !== undefined && known !== undefined) this.#durable.set(to, known);
  }

  async #write(paths: Paths, old: readonly string[]): Promise<void> {
    const rewrite = old.length > 0 && this.#random.chance(0.4);
    const name = rewrite ? this.#random.pick(old) : `file${++this.#made}`;
    const before = this.#durable.get(name)?.content ?? Buffer.alloc(0);
    this.#durable.delete(name); // uncertain until it is fsynced again
    const path = [this.#home, name];
    const file = rewrite ? await paths.open(path) : await paths.create(path, true);
    const bytes = Buffer.alloc(1 + this.#random.below(30_000), 1 + this.#random.below(250));
    const offset = this.#random.below(before.length + 1);
    const content = Buffer.alloc(Math.max(before.length, offset + bytes.length));
    before.copy(content);
    bytes.copy(content, offset);
    await file.write(offset, bytes);
    const uid = ++this.#owner;
    await file.change({ uid });
    await file.fsync();
    this.#durable.set(name, { content, uid });
    if (this.#random.chance(0.7)) await file.close();
  }

  /** By any client, at any time. */
  async check(paths: Paths): Promise<void> {
    // Those that are changed meanwhile need not be as they were.
    const durable = [...this.#durable];
    const isChanged = (name: string, known: object): boolean => this.#durable.get(name) !== known;
    const gone = [...this.#gone];
    const listed = new Set(await paths.list([this.#home]));
    for (const name of gone)
      if (listed.has(name)) throw new Error(`${this.#home}/${name} was taken away before its directory was fsynced, and is there again`);
    for (const [name, known] of durable) {
      if (isChanged(name, known)) continue;
      const { content, uid } = known;
      if (!listed.has(name)) throw new Error(`${this.#home}/${name} was fsynced and is gone`);
      const found = await paths.readWhole([this.#home, name]);
      if (!found.equals(content) && !isChanged(name, known))
        throw new Error(`${this.#home}/${name} was fsynced with ${content.length} bytes, and is different (${found.length} bytes)`);
      const owner = (await paths.attributes([this.#home, name])).uid;
      if (owner !== uid && !isChanged(name, known))
        throw new Error(`${this.#home}/${name} was fsynced with owner ${uid}, and has owner ${owner}`);
    }
  }
}
