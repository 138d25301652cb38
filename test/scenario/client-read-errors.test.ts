/**
 * Data that no OSD can read: who asks for it is told, who only comes near it is not, and nobody waits for ever.
 */
import test from 'ava';
import { FsError } from '../../common/errors/fs-error.ts';
import { dataObject } from '../../mds/client/data-objects.ts';
import type { SimCluster } from '../sim/cluster.ts';
import { tell } from '../support/tell.ts';

const objectBytes = 4 << 20;
const pieceBytes = 128 << 10;

/** Damages every copy of the object, at its beginning, while no OSD is up. Returns how many there were. */
async function damageAll(cluster: SimCluster, object: string): Promise<number> {
  let damaged = 0;
  for (const osd of cluster.osdNames) cluster.crash(osd);
  for (const image of cluster.images.values()) for (const pg of image.state.collections.keys()) if (image.corrupt(pg, object, 0)) damaged++;
  await cluster.settle();
  return damaged;
}

test('read: what lies ahead cannot be read on any OSD → what comes before it is read; it is EIO each time, until it is written anew', async (t) => {
  await tell('damaged ahead', async (cluster) => {
    cluster.world.logs.expectError(/a damaged copy cannot be mended/);
    const [writer, reader] = [await cluster.connect('writer'), await cluster.connect('reader')];
    const content = Buffer.alloc(3 * objectBytes, 'content');
    await writer.paths.writeFile('/file', content);
    const file = await writer.paths.open('/file', 'r+');
    await file.fsync();
    await file.close();
    const { ino } = await writer.paths.stat('/file');
    await writer.stop();
    t.is(await damageAll(cluster, dataObject(ino, 1)), 3);
    const stream = await reader.paths.open('/file');
    for (let at = 0; at < objectBytes; at += pieceBytes)
      t.true((await stream.read(pieceBytes, at)).equals(content.subarray(at, at + pieceBytes)), `at ${at}`);
    for (let tries = 0; tries < 2; tries++)
      t.is((await t.throwsAsync(stream.read(pieceBytes, objectBytes), { instanceOf: FsError })).code, 'EIO');
    t.true((await stream.read(pieceBytes, 2 * objectBytes)).equals(content.subarray(2 * objectBytes, 2 * objectBytes + pieceBytes)));
    await stream.close();
    const mended = await reader.paths.open('/file', 'r+');
    await mended.write(content.subarray(objectBytes, 2 * objectBytes), objectBytes);
    await mended.fsync();
    await mended.close();
    t.true((await reader.paths.readFile('/file')).equals(content));
  });
});
