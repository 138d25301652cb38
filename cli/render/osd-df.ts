import { bytes } from './status.ts';
import { table } from './table.ts';

/** What the mon answers to `osd df`, as far as it is shown. */
export interface SpaceReport {
  readonly osds: readonly {
    readonly id: number;
    readonly host: string;
    readonly up: boolean;
    readonly in: boolean;
    readonly weight: number;
    readonly reweight: number;
    readonly pgs: number;
    readonly totalBytes: number | null;
    readonly usedBytes: number | null;
    readonly freeBytes: number | null;
    readonly storedBytes: number | null;
    readonly usedPercent: number | null;
    readonly variance: number | null;
  }[];
  readonly total: {
    readonly totalBytes: number;
    readonly usedBytes: number;
    readonly freeBytes: number;
    readonly storedBytes: number;
    readonly usedPercent: number;
  };
}

const titles = ['osd', 'host', 'state', 'weight', 'reweight', 'pgs', 'size', 'used', 'free', 'stored', '% used', 'of average'] as const;

/** How full each OSD is, one line each; `-` for what it has not reported. */
export function renderSpace({ osds, total }: SpaceReport): string {
  const size = (count: number | null): string => (count === null ? '-' : bytes(count));
  const number = (value: number | null, digits: number): string => (value === null ? '-' : value.toFixed(digits));
  return table(
    [
      titles,
      ...osds.map((osd) => [
        `osd.${osd.id}`,
        osd.host,
        `${osd.up ? 'up' : 'DOWN'} ${osd.in ? 'in' : 'OUT'}`,
        osd.weight.toFixed(4),
        osd.reweight.toFixed(4),
        String(osd.pgs),
        size(osd.totalBytes),
        size(osd.usedBytes),
        size(osd.freeBytes),
        size(osd.storedBytes),
        number(osd.usedPercent, 1),
        number(osd.variance, 2),
      ]),
      [
        'total',
        '',
        '',
        '',
        '',
        '',
        bytes(total.totalBytes),
        bytes(total.usedBytes),
        bytes(total.freeBytes),
        bytes(total.storedBytes),
        total.usedPercent.toFixed(1),
        '',
      ],
    ],
    { rightFrom: 3 },
  );
}
