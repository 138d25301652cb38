/**
 * How sessions end that others cannot wait for: first the OSDs refuse the client, and its lease runs out, under which it reads what it has
 * cached without asking anyone; then its caps are void.
 * @module
 */
import { FsError } from '../common/errors/fs-error.ts';
import type { Env } from '../common/runtime/env.ts';
import type { MdsSession } from './core/session.ts';

export interface EvictionsOptions {
  /** Resolves when the OSDs refuse everything from that client, with the map's epoch that says so. */
  readonly fence: (instance: number) => Promise<number>;
  /** From now on nobody hears the session. */
  readonly onBegun: (session: MdsSession) => void;
  /** What it held is to be free for others. */
  readonly onOver: (session: MdsSession) => void;
  readonly onLost: (error: unknown) => void;
}

/** Of one session. */
interface Eviction {
  /** Ends the wait for its lease. */
  readonly endWait: () => void;
  /** It is over, or will not be in this life of the MDS. */
  readonly waiting: (() => void)[];
}

export class Evictions {
  readonly #env: Env;
  readonly #options: EvictionsOptions;
  readonly #underWay = new Map<number, Eviction>();
  #barrierEpoch = 0;
  #stopped = false;
  /** How many were begun. */
  begun = 0;

  constructor(env: Env, options: EvictionsOptions) {
    this.#env = env;
    this.#options = options;
  }

  /** Data under caps given from now on is touched with this map or a newer one only. */
  get barrierEpoch(): number {
    return this.#barrierEpoch;
  }

  /** Data is touched with a map of `epoch` or a newer one only, from now on. */
  raiseBarrier(epoch: number): void {
    this.#barrierEpoch = Math.max(this.#barrierEpoch, epoch);
  }

  isUnderWay(instance: number): boolean {
    return this.#underWay.has(instance);
  }

  /** `gone`: it trusts nothing any more. */
  begin(session: MdsSession, why: string, gone: boolean): void {
    const { instance } = session;
    if (gone) this.#underWay.get(instance)?.endWait();
    if (session.ended || this.#underWay.has(instance)) return;
    const untrusting = this.#leaseEnd(session, gone);
    this.begun++;
    this.#options.onBegun(session);
    this.#env.log.warn({ client: session.name, instance, why }, 'evicting a client');
    this.#env.spawn('mds eviction', async () => {
      try {
        this.raiseBarrier(await this.#options.fence(instance));
        await untrusting;
        if (!this.#stopped) this.#options.onOver(session);
      } catch (error) {
        if (!this.#stopped) this.#options.onLost(error);
      } finally {
        const waiting = this.#underWay.get(instance)?.waiting ?? [];
        this.#underWay.delete(instance);
        for (const wake of waiting) wake();
      }
    });
  }

  /** Resolves when what the session held is free for others. FsError ECONNRESET: that will be seen to by the next life of the MDS. */
  async over(session: MdsSession): Promise<void> {
    await new Promise<void>((resolve) => this.#underWay.get(session.instance)?.waiting.push(resolve));
    if (!session.ended) throw new FsError('ECONNRESET', 'this MDS stopped meanwhile', { retry: 'safe' });
  }

  stop(): void {
    this.#stopped = true;
    for (const { endWait } of this.#underWay.values()) endWait();
  }

  /** Marks the session as being evicted. Resolves when its lease, which is not renewed any more, is over, or at once when it is gone. */
  #leaseEnd(session: MdsSession, gone: boolean): Promise<void> {
    const waitMs = gone ? 0 : Math.max(0, session.leaseEndsMs - this.#env.clock.monotonicMs());
    return new Promise((resolve) => {
      const timer = this.#env.clock.setTimer(waitMs, resolve);
      const endWait = (): void => {
        timer.cancel();
        resolve();
      };
      this.#underWay.set(session.instance, { endWait, waiting: [] });
    });
  }
}
