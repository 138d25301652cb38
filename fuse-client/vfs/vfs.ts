/**
 * The filesystem by inode: {@link Filesystem} over the MDS's capabilities and the OSDs' objects. The parts of
 * it lie beside this file; here they are put together.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { ino as inoOf, type ByteString, type Ino } from '../../common/maps/ids.ts';
import type { Env } from '../../common/runtime/env.ts';
import { FileType, LockType, ModeBit, type Caps, type MdsClientHandlers, type SessionLock } from '../../mds/client/index.ts';
import type { ClientConfig } from '../config.ts';
import { AccessTimes } from './access-times.ts';
import { AttributeOps } from './attributes.ts';
import { CapKeeper } from './cap-keeper.ts';
import { ClusterSpace } from './cluster-space.ts';
import { Files } from './files.ts';
import { itself } from './filesystem.ts';
import type {
  AttributeChanges,
  AttributesReply,
  CacheInvalidator,
  Credentials,
  DirectoryEntry,
  Entry,
  Filesystem,
  Handle,
  LockBlocker,
  LockWish,
  MaybePromise,
  NegativeEntry,
  OpenReply,
  StatfsReply,
  WriteOptions,
} from './filesystem.ts';
import { Listings } from './listing.ts';
import { Names, nodeMode } from './names.ts';
import { Volume, type Cluster } from './volume.ts';

export class Vfs implements Filesystem {
  readonly #volume: Volume;
  readonly #keeper: CapKeeper;
  readonly #names: Names;
  readonly #attributes: AttributeOps;
  readonly #accessTimes: AccessTimes;
  readonly #files: Files;
  readonly #listings: Listings;
  readonly #clusterSpace: ClusterSpace;

  constructor(env: Env, config: ClientConfig, cluster: Cluster) {
    this.#volume = new Volume(env, config, cluster);
    this.#clusterSpace = new ClusterSpace(this.#volume);
    this.#keeper = new CapKeeper(this.#volume);
    this.#names = new Names(this.#volume, this.#keeper);
    this.#attributes = new AttributeOps(this.#volume, this.#keeper);
    this.#accessTimes = new AccessTimes(this.#volume, this.#keeper);
    this.#files = new Files(this.#volume, this.#keeper, this.#names, this.#attributes, this.#accessTimes, this.#clusterSpace);
    this.#listings = new Listings(this.#volume, this.#names, this.#keeper, this.#accessTimes);
  }

  get root(): Ino {
    return this.#volume.root;
  }

  /** What the session with an MDS rank asks of us. */
  handlers(rank: number, onEvicted: () => void): MdsClientHandlers {
    const keeper = this.#keeper;
    return {
      onRecall: (ino, keep, seq) => keeper.recalls.onRecall(ino, rank, keep, seq),
      onGrant: (grant) => keeper.onGrant(grant, rank),
      onTrim: (capsMax) => keeper.limits.keepTo(capsMax, rank),
      onResigned: () => keeper.onResigned(rank),
      heldCaps: () => keeper.heldCaps(rank),
      heldLocks: () => this.#volume.locks.held(rank),
      onLockGranted: (wait) => this.#volume.locks.onGranted(wait),
      capsOf: (ino) => keeper.capsOf(ino, rank),
      onReconnected: () => {
        keeper.onReconnected(rank);
        this.#volume.locks.onReconnected(rank);
      },
      onLeaseEnded: () => keeper.onLeaseEnded(rank),
      onEvicted,
    };
  }

  /** Fetches the root, to which the caller of everything else has a reference. The session must be open. */
  async start(): Promise<void> {
    const { mds, inodes } = this.#volume;
    if (mds.rootIno !== 0) this.#volume.root = inoOf(mds.rootIno);
    const root = await mds
      .rank(0)
      .query('lookup', itself, { parent: this.#volume.root, name: new Uint8Array(0) }, (reply) => inodes.applyAll(reply.head));
    if (root === undefined) throw new FsError('EPROTO', 'the MDS does not know the root');
    if (root.references === 0) inodes.reference(root);
  }

  /** Writes back everything and lets go of the timers. */
  async stop(): Promise<void> {
    try {
      await this.syncAll();
    } finally {
      this.#keeper.stop();
      this.#volume.writeBack.stop();
      this.#volume.end();
    }
  }

  /** Evicted: nothing cached counts any more, what was not written is lost and reported. Calls wait for {@link startAnew}. */
  forgetAll(): void {
    this.#volume.locks.forgetAll();
    this.#keeper.forgetAll();
  }

  /** Goes on in a new life of the client, after {@link forgetAll}, and with the calls that wait for it. */
  async startAnew(cluster: Cluster): Promise<void> {
    this.#volume.replaceCluster(cluster);
    try {
      await this.start();
    } catch (error) {
      this.forgetAll();
      throw error;
    }
  }

  /** The inodes of which something is held that may be trusted at this moment, with what that is. */
  *trusted(): Iterable<{ readonly ino: Ino; readonly caps: Caps }> {
    for (const inode of this.#volume.inodes.all()) if (inode.caps !== 0 && this.#volume.leased(inode)) yield inode;
  }

  /** The file locks that this host's processes have for certain at this moment. */
  locks(): readonly SessionLock[] {
    return this.#volume.locks.certain((rank) => this.#volume.leased({ rank }));
  }

  setInvalidator(invalidator: CacheInvalidator): void {
    this.#volume.invalidator = invalidator;
  }

  lookup(who: Credentials, parent: Ino, name: ByteString): MaybePromise<Entry | NegativeEntry> {
    return this.#shown(this.#volume.lookAgain(() => this.#names.lookup(who, parent, name)));
  }

  forget(ino: Ino, count: number): void {
    const { inodes } = this.#volume;
    const inode = inodes.get(ino);
    if (inode === undefined || ino === this.#volume.root) return;
    inodes.dereference(inode, count);
    if (inode.references === 0) this.#keeper.dereferenced(inode);
  }

  getAttributes(who: Credentials, ino: Ino): MaybePromise<AttributesReply> {
    return this.#shown(this.#volume.lookAgain(() => this.#attributes.get(who, this.#volume.inode(ino))));
  }

  setAttributes(who: Credentials, ino: Ino, changes: AttributeChanges, handle?: Handle): MaybePromise<AttributesReply> {
    const set = this.#volume.again(() => this.#attributes.set(who, this.#volume.inode(ino), changes, handle !== undefined));
    // The kernel drops all pages itself when a size was set; until then it writes none back, for which dropping one may have to wait.
    return changes.size === undefined ? this.#shown(set) : set;
  }

  access(who: Credentials, ino: Ino, mask: number): MaybePromise<void> {
    return this.#volume.lookAgain(() => this.#attributes.access(who, this.#volume.inode(ino), mask));
  }

  readLink(who: Credentials, ino: Ino): MaybePromise<ByteString> {
    const inode = this.#volume.inode(ino);
    // A link's target never changes.
    if (inode.symlink !== undefined) {
      this.#accessTimes.read(inode, 0);
      return inode.symlink;
    }
    return this.#volume.lookAgain(async () => {
      await this.#attributes.refresh(who, inode);
      if (inode.symlink === undefined) throw new FsError('EINVAL', `inode ${ino.toString(16)} is not a symbolic link`);
      this.#accessTimes.read(inode, 0);
      return inode.symlink;
    });
  }

  makeNode(who: Credentials, parent: Ino, name: ByteString, mode: number, rdev: number, umask: number): MaybePromise<Entry> {
    return this.#volume.again(() => this.#names.makeEntry(who, parent, name, { mode: nodeMode(mode), umask, rdev }));
  }

  makeDirectory(who: Credentials, parent: Ino, name: ByteString, mode: number, umask: number): MaybePromise<Entry> {
    return this.#volume.again(() =>
      this.#names.makeEntry(who, parent, name, { mode: FileType.directory | (mode & ModeBit.permissions), umask }),
    );
  }

  symlink(who: Credentials, parent: Ino, name: ByteString, target: ByteString): MaybePromise<Entry> {
    return this.#volume.again(() => this.#names.makeEntry(who, parent, name, { mode: FileType.symlink | 0o777, umask: 0, target }));
  }

  link(who: Credentials, ino: Ino, parent: Ino, name: ByteString): MaybePromise<Entry> {
    return this.#shown(this.#volume.again(() => this.#names.link(who, ino, parent, name)));
  }

  unlink(who: Credentials, parent: Ino, name: ByteString): MaybePromise<void> {
    return this.#volume.again(() => this.#names.remove(who, parent, name, false));
  }

  removeDirectory(who: Credentials, parent: Ino, name: ByteString): MaybePromise<void> {
    return this.#volume.again(() => this.#names.remove(who, parent, name, true));
  }

  rename(who: Credentials, parent: Ino, name: ByteString, newParent: Ino, newName: ByteString, flags: number): MaybePromise<void> {
    return this.#volume.again(() => this.#names.rename(who, parent, name, newParent, newName, flags));
  }

  create(who: Credentials, parent: Ino, name: ByteString, mode: number, flags: number, umask: number): MaybePromise<Entry & OpenReply> {
    return this.#shown(this.#volume.again(() => this.#files.create(who, parent, name, mode, flags, umask)));
  }

  createUnnamed(who: Credentials, parent: Ino, mode: number, flags: number, umask: number): MaybePromise<Entry & OpenReply> {
    return this.#volume.again(() => this.#files.createUnnamed(who, parent, mode, flags, umask));
  }

  open(who: Credentials, ino: Ino, flags: number): MaybePromise<OpenReply> {
    return this.#volume.again(() => this.#files.open(who, this.#volume.inode(ino), flags));
  }

  read(handle: Handle, offset: number, length: number, forPages?: boolean): MaybePromise<readonly Uint8Array[]> {
    return this.#volume.lookAgain(() => this.#files.reads.read(handle, offset, length, forPages));
  }

  write(who: Credentials, handle: Handle, offset: number, data: Uint8Array, options: WriteOptions): MaybePromise<number> {
    return this.#files.writes.write(who, handle, offset, data, options);
  }

  flush(handle: Handle, owner?: string): MaybePromise<void> {
    const unlocked = owner === undefined ? undefined : this.#volume.locks.closed(handle, owner);
    return unlocked === undefined ? this.#files.flush(handle) : unlocked.then(() => this.#files.flush(handle));
  }

  /** Who has been given a lock looks at what others have written under it, of any file: nothing that the kernel read before is there then. */
  setLock(handle: Handle, wish: LockWish, signal?: AbortSignal): MaybePromise<void> {
    const given = this.#volume.again(() => this.#volume.locks.set(handle, wish, signal));
    if (wish.type === LockType.none) return given;
    return given === undefined ? this.#volume.dropped : given.then(() => this.#volume.dropped);
  }

  testLock(handle: Handle, wish: LockWish): MaybePromise<LockBlocker | undefined> {
    return this.#volume.lookAgain(() => this.#volume.locks.test(handle, wish));
  }

  async fsync(handle: Handle, dataOnly: boolean): Promise<void> {
    await this.#volume.again(() => this.#files.writes.fsync(handle, dataOnly));
  }

  release(handle: Handle): MaybePromise<void> {
    this.#volume.locks.released(handle);
    return this.#files.release(handle);
  }

  allocate(who: Credentials, handle: Handle, mode: number, offset: number, length: number): MaybePromise<void> {
    return this.#volume.again(() => this.#files.allocate(who, handle, mode, offset, length));
  }

  copyRange(who: Credentials, from: Handle, offset: number, to: Handle, at: number, length: number): MaybePromise<number> {
    return this.#volume.again(() => this.#files.copyRange(who, from, offset, to, at, length));
  }

  seek(handle: Handle, offset: number, whence: number): MaybePromise<number> {
    return this.#volume.lookAgain(() => this.#files.seek(handle, offset, whence));
  }

  openDirectory(who: Credentials, ino: Ino, flags: number): MaybePromise<OpenReply> {
    return this.#listings.open(who, this.#volume.inode(ino), flags);
  }

  readDirectory(handle: Handle, offset: number, plus: boolean, accept: (entry: DirectoryEntry) => boolean): MaybePromise<void> {
    return this.#listings.read(handle, offset, plus, accept);
  }

  fsyncDirectory(handle: Handle): Promise<void> {
    return this.#listings.fsync(handle);
  }

  releaseDirectory(handle: Handle): MaybePromise<void> {
    return this.#listings.release(handle);
  }

  getXattr(who: Credentials, ino: Ino, name: ByteString): MaybePromise<Uint8Array> {
    return this.#volume.lookAgain(() => this.#attributes.getXattr(who, this.#volume.inode(ino), name));
  }

  setXattr(who: Credentials, ino: Ino, name: ByteString, value: Uint8Array, flags: number): MaybePromise<void> {
    return this.#volume.again(() => this.#attributes.setXattr(who, this.#volume.inode(ino), name, value, flags));
  }

  listXattrs(who: Credentials, ino: Ino): MaybePromise<readonly ByteString[]> {
    return this.#volume.lookAgain(() => this.#attributes.listXattrs(who, this.#volume.inode(ino)));
  }

  removeXattr(who: Credentials, ino: Ino, name: ByteString): MaybePromise<void> {
    return this.#volume.again(() => this.#attributes.removeXattr(who, this.#volume.inode(ino), name));
  }

  /** An answer that tells a file's size, as soon as that may be told. What else it says may be kept no longer then. */
  #shown<R extends AttributesReply | NegativeEntry>(telling: MaybePromise<R>): MaybePromise<R> {
    const shown = (reply: R): MaybePromise<R> => {
      const inode = 'attributes' in reply ? this.#volume.inodes.get(reply.attributes.ino) : undefined;
      if ('attributes' in reply && inode !== undefined) this.#volume.dropEnd(inode, reply.attributes.size);
      const dropped = inode?.dropped;
      return dropped === undefined ? reply : dropped.then(() => ({ ...reply, attributesValid: false, entryValid: false }));
    };
    return telling instanceof Promise ? telling.then(shown) : shown(telling);
  }

  /** Of the pool that files' data is in, or of what a quota leaves where the inode lies. */
  statfs(ino: Ino): MaybePromise<StatfsReply> {
    return this.#volume.lookAgain(() => this.#statfs(ino));
  }

  async #statfs(number: Ino): Promise<StatfsReply> {
    const [whole, { quota, bytes, files }] = await Promise.all([
      this.#clusterSpace.get(),
      this.#volume.mds.ask(this.#volume.inode(number), (mds) =>
        mds.query('quota', itself, { ino: number, untold: this.#keeper.untoldSizes() }, (reply) => reply),
      ),
    ]);
    if (quota === null) return whole;
    const room = Math.max(0, quota.maxBytes - bytes);
    const space = quota.maxBytes > 0 ? { totalBytes: quota.maxBytes, freeBytes: Math.min(whole.freeBytes, room) } : {};
    const names = quota.maxFiles > 0 ? { files: quota.maxFiles, freeFiles: Math.max(0, quota.maxFiles - files) } : {};
    return { ...whole, ...space, ...names };
  }

  async syncAll(): Promise<void> {
    await Promise.all([this.#volume.writeBack.flushAll(), this.#keeper.sendAll()]);
    await this.#volume.mds.flushAll();
  }
}
