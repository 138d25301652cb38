/**
 * Who looks a name up in the midst of rename(2). Linux looks both names up, one after the other and under the locks of their directories,
 * and when they lead to the same inode it answers by itself that all is done: right for two names of one file, and wrong when another
 * host has moved the file from the one name to the other in between. Nothing in the request tells such a lookup from any other; the
 * caller's kernel stack does, as it waits for our answer.
 * @module
 */
import { readFileSync } from 'node:fs';

/** Functions that walk a path to its last name but one: a lookup below them is of a directory on the way. */
const walks = /link_path_walk|walk_component|path_parentat|filename_parentat/;
/** Times that a thread is looked at which is not asleep yet. */
const looksMax = 100;
const againMs = 1;

/**
 * Whether the thread, which waits for the answer to a lookup, looks up what a rename is from or to. False also when that cannot be seen:
 * its process is in another PID namespace, or this one may not look (CAP_SYS_ADMIN).
 */
export async function isRenaming(pid: number): Promise<boolean> {
  if (pid === 0) return false;
  for (let look = 0; look < looksMax; look++) {
    const stack = stackOf(pid);
    if (stack !== '') return stack !== undefined && stack.includes('rename') && !walks.test(stack);
    await new Promise((resolve) => setTimeout(resolve, againMs));
  }
  return false;
}

/** Empty while it runs. */
function stackOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${String(pid)}/stack`, 'latin1').trim();
  } catch {
    return undefined; // gone, or not ours to see
  }
}
