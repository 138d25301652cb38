/** Calls of several users on a real mount of a real cluster, and the same on ext4. */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { mounted } from '../support/posix/compare.ts';
import { testAgainstExt4 } from '../support/posix/suite.ts';
import { noMountReason, RealCluster } from '../support/real-cluster.ts';

let cluster: RealCluster | undefined;

testAgainstExt4('posix', {
  reason: noMountReason,
  operations: 1_000,
  seed: 20_261_121,
  async start() {
    cluster = new RealCluster();
    await cluster.up('--osds', '1');
    chmodSync(cluster.home, 0o755);
    const path = join(cluster.mount, 'compared');
    mkdirSync(path);
    return mounted('nacre', path);
  },
  async stop() {
    await cluster?.remove();
  },
});
