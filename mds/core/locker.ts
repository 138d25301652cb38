/**
 * Caps of all sessions on all inodes: gives, recalls, takes back. One session alone on an inode costs a look at an
 * array of length one; bookkeeping begins with the second.
 * Invariant: no session is given anything that contradicts what another holds or has not answered a recall of.
 * @module
 */
import { allCaps, Cap as Bit, type Caps } from '../client/caps.ts';
import type { InodeGrant } from '../../common/wire/gen/messages.ts';
import { Blocked } from './blocked.ts';
import { besides, excludes, fileThrough, keepable, type Access, type Cap } from './cap.ts';
import { ourselves, type Inode } from './inode.ts';
import type { MdsSession } from './session.ts';

/** What the shell must carry out. */
export interface LockerEffects {
  /** Push a CapRecall to the session. */
  recall(instance: number, ino: number, keep: Caps, seq: number): void;
  /** Push a CapGrant. */
  grant(instance: number, grant: InodeGrant): void;
  /** Wake the requests that are blocked on recalls of this inode. */
  recalled(inode: Inode): void;
  /** Wake those that are blocked on the turn to append to it. */
  appended(inode: Inode): void;
  /** No session holds or wants anything of it any more. */
  unheld(inode: Inode): void;
  /** The `sizeLimit` with which a file is given out. */
  limit(inode: Inode): number;
  /** Whether no quota stands against new names in the directory. */
  isUnlimited(directory: Inode): boolean;
  /** Whether its last change may be in no journal yet. */
  isUnsafe(inode: Inode): boolean;
  /** Whether it is about to go to another rank. */
  isMoving(inode: Inode): boolean;
  nowMs(): number;
}

/** Two recalls of a directory within this time, and nobody is given it for as long. */
const directoryHotMs = 50;

/** Whether its blocks are to be counted: nobody has it open to write to it. What is being cut is counted by who cuts it. */
export function isCountDue({ unsure, nlink, truncateFrom, caps }: Inode): boolean {
  return unsure && nlink > 0 && truncateFrom === 0 && !caps.some(({ wanted }) => (wanted & Bit.fileWrite) !== 0);
}

/**
 * Whether another has yet to give back what these caps exclude, or are excluded by: they were restored, and perhaps only count as held, as something that they were used for
 * may have to be told again. To grant them now would be to give them.
 */
function isDisputed({ caps }: Inode, own: Cap): boolean {
  return caps.some(
    (other) => other !== own && other.recall !== undefined && (excludes(own.issued, other.issued) || excludes(other.issued, own.issued)),
  );
}

/** From now on the session has something to do with the inode. */
function hold(session: MdsSession, inode: Inode, issued: Caps, wanted: Caps, seq: number, telling = 0): Cap {
  const { instance } = session;
  const { ino } = inode;
  const cap: Cap = { instance, ino, issued, wanted, seq, recall: undefined, allowed: 0, claimed: 0, telling };
  inode.caps.push(cap);
  session.caps.set(ino, cap);
  return cap;
}

export class Locker {
  readonly #effects: LockerEffects;
  /** Caps with an unanswered recall, oldest first. */
  readonly recalls = new Set<Cap>();
  /** Files that somebody is appending to beside others, and since when (Clock.monotonicMs). */
  readonly turns = new Map<Inode, number>();
  /** Who may hold caps is known. */
  #complete = false;
  readonly #quietMs: number;
  /** Of directories: when what several may hold of them was last recalled, and until when nobody is given that. */
  readonly #heat = new WeakMap<Inode, { readonly sinceMs: number; readonly untilMs: number }>();

  /** `quietMs`: for so long nobody is given a directory exclusively in which several have been. */
  constructor(effects: LockerEffects, quietMs: number) {
    this.#effects = effects;
    this.#quietMs = quietMs;
  }

  /**
   * Makes sure that no other session's caps contradict `access` by `session`; throws Blocked after having asked for
   * those that do. `wanted`: what the session's handles will want.
   */
  clear(session: MdsSession | undefined, inode: Inode, access: Access, wanted?: Caps): void {
    if (inode.doubtful && session !== undefined) throw new Blocked({ kind: 'recovery', inode });
    this.#clear(session, inode, access, wanted);
  }

  /**
   * Likewise for a record that the session adds to the file. As long as it has to give back the right to write it passes a file in doubt: to
   * answer, its kernel may need pages that it holds until the record is stored, and the recovery waits for that answer. Whoever else has died, he was not alone
   * with the file.
   */
  clearToAppend(session: MdsSession, inode: Inode): void {
    if (inode.doubtful) {
      const own = capOf(inode, session);
      const isOwing = own?.recall !== undefined && (own.issued & Bit.fileWrite) !== 0;
      if (!isOwing) throw new Blocked({ kind: inode.caps.some(({ recall }) => recall !== undefined) ? 'recall' : 'recovery', inode });
    }
    this.#clear(session, inode, 'read');
  }

  #clear(session: MdsSession | undefined, inode: Inode, access: Access, wanted?: Caps): void {
    const { caps } = inode;
    // What is being stored is counted, or will be: it lies below the size.
    if ((access === 'cut' || access === 'size') && inode.appenders.includes(ourselves)) throw new Blocked({ kind: 'append', inode });
    if (caps.length === 0 || (caps.length === 1 && (caps[0] as Cap).instance === session?.instance)) return;
    const own = session === undefined ? undefined : capOf(inode, session);
    const wants = wanted ?? own?.wanted ?? 0;
    let othersWant = 0;
    for (const cap of caps) if (cap !== own) othersWant |= cap.wanted;
    let waits = false;
    for (const cap of caps) {
      if (cap === own) continue;
      const keep = keepable(inode.type, cap, access, wants, othersWant);
      if (keep === cap.issued) continue;
      const asked = cap.recall?.keep ?? cap.issued;
      if (cap.recall === undefined || (asked & cap.issued & ~keep) !== 0) this.#recall(inode, cap, keep & asked);
      waits = true;
    }
    if (waits) throw new Blocked({ kind: 'recall', inode });
  }

  /**
   * All sessions of the life before are back or over: from now on who is alone on an inode is so, also on those of `inodes`
   * where it would have been told meanwhile.
   */
  complete(inodes: Iterable<Inode>): void {
    this.#complete = true;
    for (const inode of inodes) this.settle(inode);
  }

  /** The inode's record with all the caps that `session` holds on it from now on: as many as the others leave. */
  grant(session: MdsSession, inode: Inode, wanted?: Caps): InodeGrant {
    let cap = capOf(inode, session);
    if (cap !== undefined && wanted !== undefined) cap.wanted = wanted;
    if (cap?.recall !== undefined) return this.held(session, inode);
    // While its data is cut nobody gets more, but who waits for that; nor while nobody knows how long it is.
    const isDue = isCountDue(inode) && ((wanted ?? 0) & Bit.fileWrite) === 0;
    const held =
      inode.contenders > 0 ||
      inode.doubtful ||
      isDue ||
      (inode.truncateFrom > 0 && wanted === undefined) ||
      this.#effects.isMoving(inode) ||
      this.#isHot(inode) ||
      (cap !== undefined && (cap.telling > 0 || isDisputed(inode, cap)));
    const allowed = held ? 0 : this.#allowed(inode, cap, session, wanted ?? cap?.wanted ?? 0);
    // Its size is about to be another than anybody is told.
    const target = inode.appenders.includes(ourselves) ? allowed & fileThrough : allowed;
    this.#limit(inode, target | (cap?.issued ?? 0));
    if (cap === undefined) {
      // What has lost its last name is not given to whoever does not use it: it is to go.
      if (inode.nlink === 0 && (wanted ?? 0) === 0) return this.#grantOf(inode, 0, 0);
      if (target === 0 && (wanted ?? 0) === 0) return this.#grantOf(inode, 0, 0);
      // Above all that is still on its way about caps it had before: else their late release would take these.
      const seq = session.usedSeq + 1;
      cap = hold(session, inode, target, wanted ?? 0, seq);
    } else if ((target & ~cap.issued) !== 0) {
      cap.issued |= target;
      cap.seq++;
    }
    return this.#grantOf(inode, cap.issued, cap.seq);
  }

  /** The inode's record with the caps that `session` holds, nothing added. */
  held(session: MdsSession, inode: Inode): InodeGrant {
    const cap = capOf(inode, session);
    if (cap === undefined) return this.#grantOf(inode, 0, 0);
    this.#limit(inode, cap.issued);
    if (cap.recall !== undefined) return this.#grantOf(inode, cap.issued & cap.recall.keep, cap.seq - 1);
    return this.#grantOf(inode, cap.issued, cap.seq);
  }

  /** What `session` holds now, nothing added: for listings. Undefined when others' caps stand against reading the record. */
  peek(session: MdsSession, inode: Inode): InodeGrant | undefined {
    if (inode.doubtful) return undefined;
    for (const cap of inode.caps) {
      if (cap.instance !== session.instance && keepable(inode.type, cap, 'read', 0, cap.wanted) !== cap.issued) return undefined;
    }
    return this.grant(session, inode);
  }

  /**
   * A client's word about its caps: keeps `kept`, wants `wanted`. `seq` older than the MDS's last word means that the
   * client had not seen it: then only `wanted` counts.
   */
  update(session: MdsSession, inode: Inode, kept: Caps, wanted: Caps, seq: number): void {
    const cap = capOf(inode, session);
    if (cap === undefined) return;
    cap.wanted = wanted;
    if (seq < cap.seq) return;
    cap.issued &= kept;
    if (cap.recall !== undefined) this.#answered(inode, cap);
    if (cap.issued === 0 && cap.wanted === 0) this.#drop(session, inode, cap);
    else if (cap.wanted === 0 && (inode.caps.length > 1 || inode.nlink === 0)) this.#yield(inode, cap);
    else this.settle(inode);
  }

  /** The update `tid` has come, with which or before which all is told that {@link Cap.telling} waits for. */
  told(session: MdsSession, inode: Inode, tid: number): void {
    const cap = capOf(inode, session);
    if (cap === undefined || cap.telling === 0 || tid < cap.telling) return;
    cap.telling = 0;
    this.settle(inode);
  }

  /** Asks for all that anybody holds of it. Returns whether nobody does. */
  takeBack(inode: Inode): boolean {
    let free = true;
    for (const cap of inode.caps) {
      if (cap.issued === 0 && cap.recall === undefined) continue;
      free = false;
      if (cap.issued !== 0 && cap.recall?.keep !== 0) this.#recall(inode, cap, 0);
    }
    return free;
  }

  /** Forgets what sessions want of it. They are asked for all, though nobody holds anything: with the answer to that they hear which rank to tell. */
  leave(inode: Inode, sessions: ReadonlyMap<number, MdsSession>): void {
    for (const cap of inode.caps) {
      const { instance, wanted } = cap;
      const session = sessions.get(instance);
      session?.caps.delete(inode.ino);
      if (session !== undefined) session.usedSeq = Math.max(session.usedSeq, ++cap.seq);
      if (wanted !== 0) this.#effects.recall(instance, inode.ino, 0, cap.seq);
    }
    inode.caps.length = 0;
  }

  /** The inode has lost its last name. Whoever does not use it gives it back, so that it can go; `session` hears it from its answer. */
  unnamed(session: MdsSession | undefined, inode: Inode): void {
    for (const cap of inode.caps)
      if (cap.instance !== session?.instance && isOver(inode, cap) && cap.recall?.keep !== 0) this.#recall(inode, cap, 0);
  }

  /**
   * A session that no longer wants a file which others do, or which has no name left, loses what it has left: so that they may have all
   * again, and it can go.
   */
  #yield(inode: Inode, cap: Cap): void {
    const wanted = inode.nlink === 0 || inode.caps.some((other) => other !== cap && (other.wanted & Bit.fileWrite) !== 0);
    if (wanted && cap.recall === undefined) this.#recall(inode, cap, 0);
  }

  /** It is the session's turn to append, until {@link endTurn} or until it holds nothing of the inode any more. */
  takeTurn(inode: Inode, instance: number): void {
    if (!inode.appenders.includes(instance)) inode.appenders = [...inode.appenders, instance];
    this.turns.set(inode, this.#effects.nowMs());
  }

  endTurn(inode: Inode, instance: number): void {
    if (!inode.appenders.includes(instance)) return;
    inode.appenders = inode.appenders.filter((other) => other !== instance);
    if (inode.appenders.length > 0) return;
    this.turns.delete(inode);
    this.#effects.appended(inode);
    if (instance === ourselves) this.settle(inode);
  }

  /** Takes everything from a session, without asking: it has ended. */
  revoke(session: MdsSession, inode: Inode): void {
    const cap = capOf(inode, session);
    if (cap === undefined) return;
    if (cap.recall !== undefined) this.#answered(inode, cap);
    this.#drop(session, inode, cap);
  }

  /** Caps that a client held in the MDS's life before. `telling`: as in Cap. */
  restore(session: MdsSession, inode: Inode, issued: Caps, wanted: Caps, seq: number, telling = 0): void {
    const others = inode.caps.filter(({ instance }) => instance !== session.instance);
    const fits = others.length === 0 ? allCaps(inode.type) : besides(inode.type, union(others, 'issued'), union(others, 'wanted'), wanted);
    this.revoke(session, inode);
    const cap = hold(session, inode, issued, wanted, seq, telling);
    const kept = isOver(inode, cap) ? 0 : issued & fits;
    if (kept !== issued) this.#recall(inode, cap, kept);
  }

  /** A client that lost its connection, but not its session, says what it has: grants and recalls may not have reached it. */
  confirm(session: MdsSession, inode: Inode, held: Caps, wanted: Caps, seq: number): void {
    const cap = capOf(inode, session);
    if (cap === undefined) return;
    cap.issued &= held;
    cap.wanted = wanted;
    if (cap.recall === undefined) {
      cap.seq = seq;
      if (isOver(inode, cap)) this.#recall(inode, cap, 0);
    } else if ((cap.issued & ~cap.recall.keep) === 0) this.#answered(inode, cap);
    else {
      // Above all that it has seen: it would take an older one for answered.
      cap.seq = Math.max(cap.seq, seq + 1);
      this.#effects.recall(cap.instance, inode.ino, cap.recall.keep, cap.seq);
    }
  }

  /** All sessions of the life before are back or over: see {@link complete}. */
  get isComplete(): boolean {
    return this.#complete;
  }

  /** When one session is left and wants something, it gets everything again: once no other may come back with what it holds. */
  settle(inode: Inode): void {
    if (!this.#complete) return;
    const cap = inode.caps[0];
    if (inode.caps.length !== 1 || cap === undefined || cap.wanted === 0 || cap.recall !== undefined || cap.telling > 0) return;
    if (
      inode.contenders > 0 ||
      inode.truncateFrom > 0 ||
      inode.doubtful ||
      isCountDue(inode) ||
      inode.appenders.includes(ourselves) ||
      this.#effects.isMoving(inode)
    )
      return;
    const all = this.#allOf(inode);
    if ((all & ~cap.issued) === 0) return;
    cap.issued = all;
    cap.seq++;
    this.#limit(inode, all);
    this.#effects.grant(cap.instance, this.#grantOf(inode, cap.issued, cap.seq));
  }

  #grantOf(inode: Inode, caps: Caps, seq: number): InodeGrant {
    return { inode, caps, seq, unsafe: this.#effects.isUnsafe(inode) };
  }

  #allowed(inode: Inode, own: Cap | undefined, session: MdsSession, wanted: Caps): Caps {
    const { caps } = inode;
    if (caps.length === 0 || (caps.length === 1 && (caps[0] as Cap).instance === session.instance)) return this.#allOf(inode);
    let issued = 0;
    let othersWant = 0;
    for (const cap of caps) {
      if (cap === own) continue;
      issued |= cap.issued;
      othersWant |= cap.wanted;
    }
    return besides(inode.type, issued, othersWant, wanted);
  }

  /** Several change a directory that others look at, again and again: for each change what they hold would have to be recalled. They ask instead. */
  #isHot(inode: Inode): boolean {
    return inode.isDirectory && this.#effects.nowMs() < (this.#heat.get(inode)?.untilMs ?? -Infinity);
  }

  #heatUp(inode: Inode): void {
    const nowMs = this.#effects.nowMs();
    const again = nowMs - (this.#heat.get(inode)?.sinceMs ?? -Infinity) < directoryHotMs;
    this.#heat.set(inode, { sinceMs: nowMs, untilMs: again ? nowMs + directoryHotMs : -Infinity });
  }

  /** For a lone user. Names of a directory that others keep coming to are not changed ahead: each time they would have to wait for that. */
  #allOf(inode: Inode): Caps {
    const all = allCaps(inode.type);
    if (!inode.isDirectory) return all;
    const isQuiet = this.#effects.nowMs() - inode.recalledMs >= this.#quietMs;
    return isQuiet && this.#effects.isUnlimited(inode) ? all : all & ~Bit.dirExclusive;
  }

  /** Who may write hears, with whatever it hears of the file, how long it may make it: after a restart that is not known by itself. */
  #limit(inode: Inode, caps: Caps): void {
    if ((caps & Bit.fileWrite) !== 0) inode.sizeLimit = this.#effects.limit(inode);
  }

  #recall(inode: Inode, cap: Cap, keep: Caps): void {
    cap.seq++;
    inode.recalledMs = this.#effects.nowMs();
    const { sinceMs, sizeTold } = cap.recall ?? { sinceMs: inode.recalledMs, sizeTold: false };
    cap.recall = { keep, sinceMs, sizeTold };
    if (inode.isDirectory && (cap.issued & ~keep & Bit.dirShared) !== 0) this.#heatUp(inode);
    this.recalls.add(cap);
    this.#effects.recall(cap.instance, inode.ino, keep, cap.seq);
  }

  #answered(inode: Inode, cap: Cap): void {
    if (cap.recall === undefined) return;
    cap.issued &= cap.recall.keep;
    cap.recall = undefined;
    this.recalls.delete(cap);
    this.#effects.recalled(inode);
  }

  #drop(session: MdsSession, inode: Inode, cap: Cap): void {
    const at = inode.caps.indexOf(cap);
    if (at >= 0) inode.caps.splice(at, 1);
    session.caps.delete(inode.ino);
    if (session.caps.size < session.capsLowest) session.capsLowest = session.caps.size;
    session.usedSeq = Math.max(session.usedSeq, cap.seq);
    this.recalls.delete(cap);
    this.endTurn(inode, session.instance);
    if (inode.caps.length === 0) this.#effects.unheld(inode);
    else this.settle(inode);
  }
}

/** The session's cap on the inode. */
export function capOf(inode: Inode, session: MdsSession): Cap | undefined {
  const { caps } = inode;
  for (const cap of caps) if (cap.instance === session.instance) return cap;
  return undefined;
}

/** Whether the session may tell a file's size: it holds or wants to write. */
export function mayWrite(cap: Cap | undefined): boolean {
  return cap !== undefined && ((cap.issued | cap.wanted) & Bit.fileWrite) !== 0;
}

/** The inode has no name left, and whoever has this cap does not use it: nothing but the cap keeps its space. */
function isOver({ nlink }: Inode, { wanted }: Cap): boolean {
  return nlink === 0 && wanted === 0;
}

function union(caps: readonly Cap[], field: 'issued' | 'wanted'): Caps {
  return caps.reduce((sum, cap) => sum | cap[field], 0);
}
