/**
 * How a call moves the times of an inode, on a filesystem that is right and on one that is tested.
 *
 * The kernel dates what happens by a clock that moves once per tick (1 to 10 ms). ctime and mtime are told apart even within a tick
 * when somebody has looked in between (Linux 6.13), and are compared only where that is so; atime is not. So what two
 * events within one tick do to atime may look otherwise on the right one, in two ways and no others.
 * @module
 */
import type { Call } from './call.ts';
import { utimeNow } from './constants.ts';
import { isLater, type Stat } from './stat.ts';

export type TimeField = 'atime' | 'mtime' | 'ctime';
export type Move = 'as before' | 'later' | 'EARLIER';

/** An inode before a call and after it. */
export interface Step {
  readonly before: Stat;
  readonly after: Stat;
}

/** On the right one. */
export interface TickingStep extends Step {
  /** Its clock just before the call; undefined when that moves with every call. */
  readonly tick: string | undefined;
}

export function moveOf(field: TimeField, { before, after }: Step): Move {
  if (after[field] === before[field]) return 'as before';
  return isLater(after[field], before[field]) ? 'later' : 'EARLIER';
}

/** Whether the call has moved that time alike, as far as ticks let it be seen. */
export function sameMove(call: Call, field: TimeField, model: TickingStep, tested: Step): boolean {
  const [right, seen] = [moveOf(field, model), moveOf(field, tested)];
  if (right === seen) return true;
  if (field !== 'atime' || model.tick === undefined) return false;
  if (right === 'as before' && seen === 'later') return setsAccessTimeToNow(call) && !isLater(model.tick, model.before.atime);
  return right === 'later' && seen === 'as before' && tiesWithChange(model.before) && isAfterChanges(tested.before);
}

/** What utimensat(2) sets to now in the tick of the last read is set to what it was. */
function setsAccessTimeToNow({ name, args: [, , times] }: Call): boolean {
  if (name !== 'utimensat') return false;
  return !(times instanceof Uint8Array) || new DataView(times.buffer, times.byteOffset).getBigInt64(8, true) === BigInt(utimeNow);
}

/** Read in the tick of a change: to relatime not read since, so that the next read moves the time once more. */
function tiesWithChange({ atime, mtime, ctime }: Stat): boolean {
  return atime === mtime || atime === ctime;
}

function isAfterChanges({ atime, mtime, ctime }: Stat): boolean {
  return isLater(atime, mtime) && isLater(atime, ctime);
}
