/**
 * Rules of several MDS ranks, each with what breaks it: the filesystem with two ranks notices.
 * @module
 */
import { edit, type Break } from './mutant.ts';

export const rankMutants: readonly Break[] = [
  {
    name: 'move-while-held',
    breaks: 'a directory goes to another rank only when nobody holds anything of it',
    edits: [edit('mds/background/mover.ts', 'inode.appenders.length > 0) free = false;', 'inode.appenders.length > 0) free = true;')],
  },
  {
    name: 'move-kept',
    breaks: 'who gives a directory to another rank forgets all that is in it',
    edits: [edit('mds/core/mds-core.ts', '    this.cache.leave(directory);\n', '')],
  },
  {
    name: 'move-unwritten',
    breaks: 'a directory goes to another rank when all of it is in its objects',
    edits: [
      edit(
        'mds/background/mover.ts',
        'await this.#freeze(root);\n      if (!(await writeBack.settle()))',
        'await this.#freeze(root);\n      if (this.#stopped)',
      ),
    ],
  },
];
