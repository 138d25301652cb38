import type {
  GapReport,
  JournalReport,
  RebuildReport,
  RecoverReport,
  RepairAction,
  ResetReport,
  TableReport,
} from '../../mds/client/index.ts';
import { table } from './table.ts';

/** Paths shown to people. */
const pathsShown = 20;

export function renderJournal({ rank, head, segments, gaps, entries, nextSeq, tables, paths, pathsTotal, clients }: JournalReport): string {
  const rows = [
    ['OBJECT', 'BYTES', 'ENTRIES', 'FIRST', 'LAST', ''],
    ...segments.map(({ object, bytes, entries: count, firstSeq, lastSeq, damaged }) => [
      object,
      String(bytes),
      String(count),
      count === 0 ? '-' : String(firstSeq),
      count === 0 ? '-' : String(lastSeq),
      damaged ? 'damaged' : '',
    ]),
  ];
  const shown = paths.slice(-pathsShown);
  return [
    `journal of rank ${rank}: ${entries} entries can be read, the next position is ${nextSeq}, ${clients} clients${head ? '' : '; its head cannot be read'}`,
    ...(segments.length === 0 ? ['no segments'] : [table(rows, { rightFrom: 1, rightTo: 5 })]),
    ...(gaps.length === 0 ? ['nothing of it is damaged'] : ['damaged:', ...gaps.map(gapLine)]),
    ...tables.map((line) => `  ${line}`),
    ...(shown.length === 0 ? [] : [`changed, the last ${shown.length} of ${pathsTotal} names:`, ...shown.map((path) => `  ${path}`)]),
  ].join('\n');
}

export function renderRecovery(report: RecoverReport): string {
  const { entries, gaps, stale, staleTotal, gathered, orphans, settled, unsettled, unwritten } = report;
  return [
    `${entries} entries were applied to the directories and tables`,
    ...(gaps.length === 0 ? ['nothing was passed over'] : ['passed over:', ...gaps.map(gapLine)]),
    ...some('names taken away, of inodes that are somewhere else, or gone:', stale, staleTotal),
    ...(gathered === 0 ? [] : [`${gathered} directories were given names from objects that they were not known to have`]),
    ...some('directories without an inode, which nacre fs scrub --repair puts into /lost+found:', orphans, orphans.length),
    ...some('between this rank and others, settled as these know it:', settled, settled.length),
    ...some('between this rank and others, not settled:', unsettled, unsettled.length),
    ...some('objects whose changes could not be written:', unwritten, unwritten.length),
    unwritten.length === 0 ? 'next: nacre fs journal reset --yes' : 'mend these objects (nacre pg repair), and recover once more',
  ].join('\n');
}

export function renderReset({ rank, firstSegment, firstSeq, nextIno, fenced, kept, lost }: ResetReport): string {
  return [
    `the journal of rank ${rank} begins anew at position ${firstSeq}, segment ${firstSegment}; inode numbers from ${nextIno.toString(16)} on`,
    clientsLine(fenced),
    ...some('what could not be read is kept in the metadata pool, as', kept, kept.length),
    ...some('could not be kept:', lost, lost.length),
    'next: nacre fs repaired, then nacre fs scrub --repair --wait',
  ].join('\n');
}

export function renderTableReset(action: RepairAction, { fenced, setAside, nextIno }: TableReport): string {
  const what =
    action === 'reset-sessions'
      ? ['the table of sessions is whole', clientsLine(fenced)]
      : [`inode numbers go on from ${nextIno.toString(16)}`];
  return [...what, ...(setAside === 0 ? [] : [`${setAside} records that cannot be read were set aside`]), 'next: nacre fs repaired'].join(
    '\n',
  );
}

export function renderRebuild(report: RebuildReport): string {
  const { dryRun, objects, files, bytes, directories, others, linked, strays, lost, displaced, unreadable, unreadableTotal } = report;
  return [
    `${objects} objects of files were found: ${files} files of ${bytes} bytes${linked === 0 ? '' : `, ${linked} of them with several names`}`,
    `${directories} directories; ${others} symbolic links, empty files and devices`,
    ...(strays === 0 ? [] : [`${strays} files had been deleted: their objects ${dryRun ? 'would go' : 'go'} when the MDS serves`]),
    lost === 0
      ? 'everything has its place'
      : `${lost} ${dryRun ? 'would be' : 'are'} in /lost+found, under their inode number${displaced === 0 ? '' : ` (of ${displaced} something else has the name)`}`,
    ...some('could not be read:', unreadable, unreadableTotal),
    dryRun
      ? 'nothing was changed; next: nacre fs rebuild-metadata --yes'
      : `inode numbers go on from ${report.nextIno.toString(16)}; next: nacre fs repaired, then nacre fs scrub --repair --wait`,
  ].join('\n');
}

function clientsLine(fenced: number): string {
  return fenced === 0
    ? 'no client had a session'
    : `${fenced} clients are refused by the OSDs from now on; they come back by themselves with new sessions`;
}

function gapLine({ object, byte, what, from, to }: GapReport): string {
  const where = byte === null ? object : `${object} at byte ${byte}`;
  const missing =
    to === null
      ? `all from ${from} on that it had`
      : to < from
        ? 'no entry is lost'
        : from === to
          ? `entry ${from}`
          : `entries ${from} to ${to}`;
  return `  ${where}: ${what} (${missing})`;
}

function some(title: string, lines: readonly string[], total: number): string[] {
  if (total === 0) return [];
  return [title, ...lines.map((line) => `  ${line}`), ...(total > lines.length ? [`  and ${total - lines.length} more`] : [])];
}
