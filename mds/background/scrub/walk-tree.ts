/**
 * Walks the directories below one, depth first. What it remembers is bounded by the depth, not by what there is.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import { Blocked } from '../../core/blocked.ts';
import { checkDirectory } from './check-directory.ts';
import type { LinkCounts } from './link-counts.ts';
import type { ScrubRun } from './scrub-run.ts';

/** Subdirectories of one directory that are remembered at once. */
const batchMax = 256;

interface Level {
  readonly ino: number;
  /** Subdirectories up to this position have been taken. */
  after: number;
  batch: number[];
}

/** A directory that moves while the tree is walked may be passed over, or compared twice. */
export async function walkTree(run: ScrubRun, root: number, links: LinkCounts | undefined): Promise<void> {
  const path: Level[] = [];
  const enter = async (ino: number): Promise<void> => {
    await run.pace();
    await checkDirectory(run, ino, links);
    path.push({ ino, after: 0, batch: [] });
  };
  await enter(root);
  for (let level = path.at(-1); level !== undefined; level = path.at(-1)) {
    if (level.batch.length === 0) await fill(run, level);
    const next = level.batch.shift();
    if (next === undefined) path.pop();
    else await enter(next);
  }
}

async function fill(run: ScrubRun, level: Level): Promise<void> {
  const { core, runner } = run.parts;
  try {
    level.batch = await runner.run(() => {
      for (const fragment of core.cache.names(core.cache.directory(level.ino).ino).fragmentsFrom(level.after)) {
        if (!fragment.complete) throw new Blocked({ kind: 'fragment', fragment });
        const { entries, start } = fragment.list(level.after);
        const batch: number[] = [];
        for (let i = start; i < entries.length && batch.length < batchMax; i++) {
          const dentry = entries[i];
          if (dentry?.inode?.isDirectory !== true || dentry.removed) continue;
          batch.push(dentry.inode.ino);
          level.after = dentry.position;
        }
        if (batch.length > 0) return batch;
      }
      return [];
    });
  } catch (error) {
    // Gone, also to another rank, or damaged, which was counted when it was compared.
    if (!(error instanceof FsError) || !['ESTALE', 'EREMOTE', 'ENOTDIR', 'EIO'].includes(error.code)) throw error;
  }
}
