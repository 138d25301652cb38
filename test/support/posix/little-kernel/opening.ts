/**
 * open(2), from the path on.
 * @module
 */
import type { Ino } from '../../../../common/maps/ids.ts';
import type { Attributes, Credentials, Filesystem, Handle } from '../../../../fuse-client/vfs/filesystem.ts';
import { fileType, linkType, Open, typeMask } from '../constants.ts';
import type { Descriptor, Pipes } from './descriptors.ts';
import { refuse } from './errno.ts';
import { mayTake } from './hardening.ts';
import { isDirectory, isLink, type Walk } from './walk.ts';

const setIdBits = 0o6000;
const [read, write, execute] = [4, 2, 1];

/** What opening takes beside the path. */
export interface Opening {
  readonly filesystem: Filesystem;
  readonly pipes: Pipes;
  readonly who: Credentials;
  readonly umask: number;
  readonly walk: Walk;
}

export async function openPath(opening: Opening, path: string, given: number, mode: number): Promise<Descriptor> {
  const { walk } = opening;
  const flags = (given & Open.path) === 0 ? given : given & (Open.path | Open.directory | Open.noFollow);
  if ((flags & Open.unnamed) === Open.unnamed) return await openUnnamed(opening, path, flags, mode);
  const creates = (flags & Open.create) !== 0;
  const exclusive = creates && (flags & Open.exclusive) !== 0;
  const first = await walk.last(path);
  if (creates && first.isName && first.slash) refuse('EISDIR');
  const { last, found } = await walk.findLast(first, !exclusive && (flags & Open.noFollow) === 0);
  if (found === undefined) {
    if (!creates) refuse('ENOENT');
    if (last.slash) refuse('EISDIR');
    const { filesystem, who, umask } = opening;
    const made = await filesystem.create(who, last.directory, last.name, fileType.regular | (mode & 0o7777), flags, umask);
    walk.keep(made.attributes);
    return descriptor('file', made.attributes.ino, flags, made.handle);
  }
  const { attributes } = found;
  if (creates) {
    if (exclusive) refuse('EEXIST');
    if (isDirectory(attributes)) refuse('EISDIR');
    const { attributes: above } = await opening.filesystem.getAttributes(opening.who, last.directory);
    if (!mayTake(opening.who, above, attributes)) refuse('EACCES');
  }
  if ((flags & Open.directory) !== 0 && !isDirectory(attributes)) refuse('ENOTDIR');
  return await openFound(opening, attributes, flags);
}

async function openFound(opening: Opening, attributes: Attributes, flags: number): Promise<Descriptor> {
  const { filesystem, pipes, who } = opening;
  const { ino, mode, uid } = attributes;
  if ((flags & Open.path) !== 0) return descriptor('path', ino, flags);
  if (isLink(attributes)) refuse('ELOOP');
  const truncates = (flags & Open.truncate) !== 0;
  const writes = (flags & Open.accessMode) !== 0;
  if (isDirectory(attributes) && (writes || truncates)) refuse('EISDIR');
  const reads = (flags & Open.accessMode) !== Open.writeOnly;
  await filesystem.access(who, ino, (reads ? read : 0) | (writes || truncates ? write : 0));
  if ((flags & Open.noAtime) !== 0 && who.uid !== 0 && who.uid !== uid) refuse('EPERM');
  switch (mode & typeMask) {
    case fileType.regular:
      return descriptor('file', ino, flags, await openFile(opening, ino, flags));
    case fileType.directory:
      return descriptor('directory', ino, flags, (await filesystem.openDirectory(who, ino, flags)).handle);
    case fileType.fifo: {
      const end = descriptor('pipe', ino, flags);
      pipes.open(end);
      return end;
    }
    // Nobody listens at a socket that was made by mknod(2), and no driver has such devices.
    default:
      return refuse('ENXIO');
  }
}

/** As FUSE_OPEN: with O_TRUNC, and with the order to clear set-id bits then, unless by root. */
async function openFile({ filesystem, who }: Opening, ino: Ino, flags: number): Promise<Handle> {
  const { handle } = await filesystem.open(who, ino, flags & ~(Open.create | Open.exclusive));
  if ((flags & Open.truncate) === 0 || who.uid === 0) return handle;
  const { attributes } = await filesystem.getAttributes(who, ino, handle);
  if ((attributes.mode & setIdBits) !== 0) await filesystem.setAttributes(who, ino, { killSetId: true }, handle);
  return handle;
}

async function openUnnamed({ filesystem, who, umask, walk }: Opening, path: string, flags: number, mode: number): Promise<Descriptor> {
  if ((flags & Open.accessMode) === 0) refuse('EINVAL');
  const { attributes } = await walk.find(path, true);
  if (!isDirectory(attributes)) refuse('ENOTDIR');
  await filesystem.access(who, attributes.ino, write | execute);
  const made = await filesystem.createUnnamed(who, attributes.ino, fileType.regular | (mode & 0o7777), flags, umask);
  walk.keep(made.attributes);
  return descriptor('file', made.attributes.ino, flags, made.handle);
}

function descriptor(kind: Descriptor['kind'], ino: Ino, flags: number, handle?: Handle): Descriptor {
  return { kind, ino, flags, handle, position: 0 };
}

/** What mknod(2) makes. FsError EPERM, EINVAL. */
export function checkNodeType(mode: number): void {
  const type = mode & typeMask;
  if (type === fileType.directory) refuse('EPERM');
  if (type !== 0 && (type === linkType || !Object.values<number>(fileType).includes(type))) refuse('EINVAL');
}
