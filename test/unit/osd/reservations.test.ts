import test from 'ava';
import { pgId, poolId } from '../../../common/maps/ids.ts';
import { Reservations } from '../../../osd/core/reservations.ts';

const [a, b] = [pgId(poolId(1), 0), pgId(poolId(1), 1)];

test('reservations: together never beyond the room; what has arrived counts no more', (t) => {
  const reservations = new Reservations();
  t.true(reservations.reserve(a, 60, 100));
  t.false(reservations.reserve(b, 50, 100));
  t.is(reservations.bytes, 60);
  reservations.arrived(a, 40);
  // The room has shrunk by what arrived.
  t.false(reservations.reserve(b, 50, 60));
  t.true(reservations.reserve(b, 40, 60));
  reservations.release(a);
  t.is(reservations.bytes, 40);
});

test('reservations: asked again → in place of the old promise; refused → nothing is promised', (t) => {
  const reservations = new Reservations();
  t.true(reservations.reserve(a, 60, 100));
  t.true(reservations.reserve(a, 90, 100));
  t.is(reservations.bytes, 90);
  t.false(reservations.reserve(a, 101, 100));
  t.is(reservations.bytes, 0);
  reservations.arrived(a, 10);
  reservations.release(b);
  t.is(reservations.bytes, 0);
});
