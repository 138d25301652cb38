/**
 * What the wire costs: round trips of small requests and throughput of 1 MiB payloads between two processes
 * over loopback. `npx tsx bench/wire-round-trip.ts` (or `node dist/bench/wire-round-trip.js`).
 * @module
 */
import { fork } from 'node:child_process';
import { entityName, instanceId } from '../common/maps/ids.ts';
import { createNodeEnv } from '../common/runtime/node/env.ts';
import { WireMessenger } from '../common/wire/messenger.ts';
import type { PeerLink } from '../common/wire/session.ts';

const fsid = '00000000-0000-4000-8000-000000000000';
const server = entityName('osd', 0);
const mebibyte = 1024 * 1024;
const roundTrips = 20_000;
const payloads = 2_000;

async function messenger(entity: ReturnType<typeof entityName>, instance: number): Promise<WireMessenger> {
  const env = await createNodeEnv({ log: { name: entity, level: 'warn', file: '' } });
  return new WireMessenger(env, { entity, instance: instanceId(instance), fsid });
}

async function serve(): Promise<void> {
  const end = await messenger(server, 1);
  const data = [Buffer.alloc(mebibyte, 1)];
  end.handle('osdOp', ({ message }) => ({
    message: { epoch: 1, results: [{ payloadFrames: message.pg }] },
    ...(message.pg > 0 ? { payload: data } : {}),
  }));
  process.send?.(await end.listen('127.0.0.1:0'));
}

const smallRequest = {
  epoch: 7,
  pool: 1,
  pg: 0,
  object: '10000000001.00000000',
  instance: 2 ** 52 + 1,
  tid: 12345,
  ops: [{ kind: 1 as const, offset: 4096, length: 4096 }],
  oldestTid: 12340,
};

function report(what: string, count: number, startedMs: number, unitBytes?: number): void {
  const seconds = (performance.now() - startedMs) / 1000;
  const rate =
    unitBytes === undefined
      ? `${((seconds / count) * 1e6).toFixed(1)} µs each, ${Math.round(count / seconds)}/s`
      : `${Math.round((count * unitBytes) / seconds / mebibyte)} MiB/s`;
  console.log(`${what.padEnd(34)} ${rate}`);
}

async function inParallel(depth: number, count: number, one: () => Promise<unknown>): Promise<void> {
  let left = count;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await one();
  };
  await Promise.all(Array.from({ length: depth }, worker));
}

async function measure(link: PeerLink): Promise<void> {
  const small = (): Promise<unknown> => link.request('osdOp', smallRequest, { timeoutMs: 10_000 });
  const readLarge = (): Promise<unknown> => link.request('osdOp', { ...smallRequest, pg: 1 }, { timeoutMs: 10_000 });
  const data = [Buffer.alloc(mebibyte, 2)];
  const writeLarge = (): Promise<unknown> => link.request('osdOp', smallRequest, { timeoutMs: 10_000, payload: data });
  await inParallel(8, roundTrips / 2, small); // warm
  for (const depth of [1, 16]) {
    const started = performance.now();
    await inParallel(depth, roundTrips, small);
    report(`small request, ${depth} at a time`, roundTrips, started);
  }
  for (const [name, one] of [
    ['1 MiB written', writeLarge],
    ['1 MiB read', readLarge],
  ] as const) {
    for (const depth of [1, 4]) {
      await inParallel(depth, 100, one);
      const started = performance.now();
      await inParallel(depth, payloads, one);
      report(`${name}, ${depth} at a time`, payloads, started, mebibyte);
    }
  }
}

if (process.argv[2] === 'serve') await serve();
else {
  const child = fork(import.meta.filename, ['serve']);
  const address = await new Promise<string>((resolve) => child.once('message', (message) => resolve(message as string)));
  const end = await messenger(entityName('client', 'bench'), 2);
  await measure(end.link(server, address));
  await end.stop();
  child.kill();
}
