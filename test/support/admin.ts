import { WireMessenger } from '../../common/wire/messenger.ts';
import { entityName, instanceId } from '../../common/maps/ids.ts';
import type { SessionInfo } from '../../common/wire/gen/messages.ts';
import { fsid, type SimCluster } from '../sim/cluster.ts';

/** What `nacre mds session` does, from a node of its own. */
export class Admin {
  readonly #messenger: WireMessenger;
  readonly #cluster: SimCluster;

  constructor(cluster: SimCluster) {
    const { env } = cluster.world.node('person');
    this.#cluster = cluster;
    this.#messenger = new WireMessenger(env, { entity: entityName('client', 'person'), instance: instanceId(env.random.id()), fsid });
  }

  async sessions(): Promise<readonly SessionInfo[]> {
    return (await (await this.#link()).request('sessionList', {}, { timeoutMs: 10_000 })).message.sessions;
  }

  async evict(instance: number): Promise<number> {
    return (await (await this.#link()).request('sessionEvict', { instance }, { timeoutMs: 60_000 })).message.epoch;
  }

  async instanceOf(name: string): Promise<number> {
    const session = (await this.sessions()).find((each) => each.name === `client.${name}`);
    if (session === undefined) throw new Error(`client.${name} has no session`);
    return session.instance;
  }

  async #link(): Promise<ReturnType<WireMessenger['link']>> {
    const mds = [...(await this.#cluster.map()).mdss.values()].find(({ state }) => state === 'active');
    if (mds === undefined) throw new Error('no MDS is active');
    return this.#messenger.link(mds.name, mds.address);
  }
}
