/**
 * The network between simulated nodes: delays, partitions (also one-way), resets, refused and timed-out connects.
 * Like TCP it never loses or reorders within a connection: what cannot be delivered waits, or the connection breaks.
 * @module
 */
import { FsError } from '../../errors/fs-error.ts';
import type { Address, Connection, Listener, Network } from '../network.ts';
import { onAbort } from '../on-abort.ts';
import { SimPipe } from './connection.ts';
import type { SimMedium, SimPlace, SimTime } from './parts.ts';
import type { Prng } from './prng.ts';

export interface NetworkFaults {
  /** One way, the fastest. */
  readonly latencyMs: number;
  /** Added, uniform from 0. */
  readonly jitterMs: number;
  /** Share of sends that are delayed by up to `spikeMs` more (a retransmission, a busy switch). */
  readonly spikeProbability: number;
  readonly spikeMs: number;
  /** Share of sends after which the connection breaks, losing what is under way. */
  readonly resetProbability: number;
  /** Bytes per millisecond on one connection. */
  readonly bytesPerMs: number;
  /** Bytes that the kernels take before `bufferedBytes` rises. */
  readonly windowBytes: number;
}

export const calmNetwork: NetworkFaults = {
  latencyMs: 0.1,
  jitterMs: 0.05,
  spikeProbability: 0,
  spikeMs: 0,
  resetProbability: 0,
  bytesPerMs: 1_000_000,
  windowBytes: 256 * 1024,
};

/** What stands in a frame that was given back. */
const spoilt = 0xdb;

interface SimListener {
  readonly node: SimPlace;
  readonly life: number;
  readonly onConnection: (connection: Connection) => void;
}

export class SimFabric implements SimMedium {
  readonly world: SimTime;
  readonly random: Prng;
  faults: NetworkFaults;
  readonly #listeners = new Map<Address, SimListener>();
  /** Who was last at an address, so that a connect to a dead or cut-off machine times out. */
  readonly #owners = new Map<Address, SimPlace>();
  readonly #pipes = new Set<SimPipe>();
  readonly #cuts = new Set<{ readonly from: ReadonlySet<string>; readonly to: ReadonlySet<string> }>();
  /** Frames that their receivers have not given back. */
  readonly #lent = new WeakSet<Uint8Array>();
  #lastPort = 40_000;

  constructor(world: SimTime, faults: Partial<NetworkFaults>) {
    this.world = world;
    this.random = world.fork('network');
    this.faults = { ...calmNetwork, ...faults };
  }

  /** Nothing passes from `from` to `to` (and back, unless `oneWay`) until the returned function is called. */
  partition(from: readonly string[], to: readonly string[], options: { readonly oneWay?: boolean } = {}): () => void {
    const cuts = [{ from: new Set(from), to: new Set(to) }];
    if (options.oneWay !== true) cuts.push({ from: new Set(to), to: new Set(from) });
    for (const cut of cuts) this.#cuts.add(cut);
    return () => {
      for (const cut of cuts) this.#cuts.delete(cut);
      this.#pumpAll();
    };
  }

  /** Ends all partitions. */
  heal(): void {
    this.#cuts.clear();
    this.#pumpAll();
  }

  /** Breaks every connection between the two nodes; what is under way is lost. */
  reset(a: string, b: string): void {
    for (const pipe of [...this.#pipes]) if (pipe.joins(a, b)) pipe.break('connection reset');
  }

  /** Whether bytes from `from` reach `to` now. */
  passes(from: SimPlace, to: SimPlace): boolean {
    if (from === to) return true;
    for (const cut of this.#cuts) if (cut.from.has(from.name) && cut.to.has(to.name)) return false;
    return true;
  }

  delayMs(bytes: number): number {
    const { latencyMs, jitterMs, spikeProbability, spikeMs, bytesPerMs } = this.faults;
    const spike = spikeProbability > 0 && this.random.chance(spikeProbability) ? this.random.float() * spikeMs : 0;
    return latencyMs + this.random.float() * jitterMs + spike + bytes / bytesPerMs;
  }

  /** @internal */
  nodeDied(node: SimPlace): void {
    for (const [address, listener] of this.#listeners) if (listener.node === node) this.#listeners.delete(address);
    for (const pipe of [...this.#pipes]) pipe.nodeDied(node);
  }

  /** @internal */
  networkOf(node: SimPlace, life: number): Network {
    return {
      listen: (address, onConnection) => this.#listen({ node, life, onConnection }, address),
      connect: (address, options) => this.#connect(node, life, address, options),
      giveBack: (frames) => this.#takeBack(node, frames),
    };
  }

  /** @internal */
  delivered(frame: Buffer): void {
    this.#lent.add(frame);
  }

  /** Spoils them, for whoever should look at them after all. */
  #takeBack(node: SimPlace, frames: readonly Uint8Array[]): void {
    for (const frame of frames) {
      if (!this.#lent.delete(frame)) continue;
      for (const pipe of this.#pipes)
        if (pipe.sends(frame)) this.world.fail(new Error(`${node.name} has given back a frame that it is still sending`));
      frame.fill(spoilt);
    }
  }

  #pumpAll(): void {
    for (const pipe of this.#pipes) pipe.pump();
  }

  #listen(listener: SimListener, wanted: Address): Promise<Listener> {
    const [, host, port] = /^(.*):(\d+)$/.exec(wanted) ?? [];
    if (host === undefined) return Promise.reject(new FsError('EINVAL', `"${wanted}" is not an address`));
    const address = port === '0' ? `${host}:${++this.#lastPort}` : wanted;
    if (this.#listeners.has(address))
      return Promise.reject(new FsError('EADDRINUSE', `cannot listen on ${address}: another process listens there`));
    this.#listeners.set(address, listener);
    this.#owners.set(address, listener.node);
    const close = (): Promise<void> => {
      if (this.#listeners.get(address) === listener) this.#listeners.delete(address);
      return Promise.resolve();
    };
    return Promise.resolve({ address, close });
  }

  #connect(
    from: SimPlace,
    life: number,
    address: Address,
    options: { readonly signal?: AbortSignal; readonly timeoutMs: number },
  ): Promise<Connection> {
    return new Promise((resolve, reject) => {
      let settled = false;
      const { signal } = options;
      if (signal?.aborted === true) {
        reject(new FsError('ECANCELED', `connect to ${address}: no longer wanted`, { retry: 'safe' }));
        return;
      }
      const finish = (act: () => void): void => {
        if (settled) return;
        settled = true;
        timer.cancel();
        forget?.();
        act();
      };
      const fail = (code: 'ECONNREFUSED' | 'ETIMEDOUT' | 'ECANCELED', why: string): void =>
        finish(() => reject(new FsError(code, `connect to ${address}: ${why}`, { retry: 'safe' })));
      const timer = from.schedule(
        options.timeoutMs,
        'connect-timeout',
        () => fail('ETIMEDOUT', `no answer within ${options.timeoutMs} ms`),
        life,
      );
      const forget = signal && onAbort(signal, () => fail('ECANCELED', 'no longer wanted'));

      // The request arrives; the answer comes back. A cut or dead machine swallows either.
      this.world.schedule(this.delayMs(0), `${from.name}:syn`, () => {
        const target = this.#listeners.get(address);
        const owner = target?.node ?? this.#owners.get(address);
        if (owner !== undefined && (owner.machineDown || !this.passes(from, owner))) return;
        if (target === undefined) {
          from.schedule(
            this.delayMs(0),
            'refused',
            () => {
              if (owner === undefined || this.passes(owner, from)) fail('ECONNREFUSED', 'nobody listens there');
            },
            life,
          );
          return;
        }
        // Its process accepts (later, when it is stopped), and our end opens when that is heard.
        target.node.schedule(
          0,
          'accept',
          () => {
            if (settled || !from.isLife(life) || this.#listeners.get(address) !== target) return;
            const pipe = new SimPipe(
              this,
              { node: from, life, address: `${from.name}:0` },
              { node: target.node, life: target.life, address },
              (ended) => this.#pipes.delete(ended),
            );
            this.#pipes.add(pipe);
            target.onConnection(pipe.accepted);
            from.schedule(
              this.delayMs(0),
              'connected',
              () => {
                if (settled) pipe.connected.close('no longer wanted');
                else finish(() => resolve(pipe.connected));
              },
              life,
            );
          },
          target.life,
        );
      });
    });
  }
}
