/**
 * Few names, and one file, that all clients change and look at whenever they like: every history must be one of calls that took effect one at a
 * time, each at some moment between its beginning and its end. So each has happened once, nobody sees what is over, and nobody who looks later sees less.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import { byteStringOf, type Ino } from '../../common/maps/ids.ts';
import type { Prng } from '../../common/runtime/sim/prng.ts';
import type { Filesystem, Handle, MaybePromise } from '../../fuse-client/vfs/filesystem.ts';
import { absent, nameModel, valueModel, type NameCall, type ValueCall } from './contest-models.ts';
import { History, undecided, type Call, type Model } from './osds/linearizable.ts';
import { Paths, type OpenFile } from './paths.ts';
import { record, recordBytes, versionIn } from './shared.ts';

const home = 'contest';
const names = ['a', 'b', 'c'] as const;
type Name = (typeof names)[number];
/** Directories that the names are in: the last of them has one of its own where there are several ranks, which may be with another. */
const together = 'names';
const apart = 'apart';
const file = [home, 'file'];
const sizes = [home, 'sizes'];
const who = { uid: 0, gid: 0, groups: [], pid: 1 };
const flagsReadWriteCreateExclusive = 0o302;
/** No two changes of a size set the same. */
const sizeStep = 7_919;
const sizesMax = 60_000;
/** Of a link or a look: the file, or the name, is not there. */
const gone: ReadonlySet<string> = new Set(['ENOENT', 'ESTALE']);

/** What all clients know together: the referee. */
export class Contest {
  readonly names = new History<NameCall>();
  readonly content = new History<ValueCall>();
  readonly size = new History<ValueCall>();
  readonly owner = new History<ValueCall>();
  /** Histories that leave too much open to be judged. */
  undecided = 0;
  readonly isApart: boolean;
  #values = 0;

  /** `isApart`: a name is in another directory than the others. */
  constructor(isApart: boolean) {
    this.isApart = isApart;
  }

  /** The directory that the name is in. */
  directoryOf(name: Name): string {
    return this.isApart && name === 'c' ? apart : together;
  }

  /** By one client, before the others start. */
  async setup(paths: Paths): Promise<void> {
    await paths.makeDirectory([home]);
    await paths.makeDirectory([home, together]);
    if (this.isApart) await paths.makeDirectory([home, apart]);
    const made = await paths.create(file, true);
    await made.write(0, record(0));
    await made.close();
    await (await paths.create(sizes, true)).close();
  }

  nextValue(): number {
    return ++this.#values;
  }

  /** When all calls have been answered. Throws when no order explains them. */
  check(): void {
    this.#explain('the names', this.names, nameModel);
    this.#explain('the content', this.content, valueModel);
    this.#explain('the size', this.size, valueModel);
    this.#explain('the owner', this.owner, valueModel);
  }

  #explain<State, Op>(what: string, history: History<Op>, model: Model<State, Op>): void {
    const violation = history.explain(model);
    if (violation === undecided) this.undecided += 1;
    else if (violation !== undefined) throw new Error(`contest, ${what}: ${violation}`);
  }
}

/** One client's part in it. */
export class Contestant {
  readonly #contest: Contest;
  readonly #client: string;
  readonly #filesystem: Filesystem;
  readonly #paths: Paths;
  readonly #random: Prng;
  readonly #nowMs: () => number;
  readonly #directories = new Map<string, Ino>();
  #file: OpenFile | undefined;

  constructor(contest: Contest, client: string, filesystem: Filesystem, random: Prng, nowMs: () => number) {
    this.#contest = contest;
    this.#client = client;
    this.#filesystem = filesystem;
    this.#paths = new Paths(filesystem);
    this.#random = random;
    this.#nowMs = nowMs;
  }

  async step(): Promise<void> {
    const roll = this.#random.below(20);
    if (roll < 3) await this.#create();
    else if (roll < 5) await this.#unlink();
    else if (roll < 7) await this.#rename();
    else if (roll < 9) await this.#lookAndLink();
    else if (roll < 11) await this.#look(this.#random.pick(names));
    else if (roll < 12) await this.#list();
    else await this.#value();
  }

  async #create(): Promise<void> {
    const name = this.#random.pick(names);
    const directory = await this.#parent(name);
    const op: NameCall = { kind: 'create', name, ino: 0 };
    let handle: Handle | undefined;
    await this.#named(op, async () => {
      const made = await this.#filesystem.create(who, directory, byteStringOf(name), 0o100644, flagsReadWriteCreateExclusive, 0o022);
      op.ino = made.attributes.ino;
      handle = made.handle;
    });
    if (handle === undefined) return;
    await this.#filesystem.release(handle);
    this.#filesystem.forget(op.ino as Ino, 1);
  }

  async #unlink(): Promise<void> {
    const name = this.#random.pick(names);
    const directory = await this.#parent(name);
    await this.#named({ kind: 'unlink', name }, () => this.#filesystem.unlink(who, directory, byteStringOf(name)));
  }

  async #rename(): Promise<void> {
    const [name, to] = [this.#random.pick(names), this.#random.pick(names)];
    if (name === to) return;
    const [directory, newDirectory] = [await this.#parent(name), await this.#parent(to)];
    await this.#named({ kind: 'rename', name, to }, () =>
      this.#filesystem.rename(who, directory, byteStringOf(name), newDirectory, byteStringOf(to), 0),
    );
  }

  /** How many names has what is found, and will it have one more? */
  async #lookAndLink(): Promise<void> {
    const ino = await this.#look(this.#random.pick(names), true);
    if (ino === undefined) return;
    const call = this.#begin(this.#contest.names, { kind: 'links', ino });
    const links = await orGone(async () => (await this.#filesystem.getAttributes(who, ino)).attributes.nlink);
    this.#end(this.#contest.names, call, String(links ?? 0));
    if (this.#random.chance(0.5)) {
      const to = this.#random.pick(names);
      const directory = await this.#parent(to);
      await this.#named({ kind: 'link', ino, to }, async () => {
        await this.#filesystem.link(who, ino, directory, byteStringOf(to));
        this.#filesystem.forget(ino, 1);
      });
    }
    this.#filesystem.forget(ino, 1);
  }

  /** Returns what it found. With `keep` the reference to that is the caller's. */
  async #look(name: Name, keep = false): Promise<Ino | undefined> {
    const directory = await this.#parent(name);
    const call = this.#begin(this.#contest.names, { kind: 'look', name });
    const found = await this.#filesystem.lookup(who, directory, byteStringOf(name));
    const ino = 'attributes' in found ? found.attributes.ino : undefined;
    this.#end(this.#contest.names, call, ino?.toString(16) ?? absent);
    if (ino !== undefined && !keep) this.#filesystem.forget(ino, 1);
    return ino;
  }

  /** Each name is there, or not, at some moment of the listing. */
  async #list(): Promise<void> {
    const directory = this.#contest.isApart && this.#random.chance(0.3) ? apart : together;
    const own = names.filter((name) => this.#contest.directoryOf(name) === directory);
    const calls = own.map((name) => this.#begin(this.#contest.names, { kind: 'list', name }));
    const listed = await this.#paths.list([home, directory]);
    if (new Set(listed).size !== listed.length) throw new Error(`${this.#client} is listed a name twice: ${listed.join(' ')}`);
    for (const [n, name] of own.entries())
      this.#end(this.#contest.names, calls[n] as Call<NameCall>, listed.includes(name) ? 'there' : absent);
  }

  /** Sets the content, the size or the owner of the file, or looks at it. */
  async #value(): Promise<void> {
    const contest = this.#contest;
    const sets = this.#random.chance(0.4);
    const value = sets ? contest.nextValue() : 0;
    switch (this.#random.below(3)) {
      case 0:
        if (sets) await this.#set(contest.content, value, () => this.#write(record(value)));
        else await this.#get(contest.content, () => this.#read());
        break;
      case 1: {
        const size = (value * sizeStep) % sizesMax;
        if (sets) await this.#set(contest.size, size, () => this.#paths.change(sizes, { size }));
        else await this.#get(contest.size, async () => (await this.#paths.attributes(sizes)).size);
        break;
      }
      default:
        if (sets) await this.#set(contest.owner, value, () => this.#paths.change(sizes, { uid: value }));
        else await this.#get(contest.owner, async () => (await this.#paths.attributes(sizes)).uid);
    }
  }

  async #write(bytes: Buffer): Promise<void> {
    await (await this.#opened()).write(0, bytes);
    await this.#maybeClose();
  }

  async #read(): Promise<number> {
    const bytes = await (await this.#opened()).read(0, recordBytes);
    const version = versionIn(bytes);
    if (version === undefined) throw new Error(`${this.#client} reads a torn ${file.join('/')}: ${bytes.toString('latin1')}`);
    await this.#maybeClose();
    return version;
  }

  /** Often from before others wrote to it. */
  async #opened(): Promise<OpenFile> {
    return (this.#file ??= await this.#paths.open(file));
  }

  async #maybeClose(): Promise<void> {
    if (this.#random.chance(0.5)) return;
    const open = this.#file;
    this.#file = undefined;
    await open?.close();
  }

  async #set(history: History<ValueCall>, value: number, set: () => Promise<void>): Promise<void> {
    const call = this.#begin(history, { kind: 'set', value });
    await set();
    this.#end(history, call, 'ok');
  }

  async #get(history: History<ValueCall>, get: () => Promise<number>): Promise<void> {
    const call = this.#begin(history, { kind: 'get' });
    this.#end(history, call, String(await get()));
  }

  /** A change of names, and how it ended. */
  async #named(op: NameCall, change: () => MaybePromise<void>): Promise<void> {
    const call = this.#begin(this.#contest.names, op);
    let result = 'ok';
    try {
      await change();
    } catch (error) {
      if (!(error instanceof FsError) || !refusals[op.kind].has(error.code)) throw error;
      result = op.kind === 'link' ? 'refused' : error.code;
    }
    this.#end(this.#contest.names, call, result);
  }

  #begin<Op>(history: History<Op>, op: Op): Call<Op> {
    return history.begin(this.#client, op, this.#nowMs());
  }

  #end<Op>(history: History<Op>, call: Call<Op>, result: string): void {
    history.end(call, result, this.#nowMs());
  }

  async #parent(of: Name): Promise<Ino> {
    const directory = this.#contest.directoryOf(of);
    const known = this.#directories.get(directory);
    if (known !== undefined) return known;
    // As by a process that works there: the reference is kept.
    let at = this.#filesystem.root;
    for (const name of [home, directory]) {
      const found = await this.#filesystem.lookup(who, at, byteStringOf(name));
      if (!('attributes' in found)) throw new Error(`there is no ${name}`);
      at = found.attributes.ino;
    }
    this.#directories.set(directory, at);
    return at;
  }
}

const refusals: Readonly<Record<NameCall['kind'], ReadonlySet<string>>> = {
  create: new Set(['EEXIST']),
  unlink: new Set([absent]),
  rename: new Set([absent]),
  link: new Set([...gone, 'EEXIST']),
  look: new Set(),
  list: new Set(),
  links: new Set(),
};

async function orGone<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (!gone.has(toFsError(error).code)) throw error;
    return undefined;
  }
}
