/**
 * The pools and the filesystem of a new cluster.
 * @module
 */
import type { MonClient } from '../../mon/client/mon-client.ts';
import type { ClusterSettings } from './settings.ts';

/** Few enough that three OSDs on one machine carry them lightly, enough to spread load over every OSD. */
const metadataPgs = 16;
const dataPgs = 32;

/** Makes the filesystem `name` and its two pools, each if it is missing. */
export async function createFilesystem(mon: MonClient, settings: ClusterSettings, name: string): Promise<void> {
  if (mon.map.filesystems.some((filesystem) => filesystem.name === name)) return;
  const pools = { metadata: `${name}_metadata`, data: `${name}_data` };
  const known = new Set([...mon.map.pools.values()].map((pool) => pool.name));
  const copies = { size: settings.size, minSize: settings.size > 2 ? settings.size - 1 : 1, failureDomain: 'osd' };
  if (!known.has(pools.metadata)) await mon.command({ prefix: 'pool create', name: pools.metadata, pgNum: metadataPgs, ...copies });
  if (!known.has(pools.data)) await mon.command({ prefix: 'pool create', name: pools.data, pgNum: dataPgs, ...copies });
  await mon.command({ prefix: 'fs new', name, metadataPool: pools.metadata, dataPool: pools.data });
}
