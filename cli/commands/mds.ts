import { actionOf, printResult, refuseMore } from '../actions.ts';
import { dataOption, type Arguments, type Command } from '../command.ts';
import { withMon } from '../cluster/admin.ts';
import { Layout } from '../cluster/layout.ts';
import { readSettings } from '../cluster/settings.ts';
import { clientSessions, evictClient, type ClientSession, type RankAdmin } from '../../mds/client/index.ts';
import { CommandError, UsageError } from '../errors.ts';
import { table } from '../render/table.ts';
import { runDaemon } from './daemon.ts';

/** A client that does not answer may trust what it has cached until its lease is over. */
const evictionTimeoutMs = 120_000;

export const mds: Command = {
  summary: 'Shows or ends the sessions that clients have with the MDS; or runs an MDS in the foreground.',
  usage: '[--data DIR] session ls|evict [CLIENT] [--json]   or   --config FILE',
  details: [
    '  session ls              who has a session, and how much it holds',
    '  session evict CLIENT    ends one, by its name or instance: the OSDs refuse it from then on, and what it held is free for',
    '                          others when that is so. What it had not written back is lost to it: its programs get EIO, its log',
    '                          names the files. The mount comes back by itself with a new session.',
    '',
    'With --config FILE runs an MDS that the file configures, until SIGTERM or Ctrl-C.',
  ].join('\n'),
  options: {
    data: dataOption,
    json: { type: 'boolean', help: 'for programs' },
    config: { type: 'string', value: 'FILE', help: 'of an MDS to be run (TOML); NACRE_* variables override it' },
  },
  positionals: ['session', 'ls|evict', 'CLIENT'],
  optionalFrom: 0,
  async run(args) {
    const config = args.text('config');
    if (config !== undefined) return await runDaemon('mds', config);
    const client = clientToEvict(args);
    const layout = Layout.existing(args.text('data') ?? 'data');
    return await withMon(readSettings(layout), {}, async (admin) => {
      const ranks = admin.mdsRanks(evictionTimeoutMs);
      const sessions = await clientSessions(ranks);
      if (client === undefined) printResult(args, sessions, renderSessions(sessions));
      else await evict(args, ranks, sessionOf(sessions, client));
      return 0;
    });
  },
};

/** What the words ask for: undefined, to list; else whom to evict. */
export function clientToEvict(args: Arguments): string | undefined {
  actionOf(args, ['session']);
  const [, action, client] = args.positionals;
  if (action === 'ls') {
    refuseMore(client);
    return undefined;
  }
  if (action !== 'evict') throw new UsageError('session: ls or evict is wanted');
  if (client === undefined) throw new UsageError('session evict: CLIENT is missing, its name or instance as session ls shows it');
  return client;
}

/** The session of that name or instance. */
export function sessionOf(sessions: readonly ClientSession[], client: string): ClientSession {
  const found = sessions.filter(({ name, instance }) => name === client || String(instance) === client);
  const [session, other] = found;
  if (session === undefined) throw new CommandError(`no client ${client} has a session: nacre mds session ls shows those that have`);
  if (other !== undefined)
    throw new CommandError(
      `${found.length} sessions are called ${client}: one of the instances ${found.map(({ instance }) => instance).join(', ')} is wanted`,
    );
  return session;
}

export function renderSessions(sessions: readonly ClientSession[]): string {
  if (sessions.length === 0) return 'no client has a session';
  const rows = [
    ['CLIENT', 'INSTANCE', 'CAPS', 'LEASE', 'RANKS', 'STATE', 'ROOT'],
    ...sessions.map(({ name, instance, caps, leaseMs, ranks, connected, evicting, root }) => [
      name,
      String(instance),
      String(caps),
      `${(leaseMs / 1000).toFixed(1)} s`,
      ranks.join(' '),
      evicting ? 'being evicted' : connected ? 'open' : 'not connected',
      root === '' ? '/' : root,
    ]),
  ];
  return table(rows, { rightFrom: 1, rightTo: 4 });
}

async function evict(args: Arguments, ranks: readonly RankAdmin[], { name, instance }: ClientSession): Promise<void> {
  const { epoch } = await evictClient(ranks, instance);
  printResult(
    args,
    { name, instance, epoch },
    `${name} (instance ${instance}) is evicted: the OSDs refuse it from epoch ${epoch} on, and what it held is free`,
  );
}
