/**
 * What the kernel driver costs: round trips answered at once, and throughput, on the memory filesystem with nothing
 * cached by the kernel; with a directory as argument, on what is mounted there.
 * `npx tsx bench/fuse-round-trip.ts [DIR]`
 * @module
 */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { figure, table } from './table.ts';
import { cannotMount, clear, makeMountpoint, startMemoryMount } from '../test/support/mounted-memory.ts';

const rounds = 20_000;
const warmUp = 2_000;
const mebibyte = 1 << 20;
const streamMib = 256;

const [directory] = process.argv.slice(2);
if (directory !== undefined) measure(directory);
else if (cannotMount !== undefined) console.error(`not measured: ${cannotMount}`);
else {
  const mountpoint = makeMountpoint();
  const mount = await startMemoryMount(mountpoint);
  try {
    measure(mountpoint);
  } finally {
    await mount.stop();
    clear(mountpoint);
  }
}

function measure(at: string): void {
  const path = join(at, 'round-trip');
  const block = Buffer.alloc(4096, 1);
  fs.writeFileSync(path, Buffer.alloc(mebibyte));
  const file = fs.openSync(path, 'r+');
  const operations: readonly (readonly [string, (round: number) => void])[] = [
    ['stat of an open file', () => void fs.fstatSync(file)],
    ['stat by name', () => void fs.statSync(path)],
    ['write 4 KiB', (round) => void fs.writeSync(file, block, 0, 4096, (round % 256) * 4096)],
    ['append 256 B', () => void fs.writeSync(file, block, 0, 256, mebibyte)],
    ['look up a missing name', () => void fs.existsSync(`${path}-missing`)],
    ['create and close', (round) => fs.closeSync(fs.openSync(`${path}-${String(round)}`, 'w'))],
    ['unlink', (round) => fs.unlinkSync(`${path}-${String(round)}`)],
  ];
  const rows = operations.map(([name, operation]) => [name, ...latencies(operation)]);
  fs.closeSync(file);
  console.log(table([['µs', 'median', 'p90', 'p99', 'mean'], ...rows]));
  const streams = ['write', 'rewrite', 'read'].map((name) => [name, figure(stream(path, name === 'read'))]);
  console.log(`\n${table([['MiB/s, 1 MiB a call', ''], ...streams])}`);
  fs.unlinkSync(path);
}

function latencies(operation: (round: number) => void): readonly string[] {
  const took = new Float64Array(rounds);
  for (let round = 0; round < warmUp + rounds; round += 1) {
    const startedMs = performance.now();
    operation(round);
    if (round >= warmUp) took[round - warmUp] = (performance.now() - startedMs) * 1000;
  }
  took.sort();
  const at = (share: number): string => figure(took[Math.floor(rounds * share)] ?? 0);
  return [at(0.5), at(0.9), at(0.99), figure(took.reduce((sum, each) => sum + each, 0) / rounds)];
}

function stream(path: string, reading: boolean): number {
  const data = Buffer.alloc(mebibyte, 3);
  if (reading) fs.closeSync(fs.openSync(path, 'r+'));
  const file = fs.openSync(path, reading ? 'r' : 'r+');
  const startedMs = performance.now();
  for (let i = 0; i < streamMib; i += 1) {
    if (reading) fs.readSync(file, data, 0, mebibyte, i * mebibyte);
    else fs.writeSync(file, data, 0, mebibyte, i * mebibyte);
  }
  fs.closeSync(file);
  return streamMib / ((performance.now() - startedMs) / 1000);
}
