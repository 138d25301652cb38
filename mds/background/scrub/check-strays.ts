/**
 * Unlinked files: each can be read, and is used by somebody, or about to go.
 * @module
 */
import type { FsError } from '../../../common/errors/fs-error.ts';
import { wholeId } from '../../core/fragment-shape.ts';
import type { Inode } from '../../core/inode.ts';
import { shelfName } from '../../core/shelf-name.ts';
import type { ScrubRun } from './scrub-run.ts';

export async function checkStrays(run: ScrubRun): Promise<void> {
  await checkStored(run);
  const { core, purges } = run.parts;
  const fragment = core.cache.names(core.inos.strays).fragmentOf(shelfName(0));
  const isForgotten = (inode: Inode): boolean => core.cache.inodes.get(inode.ino) === inode && purges.isForgotten(inode);
  const doubtful: Inode[] = [];
  for (const { inode } of fragment.dentries.values()) {
    if (inode === undefined) continue;
    run.count('strays');
    if (isForgotten(inode)) doubtful.push(inode);
  }
  await run.pace();
  for (const inode of doubtful) {
    if (!isForgotten(inode)) continue;
    const place = {
      key: `stray ${shelfName(inode.ino)}`,
      ino: inode.ino,
      what: 'it has no name, nobody uses it, and it is not being deleted',
    };
    if (run.repair) {
      purges.add(inode);
      run.repaired(place);
    } else run.found(place);
  }
}

/** Their records on the OSDs. */
async function checkStored(run: ScrubRun): Promise<void> {
  const { core, store, damage } = run.parts;
  const ino = core.inos.strays;
  const { object } = core.cache.names(ino).fragmentOf(shelfName(0)).changes;
  const onDamaged = (name: string, { message }: FsError): void => run.found({ key: `stray ${name}`, ino, object, what: message });
  try {
    for await (const page of store.readFragment(ino, wholeId, { onDamaged })) if (page.length > 0) await run.pace();
  } catch (error) {
    run.met(damage.failure(error, { key: 'strays', ino, object }), 'strays');
  }
}
