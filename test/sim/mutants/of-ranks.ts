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
  {
    // Either of the two is enough while nobody dies.
    name: 'across-half-shown',
    breaks:
      'a change of names between ranks is answered when it has come to all of them, and what is lent for it is not shown until it is back',
    edits: [
      edit('mds/across-desk.ts', 'await this.settled(incoming);', ''),
      edit('mds/core/operation.ts', "if (this.core.loans.isLent(inode.ino)) throw new Blocked({ kind: 'between' });", ''),
    ],
  },
  {
    name: 'rank-not-meant',
    breaks: 'a session is opened with the rank that the client means',
    edits: [edit('mds/session-desk.ts', 'if (request.rank !== core.rank)', 'if (request.rank < 0)')],
  },
];
