/**
 * Health: what is wrong, how badly, and what to do.
 * @module
 */
import type { ClusterFlag } from '../../common/maps/cluster-map.ts';
import type { OsdId, PgId } from '../../common/maps/ids.ts';
import { pgMapping } from '../../common/maps/placement.ts';
import { type PgSummary, poolOfPg, stateOf } from './pg-states.ts';
import type { MonState } from './state.ts';

export type HealthStatus = 'HEALTH_OK' | 'HEALTH_WARN' | 'HEALTH_ERR';

/** What can be wrong, and what to do about it. The codes are stable: scripts may rely on them. */
const remedies = {
  OSD_DOWN: 'Look at its log, and start it (nacre start osd.N). If its disk is lost: nacre osd out N, and its data is copied elsewhere.',
  TOO_FEW_OSDS: 'Add OSDs, bring back those that are out (nacre osd in N), or want fewer copies (nacre pool set NAME size N).',
  OSD_FULL: 'Writes are at risk: delete data or add OSDs now. nacre osd df shows whether others have room (nacre osd reweight N WEIGHT).',
  OSD_NEARFULL: 'Delete data or add OSDs soon. nacre osd df shows whether others have room (nacre osd reweight N WEIGHT).',
  PG_DOWN: 'Start the OSDs named with each PG: only they hold all that was acknowledged. Nothing is served from older copies.',
  PG_AVAILABILITY:
    'It passes by itself within seconds. If it stays: nacre pg ls shows the OSDs concerned, their logs say what they wait for.',
  PG_DEGRADED: 'Missing copies are made by themselves while there are enough OSDs up and in: see OSD_DOWN and TOO_FEW_OSDS.',
  PG_DAMAGED:
    'A damaged block is mended from a good copy when it is read. Check the disks of the OSDs that hold it (nacre pg ls --state inconsistent).',
  MDS_ALL_DOWN: 'Start an MDS (nacre start mds.a): until then every operation on files waits.',
  FS_DEGRADED: 'It passes by itself when the MDS has taken over. If it stays, the log of the MDS says what it waits for.',
  FLAGS_SET: 'Somebody set them on purpose: take back each one that is no longer wanted.',
} as const;

export type HealthCode = keyof typeof remedies;

export interface HealthCheck {
  readonly severity: Exclude<HealthStatus, 'HEALTH_OK'>;
  readonly summary: string;
  /** Each place where it is so. */
  readonly detail: readonly string[];
  /** What to do about it. */
  readonly remedy: string;
}

export interface Health {
  readonly status: HealthStatus;
  /** By code. */
  readonly checks: Readonly<Partial<Record<HealthCode, HealthCheck>>>;
}

const detailMax = 50;
const worrying: readonly ClusterFlag[] = ['noout', 'noin', 'nodown', 'norecover', 'nobackfill', 'noscrub', 'pause', 'full', 'nearfull'];

/** All that is wrong; of each kind at most `detailMax` places. */
export function healthOf(state: MonState, pgs: PgSummary, options: { readonly detailMax?: number } = {}): Health {
  const found = [...osdChecks(state), ...pgChecks(state, pgs), ...mdsChecks(state), ...flagChecks(state)];
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

function* osdChecks({ map, osdReports, settings }: MonState): Generator<Found> {
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
  const filled = osds.flatMap(({ id }) => {
    const stats = osdReports.get(id)?.stats;
    return stats && stats.totalBytes > 0 ? [{ id, percent: (stats.usedBytes / stats.totalBytes) * 100 }] : [];
  });
  const describe = ({ id, percent }: { id: number; percent: number }): string =>
    `osd.${id} is ${percent.toFixed(1)} % full: add OSDs or delete data`;
  const full = filled.filter(({ percent }) => percent >= settings.fullPercent);
  const near = filled.filter(({ percent }) => percent >= settings.nearfullPercent && percent < settings.fullPercent);
  if (full.length > 0) yield err('OSD_FULL', `${full.length} OSDs full`, full.map(describe));
  if (near.length > 0) yield warn('OSD_NEARFULL', `${near.length} OSDs nearly full`, near.map(describe));
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
  const inconsistent = Object.entries(pgs.byState).filter(([name]) => name.split('+').includes('inconsistent'));
  if (inconsistent.length > 0) {
    const count = inconsistent.reduce((sum, [, n]) => sum + n, 0);
    yield err('PG_DAMAGED', `${count} of ${pgs.total} PGs have copies that differ: let scrub repair them`);
  }
}

function describePg(state: MonState, id: PgId): string {
  const { map } = state;
  const mapping = pgMapping(map, id);
  if (!mapping) return `PG ${id}`;
  const size = poolOfPg(map, id)?.size ?? 0;
  const words = stateOf(state, mapping);
  const down = mapping.acting.filter((osd) => map.osds.get(osd)?.up !== true);
  const names = (osds: readonly OsdId[]): string => osds.map((osd) => `osd.${osd}`).join(', ');
  if (words === 'down') return `PG ${id} is down: start ${names(down)}`;
  return `PG ${id} is ${words}: ${mapping.acting.length} of ${size} copies${mapping.acting.length > 0 ? `, on ${names(mapping.acting)}` : ''}`;
}

function* mdsChecks({ map }: MonState): Generator<Found> {
  for (const { name, maxMds } of map.filesystems) {
    for (let rank = 0; rank < maxMds; rank++) {
      const holder = [...map.mdss.values()].find((mds) => mds.rank === rank);
      if (!holder) yield err('MDS_ALL_DOWN', `filesystem ${name}: no MDS for rank ${rank}: start one`);
      else if (holder.state !== 'active')
        yield warn('FS_DEGRADED', `filesystem ${name}: rank ${rank} (${holder.name}) is in ${holder.state}`);
    }
  }
}

function* flagChecks({ map }: MonState): Generator<Found> {
  const set = worrying.filter((flag) => map.flags.has(flag));
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
