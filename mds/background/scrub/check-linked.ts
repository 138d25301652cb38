/**
 * Files with several names: each name that the inode remembers is where it says. That all names are among those is looked at where
 * the names are (check-directory.ts); of files with more names than are remembered the names are counted (link-counts.ts).
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import { knowsAllNames } from '../../core/audit.ts';
import { wholeId } from '../../core/fragment-shape.ts';
import { isAt, SystemIno, type Inode, type Place } from '../../core/inode.ts';
import { shelfName } from '../../core/operation.ts';
import { LinkCounts } from './link-counts.ts';
import type { ScrubRun } from './scrub-run.ts';

/** Before the walk of the tree. Begins to count the names of those that do not remember all. */
export async function checkLinked(run: ScrubRun, links: LinkCounts): Promise<void> {
  const { core, store } = run.parts;
  const fragment = core.cache.names(SystemIno.linked).fragmentOf(shelfName(0));
  const onDamaged = (name: string, error: FsError): void =>
    run.found({
      key: `name ${fragment.changes.object}/${name}`,
      ino: parseInt(name, 16),
      object: fragment.changes.object,
      what: error.message,
    });
  for await (const page of store.readFragment(SystemIno.linked, wholeId, { onDamaged })) {
    for (const { inode } of page) if (inode !== undefined) await checkOne(run, inode.ino, links);
  }
  const unstored = [...fragment.dentries.values()].filter(({ stored }) => !stored);
  for (const { inode } of unstored) if (inode !== undefined) await checkOne(run, inode.ino, links);
}

async function checkOne(run: ScrubRun, ino: number, links: LinkCounts): Promise<void> {
  const { core, loader } = run.parts;
  await run.pace();
  try {
    await loader.inode(ino);
  } catch (error) {
    if (error instanceof FsError && error.code === 'ESTALE') return;
    run.met(error, `name ${core.cache.names(SystemIno.linked).fragmentOf(shelfName(ino)).changes.object}/${shelfName(ino)}`);
    return;
  }
  const inode = core.cache.inodes.get(ino);
  if (inode?.dentry?.directory !== SystemIno.linked) return;
  run.count('linked');
  if (!knowsAllNames(inode)) {
    if (!links.expect(inode)) run.count('unsettled');
    return;
  }
  for (const place of inode.names) if (await isAbsent(run, ino, place)) await takeAway(run, ino, place);
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

async function takeAway(run: ScrubRun, ino: number, place: Place): Promise<void> {
  const { core, runner } = run.parts;
  const name = Buffer.from(place.name, 'latin1').toString();
  const entry = {
    key: `link ${ino.toString(16)} ${place.directory.toString(16)}/${place.name}`,
    ino,
    what: `one of its names is missing: ${JSON.stringify(name)} in directory ${place.directory.toString(16)}`,
  };
  const mended =
    run.repair &&
    (await runner.run(() => {
      const inode: Inode = core.cache.inode(ino);
      core.locker.clear(undefined, inode, 'change');
      const names = inode.names.filter((each) => !isAt(each, place));
      if (names.length === inode.names.length || inode.dentry === undefined) return false;
      inode.names = names;
      inode.nlink--;
      core.commit([{ kind: 'set', dentry: inode.dentry }]);
      return true;
    }));
  if (mended) run.repaired(entry);
  else run.found(entry);
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
