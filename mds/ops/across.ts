/**
 * Rename, link and unlink where several ranks take part: decided by the rank that was asked, in one entry of its journal, from what the
 * others have told of what is theirs and lent (lend.ts). Each is told with the loan's return what is to be done there (apply-edits.ts). By
 * the same rules as rename.ts, link.ts and unlink.ts, which do what concerns one rank only.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { quoted, type ByteString } from '../../common/maps/ids.ts';
import type {
  LinkReply,
  LinkRequest,
  RankAskReply,
  RankDirectory,
  RankInode,
  RankName,
  RenameReply,
  RenameRequest,
  UnlinkReply,
  UnlinkRequest,
} from '../../common/wire/gen/messages.ts';
import { mayUnstick } from '../client/access.ts';
import { FileType } from '../client/file-mode.ts';
import { linksMax } from '../client/limits.ts';
import type { Edit, InodeEdit } from '../core/edit.ts';
import { LoanKind } from '../core/loans.ts';
import { checkedName, type Operation } from '../core/operation.ts';
import { Access } from '../core/permissions.ts';
import { requireSameQuotas } from '../core/quota.ts';
import { applyEdits, prepareEdits } from './apply-edits.ts';
import { directoryOf, entryOf, inodeOf } from './lend.ts';
import { RenameFlag } from './rename.ts';
import { returned } from './take-message.ts';
import { requireExpected } from './unlink.ts';

/** What is to be asked of another rank. */
export interface Ask {
  readonly rank: number;
  readonly kind: number;
  readonly ino: number;
  readonly name: ByteString;
}

/** Thrown by a plan that lacks an answer: with that it is made again from its start. */
export class Needed extends Error {
  override readonly name = 'Needed';
  readonly ask: Ask;

  constructor(ask: Ask) {
    super(`rank ${ask.rank} is to be asked`);
    this.ask = ask;
  }
}

/** What is known so far. */
export interface Gathered {
  /** The ranks that decide about inodes of which others do. */
  readonly where: Map<number, number>;
  readonly answers: { readonly ask: Ask; readonly told: RankAskReply }[];
  /** What has been lent for it. */
  readonly loans: string[];
}

interface PlacedName {
  readonly rank: number;
  readonly name: ByteString;
  readonly directory: RankDirectory;
  readonly entry: RankName | undefined;
}

interface Found {
  readonly name: PlacedName;
  readonly entry: RankName;
  readonly inode: RankInode;
}

/** A change of names with all that it concerns, here and elsewhere. */
class Plan {
  readonly op: Operation;
  readonly #gathered: Gathered;
  readonly #edits = new Map<number, Edit[]>();

  constructor(op: Operation, gathered: Gathered) {
    this.op = op;
    this.#gathered = gathered;
  }

  get rank(): number {
    return this.op.core.rank;
  }

  rankOf(ino: number): number {
    return this.#gathered.where.get(ino) ?? this.rank;
  }

  name(directory: number, name: ByteString): PlacedName {
    const rank = this.rankOf(directory);
    if (rank === this.rank) {
      const found = entryOf(this.op, directory, name);
      return { rank, name, directory: directoryOf(this.op, found.directory), entry: found.entry };
    }
    const told = this.#told({ rank, kind: LoanKind.name, ino: directory, name });
    if (told.directory === null) throw new FsError('EINVAL', `rank ${rank} has told nothing of directory ${directory.toString(16)}`);
    return { rank, name, directory: told.directory, entry: told.name ?? undefined };
  }

  inode(ino: number, rank: number): RankInode {
    if (rank === this.rank) return inodeOf(this.op, ino, this.op.session.instance);
    const { inode } = this.#told({ rank, kind: LoanKind.inode, ino, name: '' as ByteString });
    if (inode === null) throw new FsError('EINVAL', `rank ${rank} has told nothing of inode ${ino.toString(16)}`);
    return inode;
  }

  found(name: PlacedName, entry: RankName): Found {
    return { name, entry, inode: this.inode(entry.ino, entry.rank) };
  }

  /** Whether `ino` is the directory, or one above it, whichever ranks these are with. */
  isAbove(ino: number, directory: RankDirectory): boolean {
    for (let at = directory; ;) {
      if (at.above.includes(ino)) return true;
      const { beyondIno, beyondRank } = at;
      if (beyondIno === 0) return false;
      if (beyondRank === this.rank) at = directoryOf(this.op, this.op.core.cache.directory(beyondIno));
      else {
        const told = this.#told({ rank: beyondRank, kind: LoanKind.above, ino: beyondIno, name: '' as ByteString });
        if (told.directory === null) throw new FsError('EINVAL', `rank ${beyondRank} has told nothing`);
        at = told.directory;
      }
    }
  }

  #told(ask: Ask): RankAskReply {
    for (const { ask: other, told } of this.#gathered.answers)
      if (other.rank === ask.rank && other.kind === ask.kind && other.ino === ask.ino && other.name === ask.name) return told;
    throw new Needed(ask);
  }

  /** At that rank. */
  edit(rank: number, edit: Edit): void {
    const edits = this.#edits.get(rank);
    if (edits === undefined) this.#edits.set(rank, [edit]);
    else edits.push(edit);
  }

  unname({ rank, name, directory: { ino } }: PlacedName): void {
    this.edit(rank, { kind: 'unname', directory: ino, name });
  }

  /** `position`: in listings, of a name that was there. */
  put({ rank, name, directory }: PlacedName, { entry: { ino, type, rank: of } }: Pick<Found, 'entry'>, position = 0): void {
    this.edit(rank, { kind: 'name', directory: directory.ino, name, ino, type, rank: of, position });
  }

  /** The inode has lost a name, or has one more, or both. */
  count({ entry: { ino, rank } }: Pick<Found, 'entry'>, links: number, lost?: Found, came?: PlacedName): void {
    const left = lost !== undefined && lost.name.rank !== rank && lost.entry.last ? lost.name.rank : -1;
    const edit: InodeEdit = {
      kind: 'inode',
      ino,
      links,
      left,
      came: came !== undefined && came.rank !== rank ? came.rank : -1,
      parent: came?.directory.ino ?? 0,
    };
    this.edit(rank, edit);
  }

  /** In one entry: what is done here, what the others are to do, and that the client's request has been carried out. Blocks before that. */
  commit(flag: boolean): number {
    const { op } = this;
    const { core } = op;
    const edits = this.#edits.get(this.rank) ?? [];
    prepareEdits(op, edits);
    const gone = applyEdits(op, edits);
    for (const change of returned(core, this.#gathered.loans, this.#edits, op.now)) op.note(change);
    const journalSeq = op.commit([], flag);
    core.effects.posted();
    for (const inode of gone) if (inode.caps.length === 0) core.effects.purge(inode);
    return journalSeq;
  }

  head(journalSeq: number): RenameReply['head'] {
    return { journalSeq, barrierEpoch: 0, rank: this.rank, grants: [] };
  }
}

/** The requests that several ranks may take part in. Each blocks, and throws {@link Needed} for what it has to know of other ranks. */
export const across = { rename: renameAcross, link: linkAcross, unlink: unlinkAcross } as const;

function renameAcross(op: Operation, request: RenameRequest, gathered: Gathered): RenameReply {
  const plan = new Plan(op, gathered);
  const { repeated } = op;
  if (repeated !== undefined) return { replaced: repeated.flag, offset: 0, otherOffset: 0, head: op.repeat(repeated) };
  const exchanges = request.flags === RenameFlag.exchange;
  const from = plan.name(request.parent, checkedName(request.name));
  const to = plan.name(request.newParent, checkedName(request.newName));
  for (const { directory } of [from, to]) allowIn(directory, Access.execute);
  const source = entryIn(from);
  if (to.entry !== undefined && request.flags === RenameFlag.noReplace) throw exists(to);
  requireUnlimited(plan, from, to);
  if (exchanges) entryIn(to);
  else requireExpected(request.expectedTarget, to.entry?.ino);
  const isOne = to.entry?.ino === source.ino;
  // Before they are asked for: what is above another is lent with that.
  allowAbove(plan, source, to);
  if (exchanges && to.entry !== undefined) allowAbove(plan, to.entry, from);
  const moved = plan.found(from, source);
  allowMove(op, moved, to);
  if (isOne) return { replaced: false, offset: 0, otherOffset: 0, head: plan.head(0) };
  const target = to.entry === undefined ? undefined : plan.found(to, to.entry);
  const elsewhere = from.directory.ino !== to.directory.ino;
  if (exchanges && target !== undefined) {
    allowMove(op, target, from);
    for (const each of [moved, target]) if (elsewhere) allowNewParent(each);
    for (const each of [from, to]) plan.unname(each);
    plan.count(moved, 0, moved, to);
    plan.count(target, 0, target, from);
    plan.put(to, moved, target.entry.position);
    plan.put(from, target, source.position);
    return { replaced: true, offset: target.entry.position, otherOffset: source.position, head: plan.head(plan.commit(true)) };
  }
  if (target !== undefined) allowReplacement(op, moved, target);
  if (elsewhere) allowNewParent(moved);
  if (target !== undefined && isDirectory(target.entry) && target.inode.entries > 0) throw notEmpty(target);
  if (isDirectory(source) && elsewhere && target === undefined && to.directory.nlink >= linksMax)
    throw new FsError('EMLINK', `directory ${to.directory.ino.toString(16)} has ${to.directory.nlink - 2} subdirectories`);
  plan.unname(from);
  if (target !== undefined) {
    plan.unname(to);
    plan.count(target, -1, target);
  }
  plan.count(moved, 0, moved, to);
  plan.put(to, moved, target?.entry.position);
  const journalSeq = plan.commit(target !== undefined);
  const offset = to.rank === plan.rank ? op.core.cache.positionOf(to.directory.ino, to.name) : 0;
  return { replaced: target !== undefined, offset, otherOffset: 0, head: plan.head(journalSeq) };
}

function linkAcross(op: Operation, request: LinkRequest, gathered: Gathered): LinkReply {
  const plan = new Plan(op, gathered);
  const { repeated } = op;
  const name = checkedName(request.name);
  const { cache } = op.core;
  if (repeated !== undefined) return { offset: cache.positionOf(request.parent, name), head: op.repeat(repeated) };
  const to = plan.name(request.parent, name);
  allowIn(to.directory, Access.write | Access.execute);
  const rank = plan.rankOf(request.ino);
  const inode = plan.inode(request.ino, rank);
  if (isDirectoryMode(inode.mode)) throw new FsError('EPERM', 'a directory has one name only');
  if (inode.nlink === 0 && !(request.unnamed && (op.isReplay || inode.open)))
    throw new FsError('ENOENT', `inode ${inode.ino.toString(16)} has been removed`);
  if (to.entry !== undefined) throw exists(to);
  if (inode.nlink >= linksMax) throw new FsError('EMLINK', `inode ${inode.ino.toString(16)} has ${inode.nlink} names`);
  if (inode.limited || to.directory.limited) throw outOfQuota(inode.ino, to.directory.ino);
  const linked = { entry: { ino: inode.ino, type: inode.mode & FileType.mask, rank, position: 0, last: false } };
  plan.count(linked, 1, undefined, to);
  plan.put(to, linked);
  const journalSeq = plan.commit(false);
  return { offset: cache.positionOf(request.parent, name), head: plan.head(journalSeq) };
}

function unlinkAcross(op: Operation, request: UnlinkRequest, gathered: Gathered): UnlinkReply {
  const plan = new Plan(op, gathered);
  const { repeated } = op;
  if (repeated !== undefined) return { head: op.repeat(repeated) };
  const from = plan.name(request.parent, checkedName(request.name));
  allowIn(from.directory, Access.execute);
  const entry = entryIn(from);
  requireExpected(request.expected, entry.ino);
  const found = plan.found(from, entry);
  allowRemoval(op, found);
  if (request.directory && !isDirectory(found.entry)) throw new FsError('ENOTDIR', `${quoted(from.name)} is not a directory`);
  if (!request.directory && isDirectory(found.entry)) throw new FsError('EISDIR', `${quoted(from.name)} is a directory`);
  if (request.directory && found.inode.entries > 0) throw notEmpty(found);
  plan.unname(from);
  plan.count(found, -1, found);
  return { head: plan.head(plan.commit(false)) };
}

function entryIn({ entry, name, directory }: PlacedName): RankName {
  if (entry === undefined) throw new FsError('ENOENT', `${quoted(name)} is not in directory ${directory.ino.toString(16)}`);
  return entry;
}

function exists({ name, directory }: PlacedName): FsError {
  return new FsError('EEXIST', `${quoted(name)} exists in directory ${directory.ino.toString(16)}`);
}

function notEmpty({ inode: { ino, entries } }: Found): FsError {
  return new FsError('ENOTEMPTY', `directory ${ino.toString(16)} has ${entries} entries`);
}

function outOfQuota(a: number, b: number): FsError {
  return new FsError('EXDEV', `a quota binds only one of the inodes ${a.toString(16)} and ${b.toString(16)}: copy instead`);
}

function allowIn({ ino, access }: Pick<RankDirectory, 'ino' | 'access'>, mask: number): void {
  if ((access & mask) !== mask) throw new FsError('EACCES', `permission denied on inode ${ino.toString(16)}`);
}

function allowRemoval(op: Operation, { name: { directory }, inode }: Found): void {
  allowIn(directory, Access.write | Access.execute);
  if (mayUnstick(op, directory, inode)) return;
  throw new FsError('EPERM', `directory ${directory.ino.toString(16)} is sticky: uid ${op.uid} owns neither it nor what is to go`);
}

function allowMove(op: Operation, moved: Found, to: PlacedName): void {
  allowRemoval(op, moved);
  allowIn(to.directory, Access.write | Access.execute);
}

/** It does not go below itself. */
function allowAbove(plan: Plan, moved: RankName, to: PlacedName): void {
  if (isDirectory(moved) && plan.isAbove(moved.ino, to.directory))
    throw new FsError('EINVAL', `directory ${moved.ino.toString(16)} cannot go below itself`);
}

/** A directory's entry `..` changes when it goes elsewhere. */
function allowNewParent({ entry, inode }: Found): void {
  if (isDirectory(entry)) allowIn(inode, Access.write);
}

function allowReplacement(op: Operation, moved: Found, target: Found): void {
  allowRemoval(op, target);
  if (isDirectory(moved.entry) && !isDirectory(target.entry))
    throw new FsError('ENOTDIR', `inode ${target.inode.ino.toString(16)} is not a directory`);
  if (!isDirectory(moved.entry) && isDirectory(target.entry))
    throw new FsError('EISDIR', `inode ${target.inode.ino.toString(16)} is a directory`);
}

/** Quotas do not reach from one rank to another. */
function requireUnlimited(plan: Plan, from: PlacedName, to: PlacedName): void {
  const [a, b] = [from.directory, to.directory];
  if (a.ino === b.ino) return;
  if (from.rank !== to.rank) {
    if (a.limited || b.limited) throw outOfQuota(a.ino, b.ino);
  } else if (from.rank === plan.rank) {
    const { cache } = plan.op.core;
    requireSameQuotas(plan.op.core, cache.directory(a.ino), cache.directory(b.ino));
  }
}

function isDirectory({ type }: RankName): boolean {
  return type === FileType.directory;
}

function isDirectoryMode(mode: number): boolean {
  return (mode & FileType.mask) === FileType.directory;
}
