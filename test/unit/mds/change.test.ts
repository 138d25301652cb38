import test from 'ava';
import { Change, inOrderOfEffect } from '../../../mds/client/change.ts';

function answered(tid: number, life: number, seq: number): Change {
  const change = new Change(tid, 'create', () => ({}));
  change.firstLife = life;
  change.firstSeq = seq;
  return change;
}

test('changes: answered by several lives of the MDS, whose positions overlap → sent again in the order in which they took effect (seed 8350006)', (t) => {
  const changes = [answered(4, 2, 90), answered(3, 2, 80), answered(1, 1, 100), answered(2, 1, 85), answered(5, 2, 90)];
  t.deepEqual(
    changes.sort(inOrderOfEffect).map(({ tid }) => tid),
    [2, 1, 3, 4, 5],
  );
});
