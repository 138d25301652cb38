import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import test from 'ava';
import { WebSocket } from 'ws';
import { usageOf } from '../../bench/processes.ts';
import { RealCluster, noMountReason } from '../support/real-cluster.ts';

const realTest = noMountReason === undefined ? test : test.skip;
/** A daemon may take so much more memory for connections that come to nothing. */
const growthMibMax = 32;
const rounds = 20;

/** Sends bytes on a fresh TCP connection and waits until the daemon ends it, or for `lingerMs`. */
async function raw(port: number, bytes: Uint8Array, lingerMs: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(bytes);
  await Promise.race([once(socket, 'close'), new Promise((resolve) => setTimeout(resolve, lingerMs))]);
  socket.destroy();
}

/** Sends frames on a WebSocket; resolves when the daemon closes it. */
async function frames(port: number, send: (socket: WebSocket) => void): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  socket.on('error', () => {});
  socket.on('open', () => send(socket));
  await once(socket, 'close');
}

realTest('every port: garbage, oversized and half-open connections → refused with a reason, nothing grows, nobody ends', async (t) => {
  t.timeout(180_000);
  const cluster = new RealCluster();
  t.teardown(() => cluster.remove());
  await cluster.up();
  const { mons, osds, mds } = (await cluster.status()) as unknown as Record<
    'mons' | 'osds' | 'mds',
    { name?: string; id?: number; address: string }[]
  >;
  const daemons = [...mons, ...mds, ...osds].map(({ name, id, address }) => ({
    name: name ?? `osd.${id ?? -1}`,
    port: Number(address.split(':').at(-1)),
  }));
  t.is(daemons.length, 5);
  const pids = daemons.map(({ name }) => cluster.pid(name));
  const before = daemons.map(({ name }) => usageOf(name, cluster.pid(name)).residentMib);

  for (const { port } of daemons) {
    await raw(port, Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), 200);
    await raw(port, Buffer.alloc(0), 50);
    for (let round = 0; round < rounds; round++) {
      await raw(port, randomBytes(4096), 20);
      await frames(port, (socket) => socket.send(randomBytes(1 + round * 100)));
      await frames(port, (socket) => socket.send('text is not spoken here'));
    }
    await frames(port, (socket) => socket.send(Buffer.alloc(64 << 20)));
  }

  t.deepEqual(
    daemons.map(({ name }) => cluster.pid(name)),
    pids,
  );
  t.true(daemons.every(({ name }) => cluster.runs(name)));
  for (const [index, { name }] of daemons.entries()) {
    const growth = usageOf(name, cluster.pid(name)).residentMib - (before[index] ?? 0);
    t.true(growth < growthMibMax, `${name} grew by ${growth.toFixed(0)} MiB`);
    t.regex(readFileSync(join(cluster.data, 'log', `${name}.log`), 'utf8'), /"level":"warn".*(reason|protocol|frame)/, `${name} says why`);
  }
  writeFileSync(join(cluster.mount, 'f'), 'still here');
  t.is(readFileSync(join(cluster.mount, 'f'), 'utf8'), 'still here');
  await cluster.until('health', ({ health }) => health.status === 'HEALTH_OK');
});
