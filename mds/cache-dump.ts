/**
 * What a rank has in memory, for people: at a path, below it, or of one client. Only looks, and brings nothing into memory: what is not there
 * nobody holds anything of.
 * @module
 */
import { byteStringOf, printable, type ByteString } from '../common/maps/ids.ts';
import type { CacheDumpReply, CacheDumpRequest, CachedCap, CachedInode, CacheElsewhere } from '../common/wire/gen/messages.ts';
import { pathOf } from './core/damage-table.ts';
import { SystemIno, type Dentry, type Inode } from './core/inode.ts';
import type { MdsCore } from './core/mds-core.ts';

/** Inodes of one answer, whatever is asked for: it has to fit into a message. */
const inodesMax = 5_000;

export function dumpCache(core: MdsCore, request: CacheDumpRequest, nowMs: number): CacheDumpReply {
  const { instance, max } = request;
  const most = Math.min(Math.max(max, 1), inodesMax);
  const inodes: CachedInode[] = [];
  const elsewhere: CacheElsewhere[] = [];
  let more = false;
  for (const { inode, at } of found(core, request, (place) => elsewhere.push(place))) {
    if (instance !== 0 && !inode.caps.some((cap) => cap.instance === instance)) continue;
    if (inodes.length === most) {
      more = true;
      break;
    }
    inodes.push(cached(core, inode, at ?? pathOf(core.cache, inode.ino), nowMs));
  }
  return { inodes, more, elsewhere };
}

interface Found {
  readonly inode: Inode;
  /** Undefined: to be found out. */
  readonly at: string | undefined;
}

type OnElsewhere = (place: CacheElsewhere) => void;

function* found(core: MdsCore, { path, below, instance, rootIno, rootPath }: CacheDumpRequest, onElsewhere: OnElsewhere): Generator<Found> {
  if (path === '') {
    yield* instance === 0 ? everything(core) : heldBy(core, instance);
    return;
  }
  const root = core.cache.inodes.get(rootIno === 0 ? SystemIno.root : rootIno);
  if (root === undefined) return;
  const wanted = partsOf(path);
  const above = partsOf(rootPath);
  const start = descend(core, root, above, wanted, onElsewhere);
  if (start === undefined) return;
  const at = pathFrom(wanted.length > above.length ? wanted : above);
  yield { inode: start, at };
  if (below) yield* tree(core, start, at, onElsewhere);
}

/** What it is known to have open first: that is what it cannot give back. */
function* heldBy(core: MdsCore, instance: number): Generator<Found> {
  const held = [...(core.sessions.get(instance)?.caps.values() ?? [])];
  for (const isOpen of [true, false])
    for (const { ino, wanted } of held) {
      const inode = core.cache.inodes.get(ino);
      if (inode !== undefined && (wanted !== 0) === isOpen) yield { inode, at: undefined };
    }
}

function* everything(core: MdsCore): Generator<Found> {
  for (const inode of core.cache.inodes.values()) yield { inode, at: undefined };
}

function* tree(core: MdsCore, directory: Inode, path: string, onElsewhere: OnElsewhere): Generator<Found> {
  for (const dentry of namesOf(core, directory)) {
    const at = `${path === '/' ? '' : path}/${printable(dentry.name)}`;
    const inode = targetOf(core, dentry, at, onElsewhere);
    if (inode === undefined) continue;
    yield { inode, at };
    if (inode.isDirectory) yield* tree(core, inode, at, onElsewhere);
  }
}

function* namesOf({ cache }: MdsCore, { ino }: Inode): Generator<Dentry> {
  for (const fragment of cache.directories.get(ino)?.fragments ?? [])
    for (const dentry of fragment.dentries.values()) if (!dentry.removed) yield dentry;
}

/** From `root`, which is at `above`, to what `wanted` leads to; to `root` itself where that lies below. */
function descend(
  core: MdsCore,
  root: Inode,
  above: readonly string[],
  wanted: readonly string[],
  onElsewhere: OnElsewhere,
): Inode | undefined {
  let at: Inode | undefined = root;
  for (let depth = above.length; depth < wanted.length; depth++) {
    const name: ByteString = byteStringOf(wanted[depth] as string);
    const dentry: Dentry | undefined = core.cache.directories.get(at.ino)?.fragmentOf(name).dentries.get(name);
    at = dentry === undefined || dentry.removed ? undefined : targetOf(core, dentry, pathFrom(wanted.slice(0, depth + 1)), onElsewhere);
    if (at === undefined) return undefined;
  }
  return at;
}

function targetOf(core: MdsCore, { inode, remoteIno }: Dentry, path: string, onElsewhere: OnElsewhere): Inode | undefined {
  const here = inode ?? core.cache.inodes.get(remoteIno);
  const given = here === undefined ? core.given.get(remoteIno) : undefined;
  if (given !== undefined) onElsewhere({ rank: given.rank, ino: remoteIno, path });
  return here;
}

function cached(core: MdsCore, { ino, mode, size, nlink, caps }: Inode, path: string, nowMs: number): CachedInode {
  const held = caps.map(({ instance, issued, wanted, recall }): CachedCap => {
    const client = core.sessions.get(instance)?.name ?? '';
    return { client, instance, issued, wanted, recallMs: recall === undefined ? 0 : Math.max(1, Math.round(nowMs - recall.sinceMs)) };
  });
  return { ino, path, mode, size, nlink, caps: held };
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

function pathFrom(parts: readonly string[]): string {
  return `/${parts.join('/')}`;
}
