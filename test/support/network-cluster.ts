/**
 * A cluster of real processes, each on a machine of its own as far as the network is concerned (fabric.ts). Only
 * inside namespaces of our own (own-namespaces.ts).
 * @module
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { daemonNames } from '../../cli/cluster/configs.ts';
import { Layout } from '../../cli/cluster/layout.ts';
import { type ClusterSettings, firstOsds, writeSettings } from '../../cli/cluster/settings.ts';
import { type ClusterClient, connectClient } from './cluster-client.ts';
import { Fabric } from './fabric.ts';
import { RealCluster, type Status, nacrePath, run } from './real-cluster.ts';

const monPort = 6789;
/** The machine that mounts. */
export const mountMachine = 'client.mnt';

export interface NetworkClusterOptions {
  readonly osds: number;
  readonly mds: number;
  /** Further lines of configuration, by type of daemon. */
  readonly config?: Readonly<Partial<Record<'mon' | 'osd' | 'mds', string>>>;
}

export class NetworkCluster extends RealCluster {
  readonly fabric = new Fabric();
  readonly settings: ClusterSettings;
  readonly #options: NetworkClusterOptions;
  #client: ClusterClient | undefined;

  constructor(options: NetworkClusterOptions) {
    super();
    this.#options = options;
    const mon = `${this.fabric.add('mon.a')}:${monPort}`;
    this.settings = { fsid: randomUUID(), mon, osds: firstOsds(options.osds), size: 3, mds: options.mds, made: false };
  }

  /** Names of the daemons that the cluster began with. */
  get daemons(): readonly string[] {
    return daemonNames(this.settings);
  }

  /** Ours, from the router: no cut keeps it from anybody. */
  get client(): ClusterClient {
    if (this.#client === undefined) throw new Error('the cluster is not up');
    return this.#client;
  }

  /** Makes and starts the daemons, and mounts. */
  override async up(): Promise<string> {
    const said = await this.upWithoutMount();
    this.fabric.add(mountMachine);
    await this.mountAgain();
    return said;
  }

  /** The mon first, which the others ask. */
  async upWithoutMount(): Promise<string> {
    writeSettings(Layout.forUp(this.data).layout, this.settings);
    for (const name of this.daemons) {
      if (name !== 'mon.a') this.fabric.add(name);
      this.configure(name);
    }
    const others = this.daemons.filter((name) => name !== 'mon.a');
    await this.start('mon.a');
    await Promise.all(others.map((name) => this.start(name)));
    // All of them run: what is left is the filesystem in it.
    const said = await this.ok('up', '--detach');
    this.#client = await connectClient('thrash', this.settings);
    return said;
  }

  /** The MDS that serves, as soon as one does. */
  async activeMds(): Promise<string> {
    const isActive = ({ state }: Status['mds'][number]): boolean => state === 'active';
    const { mds } = await this.until('an active MDS', (status) => status.mds.some(isActive));
    return mds.find(isActive)?.name ?? 'mds.a';
  }

  /** Mounts from a machine of the fabric, or finds it mounted. */
  async mountAgain(): Promise<void> {
    await this.on(mountMachine, 'mount', this.mount, '--detach');
  }

  /** Starts a daemon on its machine; resolves when it serves. */
  async start(name: string): Promise<void> {
    await this.on(name, 'start', name);
  }

  /** Runs a command of ours on a machine of the fabric. */
  async on(machine: string, command: string, ...args: string[]): Promise<string> {
    const [program, ...before] = this.fabric.on(machine) as [string, ...string[]];
    const { code, stdout, stderr } = await run(program, [...before, nacrePath, command, '--data', this.data, ...args]);
    if (code !== 0) throw new Error(`on ${machine}: nacre ${command} ${args.join(' ')} ended with ${String(code)}: ${stderr}${stdout}`);
    return stdout;
  }

  override async status(): Promise<Status> {
    return await this.client.mon.command<Status>({ prefix: 'status' });
  }

  /** Removes everything without asking any daemon: some may not be able to answer. */
  async abandon(): Promise<void> {
    await this.#client?.stop();
    this.kill(...this.names());
    if (this.mounted()) await run('umount', ['-l', this.mount]);
    rmSync(this.home, { recursive: true, force: true });
  }

  /** Where the daemon listens; the rest follows from the cluster's settings. */
  configure(name: string): void {
    const path = Layout.existing(this.data).configPath(name);
    const type = name.slice(0, name.indexOf('.')) as 'mon' | 'osd' | 'mds';
    mkdirSync(dirname(path), { recursive: true });
    const listen = name === 'mon.a' ? this.settings.mon : `${this.fabric.address(name)}:0`;
    writeFileSync(path, `listen = "${listen}"\n${this.#options.config?.[type] ?? ''}\n`);
  }

  /** What a daemon that is down has stored is gone. */
  emptyDisk(name: string): void {
    rmSync(Layout.existing(this.data).dataPath(name), { recursive: true, force: true });
  }

  /** The end of a daemon's log. */
  lastWords(name: string): string {
    return readFileSync(Layout.existing(this.data).logPath(name), 'utf8').split('\n').slice(-8).join('\n');
  }
}
