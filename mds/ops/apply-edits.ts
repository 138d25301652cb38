/**
 * Carries out what a change of names that several ranks take part in does here. Everything has been checked, and nothing of it has changed
 * since: by whoever has decided, or because it was lent to him.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { assert } from '../../common/errors/assert.ts';
import { quoted } from '../../common/maps/ids.ts';
import { inOrder, type Edit, type InodeEdit } from '../core/edit.ts';
import {
  foreignHome,
  foreignName,
  homeOf,
  isAt,
  isForeign,
  isSystem,
  noCounts,
  touch,
  touchNames,
  type Dentry,
  type Inode,
  type Place,
} from '../core/inode.ts';
import type { Operation } from '../core/operation.ts';
import { limitIn } from '../core/quota.ts';
import { isGivenRoot, rootName } from '../core/subtrees.ts';

/** Brings into memory what {@link applyEdits} needs. Blocks. */
export function prepareEdits(op: Operation, edits: readonly Edit[]): void {
  const { core } = op;
  const { cache } = core;
  for (const edit of edits) {
    switch (edit.kind) {
      case 'unname': {
        cache.directory(edit.directory);
        const dentry = dentryOf(op, edit);
        const heir = op.heir(dentry);
        if (heir !== undefined && !core.given.has(dentry.remoteIno)) limitIn(core, cache.target(dentry), heir);
        break;
      }
      case 'inode': {
        const inode = cache.inode(edit.ino);
        const [home] = namesAfter(inode, edit);
        if (!inode.isDirectory && home !== undefined && !isForeign(home)) cache.inode(home.directory);
        break;
      }
      case 'name':
        cache.directory(edit.directory);
    }
  }
}

/** Into the operation's entry. `op.now` is the time of the change. Returns inodes that have lost their last name. */
export function applyEdits(op: Operation, edits: readonly Edit[]): Inode[] {
  /** Inodes that lay in a name which is gone, and lie nowhere. */
  const loose = new Map<number, Inode>();
  const gone: Inode[] = [];
  const { cache } = op.core;
  for (const edit of inOrder(edits)) {
    switch (edit.kind) {
      case 'unname': {
        const directory = cache.directory(edit.directory);
        const dentry = dentryOf(op, edit);
        op.unname(directory, dentry);
        if (dentry.inode !== undefined) loose.set(dentry.inode.ino, dentry.inode);
        touchNames(directory, op.now);
        op.save(directory);
        break;
      }
      case 'inode': {
        const inode = loose.get(edit.ino) ?? cache.inode(edit.ino);
        const isNamed = edits.some((other) => other.kind === 'name' && other.ino === edit.ino);
        touch(inode, op.now);
        if (inode.isDirectory) editDirectory(op, inode, edit, isNamed, loose);
        else editFile(op, inode, edit, loose);
        if (inode.nlink === 0) gone.push(inode);
        break;
      }
      case 'name': {
        const directory = cache.directory(edit.directory);
        const inode = loose.get(edit.ino);
        const position = edit.position === 0 ? undefined : edit.position;
        if (inode !== undefined) op.name(directory, edit.name, inode, position);
        else if (edit.rank === op.core.rank) op.nameLinked(directory, edit.name, cache.inode(edit.ino), position);
        else op.nameForeign(directory, edit.name, edit, edit.rank, position);
        loose.delete(edit.ino);
        touchNames(directory, op.now);
        op.save(directory);
      }
    }
  }
  assert(loose.size === 0, 'an inode was left without a place');
  return gone;
}

function dentryOf({ core: { cache } }: Operation, { directory, name }: Place): Dentry {
  const dentry = cache.find(directory, name);
  if (dentry === undefined)
    throw new FsError('EILSEQ', `${quoted(name)} in directory ${directory.toString(16)} has gone while it was lent`);
  return dentry;
}

/** What it remembers of its names, but for those here that change with it. */
function namesAfter({ names }: Inode, { left, came }: InodeEdit): Place[] {
  const after = left < 0 ? [...names] : names.filter((place) => !isAt(place, foreignName(left)));
  if (came >= 0 && !after.some((place) => isAt(place, foreignName(came)))) after.push(foreignName(came));
  return after;
}

/** A file, or whatever else is no directory: with a name elsewhere it lies in the table of linked inodes. */
function editFile(op: Operation, inode: Inode, edit: InodeEdit, loose: Map<number, Inode>): void {
  const { linked, strays } = op.core.inos;
  const { dentry } = inode;
  const wasUnnamed = inode.nlink === 0;
  inode.nlink += edit.links;
  assert(inode.nlink >= 0, 'more names were taken away than there were');
  if (inode.nlink === 0) {
    if (dentry !== undefined) op.unshelve(inode);
    inode.names = [];
    loose.delete(inode.ino);
    op.shelve(strays, inode);
    op.core.locker.unnamed(undefined, inode);
    return;
  }
  // It lies in a name that it keeps, has lost, or has never had; or is linked already.
  if (dentry !== undefined && !isSystem(dentry.directory, 'linked') && edit.came >= 0) {
    if (wasUnnamed) op.unshelve(inode);
    else op.redirect(dentry, inode);
    op.shelve(linked, inode);
  } else if (dentry === undefined && edit.came >= 0) {
    loose.delete(inode.ino);
    op.shelve(linked, inode);
  }
  const before = homeOf(inode);
  inode.names = namesAfter(inode, edit);
  const home = homeOf(inode);
  // Whoever counted it has lost the name that it did it for.
  if (home !== undefined && before === undefined && inode.dentry !== undefined) op.count(op.core.cache.inode(home), inode.size);
  if (foreignHome(inode) !== undefined) op.core.owe(inode);
  op.save(inode);
}

/** A directory whose name is elsewhere is the root of a subtree: the rank that has its name counts it from nothing. */
function editDirectory(op: Operation, inode: Inode, edit: InodeEdit, isNamed: boolean, loose: Map<number, Inode>): void {
  const { core } = op;
  const { base, strays } = core.inos;
  const removed = edit.links < 0;
  if (isGivenRoot(inode) && (removed || edit.left >= 0 || edit.came >= 0)) {
    op.unshelve(inode);
    loose.set(inode.ino, inode);
  }
  core.misplaced.delete(inode);
  if (removed) {
    inode.nlink = 0;
    loose.delete(inode.ino);
    op.shelve(strays, inode);
    core.locker.unnamed(undefined, inode);
    return;
  }
  inode.parent = edit.parent;
  if (edit.came >= 0) {
    loose.delete(inode.ino);
    inode.counted = noCounts;
    core.uncounted.add(inode);
    op.shelve(base, inode, rootName(inode.ino, edit.came));
  } else if (!isNamed) op.save(inode);
  core.checkPin(inode);
}
