/**
 * What a session may see and build on of what there is in memory: what others have changed counts when it is durable, what is another rank's or on its
 * way to one not at all. Whatever is asked here comes before the first change: it may block.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { ByteString } from '../../common/maps/ids.ts';
import { Blocked } from './blocked.ts';
import type { Access as CapAccess } from './cap.ts';
import type { Dentry, Inode } from './inode.ts';
import type { MdsCore } from './mds-core.ts';
import type { MdsSession } from './session.ts';

export class Sight {
  readonly core: MdsCore;
  readonly session: MdsSession;
  /** It is one of those that others wait for, and passes what is lent to another rank. */
  passes = false;

  constructor(core: MdsCore, session: MdsSession) {
    this.core = core;
    this.session = session;
  }

  inode(ino: number): Inode {
    return this.#durable(this.core.cache.inode(ino));
  }

  /** An inode whose data nobody is cutting just now. */
  settled(ino: number): Inode {
    return uncut(this.inode(ino));
  }

  /**
   * A file to whose end the session adds. What others have added need not be durable: their bytes are stored, and whoever tells of a
   * larger size tells of theirs with it. Of anything else that has been done to it, it has to be; and that waits for them.
   */
  extended(ino: number): Inode {
    return uncut(this.#shaped(this.core.cache.inode(ino)));
  }

  /** A directory, whether or not it still has a name. */
  anyDirectory(ino: number): Inode {
    return this.#durable(this.core.cache.directory(ino));
  }

  /** A directory that still has a name. */
  directory(ino: number): Inode {
    return withName(this.anyDirectory(ino));
  }

  /**
   * A directory of which the session looks at, makes or takes away single names, see {@link find}: what others have done to other names need
   * not be durable, as neither depends on it; what they have done to the directory itself has to be. Its record is for `Operation.grantBehind`.
   */
  anyNamesOf(ino: number): Inode {
    return this.shown(this.core.cache.directory(ino));
  }

  /**
   * For who looks at its record: of a directory that shows at once what came of names in it (times, links, counts). What another has changed
   * otherwise has to be durable. The record is for `Operation.grantBehind`.
   */
  shown(inode: Inode): Inode {
    if (!inode.isDirectory) return this.#durable(inode);
    this.#requireHere(inode);
    return this.#shaped(inode);
  }

  /** Likewise of one that still has a name itself. */
  namesOf(ino: number): Inode {
    return withName(this.anyNamesOf(ino));
  }

  /** A name of the directory, where no other session is changing names ahead, or has changed this one and it is not durable. */
  find(directory: Inode, name: ByteString): Dentry | undefined {
    this.clear(directory, 'read');
    this.#awaitName(directory, name);
    return this.core.cache.find(directory.ino, name);
  }

  /**
   * {@link find} for who then looks at what the name leads to. That is {@link clear}ed first: what its holder tells as he gives it back becomes
   * durable together with the name, not after it.
   */
  findToRead(directory: Inode, name: ByteString): Dentry | undefined {
    this.clear(directory, 'read');
    const dentry = this.core.cache.find(directory.ino, name);
    const inode = dentry === undefined ? undefined : this.core.cache.inodes.get(dentry.inode?.ino ?? dentry.remoteIno);
    if (inode !== undefined) this.clear(inode, 'read');
    this.#awaitName(directory, name);
    return dentry;
  }

  #awaitName(directory: Inode, name: ByteString): void {
    const seq = this.core.freshNames.changedSeq({ directory: directory.ino, name }, this.session.instance);
    if (seq > this.core.safeSeq) throw new Blocked({ kind: 'unsafe', inode: directory, seq });
  }

  target(dentry: Dentry): Inode {
    return this.#durable(this.core.cache.target(dentry));
  }

  /** An inode whose record may be read, as far as it is {@link shown}. What its holder tells as he gives it back is waited for together with all else. */
  clearedToRead(ino: number): Inode {
    const inode = this.core.cache.inode(ino);
    this.clear(inode, 'read');
    return this.shown(inode);
  }

  /** {@link target} as far as it is {@link shown}. */
  shownTarget(dentry: Dentry): Inode {
    return this.shown(this.core.cache.target(dentry));
  }

  /** Whether the session may see the inode as it is: what others have changed of it is durable, and it is not lent to another rank. */
  sees(inode: Inode): boolean {
    return !this.core.loans.isLent(inode.ino) && this.core.isDurableFor(this.session.instance, inode);
  }

  clear(inode: Inode, access: CapAccess, wanted?: number): void {
    this.core.locker.clear(this.session, inode, access, wanted);
  }

  /**
   * What another session changed counts here when it is durable, not before: nobody builds on what a crash may take back, and
   * after one no session's replays depend on those of another.
   */
  #durable(inode: Inode): Inode {
    this.#requireHere(inode);
    if (!this.core.isDurableFor(this.session.instance, inode) || this.#overtakes(inode))
      throw new Blocked({ kind: 'unsafe', inode, seq: inode.changedSeq });
    return inode;
  }

  /** Neither lent to another rank nor on its way to one. */
  #requireHere(inode: Inode): void {
    this.core.cache.guard?.(inode);
    if (this.passes) return;
    if (this.core.loans.isLent(inode.ino)) throw new Blocked({ kind: 'between' });
    const seq = this.core.arrivals.of(inode, this.core.safeSeq);
    if (seq > 0) throw new Blocked({ kind: 'unsafe', inode, seq });
  }

  /** Of what others have done to it, all that one can not go beside is durable. */
  #shaped(inode: Inode): Inode {
    const { shapedSeq, shapedBy } = inode;
    if (shapedSeq > this.core.safeSeq && shapedBy !== this.session.instance) throw new Blocked({ kind: 'unsafe', inode, seq: shapedSeq });
    if (this.#overtakes(inode)) throw new Blocked({ kind: 'unsafe', inode, seq: inode.changedSeq });
    return inode;
  }

  /** Somebody has waited for its last change to be durable, and would find yet another. */
  #overtakes(inode: Inode): boolean {
    return inode.changedSeq > this.core.safeSeq && this.core.overtaken.has(inode);
  }
}

/** FsError ENOENT: the directory has no name any more. */
function withName(directory: Inode): Inode {
  if (directory.nlink === 0) throw new FsError('ENOENT', `directory ${directory.ino.toString(16)} has been removed`);
  return directory;
}

function uncut(inode: Inode): Inode {
  if (inode.truncateFrom > 0) throw new Blocked({ kind: 'truncation', ino: inode.ino });
  return inode;
}
