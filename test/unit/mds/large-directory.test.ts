import test from 'ava';
import { FileType } from '../../../mds/client/file-mode.ts';
import type { MdsConfig } from '../../../mds/config.ts';
import type { ObjectOperation } from '../../../osd/client/object-client.ts';
import { bytes, recordOf, RankFixture } from '../../support/mds-rank.ts';

/** Everything that has a size is a hundredth of what it is in production: 10,000 names stand for a million. */
const config: Partial<MdsConfig> = {
  fragmentSplitNames: 100,
  cacheEntriesMax: 1_500,
  journalSegmentBytes: 64 * 1024,
  journalSegments: 2,
  writeBackIntervalMs: 20,
  inoRange: 100_000,
};
/** Names that the client keeps the caps of. */
const heldMax = 500;
const windowNames = 1_000;

/** What names were made with, for each. */
interface Cost {
  /** Operations on objects. */
  readonly operations: number;
  readonly bytesWritten: number;
  readonly namesRead: number;
}

class Meter {
  bytesWritten = 0;
  readonly before = (_object: string, operations: readonly ObjectOperation[]): void => {
    for (const operation of operations) {
      if (operation.kind === 'write') for (const piece of operation.data) this.bytesWritten += piece.length;
      if (operation.kind === 'omap-set') for (const { key, value } of operation.entries) this.bytesWritten += key.length + value.length;
    }
  };
}

test('large directory: 50 to 10,000 names where a fragment has 100 and memory 1,500 → none costs much more than another, nor than in a small directory', async (t) => {
  const meter = new Meter();
  const mds = await new RankFixture({ config, objects: { before: meter.before } }).start();
  const client = await mds.connect(1);
  const held: { readonly ino: number; readonly seq: number }[] = [];
  let made = 0;
  const grow = async (directory: number, count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const ino = client.nextIno++;
      const { head } = await client.request(
        'create',
        { parent: directory, name: bytes(`name-${made++}`), mode: FileType.regular | 0o644, ino, wanted: 0 },
        // Answers that came are not asked for again: else the session's record grows with each.
        { oldestTid: client.tid + 1 },
      );
      held.push({ ino, seq: head?.grants[0]?.seq ?? 0 });
      if (held.length >= 2 * heldMax) client.release(held.splice(0, heldMax));
      if (made % 20 === 0) await mds.until(mds.world.sleep(10));
    }
  };
  const costOf = async (act: () => Promise<void>): Promise<Cost> => {
    const [operations, bytesWritten] = [mds.client.log.length, meter.bytesWritten];
    const namesRead = mds.client.entriesRead;
    await act();
    return {
      operations: (mds.client.log.length - operations) / windowNames,
      bytesWritten: (meter.bytesWritten - bytesWritten) / windowNames,
      namesRead: (mds.client.entriesRead - namesRead) / windowNames,
    };
  };
  const small = async (): Promise<void> => {
    for (let i = 0; i < windowNames / 50; i++) await grow(recordOf(await client.mkdir(1, `small ${made}`)).ino, 50);
  };
  await small();
  const before = await costOf(small);
  const large = recordOf(await client.mkdir(1, 'large')).ino;
  const costs: Cost[] = [];
  for (let size = 0; size < 10_000; size += windowNames) costs.push(await costOf(() => grow(large, windowNames)));
  for (const { operations, bytesWritten, namesRead } of costs) {
    // Fragments come of larger ones: at any size about half a name is written once more for each that is made, and read where it was not in memory.
    t.true(bytesWritten < 1.4 * before.bytesWritten, `${bytesWritten} bytes a name, ${before.bytesWritten} in small directories`);
    t.true(namesRead < 1, `${namesRead} names read for each that was made`);
    // Each write-back goes to as many objects as there are fragments.
    t.true(operations < 0.5, `${operations} operations a name, ${before.operations} in small directories`);
  }
  t.true(mds.rank.core.cache.names(large).fragments.length > 64);
  t.true(mds.rank.core.cache.size <= 2 * (config.cacheEntriesMax ?? 0), `${mds.rank.core.cache.size} names in memory`);
  await mds.until(mds.rank.stop(true));
});
