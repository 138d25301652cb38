/**
 * Unlinked files: each is used by somebody, or about to go.
 * @module
 */
import type { Inode } from '../../core/inode.ts';
import { shelfName } from '../../core/operation.ts';
import type { ScrubRun } from './scrub-run.ts';

export async function checkStrays(run: ScrubRun): Promise<void> {
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
