/** Programs on two mounts, each on a machine of its own as far as the network is concerned, at the same files: see hosts/. */
import { join } from 'node:path';
import test from 'ava';
import { noNamespacesReason } from '../support/own-namespaces.ts';
import { noMountReason, run } from '../support/real-cluster.ts';
import { sourceFlag } from '../support/source-flag.ts';

const reason = noMountReason ?? noNamespacesReason();
const timeoutMs = 240_000;

if (reason !== undefined) {
  test('hosts: skipped', (t) => {
    t.log(`${reason}: several mounts are not tested`);
    t.pass();
  });
} else {
  test('hosts: one log, the same names and mappings, on two hosts of which one dies → nothing is lost, stale or done twice', async (t) => {
    t.timeout(timeoutMs);
    const { code, stdout, stderr } = await run(process.execPath, [sourceFlag, join(import.meta.dirname, 'hosts/together.ts')], {
      timeoutMs,
    });
    t.is(code, 0, stderr);
    t.deepEqual(JSON.parse(stdout), { Log: [], Names: [], Pages: [] });
  });
}
