/**
 * The kernel's end of FUSE mounts. Cutting one off makes all that is asked through it fail at once (ECONNABORTED), and the mount dead.
 *
 * A client that is killed may be unable to end: one of its threads waits in the kernel to drop a page from the cache, the page belongs to
 * a call that waits for the client's answer, and the kernel would cut the connection itself only when the last thread has let go of it.
 * @module
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { CommandError, codeOf, reasonOf } from '../errors.ts';
import { failureOf, mountAt } from './mounts.ts';

const run = promisify(execFile);
const control = '/sys/fs/fuse/connections';
/** Type of our mounts. */
const mountType = 'fuse.nacre';

/** The connections of the mount at `mountpoint`, if there is one of ours, and of process `pid`, which may have another that was detached. */
export function connectionsOf(mountpoint: string | undefined, pid: number | undefined): ReadonlySet<number> {
  const connections = new Set(pid === undefined ? [] : openedBy(pid));
  const mount = mountpoint === undefined ? undefined : mountAt(mountpoint);
  if (mount?.fstype === mountType) connections.add(mount.deviceMinor);
  return connections;
}

/** Cuts connections off, those that are still there. */
export async function cutOff(connections: ReadonlySet<number>): Promise<void> {
  if (connections.size === 0) return;
  if (mountAt(control)?.fstype !== 'fusectl') await mountControl();
  for (const connection of connections) {
    try {
      writeFileSync(`${control}/${connection}/abort`, '1');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') continue;
      throw new CommandError(
        `FUSE connection ${connection} cannot be cut off: ${reasonOf(error)}. As root: echo 1 > ${control}/${connection}/abort`,
        { cause: error },
      );
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
