/**
 * The sessions of clients with all ranks of a filesystem: each has one with every rank that it has had to ask. What an administrator sees and ends
 * is the client.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type {
  CacheDumpReply,
  CacheDumpRequest,
  Init,
  RankReportReply,
  SessionInfo,
  SessionListReply,
  SessionEvictReply,
} from '../../common/wire/gen/messages.ts';

/** One client, as the ranks see it that it has a session with. */
export interface ClientSession extends SessionInfo {
  /** Rising. */
  readonly ranks: readonly number[];
}

/** Asks the holder of a rank. */
export interface RankAdmin {
  readonly rank: number;
  list(): Promise<SessionListReply>;
  evict(instance: number): Promise<SessionEvictReply>;
  report(): Promise<RankReportReply>;
  dump(request: Init<CacheDumpRequest>): Promise<CacheDumpReply>;
}

/** Who has a session, by name: with all that it holds of any rank, the shortest of its leases, and the oldest request of the first rank. */
export async function clientSessions(ranks: readonly RankAdmin[]): Promise<ClientSession[]> {
  const found = new Map<number, ClientSession>();
  const answers = await Promise.all(ranks.map(async (each) => ({ rank: each.rank, sessions: (await each.list()).sessions })));
  for (const { rank, sessions } of answers.sort((a, b) => a.rank - b.rank)) {
    for (const session of sessions) {
      const known = found.get(session.instance);
      const merged = known === undefined ? { ...session, ranks: [rank] } : together(known, session, rank);
      found.set(session.instance, merged);
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.instance - b.instance));
}

function together(known: ClientSession, session: SessionInfo, rank: number): ClientSession {
  return {
    ...known,
    caps: known.caps + session.caps,
    connected: known.connected && session.connected,
    leaseMs: Math.min(known.leaseMs, session.leaseMs),
    evicting: known.evicting || session.evicting,
    answers: known.answers + session.answers,
    recalls: known.recalls + session.recalls,
    requests: known.requests + session.requests,
    address: known.address === '' ? session.address : known.address,
    ranks: [...known.ranks, rank],
  };
}

/**
 * Ends what the client has with each rank. Resolves when what it held of any is free for others, with the epoch of the map from which on the OSDs
 * refuse it. FsError ENOENT: no rank knows of it.
 */
export async function evictClient(ranks: readonly RankAdmin[], instance: number): Promise<{ readonly epoch: number }> {
  const answers = await Promise.all(
    ranks.map((rank) =>
      rank.evict(instance).catch((error: unknown) => {
        const failure = toFsError(error);
        if (failure.code !== 'ENOENT') throw failure;
        return undefined;
      }),
    ),
  );
  const epochs = answers.flatMap((answer) => answer?.epoch ?? []);
  if (epochs.length === 0)
    throw new FsError('ENOENT', `no session has the instance ${instance}: nacre mds session ls shows those that are`);
  return { epoch: Math.max(...epochs) };
}
