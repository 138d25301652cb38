import test from 'ava';
import { EarlyWrites, type EarlyWrite } from '../../../fuse-client/vfs/early-writes.ts';

function text(views: readonly Uint8Array[]): string {
  return Buffer.concat(views).toString();
}

const old = [Buffer.from('old '), Buffer.from('old ')];

test('early writes: none, or none there → what was read is as it came, uncopied', (t) => {
  const early = new EarlyWrites();
  t.is(early.over(old, 100), old);
  early.begin(108, Buffer.from('new'));
  early.begin(97, Buffer.from('new'));
  t.is(early.over(old, 100), old);
});

test('early writes: some lie over what was read → they are shown, the later over the earlier, and nothing that was read is changed', (t) => {
  const early = new EarlyWrites();
  early.begin(98, Buffer.from('1111'));
  early.begin(101, Buffer.from('22'));
  early.begin(106, Buffer.from('3333'));
  t.is(text(early.over(old, 100)), '122 ol33');
  t.is(text(old), 'old old ');
});

test('early writes: one ends → it is shown no more', (t) => {
  const early = new EarlyWrites();
  const write = early.begin(100, Buffer.from('new'));
  early.end(write);
  t.is(early.over(old, 100), old);
});

test('early writes: a read asks the OSDs while one waits → it is shown that one, though it ends meanwhile and its memory is used again', (t) => {
  const early = new EarlyWrites();
  const bytes = Buffer.from('new');
  const write = early.begin(100, bytes);
  const look = early.beginLook();
  write.isSent = true;
  early.end(write);
  bytes.fill('x');
  early.endLook(look);
  t.is(text(early.over(old, 100, look)), 'new old ');
});

test('early writes: somebody reads past the pages where some are shown → waits for those, not for others, nor for later ones', async (t) => {
  const early = new EarlyWrites();
  const [first, second, beside] = [100, 102, 110].map((offset) => early.begin(offset, Buffer.from('new'))) as [
    EarlyWrite,
    EarlyWrite,
    EarlyWrite,
  ];
  t.is(early.done(105, 110), undefined);
  t.is(early.done(0, 100), undefined);
  let done = false;
  const waiting = early.done(99, 104)?.then(() => (done = true));
  early.begin(101, Buffer.from('later'));
  for (const write of [beside, second]) {
    early.end(write);
    await Promise.resolve();
    t.false(done);
  }
  early.end(first);
  await waiting;
  t.true(done);
});

test('early writes: a read asks the OSDs after one was sent → what they say holds, as others may have written since', (t) => {
  const early = new EarlyWrites();
  early.begin(100, Buffer.from('new')).isSent = true;
  t.is(early.over(old, 100, early.beginLook()), old);
});

test('early writes: one comes while a read is under way → it is shown that one', (t) => {
  const early = new EarlyWrites();
  const look = early.beginLook();
  early.begin(100, Buffer.from('new'));
  t.is(text(early.over(old, 100, look)), 'new old ');
  early.endLook(look);
  early.begin(104, Buffer.from('later'));
  t.is(text(early.over(old, 100, look)), 'new old ');
});
