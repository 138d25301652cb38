import { readFileSync } from 'node:fs';
import type { Credentials } from '../../vfs/filesystem.ts';

/** How long what /proc said of a process's groups is believed. */
const groupsValidMs = 1000;
const cachedMax = 256;

/**
 * A caller as the kernel names it. The supplementary groups are not in the request; they are read from
 * /proc when first asked for, which few operations do, since the kernel checks permissions by itself.
 */
class Caller implements Credentials {
  readonly uid: number;
  readonly gid: number;
  readonly pid: number;
  #groups: readonly number[] | undefined;
  #groupsReadMs = 0;

  constructor(uid: number, gid: number, pid: number) {
    this.uid = uid;
    this.gid = gid;
    this.pid = pid;
  }

  get groups(): readonly number[] {
    const now = performance.now();
    if (this.#groups === undefined || now - this.#groupsReadMs > groupsValidMs) {
      this.#groups = supplementaryGroups(this.pid);
      this.#groupsReadMs = now;
    }
    return this.#groups;
  }
}

/** Callers seen lately, so that a process doing many operations is described once. */
export class Callers {
  readonly #byPid = new Map<number, Caller>();
  #last = new Caller(0, 0, 0);

  get(uid: number, gid: number, pid: number): Credentials {
    const last = this.#last;
    if (last.pid === pid && last.uid === uid && last.gid === gid) return last;
    let caller = this.#byPid.get(pid);
    if (caller === undefined || caller.uid !== uid || caller.gid !== gid) {
      if (this.#byPid.size >= cachedMax) this.#byPid.clear();
      caller = new Caller(uid, gid, pid);
      this.#byPid.set(pid, caller);
    }
    this.#last = caller;
    return caller;
  }
}

/** Of a process or thread, from the `Groups:` line of its status; none when it is gone or in another namespace (pid 0). */
function supplementaryGroups(pid: number): readonly number[] {
  const line = statusLine(pid, 'Groups:');
  return line === undefined
    ? []
    : line
        .split(/\s+/)
        .filter((text) => text !== '')
        .map(Number);
}

/** Whether a fatal signal waits for the process: it will never see the answer. SIGKILL is pending on every thread of one that dies. */
export function isDying(pid: number): boolean {
  const pending = statusLine(pid, 'SigPnd:');
  return pending === undefined || (BigInt(`0x${pending.trim()}`) & 0x100n) !== 0n;
}

function statusLine(pid: number, field: string): string | undefined {
  if (pid === 0) return undefined;
  let status: string;
  try {
    status = readFileSync(`/proc/${String(pid)}/status`, 'latin1');
  } catch {
    return undefined; // gone
  }
  const at = status.indexOf(`\n${field}`);
  return at === -1 ? undefined : status.slice(at + 1 + field.length, status.indexOf('\n', at + 1));
}
