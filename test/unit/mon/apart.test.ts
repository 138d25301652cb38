import test from 'ava';
import type { OsdInfo } from '../../../common/maps/cluster-map.ts';
import { osdId, type OsdId } from '../../../common/maps/ids.ts';
import { apartAt, noneApart, pairsApart, type Unreachable } from '../../../mon/core/apart.ts';
import { Harness } from './harness.ts';

const settings = { apartMs: 4_000, apartHoldMs: 10_000, leaseMs: 5_000 };
const nowMs = 100_000;

/** What the mon makes of osd.0's word that it has not reached osd.1 for `forMs`, having heard that one `ago` ms before. */
function apartAfter(forMs: number, ago: number): readonly (readonly [number, number])[] {
  const { osds } = Harness.withPool(2).map;
  const { instance } = osds.get(osdId(1)) as OsdInfo;
  const reports = new Map<OsdId, { readonly unreachable: readonly Unreachable[]; readonly heardMs: number }>([
    [osdId(0), { unreachable: [{ osd: osdId(1), instance, forMs }], heardMs: nowMs }],
    [osdId(1), { unreachable: [], heardMs: nowMs - ago }],
  ]);
  return pairsApart(apartAt({ before: noneApart, osds, reports, settings, nowMs }));
}

test('apart: the mon hears both → they are', (t) => {
  t.deepEqual(apartAfter(4_000, 1_000), [[0, 1]]);
  t.deepEqual(apartAfter(3_900, 1_000), [], 'for too short a time');
});

test('apart: one died while the session was idle, just after a beacon → it is dead, not apart', (t) => {
  t.deepEqual(apartAfter(4_000, 2_500), []);
  t.deepEqual(apartAfter(6_000, 4_000), []);
});
