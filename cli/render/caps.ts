/**
 * Capabilities and what ranks have in memory, for people.
 * @module
 */
import type { RankReportReply } from '../../common/wire/gen/messages.ts';
import { Cap, type CacheDumps, type Caps, type FoundInode } from '../../mds/client/index.ts';
import { table } from './table.ts';

/** `attrShared,fileRead`; `-` for none. */
export function capNames(caps: Caps): string {
  const names = Object.entries(Cap).flatMap(([name, bit]) => ((caps & bit) === 0 ? [] : [name]));
  return names.join(',') || '-';
}

/** One line for each client that has something of an inode. */
export function renderCaps({ inodes, more }: CacheDumps): string {
  const held = inodes.flatMap((inode) => inode.caps.map((cap) => ({ inode, cap })));
  if (held.length === 0) return 'nobody holds anything there';
  const rows = held.map(({ inode, cap }) => [
    cap.client,
    String(cap.instance),
    inode.path,
    inode.ino.toString(16),
    capNames(cap.issued),
    cap.wanted === 0 ? '-' : capNames(cap.wanted),
    cap.recallMs === 0 ? '-' : `${(cap.recallMs / 1_000).toFixed(1)} s`,
  ]);
  return withMore(
    table([['CLIENT', 'INSTANCE', 'PATH', 'INODE', 'HOLDS', 'OPEN FOR', 'ASKED BACK'], ...rows], { rightFrom: 1, rightTo: 2 }),
    more,
  );
}

/** One line for each inode. */
export function renderDump({ inodes, more }: CacheDumps): string {
  if (inodes.length === 0) return 'nothing of that is in memory';
  const row = ({ ino, path, mode, size, nlink, rank, caps }: FoundInode): string[] => [
    ino.toString(16),
    mode.toString(8),
    String(nlink),
    String(size),
    String(rank),
    String(caps.length),
    path,
  ];
  return withMore(
    table([['INODE', 'MODE', 'LINKS', 'SIZE', 'RANK', 'CLIENTS', 'PATH'], ...inodes.map((inode) => row(inode))], {
      rightFrom: 1,
      rightTo: 6,
    }),
    more,
  );
}

/** One line for each rank. */
export function renderReports(reports: readonly RankReportReply[]): string {
  const head = ['RANK', 'STATE', 'NAMES', 'OF', 'INODES', 'DIRECTORIES', 'CAPS', 'RECALLS', 'SESSIONS', 'UNWRITTEN', 'STRAYS', 'SEGMENTS'];
  const rows = reports.map((each) => [
    String(each.rank),
    each.state,
    ...[each.names, each.namesMax, each.inodes, each.directories, each.caps, each.recalls, each.sessions].map(String),
    ...[each.unwrittenObjects, each.strays, each.journalSegments].map(String),
  ]);
  return table([head, ...rows], { rightFrom: 2, rightTo: 12 });
}

function withMore(text: string, more: boolean): string {
  return more ? `${text}\nand more (--max N)` : text;
}
