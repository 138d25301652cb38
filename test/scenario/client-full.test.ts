/**
 * A filesystem whose disks are full, as its applications see it.
 * @module
 */
import test, { type ExecutionContext } from 'ava';
import type { SimCluster } from '../sim/cluster.ts';
import { Paths } from '../sim/paths.ts';
import { codeOf } from '../support/code-of.ts';
import { tell } from '../support/tell.ts';

const piece = Buffer.alloc(512 * 1024, 7);

/** Writes pieces to a new file until one is refused; how many were durable, and the refusal. */
async function fill(paths: Paths, name: string): Promise<{ pieces: number; code: string; again: string }> {
  const file = await paths.create([name], true);
  let code = '';
  let pieces = 0;
  for (; code === ''; pieces++) {
    const outcome = await codeOf(async () => {
      await file.write(pieces * piece.length, Buffer.from(piece));
      await file.fsync();
    });
    if (outcome !== 'done') code = outcome;
  }
  const again = await codeOf(() => file.fsync());
  await codeOf(() => file.close());
  return { pieces: pieces - 1, code, again };
}

async function story(t: ExecutionContext, cluster: SimCluster): Promise<void> {
  cluster.world.logs.expectError(/data not written: it is lost, fsync or close will report it/);
  const { filesystem, stop } = await cluster.connect('a');
  const paths = new Paths(filesystem);
  const before = await filesystem.statfs(filesystem.root);
  const first = await fill(paths, 'first');
  t.deepEqual([first.code, first.again], ['ENOSPC', 'done'], 'told once');
  t.true(first.pieces > 20, `${first.pieces} pieces`);
  await cluster.world.sleep(3_000);
  const full = await filesystem.statfs(filesystem.root);
  t.true(full.freeBytes < before.freeBytes / 10, `${full.freeBytes} bytes are said to be free, of ${before.freeBytes} before`);
  // Names still go: that is how room is made.
  await paths.makeDirectory(['dir']);
  await paths.rename(['first'], ['dir', 'moved']);
  const content = await paths.readWhole(['dir', 'moved']);
  for (let n = 0; n < first.pieces; n++)
    if (!content.subarray(n * piece.length, (n + 1) * piece.length).equals(piece)) t.fail(`piece ${n} has changed`);
  const { filesystem: other } = await cluster.connect('b');
  const second = await fill(new Paths(other), 'second');
  t.is(second.code, 'ENOSPC');
  await paths.unlink(['dir', 'moved']);
  await paths.unlink(['second']);
  for (let n = 0; (await filesystem.statfs(filesystem.root)).freeBytes < before.freeBytes * 0.97; n++) {
    if (n > 600) throw new Error('the room does not come back');
    await cluster.world.sleep(100);
  }
  const third = await fill(paths, 'third');
  t.true(third.pieces >= first.pieces - 4, `${first.pieces} pieces first, then ${third.pieces}`);
  await stop();
}

test('full disks: write or fsync says ENOSPC, once; names and deletes go on; with room again so do writes', async (t) => {
  await tell(90, (cluster) => story(t, cluster), { sizeBytesMax: 32 * 1024 * 1024, pgNum: 8, size: 3 });
});
