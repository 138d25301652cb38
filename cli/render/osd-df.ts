import type { SpaceReport } from '../../mon/client/reports.ts';
import { bytes } from './status.ts';
import { table } from './table.ts';

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
