/**
 * What `nacre mds session` and `nacre fs journal` do, from a node of a simulated cluster of its own.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { entityName, instanceId } from '../../common/maps/ids.ts';
import { holdsRank, type MdsInfo } from '../../common/maps/cluster-map.ts';
import type { RankReportReply } from '../../common/wire/gen/messages.ts';
import { WireMessenger } from '../../common/wire/messenger.ts';
import type { PeerLink } from '../../common/wire/session.ts';
import {
  clientSessions,
  dumpCaches,
  evictClient,
  servingMds,
  type CacheDumps,
  type ClientSession,
  type DumpWish,
  type RankAdmin,
  type RepairAction,
  type RepairStatus,
} from '../../mds/client/index.ts';
import { fsid, type SimCluster } from '../sim/cluster.ts';

const evictionTimeoutMs = 60_000;

export class Admin {
  readonly #messenger: WireMessenger;
  readonly #cluster: SimCluster;
  readonly #links = new Map<number, PeerLink>();

  constructor(cluster: SimCluster) {
    const { env } = cluster.world.node('person');
    this.#cluster = cluster;
    this.#messenger = new WireMessenger(env, { entity: entityName('client', 'person'), instance: instanceId(env.random.id()), fsid });
  }

  async sessions(): Promise<readonly ClientSession[]> {
    return clientSessions(await this.#ranks());
  }

  async reports(): Promise<readonly RankReportReply[]> {
    return Promise.all((await this.#ranks()).map((rank) => rank.report()));
  }

  async dump(wish: Partial<DumpWish>): Promise<CacheDumps> {
    return dumpCaches(await this.#ranks(), { path: '', below: false, instance: 0, max: 1_000, ...wish });
  }

  /** Of the client `client.<name>`. FsError ENOENT: it has no session. */
  async instanceOf(name: string): Promise<number> {
    const session = (await this.sessions()).find((each) => each.name === `client.${name}`);
    if (session === undefined) throw new FsError('ENOENT', `client.${name} has no session`);
    return session.instance;
  }

  /** Returns the epoch from which on the OSDs refuse the client. */
  async evict(instance: number): Promise<number> {
    return (await evictClient(await this.#ranks(), instance)).epoch;
  }

  /** Has the MDS that holds a rank repair its journal or tables. Resolves with what came of it; throws what it has failed with. */
  async repair(action: RepairAction, discard = false, rank = 0): Promise<NonNullable<RepairStatus['result']> | undefined> {
    const map = await this.#cluster.map();
    const holder = [...map.mdss.values()].find((mds) => mds.rank === rank && holdsRank(mds));
    if (holder === undefined) throw new FsError('EAGAIN', `no MDS holds rank ${rank}`, { retry: 'safe' });
    const link = this.#open(rank, holder);
    const ask = async (what: RepairAction | ''): Promise<RepairStatus> => {
      const { message } = await link.request('rankRepair', { rank, action: what, discard }, { timeoutMs: 10_000 });
      return JSON.parse(message.status) as RepairStatus;
    };
    let status = await ask(action);
    while (action !== 'start' && status.running) {
      await this.#cluster.world.sleep(50);
      status = await ask('');
    }
    if (status.trouble !== '') throw new FsError('EIO', status.trouble);
    return status.result ?? undefined;
  }

  async #ranks(): Promise<RankAdmin[]> {
    const map = await this.#cluster.map();
    const count = Math.max(...map.filesystems.map(({ ranks }) => ranks));
    return Array.from({ length: count }, (_, rank) => {
      const holder = servingMds(map, rank);
      if (holder === undefined) throw new FsError('EAGAIN', `no MDS serves rank ${rank}`, { retry: 'safe' });
      const link = this.#open(rank, holder);
      return {
        rank,
        list: async () => (await link.request('sessionList', {}, { timeoutMs: 10_000 })).message,
        evict: async (instance) => (await link.request('sessionEvict', { instance }, { timeoutMs: evictionTimeoutMs })).message,
        report: async () => (await link.request('rankReport', {}, { timeoutMs: 10_000 })).message,
        dump: async (request) => (await link.request('cacheDump', request, { timeoutMs: 10_000 })).message,
      };
    });
  }

  #open(rank: number, { name, address }: MdsInfo): PeerLink {
    const known = this.#links.get(rank);
    if (known?.entity === name && known.address === address) return known;
    known?.close('another MDS serves');
    const link = this.#messenger.link(name, address, `rank ${rank}`);
    this.#links.set(rank, link);
    return link;
  }
}
