/**
 * Health: what is wrong, how badly, and what to do.
 * @module
 */
import type { ClusterFlag } from '../../common/maps/cluster-map.ts';
import type { PgSummary } from './pg-states.ts';
import type { MonState } from './state.ts';

export type HealthStatus = 'HEALTH_OK' | 'HEALTH_WARN' | 'HEALTH_ERR';

export interface HealthCheck {
  readonly severity: Exclude<HealthStatus, 'HEALTH_OK'>;
  readonly summary: string;
  readonly detail: readonly string[];
}

export interface Health {
  readonly status: HealthStatus;
  /** By code. */
  readonly checks: Readonly<Record<string, HealthCheck>>;
}

const detailMax = 50;
const worrying: readonly ClusterFlag[] = ['noout', 'noin', 'nodown', 'norecover', 'nobackfill', 'noscrub', 'pause', 'full', 'nearfull'];

export function healthOf(state: MonState, pgs: PgSummary): Health {
  const found = [...osdChecks(state), ...pgChecks(pgs), ...mdsChecks(state), ...flagChecks(state)];
  const severities = found.map(([, { severity }]) => severity);
  const status = severities.includes('HEALTH_ERR') ? 'HEALTH_ERR' : severities.length > 0 ? 'HEALTH_WARN' : 'HEALTH_OK';
  return { status, checks: Object.fromEntries(found) };
}

type Found = [code: string, check: HealthCheck];

function warn(code: string, summary: string, detail: readonly string[] = []): Found {
  return [code, { severity: 'HEALTH_WARN', summary, detail: bounded(detail) }];
}

function err(code: string, summary: string, detail: readonly string[] = []): Found {
  return [code, { severity: 'HEALTH_ERR', summary, detail: bounded(detail) }];
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

function* pgChecks(pgs: PgSummary): Generator<Found> {
  const of = (ids: readonly string[]): string => `${ids.length} of ${pgs.total} PGs`;
  if (pgs.down.length > 0) {
    yield err(
      'PG_DOWN',
      `${of(pgs.down)} down: data in them cannot be reached`,
      pgs.down.map((id) => `PG ${id}: start one of the OSDs that held it last`),
    );
  }
  if (pgs.inactive.length > 0)
    yield warn(
      'PG_AVAILABILITY',
      `${of(pgs.inactive)} not active`,
      pgs.inactive.map((id) => `PG ${id}`),
    );
  if (pgs.degraded.length + pgs.undersized.length > 0) {
    const ids = [...new Set([...pgs.degraded, ...pgs.undersized])].sort();
    const copies = pgs.degradedCopies > 0 ? `, ${pgs.degradedCopies} of ${pgs.copies} object copies missing` : '';
    yield warn(
      'PG_DEGRADED',
      `${of(ids)} have fewer copies than they should${copies}`,
      ids.map((id) => `PG ${id}`),
    );
  }
  const inconsistent = Object.entries(pgs.byState).filter(([name]) => name.split('+').includes('inconsistent'));
  if (inconsistent.length > 0) {
    const count = inconsistent.reduce((sum, [, n]) => sum + n, 0);
    yield err('PG_DAMAGED', `${count} of ${pgs.total} PGs have copies that differ: let scrub repair them`);
  }
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

function bounded(detail: readonly string[]): readonly string[] {
  return detail.length <= detailMax ? detail : [...detail.slice(0, detailMax), `and ${detail.length - detailMax} more`];
}
