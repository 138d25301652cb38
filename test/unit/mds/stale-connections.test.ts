/** What a client had asked on a connection that is no longer its session's: it asks again on the new one, whatever became of the old request. */
import test from 'ava';
import { toFsError } from '../../../common/errors/fs-error.ts';
import { Cap } from '../../../mds/client/caps.ts';
import { encodeLock, LockOutcome } from '../../../mds/client/lock-wire.ts';
import { LockType, wholeFile } from '../../../mds/client/lock-table.ts';
import { bytes, RankClient, RankFixture, recordOf } from '../../support/mds-rank.ts';

const config = { reconnectMs: 3_000, sessionLeaseMs: 3_000 };

function lockOf(ino: number, type: LockType): ReturnType<typeof encodeLock> {
  return encodeLock({ ino, flock: false, owner: 'process', pid: 1, type, ...wholeFile });
}

test('stale connection: a wait for a lock held back until all are back, asked for again and interrupted → nobody waits any more', async (t) => {
  const first = await new RankFixture({ config }).start();
  const holder = await first.connect(1);
  await first.connect(2);
  const { ino } = recordOf(await holder.create(1, 'file'));
  await first.until(first.rank.stop(true));
  const mds = await new RankFixture({ world: first.world, store: first.store, config }).start();
  const waiter = new RankClient(mds, 2, 'client.2');
  const back = new RankClient(mds, 1, 'client.1');
  await mds.until(waiter.open({ reconnect: true, held: [{ ino, caps: 0, wanted: Cap.fileRead, seq: 1, dirty: null }] }));
  const wait = { lock: lockOf(ino, LockType.write), wait: 7, state: null };
  const unheard = Promise.resolve(waiter.send('lock', wait)).catch((error: unknown) => toFsError(error).code);
  waiter.reconnect();
  await mds.until(waiter.open({ reconnect: true }));
  const asked = waiter.send('lock', wait);
  const cancelled = waiter.send('lockCancel', { wait: 7 });
  await mds.until(back.open({ reconnect: true, locks: [lockOf(ino, LockType.write)] }));
  t.is(await mds.until(unheard), 'ESTALE');
  t.is((await mds.until(Promise.resolve(asked))).outcome, LockOutcome.waiting);
  t.true((await mds.until(Promise.resolve(cancelled))).cancelled);
  t.is(mds.rank.core.fileLocks.size, 1);
  await back.request('lock', { lock: lockOf(ino, LockType.none), state: null });
  t.is(mds.rank.core.fileLocks.size, 0, 'nobody has been given what nobody waits for');
});

test('stale connection: a request waits for a recall while its session goes on elsewhere → nothing is done for it', async (t) => {
  const mds = await new RankFixture({ config }).start();
  const alone = await mds.connect(1);
  const other = await mds.connect(2);
  const reply = await alone.create(1, 'file');
  const { ino } = recordOf(reply);
  const unheard = Promise.resolve(other.send('lock', { lock: lockOf(ino, LockType.write), state: null })).catch(
    (error: unknown) => toFsError(error).code,
  );
  t.is(alone.recalls.length, 1);
  // The MDS has not noticed yet that the old connection is of no use.
  const again = new RankClient(mds, 2, 'client.2');
  await mds.until(again.open({ reconnect: true }));
  const [recall] = alone.recalls;
  await mds.until(alone.capUpdate({ ino, caps: recall?.keep ?? 0, seq: recall?.seq ?? 0 }));
  t.is(await mds.until(unheard), 'ESTALE');
  t.is(mds.rank.core.fileLocks.size, 0);
  const { found } = await again.request('lookup', { parent: 1, name: bytes('file') });
  t.true(found);
});
