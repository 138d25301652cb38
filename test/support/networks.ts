/**
 * Both networks for conformance suites: real sockets on loopback, and the simulated one.
 * @module
 */
import { NodeClock } from '../../common/runtime/node/clock.ts';
import { NodeDisk } from '../../common/runtime/node/disk.ts';
import { NodeNetwork } from '../../common/runtime/node/network.ts';
import { NodeRandom } from '../../common/runtime/node/random.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { Log, LogFields } from '../../common/runtime/log.ts';
import { SimWorld } from '../../common/runtime/sim/world.ts';

export interface LoggedLine {
  readonly level: string;
  readonly fields: LogFields;
  readonly message: string;
}

/** Two machines on one network. */
export interface TwoEnds {
  readonly a: Env;
  readonly b: Env;
  /** What each has logged. */
  logOf(env: Env): readonly LoggedLine[];
  /** Address to listen on, with a free port. */
  listenAddress: string;
  sleep(ms: number): Promise<void>;
  /** Resolves when `condition` holds; rejects when it does not within many seconds. */
  eventually(condition: () => boolean): Promise<void>;
}

async function poll(condition: () => boolean, sleep: (ms: number) => Promise<void>): Promise<void> {
  for (let tries = 0; !condition(); tries += 1) {
    if (tries > 4_000) throw new Error(`it never came true: ${condition.toString()}`);
    await sleep(5);
  }
}

export interface NetworkUnderTest {
  readonly name: string;
  run(body: (ends: TwoEnds) => Promise<void>): Promise<void>;
}

/** A log that keeps its lines. */
export function memoryLog(lines: LoggedLine[], bound: LogFields = {}): Log {
  const at = (level: string) => (fields: LogFields, message: string) => {
    lines.push({ level, fields: { ...bound, ...fields }, message });
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => memoryLog(lines, { ...bound, ...fields }),
  };
}

/** A real Env whose log is kept and whose broken invariants reject `failed`. */
export function realEnv(
  lines: LoggedLine[],
  onFailure: (error: unknown) => void = (error) => {
    throw error;
  },
): Env {
  return {
    clock: new NodeClock(),
    random: new NodeRandom(),
    network: new NodeNetwork(),
    disk: new NodeDisk(),
    log: memoryLog(lines),
    spawn: (_name, fn) => {
      fn().catch(onFailure);
    },
  };
}

const realNetwork: NetworkUnderTest = {
  name: 'sockets',
  async run(body) {
    const lines = new Map<Env, LoggedLine[]>();
    const make = (): Env => {
      const kept: LoggedLine[] = [];
      const env = realEnv(kept);
      lines.set(env, kept);
      return env;
    };
    const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    await body({
      a: make(),
      b: make(),
      logOf: (env) => lines.get(env) ?? [],
      listenAddress: '127.0.0.1:0',
      sleep,
      eventually: (condition) => poll(condition, sleep),
    });
  },
};

const simulatedNetwork: NetworkUnderTest = {
  name: 'simulation',
  async run(body) {
    const world = new SimWorld({ seed: 7, logs: { expectedErrors: [/./] } });
    const a = world.node('a').env;
    const b = world.node('b').env;
    const logOf = (env: Env): readonly LoggedLine[] => world.logs.lines.filter((line) => line.node === (env === a ? 'a' : 'b'));
    const sleep = (ms: number): Promise<void> => world.sleep(ms);
    await world.until(body({ a, b, logOf, listenAddress: 'a:0', sleep, eventually: (condition) => poll(condition, sleep) }));
  },
};

export const networks: readonly NetworkUnderTest[] = [realNetwork, simulatedNetwork];
