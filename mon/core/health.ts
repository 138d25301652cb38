/**
 * Health: what is wrong, how badly, and what to do.
 * @module
 */
import { type ClusterMap, type Fullness, type OsdInfo, clusterFlags, heldRanks, holdsRank } from '../../common/maps/cluster-map.ts';
import type { OsdId, PgId } from '../../common/maps/ids.ts';
import { allPgs, pgMapping } from '../../common/maps/placement.ts';
import { fullPools } from './fullness.ts';
import { mdsChecks } from './mds-checks.ts';
import { placementChecks } from './placement-checks.ts';
import { type PgSummary, poolOfPg, stateOf } from './pg-states.ts';
import type { ClientInTrouble } from '../client/reports.ts';
import type { ScrubFinding } from '../../common/wire/gen/messages.ts';
import { pgsPerOsd } from './commands/pgs-per-osd.ts';
import { successorOf } from './settle-pgs.ts';
import type { MonState } from './state.ts';
import { poolUsages } from './usage.ts';

export type HealthStatus = 'HEALTH_OK' | 'HEALTH_WARN' | 'HEALTH_ERR';

/** What can be wrong, and what to do about it. The codes are stable: scripts may rely on them. */
const remedies = {
  OSD_DOWN: 'Look at its log, and start it (nacre start osd.N). If its disk is lost: nacre osd out N, and its data is copied elsewhere.',
  TOO_FEW_OSDS: 'Add OSDs, bring back those that are out (nacre osd in N), or want fewer copies (nacre pool set NAME size N).',
  TOO_FEW_DOMAINS:
    'Add hosts or racks, or put hosts into other racks (nacre osd move HOST --rack R), or give the pool a rule that asks for less (nacre pool set NAME rule RULE) or fewer copies.',
  PG_UNPLACEABLE:
    'Where OSDs are out for good, give them weight 0 (nacre osd weight N 0). Else give hosts and racks more equal weights (nacre osd tree), or add some.',
  OSD_FLAPPING:
    'Look at its log, disk, memory and network. It is kept down for longer each time, unless a PG needs it. Once mended, nacre osd in N lets it in at once.',
  OSD_APART:
    'Check the network between the hosts named (cables, switches, firewalls, MTU). PGs they share are served with other primaries, or without one of the two, until they reach each other again.',
  OSD_FULL:
    'What takes space is refused there (ENOSPC); deleting works. Delete data or add OSDs. nacre osd df shows whether others have room (nacre osd reweight N WEIGHT).',
  OSD_BACKFILLFULL:
    'No copies are made there until it has room: delete data or add OSDs. nacre osd df shows whether others have room (nacre osd reweight N WEIGHT).',
  POOL_FULL: 'Writes into it get ENOSPC until its full OSDs have room (OSD_FULL): delete files, or add OSDs. It goes on by itself then.',
  OSD_NEARFULL: 'Delete data or add OSDs soon. nacre osd df shows whether others have room (nacre osd reweight N WEIGHT).',
  PG_DOWN:
    'Start the OSDs named with each PG: only they hold all that was acknowledged. Nothing is served from older copies. Where the disks of all of them are gone for good, nacre osd lost N gives up each; see OPERATIONS.md first.',
  PG_AVAILABILITY:
    'It passes by itself within seconds. If it stays: nacre pg ls shows the OSDs concerned, their logs say what they wait for.',
  PG_DEGRADED:
    'Missing copies are made by themselves while there are enough OSDs up and in: see OSD_DOWN, TOO_FEW_OSDS and TOO_FEW_DOMAINS.',
  PG_BACKFILL_FULL: 'They wait for room on the OSDs that are to hold a copy (OSD_BACKFILLFULL), and go on by themselves when there is.',
  PG_RECOVERY_FULL: 'Their missing writes find no room on a full OSD (OSD_FULL): delete data or add OSDs. It goes on by itself then.',
  OBJECT_UNFOUND:
    'Start the OSDs named: operations on these objects wait until one of them brings a copy that can be read. One that will never come back is to be given up (nacre osd lost N); where nobody is left who may have a copy, the object answers EIO.',
  PG_DAMAGED:
    'nacre pg repair PGID replaces the wrong copies by right ones and looks again. nacre pg list-inconsistent PGID names them; check the disks of their OSDs.',
  OSD_SCRUB_ERRORS:
    'Repair the PGs (see PG_DAMAGED). An OSD that is named again and again has a failing disk: nacre osd out N empties it onto the others. Where no copy is known to be right, repair leaves the object alone.',
  TOO_MANY_PGS: 'Add OSDs, or bring back those that are out (nacre osd in N). PGs cannot be joined.',
  TOO_FEW_PGS: 'Double its PGs (nacre pool set NAME pg-num N): each is split where it is, then its parts spread out.',
  MDS_ALL_DOWN: 'Start an MDS (nacre start mds.a): until then every operation on files waits.',
  FS_DEGRADED: 'It passes by itself when the MDS has taken over. If it stays, the log of the MDS says what it waits for.',
  MDS_DAMAGED:
    'Nothing is served until what is named is whole again: look whether a copy of the object is left (nacre pg repair PGID), then nacre fs repaired. OPERATIONS.md says how to go on without it.',
  FS_DAMAGED:
    'These places answer EIO or show wrong counts, all others are served. nacre fs scrub --repair mends counts and links; of an object that cannot be read bring back a good copy (nacre pg repair PGID), then scrub again.',
  MDS_INSUFFICIENT_STANDBY:
    'Start an MDS (nacre start mds.b), or one more (nacre up --mds N): it takes over when one dies. Who can do without says so: nacre fs set standby_count_wanted N, 0 for none.',
  MDS_CLIENT_LATE_RELEASE:
    'Others wait for what it holds. Look at that host: is it stopped or overloaded, does it reach the OSDs and the MDS, what does the log of its client say? If it does not answer it is evicted by itself; nacre mds session evict CLIENT ends the wait at once, and what it had not written is lost to it.',
  MDS_CLIENT_RECALL:
    'Programs there keep very many files open, or its kernel keeps them: nacre mds caps --client CLIENT shows which. Close them, or give the MDS more memory (cacheEntriesMax), or the client a higher limit (clientCapsMax). nacre mds session evict CLIENT takes all from it at once, as a last resort.',
  MDS_CLIENT_OLDEST_TID:
    'One of its requests waits for long, or is lost: see whether other clients are late (MDS_CLIENT_LATE_RELEASE) and what the log of this one says. Unmounting and mounting it again, or nacre mds session evict CLIENT, frees what the MDS keeps for it.',
  FLAGS_SET: 'Somebody set them on purpose: take back each one that is no longer wanted.',
} as const;

export type HealthCode = keyof typeof remedies;

export const healthCodes = Object.keys(remedies) as readonly HealthCode[];

export interface HealthCheck {
  readonly severity: Exclude<HealthStatus, 'HEALTH_OK'>;
  readonly summary: string;
  /** Each place where it is so. */
  readonly detail: readonly string[];
  /** What to do about it. */
  readonly remedy: string;
  /** Those whom it is about, where it is about clients. */
  readonly clients?: readonly ClientInTrouble[];
}

export interface Health {
  readonly status: HealthStatus;
  /** By code. */
  readonly checks: Readonly<Partial<Record<HealthCode, HealthCheck>>>;
}

const detailMax = 50;
/** All that is wrong; of each kind at most `detailMax` places. */
export function healthOf(state: MonState, pgs: PgSummary, options: { readonly detailMax?: number } = {}): Health {
  const placement = placementChecks(state).map(({ code, summary, detail }) => warn(code, summary, detail));
  const ofMdss = mdsChecks(state).map(({ code, clients, ...rest }): Found => {
    const [, check] = warn(code, rest.summary, rest.detail);
    return [code, clients === undefined ? check : { ...check, clients: clients.slice(0, options.detailMax ?? detailMax) }];
  });
  const found = [
    ...osdChecks(state),
    ...placement,
    ...poolChecks(state),
    ...pgChecks(state, pgs),
    ...rankChecks(state),
    ...ofMdss,
    ...flagChecks(state),
  ];
  const max = options.detailMax ?? detailMax;
  const severities = found.map(([, { severity }]) => severity);
  const status = severities.includes('HEALTH_ERR') ? 'HEALTH_ERR' : severities.length > 0 ? 'HEALTH_WARN' : 'HEALTH_OK';
  return { status, checks: Object.fromEntries(found.map(([code, check]) => [code, { ...check, detail: bounded(check.detail, max) }])) };
}

type Found = [code: HealthCode, check: HealthCheck];

function warn(code: HealthCode, summary: string, detail: readonly string[] = []): Found {
  return [code, { severity: 'HEALTH_WARN', summary, detail, remedy: remedies[code] }];
}

function err(code: HealthCode, summary: string, detail: readonly string[] = []): Found {
  return [code, { severity: 'HEALTH_ERR', summary, detail, remedy: remedies[code] }];
}

function* osdChecks(state: MonState): Generator<Found> {
  const { map } = state;
  const osds = [...map.osds.values()].sort((a, b) => a.id - b.id);
  const down = osds.filter((osd) => !osd.up && osd.in);
  if (down.length > 0)
    yield warn(
      'OSD_DOWN',
      `${down.length} of ${osds.length} OSDs down`,
      down.map(({ id, host }) => `osd.${id} on ${host} is down: start it, or take it out`),
    );
  const copiesMax = Math.max(0, ...[...map.pools.values()].map(({ size }) => size));
  const usable = osds.filter((osd) => osd.in).length;
  if (usable < copiesMax) yield warn('TOO_FEW_OSDS', `${usable} OSDs in, but pools want ${copiesMax} copies: add OSDs`);
  yield* fullnessChecks(state, osds);
}

function* fullnessChecks(state: MonState, osds: readonly OsdInfo[]): Generator<Found> {
  const describe = ({ id }: OsdInfo): string => {
    const stats = state.osdReports.get(id)?.stats;
    return stats && stats.totalBytes > 0 ? `osd.${id} is ${((stats.usedBytes / stats.totalBytes) * 100).toFixed(1)} % full` : `osd.${id}`;
  };
  const at = (fullness: Fullness): OsdInfo[] => osds.filter((osd) => osd.up && osd.fullness === fullness);
  const [full, backfillfull, nearfull] = [at('full'), at('backfillfull'), at('nearfull')];
  if (full.length > 0) yield err('OSD_FULL', `${full.length} OSDs full`, full.map(describe));
  const pools = [...fullPools(state)];
  if (pools.length > 0) {
    const detail = pools.map(
      ([name, { pgs, osds: ids }]) => `pool ${name}: ${pgs} PGs take no writes, because of ${ids.map((id) => `osd.${id}`).join(', ')}`,
    );
    yield err('POOL_FULL', `${pools.length} pools full: ${pools.map(([name]) => name).join(', ')}`, detail);
  }
  if (backfillfull.length > 0)
    yield warn('OSD_BACKFILLFULL', `${backfillfull.length} OSDs too full to be given copies`, backfillfull.map(describe));
  if (nearfull.length > 0) yield warn('OSD_NEARFULL', `${nearfull.length} OSDs nearly full`, nearfull.map(describe));
}

function* pgChecks(state: MonState, pgs: PgSummary): Generator<Found> {
  const of = (ids: readonly PgId[]): string => `${ids.length} of ${pgs.total} PGs`;
  const describe = (id: PgId): string => describePg(state, id);
  if (pgs.down.length > 0) yield err('PG_DOWN', `${of(pgs.down)} down: data in them cannot be reached`, pgs.down.map(describe));
  if (pgs.inactive.length > 0) yield warn('PG_AVAILABILITY', `${of(pgs.inactive)} not active`, pgs.inactive.map(describe));
  if (pgs.degraded.length + pgs.undersized.length > 0) {
    const ids = [...new Set([...pgs.degraded, ...pgs.undersized])].sort();
    const copies = pgs.degradedCopies > 0 ? `, ${pgs.degradedCopies} of ${pgs.copies} object copies missing` : '';
    yield warn('PG_DEGRADED', `${of(ids)} have fewer copies than they should${copies}`, ids.map(describe));
  }
  const backfills = withWord(state, pgs, 'backfill_toofull');
  if (backfills.length > 0) yield warn('PG_BACKFILL_FULL', `${of(backfills)} wait for room to be copied`, backfills.map(describe));
  const recoveries = withWord(state, pgs, 'recovery_toofull');
  if (recoveries.length > 0) yield err('PG_RECOVERY_FULL', `${of(recoveries)} wait for room to be recovered`, recoveries.map(describe));
  if (pgs.inconsistent.length > 0) {
    yield err('PG_DAMAGED', `${of(pgs.inconsistent)} have copies that differ: nacre pg repair PGID`, pgs.inconsistent.map(describe));
  }
  yield* unfoundChecks(state);
  yield* scrubChecks(state);
}

function* unfoundChecks({ map, pgReports }: MonState): Generator<Found> {
  const waiting = [...pgReports.values()].filter(
    ({ pg, unfoundObjects }) => unfoundObjects > 0 && pgMapping(map, pg as PgId) !== undefined,
  );
  const objects = waiting.reduce((sum, { unfoundObjects }) => sum + unfoundObjects, 0);
  if (objects === 0) return;
  const detail = waiting
    .sort((a, b) => (a.pg < b.pg ? -1 : 1))
    .flatMap(({ pg, unfound, unfoundObjects }) => [
      ...unfound.map(({ object, osds }) => `PG ${pg}: ${JSON.stringify(object)} may be on ${osds.map((id) => `osd.${id}`).join(', ')}`),
      ...(unfoundObjects > unfound.length ? [`PG ${pg}: and ${unfoundObjects - unfound.length} more`] : []),
    ]);
  yield err('OBJECT_UNFOUND', `${objects} ${objects === 1 ? 'object waits' : 'objects wait'} for a copy that can be read`, detail);
}

function* scrubChecks({ map, pgReports }: MonState): Generator<Found> {
  const wrong = [...pgReports.values()].filter(({ pg, scrubErrors }) => scrubErrors > 0 && pgMapping(map, pg as PgId) !== undefined);
  const errors = wrong.reduce((sum, { scrubErrors }) => sum + scrubErrors, 0);
  if (errors === 0) return;
  const detail = wrong
    .sort((a, b) => (a.pg < b.pg ? -1 : 1))
    .flatMap(({ pg, findings, scrubErrors }) => [
      ...findings.map((finding) => `PG ${pg}: ${describeFinding(finding)}`),
      ...(scrubErrors > findings.length ? [`PG ${pg}: and ${scrubErrors - findings.length} more`] : []),
    ]);
  yield err('OSD_SCRUB_ERRORS', `${errors} wrong ${errors === 1 ? 'copy' : 'copies'} of objects found by scrub`, detail);
}

function describeFinding({ object, osd, what, good, detail }: ScrubFinding): string {
  const where = good.length === 0 ? 'no copy is known to be right' : `good on ${good.map((id) => `osd.${id}`).join(', ')}`;
  return `${object === '' ? 'its log' : JSON.stringify(object)} on osd.${osd}: ${what.join(', ')}${detail === '' ? '' : ` (${detail})`}; ${where}`;
}

/** PGs whose state has the word. */
function withWord(state: MonState, { byState }: PgSummary, word: string): PgId[] {
  if (!Object.keys(byState).some((name) => name.split('+').includes(word))) return [];
  return [...allPgs(state.map)].filter((mapping) => stateOf(state, mapping).split('+').includes(word)).map(({ pgId }) => pgId);
}

/** Whether there are too many PGs for the OSDs, or too few for all of them to have a part of each pool that is in use. */
function* poolChecks(state: MonState): Generator<Found> {
  const { map, settings } = state;
  const osdsIn = [...map.osds.values()].filter((osd) => osd.in).length;
  const each = pgsPerOsd(map.pools.values(), osdsIn);
  if (each > settings.pgsPerOsdMax)
    yield warn('TOO_MANY_PGS', `${Math.ceil(each)} PG copies on each of ${osdsIn} OSDs, more than ${settings.pgsPerOsdMax}`);
  const usages = poolUsages(state);
  const few = [...map.pools.values()].filter(({ id, pgNum, size }) => pgNum * size < osdsIn && (usages.get(id)?.objects ?? 0) > pgNum);
  if (few.length > 0)
    yield warn(
      'TOO_FEW_PGS',
      `${few.length} pools do not reach all OSDs`,
      few.map(({ name, pgNum, size }) => `pool ${name} has ${pgNum} PGs of ${size} copies for ${osdsIn} OSDs`),
    );
}

function describePg(state: MonState, id: PgId): string {
  const { map } = state;
  const mapping = pgMapping(map, id);
  if (!mapping) return `PG ${id}`;
  const size = poolOfPg(map, id)?.size ?? 0;
  const words = stateOf(state, mapping);
  const down = mapping.acting.filter((osd) => map.osds.get(osd)?.up !== true);
  const names = (osds: readonly OsdId[]): string => osds.map((osd) => `osd.${osd}`).join(', ');
  if (words === 'down') return `PG ${id} is down: start ${names(down)}; ${afterLoss(map, id, down)}`;
  return `PG ${id} is ${words}: ${mapping.acting.length} of ${size} copies${mapping.acting.length > 0 ? `, on ${names(mapping.acting)}` : ''}`;
}

/** What becomes of a PG that is down when those that it waits for are given up. */
function afterLoss(map: ClusterMap, id: PgId, down: readonly OsdId[]): string {
  const record = map.pgs.get(id);
  // While one lives it is only waited for the others, and not for long.
  if (!record || down.length < record.acting.length) return 'it goes on without them if they do not come soon';
  const next = successorOf(map, record.former);
  const then =
    next === undefined ? 'the PG begins anew, empty' : `osd.${next.osd} goes on with what it had in epoch ${next.leftAt}, and no more`;
  return `if all their disks are lost for good (${down.map((osd) => `nacre osd lost ${osd}`).join(', ')}), ${then}`;
}

function* rankChecks(state: MonState): Generator<Found> {
  const { map } = state;
  for (const filesystem of map.filesystems) {
    const { name } = filesystem;
    for (let rank = 0; rank < heldRanks(filesystem); rank++) {
      const holder = [...map.mdss.values()].find((mds) => mds.rank === rank && holdsRank(mds));
      if (!holder) yield err('MDS_ALL_DOWN', `filesystem ${name}: no MDS for rank ${rank}: start one`);
      else if (holder.state === 'damaged')
        yield err('MDS_DAMAGED', `filesystem ${name}: rank ${rank} cannot be served: what it needs is damaged`, [
          `${holder.name}: ${state.mdsReports.get(holder.name)?.trouble ?? 'its log says what'}`,
        ]);
      else if (holder.state !== 'active')
        yield warn('FS_DEGRADED', `filesystem ${name}: rank ${rank} (${holder.name}) is in ${holder.state}`);
    }
  }
  yield* damageChecks(state);
}

function* damageChecks({ mdsReports }: MonState): Generator<Found> {
  const reports = [...mdsReports.values()];
  const count = reports.reduce((sum, { damageCount }) => sum + damageCount, 0);
  if (count === 0) return;
  const detail = reports.flatMap(({ damage }) => damage.map(({ path, what }) => `${path}: ${what}`));
  const unnamed = count - detail.length;
  yield err(
    'FS_DAMAGED',
    `${count} ${count === 1 ? 'place' : 'places'} in the filesystem damaged`,
    unnamed > 0 ? [...detail, `and ${unnamed} more`] : detail,
  );
}

function* flagChecks({ map }: MonState): Generator<Found> {
  const set = clusterFlags.filter((flag) => map.flags.has(flag));
  if (set.length > 0)
    yield warn(
      'FLAGS_SET',
      `flags set: ${set.join(', ')}`,
      set.map((flag) => `${flag}: nacre flag unset ${flag}`),
    );
}

function bounded(detail: readonly string[], max: number): readonly string[] {
  return detail.length <= max ? detail : [...detail.slice(0, max), `and ${detail.length - max} more`];
}
