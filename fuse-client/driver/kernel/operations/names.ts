import { replyHeaderBytes as body, requestHeaderBytes as head } from '../abi.ts';
import { FsError } from '../../../../common/errors/fs-error.ts';
import type { ByteString, Ino } from '../../../../common/maps/ids.ts';
import type { Entry, MaybePromise, NegativeEntry } from '../../../vfs/filesystem.ts';
import type { Context, Operation } from '../operation.ts';
import { isRenaming } from '../renaming.ts';
import type { Reply } from '../reply.ts';
import type { Request } from '../request.ts';

/** The answer for a rename that Linux is not to answer by itself: what the name leads to, as an inode that it has under no other name. */
interface Stranger {
  readonly node: Ino;
  readonly found: Entry;
}

export const lookup: Operation<Entry | NegativeEntry | Stranger> = {
  harmless: true,
  run(context, request) {
    const { pid } = request.who;
    const found = context.filesystem.lookup(request.who, request.node, request.name(head));
    return found instanceof Promise ? found.then((each) => tellApart(context, pid, each)) : tellApart(context, pid, found);
  },
  encode(context, reply, found) {
    if ('node' in found) return reply.stranger(body, found.node, found.found.attributes);
    return 'attributes' in found
      ? encodeEntry(context, reply, found)
      : reply.negativeEntry(body, found.negativeValid && context.namesCacheable);
  },
  undo(context, found) {
    if ('node' in found) context.forget(found.node, 1);
    else if ('attributes' in found) context.forget(found.attributes.ino, 1);
  },
};

function tellApart(context: Context, pid: number, found: Entry | NegativeEntry): MaybePromise<Entry | NegativeEntry | Stranger> {
  if (!('attributes' in found) || found.elsewhere !== true) return found;
  return isRenaming(pid).then((renaming) =>
    renaming
      ? { node: context.addStranger(found.attributes.ino), found }
      : // Meanwhile the kernel may have been told to forget what it has not been told yet.
        { ...found, attributesValid: false, entryValid: false },
  );
}

/** struct fuse_mknod_in: mode, rdev, umask; name. */
export const makeNode: Operation<Entry> = {
  run: ({ filesystem }, request) =>
    filesystem.makeNode(
      request.who,
      request.node,
      request.name(head + 16),
      request.u32(head),
      request.u32(head + 4),
      request.u32(head + 8),
    ),
  encode: encodeEntry,
  undo: undoEntry,
};

/** struct fuse_mkdir_in: mode, umask; name. */
export const makeDirectory: Operation<Entry> = {
  run: ({ filesystem }, request) =>
    filesystem.makeDirectory(request.who, request.node, request.name(head + 8), request.u32(head), request.u32(head + 4)),
  encode: encodeEntry,
  undo: undoEntry,
};

/** The new name, then the target. */
export const symlink: Operation<Entry> = {
  run({ filesystem }, request) {
    const name = request.name(head);
    return filesystem.symlink(request.who, request.node, name, request.name(head + name.length + 1));
  },
  encode: encodeEntry,
  undo: undoEntry,
};

/** struct fuse_link_in: the inode; the new name in the directory of the header. */
export const link: Operation<Entry> = {
  run: ({ filesystem }, request) => filesystem.link(request.who, request.u64(head) as Ino, request.node, request.name(head + 8)),
  encode: encodeEntry,
  undo: undoEntry,
};

export const unlink: Operation<void> = {
  run: ({ filesystem }, request) => filesystem.unlink(request.who, request.node, request.name(head)),
};

export const removeDirectory: Operation<void> = {
  run: ({ filesystem }, request) => filesystem.removeDirectory(request.who, request.node, request.name(head)),
};

/** struct fuse_rename_in: new directory; old name, new name. */
export const rename: Operation<void> = { run: (context, request) => renameAt(context, request, head + 8, 0) };

/** struct fuse_rename2_in: new directory, flags; old name, new name. */
export const rename2: Operation<void> = { run: (context, request) => renameAt(context, request, head + 16, request.u32(head + 8)) };

const renameFlagsKnown = 3;

function renameAt({ filesystem }: Context, request: Request, namesAt: number, flags: number): void | Promise<void> {
  if (flags > renameFlagsKnown) throw new FsError('EINVAL', `rename flags ${String(flags)} are not supported`);
  const name: ByteString = request.name(namesAt);
  const newName = request.name(namesAt + name.length + 1);
  return filesystem.rename(request.who, request.node, name, request.u64(head) as Ino, newName, flags);
}

export function encodeEntry(context: Context, reply: Reply, entry: Entry): number {
  context.reference(entry.attributes.ino);
  return reply.entry(body, entry.attributes, entry.attributesValid, entry.entryValid && context.namesCacheable);
}

function undoEntry(context: Context, entry: Entry): void {
  context.forget(entry.attributes.ino, 1);
}
