/**
 * Names under which the kernel was told of an inode and may have it still. It drops a name that another host has taken away as soon as nobody
 * in the name's directory is in the midst of a call; one that is may have looked it up before, and believe in it to its end. Linux answers
 * a rename by itself whose two names lead to the same inode, so who looks up the second must be told apart where that may be so
 * ({@link Entry.elsewhere}).
 * @module
 */
import type { ByteString, Ino } from '../../common/maps/ids.ts';

export interface ShownName {
  readonly parent: Ino;
  readonly name: ByteString;
}

/** What of an inode is told here. */
interface Shown {
  shown: readonly ShownName[];
}

/** Names remembered of one inode; with so many it may have any others as well. */
const shownMax = 8;

/** The kernel is told of the inode by this name. */
export function show(inode: Shown, parent: Ino, name: ByteString): void {
  const { shown } = inode;
  if (shown.length < shownMax && !shown.some((each) => isName(each, parent, name))) inode.shown = [...shown, { parent, name }];
}

/** The kernel itself has taken the name away. */
export function unshow(inode: Shown, parent: Ino, name: ByteString): void {
  if (inode.shown.length < shownMax) inode.shown = inode.shown.filter((each) => !isName(each, parent, name));
}

/** Whether the kernel may have the inode by this name. */
export function isShownAs({ shown }: Shown, parent: Ino, name: ByteString): boolean {
  return shown.length >= shownMax || shown.some((each) => isName(each, parent, name));
}

/** Whether the kernel may have the inode by a name other than this one, of which `leads` does not say that it leads to it now. */
export function isShownElsewhere(inode: Shown, parent: Ino, name: ByteString, leads: (name: ShownName) => boolean): boolean {
  const { shown } = inode;
  return shown.length >= shownMax || shown.some((each) => !isName(each, parent, name) && !leads(each));
}

function isName(each: ShownName, parent: Ino, name: ByteString): boolean {
  return each.parent === parent && each.name === name;
}
