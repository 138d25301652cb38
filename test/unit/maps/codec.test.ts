import test from 'ava';
import { addOsd } from '../../../common/crush/crush-edit.ts';
import { FsError } from '../../../common/errors/fs-error.ts';
import type { ClusterMap } from '../../../common/maps/cluster-map.ts';
import { decodeIncrement, decodeMap, encodeIncrement, encodeMap } from '../../../common/maps/codec.ts';
import { emptyMap } from '../../../common/maps/empty-map.ts';
import { entityName, epoch, instanceId, osdId, pgId, poolId } from '../../../common/maps/ids.ts';
import { applyIncrement, diffMaps } from '../../../common/maps/increment.ts';

const pool = { id: poolId(1), name: 'data', size: 3, minSize: 2, pgNum: 32, rule: 'replicated_host' };

const first: ClusterMap = {
  ...emptyMap('3f0c7ab0-1d0b-4a5b-9d0e-7d2a86c1b001'),
  epoch: epoch(41),
  modifiedMs: 1_700_000_000_000,
  mons: [{ name: entityName('mon', 'a'), address: '127.0.0.1:7000' }],
  osds: new Map([
    [
      osdId(0),
      {
        id: osdId(0),
        uuid: 'u0',
        address: '10.0.0.1:6800',
        host: 'alpha',
        up: true,
        in: true,
        autoOut: false,
        fullness: 'roomy',
        reweight: 0x10000,
        instance: instanceId(2 ** 53 - 1),
        upFrom: epoch(40),
        downAt: epoch(12),
      },
    ],
    [
      osdId(7),
      {
        id: osdId(7),
        uuid: 'u7',
        address: '10.0.0.2:6800',
        host: 'beta',
        up: false,
        in: false,
        autoOut: true,
        fullness: 'backfillfull',
        reweight: 0x8000,
        instance: instanceId(5),
        upFrom: epoch(3),
        downAt: epoch(39),
      },
    ],
  ]),
  crush: addOsd(addOsd(emptyMap().crush, 0, 'alpha', 0x10000), 7, 'beta', 0x2468),
  pools: new Map([[pool.id, pool]]),
  pgs: new Map([
    [pgId(pool.id, 0), { acting: [osdId(0), osdId(7)], interval: epoch(40), former: [], lostAt: epoch(0) }],
    [pgId(pool.id, 31), { acting: [], interval: epoch(2), former: [{ osd: osdId(7), leftAt: epoch(1), current: true }], lostAt: epoch(2) }],
  ]),
  filesystems: [{ name: 'home', metadataPool: poolId(1), dataPool: poolId(1), maxMds: 1, ranks: 2, stopping: true, standbyCountWanted: 2 }],
  mdss: new Map([
    [
      entityName('mds', 'a'),
      { name: entityName('mds', 'a'), address: '10.0.0.1:6900', instance: instanceId(77), state: 'active', rank: 0 },
    ],
  ]),
  blocklist: new Map([[instanceId(99), { untilMs: 1_700_000_100_000 }]]),
  flags: new Set(['noout']),
  fullRatios: { nearfull: 0.7, backfillfull: 0.7, full: 0.9512 },
};

const second: ClusterMap = {
  ...first,
  epoch: epoch(42),
  modifiedMs: 1_700_000_001_000,
  osds: new Map([...first.osds].filter(([id]) => id !== 7)),
  pgs: new Map([[pgId(pool.id, 0), { acting: [osdId(0)], interval: epoch(42), former: [], lostAt: epoch(0) }]]),
  mdss: new Map([
    [
      entityName('mds', 'a'),
      { name: entityName('mds', 'a'), address: '10.0.0.1:6900', instance: instanceId(77), state: 'standby', rank: -1 },
    ],
  ]),
  filesystems: [],
  blocklist: new Map(),
  flags: new Set(),
  fullRatios: { nearfull: 0.1, backfillfull: 0.2, full: 0.3 },
};

test('map codec: a full map → comes back equal', (t) => {
  t.deepEqual(decodeMap(encodeMap(first)), first);
  t.deepEqual(decodeMap(encodeMap(emptyMap())), emptyMap());
});

test('increment: difference, encoded and applied → the later map', (t) => {
  const increment = diffMaps(first, second);
  t.deepEqual(increment.osds, { set: new Map(), removed: [osdId(7)] });
  t.false('crush' in increment);
  t.false('pools' in increment);
  const received = decodeIncrement(encodeIncrement(increment));
  t.deepEqual(received, increment);
  t.deepEqual(applyIncrement(decodeMap(encodeMap(first)), received), second);
});

test('increment: applied → shares what did not change', (t) => {
  const after = applyIncrement(first, decodeIncrement(encodeIncrement(diffMaps(first, second))));
  t.is(after.crush, first.crush);
  t.is(after.pools, first.pools);
});

test('increment: of another epoch → refused', (t) => {
  t.throws(() => applyIncrement(second, diffMaps(first, second)), { message: /increment to epoch 42 on a map of epoch 42/ });
});

test('increment: of a map of 10,000 PGs, one OSD down → small', (t) => {
  const pgs = new Map(
    Array.from({ length: 10_000 }, (_, seq) => [
      pgId(pool.id, seq),
      { acting: [osdId(0), osdId(7)], interval: epoch(40), former: [], lostAt: epoch(0) },
    ]),
  );
  const before = { ...first, pgs };
  const after = {
    ...before,
    epoch: epoch(42),
    pgs: new Map(pgs).set(pgId(pool.id, 5), { acting: [osdId(0)], interval: epoch(42), former: [], lostAt: epoch(0) }),
  };
  t.true(encodeIncrement(diffMaps(before, after)).length < 100);
  t.true(encodeMap(before).length < 150_000);
});

test('codec: cut short or overwritten at any byte → a map or EPROTO, nothing else', (t) => {
  for (const [bytes, decode] of [
    [encodeMap(first), decodeMap],
    [encodeIncrement(diffMaps(first, second)), decodeIncrement],
  ] as const) {
    for (let i = 0; i < bytes.length; i++) {
      const damaged = Buffer.from(bytes);
      damaged[i] = 0xff;
      for (const candidate of [bytes.subarray(0, i), damaged]) {
        try {
          decode(candidate);
        } catch (error) {
          t.true(error instanceof FsError && error.code === 'EPROTO', String(error));
        }
      }
    }
  }
  t.throws(() => decodeMap(Buffer.from('hello')), { instanceOf: FsError });
});
