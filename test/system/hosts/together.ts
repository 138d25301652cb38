/**
 * `node --import=./test/sources.mjs test/system/hosts/together.ts`: what hosts.test.ts runs: programs of several kinds on two mounts at once, each mount and daemon
 * on a machine of its own as far as the network is concerned, while one of the hosts is killed with -9 and comes back. Prints what was
 * wrong, by story. The long version, one story at a time and with the daemons' deaths too, is `npm run hosts`.
 * @module
 */
import { basename } from 'node:path';
import { NetworkCluster } from '../../support/network-cluster.ts';
import { enterOwnNamespaces } from '../../support/own-namespaces.ts';
import { Mounts } from './mounts.ts';
import { Log, Names, Pages } from './stories.ts';

/** Before the death and after it each program does so many things. */
const steps = 2;

const interrupt = await enterOwnNamespaces();
const cluster = new NetworkCluster({ osds: 3, mds: 1 });
const machineOf = (path: string): string => `client.${basename(path)}`;
const mounts = new Mounts(cluster, 2, (path) => cluster.on(machineOf(path), 'mount', path, '--detach'));
try {
  await cluster.upWithoutMount();
  for (const path of mounts.paths) cluster.fabric.add(machineOf(path));
  await mounts.up();
  const stories = [Log, Names, Pages].map((Kind) => new Kind(mounts.paths, Kind.name));
  const progress = (): Promise<unknown> => Promise.all(stories.map((story) => story.progress(steps)));
  for (const story of stories) await story.begin();
  await progress();
  interrupt.throwIfAborted();
  await mounts.killClient(1, stories);
  await progress();
  const wrong = await Promise.all(stories.map(async (story) => [story.constructor.name, await story.end()] as const));
  console.log(JSON.stringify(Object.fromEntries(wrong)));
} finally {
  await mounts.detach();
  await cluster.abandon();
}
process.exit(0);
