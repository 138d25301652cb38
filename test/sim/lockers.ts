/**
 * File locks over few bytes of few files, by processes of several clients: fcntl locks of ranges, kept while others are waited
 * for, and flock; some waits are interrupted. Nobody may have what another has, every wait ends, nothing stays behind.
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { Prng } from '../../common/runtime/sim/prng.ts';
import type { Filesystem, LockWish } from '../../fuse-client/vfs/filesystem.ts';
import { LockType, wholeFile, type SessionLock } from '../../mds/client/index.ts';
import type { SimCluster } from './cluster.ts';
import type { OpenFile, Paths } from './paths.ts';

const files = ['lock0', 'lock1'];
const bytes = 6;

/** By one client, before the others start. */
export async function makeLockFiles(paths: Paths): Promise<void> {
  for (const name of files) await (await paths.create([name], true)).close();
}

/** Fails the cluster's world at the step after which two processes have locks that exclude each other. */
export function watchLocks({ world, clients }: Pick<SimCluster, 'world' | 'clients'>): void {
  world.afterEachStep((label) => {
    const stepped = label.slice(0, label.indexOf(':'));
    const client = clients.get(stepped);
    const own = client?.locks() ?? [];
    if (own.length === 0) return;
    for (const [name, other] of clients) {
      for (const lock of other === client ? own : other.locks())
        for (const mine of own)
          if (excludes(mine, lock) && (other !== client || mine.owner !== lock.owner))
            throw new Error(`${stepped} has ${shown(mine)} while ${name} has ${shown(lock)}`);
    }
  });
}

/** One process of a client: it waits for one lock at a time. */
export class Locker {
  readonly #filesystem: Filesystem;
  readonly #paths: Paths;
  readonly #owner: string;
  readonly #flock: boolean;
  readonly #random: Prng;
  readonly #sleep: (ms: number) => Promise<void>;
  readonly #open: (OpenFile | undefined)[] = files.map(() => undefined);

  constructor(filesystem: Filesystem, paths: Paths, owner: string, flock: boolean, world: SimCluster['world'], seed: string) {
    this.#filesystem = filesystem;
    this.#paths = paths;
    this.#owner = owner;
    this.#flock = flock;
    this.#random = world.fork(seed);
    this.#sleep = (ms) => world.sleep(ms);
  }

  async step(): Promise<void> {
    const random = this.#random;
    const file = random.below(files.length);
    const roll = random.below(10);
    if (roll < 5) await this.#lock(file);
    else if (roll < 8) await this.#set(file, LockType.none, false);
    else if (roll < 9) await this.close(file);
    else await this.#look(file);
    // Whoever waits with flock for one file while it holds another may wait for ever: nobody looks for circles there.
    if (this.#flock) for (const each of files.keys()) await this.#set(each, LockType.none, false);
  }

  /** It ends: whatever it holds goes. */
  async end(): Promise<void> {
    for (const file of files.keys()) await this.close(file);
  }

  async close(file: number): Promise<void> {
    const open = this.#open[file];
    this.#open[file] = undefined;
    if (open === undefined) return;
    if (!this.#flock) await this.#filesystem.flush(open.handle, this.#owner);
    await open.close();
  }

  /** All of a file, now or when those in the way let go. */
  async take(file: number): Promise<void> {
    await this.#filesystem.setLock((await this.#file(file)).handle, this.#wish(LockType.write, true, wholeFile));
  }

  async #lock(file: number): Promise<void> {
    const type = this.#random.chance(0.5) ? LockType.read : LockType.write;
    const wait = this.#random.chance(0.7);
    try {
      await this.#set(file, type, wait);
      await this.#sleep(this.#random.below(100));
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      if (error.code === 'EDEADLK') await this.end();
      else if (error.code !== 'EINTR' && (wait || error.code !== 'EAGAIN')) throw error;
    }
  }

  async #look(file: number): Promise<void> {
    const wish = this.#wish(LockType.write, false, this.#range());
    const found = await this.#filesystem.testLock((await this.#file(file)).handle, wish);
    if (found !== undefined && (found.start > wish.end || found.end < wish.start)) throw new Error('told of a lock that is not in the way');
  }

  async #set(file: number, type: LockType, wait: boolean): Promise<void> {
    const wish = this.#wish(type, wait, this.#flock ? wholeFile : this.#range());
    const { handle } = await this.#file(file);
    const abort = new AbortController();
    let over = false;
    if (wait && this.#random.chance(0.3))
      void this.#sleep(this.#random.below(200)).then(() => {
        if (!over) abort.abort();
      });
    try {
      await this.#filesystem.setLock(handle, wish, abort.signal);
    } finally {
      over = true;
    }
  }

  #wish(type: LockType, wait: boolean, range: { readonly start: bigint; readonly end: bigint }): LockWish {
    return { flock: this.#flock, owner: this.#owner, pid: 1, type, wait, ...range };
  }

  #range(): { readonly start: bigint; readonly end: bigint } {
    const start = this.#random.below(bytes);
    const end = start + this.#random.below(bytes - start);
    return { start: BigInt(start), end: end === bytes - 1 ? wholeFile.end : BigInt(end) };
  }

  async #file(file: number): Promise<OpenFile> {
    return (this.#open[file] ??= await this.#paths.open([files[file] as string]));
  }
}

/** Whoever comes last gets all locks: none stays behind. */
export async function checkFree(filesystem: Filesystem, paths: Paths, world: SimCluster['world']): Promise<void> {
  for (const flock of [false, true]) {
    const locker = new Locker(filesystem, paths, 'last', flock, world, `last/${String(flock)}`);
    for (const file of files.keys()) await locker.take(file);
    await locker.end();
  }
}

function excludes(one: SessionLock, other: SessionLock): boolean {
  return (
    one.ino === other.ino &&
    one.flock === other.flock &&
    (one.type === LockType.write || other.type === LockType.write) &&
    one.start <= other.end &&
    other.start <= one.end
  );
}

function shown({ ino, flock, owner, type, start, end }: SessionLock): string {
  return `${flock ? 'flock' : 'fcntl'} lock ${type} of ${owner} from ${start} to ${end} of inode ${ino}`;
}
