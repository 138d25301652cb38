/**
 * A program for fabric.test.ts: plugs two machines together and prints, as JSON, which datagrams arrive.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fabric } from './fabric.ts';
import { enterOwnNamespaces } from './own-namespaces.ts';

/** What the kernel has not delivered by then was lost. */
const lostMs = 300;

await enterOwnNamespaces();
const fabric = new Fabric();
for (const name of ['a', 'b']) fabric.add(name);

function on(machine: string, script: string): string {
  return execFileSync('nsenter', [...fabric.on(machine).slice(1), 'bash', '-c', script], { encoding: 'utf8' });
}

/** Datagrams that have come to a machine; nobody listens there. */
function arrivals(machine: string): number {
  const [names, values] = on(machine, 'grep ^Udp: /proc/self/net/snmp').split('\n') as [string, string];
  return Number(values.split(' ')[names.split(' ').indexOf('NoPorts')]);
}

async function arrives(from: string, to: string): Promise<boolean> {
  const before = arrivals(to);
  on(from, `echo > /dev/udp/${fabric.address(to)}/5000`);
  const deadline = performance.now() + lostMs;
  while (arrivals(to) === before) {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

async function bothWays(): Promise<readonly boolean[]> {
  return [await arrives('a', 'b'), await arrives('b', 'a')];
}

const found: Record<string, readonly boolean[]> = { whole: await bothWays() };
const mendOneWay = fabric.cut(['a'], ['b'], { oneWay: true });
found['one way'] = await bothWays();
const mendBothWays = fabric.cut(['b'], ['a'], { oneWay: false });
found['both ways'] = await bothWays();
mendBothWays();
found['one way again'] = await bothWays();
mendOneWay();
const quicken = fabric.slow('a', { kilobitPerSecond: 1_000, queueMs: 50 });
found['slow'] = await bothWays();
quicken();
console.log(JSON.stringify(found));
process.exit(0);
