/**
 * The mon decides anew at every moment who may act; what it could not use then, it does not keep.
 * @module
 */
import test from 'ava';
import { MonCore } from '../../mon/core/mon-core.ts';
import { OsdCluster } from '../support/osd-cluster.ts';

test.serial('osd: the mon answers a certificate and leaves the member out → it is told again, until the member acts', async (t) => {
  const { certify } = MonCore.prototype;
  const ignored = new Set<string>();
  t.teardown(() => (MonCore.prototype.certify = certify));
  MonCore.prototype.certify = function (request, sender, now) {
    const which = `${request.pg} ${request.interval} ${request.osds.join(' ')}`;
    if (ignored.has(which)) certify.call(this, request, sender, now);
    ignored.add(which);
  };
  await OsdCluster.tell({ seed: 3 }, async (cluster) => {
    const { objects } = await cluster.client('a');
    cluster.crash(1);
    for (let n = 0; n < 20; n++) await objects.operate(cluster.pool, `o${n}`, [{ kind: 'write-full', data: [Buffer.from(`${n}`)] }]);
    await cluster.boot(1);
    await cluster.settle();
    t.true(ignored.size > 0);
    t.deepEqual(await cluster.differences(), []);
  });
});
