/**
 * What hosts do to one log, to names, under locks and through mappings: a {@link Story} each.
 * @module
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Story, patienceMs } from './story.ts';
import { Worker } from './worker.ts';

/** Services append to one log; others follow it. */
export class Log extends Story {
  readonly #writers = new Map<string, Worker>();
  readonly #followers: Worker[] = [];

  protected override prepare(folder: string): void {
    writeFileSync(join(folder, 'log'), '');
  }

  protected override programs(folder: string, name: string): readonly Worker[] {
    const path = join(folder, 'log');
    const writers = [`${name}a`, `${name}b`].map((writer) => {
      const worker = new Worker(name, 'append', path, writer);
      this.#writers.set(writer, worker);
      return worker;
    });
    const follower = new Worker(name, 'follow', path, name);
    this.#followers.push(follower);
    return [...writers, follower];
  }

  protected override async stop(): Promise<void> {
    // What has been appended by then is to be read by who follows.
    await Promise.all([...this.#writers.values()].filter(({ isDoomed }) => !isDoomed).map((writer) => writer.stop(patienceMs)));
    await super.stop();
  }

  protected override async judge(folder: string): Promise<readonly string[]> {
    const reader = new Worker('judge', 'follow', join(folder, 'log'), `judge in ${folder}`);
    await reader.stop(patienceMs);
    return [...reader.wrong, ...this.#judgeReader(reader)];
  }

  protected override judgeAll(): readonly string[] {
    return this.#followers.filter(({ isDoomed }) => !isDoomed).flatMap((follower) => this.#judgeReader(follower));
  }

  #judgeReader(reader: Worker): readonly string[] {
    const [next, zeros] = (reader.heard('read')[0] ?? [{}, 0]) as [Readonly<Record<string, number>>, number];
    const doomed = [...this.#writers.values()].filter(({ isDoomed }) => isDoomed).length;
    const missing = [...this.#writers].flatMap(([writer, { did, isDoomed }]) => {
      const found = next[writer] ?? 0;
      // Of one that died, one more may have been written than it was told.
      return found === did.length || (isDoomed && found === did.length + 1)
        ? []
        : [`${reader.name}: ${found} records of ${writer}, which has appended ${did.length}`];
    });
    return [...missing, ...(zeros > doomed ? [`${reader.name}: ${zeros} empty records, of ${doomed} writers that died`] : [])];
  }
}

const kept = Array.from({ length: 40 }, (_, i) => `kept-${i}`);
const made = ['file', 'folder', 'link', 'symlink'];
const removed = ['unlink', 'rmdir'];

/** Everybody makes, moves and removes the same names: each time one is the first. */
export class Names extends Story {
  protected override prepare(folder: string): void {
    for (const name of kept) writeFileSync(join(folder, name), '');
    for (const name of [...made, 'gone']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'turn-0'), '');
  }

  protected override programs(folder: string, name: string): readonly Worker[] {
    return [new Worker(name, 'race', folder, name, kept)];
  }

  protected override judge(folder: string): Promise<readonly string[]> {
    const names = readdirSync(folder);
    const turns = names.filter((name) => name.startsWith('turn-'));
    const others = names.filter((name) => !turns.includes(name));
    const turned = this.#firsts('turn').size;
    const turn = Number(turns[0]?.slice(5));
    return Promise.resolve([
      ...(others.sort().join() === [...kept, ...made, 'gone'].sort().join() ? [] : [`${folder} lists ${others.join()}`]),
      // Who died may have moved it without being told.
      ...(turns.length === 1 && turn >= turned && turn <= turned + this.dead.length
        ? []
        : [`${folder} has ${turns.join()} after ${turned} turns`]),
      ...made.flatMap((kind) => {
        const found = new Set(readdirSync(join(folder, kind)).map(Number));
        const firsts = this.#firsts(kind);
        const lost = [...firsts.keys()].filter((number) => !found.has(number));
        const unknown = [...found].filter((number) => !firsts.has(number));
        return [
          ...(lost.length > 0 ? [`${folder}/${kind} lacks ${lost.join()}`] : []),
          ...(unknown.length > this.dead.length ? [`${folder}/${kind} has ${unknown.join()}, which nobody has made`] : []),
        ];
      }),
    ]);
  }

  protected override judgeAll(): readonly string[] {
    return [...made, ...removed, 'turn'].flatMap((kind) => {
      const firsts = this.#firsts(kind);
      const twice = [...firsts].filter(([, workers]) => workers.length > 1 && !workers.some((worker) => this.#lost(worker, kind, firsts)));
      const missing = Array.from({ length: Math.max(-1, ...firsts.keys()) + 1 }, (_, number) => number).filter(
        (number) => !firsts.has(number),
      );
      return [
        ...twice.map(([number, workers]) => `${kind} ${number}: first were ${workers.map(({ name }) => name).join(' and ')}`),
        ...(!removed.includes(kind) && missing.length > this.dead.length ? [`${kind} ${missing.join()}: nobody was first`] : []),
      ];
    });
  }

  /** Whether it died before what it had done was synced or seen: then all that it did of that kind from then on is done by others too. */
  #lost(worker: Worker, kind: string, firsts: ReadonlyMap<number, readonly Worker[]>): boolean {
    if (!worker.isDoomed) return false;
    const numbers = numbersOf(worker, kind);
    const from = numbers.findIndex((number) => (firsts.get(number) ?? []).length > 1);
    return numbers.slice(from).every((number) => (firsts.get(number) ?? []).length > 1);
  }

  /** Who was the first at which. */
  #firsts(kind: string): ReadonlyMap<number, readonly Worker[]> {
    const firsts = new Map<number, Worker[]>();
    for (const worker of this.workers)
      for (const number of numbersOf(worker, kind)) firsts.set(number, [...(firsts.get(number) ?? []), worker]);
    return firsts;
  }
}

function numbersOf({ did }: Worker, kind: string): readonly number[] {
  return did.filter(([what]) => what === kind).map(([, number]) => number as number);
}

const kinds = ['fcntl', 'flock', 'ofd'];
/** Every so many it syncs what it has written (work.py). */
const syncEvery = 4;
const places = [0, 5_000_000];

/** Everybody adds one to numbers, under a lock: one number for each kind of lock. */
export class Counters extends Story {
  protected override prepare(folder: string): void {
    for (const kind of kinds) {
      writeFileSync(join(folder, kind), Buffer.alloc((places[1] as number) + 8));
      writeFileSync(join(folder, `${kind}-2`), Buffer.alloc(8));
    }
  }

  protected override programs(folder: string, name: string): readonly Worker[] {
    return kinds.map((kind) => new Worker(`${name} ${kind}`, 'count', join(folder, kind), name, kind));
  }

  protected override judge(folder: string): Promise<readonly string[]> {
    return Promise.resolve(
      kinds.flatMap((kind) => {
        const data = readFileSync(join(folder, kind));
        const found = [...places.map((place) => data.readBigUInt64BE(place)), readFileSync(join(folder, `${kind}-2`)).readBigUInt64BE()];
        const last = Math.max(0, ...this.#countedBy(kind).keys());
        // Who died may have added one without having been told.
        const right = found.every((each) => each >= last && each <= last + this.#dead(kind).length);
        return right ? [] : [`${folder}/${kind} has ${found.join()} after ${last}`];
      }),
    );
  }

  protected override judgeAll(): readonly string[] {
    return kinds.flatMap((kind) => {
      const counted = this.#countedBy(kind);
      const last = Math.max(0, ...counted.keys());
      const missing = Array.from({ length: last }, (_, i) => i + 1).filter((number) => !counted.has(number));
      const twice = [...counted].filter(([number, workers]) => workers.length > 1 && !workers.some((worker) => maybeLost(worker, number)));
      const torn = new Set(
        this.workers
          .filter(({ name }) => name.endsWith(kind))
          .flatMap((worker) => worker.heard('torn').map((each) => JSON.stringify(each))),
      );
      return [
        ...(missing.length > this.#dead(kind).length ? [`${kind}: nobody has counted ${missing.join()}`] : []),
        ...twice.map(([number, workers]) => `${kind}: ${number} was counted by ${workers.map(({ name }) => name).join(' and ')}`),
        // Who dies between two of them leaves one such state: the next who writes makes them equal.
        ...(torn.size > this.#dead(kind).length ? [`${kind}: ${[...torn].join()} under the lock`] : []),
      ];
    });
  }

  #dead(kind: string): readonly Worker[] {
    return this.dead.filter(({ name }) => name.endsWith(kind));
  }

  #countedBy(kind: string): ReadonlyMap<number, readonly Worker[]> {
    const counted = new Map<number, Worker[]>();
    for (const worker of this.workers.filter(({ name }) => name.endsWith(kind)))
      for (const [number] of worker.did as [number][]) counted.set(number, [...(counted.get(number) ?? []), worker]);
    return counted;
  }
}

/** It died before it had synced that. */
function maybeLost({ isDoomed, did }: Worker, number: number): boolean {
  return isDoomed && number > Math.max(0, ...(did as [number][]).map(([each]) => each).filter((each) => each % syncEvery === 0));
}

const pageBytes = 4096;

/** Each host raises a number in a page of its own, by writing and through a mapping; all of them look at all pages. */
export class Pages extends Story {
  #pages = 0;
  readonly #watchers: Worker[] = [];
  readonly #writers = new Map<Worker, number>();

  constructor(mounts: readonly string[], folder: string) {
    super(mounts, folder);
    this.#pages = mounts.length;
  }

  protected override prepare(folder: string): void {
    writeFileSync(join(folder, 'pages'), Buffer.alloc(this.#pages * pageBytes));
  }

  protected override programs(folder: string, name: string, host: number): readonly Worker[] {
    const path = join(folder, 'pages');
    const writer = new Worker(name, 'store', path, name, host);
    const watcher = new Worker(name, 'watch', path, name, this.#pages);
    this.#writers.set(writer, host);
    this.#watchers.push(watcher);
    return [writer, watcher];
  }

  /** What was written before somebody looks, is seen. */
  protected override async look(): Promise<void> {
    const least = this.#told();
    await Promise.all(
      this.#watchers
        .filter(({ isDoomed }) => !isDoomed)
        .map(async (watcher) => {
          const [seen] = (await watcher.ask('sees', patienceMs)) as [readonly number[]];
          if (seen.some((number, page) => number < (least[page] as number)))
            throw new Error(`${watcher.name} sees ${seen.join()} after ${least.join()} were written`);
        }),
    );
  }

  protected override judge(folder: string): Promise<readonly string[]> {
    const data = readFileSync(join(folder, 'pages'));
    const told = this.#told();
    const found = told.map((_, page) => Number(data.readBigUInt64BE(page * pageBytes)));
    const right = found.every((number, page) => number >= (told[page] as number) && number <= (told[page] as number) + this.dead.length);
    return Promise.resolve(right ? [] : [`${folder}/pages has ${found.join()} after ${told.join()}`]);
  }

  /** By page, the last number that its writer was told is written. */
  #told(): readonly number[] {
    const told = new Array<number>(this.#pages).fill(0);
    for (const [{ did }, page] of this.#writers)
      told[page] = Math.max(told[page] as number, ...(did.slice(-1) as [number][]).map(([number]) => number));
    return told;
  }
}
