/**
 * Files with several names: each name that the inode remembers is where it says. That all names are among those is looked at where
 * the names are (check-directory.ts); of files with more names than are remembered the names are counted while the tree is walked
 * (link-counts.ts).
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import { quoted } from '../../../common/maps/ids.ts';
import { knowsAllNames } from '../../core/audit.ts';
import { wholeId } from '../../core/fragment-shape.ts';
import { isAt, isForeign, type Inode, type Place } from '../../core/inode.ts';
import { shelfName } from '../../core/shelf-name.ts';
import { checkRecord } from './check-records.ts';
import { checkOwn } from './check-shared.ts';
import type { LinkCounts } from './link-counts.ts';
import { adopt } from './lost-and-found.ts';
import type { ScrubRun } from './scrub-run.ts';
import { systemOperation } from './system-operation.ts';

type Visit = (inode: Inode) => Promise<void> | void;

/** Before the walk of the tree: begins to count the names of those that do not remember all. */
export async function expectLinked(run: ScrubRun, links: LinkCounts): Promise<void> {
  await eachLinked(run, (inode) => {
    if (!knowsAllNames(inode) && !links.expect(inode)) run.count('unsettled');
  });
}

/** After the walk: what it has mended may be needed to find a name. */
export async function checkLinked(run: ScrubRun): Promise<void> {
  await eachLinked(run, async (inode) => {
    run.count('linked');
    await checkRecord(run, inode);
    if (inode.names.some(isForeign)) await checkOwn(run, inode.ino);
    if (!knowsAllNames(inode)) return;
    const absent: Place[] = [];
    for (const place of inode.names) if (!isForeign(place) && (await isAbsent(run, inode.ino, place))) absent.push(place);
    if (absent.length > 0) await absentNames(run, inode.ino, absent);
  });
}

async function eachLinked(run: ScrubRun, visit: Visit): Promise<void> {
  const { core, store } = run.parts;
  const fragment = core.cache.names(core.inos.linked).fragmentOf(shelfName(0));
  const { object } = fragment.changes;
  const onDamaged = (name: string, error: FsError): void =>
    run.found({ key: `name ${object}/${name}`, ino: core.inos.linked, object, what: error.message });
  // Whether the object has these is not always known: what has been read from the journal may not be there.
  const unwritten = new Map([...fragment.dentries].filter(([name]) => fragment.hidesStored(name)));
  for (const { inode } of unwritten.values()) if (inode !== undefined) await visitOne(run, inode.ino, visit);
  for await (const page of store.readFragment(core.inos.linked, wholeId, { onDamaged })) {
    for (const { inode, name } of page) if (inode !== undefined && !unwritten.has(name)) await visitOne(run, inode.ino, visit);
  }
  for (const { inode, stored, name } of [...fragment.dentries.values()])
    if (inode !== undefined && !stored && !unwritten.has(name)) await visitOne(run, inode.ino, visit);
}

async function visitOne(run: ScrubRun, ino: number, visit: Visit): Promise<void> {
  const { core, loader } = run.parts;
  await run.pace();
  const { object } = core.cache.names(core.inos.linked).fragmentOf(shelfName(ino)).changes;
  try {
    await loader.inode(ino);
  } catch (error) {
    if (error instanceof FsError && error.code === 'ESTALE') return;
    run.met(error, `name ${object}/${shelfName(ino)}`);
    return;
  }
  const inode = core.cache.inodes.get(ino);
  if (inode?.dentry?.directory === core.inos.linked) await visit(inode);
}

/** Whether the inode remembers the name, and it is not there. */
async function isAbsent(run: ScrubRun, ino: number, place: Place): Promise<boolean> {
  const { core, runner } = run.parts;
  try {
    return await runner.run(() => {
      const inode = core.cache.inode(ino);
      if (!inode.names.some((each) => isAt(each, place))) return false;
      const directory = core.cache.directory(place.directory);
      return core.cache.find(directory.ino, place.name)?.remoteIno !== ino;
    });
  } catch (error) {
    if (!(error instanceof FsError)) throw error;
    // The directory is gone, unless it is the file that is.
    if (error.code === 'ESTALE' || error.code === 'ENOTDIR')
      return core.cache.inodes.get(ino)?.names.some((each) => isAt(each, place)) ?? false;
    if (error.code === 'EIO') return false;
    throw error;
  }
}

async function absentNames(run: ScrubRun, ino: number, absent: readonly Place[]): Promise<void> {
  const names = absent.map(({ directory, name }) => `${quoted(name)} in directory ${directory.toString(16)}`);
  const entry = { key: `names ${ino.toString(16)}`, ino, what: `names that it should have are missing: ${names.join(', ')}` };
  if (run.repair && (await takeAway(run, ino, absent))) run.repaired(entry);
  else run.found(entry);
}

/** The inode forgets the names. One that has no other gets one in `/lost+found`. Returns whether it could be done. */
async function takeAway(run: ScrubRun, ino: number, absent: readonly Place[]): Promise<boolean> {
  const { core, runner } = run.parts;
  const isLeft = (place: Place): boolean => !absent.some((each) => isAt(each, place));
  const outcome = await runner.run(() => {
    const op = systemOperation(core);
    const inode = op.inode(ino);
    const names = inode.names.filter(isLeft);
    const [home] = names;
    if (home === undefined || names.length + absent.length !== inode.names.length) return { inode, done: false };
    // Its bytes count where its first name is.
    const heir = isForeign(home) || isAt(home, inode.names[0] ?? home) ? undefined : op.inode(home.directory);
    op.clear(inode, 'change');
    inode.names = names;
    inode.nlink = names.length;
    if (heir !== undefined) op.count(heir, inode.size);
    if (isForeign(home)) core.owe(inode);
    op.save(inode);
    op.commit([inode]);
    return { inode, done: true };
  });
  if (outcome.done) return true;
  // Rank 0 has `/lost+found`.
  if (outcome.inode.names.some(isLeft) || core.rank > 0) return false;
  await adopt(run, outcome.inode);
  return true;
}

/** After the walk: of files with more names than their inodes remember. */
export async function checkCounts(run: ScrubRun, links: LinkCounts): Promise<void> {
  const { core, runner, loader } = run.parts;
  for (const [ino, names] of links.end()) {
    await run.pace();
    try {
      await loader.inode(ino);
    } catch (error) {
      if (error instanceof FsError && error.code === 'ESTALE') continue;
      throw error;
    }
    const inode = core.cache.inodes.get(ino);
    const said = inode?.nlink;
    if (inode === undefined || said === names) continue;
    const entry = { key: `links ${ino.toString(16)}`, ino, what: `${said} links instead of ${names}` };
    const mended =
      run.repair &&
      names > 0 &&
      (await runner.run(() => {
        const now = core.cache.inode(ino);
        core.locker.clear(undefined, now, 'change');
        if (now.nlink !== said || now.dentry === undefined) return false;
        now.nlink = names;
        core.commit([{ kind: 'set', dentry: now.dentry }]);
        return true;
      }));
    if (mended) run.repaired(entry);
    else run.found(entry);
  }
}
