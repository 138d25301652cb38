/**
 * A client of a real cluster's mon and OSDs, in this process: the map, commands, objects.
 * @module
 */
import { entityName, instanceId } from '../../common/maps/ids.ts';
import { createNodeEnv } from '../../common/runtime/node/env.ts';
import { WireMessenger } from '../../common/wire/messenger.ts';
import { MapFollower } from '../../mon/client/map-follower.ts';
import type { MonClient } from '../../mon/client/mon-client.ts';
import type { ObjectClient } from '../../osd/client/object-client.ts';
import { Objecter } from '../../osd/client/objecter.ts';

const connectMs = 60_000;

export interface ClusterClient {
  readonly mon: MonClient;
  readonly objects: ObjectClient;
  stop(): Promise<void>;
}

/** Connects as `client.NAME`, and resolves with the first map. A broken invariant ends the process. */
export async function connectClient(name: string, cluster: { readonly fsid: string; readonly mon: string }): Promise<ClusterClient> {
  const env = await createNodeEnv({ log: { name: `client.${name}`, level: 'error', file: '' } });
  const messenger = new WireMessenger(env, {
    entity: entityName('client', name),
    instance: instanceId(env.random.id()),
    fsid: cluster.fsid,
  });
  const mon = new MapFollower(env, { messenger, mons: [cluster.mon] });
  const objects = new Objecter(env, { messenger, monClient: mon });
  await mon.start({ timeoutMs: connectMs });
  return {
    mon,
    objects,
    async stop() {
      await objects.stop();
      await mon.stop();
      await messenger.stop();
    },
  };
}
