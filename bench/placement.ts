/**
 * How much of the data moves when an OSD is added: `node --import=tsx bench/placement.ts` prints it for 3 to 20 OSDs, by our
 * CRUSH over 2,048 PGs, and measured by objects in simulated clusters.
 *
 * With one OSD in each host close to 1/(N+1) moves. An OSD that comes into a host (or a rack) with others makes that one
 * heavier as a whole: it draws data that its other OSDs get a part of. So the share may move up to as many times as the
 * tree has levels below the root at which something existing grew (Weil et al. 2006 on changes of the map): whole hosts are added more cheaply.
 */
import { growthShare, type GrowthShape } from '../test/support/growth-share.ts';
import { OsdCluster } from '../test/support/osd-cluster.ts';
import { table } from './table.ts';

const pgNum = 2_048;
const size = 3;
const shapes: readonly { readonly title: string; readonly shape: GrowthShape }[] = [
  { title: 'a host each', shape: { failureDomain: 'host', osdsPerHost: 1, racks: 0, size, pgNum } },
  { title: 'hosts of 4', shape: { failureDomain: 'osd', osdsPerHost: 4, racks: 0, size, pgNum } },
  { title: '4 racks of hosts', shape: { failureDomain: 'rack', osdsPerHost: 1, racks: 4, size, pgNum } },
];

const percent = (share: number): string => (share * 100).toFixed(1);

const rows: string[][] = [['OSDs', '1/(N+1) %', ...shapes.flatMap(({ title }) => [`${title}: new gets %`, 'moves %', 'of 1/(N+1)'])]];
for (let count = 3; count <= 20; count++) {
  const cells = shapes.map(({ shape }) => growthShare(count, shape));
  rows.push([
    `${count} + 1`,
    percent(1 / (count + 1)),
    ...cells.flatMap(({ toNew, moved, even }) => [percent(toNew), percent(moved), (moved / even).toFixed(2)]),
  ]);
}
process.stdout.write(`${table(rows)}\n\n`);

const measured: string[][] = [['OSDs, a host each', 'objects', '1/(N+1) %', 'copies moved %', 'of 1/(N+1)']];
for (const count of [3, 5, 8]) {
  const { objects, moved } = await measure(count);
  measured.push([`${count} + 1`, String(objects), percent(1 / (count + 1)), percent(moved), (moved * (count + 1)).toFixed(2)]);
}
process.stdout.write(`${table(measured)}\n`);

/** Writes objects, adds an OSD, and looks where copies are that were not there before. */
async function measure(count: number): Promise<{ readonly objects: number; readonly moved: number }> {
  const objects = 2_000;
  const cluster = await OsdCluster.start({ seed: count, osds: count, size, pgNum: 128, osdConfig: { strayCheckMs: 500 } });
  const held = (): Set<string> => {
    const found = new Set<string>();
    for (let id = 0; id < cluster.osdCount; id++) {
      const store = cluster.store(id);
      for (const pg of store.collections()) for (const { name } of store.objects(pg, '', objects)) found.add(`${id} ${pg} ${name}`);
    }
    return found;
  };
  return await cluster.world.until(
    (async () => {
      const { objects: client } = await cluster.client('writer');
      for (let n = 0; n < objects; n++)
        await client.operate(cluster.pool, `object ${n}`, [{ kind: 'write-full', data: [Buffer.alloc(64)] }]);
      await cluster.settle();
      const before = held();
      await cluster.boot(cluster.addOsd());
      await cluster.settle();
      while (held().size > objects * size) await cluster.world.sleep(200);
      const moved = [...held()].filter((copy) => !before.has(copy)).length;
      return { objects, moved: moved / (objects * size) };
    })(),
    { what: 'all data in its place' },
  );
}
