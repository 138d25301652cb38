/**
 * Metrics of the cluster as its mon sees it. Labels are names of daemons, pools and states only: clients are counted.
 * @module
 */
import type { Family, Sample } from '../common/metrics/exposition.ts';
import { healthCodes } from './core/health.ts';
import type { ClusterStatus } from './core/status.ts';

const healthLevels = ['HEALTH_OK', 'HEALTH_WARN', 'HEALTH_ERR'];

export function monMetrics({ epoch, health, osds, pools, pgs, mds, clients, usage }: ClusterStatus): Family[] {
  const gauge = (name: string, help: string, samples: readonly Sample[]): Family => ({ name, type: 'gauge', help, samples });
  const one = (name: string, help: string, value: number): Family => gauge(name, help, [{ value }]);
  const ofOsds = (name: string, help: string, value: (osd: (typeof osds)[number]) => number): Family =>
    gauge(
      name,
      help,
      osds.map((osd) => ({ labels: { osd: `osd.${osd.id}` }, value: value(osd) })),
    );
  return [
    one('nacre_map_epoch', 'Epoch of the cluster map.', epoch),
    one('nacre_health_status', '0 HEALTH_OK, 1 HEALTH_WARN, 2 HEALTH_ERR.', healthLevels.indexOf(health.status)),
    gauge(
      'nacre_health_check',
      '1 for each code that health has just now.',
      healthCodes.map((code) => ({ labels: { code }, value: health.checks[code] === undefined ? 0 : 1 })),
    ),
    ofOsds('nacre_osd_up', 'Whether the OSD is up.', ({ up }) => Number(up)),
    ofOsds('nacre_osd_in', 'Whether the OSD is in.', (osd) => Number(osd.in)),
    ofOsds('nacre_osd_used_bytes', "Used of the OSD's space.", ({ usedBytes }) => usedBytes),
    ofOsds('nacre_osd_total_bytes', 'Space of the OSD.', ({ totalBytes }) => totalBytes),
    ofOsds('nacre_osd_pgs', 'Placement groups that the OSD acts for.', (osd) => osd.pgs),
    gauge(
      'nacre_pool_objects',
      'Objects of the pool.',
      pools.map(({ name, objects }) => ({ labels: { pool: name }, value: objects })),
    ),
    gauge(
      'nacre_pool_bytes',
      'Data of the pool, of one copy.',
      pools.map(({ name, bytes }) => ({ labels: { pool: name }, value: bytes })),
    ),
    gauge(
      'nacre_pgs',
      'Placement groups by state.',
      Object.entries(pgs.byState).map(([name, value]) => ({ labels: { state: name }, value })),
    ),
    one('nacre_degraded_copies', 'Copies of objects that are missing.', pgs.degradedCopies),
    one('nacre_misplaced_copies', 'Copies of objects that are to be made elsewhere.', pgs.misplacedCopies),
    gauge(
      'nacre_mds_rank',
      'Rank that the MDS holds or follows; -1: none.',
      mds.map(({ name, state: its, rank }) => ({ labels: { mds: name, state: its }, value: rank })),
    ),
    one('nacre_clients', 'Clients that have announced themselves.', clients.length),
    one('nacre_used_bytes', 'Used of the space of all OSDs.', usage.usedBytes),
    one('nacre_total_bytes', 'Space of all OSDs.', usage.totalBytes),
  ];
}
