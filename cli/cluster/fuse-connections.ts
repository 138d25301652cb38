/**
 * The kernel's end of FUSE mounts. Cutting one off makes all that is asked through it fail at once (ECONNABORTED), and the mount dead.
 *
 * A client that is killed may be unable to end: one of its threads waits in the kernel to drop a page from the cache, the page belongs to
 * a call that waits for the client's answer, and the kernel would cut the connection itself only when the last thread has let go of it.
 *
 * A connection has the number of its mount's device, which another mount gets once this one is over. So a connection is not kept by its
 * number but by an open descriptor, which does nothing to a later one of the same number.
 * @module
 */
import { execFile } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readdirSync, readlinkSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { CommandError, codeOf, reasonOf } from '../errors.ts';
import { failureOf, mountAt, mounts, type Mount } from './mounts.ts';

const run = promisify(execFile);
const control = '/sys/fs/fuse/connections';

export class FuseConnections {
  readonly #aborts: number[] = [];
  /** Why they could not be opened. */
  #trouble: CommandError | undefined;

  private constructor() {
    // open() makes them.
  }

  /**
   * Those of the mounts of `source`, which is one client's, and of its process `pid`, which may have another that was detached. What cannot be opened
   * is said by `cutOff`.
   */
  static async open(source: string, pid: number | undefined): Promise<FuseConnections> {
    const connections = new FuseConnections();
    const numbers = numbersOf(source, pid);
    try {
      if (numbers.size > 0 && mountAt(control)?.fstype !== 'fusectl') await mountControl();
      for (const number of numbers) connections.#open(number);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      connections.#trouble = error;
    }
    // What was opened for another mount, that has got the number since, must not be kept.
    if ([...numbers].some((number) => !numbersOf(source, pid).has(number))) connections.close();
    return connections;
  }

  /** Cuts off those that are still there. */
  cutOff(): void {
    if (this.#trouble !== undefined) throw this.#trouble;
    for (const abort of this.#aborts) writeSync(abort, '1');
  }

  close(): void {
    for (const abort of this.#aborts.splice(0)) closeSync(abort);
  }

  #open(number: number): void {
    const path = `${control}/${number}/abort`;
    try {
      this.#aborts.push(openSync(path, 'w'));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return;
      throw new CommandError(`FUSE connection ${number} cannot be cut off: ${reasonOf(error)}. As root: echo 1 > ${path}`, {
        cause: error,
      });
    }
  }
}

/** It stays: where there is systemd it is always mounted. */
async function mountControl(): Promise<void> {
  try {
    await run('mount', ['-t', 'fusectl', 'fusectl', control]);
  } catch (error) {
    const why = existsSync(control) ? failureOf(error).stderr : `there is no ${control}`;
    throw new CommandError(
      `a FUSE connection must be cut off, for which fusectl is needed, and that cannot be mounted (${why}). As root: mount -t fusectl fusectl ${control}`,
      { cause: error },
    );
  }
}

/** Numbers of connections as they are now. */
function numbersOf(source: string, pid: number | undefined): ReadonlySet<number> {
  const all = mounts().filter(({ fstype }) => fstype.startsWith('fuse'));
  const numbers = (some: readonly Mount[]): readonly number[] => some.map(({ deviceMinor }) => deviceMinor);
  const others = new Set(numbers(all.filter((mount) => mount.source !== source)));
  // That of a mount which is over may be another's by now.
  const detached = (pid === undefined ? [] : openedBy(pid)).filter((number) => !others.has(number));
  return new Set([...numbers(all.filter((mount) => mount.source === source)), ...detached]);
}

/** Of its threads, since a process that was killed shows no more than those that have not ended. Linux tells since 6.17 or so. */
function openedBy(pid: number): number[] {
  return entries(`/proc/${pid}/task`).flatMap((thread) => {
    const folder = `/proc/${pid}/task/${thread}`;
    return entries(`${folder}/fd`).flatMap((descriptor) => {
      try {
        if (readlinkSync(`${folder}/fd/${descriptor}`) !== '/dev/fuse') return [];
        const [, connection] = /^fuse_connection:\s*([0-9]+)$/m.exec(readFileSync(`${folder}/fdinfo/${descriptor}`, 'utf8')) ?? [];
        return connection === undefined ? [] : [Number(connection)];
      } catch {
        // It was closed meanwhile.
        return [];
      }
    });
  });
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // It ended.
    return [];
  }
}
