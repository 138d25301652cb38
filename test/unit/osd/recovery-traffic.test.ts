import test from 'ava';
import { emptyMap } from '../../../common/maps/empty-map.ts';
import { SimWorld } from '../../../common/runtime/sim/world.ts';
import { RecoveryTraffic, type PieceToSend } from '../../../osd/background/recovery-traffic.ts';

const never = new AbortController().signal;
const sendMs = 10;

function setUp(piecesMax: number, bytesPerSecond: number) {
  const world = new SimWorld({ seed: 1 });
  const { clock } = world.node('osd.0').env;
  const map = emptyMap('f');
  const traffic = new RecoveryTraffic({ clock, piecesMax, bytesPerSecond, map: () => map });
  const sent: { readonly name: string; readonly atMs: number }[] = [];
  let underWay = 0;
  let most = 0;
  const send = (name: string, piece: Partial<PieceToSend> = {}): Promise<void> =>
    traffic.carry({ bytes: 1_000, first: false, rank: 1, isWanted: () => false, signal: never, ...piece }, async () => {
      sent.push({ name, atMs: Math.round(world.nowMs) });
      most = Math.max(most, ++underWay);
      await world.sleep(sendMs);
      underWay--;
    });
  const names = (): string[] => sent.map(({ name }) => name);
  return { world, traffic, sent, names, send, most: () => most };
}

test('recovery traffic: clients at work → one piece after the other, with a rest as long as each, the most urgent first', async (t) => {
  const { world, traffic, sent, names, send, most } = setUp(1, 0);
  traffic.noteClient();
  const all = [send('a', { rank: 2 }), send('misplaced', { rank: 2 }), send('degraded'), send('below min_size', { rank: 0 })];
  await world.until(Promise.all(all));
  t.deepEqual(names(), ['a', 'below min_size', 'degraded', 'misplaced']);
  t.deepEqual(
    sent.map(({ atMs }) => atMs - (sent[0]?.atMs ?? 0)),
    [0, 2 * sendMs, 4 * sendMs, 6 * sendMs],
  );
  t.is(most(), 1);
});

test('recovery traffic: nobody disturbed → no limit; clients gone quiet → those that wait go', async (t) => {
  const { world, traffic, send, most } = setUp(1, 10_000);
  await world.until(Promise.all([send('a'), send('b'), send('c')]));
  t.is(most(), 3);
  traffic.noteClient();
  const from = world.nowMs;
  await world.until(Promise.all(Array.from({ length: 100 }, (_, n) => send(`${n}`))));
  t.true(world.nowMs - from < 3_000, 'at 10,000 bytes/s all of it would take 10 s');
});

test('recovery traffic: clients at work → no more bytes than allowed', async (t) => {
  const { world, traffic, send } = setUp(100, 100_000);
  traffic.noteClient();
  const from = world.nowMs;
  let left = 200;
  const all = Array.from({ length: left }, (_, n) => send(`${n}`).then(() => left--));
  while (left > 0) {
    traffic.noteClient();
    await world.advance(100);
  }
  await Promise.all(all);
  const seconds = (world.nowMs - from) / 1_000;
  t.true(seconds > 1.7 && seconds < 2.5, `200,000 bytes in ${seconds} s`);
});

test('recovery traffic: a client begins to wait for an object → its piece goes at once', async (t) => {
  const { world, traffic, names, send } = setUp(1, 1);
  traffic.noteClient();
  let wanted = false;
  const first = send('first');
  const second = send('second', { isWanted: () => wanted });
  wanted = true;
  traffic.hurry();
  t.deepEqual(names(), ['first']);
  await world.advance(1);
  t.deepEqual(names(), ['first', 'second']);
  await world.until(Promise.all([first, second]));
});

test('recovery traffic: the interval ends → what waits is rejected and nothing stays behind', async (t) => {
  const { world, traffic, names, send } = setUp(1, 0);
  traffic.noteClient();
  const end = new AbortController();
  const first = send('first');
  const late = t.throwsAsync(send('late', { signal: end.signal }), { code: 'ECANCELED' });
  const next = send('next');
  end.abort();
  await late;
  await world.until(Promise.all([first, next]));
  t.deepEqual(names(), ['first', 'next']);
});
