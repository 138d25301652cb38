/**
 * Walks a subtree of which nothing changes, and which is wholly in its objects, before it is given to another rank.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { fragmentsOf } from '../core/fragment-shape.ts';
import type { Inode } from '../core/inode.ts';
import type { MetadataStore } from '../store/metadata-store.ts';

/** Directories read at a time. */
const readingMax = 8;

/**
 * The directories below `root`, itself included. FsError EOPNOTSUPP when something in it is bound to what is outside: a file with several
 * names, a directory that yet another rank holds; EIO when it cannot be read.
 */
export async function surveySubtree(store: MetadataStore, root: Inode): Promise<number[]> {
  const found: number[] = [];
  const left: Inode[] = [root];
  const readOne = async (directory: Inode): Promise<void> => {
    found.push(directory.ino);
    for (const id of fragmentsOf(directory.shape)) {
      for await (const page of store.readFragment(directory.ino, id)) {
        for (const { inode, name, remoteType } of page) {
          if (inode === undefined) {
            const shown = JSON.stringify(Buffer.from(name, 'latin1').toString());
            const what = remoteType === directory.type ? 'a directory that is pinned on its own' : 'a file with several names';
            throw new FsError('EOPNOTSUPP', `${shown} in directory ${directory.ino.toString(16)} is ${what}: that keeps it where it is`);
          }
          if (inode.isDirectory) left.push(inode);
        }
      }
    }
  };
  while (left.length > 0) await Promise.all(left.splice(0, readingMax).map(readOne));
  return found;
}
