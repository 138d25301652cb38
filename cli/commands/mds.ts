import { actionOf, printResult, refuseMore } from '../actions.ts';
import { dataOption, type Arguments, type Command } from '../command.ts';
import { withMon, type Admin } from '../cluster/admin.ts';
import { Layout } from '../cluster/layout.ts';
import { readSettings } from '../cluster/settings.ts';
import { clientSessions, dumpCaches, evictClient, type RankAdmin } from '../../mds/client/index.ts';
import { CommandError, UsageError } from '../errors.ts';
import { renderCaps, renderDump, renderReports } from '../render/caps.ts';
import type { StatusReport } from '../render/status.ts';
import { table } from '../render/table.ts';
import { clientMeant, clientsMeant, sessionFilter, type SeenClient, type SessionFilter } from '../session-filter.ts';
import { runDaemon } from './daemon.ts';

/** A client that does not answer may trust what it has cached until its lease is over. */
const evictionTimeoutMs = 120_000;
const shownMax = 1_000;

export const mds: Command = {
  summary: 'Shows or ends the sessions of clients with the MDS, shows its cache and who holds what; or runs an MDS in the foreground.',
  usage: '[--data DIR] session ls|evict [CLIENT...] | cache status|dump [PATH] | caps [PATH] [--json]   or   --config FILE',
  details: [
    '  session ls [CLIENT...]    who has a session, what it holds and owes, and the oldest request that it has not confirmed',
    '  session evict CLIENT...   ends one: the OSDs refuse it from then on, and what it held is free for others when that is so.',
    '                            What it had not written back is lost to it: its programs get EIO, its log names the files. The',
    '                            mount comes back by itself with a new session. With --all ends several',
    '  cache status              how much each rank has in memory',
    '  cache dump [PATH]         what that is, at PATH (as in the mount) and below; with --client what that client holds of it',
    '  caps [PATH]               who holds what of the file or directory; with --client all that it holds',
    '',
    'CLIENT is a name or an instance, or one of name=, instance=, host=, mountpoint=, address=, root=; several must all fit.',
    '',
    'With --config FILE runs an MDS that the file configures, until SIGTERM or Ctrl-C.',
  ].join('\n'),
  options: {
    data: dataOption,
    all: { type: 'boolean', help: 'session evict: all that are meant, not one' },
    client: { type: 'string', value: 'CLIENT', help: 'cache dump, caps: of that client' },
    max: { type: 'string', value: 'N', help: `cache dump, caps: inodes at most (default ${shownMax})` },
    json: { type: 'boolean', help: 'for programs' },
    config: { type: 'string', value: 'FILE', help: 'of an MDS to be run (TOML); NACRE_* variables override it' },
  },
  positionals: ['session|cache|caps', 'ACTION', 'CLIENT'],
  optionalFrom: 0,
  repeats: true,
  async run(args) {
    const config = args.text('config');
    if (config !== undefined) return await runDaemon('mds', config);
    const wish = mdsWish(args);
    const layout = Layout.existing(args.text('data') ?? 'data');
    return await withMon(readSettings(layout), {}, async (admin) => {
      await carryOut(args, admin, wish);
      return 0;
    });
  },
};

export type MdsWish =
  | { readonly kind: 'sessions'; readonly filters: readonly SessionFilter[] }
  | { readonly kind: 'evict'; readonly filters: readonly SessionFilter[]; readonly all: boolean }
  | { readonly kind: 'reports' }
  /** `path` empty: wherever it is. */
  | { readonly kind: 'dump' | 'caps'; readonly path: string; readonly client: SessionFilter | undefined; readonly max: number };

/** What the words ask for. UsageError. */
export function mdsWish(args: Arguments): MdsWish {
  const subject = actionOf(args, ['session', 'cache', 'caps']);
  const [, action, ...more] = args.positionals;
  if (subject === 'session') return sessionWish(args, action, more);
  if (args.flag('all')) throw new UsageError('--all is for session evict');
  if (subject === 'caps') {
    refuseMore(more[0]);
    return dumpWish(args, 'caps', action);
  }
  if (action === 'dump') {
    refuseMore(more[1]);
    return dumpWish(args, 'dump', more[0]);
  }
  if (action !== 'status') throw new UsageError('cache: status or dump is wanted');
  refuseMore(more[0]);
  return { kind: 'reports' };
}

function sessionWish(args: Arguments, action: string | undefined, clients: readonly string[]): MdsWish {
  if (args.text('client') !== undefined || args.text('max') !== undefined)
    throw new UsageError('--client and --max are for cache dump and caps');
  const filters = clients.map((text) => sessionFilter(text));
  if (action === 'ls') return { kind: 'sessions', filters };
  if (action !== 'evict') throw new UsageError('session: ls or evict is wanted');
  if (filters.length === 0) throw new UsageError('session evict: CLIENT is missing, its name or instance as session ls shows it');
  return { kind: 'evict', filters, all: args.flag('all') };
}

function dumpWish(args: Arguments, kind: 'dump' | 'caps', path: string | undefined): MdsWish {
  const client = args.text('client');
  if (path?.startsWith('/') === false) throw new UsageError(`'${path}': a path that begins with / is wanted, as in the mount`);
  if (kind === 'caps' && path === undefined && client === undefined) throw new UsageError('caps: PATH or --client is wanted');
  return {
    kind,
    path: path ?? (kind === 'dump' && client === undefined ? '/' : ''),
    client: client === undefined ? undefined : sessionFilter(client),
    max: args.count('max', { min: 1, max: 1_000_000 }) ?? shownMax,
  };
}

async function carryOut(args: Arguments, admin: Admin, wish: MdsWish): Promise<void> {
  const ranks = admin.mdsRanks(evictionTimeoutMs);
  switch (wish.kind) {
    case 'sessions': {
      const sessions = clientsMeant(await seenClients(admin, ranks), wish.filters);
      const none = wish.filters.length > 0 ? 'no such client has a session' : undefined;
      printResult(args, sessions, renderSessions(sessions, none));
      return;
    }
    case 'evict':
      await evict(args, ranks, clientsToEvict(await seenClients(admin, ranks), wish.filters, wish.all));
      return;
    case 'reports': {
      const reports = await Promise.all(ranks.map((rank) => rank.report()));
      printResult(args, reports, renderReports(reports));
      return;
    }
    case 'dump':
    case 'caps': {
      const { kind, path, client, max } = wish;
      const instance = client === undefined ? 0 : clientMeant(await seenClients(admin, ranks), [client]).instance;
      const found = await dumpCaches(ranks, { path, below: kind === 'dump', instance, max });
      // Of what several hold, that which is asked for.
      const dumps =
        instance === 0
          ? found
          : { ...found, inodes: found.inodes.map((inode) => ({ ...inode, caps: inode.caps.filter((cap) => cap.instance === instance) })) };
      printResult(args, dumps, kind === 'caps' ? renderCaps(dumps) : renderDump(found));
      return;
    }
  }
}

/** Those with a session, with what the mon knows of them. */
async function seenClients({ mon }: Admin, ranks: readonly RankAdmin[]): Promise<SeenClient[]> {
  const [sessions, { clients }] = await Promise.all([clientSessions(ranks), mon.command<StatusReport>({ prefix: 'status' })]);
  const known = new Map(clients.map((client) => [client.instance, client]));
  return sessions.map((session) => {
    const { host = '', mountpoint = '' } = known.get(session.instance) ?? {};
    return { ...session, host, mountpoint };
  });
}

/** Those whom the filters mean; several only when all of them are wanted. CommandError. */
export function clientsToEvict(clients: readonly SeenClient[], filters: readonly SessionFilter[], all: boolean): SeenClient[] {
  const meant = clientsMeant(clients, filters);
  if (meant.length > 1 && !all)
    throw new CommandError(
      `${meant.length} clients are meant: ${meant.map(({ name, instance }) => `${name} (instance ${instance})`).join(', ')}; one is wanted, or --all of them`,
    );
  return meant.length > 1 ? meant : [clientMeant(clients, filters)];
}

export function renderSessions(sessions: readonly SeenClient[], none = 'no client has a session'): string {
  if (sessions.length === 0) return none;
  const rows = [
    ['CLIENT', 'INSTANCE', 'CAPS', 'RECALLS', 'OLDEST TID', 'ANSWERS', 'LEASE', 'RANKS', 'STATE', 'HOST', 'MOUNT', 'ADDRESS', 'ROOT'],
    ...sessions.map((session) => [
      session.name,
      String(session.instance),
      ...[session.caps, session.recalls, session.oldestTid, session.answers].map(String),
      `${(session.leaseMs / 1000).toFixed(1)} s`,
      session.ranks.join(' '),
      session.evicting ? 'being evicted' : session.connected ? 'open' : 'not connected',
      session.host || '-',
      session.mountpoint || '-',
      session.address || '-',
      session.root === '' ? '/' : session.root,
    ]),
  ];
  return table(rows, { rightFrom: 1, rightTo: 7 });
}

async function evict(args: Arguments, ranks: readonly RankAdmin[], clients: readonly SeenClient[]): Promise<void> {
  const evicted = await Promise.all(
    clients.map(async ({ name, instance }) => ({ name, instance, epoch: (await evictClient(ranks, instance)).epoch })),
  );
  const lines = evicted.map(
    ({ name, instance, epoch }) =>
      `${name} (instance ${instance}) is evicted: the OSDs refuse it from epoch ${epoch} on, and what it held is free`,
  );
  printResult(args, clients.length === 1 ? evicted[0] : evicted, lines.join('\n'));
}
