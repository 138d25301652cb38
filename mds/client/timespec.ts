/** Which of two times of a file is the later one, as clients and the MDS must agree. */
import type { Timespec } from '../../common/wire/gen/messages.ts';

/** Whether `a` is later than `b`. */
export function isLater(a: Timespec, b: Timespec): boolean {
  return a.sec > b.sec || (a.sec === b.sec && a.nsec > b.nsec);
}

export function laterOf(a: Timespec, b: Timespec): Timespec {
  return isLater(b, a) ? b : a;
}
