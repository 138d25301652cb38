/**
 * Takes metadata requests from the wire: finds their session, holds new work back until the rank is active, runs the
 * operation, and answers.
 * @module
 */
import type {
  CapReleaseReply,
  CapUpdateReply,
  CapUpdateRequest,
  JournalFlushReply,
  JournalFlushRequest,
  ReplyHead,
  RequestHead,
} from '../common/wire/gen/messages.ts';
import type { IncomingRequest, RequestName, Session } from '../common/wire/session.ts';
import type { Requests } from '../common/wire/gen/messages.ts';
import type { AcrossDesk } from './across-desk.ts';
import type { SharedAppends } from './background/shared-appends.ts';
import type { Truncations } from './background/truncations.ts';
import { SetAttrField } from './client/caps.ts';
import type { Inode } from './core/inode.ts';
import type { MdsCore } from './core/mds-core.ts';
import { fixedGrant } from './core/fixed-grant.ts';
import { Operation } from './core/operation.ts';
import type { MdsSession } from './core/session.ts';
import { KeyedOrder } from './keyed-order.ts';
import { across } from './ops/across.ts';
import { append, appendAnswered, bringsRecord } from './ops/append.ts';
import { capRelease, noteSettled } from './ops/cap-release.ts';
import { giveCaps, takeCaps } from './ops/cap-update.ts';
import { create } from './ops/create.ts';
import { getAttr } from './ops/get-attr.ts';
import { getXattr } from './ops/get-xattr.ts';
import { grow } from './ops/grow.ts';
import { link } from './ops/link.ts';
import { lock, lockCancel, takeLocks } from './ops/lock.ts';
import { lookup } from './ops/lookup.ts';
import { open } from './ops/open.ts';
import { quota } from './ops/quota.ts';
import { readDir } from './ops/read-dir.ts';
import { removeXattr } from './ops/remove-xattr.ts';
import { rename } from './ops/rename.ts';
import { setAttr } from './ops/set-attr.ts';
import { setXattr } from './ops/set-xattr.ts';
import { unlink } from './ops/unlink.ts';
import type { RequestRunner } from './request-runner.ts';
import type { SessionDesk } from './session-desk.ts';
import type { Journal } from './store/journal.ts';

export interface RequestDeskOptions {
  readonly core: MdsCore;
  readonly journal: Journal;
  readonly runner: RequestRunner;
  readonly truncations: Truncations;
  readonly appends: SharedAppends;
  readonly sessions: SessionDesk;
  readonly across: AcrossDesk;
}

/** Requests that carry a {@link RequestHead}. */
export const operations = {
  append,
  create,
  getAttr,
  getXattr,
  grow,
  link,
  lock,
  lockCancel,
  lookup,
  open,
  quota,
  readDir,
  removeXattr,
  rename,
  setAttr,
  setXattr,
  unlink,
} as const;
export type OperationName = keyof typeof operations;

type Request<K extends RequestName> = Requests[K]['request'];
type Reply<K extends RequestName> = Requests[K]['reply'];
type Headed = { readonly head: ReplyHead | null };

/** How often each operation was asked for; what comes again counts again. */
export type OperationCounts = Record<OperationName | 'capUpdate' | 'capRelease', number>;

export class RequestDesk {
  readonly counts = Object.fromEntries([...Object.keys(operations), 'capUpdate', 'capRelease'].map((name) => [name, 0])) as OperationCounts;
  readonly #options: RequestDeskOptions;
  #waiting: (() => void)[] | undefined = [];
  readonly #replays = new WeakMap<MdsSession, Promise<void>>();
  /** What a session tells of an inode is taken in the order in which it tells it, though the first has to wait: caps that it gives back come after its dirty attributes. */
  readonly #takes = new KeyedOrder<string>();
  /** Of sessions whose change ahead of us has to wait for something: until it has been carried out. */
  readonly #turns = new WeakMap<MdsSession, Promise<void>>();

  constructor(options: RequestDeskOptions) {
    this.#options = options;
  }

  /** The rank is active: what was held back goes on, in the order it came. */
  release(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const resolve of waiting) resolve();
  }

  operate<K extends OperationName>(name: K, incoming: IncomingRequest<K>): Reply<K> | Promise<Reply<K>> {
    const session = this.#options.sessions.of(incoming.session);
    session.requests++;
    this.counts[name]++;
    const message = incoming.message as Request<K> & { readonly head: RequestHead | null };
    if (message.head?.replay === true) {
      return this.#inOrder(session, async (onRecall) => {
        const reply = await this.#operate(name, session, message, incoming, later, onRecall);
        for (const { inode } of reply.head?.grants ?? []) if (inode !== null) await this.#options.sessions.expectedCame(session, inode.ino);
        return this.#asNow(session, reply);
      });
    }
    const call = { isNow: true };
    const reply = this.#inTurn(session, message.head?.ahead === true, (onRecall) =>
      this.#operate(name, session, message, incoming, call, onRecall),
    );
    call.isNow = false;
    return reply;
  }

  async capUpdate(incoming: IncomingRequest<'capUpdate'>): Promise<CapUpdateReply> {
    const { core, runner, journal, sessions } = this.#options;
    const session = sessions.of(incoming.session);
    session.requests++;
    this.counts.capUpdate++;
    const request: CapUpdateRequest = incoming.message;
    const head: RequestHead = {
      tid: request.tid,
      uid: 0,
      gid: 0,
      groups: [],
      replay: request.replay,
      oldestTid: request.oldestTid,
      time: null,
      ahead: false,
    };
    const turn = this.#turns.get(session);
    // Another change of its session is about to make it.
    if (turn !== undefined && !request.replay && !core.cache.inodes.has(request.ino)) await turn;
    const op = new Operation(core, session, head);
    // At once: what it asks for next builds on it.
    if (!request.replay) takeLocks(op, request.lockStates);
    // Taking is never held up by others: what they wait for comes this way.
    const take = (): number | Promise<number> =>
      runner.run(
        this.#whileHeard(session, incoming, () => takeCaps(op, request)),
        incoming,
      );
    const taking = request.replay ? this.#inOrder(session, async () => await take()) : this.#takes.run(takeKey(session, request.ino), take);
    const journalSeq = typeof taking === 'number' ? taking : await taking;
    if (request.flush) await journal.flush(journalSeq);
    // What is sent again is answered while others are waited for: they may wait for it.
    if (this.#waiting !== undefined && !request.replay) await this.#held();
    const give = this.#whileHeard(session, incoming, () => {
      const { grant, ...rest } = giveCaps(op, request, journalSeq);
      return { ...rest, grant: grant === null ? null : fixedGrant(grant) };
    });
    const reply = await runner.run(give, incoming);
    return { ...reply, barrierEpoch: sessions.barrierEpoch };
  }

  capRelease({ session: connection, message }: IncomingRequest<'capRelease'>): CapReleaseReply | Promise<CapReleaseReply> {
    const { core, runner, sessions } = this.#options;
    const session = sessions.of(connection);
    session.requests++;
    this.counts.capRelease++;
    const slow: Promise<void>[] = [];
    const settled: Inode[] = [];
    for (const held of message.released) {
      const released = this.#takes.run(takeKey(session, held.ino), () => runner.run(() => capRelease(core, session, held)));
      if (released instanceof Promise) slow.push(released.then((inode) => noteSettled(core, inode === undefined ? [] : [inode])));
      else if (released !== undefined) settled.push(released);
    }
    noteSettled(core, settled);
    return slow.length === 0 ? {} : Promise.all(slow).then(() => ({}));
  }

  async journalFlush({ message }: { readonly message: JournalFlushRequest }): Promise<JournalFlushReply> {
    const { journal } = this.#options;
    await journal.flush(message.seq === 0 ? journal.seq : message.seq);
    return { seq: journal.safeSeq };
  }

  #operate<K extends OperationName>(
    name: K,
    session: MdsSession,
    message: Request<K> & { readonly head: RequestHead | null },
    incoming: IncomingRequest<K>,
    call: { readonly isNow: boolean },
    onRecall?: () => void,
  ): (Reply<K> & Headed) | Promise<Reply<K> & Headed> {
    const op = new Operation(this.#options.core, session, message.head);
    if (name === 'append' && bringsRecord(message as Request<'append'>))
      return this.#append(op, message as Request<'append'>, incoming) as Promise<unknown> as Promise<Reply<K> & Headed>;
    const run = operations[name] as unknown as (op: Operation, message: Request<K>) => Reply<K> & Headed;
    const step = this.#whileHeard(session, incoming, () => {
      const answer = this.#withBarrier(run(op, message));
      return call.isNow ? answer : fixed(answer);
    });
    const alone = (): (Reply<K> & Headed) | Promise<Reply<K> & Headed> => this.#options.runner.run(step, incoming, onRecall);
    const reply = name in across ? this.#orAcross(name, session, message, incoming, alone, onRecall) : alone();
    const cut = cutsOf(name, message);
    return cut === undefined ? reply : Promise.resolve(reply).then((answer) => this.#whenSized(session, cut, answer));
  }

  /** One that other ranks have to take part in goes its own way, which holds up nobody's turn. */
  #orAcross<K extends OperationName>(
    name: K,
    session: MdsSession,
    message: Request<K> & { readonly head: RequestHead | null },
    incoming: IncomingRequest<K>,
    alone: () => (Reply<K> & Headed) | Promise<Reply<K> & Headed>,
    onRecall?: () => void,
  ): (Reply<K> & Headed) | Promise<Reply<K> & Headed> {
    const { across: desk, core } = this.#options;
    const orAcross = async (error: unknown): Promise<Reply<K> & Headed> => {
      if (!desk.isAcross(name, message, error)) throw error;
      onRecall?.();
      const check = this.#whileHeard(session, incoming, () => undefined);
      const reply = await desk.run(name, session, message as never, incoming, check);
      return this.#withBarrier(reply);
    };
    const { head } = message;
    // Done before, perhaps by several: the others may not have come to it.
    if (core.posted.size > 0 && head?.replay === false && session.completed.has(head.tid)) return desk.settled(incoming).then(alone);
    try {
      const reply = alone();
      return reply instanceof Promise ? reply.catch(orAcross) : reply;
    } catch (error) {
      return orAcross(error);
    }
  }

  /** It is answered when it is stored, on whatever connection it was asked for last. */
  async #append(op: Operation, message: Request<'append'>, incoming: IncomingRequest<OperationName>): Promise<Reply<'append'>> {
    const { runner, appends } = this.#options;
    const step = this.#whileHeard(op.session, incoming, () => appendAnswered(op, message) ?? appends.append(op, message));
    return this.#withBarrier(await runner.run<Reply<'append'> | Promise<Reply<'append'>>>(step, incoming));
  }

  /**
   * A file's new size is answered when its data is cut. Others who write to it, past us, must also find it durable: sent again
   * after a crash it would cut what they have written since.
   */
  async #whenSized<R extends Headed>(session: MdsSession, ino: number, reply: R): Promise<R> {
    const { core, journal, truncations } = this.#options;
    await truncations.done(ino);
    if ((core.cache.inodes.get(ino)?.caps.length ?? 0) > 1) await journal.flush(reply.head?.journalSeq ?? 0);
    return this.#asNow(session, reply);
  }

  /** An answer that had to wait: what it says of caps is what the session holds now. It may have given back since what it had then. */
  #asNow<R extends Headed>(session: MdsSession, reply: R): R {
    const { core } = this.#options;
    if (reply.head === null) return reply;
    const grants = reply.head.grants.map((grant) => {
      const inode = grant.inode === null ? undefined : core.cache.inodes.get(grant.inode.ino);
      return inode === undefined ? { ...grant, caps: 0, seq: 0 } : core.locker.held(session, inode);
    });
    return { ...reply, head: { ...reply.head, grants } };
  }

  /**
   * While a request waits for something its session may end, or go on on another connection, where it asks again. Then nothing
   * is done for it: what it gave nobody would hear of, and what has been asked since would be done before it.
   */
  #whileHeard<T>(session: MdsSession, { session: connection }: { readonly session: Session }, act: () => T): () => T {
    return () => {
      session.checkOpen();
      this.#options.sessions.of(connection);
      return act();
    };
  }

  #withBarrier<R extends Headed>(reply: R): R {
    const { barrierEpoch } = this.#options.sessions;
    return barrierEpoch === 0 || reply.head === null ? reply : { ...reply, head: { ...reply.head, barrierEpoch } };
  }

  /**
   * Runs what a session sends again one after the other, as it was done the first time, whatever has to be read for it.
   * One that has to wait for other clients was never answered: those after it do not build on it, and go on.
   */
  async #inOrder<T>(session: MdsSession, run: (onRecall: () => void) => Promise<T>): Promise<T> {
    const answered = this.#options.sessions.replaying(session);
    const before = this.#replays.get(session);
    let passed = (): void => undefined;
    this.#replays.set(session, new Promise<void>((resolve) => (passed = resolve)));
    try {
      await before;
      return await run(passed);
    } finally {
      passed();
      answered();
    }
  }

  /**
   * Runs a request when those that its session has sent `ahead` before are done: it may build on them, as nobody has waited for their
   * answers. One that waits for other clients (whose turn may come after it) holds nobody up: it is in nobody's way.
   */
  #inTurn<R>(session: MdsSession, ahead: boolean, run: (onRecall?: () => void) => R | Promise<R>): R | Promise<R> {
    const before = this.#turns.get(session) ?? (this.#waiting === undefined ? undefined : this.#held());
    if (!ahead) return before === undefined ? run() : before.then(() => run());
    const taking = { over: false, end: (): void => undefined };
    const onRecall = (): void => {
      taking.over = true;
      taking.end();
    };
    const answer = before === undefined ? run(onRecall) : before.then(() => run(onRecall));
    if (!(answer instanceof Promise) || taking.over) return answer;
    const turn = new Promise<void>((resolve) => (taking.end = resolve)).then(() => {
      if (this.#turns.get(session) === turn) this.#turns.delete(session);
    });
    this.#turns.set(session, turn);
    answer.then(taking.end, taking.end);
    return answer;
  }

  #held(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting === undefined) resolve();
      else this.#waiting.push(resolve);
    });
  }
}

function takeKey({ instance }: MdsSession, ino: number): string {
  return `${instance} ${ino}`;
}

/** The inode whose data the request may cut: it is answered when that is done. */
function cutsOf(name: OperationName, message: object): number | undefined {
  if (name === 'setAttr') {
    const { fields, ino } = message as Request<'setAttr'>;
    return (fields & SetAttrField.size) !== 0 ? ino : undefined;
  }
  if (name === 'open') {
    const { truncate, ino } = message as Request<'open'>;
    return truncate ? ino : undefined;
  }
  return undefined;
}

/** One that is not carried out within the call that brings it. */
const later = { isNow: false };

/** An answer that is not sent in the same moment: see {@link fixedGrant}. */
function fixed<R extends Headed>(reply: R): R {
  if (reply.head === null) return reply;
  const grants = reply.head.grants.map(fixedGrant);
  return { ...reply, head: { ...reply.head, grants } };
}
