/**
 * What a file costs the MDS's journal. Alone in its file, since it counts what all MDSs of the process write.
 * @module
 */
import test from 'ava';
import { MdsCore } from '../../mds/core/mds-core.ts';
import { tell } from '../support/tell.ts';

const files = 100;

test('journal: files that are made, written, synced and closed one after the other → an entry each for name and size, few more for all reaches', async (t) => {
  const { commit } = MdsCore.prototype;
  let entries = 0;
  MdsCore.prototype.commit = function (changes, mark) {
    entries++;
    return commit.call(this, changes, mark);
  };
  await tell(4, async (cluster) => {
    const { paths } = await cluster.connect('a');
    await paths.mkdir('/d');
    await cluster.world.sleep(1_000);
    const before = entries;
    for (let n = 0; n < files; n++) {
      const file = await paths.open(`/d/${n}`, 'wx');
      await file.write(Buffer.alloc(3_000, 'x'));
      await file.fsync();
      await file.close();
    }
    await cluster.world.sleep(10_000);
    const each = (entries - before) / files;
    t.true(each >= 2 && each < 2.1, `${each} entries for each file`);
  });
});
