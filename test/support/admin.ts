/**
 * What `nacre mds session` does, from a node of a simulated cluster of its own.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { entityName, instanceId } from '../../common/maps/ids.ts';
import type { SessionInfo } from '../../common/wire/gen/messages.ts';
import { WireMessenger } from '../../common/wire/messenger.ts';
import type { PeerLink } from '../../common/wire/session.ts';
import { fsid, type SimCluster } from '../sim/cluster.ts';

const evictionTimeoutMs = 60_000;

export class Admin {
  readonly #messenger: WireMessenger;
  readonly #cluster: SimCluster;
  #link: PeerLink | undefined;

  constructor(cluster: SimCluster) {
    const { env } = cluster.world.node('person');
    this.#cluster = cluster;
    this.#messenger = new WireMessenger(env, { entity: entityName('client', 'person'), instance: instanceId(env.random.id()), fsid });
  }

  async sessions(): Promise<readonly SessionInfo[]> {
    return (await (await this.#open()).request('sessionList', {}, { timeoutMs: 10_000 })).message.sessions;
  }

  /** Of the client `client.<name>`. FsError ENOENT: it has no session. */
  async instanceOf(name: string): Promise<number> {
    const session = (await this.sessions()).find((each) => each.name === `client.${name}`);
    if (session === undefined) throw new FsError('ENOENT', `client.${name} has no session`);
    return session.instance;
  }

  /** Returns the epoch from which on the OSDs refuse the client. */
  async evict(instance: number): Promise<number> {
    return (await (await this.#open()).request('sessionEvict', { instance }, { timeoutMs: evictionTimeoutMs })).message.epoch;
  }

  async #open(): Promise<PeerLink> {
    const active = [...(await this.#cluster.map()).mdss.values()].find(({ state }) => state === 'active');
    if (active === undefined) throw new FsError('EAGAIN', 'no MDS is active', { retry: 'safe' });
    const { name, address } = active;
    if (this.#link?.entity === name && this.#link.address === address) return this.#link;
    this.#link?.close('another MDS serves');
    this.#link = this.#messenger.link(name, address);
    return this.#link;
  }
}
