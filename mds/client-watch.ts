/**
 * Clients with which something is the matter, as the mon is told with each beacon: those who answer recalls late, who do not give back what
 * they were asked for, and who leave requests unconfirmed. What is told is what is so at that moment; nothing has to be taken back.
 * @module
 */
import type { Clock } from '../common/runtime/clock.ts';
import type { ClientWarning, ClientWarnings } from '../common/wire/gen/messages.ts';
import type { MdsConfig } from './config.ts';
import type { Cap } from './core/cap.ts';
import type { CapBudget } from './core/cap-budget.ts';
import { pathOf } from './core/damage-table.ts';
import type { MdsCore } from './core/mds-core.ts';
import type { MdsSession } from './core/session.ts';
import type { RequestRunner } from './request-runner.ts';

/** Of each kind so many are named; the others are counted. */
const named = 20;

export interface ClientWatchOptions {
  readonly core: MdsCore;
  readonly runner: RequestRunner;
  readonly budget: CapBudget;
  readonly config: Pick<MdsConfig, 'lateReleaseMs' | 'lateGiveBackMs' | 'answersKeptMax'>;
}

interface Found {
  readonly session: MdsSession;
  readonly sinceMs: number;
  readonly what: string;
}

export class ClientWatch {
  readonly #clock: Clock;
  readonly #options: ClientWatchOptions;
  /** Sessions for which very many answers are kept: their oldest request, and since when it has been that. */
  #stuck = new Map<MdsSession, { readonly tid: number; readonly sinceMs: number }>();

  constructor(clock: Clock, options: ClientWatchOptions) {
    this.#clock = clock;
    this.#options = options;
  }

  /** All there is to tell now. */
  warnings(): ClientWarnings[] {
    const nowMs = this.#clock.monotonicMs();
    const kinds = [
      { code: 'MDS_CLIENT_LATE_RELEASE', found: [...this.#lateReleases(nowMs), ...this.#lateTurns(nowMs)] },
      { code: 'MDS_CLIENT_RECALL', found: this.#lateGiveBacks(nowMs) },
      { code: 'MDS_CLIENT_OLDEST_TID', found: this.#oldRequests(nowMs) },
    ];
    return kinds.flatMap(({ code, found }) => {
      if (found.length === 0) return [];
      const oldestFirst = found.sort((a, b) => a.sinceMs - b.sinceMs).slice(0, named);
      return [{ code, count: found.length, some: oldestFirst.map((each) => told(each, nowMs)) }];
    });
  }

  #lateReleases(nowMs: number): Found[] {
    const { core, config } = this.#options;
    const late = new Map<MdsSession, Cap[]>();
    for (const cap of core.locker.recalls) {
      const session = core.sessions.get(cap.instance);
      if (session === undefined || cap.recall === undefined || nowMs - cap.recall.sinceMs < config.lateReleaseMs) continue;
      const of = late.get(session);
      if (of === undefined) late.set(session, [cap]);
      else of.push(cap);
    }
    return [...late].map(([session, caps]) => {
      const oldest = caps.reduce((a, b) => ((b.recall?.sinceMs ?? 0) < (a.recall?.sinceMs ?? 0) ? b : a));
      const others = caps.length === 1 ? '' : `, and ${caps.length - 1} more`;
      const what = `has not answered the recall of ${this.#nameOf(oldest.ino)}${others}`;
      return { session, sinceMs: oldest.recall?.sinceMs ?? nowMs, what };
    });
  }

  #lateTurns(nowMs: number): Found[] {
    const { core, config, runner } = this.#options;
    return [...core.locker.turns].flatMap(([inode, sinceMs]) => {
      if (nowMs - sinceMs < config.lateReleaseMs || !runner.isTurnWanted(inode)) return [];
      const what = `does not end its turn to append to ${this.#nameOf(inode.ino)}`;
      return inode.appenders.flatMap((instance) => {
        const session = core.sessions.get(instance);
        return session === undefined ? [] : [{ session, sinceMs, what }];
      });
    });
  }

  #lateGiveBacks(nowMs: number): Found[] {
    const { budget, config } = this.#options;
    return budget.owing(nowMs, config.lateGiveBackMs).map(([session, { sinceMs, capsMax }]) => {
      const what = `holds ${session.caps.size} inodes, and has not given back what it was asked for: to hold no more than ${capsMax}`;
      return { session, sinceMs, what };
    });
  }

  #oldRequests(nowMs: number): Found[] {
    const { core, config } = this.#options;
    const stuck = new Map<MdsSession, { readonly tid: number; readonly sinceMs: number }>();
    for (const session of core.sessions.values()) {
      if (session.completed.size <= config.answersKeptMax) continue;
      const before = this.#stuck.get(session);
      stuck.set(session, before?.tid === session.oldestTid ? before : { tid: session.oldestTid, sinceMs: nowMs });
    }
    this.#stuck = stuck;
    return [...stuck].map(([session, { tid, sinceMs }]) => {
      const what = `does not confirm its request ${tid}: ${session.completed.size} answers are kept for it`;
      return { session, sinceMs, what };
    });
  }

  #nameOf(ino: number): string {
    return `${pathOf(this.#options.core.cache, ino)} (inode ${ino.toString(16)})`;
  }
}

function told({ session, sinceMs, what }: Found, nowMs: number): ClientWarning {
  return { client: session.name, instance: session.instance, forMs: Math.max(0, Math.round(nowMs - sinceMs)), what };
}
