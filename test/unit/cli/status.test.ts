import test from 'ava';
import { bytes, renderHealthDetail, renderStatus, type StatusReport } from '../../../cli/render/status.ts';
import { renderTree } from '../../../cli/render/tree.ts';

const report: StatusReport = {
  fsid: 'f00d',
  epoch: 17,
  health: {
    status: 'HEALTH_WARN',
    checks: {
      OSD_DOWN: {
        severity: 'HEALTH_WARN',
        summary: '1 of 2 OSDs down',
        detail: ['osd.1 on here is down: start it, or take it out'],
        remedy: 'Start it.',
      },
      PG_DEGRADED: {
        severity: 'HEALTH_WARN',
        summary: '7 of 48 PGs',
        detail: ['PG 1.0', 'PG 1.1', 'PG 1.2', 'PG 1.3', 'PG 1.4', 'PG 1.5', 'PG 1.6'],
        remedy: 'Wait.',
      },
    },
  },
  flags: ['noout'],
  mons: [{ name: 'mon.a', address: '127.0.0.1:1234' }],
  osds: [
    { id: 0, up: true, in: true, host: 'here', pgs: 48, usedBytes: 3 << 20, totalBytes: 1 << 30 },
    { id: 1, up: false, in: true, host: 'here', pgs: 0, usedBytes: 0, totalBytes: 0 },
  ],
  pgs: { total: 48, byState: { 'active+clean': 8, 'active+undersized+degraded': 40 }, copies: 20, degradedCopies: 10, misplacedCopies: 0 },
  recovery: { copiesLeft: 10, share: 0.5, objectsPerSecond: 2, bytesPerSecond: 3 << 20, secondsLeft: 5 },
  filesystems: [{ name: 'fs', maxMds: 1, ranks: 1, stopping: null }],
  mds: [{ name: 'mds.a', state: 'active', rank: 0, replay: null }],
  scrub: null,
  clients: [],
  usage: { usedBytes: 3 << 20, totalBytes: 1 << 30, storedBytes: 2 << 20, objects: 10 },
};

test('status: a cluster with trouble → all of it on one screen', (t) => {
  const processes = [
    { name: 'mon.a', pid: 11, residentBytes: 50 << 20 },
    { name: 'osd.0', pid: 12, residentBytes: undefined },
    { name: 'osd.1', pid: undefined, residentBytes: undefined },
  ];
  t.is(
    renderStatus(report, processes),
    `cluster  f00d, epoch 17, noout
health   HEALTH_WARN
           OSD_DOWN: 1 of 2 OSDs down
             osd.1 on here is down: start it, or take it out
           PG_DEGRADED: 7 of 48 PGs
             PG 1.0
             PG 1.1
             PG 1.2
             PG 1.3
             PG 1.4
             and 2 more (nacre health detail)
mon      mon.a  127.0.0.1:1234  pid 11, 50.0 MiB
osd      1 of 2 up, 2 in
           osd.0  up in  here  48 pgs  3.0 MiB of 1.0 GiB  pid 12
           osd.1  DOWN in  here  0 pgs  not running here
mds      mds.a  active, rank 0
pgs      48: 40 active+undersized+degraded, 8 active+clean; 10 of 20 object copies missing
           [===============>              ] 50.0 % of the copies in place, 2 objects/s, 3.0 MiB/s, 5 s left
clients  none
usage    2.0 MiB in 10 objects, all copies; 3.0 MiB used of 1.0 GiB`,
  );
});

test('status: a rank that is stopping → said, with what it waits for and how many are to be left', (t) => {
  const lines = (fs: Partial<StatusReport['filesystems'][number]>): string[] =>
    renderStatus({ ...report, filesystems: [{ name: 'fs', maxMds: 1, ranks: 3, stopping: null, ...fs }] }, [])
      .split('\n')
      .filter((line) => line.includes('stopping'));
  t.deepEqual(lines({}), []);
  t.deepEqual(lines({ maxMds: 2, stopping: { rank: 2, waitsFor: '' } }), ['           rank 2 is stopping']);
  t.deepEqual(lines({ stopping: { rank: 2, waitsFor: 'a file that is locked' } }), [
    '           rank 2 is stopping (of 3 ranks 1 are to be left): it waits for a file that is locked',
  ]);
});

test('health detail: → every place, and what to do', (t) => {
  t.deepEqual(renderHealthDetail(report.health), [
    'HEALTH_WARN',
    '',
    'OSD_DOWN (HEALTH_WARN): 1 of 2 OSDs down',
    '  osd.1 on here is down: start it, or take it out',
    '  → Start it.',
    '',
    'PG_DEGRADED (HEALTH_WARN): 7 of 48 PGs',
    ...['0', '1', '2', '3', '4', '5', '6'].map((seq) => `  PG 1.${seq}`),
    '  → Wait.',
  ]);
  t.deepEqual(renderHealthDetail({ status: 'HEALTH_OK', checks: {} }), ['HEALTH_OK']);
});

test('bytes: counts of every size → three digits or so and a unit', (t) => {
  t.deepEqual([0, 1, 1023, 1024, 1536, 100 * 1024, 5 << 20, 2 ** 40, 2 ** 60].map(bytes), [
    '0 B',
    '1 B',
    '1023 B',
    '1.0 KiB',
    '1.5 KiB',
    '100 KiB',
    '5.0 MiB',
    '1.0 TiB',
    '1024 PiB',
  ]);
});

test('tree: nested buckets → indented lines with weights and states', (t) => {
  const osd = (id: number, up: boolean): object => ({ type: 'osd', name: `osd.${id}`, weight: 0.5, up, in: true });
  const tree = [
    {
      type: 'root',
      name: 'default',
      weight: 1,
      children: [{ type: 'host', name: 'here', weight: 1, children: [osd(0, true), osd(1, false)] }],
    },
  ];
  t.is(
    renderTree(tree as never),
    `   1.0000  root default
   1.0000    host here
   0.5000      osd.0  up in
   0.5000      osd.1  DOWN in`,
  );
});

test('status: recovery under way → a bar with rate and time left; none → no line', (t) => {
  const line = (recovery: StatusReport['recovery']): string | undefined =>
    renderStatus({ ...report, recovery }, [])
      .split('\n')
      .find((each) => each.includes('copies in place'))
      ?.trim();
  t.is(line(report.recovery), `[${'='.repeat(15)}>${' '.repeat(14)}] 50.0 % of the copies in place, 2 objects/s, 3.0 MiB/s, 5 s left`);
  const stuck = { copiesLeft: 1, share: 0.99999, objectsPerSecond: 0, bytesPerSecond: 0, secondsLeft: null };
  t.is(line(stuck), `[${'='.repeat(29)}>] 99.9 % of the copies in place, nothing is copied now`);
  t.regex(line({ ...report.recovery, secondsLeft: 600 }) ?? '', / 10 min left$/);
  t.is(line({ copiesLeft: 0, share: 1, objectsPerSecond: 9, bytesPerSecond: 9, secondsLeft: 0 }), undefined);
});
