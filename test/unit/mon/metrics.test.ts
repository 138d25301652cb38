import test from 'ava';
import { expose } from '../../../common/metrics/exposition.ts';
import { monMetrics } from '../../../mon/metrics.ts';
import { Harness } from './harness.ts';

test('metrics: a cluster → health by code, OSDs, pools, placement groups and MDSs by name', (t) => {
  const h = Harness.withPool(3);
  h.command('pool create', { name: 'm', pgNum: 4 });
  h.command('fs new', { name: 'fs', metadataPool: 'm', dataPool: 'p' });
  h.mds('a', 'standby');
  h.mds('a', 'active');
  h.command('flag set', { flag: 'noout' });
  for (const id of [0, 1]) h.beacon(id);
  h.goneTogether([2]);
  h.core.clientBeacon({ name: 'client.x', instance: 77, mountpoint: '/', host: 'vm' }, 'vm:9', h.now);
  const lines = expose(monMetrics(h.status())).split('\n');
  for (const line of [
    'nacre_health_status 1',
    'nacre_health_check{code="OSD_DOWN"} 1',
    'nacre_health_check{code="MDS_ALL_DOWN"} 0',
    'nacre_osd_up{osd="osd.2"} 0',
    'nacre_osd_up{osd="osd.0"} 1',
    'nacre_osd_total_bytes{osd="osd.0"} 1000',
    'nacre_pool_objects{pool="p"} 0',
    'nacre_mds_rank{mds="mds.a",state="active"} 0',
    'nacre_clients 1',
  ])
    t.true(lines.includes(line), `${line}\n${lines.join('\n')}`);
  t.false(lines.some((line) => line.includes('client.x')));
});
