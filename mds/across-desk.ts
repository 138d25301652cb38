/**
 * Changes of names that several ranks take part in (mds/ops/across.ts), from what they need to the answer:
 *
 *   the turn, of rank 0 ──▶ what other ranks have of it, one after the other ──▶ one entry here ──▶ it has come to all of them
 *
 * Whatever fails before the entry sends back what was lent, as it is. One such change is done at a time in the filesystem: so two never wait
 * for what the other has, and what is above a directory stays as it is while somebody looks.
 * @module
 */
import { FsError, toFsError } from '../common/errors/fs-error.ts';
import type { Env } from '../common/runtime/env.ts';
import type { Init, LinkRequest, RankAskReply, RankAskRequest, RequestHead, Requests } from '../common/wire/gen/messages.ts';
import { bytesOf, type ByteString } from '../common/maps/ids.ts';
import { Blocked } from './core/blocked.ts';
import { elsewhere, isAway } from './core/away.ts';
import { isLoan, LoanKind, loanName, turnIno } from './core/loans.ts';
import type { MdsCore } from './core/mds-core.ts';
import { Operation } from './core/operation.ts';
import type { MdsSession } from './core/session.ts';
import { across, Needed, type Ask, type Gathered } from './ops/across.ts';
import { giveBack } from './ops/take-message.ts';
import type { Abandonable, RequestRunner } from './request-runner.ts';
import type { Journal } from './store/journal.ts';

export type AcrossName = keyof typeof across;
type AcrossRequest<K extends AcrossName> = Requests[K]['request'] & { readonly head: RequestHead | null };

export interface AcrossDeskOptions {
  readonly core: MdsCore;
  readonly runner: RequestRunner;
  readonly journal: Journal;
  /** Of this life of the rank. */
  readonly life: number;
  /** Asks the holder of another rank. */
  readonly askRank: (rank: number, request: Init<RankAskRequest>) => Promise<RankAskReply>;
  /** How many ranks there are. */
  readonly ranks: () => number;
}

/** What is on its way from one rank to another is so for about so long; it is looked for again. */
const wayMs = 20;
/** What no rank has is not looked for again more often than this. */
const goneMax = 5;
const theTurn: Ask = { rank: 0, kind: LoanKind.turn, ino: turnIno, name: '' as ByteString };

export class AcrossDesk {
  readonly #env: Env;
  readonly #options: AcrossDeskOptions;
  #count = 0;
  #stopped = false;

  constructor(env: Env, options: AcrossDeskOptions) {
    this.#env = env;
    this.#options = options;
  }

  /** The rank is active: what its life before had borrowed goes back. */
  start(): void {
    const { core } = this.#options;
    giveBack(core, [...core.loans.borrowed]);
  }

  /** The rank is over: what it has borrowed is its next life's to give back. */
  stop(): void {
    this.#stopped = true;
  }

  /** Whether that error of a request says that another rank has to take part. */
  isAcross(name: string, request: object, error: unknown): name is AcrossName {
    if (!(name in across) || !(error instanceof FsError) || error.code !== 'EREMOTE') return false;
    const { elsewhere } = error;
    // The directory that was asked for decides who does it.
    return elsewhere !== undefined && elsewhere.ino !== (request as { readonly parent: number }).parent;
  }

  /** Resolves when it has been done everywhere, durably. `check` throws when nobody would hear of it any more. */
  async run<K extends AcrossName>(
    name: K,
    session: MdsSession,
    request: AcrossRequest<K>,
    incoming: Abandonable,
    check: () => void,
  ): Promise<Requests[K]['reply']> {
    const where = this.#hints(request);
    for (let gone = 0; ;) {
      const gathered: Gathered = { where, answers: [], loans: [] };
      try {
        return await this.#try(name, session, request, gathered, incoming, check);
      } catch (error) {
        const failure = toFsError(error);
        const { elsewhere } = failure;
        // Also of what was here as this began: it may have been given away since.
        if (elsewhere !== undefined) where.set(elsewhere.ino, elsewhere.rank);
        if (failure.code === 'ESTALE') gone++;
        if (this.#stopped || !isPassing(failure) || gone > goneMax || incoming.signal.aborted || isMisdirected(request, failure))
          throw error;
        this.#env.log.debug({ err: failure }, 'what another rank decides about is looked for again');
      } finally {
        this.#end(gathered);
      }
      await new Promise<void>((resolve) => this.#env.clock.setTimer(wayMs, resolve));
      check();
    }
  }

  async #try<K extends AcrossName>(
    name: K,
    session: MdsSession,
    request: AcrossRequest<K>,
    gathered: Gathered,
    incoming: Abandonable,
    check: () => void,
  ): Promise<Requests[K]['reply']> {
    const { core, runner } = this.#options;
    const { head } = request;
    if (core.departures.stopping === 'frozen') throw new FsError('EAGAIN', `rank ${core.rank} is stopping`, { retry: 'safe' });
    if (core.departures.stopping === 'handing' || core.departures.stopping === 'resigned')
      throw elsewhere({ ino: (request as unknown as { readonly parent: number }).parent, rank: 0 });
    const op = new Operation(core, session, head);
    const act = across[name] as unknown as (op: Operation, request: AcrossRequest<K>, gathered: Gathered) => Requests[K]['reply'];
    if (op.repeated === undefined) await this.#takeTurn(gathered, head, session, incoming);
    for (;;) {
      try {
        const reply = await runner.run(() => {
          if (this.#stopped) throw new FsError('ESHUTDOWN', 'the MDS is stopping', { retry: 'safe' });
          check();
          return act(new Operation(core, session, head), request, gathered);
        }, incoming);
        await this.settled(incoming);
        check();
        return reply;
      } catch (error) {
        if (error instanceof Needed) await this.#ask(gathered, error.ask, head, session, incoming);
        else throw error;
      }
    }
  }

  /** Who decides about inodes that the request names, as the client says: of those that are not in memory here. */
  #hints(request: object): Map<number, number> {
    const { core } = this.#options;
    const { newParent, newParentRank = 0, ino, rank = 0 } = request as Partial<Requests['rename']['request'] & LinkRequest>;
    const where = new Map<number, number>();
    for (const [named, hint] of [
      [newParent, newParentRank],
      [ino, rank],
    ] as const)
      if (named !== undefined && !core.cache.inodes.has(named) && hint < this.#options.ranks()) where.set(named, hint);
    return where;
  }

  async #takeTurn(gathered: Gathered, head: RequestHead | null, session: MdsSession, incoming: Abandonable): Promise<void> {
    const { core, runner } = this.#options;
    if (core.rank > 0) {
      await this.#ask(gathered, theTurn, head, session, incoming);
      return;
    }
    await runner.run(() => {
      if (!core.loans.isTurnFree) throw new Blocked({ kind: 'between' });
      core.loans.ownTurn = true;
    }, incoming);
    gathered.answers.push({ ask: theTurn, told: noAnswer });
  }

  /** Asks, and waits until what is lent has come. */
  async #ask(
    { answers, loans }: Gathered,
    ask: Ask,
    head: RequestHead | null,
    { instance }: MdsSession,
    incoming: Abandonable,
  ): Promise<void> {
    const { core, runner, askRank, life } = this.#options;
    const loan = loanName(ask.rank, core.rank, life, ++this.#count);
    const lends = isLoan(ask.kind);
    if (lends) core.awaited.add(loan);
    try {
      const told = await askRank(ask.rank, {
        from: core.rank,
        to: ask.rank,
        loan,
        kind: ask.kind,
        ino: ask.ino,
        name: bytesOf(ask.name),
        uid: head?.uid ?? 0,
        gid: head?.gid ?? 0,
        groups: head?.groups ?? [],
        instance,
      });
      answers.push({ ask, told });
    } catch (error) {
      core.awaited.delete(loan);
      throw error;
    }
    if (!lends) return;
    loans.push(loan);
    await runner.run(() => {
      if (!core.loans.borrowed.has(loan)) throw new Blocked({ kind: 'between' });
    }, incoming);
  }

  /** Resolves when what others are to do by now has been done there, in their journals. */
  async settled(incoming: Abandonable): Promise<void> {
    const { core, runner, journal } = this.#options;
    const newest = core.posted.returns();
    await journal.flush();
    await runner.run(() => {
      if (!core.posted.isPast(newest)) throw new Blocked({ kind: 'between' });
    }, incoming);
  }

  #end({ answers, loans }: Gathered): void {
    const { core } = this.#options;
    if (this.#stopped) return;
    for (const loan of loans) core.awaited.delete(loan);
    giveBack(core, loans);
    if (core.rank === 0 && answers.some(({ ask }) => ask.kind === LoanKind.turn)) {
      core.loans.ownTurn = false;
      core.effects.between();
    }
  }
}

const noAnswer: RankAskReply = { directory: null, name: null, inode: null, share: null };

/** The client is to ask another rank. */
function isMisdirected(request: object, { code, elsewhere }: FsError): boolean {
  return code === 'EREMOTE' && elsewhere?.ino === (request as { readonly parent: number }).parent;
}

/** It has moved, or whoever has it is about to be there again. */
function isPassing(error: FsError): boolean {
  return ['EREMOTE', 'ESTALE'].includes(error.code) || isAway(error);
}
