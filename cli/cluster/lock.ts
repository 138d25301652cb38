/**
 * One command at a time changes a cluster's processes. The lock is an abstract unix socket named after the
 * directory's identity: the kernel takes it away with the process that holds it, so it can never be stale.
 * @module
 */
import { statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError, codeOf } from '../errors.ts';
import type { Layout } from './layout.ts';

const waitMs = 120_000;
const pollMs = 50;

/** Runs `work` while no other command holds the cluster; waits for its turn. */
export async function withLock<T>(layout: Layout, say: (line: string) => void, work: () => Promise<T>): Promise<T> {
  const { dev, ino } = statSync(layout.dir);
  const server = await acquire(`\0nacre-cluster-${dev}-${ino}`, layout.dir, say);
  try {
    return await work();
  } finally {
    server.close();
  }
}

async function acquire(name: string, dir: string, say: (line: string) => void): Promise<Server> {
  const deadline = performance.now() + waitMs;
  for (let attempt = 0; performance.now() < deadline; attempt++) {
    const server = await tryListen(name);
    if (server !== undefined) return server;
    if (attempt === 0) say(`another nacre command is working on ${dir}: waiting for it`);
    await sleep(pollMs);
  }
  throw new CommandError(`another nacre command has been working on ${dir} for ${waitMs / 1000} s: see what it waits for, or end it`);
}

function tryListen(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => {
      if (codeOf(error) === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(name, () => resolve(server));
    server.unref();
  });
}
