/**
 * How much a rank has in memory, and what it has done: for people, and for metrics.
 * @module
 */
import type { RankReportReply } from '../common/wire/gen/messages.ts';
import type { MdsConfig } from './config.ts';
import type { MdsCore } from './core/mds-core.ts';
import type { RankState } from './rank-state.ts';
import type { RequestDesk } from './request-desk.ts';
import type { SessionDesk } from './session-desk.ts';
import type { Journal } from './store/journal.ts';

export interface RankParts {
  readonly core: MdsCore;
  readonly journal: Journal;
  readonly sessions: SessionDesk;
  readonly requests: RequestDesk;
  readonly state: RankState;
  readonly straysWaiting: number;
}

export function rankReport({ core, journal, sessions, requests, state, straysWaiting }: RankParts, config: MdsConfig): RankReportReply {
  const { cache, locker } = core;
  let caps = 0;
  for (const session of core.sessions.values()) caps += session.caps.size;
  return {
    rank: core.rank,
    state,
    names: cache.size,
    namesMax: config.cacheEntriesMax,
    inodes: cache.inodes.size,
    directories: cache.directories.size,
    caps,
    capsMax: config.clientCapsMax,
    recalls: locker.recalls.size,
    sessions: core.sessions.size,
    unwrittenObjects: core.unwritten.sets.size,
    strays: straysWaiting,
    journalSegments: Math.max(0, journal.segment - journal.firstSegment + 1),
    journalEntries: journal.seq,
    evictions: sessions.evictions,
    operations: Object.entries(requests.counts).map(([name, count]) => ({ name, count })),
  };
}
