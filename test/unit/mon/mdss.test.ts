import test from 'ava';
import { instanceId } from '../../../common/maps/ids.ts';
import type { FsScrubStatus } from '../../../common/wire/gen/messages.ts';
import { emptyStatus } from '../../../mds/background/scrub.ts';
import { Harness, plainBeacon } from './harness.ts';

test('rank: the first to register → gets it, and goes through its states as it reports', (t) => {
  const h = Harness.withFilesystem();
  t.is(h.mds('a', 'standby').leaseMs, 1_900);
  t.deepEqual(h.mdss(), ['mds.a: replay 0']);
  h.mds('b', 'standby');
  h.mds('a', 'standby');
  h.mds('a', 'replay');
  t.deepEqual(h.mdss(), ['mds.a: replay 0', 'mds.b: standby -1']);
  h.mds('a', 'reconnect');
  t.deepEqual(h.mdss(), ['mds.a: reconnect 0', 'mds.b: standby -1']);
  h.mds('a', 'active');
  h.mds('b', 'active');
  h.mds('a', 'replay');
  t.deepEqual(h.mdss(), ['mds.a: active 0', 'mds.b: standby-replay 0']);
});

test('following: several standbys → one follows the rank that is served, and takes it over; the next follows then', (t) => {
  const h = Harness.withFilesystem();
  for (const name of ['a', 'c', 'b']) h.mds(name, 'standby');
  t.deepEqual(h.mdss(), ['mds.a: replay 0', 'mds.b: standby -1', 'mds.c: standby -1']);
  h.mds('a', 'active');
  t.deepEqual(h.mdss(), ['mds.a: active 0', 'mds.b: standby-replay 0', 'mds.c: standby -1']);
  h.mds('b', 'standby-replay');
  h.mds('b', 'active');
  t.deepEqual(h.mdss(), ['mds.a: active 0', 'mds.b: standby-replay 0', 'mds.c: standby -1'], 'it has not been given the rank');
  h.mdsGone('a');
  t.deepEqual(h.mdss(), ['mds.b: replay 0', 'mds.c: standby -1']);
  h.mds('b', 'standby-replay');
  t.deepEqual(h.mdss(), ['mds.b: replay 0', 'mds.c: standby -1'], 'said before it knew');
  h.mds('b', 'active');
  t.deepEqual(h.mdss(), ['mds.b: active 0', 'mds.c: standby-replay 0']);
  h.mds('a', 'standby', 2);
  h.mdsGone('c');
  t.deepEqual(h.mdss(), ['mds.a: standby-replay 0', 'mds.b: active 0']);
});

test('following: the holder and its follower are gone together → the next standby', (t) => {
  const h = Harness.withFilesystem();
  for (const name of ['a', 'b', 'c']) h.mds(name, 'standby');
  h.mds('a', 'active');
  h.pass(1_000);
  h.mds('c', 'standby');
  h.pass(1_000);
  t.deepEqual(h.mdss(), ['mds.c: replay 0']);
});

test('replay: how far it is → in the status while it lasts', (t) => {
  const h = Harness.withFilesystem();
  h.mds('a', 'standby');
  h.mds('a', 'replay', 1, { replayedBytes: 300, journalBytes: 1_000 });
  t.deepEqual(h.status().mds[0]?.replay, { readBytes: 300, totalBytes: 1_000 });
  h.mds('a', 'active');
  t.is(h.status().mds[0]?.replay, null);
});

test('rank: registered before the filesystem exists → gets it when that is made', (t) => {
  const h = Harness.withPool(3);
  h.mds('a', 'standby');
  t.deepEqual(h.mdss(), ['mds.a: standby -1']);
  h.command('pool create', { name: 'm' });
  h.command('fs new', { name: 'fs', metadataPool: 'm', dataPool: 'p' });
  t.deepEqual(h.mdss(), ['mds.a: replay 0']);
});

test('lease: the holder is silent → blocklisted, and a standby takes over, in one epoch', (t) => {
  const h = Harness.withFilesystem();
  h.mds('a', 'standby');
  h.mds('a', 'active');
  const { instance } = h.map.mdss.values().next().value as { instance: number };
  h.mds('b', 'standby');
  h.pass(1_999);
  h.mds('b', 'standby');
  const before = h.map.epoch;
  h.pass(1);
  t.is(Number(h.map.epoch), before + 1);
  t.deepEqual(h.mdss(), ['mds.b: replay 0']);
  t.true(h.map.blocklist.has(instanceId(instance)));
  t.throws(() => h.mds('a', 'active'), { code: 'ESHUTDOWN' });
});

test('restart: a new life of the holder → takes the rank over, the old life is blocklisted', (t) => {
  const h = Harness.withFilesystem();
  h.mds('a', 'standby', 1);
  h.mds('a', 'reconnect', 1);
  const { instance } = h.map.mdss.values().next().value as { instance: number };
  h.mds('b', 'standby');
  h.mds('a', 'standby', 2);
  t.deepEqual(h.mdss(), ['mds.a: replay 0', 'mds.b: standby -1']);
  t.true(h.map.blocklist.has(instanceId(instance)));
  t.throws(() => h.mds('a', 'active', 1), { code: 'ESHUTDOWN' });
});

test('restart: a new life of the holder, which another follows → that one takes the rank over', (t) => {
  const h = Harness.withFilesystem();
  h.mds('a', 'standby', 1);
  h.mds('a', 'active', 1);
  h.mds('b', 'standby');
  h.mds('a', 'standby', 2);
  t.deepEqual(h.mdss(), ['mds.a: standby -1', 'mds.b: replay 0']);
  t.throws(() => h.mds('a', 'active', 1), { code: 'ESHUTDOWN' });
});

test('gone: its process is gone → the rank is free at once', (t) => {
  const h = Harness.withFilesystem();
  h.mds('a', 'standby');
  const mds = h.map.mdss.values().next().value;
  if (!mds) return t.fail('no MDS');
  h.core.mdsGone(mds.name, instanceId(mds.instance + 1), h.now);
  t.deepEqual(h.mdss(), ['mds.a: replay 0']);
  h.core.mdsGone(mds.name, mds.instance, h.now);
  h.seal();
  t.deepEqual(h.mdss(), []);
  t.is(h.status().health.checks['MDS_ALL_DOWN']?.severity, 'HEALTH_ERR');
});

test('stopping: leaves cleanly → the next takes over, nobody is blocklisted', (t) => {
  const h = Harness.withFilesystem();
  h.mds('a', 'standby');
  h.mds('a', 'active');
  h.mds('b', 'standby');
  t.is(h.mds('a', 'stopping').leaseMs, 0);
  t.deepEqual(h.mdss(), ['mds.b: replay 0']);
  t.is(h.map.blocklist.size, 0);
});

test('ranks: more are wanted → a standby takes each, or who followed another; health says which have none', (t) => {
  const h = Harness.withFilesystem();
  for (const name of ['a', 'b']) h.mds(name, 'standby');
  h.mds('a', 'active');
  t.deepEqual(h.mdss(), ['mds.a: active 0', 'mds.b: standby-replay 0']);
  t.like(h.command('fs set', { maxMds: 2 }), { maxMds: 2 });
  t.deepEqual(h.mdss(), ['mds.a: active 0', 'mds.b: replay 1']);
  h.mds('b', 'active');
  h.mds('c', 'standby');
  t.deepEqual(h.mdss(), ['mds.a: active 0', 'mds.b: active 1', 'mds.c: standby-replay 0']);
  h.mdsGone('b');
  t.deepEqual(h.mdss(), ['mds.a: active 0', 'mds.c: replay 1'], 'who follows is needed more elsewhere');
  h.mdsGone('c');
  t.regex(h.status().health.checks.MDS_ALL_DOWN?.summary ?? '', /no MDS for rank 1/);
  h.mds('d', 'standby');
  h.mds('d', 'active');
  h.mds('e', 'standby');
  h.mdsGone('a');
  t.deepEqual(h.mdss(), ['mds.d: active 1', 'mds.e: replay 0'], 'who follows takes the rank that it followed, no other is moved');
});

/** What the map says of the filesystem's ranks. */
function ranksOf(h: Harness): string {
  const [filesystem] = h.map.filesystems;
  return filesystem === undefined ? 'none' : `${filesystem.ranks} of ${filesystem.maxMds}${filesystem.stopping ? ', stopping' : ''}`;
}

function withRanks(count: number): Harness {
  const h = Harness.withFilesystem();
  h.command('fs set', { maxMds: count });
  for (let rank = 0; rank < count; rank++) {
    const name = String.fromCharCode(97 + rank);
    h.mds(name, 'standby');
    h.mds(name, 'active');
  }
  return h;
}

test('ranks: fewer are wanted → the last stops, then the one before it; each is taken out when its holder has resigned', (t) => {
  const h = withRanks(3);
  h.mds('x', 'standby');
  h.mds('y', 'standby');
  h.mds('z', 'standby');
  t.is(ranksOf(h), '3 of 3');
  h.command('fs set', { maxMds: 1 });
  t.is(ranksOf(h), '3 of 1, stopping');
  t.like(h.status().filesystems[0], { ranks: 3, maxMds: 1, stopping: { rank: 2, waitsFor: '' } });
  h.mds('c', 'active', 1, { trouble: 'a file that is locked' });
  t.is(h.status().filesystems[0]?.stopping?.waitsFor, 'a file that is locked');
  t.is(h.status().health.checks.MDS_ALL_DOWN, undefined);
  for (const other of ['a', 'b', 'z']) h.mds(other, 'resigned');
  t.is(ranksOf(h), '3 of 1, stopping', 'none of these has it');
  t.is(h.mds('c', 'resigned').leaseMs, 0);
  t.is(ranksOf(h), '2 of 1, stopping', 'the next');
  t.deepEqual(
    h.mdss().filter((line) => line.endsWith(' 2')),
    [],
    'who followed it does so no more',
  );
  h.mds('c', 'resigned');
  t.is(ranksOf(h), '2 of 1, stopping', 'said twice');
  h.mds('b', 'resigned');
  t.is(ranksOf(h), '1 of 1');
  t.is(h.map.blocklist.size, 0);
  h.mds('c', 'standby', 2);
  h.command('fs set', { maxMds: 2 });
  t.is(ranksOf(h), '2 of 2', 'its number is used again');
});

test('ranks: the one that stops loses its MDS → another takes it over, and goes on stopping', (t) => {
  const h = withRanks(2);
  h.command('fs set', { maxMds: 1 });
  h.mdsGone('b');
  t.is(ranksOf(h), '2 of 1, stopping');
  t.regex(h.status().health.checks.MDS_ALL_DOWN?.summary ?? '', /no MDS for rank 1/);
  t.is(h.status().filesystems[0]?.stopping?.waitsFor, 'an MDS that holds it');
  h.mds('c', 'standby');
  t.deepEqual(h.mdss(), ['mds.a: active 0', 'mds.c: replay 1']);
  h.mds('c', 'active');
  h.mds('c', 'resigned');
  t.is(ranksOf(h), '1 of 1');
});

test('ranks: more are wanted again while one stops → it stops first; then there are as many as are wanted', (t) => {
  const h = withRanks(2);
  h.command('fs set', { maxMds: 1 });
  h.command('fs set', { maxMds: 3 });
  t.is(ranksOf(h), '2 of 3, stopping');
  h.mds('c', 'standby');
  t.deepEqual(h.mdss(), ['mds.a: active 0', 'mds.b: active 1', 'mds.c: standby-replay 0']);
  h.mds('b', 'resigned');
  t.is(ranksOf(h), '2 of 3');
  t.deepEqual(h.mdss(), ['mds.a: active 0', 'mds.c: replay 1']);
});

test('ranks: fewer than are wanted, but no fewer than there are → none has to stop', (t) => {
  const h = withRanks(1);
  h.command('fs set', { maxMds: 3 });
  t.is(ranksOf(h), '1 of 3');
  h.command('fs set', { maxMds: 1 });
  t.is(ranksOf(h), '1 of 1');
});

test('ranks: fewer while a scrub runs → refused; a scrub while one stops → not before it has', (t) => {
  const h = withRanks(2);
  h.command('fs scrub start');
  for (const name of ['a', 'b']) h.mds(name, 'active', 1, { scrub: { ...emptyStatus, state: 'running', began: 1, order: 1 } });
  t.throws(() => h.command('fs set', { maxMds: 1 }), { code: 'EBUSY', message: /scrub is running/ });
  for (const name of ['a', 'b']) h.mds(name, 'active', 1, { scrub: { ...emptyStatus, state: 'done', began: 1, order: 1, endedMs: 5 } });
  h.command('fs set', { maxMds: 1 });
  t.throws(() => h.command('fs scrub start'), { code: 'EAGAIN', message: /rank 1 is stopping/ });
});

test('ranks: fewer while a scrub has been ordered that not all have heard of → who has begun ends it; when the rank has gone too (seed 32)', (t) => {
  const h = withRanks(2);
  const { order } = h.command('fs scrub start') as { readonly order: number };
  const running = { ...emptyStatus, state: 'running', began: order, order, ranks: 2 };
  h.command('fs set', { maxMds: 1 });
  t.is(h.mds('b', 'active').scrubOrder, null);
  t.like(h.mds('a', 'active', 1, { scrub: running }), { scrubOrder: null, scrubTurn: { began: order } });
  t.regex(h.mds('a', 'active', 1, { scrub: running }).scrubTurn?.over ?? '', /rank 1 is stopping/);
  h.mds('b', 'resigned');
  t.regex(h.mds('a', 'active', 1, { scrub: running }).scrubTurn?.over ?? '', /there are 1 ranks since, not 2/);
  t.is(h.mds('a', 'active', 1, { scrub: { ...running, ranks: 1 } }).scrubTurn, null);
});

test('ranks: none, or too many → refused; no scrub before all are served', (t) => {
  const h = Harness.withFilesystem();
  t.throws(() => h.command('fs set', { maxMds: 0 }), { code: 'EINVAL' });
  t.throws(() => h.command('fs set', { maxMds: 17 }), { code: 'EINVAL' });
  h.mds('a', 'standby');
  h.mds('a', 'active');
  h.command('fs set', { maxMds: 3 });
  t.throws(() => h.command('fs scrub start'), { code: 'EAGAIN', message: /no MDS holds rank 1/ });
});

test('beacon: no MDS, no state → refused', (t) => {
  const h = Harness.withFilesystem();
  t.throws(() => h.core.mdsBeacon({ ...plainBeacon, name: 'osd.1' }, h.now), { code: 'EINVAL' });
  t.throws(() => h.mds('a', 'dancing'), { code: 'EINVAL' });
});

test('blocklist: its time is over → the entry goes', (t) => {
  const h = Harness.withFilesystem();
  t.is((h.command('blocklist add', { instance: 7, seconds: 2 }) as { epoch: number }).epoch, h.map.epoch);
  t.true(h.map.blocklist.has(instanceId(7)));
  const { epoch } = h.map;
  t.is((h.command('blocklist add', { instance: 7, seconds: 1 }) as { epoch: number }).epoch, epoch, 'already there: the epoch is known');
  h.pass(1_999);
  t.true(h.map.blocklist.has(instanceId(7)));
  h.pass(1);
  t.false(h.map.blocklist.has(instanceId(7)));
});

test('damaged: its rank cannot begin → it keeps it, health says what is damaged; a new life begins anew', (t) => {
  const h = Harness.withFilesystem();
  h.mds('a', 'standby');
  h.mds('a', 'damaged', 1, { trouble: 'journal segment 3 is damaged at byte 64' });
  h.mds('b', 'standby');
  t.deepEqual(h.mdss(), ['mds.a: damaged 0', 'mds.b: standby -1']);
  const check = h.status().health.checks.MDS_DAMAGED;
  t.is(check?.severity, 'HEALTH_ERR');
  t.deepEqual(check?.detail, ['mds.a: journal segment 3 is damaged at byte 64']);
  t.throws(() => h.command('fs scrub start'), { code: 'EAGAIN', message: /mds\.a is in damaged/ });
  h.mds('a', 'standby', 2);
  t.deepEqual(h.mdss(), ['mds.a: replay 0', 'mds.b: standby -1']);
});

test('damage: places that an MDS tells of → HEALTH_ERR with their paths, until it does not any more', (t) => {
  const h = Harness.withFilesystem();
  h.mds('a', 'standby');
  const damage = [{ path: '/a/b', ino: 7, object: '7.00000000', what: 'its checksum does not match' }];
  h.mds('a', 'active', 1, { damageCount: 3, damage });
  const { health } = h.status();
  t.is(health.status, 'HEALTH_ERR');
  t.deepEqual(health.checks.FS_DAMAGED?.detail, ['/a/b: its checksum does not match', 'and 2 more']);
  t.deepEqual(h.command('fs damage ls'), { count: 3, damage });
  h.mds('a', 'active');
  t.is(h.status().health.checks.FS_DAMAGED, undefined);
});

test('scrub: an order → with every answer to the beacon of the rank’s holder, until it has reported it', (t) => {
  const h = Harness.withFilesystem();
  t.throws(() => h.command('fs scrub start'), { code: 'EAGAIN' });
  h.mds('a', 'standby');
  h.mds('a', 'active');
  h.mds('b', 'standby');
  const { order } = h.command('fs scrub start', { path: '/a', repair: true }) as { readonly order: number };
  const expected = { id: order, action: 'start', path: '/a', repair: true, ranks: 1 };
  t.deepEqual(h.mds('a', 'active').scrubOrder, expected);
  t.is(h.mds('b', 'standby').scrubOrder, null);
  t.deepEqual(h.mds('a', 'active').scrubOrder, expected);
  const scrub: FsScrubStatus = { ...emptyStatus, state: 'running', path: '/a', repair: true, order };
  t.is(h.mds('a', 'active', 1, { scrub }).scrubOrder, null);
  t.is(h.status().scrub?.state, 'running');
  t.throws(() => h.command('fs scrub start'), { code: 'EBUSY' });
  t.throws(() => h.command('fs scrub start', { path: 'a' }), { code: 'EINVAL' });
  const stop = h.command('fs scrub stop') as { readonly order: number };
  t.true(stop.order > order);
  t.is(h.mds('a', 'active', 1, { scrub }).scrubOrder?.action, 'stop');
  t.is(h.mds('a', 'active', 1, { scrub: { ...scrub, state: 'stopped', order: stop.order } }).scrubOrder, null);
  h.mds('a', 'stopping');
  h.mds('b', 'active');
  t.is(h.status().scrub, null);
});

/** Ranks 0 and 1, with `a` and `b`, and a scrub that has been ordered. */
function withScrub(): { readonly h: Harness; readonly order: number; readonly running: FsScrubStatus } {
  const h = Harness.withFilesystem();
  for (const name of ['a', 'b']) h.mds(name, 'standby');
  h.command('fs set', { maxMds: 2 });
  for (const name of ['a', 'b']) h.mds(name, 'active');
  const { order, mds } = h.command('fs scrub start') as { readonly order: number; readonly mds: string };
  if (mds !== 'mds.a, mds.b') throw new Error(mds);
  return { h, order, running: { ...emptyStatus, state: 'running', order, began: order, startedMs: 5 } };
}

test('scrub: of two ranks → both are told; none is ahead of the other by a stage; one report of both', (t) => {
  const { h, order, running } = withScrub();
  t.like(h.mds('a', 'active').scrubOrder, { id: order, ranks: 2 });
  t.like(h.mds('a', 'active', 1, { scrub: running }), { scrubOrder: null, scrubTurn: { began: order, stage: 0, over: '' } });
  t.is((h.command('fs scrub status') as { readonly order: number }).order, order, 'one has not begun');
  t.like(h.mds('b', 'active').scrubOrder, { id: order, ranks: 2 });
  const ended = { ...running, stage: 1, directories: 3, errors: 1, findings: ['/a: wrong'] };
  t.like(h.mds('a', 'active', 1, { scrub: ended }).scrubTurn, { stage: 0, over: '' });
  t.like(h.mds('b', 'active', 1, { scrub: { ...running, stage: 1, directories: 2 } }).scrubTurn, { stage: 1, over: '' });
  t.like(h.mds('a', 'active', 1, { scrub: ended }).scrubTurn, { stage: 1, over: '' });
  t.like(h.status().scrub, { state: 'running', order, stage: 1, directories: 5, errors: 1, findings: ['/a: wrong'], endedMs: 0 });
  const done = { ...running, state: 'done', stage: 2, endedMs: 90, directories: 3 };
  t.is(h.mds('a', 'active', 1, { scrub: done }).scrubTurn, null);
  t.like(h.mds('b', 'active', 1, { scrub: { ...running, stage: 2 } }).scrubTurn, { stage: 2, over: '' });
  t.is(h.status().scrub?.endedMs, 0);
  h.mds('b', 'active', 1, { scrub: { ...done, endedMs: 95, errors: 2, trouble: 'no luck', state: 'failed' } });
  t.like(h.status().scrub, { state: 'failed', endedMs: 95, errors: 2, trouble: 'rank 1: no luck' });
});

test('scrub: of two ranks, one of which is taken over → the other hears that it is over, and why', (t) => {
  const { h, running } = withScrub();
  h.mds('a', 'active', 1, { scrub: running });
  h.mds('b', 'active', 1, { scrub: running });
  h.mds('c', 'standby');
  h.mdsGone('b');
  t.regex(h.mds('a', 'active', 1, { scrub: running }).scrubTurn?.over ?? '', /rank 1 is another MDS's since \(mds.c\)/);
  h.mds('a', 'active', 1, { scrub: { ...running, state: 'stopped', endedMs: 9, trouble: 'over' } });
  t.like(h.status().scrub, { state: 'stopped', order: 0, trouble: 'rank 0: over' });
});

test('scrub: a mon that knows nothing of one rank yet → the other waits', (t) => {
  const { h, running } = withScrub();
  for (const name of ['a', 'b']) h.mds(name, 'active', 1, { scrub: { ...running, stage: 1 } });
  h.restart();
  t.like(h.mds('a', 'active', 1, { scrub: { ...running, stage: 1 } }).scrubTurn, { stage: 0, over: '' });
  h.mds('b', 'active', 1, { scrub: { ...running, stage: 1 } });
  t.like(h.mds('a', 'active', 1, { scrub: { ...running, stage: 1 } }).scrubTurn, { stage: 1, over: '' });
});
