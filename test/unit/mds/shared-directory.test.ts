import test from 'ava';
import { Cap, SetAttrField as Field } from '../../../mds/client/caps.ts';
import { bytes, RankFixture, recordOf, type RankClient } from '../../support/mds-rank.ts';

/** Two clients, a directory that both know, and a journal that is written when somebody waits for it. `unsafe`: its entries that are not durable. */
async function setUpSlowJournal(): Promise<{ mds: RankFixture; a: RankClient; b: RankClient; unsafe: () => number }> {
  const mds = await new RankFixture({ config: { journalDelayMs: 1_000 } }).start();
  const [a, b] = [await mds.connect(1), await mds.connect(2)];
  for (const each of [a, b])
    each.onRecall = ({ ino, keep, seq }) => mds.env.clock.setTimer(1, () => void each.capUpdate({ ino, caps: keep, seq }));
  for (const name of ['removed', 'renamed']) await a.create(1, name);
  await a.flush();
  return { mds, a, b, unsafe: () => mds.rank.journal.seq - mds.rank.journal.safeSeq };
}

test('shared directory: several change names of one directory → they wait for each other at the same names only', async (t) => {
  const { mds, a, b, unsafe } = await setUpSlowJournal();
  await b.request('unlink', { parent: 1, name: bytes('removed') });
  // That one had to be asked back, and was hurried for it.
  await b.flush();
  await a.create(1, 'a');
  await a.flush();
  await a.create(1, 'of-a');
  t.is(unsafe(), 1);
  const { ino } = recordOf(await b.create(1, 'of-b'));
  t.is(unsafe(), 2);
  await b.request('rename', { parent: 1, name: bytes('renamed'), newParent: 1, newName: bytes('moved') });
  t.is(unsafe(), 3);
  const { seq } = mds.rank.journal;
  await b.request('link', { ino, parent: 1, name: bytes('linked') });
  t.is(unsafe(), 4);
  t.false((await a.request('lookup', { parent: 1, name: bytes('absent') })).found);
  t.is(unsafe(), 4);
  t.false((await a.request('lookup', { parent: 1, name: bytes('renamed') })).found);
  t.true(mds.rank.journal.safeSeq >= seq);
});

test('shared directory: a name that another session has just made or taken away → counts when it is durable', async (t) => {
  const { mds, a, b, unsafe } = await setUpSlowJournal();
  const { journal } = mds.rank;
  const waits = async (act: () => Promise<unknown>, code?: string): Promise<void> => {
    t.true(unsafe() > 0);
    const { seq } = journal;
    await (code === undefined ? t.notThrowsAsync(act) : t.throwsAsync(act, { code }));
    t.true(journal.safeSeq >= seq);
  };
  await a.create(1, 'made');
  await waits(() => b.create(1, 'made'), 'EEXIST');
  await a.request('unlink', { parent: 1, name: bytes('removed') });
  await waits(() => b.create(1, 'removed'));
  await a.create(1, 'again');
  await waits(() => b.request('unlink', { parent: 1, name: bytes('again') }));
  await b.create(1, 'other');
  await waits(() => a.request('readDir', { ino: 1, attributes: false }));
});

test('shared directory: the directory itself has changed, not its names → who makes a name in it waits', async (t) => {
  const { a, b, unsafe } = await setUpSlowJournal();
  await a.request('setAttr', { ino: 1, fields: Field.mode, mode: 0o777 });
  await a.create(1, 'one');
  t.true(unsafe() > 0);
  await b.create(1, 'two');
  t.is(unsafe(), 1);
});

test('shared directory: times of a directory in which another has just made a name → shown at once, and no caps with them', async (t) => {
  const { a, b, unsafe } = await setUpSlowJournal();
  await a.create(1, 'made');
  const { head } = await b.request('getAttr', { ino: 1 });
  t.true(unsafe() > 0);
  const [grant] = head?.grants ?? [];
  t.deepEqual(grant?.inode?.mtime, (await a.request('getAttr', { ino: 1 })).head?.grants[0]?.inode?.mtime);
  t.is(grant?.inode?.entries, 3);
  t.is(grant?.caps, 0);
});

test('shared directory: a directory that one looks at while another changes it again and again → is not given out for a while', async (t) => {
  const { mds, a, b } = await setUpSlowJournal();
  const recalls = (): number => a.recalls.length + b.recalls.length;
  for (let i = 0; i < 3; i++) {
    await b.request('lookup', { parent: 1, name: bytes(`absent${i}`) });
    await a.create(1, `made${i}`);
  }
  const before = recalls();
  for (let i = 0; i < 10; i++) {
    await b.request('lookup', { parent: 1, name: bytes(`absent${i}`) });
    await a.create(1, `more${i}`);
  }
  t.is(recalls(), before);
  await a.flush();
  await mds.until(mds.world.sleep(1_000));
  const { head } = await b.request('lookup', { parent: 1, name: bytes('absent') });
  t.is((head?.grants[0]?.caps ?? 0) & Cap.dirShared, Cap.dirShared);
});
