/**
 * Metrics of an MDS: by rank, and by client, of which a bounded number are named.
 * @module
 */
import type { Family, Sample } from '../common/metrics/exposition.ts';
import type { ClientWarnings, RankReportReply, SessionInfo } from '../common/wire/gen/messages.ts';
import { mdsStates } from '../common/maps/cluster-map.ts';

/** Clients with a label of their own, those that hold most; what the others have is summed. */
const clientsNamed = 100;
/** As no client is called. */
const others = '(others)';

export interface MdsNumbers {
  /** `mds.a`. */
  readonly name: string;
  readonly state: string;
  /** Undefined: it serves no rank. */
  readonly rank: RankNumbers | undefined;
}

export interface RankNumbers {
  readonly report: RankReportReply;
  readonly sessions: readonly SessionInfo[];
  readonly warnings: readonly ClientWarnings[];
  /** Places known to be damaged. */
  readonly damaged: number;
}

export function mdsMetrics({ name, state, rank }: MdsNumbers): Family[] {
  const states: Sample[] = mdsStates.map((each) => ({ labels: { mds: name, state: each }, value: each === state ? 1 : 0 }));
  const own: Family = { name: 'nacre_mds_state', type: 'gauge', help: '1 for the state that the MDS is in.', samples: states };
  return rank === undefined ? [own] : [own, ...rankMetrics(rank), ...clientMetrics(rank)];
}

function rankMetrics({ report, warnings, damaged }: RankNumbers): Family[] {
  const labels = { rank: report.rank };
  const gauge = (name: string, help: string, value: number): Family => ({ name, type: 'gauge', help, samples: [{ labels, value }] });
  const counter = (name: string, help: string, samples: readonly Sample[]): Family => ({ name, type: 'counter', help, samples });
  return [
    gauge('nacre_mds_cache_names', 'Names in memory.', report.names),
    gauge('nacre_mds_cache_names_limit', 'Names beyond which memory is given back (cacheEntriesMax).', report.namesMax),
    gauge('nacre_mds_cache_inodes', 'Inodes in memory.', report.inodes),
    gauge('nacre_mds_cache_directories', 'Directories in memory.', report.directories),
    gauge('nacre_mds_caps', 'Inodes that clients hold something of, of all together.', report.caps),
    gauge('nacre_mds_client_caps_limit', 'Inodes that one client may hold (clientCapsMax).', report.capsMax),
    gauge('nacre_mds_recalls', 'Recalls of caps that are not answered yet.', report.recalls),
    gauge('nacre_mds_sessions', 'Sessions of clients.', report.sessions),
    gauge('nacre_mds_unwritten_objects', 'Objects with changes that only the journal has.', report.unwrittenObjects),
    gauge('nacre_mds_strays', 'Unlinked files whose objects are still to be deleted.', report.strays),
    gauge('nacre_mds_journal_segments', 'Segments of the journal.', report.journalSegments),
    gauge('nacre_mds_damaged_places', 'Places in the filesystem that are known to be damaged.', damaged),
    counter('nacre_mds_journal_entries_total', 'Position of the newest entry of the journal.', [{ labels, value: report.journalEntries }]),
    counter('nacre_mds_evictions_total', 'Evictions of clients that were begun.', [{ labels, value: report.evictions }]),
    counter(
      'nacre_mds_operations_total',
      'Requests of clients, by operation.',
      report.operations.map(({ name, count }) => ({ labels: { ...labels, operation: name }, value: count })),
    ),
    {
      name: 'nacre_mds_client_warnings',
      type: 'gauge',
      help: 'Clients with which something is the matter, by the code that health has for it.',
      samples: warnings.map(({ code, count }) => ({ labels: { ...labels, code }, value: count })),
    },
  ];
}

interface ClientNumbers {
  caps: number;
  recalls: number;
  answers: number;
  requests: number;
}

/** Sessions of the same name together. */
function clientMetrics({ report, sessions }: RankNumbers): Family[] {
  const clients = new Map<string, ClientNumbers>();
  for (const { name, caps, recalls, answers, requests } of sessions) add(clients, name, { caps, recalls, answers, requests });
  const byCaps = [...clients].sort(([a, { caps: ofA }], [b, { caps: ofB }]) => ofB - ofA || (a < b ? -1 : 1));
  const named = new Map(byCaps.slice(0, clientsNamed));
  const shown = new Map(named);
  for (const [, numbers] of byCaps.slice(clientsNamed)) add(shown, others, numbers);
  const family = (name: string, help: string, field: keyof ClientNumbers): Family => ({
    name,
    type: name.endsWith('_total') ? 'counter' : 'gauge',
    help,
    // Who is named changes: a sum of counters over the others would go down.
    samples: [...(name.endsWith('_total') ? named : shown)].map(([client, numbers]) => ({
      labels: { rank: report.rank, client },
      value: numbers[field],
    })),
  });
  return [
    family('nacre_mds_client_caps', 'Inodes that the client holds something of.', 'caps'),
    family('nacre_mds_client_recalls', 'Recalls of caps that the client has not answered yet.', 'recalls'),
    family('nacre_mds_client_answers', 'Answers that are kept for the client, until it has confirmed the requests.', 'answers'),
    family('nacre_mds_client_requests_total', 'Requests of the client in its session.', 'requests'),
  ];
}

function add(clients: Map<string, ClientNumbers>, name: string, { caps, recalls, answers, requests }: ClientNumbers): void {
  const known = clients.get(name);
  if (known === undefined) {
    clients.set(name, { caps, recalls, answers, requests });
    return;
  }
  known.caps += caps;
  known.recalls += recalls;
  known.answers += answers;
  known.requests += requests;
}
