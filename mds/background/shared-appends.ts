/**
 * Records that several clients append to the same files: they are put one behind the other, written to the file's objects together, and
 * answered when they are there and the size counts them. So what was answered outlives whoever sent it; no two overlap; nobody sees a size
 * below which something is missing; and one write to the OSDs, which is what all this costs, does for as many as are waiting.
 *
 * Who has just been answered and mostly sends the next one at once is waited for, for a moment: else each would miss the others' write, and
 * they would be stored one by one.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import { poolId } from '../../common/maps/ids.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { AppendReply, AppendRequest, Layout } from '../../common/wire/gen/messages.ts';
import type { ObjectOperation } from '../../osd/client/object-client.ts';
import { backtraceXattr, encodeBacktrace } from '../client/backtrace.ts';
import { dataObject } from '../client/data-objects.ts';
import { lineageOf } from '../core/lineage.ts';
import { fileBytesMax } from '../client/limits.ts';
import { Blocked } from '../core/blocked.ts';
import { ourselves, type Inode } from '../core/inode.ts';
import type { MdsCore } from '../core/mds-core.ts';
import { Operation } from '../core/operation.ts';
import { raiseReach } from '../core/reach.ts';
import type { MdsSession } from '../core/session.ts';
import { goesByTurn, takeRecord } from '../ops/append.ts';
import type { RequestRunner } from '../request-runner.ts';
import type { Journal } from '../store/journal.ts';
import type { PatientObjects } from '../store/patient-objects.ts';

/** Bytes of one write. */
const writeBytesMax = 1 << 20;
/** How long a client is waited for that has been answered. */
const companyMs = 2;
/** A file's reach goes as far again beyond three times its length, at most this much. */
const aheadBytesMax = 2 ** 30;

export interface SharedAppendsOptions {
  readonly core: MdsCore;
  readonly runner: RequestRunner;
  readonly journal: Journal;
  readonly objects: PatientObjects;
  readonly onLost: (error: FsError) => void;
}

interface Sent {
  readonly op: Operation;
  readonly bytes: Uint8Array;
  readonly resolve: (reply: AppendReply) => void;
  readonly reject: (error: unknown) => void;
}

interface File {
  readonly inode: Inode;
  waiting: Sent[];
  /** Something has come. */
  wake: (() => void) | undefined;
}

/** Of a client: when it was answered last, and whether what it sent then came soon after the answer before. */
interface Habit {
  answeredMs: number;
  prompt: boolean;
}

export class SharedAppends {
  readonly #env: Env;
  readonly #options: SharedAppendsOptions;
  readonly #files = new Map<Inode, File>();
  readonly #habits = new WeakMap<Inode, Map<number, Habit>>();
  /** By session and tid: asked again on another connection, it is not stored again. */
  readonly #sent = new Map<string, Promise<AppendReply>>();

  constructor(env: Env, options: SharedAppendsOptions) {
    this.#env = env;
    this.#options = options;
  }

  /** Stores what the request brings. Resolves when it is there; `byTurn`: it is not. FsError ENOSPC, EFBIG. */
  append(op: Operation, { ino, data }: AppendRequest): Promise<AppendReply> {
    const key = `${op.session.instance} ${op.tid}`;
    const before = this.#sent.get(key);
    if (before !== undefined) return before;
    const inode = op.core.cache.inode(ino);
    const stored = new Promise<AppendReply>((resolve, reject) => this.#add(inode, { op, bytes: new Uint8Array(data), resolve, reject }));
    const sent = stored.finally(() => this.#sent.delete(key));
    this.#sent.set(key, sent);
    return sent;
  }

  #add(inode: Inode, sent: Sent): void {
    const habit = this.#habits.get(inode)?.get(sent.op.session.instance);
    if (habit !== undefined) habit.prompt = this.#now - habit.answeredMs < companyMs;
    const file = this.#files.get(inode);
    if (file !== undefined) {
      file.waiting.push(sent);
      file.wake?.();
      // It may be what those before it wait for: see #ready.
      if (inode.contenders > 0) this.#options.runner.recalled(inode);
      return;
    }
    const begun: File = { inode, waiting: [sent], wake: undefined };
    this.#files.set(inode, begun);
    this.#env.spawn('mds appends', () => this.#run(begun));
  }

  get #now(): number {
    return this.#env.clock.monotonicMs();
  }

  async #run(file: File): Promise<void> {
    while (file.waiting.length > 0) {
      try {
        await this.#company(file);
        await this.#store(file);
      } catch (error) {
        for (const { reject } of file.waiting.splice(0)) reject(error);
      }
    }
    this.#files.delete(file.inode);
  }

  /** Until all have come who are about to. */
  async #company(file: File): Promise<void> {
    for (;;) {
      const leftMs = this.#awaitedMs(file);
      if (leftMs <= 0) return;
      await new Promise<void>((resolve) => {
        const timer = this.#env.clock.setTimer(leftMs, resolve);
        file.wake = () => {
          timer.cancel();
          resolve();
        };
      });
      file.wake = undefined;
    }
  }

  /** For how long somebody is worth waiting for; 0: nobody is. */
  #awaitedMs({ inode, waiting }: File): number {
    const habits = this.#habits.get(inode);
    if (habits === undefined) return 0;
    let leftMs = 0;
    for (const [instance, { answeredMs, prompt }] of habits) {
      const left = answeredMs + companyMs - this.#now;
      if (left <= 0 && !waiting.some(({ op }) => op.session.instance === instance)) habits.delete(instance);
      else if (prompt && left > leftMs && !waiting.some(({ op }) => op.session.instance === instance)) leftMs = left;
    }
    return leftMs;
  }

  /** One write: of all that waits, as far as it may be. */
  async #store(file: File): Promise<void> {
    const { core, runner, onLost } = this.#options;
    const { inode } = file;
    const batch = take(await runner.run(() => this.#begin(file)));
    file.waiting = file.waiting.filter((sent) => !batch.includes(sent));
    try {
      const from = inode.size;
      const sizes: number[] = [];
      let end = from;
      for (const { bytes } of batch) sizes.push((end += bytes.length));
      if (end > fileBytesMax) throw new FsError('EFBIG', `an append up to ${end} (a file has at most ${fileBytesMax} bytes)`);
      await this.#reach(inode, end);
      await this.#write(inode, from, batch);
      const replies = await runner.run(() => this.#count(inode, batch, sizes));
      core.locker.endTurn(inode, ourselves);
      for (const [i, { op, resolve }] of batch.entries()) {
        this.#answered(inode, op.session.instance);
        resolve(replies[i] as AppendReply);
      }
    } catch (error) {
      core.locker.endTurn(inode, ourselves);
      const failure = toFsError(error);
      for (const { reject } of batch) reject(failure);
      if (failure.code === 'ESHUTDOWN') onLost(failure);
    }
  }

  /** Nobody else appends from here on, nor cuts the file. Returns what may be stored now. */
  #begin(file: File): Sent[] {
    const { inode, waiting } = file;
    if (inode.appenders.length > 0) throw new Blocked({ kind: 'append', inode });
    for (const { op } of waiting) op.extended(inode.ino);
    const ready = this.#ready(file);
    this.#options.core.locker.takeTurn(inode, ourselves);
    return ready;
  }

  /**
   * Records of sessions beside which nobody caches the file. One that does caches it no more when its kernel has let go of the pages, which its own
   * record may hold: that one goes before those which wait for that.
   */
  #ready({ inode, waiting }: File): Sent[] {
    const blocked = new Map<MdsSession, Blocked | undefined>();
    for (const { op } of waiting) if (!blocked.has(op.session)) blocked.set(op.session, obstacleTo(op, inode));
    const ready = waiting.filter(({ op }) => blocked.get(op.session) === undefined);
    if (ready.length === 0) throw blocked.get((waiting[0] as Sent).op.session) as Blocked;
    return ready;
  }

  /**
   * Should this rank die when the data is stored and not counted, it is known where to look; and that it is to be cut: whoever sent it sends it
   * again. What was written by one who was alone with the file has been told since.
   */
  async #reach(inode: Inode, end: number): Promise<void> {
    const { core, journal } = this.#options;
    if ((end <= inode.reach && inode.reachedBeside) || inode.dentry === undefined) return;
    const { objectSize } = this.#layoutOf(inode);
    const wanted = end + Math.min(3 * end, aheadBytesMax) + objectSize;
    raiseReach(inode, Math.ceil(wanted / objectSize) * objectSize, true);
    await journal.flush(core.commit([{ kind: 'set', dentry: inode.dentry }]));
  }

  async #write(inode: Inode, from: number, batch: readonly Sent[]): Promise<void> {
    const { objects } = this.#options;
    const { pool, objectSize } = this.#layoutOf(inode);
    const bytes = batch.length === 1 ? (batch[0] as Sent).bytes : Buffer.concat(batch.map((sent) => sent.bytes));
    const writes: Promise<unknown>[] = [];
    for (let done = 0; done < bytes.length;) {
      const at = from + done;
      const index = Math.floor(at / objectSize);
      const offset = at - index * objectSize;
      const data = bytes.subarray(done, done + objectSize - offset);
      const steps: ObjectOperation[] = [{ kind: 'write', offset, data: [data] }];
      if (at === 0) steps.push({ kind: 'set-xattr', name: backtraceXattr, value: this.#backtraceOf(inode) });
      writes.push(objects.store(poolId(pool), dataObject(inode.ino, index), steps));
      done += data.length;
    }
    // None may be on its way any more, whatever becomes of the others.
    for (const result of await Promise.allSettled(writes)) if (result.status === 'rejected') throw toFsError(result.reason);
  }

  /** As a client would have its first object say of which file it is. */
  #backtraceOf(inode: Inode): Uint8Array {
    const { ino, mode, uid, gid, layout } = inode;
    return encodeBacktrace({ ino, mode, uid, gid, layout, lineage: lineageOf(this.#options.core, inode) });
  }

  #count(inode: Inode, batch: readonly Sent[], sizes: readonly number[]): AppendReply[] {
    const { core } = this.#options;
    for (const { op } of batch) op.extended(inode.ino);
    const [{ op: first }] = batch as [Sent];
    first.counter(inode);
    // A quota has come: what is stored beyond the size is as good as not there.
    if (goesByTurn(first, inode))
      return batch.map(({ op }) => ({
        head: op.repeat({ inos: [inode.ino], flag: false, journalSeq: 0 }),
        end: 0,
        byTurn: true,
        beneath: [],
      }));
    return batch.map(({ op }, i) => {
      // That of a session that is over counts too: others' lie behind it.
      const by = op.session.ended ? new Operation(core, op.session, null) : op;
      return takeRecord(by, inode, sizes[i] as number);
    });
  }

  #answered(inode: Inode, instance: number): void {
    let habits = this.#habits.get(inode);
    if (habits === undefined) this.#habits.set(inode, (habits = new Map<number, Habit>()));
    const habit = habits.get(instance);
    if (habit === undefined) habits.set(instance, { answeredMs: this.#now, prompt: false });
    else habit.answeredMs = this.#now;
  }

  #layoutOf({ layout }: Inode): Layout {
    return layout ?? this.#options.core.defaultLayout;
  }
}

/** What others hold of the file against an append; they have been asked for it. */
function obstacleTo(op: Operation, inode: Inode): Blocked | undefined {
  try {
    op.core.locker.clearToAppend(op.session, inode);
    return undefined;
  } catch (error) {
    if (error instanceof Blocked) return error;
    throw error;
  }
}

/** The first, as many as go into one write. */
function take(waiting: readonly Sent[]): Sent[] {
  let bytes = 0;
  let count = 0;
  for (const sent of waiting) {
    bytes += sent.bytes.length;
    if (count > 0 && bytes > writeBytesMax) break;
    count++;
  }
  return waiting.slice(0, count);
}
