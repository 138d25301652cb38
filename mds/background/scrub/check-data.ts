/**
 * Objects of the data pool: each belongs to a file that there is, and lies within its size. What a client wrote that died before it told
 * anybody belongs to nothing: no harm is done by it but its space. It is never taken for such while somebody may still tell.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import { poolId } from '../../../common/maps/ids.ts';
import type { Layout } from '../../../common/wire/gen/messages.ts';
import { dataObject } from '../../client/data-objects.ts';
import type { Inode } from '../../core/inode.ts';
import { objectCount } from '../../core/layout.ts';
import { ignoringAbsence } from '../../store/patient-objects.ts';
import type { ScrubRun } from './scrub-run.ts';
import { whereabouts } from './whereabouts.ts';
import { adoptFile } from './lost-and-found.ts';
import { objectsByInode } from './objects-by-inode.ts';

/** The objects of one file. */
interface Group {
  readonly ino: number;
  last: number;
  objects: number;
}

interface DataObject {
  readonly ino: number;
  readonly index: number;
}

export async function checkData(run: ScrubRun): Promise<void> {
  const pool = poolId(run.parts.core.defaultLayout.pool);
  const begin = ({ ino, index }: DataObject): Group => ({ ino, last: index, objects: 1 });
  const add = (group: Group, { index }: DataObject): void => {
    group.last = index;
    group.objects++;
  };
  for await (const groups of objectsByInode(run, pool, { parse, begin, add })) await checkGroups(run, groups);
}

async function checkGroups(run: ScrubRun, groups: readonly Group[]): Promise<void> {
  const { missing, elsewhere } = await whereabouts(
    run,
    groups.map(({ ino }) => ino),
  );
  const doubtful: Group[] = [];
  for (const group of groups) {
    if (missing.has(group.ino) || (!elsewhere.has(group.ino) && (await isBeyond(run, group)))) doubtful.push(group);
  }
  if (doubtful.length === 0) return;
  // What is on its way has come by then: a purge's deletions, a size, a name.
  await run.waitForLate();
  for (const group of doubtful) {
    await run.pace();
    const layout = run.parts.core.defaultLayout;
    const size = await sizeOf(run, layout, group);
    if (size === undefined) continue;
    if ((await whereabouts(run, [group.ino])).missing.has(group.ino)) await orphan(run, group, layout, size);
    else if (await isBeyond(run, group)) await beyond(run, group);
  }
}

/** Bytes in the group's last object; undefined: it is gone by now. */
async function sizeOf(run: ScrubRun, layout: Layout, { ino, last }: Group): Promise<number | undefined> {
  const reply = await ignoringAbsence(run.parts.objects.operate(poolId(layout.pool), dataObject(ino, last), [{ kind: 'stat' }]));
  return reply?.results[0]?.size;
}

/** Whether the file ends before its last object, and nobody is there who could be about to say otherwise. */
async function isBeyond(run: ScrubRun, group: Group): Promise<boolean> {
  const inode = await inodeOf(run, group.ino);
  return inode !== undefined && isSettled(inode) && group.last >= objectCount(inode.layout ?? run.parts.core.defaultLayout, inode.size);
}

/** Undefined when it is gone, or another rank's, or cannot be read, which is told where it lies. */
async function inodeOf(run: ScrubRun, ino: number): Promise<Inode | undefined> {
  const { core, loader } = run.parts;
  try {
    await loader.inode(ino);
  } catch (error) {
    if (error instanceof FsError && ['ESTALE', 'EREMOTE', 'EIO'].includes(error.code)) return undefined;
    throw error;
  }
  return core.cache.inodes.get(ino);
}

function isSettled(inode: Inode): boolean {
  return inode.isRegular && inode.caps.length === 0 && inode.truncateFrom === 0 && inode.reach === 0 && !inode.purging && inode.nlink > 0;
}

async function orphan(run: ScrubRun, group: Group, layout: Layout, lastBytes: number): Promise<void> {
  const { ino, last, objects } = group;
  const words = `${objects} data objects of inode ${ino.toString(16)}, which there is not`;
  const bytes = (objects - 1) * layout.objectSize + lastBytes;
  if (run.repair) run.leftover(bytes, objects, `${words}: now ${await adoptFile(run, ino, last * layout.objectSize + lastBytes)}`);
  else run.leftover(bytes, objects, words);
}

/** What lies beyond the end of a file was never seen by anybody; it would show when the file grows over it. */
async function beyond(run: ScrubRun, group: Group): Promise<void> {
  const { core, runner } = run.parts;
  const { ino, last } = group;
  const words = `data objects of inode ${ino.toString(16)} beyond its size`;
  if (!run.repair) {
    run.leftover(0, 1, words);
    return;
  }
  const cut = await runner.run(() => {
    const inode = core.cache.inode(ino);
    core.locker.clear(undefined, inode, 'cut');
    if (!isSettled(inode) || inode.dentry === undefined) return false;
    const { objectSize, stripeCount } = inode.layout ?? core.defaultLayout;
    inode.truncateFrom = (Math.floor(last / stripeCount) + 1) * stripeCount * objectSize;
    core.commit([{ kind: 'set', dentry: inode.dentry }]);
    core.effects.truncate(inode);
    return true;
  });
  if (cut) run.leftover(0, 1, `${words}: removed`);
}

function parse(name: string): DataObject | undefined {
  const match = /^([0-9a-f]{1,13})\.([0-9a-f]{8})$/.exec(name);
  return match === null ? undefined : { ino: Number.parseInt(match[1] as string, 16), index: Number.parseInt(match[2] as string, 16) };
}
