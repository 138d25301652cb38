/**
 * Results of benchmarks, and two systems' side by side.
 * @module
 */
import { figure, table } from './table.ts';

export interface Row {
  readonly group: string;
  readonly name: string;
  readonly value: number | null;
  readonly unit: string;
  readonly better: 'higher' | 'lower' | '';
  readonly error?: string;
}

/** How many times better `ours` is than `theirs`; undefined where one of them failed. */
export function ratio(ours: Row | undefined, theirs: Row | undefined): number | undefined {
  if (!ours?.value || !theirs?.value) return undefined;
  return ours.better === 'lower' ? theirs.value / ours.value : ours.value / theirs.value;
}

/** A table of them; with the peer's how many times better ours are. */
export function comparison(rows: readonly Row[], peerRows: readonly Row[]): string {
  const peerBy = new Map(peerRows.map((row) => [`${row.group}/${row.name}`, row]));
  return table([
    ['workload', 'nacre', ...(peerRows.length > 0 ? ['peer', 'times better'] : []), 'unit'],
    ...rows.map((row) => {
      const peer = peerBy.get(`${row.group}/${row.name}`);
      const better = ratio(row, peer);
      const shown = (each: Row | undefined): string =>
        each === undefined || each.value === null ? (each?.error ?? 'missing').slice(0, 40) : figure(each.value);
      return [
        row.name,
        shown(row),
        ...(peerRows.length > 0 ? [shown(peer), better === undefined ? '?' : `${better.toFixed(2)}${better < 1 ? ' <' : ''}`] : []),
        row.unit,
      ];
    }),
  ]);
}
