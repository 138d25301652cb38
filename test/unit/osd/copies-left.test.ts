import test from 'ava';
import { osdId } from '../../../common/maps/ids.ts';
import { copiesLeft } from '../../../osd/core/copies-left.ts';
import { MemberRecovery } from '../../../osd/core/member-recovery.ts';
import { RecoveryMeter } from '../../../osd/core/recovery-meter.ts';

function left(acting: readonly number[], up: readonly number[], recovering: Readonly<Record<number, number>> = {}): readonly number[] {
  const members = Object.entries(recovering).map(([id, objectsLeft]) => {
    const recovery = new MemberRecovery(osdId(Number(id)));
    recovery.objectsLeft = objectsLeft;
    return [osdId(Number(id)), recovery] as const;
  });
  const candidates = up.filter((osd) => !acting.includes(osd));
  const mapping = { acting: acting.map(osdId), candidates: candidates.map(osdId) } as never;
  const { degraded, misplaced } = copiesLeft({ mapping, size: 3, objects: 100, recovering: new Map(members) });
  return [degraded, misplaced];
}

test('copies left: clean; nobody to come; one coming; one being copied to; moved away', (t) => {
  t.deepEqual(left([0, 1, 2], [0, 1, 2]), [0, 0]);
  t.deepEqual(left([0, 1], [0, 1]), [100, 0]);
  t.deepEqual(left([0, 1], [0, 1, 2]), [100, 0]);
  t.deepEqual(left([0, 1], [0, 1, 2], { 2: 30 }), [30, 0]);
  t.deepEqual(left([0, 1, 2], [0, 1, 3], { 3: 60 }), [0, 60]);
  t.deepEqual(left([0, 1], [0, 3, 4], { 3: 60, 4: 10 }), [10, 60]);
  t.deepEqual(left([0], [0, 1], { 1: 1_000 }), [200, 0]);
});

test('recovery meter: the rate is that of the last seconds', (t) => {
  const meter = new RecoveryMeter();
  t.deepEqual(meter.rate(0), { objectsPerSecond: 0, bytesPerSecond: 0 });
  for (let ms = 1_000; ms <= 10_000; ms += 1_000) {
    meter.add(10, 1_000);
    t.is(meter.rate(ms).objectsPerSecond, 10);
  }
  for (let ms = 11_000; ms <= 14_000; ms += 1_000) meter.rate(ms);
  t.is(meter.rate(14_000).objectsPerSecond, 2);
  t.is(meter.rate(20_000).bytesPerSecond, 0);
});
