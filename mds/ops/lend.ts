/**
 * What another rank asks of what this one decides about, for a change of names that both take part in: it is told what matters of it, and
 * what it asks for stays as it is until it is back.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { ByteString } from '../../common/maps/ids.ts';
import type {
  RankAskReply,
  RankAskRequest,
  RankDirectory,
  RankInode,
  RankName,
  RankShare,
  RequestHead,
} from '../../common/wire/gen/messages.ts';
import { mayAccess } from '../client/access.ts';
import { Blocked } from '../core/blocked.ts';
import { pathOfName } from '../core/damage-table.ts';
import { foreignName, homeOf, isAt, type Dentry, type Inode } from '../core/inode.ts';
import { capOf } from '../core/locker.ts';
import { isLoan, LoanKind, loanKey, turnIno } from '../core/loans.ts';
import type { MdsCore } from '../core/mds-core.ts';
import { checkedName, Operation } from '../core/operation.ts';
import { Access, accessAcl } from '../core/permissions.ts';
import { quotasAbove } from '../core/quota.ts';
import { MdsSession } from '../core/session.ts';
import { giverOf, isGivenRoot, nowhere } from '../core/subtrees.ts';
import { isUsedNumber } from '../core/used-number.ts';

/** Before it is lent: nobody holds anything that stands against a change of it. Blocks. */
export function lend(core: MdsCore, request: RankAskRequest): RankAskReply {
  const op = onBehalf(core, request);
  const { kind, ino, from, loan } = request;
  const told = tell(op, request);
  if (!isLoan(kind)) return told;
  if (core.isClosed(from)) throw new FsError('EAGAIN', `rank ${from} is stopping`, { retry: 'safe' });
  core.commit([
    { kind: 'mark', key: loanKey.lent(loan), value: kind === LoanKind.turn ? turnIno : ino },
    ...core.post(from, { kind: 'lend', loan }),
  ]);
  core.effects.posted();
  return told;
}

function tell(op: Operation, { kind, ino, name, instance, from }: RankAskRequest): RankAskReply {
  const nothing: RankAskReply = { directory: null, name: null, inode: null, share: null };
  switch (kind) {
    case LoanKind.turn:
      if (!op.core.loans.isTurnFree) throw new Blocked({ kind: 'between' });
      return nothing;
    case LoanKind.above:
      return { ...nothing, directory: directoryOf(op, op.core.cache.directory(ino)) };
    case LoanKind.name: {
      const { directory, entry } = entryOf(op, ino, checkedName(name));
      return { ...nothing, directory: directoryOf(op, directory), name: entry ?? null };
    }
    case LoanKind.inode:
      return { ...nothing, inode: inodeOf(op, ino, instance) };
    case LoanKind.look: {
      const dentry = op.find(op.directory(ino), checkedName(name));
      return { ...nothing, name: dentry === undefined ? null : nameOf(op, dentry) };
    }
    case LoanKind.share:
      return { ...nothing, share: shareOf(op.core, ino, from) };
    case LoanKind.used:
      return { ...nothing, share: { ...noShare, known: isUsedNumber(op.core, ino) } };
    default:
      throw new FsError('EINVAL', `there is nothing of kind ${kind} to be lent`);
  }
}

/** An operation that another rank has begun. */
function onBehalf(core: MdsCore, { uid, gid, groups }: RankAskRequest): Operation {
  const head: RequestHead = { tid: 0, uid, gid, groups, replay: false, oldestTid: 0, time: null, ahead: false };
  return new Operation(core, new MdsSession(0, 'mds', ''), head);
}

/** What a directory has under a name, which nobody knows from a cache then. Blocks. */
export function entryOf(op: Operation, ino: number, name: ByteString): { readonly directory: Inode; readonly entry: RankName | undefined } {
  const { core } = op;
  const directory = op.directory(ino);
  core.locker.clear(undefined, directory, 'change');
  const dentry = core.cache.find(ino, name);
  return { directory, entry: dentry && nameOf(op, dentry) };
}

/** What a name leads to, and which rank decides about that. */
export function nameOf(op: Operation, dentry: Dentry): RankName {
  const { core } = op;
  const { position, inode, remoteIno, remoteType } = dentry;
  return {
    ino: inode?.ino ?? remoteIno,
    type: inode?.type ?? remoteType,
    rank: op.elsewhere(dentry)?.rank ?? core.rank,
    position,
    last: core.given.get(remoteIno)?.names === 1,
  };
}

/** Of a directory that names are changed in. Blocks. */
export function directoryOf(op: Operation, directory: Inode): RankDirectory {
  const { core } = op;
  const { ino, mode, uid, nlink } = directory;
  const above: number[] = [ino];
  let top = directory;
  for (; top.above !== 0; top = core.cache.directory(top.above)) above.push(top.above);
  const beyond = isGivenRoot(top) ? { beyondIno: top.parent, beyondRank: giverOf(top) } : { beyondIno: 0, beyondRank: 0 };
  return { ino, mode, uid, nlink, access: accessOf(op, directory), limited: quotasAbove(core, directory).length > 0, above, ...beyond };
}

/** Of an inode whose names change: by the client `instance`. Blocks. */
export function inodeOf(op: Operation, number: number, instance: number): RankInode {
  const { core } = op;
  const inode = op.inode(number);
  if (core.isTelling(number)) throw new Blocked({ kind: 'between' });
  if (inode.doubtful) throw new Blocked({ kind: 'recovery', inode });
  core.locker.clear(undefined, inode, 'change');
  const { ino, mode, uid, nlink, entries } = inode;
  const session = core.sessions.get(instance);
  const home = inode.isDirectory ? undefined : homeOf(inode);
  const limited = home !== undefined && quotasAbove(core, core.cache.directory(home)).length > 0;
  return {
    ino,
    mode,
    uid,
    nlink,
    entries,
    access: accessOf(op, inode),
    open: session !== undefined && capOf(inode, session) !== undefined,
    limited,
  };
}

/**
 * What there is here of an inode that `from` decides about, or has names of. Blocks while anything here is lent, or the inode is on its way
 * from here: what has been decided of it may not have come here yet.
 */
function shareOf(core: MdsCore, ino: number, from: number): RankShare {
  if (core.loans.lent.size > 0 || core.posted.isMoving(ino)) throw new Blocked({ kind: 'between' });
  const given = core.given.get(ino);
  if (given === undefined) {
    const inode = core.cache.inode(ino);
    return { ...noShare, known: isGivenRoot(inode) ? giverOf(inode) === from : inode.names.some((name) => isAt(name, foreignName(from))) };
  }
  if (given.rank !== from) return noShare;
  const { place, names, counted } = given;
  return {
    ...noShare,
    ...counted,
    names,
    parent: place.directory,
    path: place.directory === nowhere.directory ? '' : pathOfName(core.cache, place),
  };
}

const noShare: RankShare = { names: 0, parent: 0, bytes: 0, files: 0, subdirs: 0, path: '', known: false };

/** The rights that the caller has. */
function accessOf(op: Operation, inode: Inode): number {
  let access = 0;
  for (const right of [Access.read, Access.write, Access.execute])
    if (mayAccess(op, inode, () => accessAcl(inode.xattrs), right)) access |= right;
  return access;
}
