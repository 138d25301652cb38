/**
 * What a client leaves that is killed while it writes without fsync: afterwards what it had fsynced is there, and behind or
 * over that what it has written since or what was there before, zeros where neither was; what the file is made longer by is zeros. What has
 * been seen once stays.
 * @module
 */
import type { Prng } from '../../common/runtime/sim/prng.ts';
import { isZero } from '../support/zeros.ts';
import type { OpenFile, Paths } from './paths.ts';

const home = 'leavings';
const blockBytes = 4096;
const spaceUnit = 512;

interface Write {
  readonly from: number;
  readonly to: number;
  readonly byte: number;
}

/** One file, as far as it is certain, and what may have come to it. */
class Leaving {
  /** Undefined: it need not be there. */
  certain: Buffer | undefined;
  /** Since it was certain, oldest first. */
  writes: Write[] = [];
  /** As the life that opened it has it: a call of one that died may end after that, and opens nothing for the next. */
  opened: { readonly by: Paths; readonly file: OpenFile } | undefined;

  /** The longest that it may be. */
  get reach(): number {
    return this.writes.reduce((end, { to }) => Math.max(end, to), this.certain?.length ?? 0);
  }

  /** Content, if all writes have arrived. */
  get whole(): Buffer {
    const bytes = Buffer.alloc(this.reach);
    this.certain?.copy(bytes);
    for (const { from, to, byte } of this.writes) bytes.fill(byte, from, to);
    return bytes;
  }

  becomeCertain(bytes: Buffer): void {
    this.certain = bytes;
    this.writes = [];
  }
}

export class Leavings {
  readonly #random: Prng;
  readonly #files = new Map<string, Leaving>();
  #made = 0;
  #byte = 0;

  constructor(random: Prng) {
    this.#random = random;
  }

  async setup(paths: Paths): Promise<void> {
    await paths.makeDirectory([home]);
    // Small objects, several to a stripe: a file of some hundred KiB has many.
    const layout = this.#random.chance(0.5)
      ? 'stripe_unit=65536 stripe_count=1 object_size=65536'
      : 'stripe_unit=65536 stripe_count=3 object_size=131072';
    await paths.setXattr([home], 'ceph.dir.layout', layout);
    await paths.syncAll();
  }

  /** Writes somewhere into a file, by a client that will be killed. */
  async step(paths: Paths): Promise<void> {
    const [name, leaving] = this.#pick();
    if (leaving.opened?.by !== paths) {
      const isNew = leaving.certain === undefined && leaving.writes.length === 0;
      const file = isNew ? await paths.create([home, name], true) : await paths.open([home, name]);
      leaving.opened = { by: paths, file };
    }
    const { file } = leaving.opened;
    const from = this.#random.below(this.#random.chance(0.2) ? 3_000_000 : leaving.reach + 1);
    const length = 1 + this.#random.below(this.#random.chance(0.3) ? 1_200_000 : 60_000);
    this.#byte = 1 + (this.#byte % 250);
    leaving.writes.push({ from, to: from + length, byte: this.#byte });
    await file.write(from, Buffer.alloc(length, this.#byte));
    if (this.#random.chance(0.2)) {
      const { whole } = leaving;
      await file.fsync();
      leaving.becomeCertain(whole);
    }
    if (!this.#random.chance(0.4)) return;
    leaving.opened = undefined;
    await file.close();
  }

  /** The client that had them open is dead. */
  died(): void {
    for (const leaving of this.#files.values()) leaving.opened = undefined;
  }

  /** By another, when it is dead. */
  async check(paths: Paths): Promise<void> {
    const listed = new Set(await paths.list([home]));
    for (const [name, leaving] of [...this.#files]) {
      if (listed.has(name)) await this.#checkOne(paths, name, leaving);
      else if (leaving.certain !== undefined) throw new Error(`${home}/${name} was fsynced and is gone`);
      else this.#files.delete(name);
    }
  }

  async #checkOne(paths: Paths, name: string, leaving: Leaving): Promise<void> {
    const found = await paths.readWhole([home, name]);
    checkContent(name, leaving, found);
    const file = await paths.open([home, name]);
    const { size, blocks } = await file.attributes();
    const stored = await storedBytes(file, size);
    if (blocks * spaceUnit !== stored)
      throw new Error(`${home}/${name} has ${stored} bytes of data, and is said to have ${blocks * spaceUnit}`);
    const longer = size + 1 + this.#random.below(500_000);
    await file.truncate(longer);
    const grown = await file.read(size, longer - size);
    const at = isZero(grown) ? -1 : grown.findIndex((byte) => byte !== 0);
    if (at >= 0) throw new Error(`${home}/${name}, made longer from ${size} on, has ${grown[at]} at ${size + at}`);
    await file.fsync();
    await file.close();
    leaving.becomeCertain(Buffer.concat([found, Buffer.alloc(longer - size)]));
  }

  #pick(): [string, Leaving] {
    const names = [...this.#files.keys()];
    if (names.length < 6 && this.#random.chance(names.length === 0 ? 1 : 0.3)) {
      const leaving = new Leaving();
      const name = `left${++this.#made}`;
      this.#files.set(name, leaving);
      return [name, leaving];
    }
    const name = this.#random.pick(names);
    return [name, this.#files.get(name) as Leaving];
  }
}

function checkContent(name: string, { certain = Buffer.alloc(0), writes, reach }: Leaving, found: Buffer): void {
  const what = `${home}/${name}`;
  if (found.length < certain.length || found.length > reach)
    throw new Error(`${what} has ${found.length} bytes; ${certain.length} were fsynced, ${reach} written`);
  // By pieces in which the same writes count.
  const edges = [...new Set([0, certain.length, found.length, ...writes.flatMap(({ from, to }) => [from, to])])].sort((a, b) => a - b);
  for (const [n, from] of edges.entries()) {
    const to = Math.min(edges[n + 1] ?? 0, found.length);
    const written = new Set(writes.filter((write) => write.from <= from && from < write.to).map(({ byte }) => byte));
    const piece = found.subarray(from, to);
    // Most are whole: of one write, or as they were.
    if (piece.length === 0 || piece.equals(certain.subarray(from, to)) || (from >= certain.length && isZero(piece))) continue;
    if (written.has(piece[0] as number) && piece.equals(Buffer.alloc(piece.length, piece[0]))) continue;
    for (let at = from; at < to; at += 1) {
      const byte = found[at] as number;
      if (byte !== (certain[at] ?? 0) && !written.has(byte))
        throw new Error(
          `${what} has ${byte} at ${at}; ${certain[at] ?? 'nothing'} was there, ${[...written].join(', ') || 'nothing'} written`,
        );
    }
  }
}

/** Bytes that the OSDs have of the file, in whole blocks. */
async function storedBytes(file: OpenFile, size: number): Promise<number> {
  let bytes = 0;
  for (let at = await file.nextData(0); at < size; at = await file.nextData(at)) {
    const end = await file.nextHole(at);
    bytes += Math.ceil(end / blockBytes) * blockBytes - at;
    at = end;
  }
  return bytes;
}
