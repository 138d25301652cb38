/**
 * A network of machines on this one: each has a network namespace with one interface, and a router between them that
 * loses or slows down what it is told to. Only inside namespaces of our own (own-namespaces.ts), which take it away.
 *
 *     mon.a 10.99.0.10 ──┐
 *     osd.0 10.99.0.11 ──┼── router 10.99.0.1: our network namespace, with a rule `blackhole` for each cut
 *     osd.1 10.99.0.12 ──┘
 * @module
 */
import { execFileSync } from 'node:child_process';

const network = '10.99.0';
const router = `${network}.1`;
const firstHost = 10;
const hostsMax = 200;

export class Fabric {
  readonly #hosts = new Map<string, number>();
  readonly #cuts = new Map<string, number>();

  get names(): readonly string[] {
    return [...this.#hosts.keys()];
  }

  /** Plugs a machine in. Returns its address. */
  add(name: string): string {
    const number = firstHost + this.#hosts.size;
    if (number >= firstHost + hostsMax) throw new Error(`more than ${hostsMax} machines`);
    this.#hosts.set(name, number);
    const address = this.address(name);
    const port = `to-${number}`;
    ip('netns', 'add', name);
    ip('link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
    ip('address', 'add', router, 'peer', address, 'dev', port);
    ip('link', 'set', port, 'up');
    ip('-netns', name, 'address', 'add', address, 'peer', router, 'dev', 'eth0');
    for (const device of ['lo', 'eth0']) ip('-netns', name, 'link', 'set', device, 'up');
    ip('-netns', name, 'route', 'add', 'default', 'via', router);
    return address;
  }

  address(name: string): string {
    return `${network}.${this.#number(name)}`;
  }

  /** What to put before a command so that it runs on that machine. */
  on(name: string): readonly string[] {
    this.#number(name);
    return ['nsenter', `--net=/run/netns/${name}`];
  }

  /** Loses, silently, what `from` send to `to`, and the other way round too unless `oneWay`. Returns what ends that. */
  cut(from: readonly string[], to: readonly string[], { oneWay }: { readonly oneWay: boolean }): () => void {
    const pairs = from.flatMap((a) => to.filter((b) => b !== a).map((b) => [a, b] as const));
    const lost = oneWay ? pairs : pairs.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]);
    for (const [a, b] of lost) this.#lose(a, b);
    return once(() => {
      for (const [a, b] of lost) this.#pass(a, b);
    });
  }

  /** Gives a machine's way in and out so little room that it queues up to `queueMs` and loses the rest. */
  slow(name: string, { kilobitPerSecond, queueMs }: { readonly kilobitPerSecond: number; readonly queueMs: number }): () => void {
    const shape = ['root', 'tbf', 'rate', `${kilobitPerSecond}kbit`, 'burst', '32kb', 'latency', `${queueMs}ms`];
    const ends = [
      ['tc', 'qdisc'],
      [...this.on(name), 'tc', 'qdisc'],
    ];
    const devices = [`to-${this.#number(name)}`, 'eth0'];
    ends.forEach((tc, end) => execute([...tc, 'replace', 'dev', devices[end] as string, ...shape]));
    return once(() => ends.forEach((tc, end) => execute([...tc, 'delete', 'dev', devices[end] as string, 'root'])));
  }

  /** Cuts overlap: a pair is whole again when the last of them has ended. */
  #lose(from: string, to: string): void {
    const pair = this.#pair(from, to);
    const count = this.#cuts.get(pair) ?? 0;
    this.#cuts.set(pair, count + 1);
    if (count === 0) ip('rule', 'add', ...pair.split(' '));
  }

  #pass(from: string, to: string): void {
    const pair = this.#pair(from, to);
    const count = (this.#cuts.get(pair) ?? 0) - 1;
    this.#cuts.set(pair, count);
    if (count === 0) ip('rule', 'delete', ...pair.split(' '));
  }

  #pair(from: string, to: string): string {
    return `from ${this.address(from)} to ${this.address(to)} blackhole`;
  }

  #number(name: string): number {
    const number = this.#hosts.get(name);
    if (number === undefined) throw new Error(`no machine ${name}`);
    return number;
  }
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    work();
  };
}

function ip(...args: string[]): void {
  execute(['ip', ...args]);
}

function execute([program, ...args]: readonly string[]): void {
  execFileSync(program as string, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
