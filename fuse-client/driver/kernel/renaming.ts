/**
 * Who looks a name up in the midst of rename(2). Linux looks both names up, one after the other and under the locks of their directories,
 * and when they lead to the same inode it answers by itself that all is done: right for two names of one file, and wrong when another
 * host has moved the file from the one name to the other in between. Nothing in the request tells such a lookup from any other; the
 * caller's kernel stack does, as it waits for our answer.
 * @module
 */
import { readFile } from 'node:fs/promises';

/** Functions that walk a path to its last name but one: a lookup below them is of a directory on the way. */
const walks = /link_path_walk|walk_component|path_parentat|filename_parentat/;
/**
 * How long a thread is looked at that is not asleep yet. It has sent its request and is about to sleep, so mostly one look is enough; but the
 * processor it runs on may have been taken from the machine.
 */
const patienceMs = 10_000;
const againMs = 1;

/**
 * Whether the thread, which waits for the answer to a lookup, looks up what a rename is from or to. False also when that cannot be seen:
 * its process is in another PID namespace, or this one may not look (CAP_SYS_ADMIN). Reads /proc on another thread: the kernel keeps who reads a
 * process that is just being replaced (exec) until its files are closed, of which ours may be one.
 */
export async function isRenaming(pid: number): Promise<boolean> {
  if (pid === 0) return false;
  for (const until = performance.now() + patienceMs; ;) {
    const stack = await stackOf(pid);
    if (stack !== '') return stack !== undefined && stack.includes('rename') && !walks.test(stack);
    if (performance.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, againMs));
  }
}

/** Empty while it runs. */
async function stackOf(pid: number): Promise<string | undefined> {
  try {
    return (await readFile(`/proc/${String(pid)}/stack`, 'latin1')).trim();
  } catch {
    return undefined; // gone, or not ours to see
  }
}
