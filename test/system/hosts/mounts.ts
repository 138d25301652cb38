import { basename, join } from 'node:path';
import { FuseConnections } from '../../../cli/cluster/fuse-connections.ts';
import { detach, mountAt } from '../../../cli/cluster/mounts.ts';
import type { RealCluster } from '../../support/real-cluster.ts';
import type { Story } from './story.ts';

const daemonBackMs = 1_000;

/** Mounts of a cluster, as on several hosts, and the deaths that programs on them live through. */
export class Mounts {
  readonly paths: readonly string[];
  readonly #cluster: RealCluster;
  readonly #mount: (path: string) => Promise<unknown>;

  /** `mount` mounts the cluster at a path below its home. */
  constructor(cluster: RealCluster, count: number, mount: (path: string) => Promise<unknown>) {
    this.#cluster = cluster;
    this.#mount = mount;
    this.paths = Array.from({ length: count }, (_, host) => join(cluster.home, `host-${host}`));
  }

  async up(): Promise<void> {
    await Promise.all(this.paths.map((path) => this.#mount(path)));
  }

  /** Takes them out of the tree, whether they are served or not. */
  async detach(): Promise<void> {
    for (const path of this.paths) if (this.#cluster.mounted(path)) await detach(path);
  }

  /**
   * kill -9 of a client: its programs fail, and the host comes back with others. The mount is cut off in between, as by whoever mounts there
   * again: the kernel may keep a thread of the client, and with it the connection, while it waits for a page of a program that waits for the client.
   */
  async killClient(host: number, stories: readonly Story[]): Promise<void> {
    const path = this.paths[host] as string;
    for (const story of stories) story.doom(host);
    const connections = await FuseConnections.open(mountAt(path)?.source ?? '', undefined);
    this.#cluster.kill(`client.${basename(path)}`);
    connections.cutOff();
    connections.close();
    await Promise.all(stories.map((story) => story.buried(host)));
    await this.#mount(path);
    for (const story of stories) story.back(host, path);
  }

  /** kill -9 of a daemon, which is started again. */
  async killDaemon(name: string, start: () => Promise<unknown>): Promise<void> {
    this.#cluster.kill(name);
    await new Promise((resolve) => setTimeout(resolve, daemonBackMs));
    await start();
  }
}
