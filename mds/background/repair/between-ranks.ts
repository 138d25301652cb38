/**
 * What ranks have told each other, when one of them has lost entries of its journal: settled so that it agrees with what the others know, who have lost
 * nothing. They are not asked, and hear of nothing: what they know is read ({@link OtherRank}), and the one that is repaired is made to fit.
 *
 *   numbers of messages ──▶ messages that it has forgotten, or not taken ──▶ loans ──▶ who decides about what, and has which names
 *
 * A message that the others have taken counts, whatever is lost here; one that they have not taken, and of which nothing is left here, was never sent: so what belonged
 * to it was never done. Where the two sides still differ the other's word counts: of who decides about an inode, and that it has, or has no, name of it.
 * What is missing here for that is made anew: an inode with the attributes that nobody knows any more, or a name in a place that people find.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import { isSystemDirectory, placeKey, rankOfSystem, SystemIno, type Dentry, type Place } from '../../core/inode.ts';
import { lenderOf, loanKey } from '../../core/loans.ts';
import type { MdsCore } from '../../core/mds-core.ts';
import { Closed, markKey, type Posted, type RankMessage } from '../../core/subtrees.ts';
import type { JournalGap } from '../../store/journal-scan.ts';
import { takeMessage } from '../../ops/take-message.ts';
import { linkedInodes, type OtherRank } from './other-rank.ts';
import { isAbsence, runBlocked } from './run-blocked.ts';
import { OurInodes } from './our-inodes.ts';
import { SharedNames, type SharedNamesParts } from './shared-names.ts';
import { TheirInodes } from './their-inodes.ts';

export interface BetweenRanksParts extends Omit<SharedNamesParts, 'told' | 'isUnderWay'> {
  /** Numbers of the last messages to and from each rank, and loans, as the table had them that the journal lies over. */
  readonly marksBefore: ReadonlyMap<string, number>;
  readonly gaps: readonly JournalGap[];
}

export class BetweenRanks {
  /** What was done, for people. */
  readonly settled: string[] = [];
  /** What could not be, likewise. */
  readonly unsettled: string[] = [];
  /** Roots of subtrees whose names are nowhere: to be taken out when their names are written. */
  readonly nameless: number[] = [];
  readonly #parts: BetweenRanksParts;
  readonly #core: MdsCore;
  /** What messages of ours are about that the others have not taken. */
  readonly #underWay = new Set<number | string>();
  /** Whether a directory is ours. */
  readonly #own = new Map<number, boolean>();

  constructor(parts: BetweenRanksParts) {
    this.#parts = parts;
    this.#core = parts.state.core;
  }

  /** FsError EOPNOTSUPP: a rank is stopping. */
  async settle(): Promise<void> {
    const { others, state } = this.#parts;
    if (this.#core.marks.has(markKey.stopped)) throw isStopping(this.#core.rank);
    for (const { core, rank } of others) {
      if (core.marks.has(markKey.stopped) || core.marks.has(markKey.shut)) throw isStopping(rank);
      if (core.marks.get(markKey.closed(this.#core.rank)) === Closed.stopping) throw isStopping(this.#core.rank);
    }
    state.amends = true;
    for (const other of others) this.#numberSent(other);
    for (const other of others) {
      await this.#takeForgotten(other);
      await this.#takeWaiting(other);
    }
    for (const other of others) this.#settleLoans(other);
    for (const { message } of this.#posted()) for (const subject of subjectsOf(message)) this.#underWay.add(subject);
    const shared = new SharedNames({
      ...this.#parts,
      told: (line) => this.settled.push(line),
      isUnderWay: (what) => this.#underWay.has(typeof what === 'number' ? what : placeKey(what)),
    });
    const ours = new OurInodes(shared);
    for (const other of others) await ours.takeRoots(other);
    for (const other of others) this.nameless.push(...(await ours.dropRoots(other)));
    for await (const inode of linkedInodes(this.#core, this.#parts.store)) ours.noteFile(inode);
    await ours.settleFiles();
    const theirs = new TheirInodes(shared);
    for (const other of others) this.unsettled.push(...(await theirs.nameTheirs(other)));
    for await (const dentry of this.#remoteNames()) await theirs.checkName(dentry);
    for (const other of others) await theirs.dropNames(other);
    // What is another's by now is in its objects, or about to be written by it.
    for (const directory of [...this.#core.cache.directories.keys()]) {
      if (isSystemDirectory(directory) || (await this.isOwn(directory))) continue;
      state.amend({ kind: 'leave', directories: [directory] });
    }
  }

  /** All names here of what lies somewhere else, in objects and in memory. */
  async *#remoteNames(): AsyncGenerator<Dentry> {
    const { stored, store } = this.#parts;
    const { cache } = this.#core;
    const isRemote = ({ inode }: Dentry): boolean => inode === undefined;
    for (const [directory, fragments] of stored) {
      if (isSystemDirectory(directory) || !(await this.isOwn(directory))) continue;
      for (const id of fragments)
        try {
          for await (const page of store.readFragment(directory, id, { onDamaged: () => undefined })) yield* page.filter(isRemote);
        } catch (error) {
          if (!isAbsence(error)) throw error;
        }
    }
    for (const { ino, fragments } of [...cache.directories.values()])
      if (!isSystemDirectory(ino) && (await this.isOwn(ino)))
        for (const { dentries } of fragments) yield* [...dentries.values()].filter(isRemote);
  }

  /** Whether this rank decides about the directory: found by what lies above it. */
  async isOwn(directory: number): Promise<boolean> {
    const { rank, given, cache, unwritten } = this.#core;
    const above: number[] = [];
    let own: boolean | undefined = isSystemDirectory(directory) ? rankOfSystem(directory) === rank : undefined;
    for (let at = directory; own === undefined;) {
      const known = this.#own.get(at);
      const isTheirs = given.has(at) || this.#parts.others.some(({ roots }) => roots.has(at));
      if (known !== undefined) own = known;
      else if (at === SystemIno.root) own = rank === 0;
      else if (isTheirs || above.includes(at)) own = false;
      else {
        above.push(at);
        const place = cache.inodes.get(at)?.dentry ?? unwritten.locations.recent(at) ?? (await this.#location(at));
        if (place === undefined || place === 'gone') own = !this.#isKnownElsewhere(at);
        // System directories of this rank are its own, those of others theirs.
        else if (isSystemDirectory(place.directory)) own = rankOfSystem(place.directory) === rank;
        else at = place.directory;
      }
    }
    for (const each of above) this.#own.set(each, own);
    return own;
  }

  #isKnownElsewhere(ino: number): boolean {
    return this.#parts.others.some(({ core }) => core.cache.inodes.has(ino));
  }

  async #location(ino: number): Promise<Place | undefined> {
    try {
      return await this.#parts.store.readLocation(ino);
    } catch (error) {
      if (!isAbsence(error)) throw error;
      return undefined;
    }
  }

  /** What it has not taken comes behind what it has, without a gap. */
  #numberSent({ rank, core: theirs }: OtherRank): void {
    const core = this.#core;
    const taken = theirs.marks.get(markKey.received(core.rank)) ?? 0;
    const mine = this.#posted().filter((posted) => posted.rank === rank);
    const left = mine.filter(({ seq }) => seq > taken);
    const last = taken + left.length;
    if (
      left.every(({ seq }, i) => seq === taken + 1 + i) &&
      mine.length === left.length &&
      (core.marks.get(markKey.sent(rank)) ?? 0) === last
    )
      return;
    core.commit([
      ...mine.map(({ seq }) => ({ kind: 'message', rank, seq, message: undefined }) as const),
      ...left.map(({ message }, i) => ({ kind: 'message', rank, seq: taken + 1 + i, message }) as const),
      { kind: 'mark', key: markKey.sent(rank), value: last },
    ]);
    this.settled.push(`rank ${rank} has taken ${taken} messages of rank ${core.rank}; ${left.length} are still to be sent`);
  }

  /** Messages that it was told of as taken, and whose entries are lost: where its journal still has them they are taken once more. */
  async #takeForgotten({ rank, core: theirs, told }: OtherRank): Promise<void> {
    const { marksBefore, state } = this.#parts;
    const core = this.#core;
    const key = markKey.received(rank);
    const known = core.marks.get(key) ?? 0;
    const last = Math.max(known, lastConfirmed(theirs, core.rank));
    const seen = state.received.get(rank);
    for (let seq = (marksBefore.get(key) ?? 0) + 1; seq <= last; seq++) {
      if (seen?.has(seq) === true) continue;
      const message = told.get(seq);
      const what = `message ${seq} of rank ${rank} (${message?.kind ?? 'gone'})`;
      if (message === undefined) {
        this.settled.push(`${what} was taken by an entry that is lost: what it said is made up for by what both ranks know`);
        continue;
      }
      if (message.kind === 'lend' || message.kind === 'counts' || this.#isOvertaken(message, seen?.get(seq - 1) ?? 0)) continue;
      core.mark(key, seq - 1);
      await this.#take(rank, seq, message, `${what} was taken once more`);
    }
    core.commit([{ kind: 'mark', key, value: last }]);
  }

  /** What it is about has been told of since by entries that are there: it would undo what these say. `before`: position of what was taken before it. */
  #isOvertaken(message: RankMessage, before: number): boolean {
    const { gaps, state } = this.#parts;
    const lostAt = gaps.find(({ from }) => from > before)?.from ?? before;
    return subjectsOf(message).some((subject) => (state.told.get(subject) ?? 0) > lostAt);
  }

  /** Messages that are on their way to it: they are taken before it is served, so that nothing comes between. */
  async #takeWaiting({ rank, core: theirs }: OtherRank): Promise<void> {
    const core = this.#core;
    const key = markKey.received(rank);
    for (const { seq, message } of postedTo(theirs, core.rank)) {
      if (seq <= (core.marks.get(key) ?? 0)) continue;
      await this.#take(rank, seq, message, '');
      core.commit([{ kind: 'mark', key, value: seq }]);
    }
  }

  async #take(rank: number, seq: number, message: RankMessage, line: string): Promise<void> {
    try {
      await runBlocked(this.#parts.loader, () => takeMessage(this.#core, rank, seq, message));
      if (line !== '') this.settled.push(line);
    } catch (error) {
      if (!isAbsence(error)) throw error;
      this.settled.push(`message ${seq} of rank ${rank} (${message.kind}) cannot be taken as it is: ${error.message}`);
    }
  }

  /** What is lent on one side is borrowed on the other, or on its way. */
  #settleLoans({ rank, core: theirs }: OtherRank): void {
    const core = this.#core;
    const posted = this.#posted().filter((each) => each.rank === rank);
    const isLending = (loan: string): boolean => posted.some(({ message }) => message.kind === 'lend' && message.loan === loan);
    const isReturning = (loan: string): boolean => posted.some(({ message }) => message.kind === 'return' && message.loans.includes(loan));
    for (const loan of [...core.loans.lent.keys()]) {
      if (borrowerOf(loan) !== rank || theirs.loans.borrowed.has(loan) || isLending(loan)) continue;
      core.commit([{ kind: 'mark', key: loanKey.lent(loan), value: undefined }]);
      this.settled.push(`what rank ${rank} had borrowed (${loan}) is back`);
    }
    for (const loan of [...core.loans.borrowed])
      if (lenderOf(loan) === rank && !theirs.loans.lent.has(loan)) {
        core.commit([{ kind: 'mark', key: loanKey.borrowed(loan), value: undefined }]);
        this.settled.push(`what was borrowed of rank ${rank} (${loan}) has been given back`);
      }
    for (const loan of theirs.loans.lent.keys())
      if (borrowerOf(loan) === core.rank && !core.loans.borrowed.has(loan) && !isReturning(loan)) {
        // The next life gives back what it finds borrowed.
        core.commit([{ kind: 'mark', key: loanKey.borrowed(loan), value: 1 }]);
        this.settled.push(`what rank ${rank} has lent (${loan}) is given back`);
      }
  }

  #posted(): Posted[] {
    return this.#parts.others.flatMap(({ rank }) => postedTo(this.#core, rank));
  }
}

/** Inodes, and names by {@link placeKey}, that a message changes something of. */
function subjectsOf(message: RankMessage): (number | string)[] {
  if (message.kind === 'move') return message.root.inode === undefined ? [] : [message.root.inode.ino];
  if (message.kind !== 'return') return [];
  return message.edits.flatMap((edit) => [
    ...(edit.kind === 'unname' ? [] : [edit.ino]),
    ...(edit.kind === 'inode' ? [] : [placeKey(edit)]),
  ]);
}

/** In their order. */
function postedTo({ posted }: MdsCore, rank: number): Posted[] {
  return [...posted.to(rank)].sort((a, b) => a.seq - b.seq);
}

/** The last message that a rank knows to have been taken. */
function lastConfirmed({ posted, marks }: MdsCore, rank: number): number {
  const next = posted.next(rank)?.seq;
  return next === undefined ? (marks.get(markKey.sent(rank)) ?? 0) : next - 1;
}

function borrowerOf(loan: string): number {
  return parseInt(loan.split('.')[1] ?? '', 16);
}

function isStopping(rank: number): FsError {
  return new FsError(
    'EOPNOTSUPP',
    `rank ${rank} is stopping: of what it is handing over, with a journal that has lost entries, nobody can tell who has it`,
  );
}
