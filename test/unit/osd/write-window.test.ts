import test from 'ava';
import { osdId } from '../../../common/maps/ids.ts';
import { MemberStream, WriteWindow, type InFlightWrite } from '../../../osd/core/write-window.ts';

function windowOf(...osds: number[]): {
  window: WriteWindow<string>;
  done: string[];
  begin: (counter: number, object: string, to?: readonly number[]) => void;
} {
  const window = new WriteWindow<string>({ bytes: 0 });
  for (const osd of osds) window.members.set(osdId(osd), new MemberStream(osdId(osd), 1));
  const done: string[] = [];
  return {
    window,
    done,
    begin: (counter, object, to = osds) => {
      const write: InFlightWrite<string> = {
        counter,
        object,
        bytes: 10,
        message: '',
        payload: [],
        waiters: [(durable) => done.push(`${counter}${durable ? '' : '?'}`)],
        sendings: to.length,
        acks: 0,
      };
      window.begin(write);
      for (const osd of to) window.members.get(osdId(osd))?.add(write);
    },
  };
}

test('write window: a write completes when the last member has it, in order', (t) => {
  const { window, done, begin } = windowOf(1, 2);
  begin(5, 'a');
  begin(6, 'b');
  window.localDurable(6);
  window.members.get(osdId(1))?.ack(2);
  window.advance();
  t.deepEqual(done, []);
  t.is(window.newestOf('a')?.counter, 5);
  window.members.get(osdId(2))?.ack(1);
  window.advance();
  t.deepEqual(done, ['5']);
  t.is(window.newestOf('a'), undefined);
  window.members.get(osdId(2))?.ack(2);
  window.advance();
  t.deepEqual(done, ['5', '6']);
  t.is(window.bytes, 0);
});

test('write window: acknowledged by all members but not durable here → not complete', (t) => {
  const { window, done, begin } = windowOf(1);
  begin(1, 'a');
  window.members.get(osdId(1))?.ack(1);
  window.advance();
  t.deepEqual(done, []);
  window.localDurable(1);
  t.deepEqual(done, ['1']);
});

test('write window: writes that a recovering member was not sent → do not wait for it', (t) => {
  const { window, done, begin } = windowOf(1, 2);
  begin(1, 'a', [1]);
  begin(2, 'b', [1, 2]);
  begin(3, 'c', [1]);
  window.localDurable(3);
  window.members.get(osdId(1))?.ack(3);
  window.advance();
  t.deepEqual(done, ['1']);
  t.deepEqual(
    [...(window.members.get(osdId(2))?.unacked() ?? [])].map(({ position, write }) => [position, write.counter]),
    [[1, 2]],
  );
  window.members.delete(osdId(2));
  window.advance();
  t.deepEqual(done, ['1', '2', '3']);
});

test('write window: the interval ends → everything in flight is told so', (t) => {
  const { window, done, begin } = windowOf(1);
  begin(1, 'a');
  begin(2, 'a');
  window.abandon();
  t.deepEqual(done, ['1?', '2?']);
  t.is(window.newestOf('a'), undefined);
  t.is(window.size, 0);
});

test('write window: a retry finds the write by its counter while it is in flight', (t) => {
  const { window, begin } = windowOf(1);
  for (let counter = 10; counter < 20; counter++) begin(counter, 'a');
  t.is(window.at(13)?.counter, 13);
  t.is(window.at(9), undefined);
  t.is(window.at(20), undefined);
  window.localDurable(13);
  window.members.get(osdId(1))?.ack(4);
  window.advance();
  t.is(window.at(13), undefined);
  t.is(window.at(14)?.counter, 14);
});
