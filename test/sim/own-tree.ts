/**
 * One client's work in a directory of its own: random calls, each compared with the model at once.
 *
 * Nobody else touches the directory, and this client is never crashed; so whatever happens to the daemons,
 * every call must return what the model returns, late at worst.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { Prng } from '../../common/runtime/sim/prng.ts';
import { ModelTree, resizeModel, writeModel, type ModelDirectory, type ModelFile, type ModelNode, type ModelPath } from './model-tree.ts';
import type { Paths } from './paths.ts';
import { type OpenFile } from './paths.ts';

const names = ['a', 'b', 'c', 'd', 'e'] as const;
const stripe = 4 * 1024 * 1024;

interface OpenPair {
  readonly real: OpenFile;
  readonly model: ModelFile;
}

export class OwnTree {
  readonly model = new ModelTree();
  readonly home: ModelPath;
  /** What it does, newest last, for a failure's report. */
  readonly history: string[] = [];
  #paths: Paths;
  readonly #random: Prng;
  readonly #open: OpenPair[] = [];

  constructor(home: string, paths: Paths, random: Prng) {
    this.home = [home];
    this.#paths = paths;
    this.#random = random;
  }

  async setup(): Promise<void> {
    await this.#paths.makeDirectory(this.home);
  }

  /** One random call. */
  async step(): Promise<void> {
    const random = this.#random;
    const roll = random.below(100);
    if (roll < 14) await this.#create();
    else if (roll < 34) await this.#writeOpen();
    else if (roll < 46) await this.#readOpen();
    else if (roll < 48) await (random.chance(0.5) ? this.#truncate() : this.#chmod());
    else if (roll < 50) await this.#copy();
    else if (roll < 52) await this.#punch();
    else if (roll < 58) await this.#fsync();
    else if (roll < 63) await this.#close();
    else if (roll < 69)
      await this.#namespace(
        'mkdir',
        (model, path) => model.makeDirectory(path),
        (path) => this.#paths.makeDirectory(path),
      );
    else if (roll < 73)
      await this.#namespace(
        'rmdir',
        (model, path) => model.removeDirectory(path),
        (path) => this.#paths.removeDirectory(path),
      );
    else if (roll < 79)
      await this.#namespace(
        'unlink',
        (model, path) => model.unlink(path),
        (path) => this.#paths.unlink(path),
      );
    else if (roll < 86)
      await this.#two(
        'rename',
        (model, from, to) => model.rename(from, to),
        (from, to) => this.#paths.rename(from, to),
      );
    else if (roll < 89)
      await this.#two(
        'link',
        (model, from, to) => model.link(from, to),
        (from, to) => this.#paths.link(from, to),
      );
    else if (roll < 91)
      await this.#namespace(
        'symlink',
        (model, path) => model.symlink(path, 'target'),
        (path) => this.#paths.symlink(path, 'target'),
      );
    else if (roll < 94) await this.#open1();
    else if (roll < 98) await this.#list();
    else await this.compare(this.#randomPath(1));
  }

  /** Everything below `path` (default: all) equals the model, also as seen through `paths`. */
  async compare(path: ModelPath = [], paths: Paths = this.#paths): Promise<void> {
    let node: ModelNode;
    try {
      node = this.model.find(path);
    } catch {
      return;
    }
    await this.#compareNode(path, node, paths);
  }

  /** What the filesystem has counted below it, everything having been told: each name once, each file's bytes once. */
  async compareCounts(paths: Paths): Promise<void> {
    const { bytes, files, subdirs } = countsBelow(this.model.root, new Set());
    const where = this.home.join('/');
    same(`${where}: bytes counted`, await paths.counted(this.home, 'rbytes'), bytes);
    same(`${where}: files counted`, await paths.counted(this.home, 'rfiles'), files);
    same(`${where}: directories counted`, await paths.counted(this.home, 'rsubdirs'), subdirs);
  }

  async finish(): Promise<void> {
    while (this.#open.length > 0) await this.#close(0);
  }

  async #compareNode(path: ModelPath, node: ModelNode, paths: Paths): Promise<void> {
    const real = [...this.home, ...path];
    const where = real.join('/');
    const attributes = await paths.attributes(real);
    if (node.kind === 'directory') {
      same(`${where}: names`, (await paths.list(real)).join(' '), [...node.names.keys()].sort().join(' '));
      for (const [name, child] of node.names) await this.#compareNode([...path, name], child, paths);
    } else if (node.kind === 'symlink') same(`${where}: target`, await paths.readLink(real), node.target);
    else {
      same(`${where}: size`, attributes.size, node.data.length);
      same(`${where}: links`, attributes.nlink, node.links);
      same(`${where}: mode`, attributes.mode & 0o7777, node.mode);
      sameBytes(where, await paths.readWhole(real), node.data, 0);
    }
  }

  async #create(): Promise<void> {
    const path = this.#randomPath(3);
    const exclusive = this.#random.chance(0.3);
    await this.#both(
      `create ${path.join('/')}${exclusive ? ' exclusively' : ''}`,
      () => this.model.create(path, exclusive),
      () => this.#paths.create([...this.home, ...path], exclusive),
      (model, real) => this.#hold({ model, real }),
    );
  }

  async #open1(): Promise<void> {
    const path = this.#randomPath(3);
    await this.#both(
      `open ${path.join('/')}`,
      () => this.model.file(path),
      () => this.#paths.open([...this.home, ...path]),
      (model, real) => this.#hold({ model, real }),
    );
  }

  async #hold(pair: OpenPair): Promise<void> {
    this.#open.push(pair);
    if (this.#open.length > 6) await this.#close(0);
  }

  #pick(): OpenPair | undefined {
    return this.#open.length === 0 ? undefined : this.#random.pick(this.#open);
  }

  async #writeOpen(): Promise<void> {
    const pair = this.#pick();
    if (pair === undefined) return this.#create();
    const random = this.#random;
    const bytes = Buffer.alloc(1 + random.below(random.chance(0.2) ? 20_000 : 600), 1 + random.below(250));
    const across = random.chance(0.02) ? stripe - random.below(500) : 0;
    const offset = random.chance(0.4) ? pair.model.data.length : across + random.below(8_000);
    this.#note(`write ${pair.real.handle.ino} ${bytes.length} at ${offset}`);
    const copy = Buffer.from(bytes);
    await pair.real.write(offset, bytes);
    writeModel(pair.model, offset, copy);
  }

  async #readOpen(): Promise<void> {
    const pair = this.#pick();
    if (pair === undefined) return this.#open1();
    const { data } = pair.model;
    const offset = this.#random.below(data.length + 10);
    const length = 1 + this.#random.below(10_000);
    this.#note(`read ${pair.real.handle.ino} ${length} at ${offset}`);
    sameBytes(`inode ${pair.real.handle.ino}`, await pair.real.read(offset, length), data.subarray(offset, offset + length), offset);
  }

  async #truncate(): Promise<void> {
    const pair = this.#pick();
    if (pair === undefined) return;
    const size = this.#random.chance(0.3) ? 0 : this.#random.below(pair.model.data.length + 3_000);
    this.#note(`truncate ${pair.real.handle.ino} to ${size}`);
    await pair.real.truncate(size);
    resizeModel(pair.model, size);
    same('size after truncate', await pair.real.size(), size);
  }

  async #chmod(): Promise<void> {
    const pair = this.#pick();
    if (pair === undefined) return;
    const mode = this.#random.below(0o10000);
    this.#note(`chmod ${pair.real.handle.ino} to ${mode.toString(8)}`);
    await pair.real.change({ mode });
    pair.model.mode = mode;
    same('mode after chmod', (await pair.real.attributes()).mode & 0o7777, mode);
  }

  /** Copies between two open files, or within one. */
  async #copy(): Promise<void> {
    const from = this.#pick();
    const to = this.#pick();
    if (from === undefined || to === undefined) return;
    const random = this.#random;
    const offset = random.below(from.model.data.length + 10);
    const length = 1 + random.below(random.chance(0.3) ? 5 * 1024 * 1024 : 20_000);
    const at = random.chance(0.5) ? random.below(8_000) : to.model.data.length;
    const count = Math.max(0, Math.min(length, from.model.data.length - offset));
    const overlaps = from.model === to.model && at < offset + count && offset < at + count;
    this.#note(`copy ${count} of ${from.real.handle.ino} at ${offset} to ${to.real.handle.ino} at ${at}`);
    if (overlaps) return;
    // A file that is copied onto its own end grows meanwhile.
    same('bytes copied', await from.real.copyTo(offset, to.real, at, from.model === to.model ? count : length), count);
    if (count > 0) writeModel(to.model, at, Buffer.from(from.model.data.subarray(offset, offset + count)));
  }

  /** Punches a hole, or zeros a range, and looks at where data is found afterwards. */
  async #punch(): Promise<void> {
    const pair = this.#pick();
    if (pair === undefined) return;
    const random = this.#random;
    const { data } = pair.model;
    const offset = random.below(data.length + 10);
    const length = 1 + random.below(random.chance(0.3) ? 5 * 1024 * 1024 : 20_000);
    const grows = random.chance(0.2);
    this.#note(`${grows ? 'zero' : 'punch'} ${length} of ${pair.real.handle.ino} at ${offset}`);
    await pair.real.allocate(grows ? 16 : 3, offset, length);
    if (grows && offset + length > data.length) resizeModel(pair.model, offset + length);
    pair.model.data.fill(0, Math.min(offset, pair.model.data.length), Math.min(pair.model.data.length, offset + length));
    await this.#checkHoles(pair);
  }

  /** No byte of data lies in what is said to be a hole, and no file with data has no blocks. */
  async #checkHoles({ real, model }: OpenPair): Promise<void> {
    const from = this.#random.below(model.data.length + 1);
    const found = await real.nextData(from);
    const hole = model.data.subarray(from, found);
    if (hole.some((byte) => byte !== 0)) throw new Error(`inode ${real.handle.ino}: data between ${from} and ${found}, said to be a hole`);
    if (model.data.some((byte) => byte !== 0) && (await real.blocks()) === 0)
      throw new Error(`inode ${real.handle.ino}: data, and no blocks`);
  }

  async #fsync(): Promise<void> {
    const pair = this.#pick();
    if (pair === undefined) return;
    this.#note(`fsync ${pair.real.handle.ino}`);
    await pair.real.fsync();
  }

  async #close(index = this.#random.below(Math.max(1, this.#open.length))): Promise<void> {
    const [pair] = this.#open.splice(index, 1);
    if (pair === undefined) return;
    this.#note(`close ${pair.real.handle.ino}`);
    await pair.real.close();
  }

  async #list(): Promise<void> {
    const path = this.#randomPath(2).slice(0, -1);
    await this.#both(
      `list ${path.join('/')}`,
      () => {
        const node = this.model.find(path);
        if (node.kind !== 'directory') throw new FsError('ENOTDIR', 'no directory');
        return [...node.names.keys()].sort().join(' ');
      },
      async () => {
        const real = [...this.home, ...path];
        const { mode } = await this.#paths.attributes(real);
        if ((mode & 0o170000) !== 0o040000) throw new FsError('ENOTDIR', 'no directory');
        return (await this.#paths.list(real)).join(' ');
      },
      (wanted, found) => same(`names in ${path.join('/')}`, found, wanted),
    );
  }

  async #namespace(
    what: string,
    inModel: (model: ModelTree, path: ModelPath) => void,
    inReal: (path: ModelPath) => Promise<void>,
  ): Promise<void> {
    const path = this.#randomPath(3);
    await this.#both(
      `${what} ${path.join('/')}`,
      () => inModel(this.model, path),
      () => inReal([...this.home, ...path]),
      () => undefined,
    );
  }

  async #two(
    what: string,
    inModel: (model: ModelTree, from: ModelPath, to: ModelPath) => void,
    inReal: (from: ModelPath, to: ModelPath) => Promise<void>,
  ): Promise<void> {
    const from = this.#randomPath(3);
    const to = this.#randomPath(3);
    // The kernel itself sorts these out before it asks a filesystem.
    if (isPrefix(from, to) || isPrefix(to, from)) return;
    if (what === 'link' && (kindAt(this.model, from) ?? 'file') !== 'file') return;
    await this.#both(
      `${what} ${from.join('/')} to ${to.join('/')}`,
      () => inModel(this.model, from, to),
      () => inReal([...this.home, ...from], [...this.home, ...to]),
      () => undefined,
    );
  }

  /** Calls the real thing, then the model; both succeed or both fail with the same code. */
  async #both<M, R>(
    what: string,
    inModel: () => M,
    inReal: () => Promise<R>,
    then: (model: M, real: R) => void | Promise<void>,
  ): Promise<void> {
    this.#note(what);
    let real: { readonly value: R } | { readonly code: string };
    try {
      real = { value: await inReal() };
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      real = { code: toFsError(error).code };
    }
    let model: M;
    try {
      model = inModel();
    } catch (error) {
      same(what, 'code' in real ? real.code : 'success', toFsError(error).code);
      return;
    }
    same(what, 'code' in real ? real.code : 'success', 'success');
    if ('value' in real) await then(model, real.value);
  }

  #randomPath(depthMax: number): ModelPath {
    return Array.from({ length: 1 + this.#random.below(depthMax) }, () => this.#random.pick(names));
  }

  #note(what: string): void {
    this.history.push(what);
    if (this.history.length > 400) this.history.splice(0, 200);
  }
}

function isPrefix(short: ModelPath, long: ModelPath): boolean {
  return short.length <= long.length && short.every((name, i) => long[i] === name);
}

function kindAt(model: ModelTree, path: ModelPath): ModelNode['kind'] | undefined {
  try {
    return model.find(path).kind;
  } catch {
    return undefined;
  }
}

function same(what: string, found: string | number, wanted: string | number): void {
  if (found !== wanted) throw new Error(`${what}: found ${JSON.stringify(found)}, the model says ${JSON.stringify(wanted)}`);
}

function sameBytes(what: string, found: Buffer, wanted: Buffer, offset: number): void {
  if (found.equals(wanted)) return;
  let at = 0;
  while (at < found.length && at < wanted.length && found[at] === wanted[at]) at += 1;
  throw new Error(
    `${what}: differs at ${offset + at}: found ${found[at] ?? 'the end'}, the model says ${wanted[at] ?? 'the end'} (${found.length} and ${wanted.length} bytes)`,
  );
}

function countsBelow(directory: ModelDirectory, seen: Set<ModelNode>): { bytes: number; files: number; subdirs: number } {
  const sum = { bytes: 0, files: 0, subdirs: 0 };
  for (const node of directory.names.values()) {
    if (node.kind === 'directory') {
      const { bytes, files, subdirs } = countsBelow(node, seen);
      sum.bytes += bytes;
      sum.files += files;
      sum.subdirs += subdirs + 1;
      continue;
    }
    sum.files += 1;
    // Symbolic links hold no data.
    if (node.kind === 'file' && !seen.has(node)) sum.bytes += node.data.length;
    seen.add(node);
  }
  return sum;
}
