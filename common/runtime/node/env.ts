import type { Env } from '../env.ts';
import { NodeClock } from './clock.ts';
import { NodeDisk } from './disk.ts';
import { createLog, type LogOptions } from './log.ts';
import { NodeNetwork } from './network.ts';
import { NodeRandom } from './random.ts';

/** The real Env. A broken invariant anywhere in the process is logged and ends it with code 70 (EX_SOFTWARE). */
export async function createNodeEnv(options: { readonly log: LogOptions }): Promise<Env> {
  const clock = new NodeClock();
  const log = await createLog(clock, options.log);
  const die = (message: string, error: unknown): void => {
    log.error({ err: error }, message);
    process.exit(70);
  };
  process.on('uncaughtException', (error) => die('broken invariant: stopping', error));
  process.on('unhandledRejection', (error) => die('broken invariant (unhandled rejection): stopping', error));
  return {
    clock,
    log,
    random: new NodeRandom(),
    network: new NodeNetwork(),
    disk: new NodeDisk(),
    spawn(name, fn) {
      fn().catch((error: unknown) => die(`broken invariant in ${name}: stopping`, error));
    },
  };
}
