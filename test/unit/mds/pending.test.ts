/** What the next life of an MDS has to know though nobody looks for it: when the journal has been trimmed behind it, and the MDS crashes. */
import test, { type ExecutionContext } from 'ava';
import { DirtyField } from '../../../mds/client/caps.ts';
import { dataObject } from '../../../mds/client/data-objects.ts';
import { FileType } from '../../../mds/client/file-mode.ts';
import { bytes, dataPool, RankFixture, recordOf, type RankClient } from '../../support/mds-rank.ts';

const config = { reconnectMs: 1_000, sessionLeaseMs: 1_000, writeBackMs: 100, writeBackIntervalMs: 10, recursiveDelayMs: 3_600_000 };
const quota = 10_000;

/** Until the journal has no entry any more that it has now. */
async function forgets(mds: RankFixture, client: RankClient): Promise<void> {
  await client.flush();
  const { segment } = mds.rank.journal;
  for (let n = 0; mds.rank.journal.firstSegment <= segment; n++) {
    await client.mkdir(1, `other${n}`);
    await mds.until(mds.world.sleep(50));
  }
}

/** The MDS crashes; another life begins, and the client does not come back. */
async function crashes(mds: RankFixture): Promise<RankFixture> {
  await mds.client.stop();
  return await new RankFixture({ config, world: mds.world, store: mds.store }).start();
}

interface Below {
  readonly mds: RankFixture;
  readonly client: RankClient;
  readonly deep: number;
}

/** /quota/between/deep, below a quota. */
async function belowQuota(): Promise<Below> {
  const mds = await new RankFixture({ config }).start();
  const client = await mds.connect(1);
  const top = recordOf(await client.mkdir(1, 'quota')).ino;
  await client.request('setXattr', { ino: top, name: bytes('nacre.quota.max_bytes'), value: bytes(String(quota)) });
  // What is in `top` comes into memory with it.
  const between = recordOf(await client.mkdir(top, 'between')).ino;
  return { mds, client, deep: recordOf(await client.mkdir(between, 'deep')).ino };
}

async function refusesMore(t: ExecutionContext, mds: RankFixture, size: number): Promise<void> {
  const client = await mds.connect(2);
  const top = recordOf(await client.request('lookup', { parent: 1, name: bytes('quota') })).ino;
  const { ino } = recordOf(await client.create(top, 'more'));
  await t.throwsAsync(() => client.request('grow', { ino, size: quota - size + 1 }), { code: 'EDQUOT' });
  await t.notThrowsAsync(() => client.request('grow', { ino, size: quota - size }));
}

test('pending: a count has not risen to the quota when the journal is trimmed, and the MDS crashes → it counts', async (t) => {
  const { mds, client, deep } = await belowQuota();
  const { ino } = recordOf(await client.create(deep, 'file'));
  const dirty = { fields: DirtyField.size | DirtyField.space, size: 9_000, filled: 3, dataEnd: 9_000 };
  await mds.until(client.capUpdate({ ino, caps: 0, dirty, seq: 1 }));
  await forgets(mds, client);
  await refusesMore(t, await crashes(mds), 9_000);
});

test('pending: a file is written to that has lain still since the journal was trimmed, its client and the MDS die → what is there counts', async (t) => {
  const { mds, client, deep } = await belowQuota();
  const { ino } = recordOf(await client.create(deep, 'file', FileType.regular | 0o644, { reach: 4 << 20 }));
  await forgets(mds, client);
  await mds.until(mds.client.operate(dataPool, dataObject(ino, 0), [{ kind: 'write', offset: 0, data: [Buffer.alloc(8_000, 1)] }]));
  await refusesMore(t, await crashes(mds), 8_000);
});
