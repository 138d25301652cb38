/**
 * Databases and repositories that several hosts use at once: a {@link Story} each.
 * @module
 */
import { execFile } from 'node:child_process';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Story, patienceMs } from './story.ts';
import { Worker } from './worker.ts';

const run = promisify(execFile);
/** Git holds its locks for less. */
const gitLockMs = 5_000;

/** What each writer was told is there must be, once, in order; of one that died one more may be. */
function compare(where: string, found: ReadonlyMap<string, readonly number[]>, workers: ReadonlyMap<string, Worker>): readonly string[] {
  return [...workers].flatMap(([writer, { did, isDoomed }]) => {
    const numbers = found.get(writer) ?? [];
    const right =
      numbers.every((number, i) => number === i) && (numbers.length === did.length || (isDoomed && numbers.length === did.length + 1));
    return right ? [] : [`${where}: ${writer} has done ${did.length}, there are ${numbers.join()}`];
  });
}

/** An SQLite database, each insert a transaction. */
export class Database extends Story {
  readonly #writers = new Map<string, Worker>();

  protected override async prepare(folder: string): Promise<void> {
    await run('sqlite3', [join(folder, 'database'), 'CREATE TABLE records (writer TEXT, number INTEGER, before INTEGER)']);
  }

  protected override programs(folder: string, name: string): readonly Worker[] {
    const worker = new Worker(name, 'insert', join(folder, 'database'), name);
    this.#writers.set(name, worker);
    return [worker];
  }

  protected override async judge(folder: string): Promise<readonly string[]> {
    const reader = new Worker(folder, 'rows', join(folder, 'database'));
    await reader.stop(patienceMs);
    const [rows, integrity] = (reader.heard('rows')[0] ?? [[], 'not read']) as [(readonly [string, number, number])[], unknown];
    const found = new Map<string, number[]>();
    for (const [writer, number] of rows) found.set(writer, [...(found.get(writer) ?? []), number]);
    return [
      ...reader.wrong,
      ...(JSON.stringify(integrity) === '[["ok"]]' ? [] : [`${folder}: ${JSON.stringify(integrity)}`]),
      ...compare(folder, found, this.#writers),
      // Each transaction has counted those before it.
      ...(rows.every(([, , before], i) => before === i)
        ? []
        : [`${folder}: not one after the other: ${JSON.stringify(rows.map(([, , before]) => before))}`]),
    ];
  }
}

abstract class Repository extends Story {
  protected readonly writers = new Map<string, Worker>();

  /** Locks of one who died stay; as git says, a person removes them. */
  protected async removeDeadLocks(folder: string): Promise<void> {
    const before = locksIn(folder);
    if (before.size === 0) return;
    await sleep(gitLockMs);
    const after = locksIn(folder);
    for (const [path, ino] of before) if (after.get(path) === ino) rmSync(path, { force: true });
  }

  protected async compareCommits(repository: string): Promise<readonly string[]> {
    const git = async (...args: readonly string[]): Promise<string> =>
      (await run('git', ['-C', repository, ...args], { maxBuffer: 1 << 26 })).stdout;
    const found = new Map<string, number[]>();
    for (const line of (await git('log', '--reverse', '--format=%s', 'main')).trim().split('\n')) {
      const [writer = '', number] = line.split(' ');
      found.set(writer, [...(found.get(writer) ?? []), Number(number)]);
    }
    const checked = await git('fsck', '--strict', '--full').catch((error: unknown) => (error as Error).message);
    const complaints = checked.split('\n').filter((line) => line !== '' && !line.startsWith('dangling '));
    return [...compare(repository, found, this.writers), ...complaints.map((line) => `${repository}: ${line}`)];
  }
}

/** One working tree, in which everybody commits. */
export class WorkingTree extends Repository {
  protected override async prepare(folder: string): Promise<void> {
    await run('git', ['init', '-q', '-b', 'main', join(folder, 'tree')]);
  }

  protected override programs(folder: string, name: string): readonly Worker[] {
    const worker = new Worker(name, 'commit', join(folder, 'tree'), name);
    this.writers.set(name, worker);
    return [worker];
  }

  protected override async tidy(): Promise<void> {
    await this.removeDeadLocks(join(this.anywhere(), 'tree'));
  }

  protected override async judge(folder: string): Promise<readonly string[]> {
    const tree = join(folder, 'tree');
    const wrong = await this.compareCommits(tree);
    const { stdout } = await run('git', ['-C', tree, 'status', '--porcelain']);
    return [...wrong, ...(stdout === '' || this.dead.length > 0 ? [] : [`${tree} is not as it was committed: ${stdout}`])];
  }
}

/** A bare repository, to which everybody pushes from a clone. */
export class Pushes extends Repository {
  protected override async prepare(folder: string): Promise<void> {
    await run('git', ['init', '-q', '--bare', '-b', 'main', join(folder, 'bare')]);
    // The side that is pushed to has settings of its own: unsynced, a ref of a host that dies may be empty.
    await run('git', ['-C', join(folder, 'bare'), 'config', 'core.fsync', 'all']);
  }

  protected override programs(folder: string, name: string): readonly Worker[] {
    const worker = new Worker(name, 'push', join(folder, 'bare'), join(folder, `clone-${name}`), name);
    this.writers.set(name, worker);
    return [worker];
  }

  protected override async tidy(): Promise<void> {
    await this.removeDeadLocks(join(this.anywhere(), 'bare'));
  }

  protected override judge(folder: string): Promise<readonly string[]> {
    return this.compareCommits(join(folder, 'bare'));
  }
}

function locksIn(folder: string): ReadonlyMap<string, number> {
  const locks = new Map<string, number>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    const found = name.endsWith('.lock') ? statSync(path, { throwIfNoEntry: false }) : undefined;
    if (found !== undefined) locks.set(path, found.ino);
  }
  return locks;
}
