/**
 * Too few standbys, and clients with which MDSs have trouble: for health.
 * @module
 */
import { type ClusterMap, type FilesystemInfo, holdsRank } from '../../common/maps/cluster-map.ts';
import { instanceId } from '../../common/maps/ids.ts';
import type { ClientInTrouble } from '../client/reports.ts';
import type { MonState } from './state.ts';

/** What MDSs say of clients, each with what all of them do. */
const clientCodes = {
  MDS_CLIENT_LATE_RELEASE: 'not answering recalls of caps in time',
  MDS_CLIENT_RECALL: 'not giving back caps that they were asked for',
  MDS_CLIENT_OLDEST_TID: 'not confirming their oldest requests',
} as const;
type ClientCode = keyof typeof clientCodes;

export interface MdsCheck {
  readonly code: 'MDS_INSUFFICIENT_STANDBY' | ClientCode;
  readonly summary: string;
  readonly detail: readonly string[];
  readonly clients?: readonly ClientInTrouble[];
}

export function mdsChecks(state: MonState): MdsCheck[] {
  return [...standbyChecks(state), ...clientChecks(state)];
}

/** MDSs that hold no rank: they stand by, or follow. */
function standbysOf({ mdss }: Pick<ClusterMap, 'mdss'>): number {
  return [...mdss.values()].filter((mds) => !holdsRank(mds)).length;
}

/** A filesystem that has had a standby once wants one from then on, unless somebody says otherwise: with a single MDS nobody is nagged. */
export function noteStandbys(state: MonState): void {
  const { filesystems } = state.draft;
  const isNews = ({ standbyCountWanted }: FilesystemInfo): boolean => standbyCountWanted < 0;
  if (!filesystems.some(isNews) || standbysOf(state.draft) === 0) return;
  state.draft.setFilesystems(filesystems.map((filesystem) => (isNews(filesystem) ? { ...filesystem, standbyCountWanted: 1 } : filesystem)));
}

function* standbyChecks({ map }: MonState): Generator<MdsCheck> {
  const have = standbysOf(map);
  for (const { name, standbyCountWanted: wanted } of map.filesystems) {
    if (have >= wanted) continue;
    const detail = [`filesystem ${name}: ${have} ${have === 1 ? 'standby' : 'standbys'}, ${wanted} wanted`];
    yield { code: 'MDS_INSUFFICIENT_STANDBY', summary: 'too few standby MDSs: who takes over when one dies?', detail };
  }
}

function* clientChecks(state: MonState): Generator<MdsCheck> {
  for (const [code, failing] of Object.entries(clientCodes) as [ClientCode, string][]) {
    const clients = [...clientsOf(state, code)].sort((a, b) => a.sinceMs - b.sinceMs || a.instance - b.instance);
    const unnamed = unnamedOf(state, code);
    const count = new Set(clients.map(({ instance }) => instance)).size + unnamed;
    if (count === 0) continue;
    const detail = clients.map((client) => describe(client));
    if (unnamed > 0) detail.push(`and ${unnamed} more`);
    yield { code, summary: `${count} ${count === 1 ? 'client' : 'clients'} ${failing}`, detail, clients };
  }
}

function* clientsOf({ map, mdsReports, clients, tickedMs }: MonState, code: ClientCode): Generator<ClientInTrouble> {
  for (const [mds, { clientWarnings, heardMs, heardWallMs }] of mdsReports) {
    const rank = map.mdss.get(mds)?.rank ?? -1;
    for (const { client, instance, forMs, what } of clientWarnings.find((each) => each.code === code)?.some ?? []) {
      const known = clients.get(instanceId(instance));
      const forSeconds = Math.floor((forMs + Math.max(0, tickedMs - heardMs)) / 1_000);
      const { host = '', mountpoint = '' } = known ?? {};
      yield { client, instance, host, mountpoint, mds, rank, sinceMs: Math.round(heardWallMs - forMs), forSeconds, what };
    }
  }
}

/** Those that are only counted. */
function unnamedOf({ mdsReports }: MonState, code: ClientCode): number {
  let unnamed = 0;
  for (const { clientWarnings } of mdsReports.values())
    for (const { code: its, count, some } of clientWarnings) if (its === code) unnamed += Math.max(0, count - some.length);
  return unnamed;
}

function describe({ client, instance, host, mountpoint, mds, rank, forSeconds, what }: ClientInTrouble): string {
  const where = host === '' ? 'not known to the mon' : mountpoint === '' ? `on ${host}` : `${mountpoint} on ${host}`;
  return `${client} (${where}, instance ${instance}) ${what}, for ${forSeconds} s: told by ${mds}, rank ${rank}`;
}
