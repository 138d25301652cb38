/**
 * Memory and processor time of processes, from /proc.
 * @module
 */
import { readFileSync } from 'node:fs';

export interface Usage {
  readonly name: string;
  /** Resident now, MiB. */
  readonly residentMib: number;
  /** The most that was ever resident, MiB. */
  readonly peakMib: number;
  /** User and system time used, seconds. */
  readonly cpuSeconds: number;
}

const ticksPerSecond = 100;

export function usageOf(name: string, pid: number): Usage {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kib = (field: string): number => Number(new RegExp(`^${field}:\\s+([0-9]+) kB`, 'm').exec(status)?.[1] ?? 0);
  const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return {
    name,
    residentMib: kib('VmRSS') / 1024,
    peakMib: kib('VmHWM') / 1024,
    cpuSeconds: (Number(afterName[11]) + Number(afterName[12])) / ticksPerSecond,
  };
}

export function total(usages: readonly Usage[]): Usage {
  const sum = (of: (usage: Usage) => number): number => usages.reduce((so, usage) => so + of(usage), 0);
  return { name: 'together', residentMib: sum((u) => u.residentMib), peakMib: sum((u) => u.peakMib), cpuSeconds: sum((u) => u.cpuSeconds) };
}
