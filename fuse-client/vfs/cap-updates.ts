/**
 * What the MDS is told of inodes with CapUpdates: wishes, what is kept of what it recalls, attributes that were changed here. Of these it is
 * remembered which may not be in its journal yet.
 * @module
 */
import { type FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { CapUpdateReply, HeldCaps, Init, LockState } from '../../common/wire/gen/messages.ts';
import { Cap, DirtyField, type Caps, type Change } from '../../mds/client/index.ts';
import { itself } from './filesystem.ts';
import type { Inode } from './inode.ts';
import { isOver, type Volume } from './volume.ts';

/** Updates remembered before those that are safe are looked for; where most are not, twice those that are left. */
const tellingMax = 1_024;

export interface CapUpdateOptions {
  /** What handles want; what those that are open do unless it is said. */
  readonly wanted?: Caps;
  /** The journal is written at once. */
  readonly flush?: boolean;
  /** Others wait for it. */
  readonly urgent?: boolean;
  /** It ends the turn to append. */
  readonly appended?: boolean;
  /** Exclusive caps will go back, and all that was written is on the OSDs: the size is final. */
  readonly sizeTold?: boolean;
  readonly lockStates?: Init<LockState>[];
}

/** An update that may not be in the journal. */
interface Telling {
  readonly change: Change;
  /** The largest size that has been told and not answered, as a limit in an InodeRecord: 0 where no quota binds the file. */
  readonly sizeLimit: number;
  /** What had been told when a size was set, and what set the last one: as soon as that is in the journal it counts no more. */
  readonly before: { readonly sizeLimit: number; readonly setBy: Change } | undefined;
}

/** As in HeldCaps. */
type HeldByTelling = Pick<HeldCaps, 'caps' | 'sizeLimit' | 'telling'>;

export class CapUpdates {
  readonly #volume: Volume;
  /** Those that carried dirty attributes and are not safe yet, by inode: the newest of each. */
  readonly #telling = new Map<number, Telling>();
  #lookAt = tellingMax;

  constructor(volume: Volume) {
    this.#volume = volume;
  }

  /** Tells what is held and wanted of it, with all of its attributes that are dirty. */
  send(inode: Inode, options: CapUpdateOptions): { readonly done: Promise<void> } {
    const { mds, inodes } = this.#volume;
    // With another rank than before, perhaps.
    const client = mds.of(inode);
    const wanted = options.wanted ?? inode.wanted;
    const message = {
      ino: inode.ino,
      caps: inode.caps,
      wanted,
      seq: inode.seq,
      dirty: inode.takeDirty() ?? null,
      settled: inode.reachIsOver,
      flush: options.flush ?? false,
      appended: options.appended ?? false,
      sizeTold: options.sizeTold ?? false,
      askedSize: inode.allowances.asked,
      untoldSize: inode.cutting === undefined ? 0 : inode.size,
      lockStates: options.lockStates ?? [],
    };
    const leaves = message.caps === 0 && wanted === 0;
    const { rank } = inode;
    if (leaves) inodes.returning(inode.ino, rank, message.seq);
    inode.wantedTold = wanted;
    const take = (reply: CapUpdateReply): void => {
      if (leaves) {
        inodes.returned(inode.ino, rank, message.seq);
        if (inode.rank === rank && inode.caps === 0 && inode.seq === message.seq) inode.seq = 0;
      }
      if (reply.grant !== null) inodes.apply(reply.grant, rank);
    };
    const { change, done: answered } = client.updateCaps(message, take, options.urgent);
    const done = answered.catch((error: unknown) => this.#moved(inode, toFsError(error)));
    if (message.settled) inode.settles(done);
    if (message.dirty === null || message.dirty.fields === DirtyField.atime) return { done };
    inode.changedBy(change);
    if (((message.dirty.fields ?? 0) & (DirtyField.size | DirtyField.space)) !== 0) inode.sizeToldBy = change;
    const before = this.#telling.get(inode.ino)?.before;
    this.#telling.set(inode.ino, { change, sizeLimit: this.#limitToldBy(inode), before });
    if (this.#telling.size > this.#lookAt) this.#forgetSafe();
    const told = done.catch((error: unknown) => {
      this.refused(inode, error);
      throw error;
    });
    const telling = Promise.all([inode.telling, told.catch(() => undefined)]).then(() => {
      if (inode.telling === telling) inode.telling = undefined;
    });
    inode.telling = telling;
    return { done: told };
  }

  /** {@link send}, where nobody waits for the answer: what it carried has been taken care of. */
  post(inode: Inode, options: CapUpdateOptions): void {
    this.send(inode, options).done.catch((error: unknown) =>
      this.#volume.env.log.debug({ ino: inode.ino, err: toFsError(error) }, 'caps not updated'),
    );
  }

  /** Asks for what a handle with `wants` needs, beside those that are open, and for nothing to be checked. */
  async open(inode: Inode, wants: Caps = 0): Promise<void> {
    const { mds, inodes } = this.#volume;
    await mds.ask(inode, (rank) => {
      const wanted = inode.wanted | wants;
      inode.wantedTold = wanted;
      return rank.query('open', itself, { ino: inode.ino, wanted }, (reply) => inodes.applyAll(reply.head));
    });
  }

  /**
   * Another rank has the inode, to which this one gave it when nothing was held of it any more: whoever wants something asks there. Who has it open
   * says so at once: that rank has to know when it loses its last name.
   */
  #moved(inode: Inode, error: FsError): void {
    const { elsewhere } = error;
    if (error.code !== 'EREMOTE' || elsewhere?.ino !== inode.ino) throw error;
    this.goTo(inode, elsewhere.rank);
  }

  /** Nothing of it is held of the rank that it was with. */
  goTo(inode: Inode, rank: number): void {
    if (inode.rank === rank) return;
    inode.movedTo(rank);
    const { env } = this.#volume;
    if (inode.opened)
      env.spawn('open where it has gone', () =>
        this.open(inode).catch((err: unknown) =>
          env.log.debug({ ino: inode.ino, err }, 'a file that is open was not opened where it has gone'),
        ),
      );
  }

  /** The MDS will never know of attributes that were changed here: as much as losing data. */
  refused(inode: Inode, error: unknown): void {
    const failure = toFsError(error);
    // The inode was deleted meanwhile, or the session is over and says so itself.
    if (isGone(failure)) return;
    this.#volume.data(inode).fail(failure);
    this.#volume.env.log.error({ ino: inode.ino, err: failure }, 'the MDS refused attributes of a file: fsync or close will report it');
  }

  /**
   * By inode, what counts as held by this client as long as what `rank` has been told of it may not be written down; also of inodes that have been
   * given back since.
   */
  heldByTelling(rank: number): ReadonlyMap<number, HeldByTelling> {
    this.#forgetSafe();
    const held = new Map<number, HeldByTelling>();
    for (const [ino, telling] of this.#telling) if (telling.change.rank === rank) held.set(ino, heldFor(telling));
    return held;
  }

  /** The session is over, and all that it was told with it. */
  forgetAll(): void {
    this.#telling.clear();
  }

  /** A size was set, as the answer to `change` says: one that had been told before is over with it. */
  sizeSet({ ino }: Inode, setBy: Change): void {
    const telling = this.#telling.get(ino);
    if (telling === undefined) return;
    const sizeLimit = Math.max(telling.sizeLimit, earlierLimit(telling));
    this.#telling.set(ino, { change: telling.change, sizeLimit: 0, before: { sizeLimit, setBy } });
  }

  /** A write past the cache tells its own end, which may be below one that was told before and not answered. */
  #limitToldBy({ ino, size, sizeLimit }: Inode): number {
    if (sizeLimit === 0) return 0;
    const before = this.#telling.get(ino);
    const isOpen = before !== undefined && !before.change.safe && before.change.firstSeq === 0;
    return Math.max(1 + size, isOpen ? before.sizeLimit : 0);
  }

  #forgetSafe(): void {
    for (const [ino, { change }] of this.#telling) if (change.safe) this.#telling.delete(ino);
    this.#lookAt = Math.max(tellingMax, 2 * this.#telling.size);
  }
}

/** What is held of an inode until what it was told is safe; a life of the MDS that has answered counts the size that was told. */
function heldFor(telling: Telling): HeldByTelling {
  const { change, sizeLimit } = telling;
  if (change.firstSeq > 0) return { caps: Cap.fileWrite, sizeLimit: 0, telling: 0 };
  const caps = Cap.fileWrite | Cap.fileExclusive | Cap.attrExclusive;
  return { caps, sizeLimit: Math.max(sizeLimit, earlierLimit(telling)), telling: change.tid };
}

function earlierLimit({ before }: Telling): number {
  return before === undefined || before.setBy.safe ? 0 : before.sizeLimit;
}

function isGone(error: FsError): boolean {
  return isOver(error) || error.code === 'ESTALE' || error.code === 'ENOENT';
}
